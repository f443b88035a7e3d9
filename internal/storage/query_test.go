package storage_test

import (
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

type colour string

func spec() storage.Spec {
	return storage.Spec{Name: "cars", Keys: []storage.Key{
		{Name: "colour"}, {Name: "doors", Kind: storage.Int}, {Name: "built", Kind: storage.Int}, {Name: "tags", Kind: storage.Strings},
	}}
}

func TestNormalise(t *testing.T) {
	at := time.Date(2026, 9, 1, 8, 0, 0, 5_999_999, time.FixedZone("UTC+5", 5*60*60))
	for name, c := range map[string]struct{ in, want storage.Keys }{
		"none":             {nil, storage.Keys{}},
		"text":             {storage.Keys{"colour": "red"}, storage.Keys{"colour": "red"}},
		"text type":        {storage.Keys{"colour": colour("red")}, storage.Keys{"colour": "red"}},
		"empty text":       {storage.Keys{"colour": colour("")}, storage.Keys{}},
		"nil":              {storage.Keys{"colour": nil, "doors": nil, "tags": nil}, storage.Keys{}},
		"numbers":          {storage.Keys{"doors": int8(-3)}, storage.Keys{"doors": int64(-3)}},
		"duration":         {storage.Keys{"doors": time.Second}, storage.Keys{"doors": int64(time.Second)}},
		"zero":             {storage.Keys{"doors": 0}, storage.Keys{"doors": int64(0)}},
		"true":             {storage.Keys{"doors": true}, storage.Keys{"doors": int64(1)}},
		"false":            {storage.Keys{"doors": false}, storage.Keys{"doors": int64(0)}},
		"time":             {storage.Keys{"built": at}, storage.Keys{"built": at.UnixMilli()}},
		"zero time":        {storage.Keys{"built": time.Time{}}, storage.Keys{}},
		"texts":            {storage.Keys{"tags": []colour{"b", "", "a", "b"}}, storage.Keys{"tags": []string{"b", "a"}}},
		"no texts":         {storage.Keys{"tags": []string{}}, storage.Keys{}},
		"only empty texts": {storage.Keys{"tags": []string{"", ""}}, storage.Keys{}},
	} {
		got, err := spec().Normalise(c.in)
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %#v, %v, want %#v", name, got, err, c.want)
		}
	}
}

func TestNormaliseRefuses(t *testing.T) {
	number := 3
	for name, keys := range map[string]storage.Keys{
		"undeclared":     {"wheels": 4},
		"number as text": {"colour": 4},
		"text as number": {"doors": "4"},
		"float":          {"doors": 4.0},
		"unsigned":       {"doors": uint64(math.MaxUint64)},
		"pointer":        {"doors": &number},
		"time as text":   {"colour": time.Now()},
		"text as texts":  {"tags": "a"},
		"texts as text":  {"colour": []string{"a"}},
		"numbers":        {"tags": []int{1}},
	} {
		if got, err := spec().Normalise(keys); err == nil || errs.KindOf(err) != errs.Internal {
			t.Errorf("%s: %v, %v, want an internal error", name, got, err)
		}
	}
}

func TestChecked(t *testing.T) {
	q := storage.Where(storage.Eq("doors", int8(4)), storage.In("colour", colour("red"), ""), storage.Has("tags", "a"), storage.Absent("built"))
	got, err := spec().Checked(q.ByDesc("colour").From(storage.Cursor{Value: "red", ID: "x"}))
	if err != nil {
		t.Fatal(err)
	}
	want := [][]any{{int64(4)}, {"red", ""}, {"a"}, {}}
	for i, cond := range got.Where {
		if !reflect.DeepEqual(cond.Values, want[i]) {
			t.Errorf("condition %d has values %#v, want %#v", i, cond.Values, want[i])
		}
	}
	if !reflect.DeepEqual(q.Where[0].Values, []any{int8(4)}) {
		t.Error("checking changed the caller's query")
	}
}

func TestCheckedRefuses(t *testing.T) {
	for name, q := range map[string]storage.Query{
		"undeclared key":         storage.Where(storage.Eq("wheels", 4)),
		"undeclared sort":        storage.Query{}.By("wheels"),
		"sort by texts":          storage.Query{}.By("tags"),
		"equality of texts":      storage.Where(storage.Eq("tags", "a")),
		"has of a text":          storage.Where(storage.Has("colour", "a")),
		"wrong kind":             storage.Where(storage.Lt("doors", "4")),
		"number against none":    storage.Where(storage.Eq("doors", nil)),
		"number against no time": storage.Where(storage.Gte("built", time.Time{})),
	} {
		if _, err := spec().Checked(q); err == nil || errs.KindOf(err) != errs.Internal {
			t.Errorf("%s: %v, want an internal error", name, err)
		}
	}
	for name, q := range map[string]storage.Query{
		"text for a number": storage.Query{}.By("doors").From(storage.Cursor{Value: "a", ID: "x"}),
		"number for a text": storage.Query{}.By("colour").From(storage.Cursor{Value: int64(1), ID: "x"}),
		"value for the id":  storage.Query{}.From(storage.Cursor{Value: "a", ID: "x"}),
		"no value":          storage.Query{}.By("colour").From(storage.Cursor{ID: "x"}),
		"another type":      storage.Query{}.By("doors").From(storage.Cursor{Value: 1, ID: "x"}),
	} {
		if _, err := spec().Checked(q); !errs.Has(err, "bad_cursor") || errs.KindOf(err) != errs.Invalid {
			t.Errorf("%s: %v, want bad_cursor", name, err)
		}
	}
}

func TestCursorTravels(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := storage.Cursor{ID: rapid.StringN(1, 40, 60).Draw(rt, "id")}
		switch rapid.IntRange(0, 2).Draw(rt, "kind") {
		case 1:
			c.Value = rapid.StringN(-1, 40, 60).Draw(rt, "text")
		case 2:
			c.Value = rapid.Int64().Draw(rt, "number")
		}
		text := c.String()
		if strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			rt.Fatalf("%q doesn't fit a URL as it is", text)
		}
		if len(text) > 2048 {
			rt.Skip("longer than the contract allows")
		}
		back, err := storage.ParseCursor(text)
		if err != nil || back != c {
			rt.Fatalf("%#v came back as %#v, %v", c, back, err)
		}
	})
}

func TestCursorBeginning(t *testing.T) {
	if c, err := storage.ParseCursor(""); err != nil || !c.IsZero() || c.String() != "" {
		t.Errorf("the beginning is %#v, %v, %q", c, err, c.String())
	}
}

func TestParseCursorRefuses(t *testing.T) {
	for _, text := range []string{"!", "e30", "bnVsbA", "W10", "eyJpIjoiIn0", "eyJ0IjoiWVE9PSIsIm4iOjEsImkiOiJ4In0", "eyJuIjoxLjUsImkiOiJ4In0", strings.Repeat("A", 2049)} {
		if c, err := storage.ParseCursor(text); !errs.Has(err, "bad_cursor") || errs.KindOf(err) != errs.Invalid || !c.IsZero() {
			t.Errorf("%q gives %#v, %v, want bad_cursor", text, c, err)
		}
	}
}

// The longest text that a page may end with makes a cursor that is read again, whatever stands in it.
func TestLongestCursor(t *testing.T) {
	for _, sign := range []string{"a", "қ", "ఴ", "\u2028", "<", "\"", "\x01", "\xff"} {
		c := storage.Cursor{ID: "per_01940a3e-5b7c-7000-8000-000000000000", Value: strings.Repeat(sign, storage.MaxSortKey/len(sign))}
		if back, err := storage.ParseCursor(c.String()); err != nil || back != c {
			t.Errorf("%q: %d letters, %v", sign, len(c.String()), err)
		}
	}
}

// FuzzParseCursor reads what strangers send: it is refused as bad_cursor or is a cursor that travels unchanged.
func FuzzParseCursor(f *testing.F) {
	for _, c := range []storage.Cursor{{}, {ID: "x"}, {ID: "x", Value: "қ"}, {ID: "x", Value: int64(-1)}} {
		f.Add(c.String())
	}
	f.Add("e30")
	f.Add("eyJpIjoi\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := storage.ParseCursor(text)
		if err != nil {
			if !errs.Has(err, "bad_cursor") || !c.IsZero() {
				t.Fatalf("refused as %v with %#v", err, c)
			}
			return
		}
		again, err := storage.ParseCursor(c.String())
		if len(c.String()) <= 2048 && (err != nil || again != c) {
			t.Fatalf("%#v came back as %#v, %v", c, again, err)
		}
	})
}
