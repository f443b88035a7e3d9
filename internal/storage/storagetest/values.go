package storagetest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/storage"
)

func values(t *testing.T, open func(t *testing.T) storage.Engine) {
	runAll(t, open, []check{
		{"every kind of field", everyKind},
		{"times", times},
		{"nil and empty", nilAndEmpty},
		{"large documents", largeDocuments},
		{"the heaviest document", heaviestDocument},
		{"a heavy list", heavyList},
		{"map keys", mapKeys},
		{"invalid UTF-8", invalidUTF8},
		{"unmarshalable is an error", unmarshalable},
		{"a type that grows", growingType},
		{"text order", textOrder},
		{"int keys", intKeys},
		{"absent keys", absentKeys},
		{"time and bool keys", timeAndBoolKeys},
		{"strings keys", stringsKeys},
	})
}

// number is a text that sorts as its number does.
func number(i int) string { return fmt.Sprintf("%06d", i) }

// word is a text type of its own, grade writes itself as text, coordinates write themselves as JSON.
type word string

type grade struct{ points int }

// MarshalText implements encoding.TextMarshaler.
func (g grade) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%d points", g.points), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (g *grade) UnmarshalText(b []byte) error {
	_, err := fmt.Sscanf(string(b), "%d points", &g.points)
	return err
}

type coordinates struct{ lat, lng float64 }

// MarshalJSON implements json.Marshaler.
func (c *coordinates) MarshalJSON() ([]byte, error) { return json.Marshal([]float64{c.lat, c.lng}) }

// UnmarshalJSON implements json.Unmarshaler.
func (c *coordinates) UnmarshalJSON(b []byte) error {
	var pair [2]float64
	err := json.Unmarshal(b, &pair)
	c.lat, c.lng = pair[0], pair[1]
	return err
}

type inner struct {
	Text   string     `json:"text"`
	Number *int       `json:"number"`
	At     *time.Time `json:"at"`
	Inner  *inner     `json:"inner,omitempty"`
}

// sample is a document with a field of every supported kind.
type sample struct {
	ID      string `json:"id"`
	Version int64  `json:"version"`

	Text    string            `json:"text"`
	Word    word              `json:"word"`
	Yes     bool              `json:"yes"`
	Int     int               `json:"int"`
	Int64   int64             `json:"int64"`
	Int32   int32             `json:"int32"`
	Int8    int8              `json:"int8"`
	Uint    uint              `json:"uint"`
	Uint32  uint32            `json:"uint32"`
	Float   float64           `json:"float"`
	Small   float32           `json:"small"`
	Length  time.Duration     `json:"length"`
	At      time.Time         `json:"at"`
	AtOrNot *time.Time        `json:"at_or_not"`
	Blob    []byte            `json:"blob"`
	Sum     [32]byte          `json:"sum"`
	Pair    [2]int            `json:"pair"`
	Raw     json.RawMessage   `json:"raw,omitempty"`
	Grade   grade             `json:"grade"`
	Graded  *grade            `json:"graded"`
	Place   coordinates       `json:"place"`
	Places  []coordinates     `json:"places"`
	Inner   inner             `json:"inner"`
	Ptr     *inner            `json:"ptr"`
	List    []inner           `json:"list"`
	Ptrs    []*inner          `json:"ptrs"`
	Texts   []string          `json:"texts"`
	Words   []word            `json:"words,omitempty"`
	Blobs   [][]byte          `json:"blobs"`
	Grid    [][]int64         `json:"grid"`
	Days    []time.Time       `json:"days"`
	ByLang  map[string]string `json:"by_lang"`
	ByWord  map[word][]int    `json:"by_word"`
	ByInt   map[int]inner     `json:"by_int"`
	ByText  map[string]*inner `json:"by_text,omitempty"`
	Skipped string            `json:"-"`
	Quoted  int64             `json:"quoted,string"`
	Zeroed  time.Time         `json:"zeroed,omitzero"`
	hidden  int
}

// Identity implements storage.Document.
func (d *sample) Identity() (string, *int64) { return d.ID, &d.Version }

// Keys implements storage.Document.
func (d *sample) Keys() storage.Keys { return nil }

type samples = storage.Collection[sample, *sample]

func newSamples(t *testing.T, e storage.Engine) *samples {
	t.Helper()
	return collection[sample](t, e, storage.Spec{Name: thingSpec().Name})
}

// millis is an instant as the port promises it back.
func millis(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

func full() *sample {
	at := time.Date(2026, 9, 1, 8, 30, 15, 123e6, time.UTC)
	five := 5
	nested := inner{Text: "Өрт сөндіруші", Number: &five, At: &at, Inner: &inner{Text: "deeper", Inner: &inner{}}}
	return &sample{
		ID: "full", Text: "Әә Ғғ Ққ Ңң Өө Ұұ Үү Һһ Іі — “қ” \u2028 <b>&amp;</b> 😀 \\ \" \n\t", Word: "сөз", Yes: true,
		Int: -1, Int64: math.MaxInt64, Int32: math.MinInt32, Int8: -128, Uint: 1 << 40, Uint32: math.MaxUint32,
		Float: math.MaxFloat64, Small: 0.1, Length: 90 * time.Minute, At: at, AtOrNot: &at,
		Blob: []byte{0, 1, 254, 255}, Sum: [32]byte{1, 31: 255}, Pair: [2]int{3, 4}, Raw: json.RawMessage(`{"a":[1,2.50,null,"қ"]}`),
		Grade: grade{85}, Graded: &grade{90}, Place: coordinates{43.25, 76.95}, Places: []coordinates{{1, 2}, {-3, 4}},
		Inner: nested, Ptr: &nested, List: []inner{nested, {}}, Ptrs: []*inner{nil, &nested},
		Texts: []string{"", "а", ""}, Words: []word{"бір"}, Blobs: [][]byte{{1}, nil, {}}, Grid: [][]int64{{math.MinInt64}, {}, nil},
		Days: []time.Time{at, {}}, ByLang: map[string]string{"kk": "Алматы", "ru": "", "": "none"}, ByWord: map[word][]int{"қ": {1}, "x": nil},
		ByInt: map[int]inner{-1: nested, 10: {}}, ByText: map[string]*inner{"a": nil, "b": &nested}, Quoted: math.MinInt64, hidden: 0,
	}
}

// viaJSON is what JSON makes of a document: every engine brings back the same.
func viaJSON(t *testing.T, d *sample) *sample {
	t.Helper()
	b, err := json.Marshal(d)
	must(t, err)
	out := new(sample)
	must(t, json.Unmarshal(b, out))
	return out
}

// wantSame compares field by field, for readable failures.
func wantSame(t *testing.T, how string, got, want *sample) {
	t.Helper()
	g, w := reflect.ValueOf(got).Elem(), reflect.ValueOf(want).Elem()
	for i := range g.NumField() {
		f := g.Type().Field(i)
		if f.IsExported() && !reflect.DeepEqual(g.Field(i).Interface(), w.Field(i).Interface()) {
			t.Errorf("%s: field %s came back as %#v, want %#v", how, f.Name, g.Field(i).Interface(), w.Field(i).Interface())
		}
	}
}

// stored writes a document in every way and gives what comes back in every way.
func wantRoundTrip(t *testing.T, e storage.Engine, c *samples, d *sample) {
	t.Helper()
	must(t, c.Insert(t.Context(), d))
	got, err := c.Get(t.Context(), d.ID)
	must(t, err)
	wantSame(t, "inserted and got", got, viaJSON(t, d))
	must(t, c.Save(t.Context(), d))
	found, err := c.Find(t.Context(), storage.Query{})
	must(t, err)
	for _, f := range found {
		if f.ID == d.ID {
			wantSame(t, "saved and found", f, viaJSON(t, d))
		}
	}
	must(t, e.Tx(t.Context(), func(ctx context.Context) error {
		fresh := *d
		fresh.ID = d.ID + " made by a lock"
		made, err := c.LockOrNew(ctx, fresh.ID, &fresh)
		if err != nil {
			return err
		}
		want := viaJSON(t, &fresh)
		want.Version = 1
		wantSame(t, "made by a lock", made, want)
		return nil
	}))
}

func everyKind(t *testing.T, e storage.Engine) {
	c := newSamples(t, e)
	wantRoundTrip(t, e, c, full())
	wantRoundTrip(t, e, c, &sample{ID: "zero"})
	extremes := &sample{ID: "extremes", Int64: math.MinInt64, Int: math.MinInt64, Int32: math.MaxInt32, Int8: 127, Uint: math.MaxInt64,
		Float: math.SmallestNonzeroFloat64, Small: math.MaxFloat32, Length: math.MinInt64, Quoted: math.MaxInt64}
	wantRoundTrip(t, e, c, extremes)
	whole := &sample{ID: "whole", Float: 1 << 53, Small: 2, Int64: 1<<53 + 1}
	wantRoundTrip(t, e, c, whole)
}

func times(t *testing.T, e storage.Engine) {
	c := newSamples(t, e)
	zone := time.FixedZone("UTC+5", 5*60*60)
	for name, at := range map[string]time.Time{
		"now":            time.Now(),
		"a zone":         time.Date(2026, 3, 1, 1, 2, 3, 4e6, zone),
		"nanoseconds":    time.Date(2026, 3, 1, 23, 59, 59, 999_999_999, time.UTC),
		"before 1970":    time.Date(1969, 12, 31, 23, 59, 59, 999_400_000, time.UTC),
		"long ago":       time.Date(1, 1, 1, 0, 0, 0, 1e6, time.UTC),
		"far ahead":      time.Date(9999, 12, 31, 23, 59, 59, 999e6, time.UTC),
		"zero":           {},
		"1970":           time.UnixMilli(0),
		"leap february":  time.Date(2028, 2, 29, 12, 0, 0, 0, zone),
		"a whole second": time.Date(2026, 3, 1, 1, 2, 3, 0, time.UTC),
	} {
		d := &sample{ID: name, At: at, AtOrNot: &at, Days: []time.Time{at}, Ptr: &inner{At: &at}}
		must(t, c.Insert(t.Context(), d))
		got, err := c.Get(t.Context(), name)
		must(t, err)
		for where, back := range map[string]time.Time{"field": got.At, "pointer": *got.AtOrNot, "list": got.Days[0], "nested": *got.Ptr.At} {
			if !reflect.DeepEqual(back, millis(at)) {
				t.Errorf("%s in a %s: %v came back as %v, want whole milliseconds in UTC", name, where, at, back)
			}
		}
		if got.At.IsZero() != at.IsZero() {
			t.Errorf("%s: %v came back as %v", name, at, got.At)
		}
	}
}

func nilAndEmpty(t *testing.T, e storage.Engine) {
	c := newSamples(t, e)
	empty := &sample{ID: "empty", Blob: []byte{}, Texts: []string{}, Words: []word{}, List: []inner{}, ByLang: map[string]string{}, ByText: map[string]*inner{}}
	wantRoundTrip(t, e, c, empty)
	got, err := c.Get(t.Context(), "empty")
	must(t, err)
	if got.Blob == nil || got.Texts == nil || got.List == nil || got.ByLang == nil {
		t.Errorf("empty came back as nil: %+v", got)
	}
	if got.Words != nil || got.ByText != nil || got.Ptr != nil || got.Grid != nil || got.Raw != nil {
		t.Errorf("omitted or nil came back as something: %+v", got)
	}
}

func largeDocuments(t *testing.T, e storage.Engine) {
	c := newSamples(t, e)
	blob := make([]byte, 8<<20)
	for i := range blob {
		blob[i] = byte(i * 7)
	}
	must(t, c.Insert(t.Context(), &sample{ID: "a", Blob: blob}))
	must(t, e.Tx(patient(t), func(ctx context.Context) error {
		for _, id := range []string{"b", "c"} {
			if err := c.Insert(ctx, &sample{ID: id, Blob: blob}); err != nil {
				return err
			}
		}
		return nil
	}))
	n := 0
	must(t, c.Each(t.Context(), storage.Query{}, func(d *sample) error {
		n++
		if !bytes.Equal(d.Blob, blob) {
			t.Errorf("8 MB came back as %d other bytes", len(d.Blob))
		}
		return nil
	}))
	if n != 3 {
		t.Errorf("%d documents, want 3", n)
	}
	text := strings.Repeat("қазақ ", 1<<17)
	must(t, c.Insert(t.Context(), &sample{ID: "text", Text: text}))
	got, err := c.Get(t.Context(), "text")
	must(t, err)
	if got.Text != text {
		t.Error("a long text came back changed")
	}
}

func mapKeys(t *testing.T, e storage.Engine) {
	keys := map[string]string{}
	for _, k := range []string{"a.b", ".", "$set", "$", "", "қ", " ", "0", "_id", "a\nb", "__proto__"} {
		keys[k] = k
	}
	wantRoundTrip(t, e, newSamples(t, e), &sample{ID: "keys", ByLang: keys})
}

func invalidUTF8(t *testing.T, e storage.Engine) {
	wantRoundTrip(t, e, newSamples(t, e), &sample{ID: "bad", Text: "a\xff\xfe\xd2z", Texts: []string{"\xc0"}, Blob: []byte("\xff")})
}

// stubborn refuses to be written.
type stubborn struct {
	ID      string   `json:"id"`
	Version int64    `json:"version"`
	Ch      chan int `json:"ch"`
}

// Identity implements storage.Document.
func (d *stubborn) Identity() (string, *int64) { return d.ID, &d.Version }

// Keys implements storage.Document.
func (d *stubborn) Keys() storage.Keys { return nil }

func unmarshalable(t *testing.T, e storage.Engine) {
	c := collection[stubborn](t, e, storage.Spec{Name: thingSpec().Name})
	if err := c.Insert(t.Context(), &stubborn{ID: "a", Ch: make(chan int)}); err == nil {
		t.Error("a channel can be stored")
	}
	if n, err := c.Count(t.Context(), storage.Query{}); n != 0 || err != nil {
		t.Errorf("%d documents, %v", n, err)
	}
}

// slim is thing before it grew.
type slim struct {
	ID      string `json:"id"`
	Version int64  `json:"version"`
	Rank    int32  `json:"rank"` // narrower than what it becomes
	Old     string `json:"old"`  // which thing no longer has
}

// Identity implements storage.Document.
func (d *slim) Identity() (string, *int64) { return d.ID, &d.Version }

// Keys implements storage.Document.
func (d *slim) Keys() storage.Keys { return nil }

func growingType(t *testing.T, e storage.Engine) {
	spec := thingSpec()
	before := collection[slim](t, e, storage.Spec{Name: spec.Name})
	must(t, before.Insert(t.Context(), &slim{ID: "a", Rank: 7, Old: "text"}))
	after := collection[thing](t, e, spec)
	if got := get(t, after, "a"); got.Rank != 7 || got.Note != "" || got.Tags != nil || !got.At.IsZero() {
		t.Errorf("an older document came back as %+v", got)
	}
}

func textOrder(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	texts := []string{"a", "B", "b", "ab", "a b", "a!", "Z", "z", "é", "е", "ё", "Я", "я", "ә", "Қ", "қ", "ұ", "ﬁ", "\uFFFD", "😀", "0", "10", "9", "-", "~", " "}
	for i, text := range texts {
		insert(t, c, &thing{ID: text, Group: text, Rank: int64(i)})
	}
	want := slices.Sorted(slices.Values(texts))
	for _, q := range []storage.Query{{}, storage.Query{}.By("group")} {
		found, err := c.Find(t.Context(), q)
		must(t, err)
		if got := ids(found); !slices.Equal(got, want) {
			t.Errorf("sorted by %q: %q, want bytewise %q", q.Sort, got, want)
		}
	}
	for _, text := range texts {
		at, _ := slices.BinarySearch(want, text)
		wantCount(t, c, int64(at), storage.Lt("group", text))
		wantCount(t, c, int64(len(want)-at), storage.Gte("group", text))
		wantCount(t, c, 1, storage.Eq("group", text))
		wantCount(t, c, 1, storage.In("group", text, "nobody"))
	}
}

func intKeys(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	ranks := []int64{math.MinInt64, math.MinInt64 + 1, -(1<<53 + 1), -1, 0, 1, 1 << 31, 1<<53 + 1, 1<<53 + 2, math.MaxInt64 - 1, math.MaxInt64}
	for i, n := range ranks {
		insert(t, c, &thing{ID: number(i), Rank: n})
	}
	found, err := c.Find(t.Context(), storage.Query{}.By("rank"))
	must(t, err)
	if len(found) != len(ranks) || !slices.IsSortedFunc(found, func(a, b *thing) int { return strings.Compare(a.ID, b.ID) }) {
		t.Errorf("sorted by rank: %v", ids(found))
	}
	for i, n := range ranks {
		wantCount(t, c, 1, storage.Eq("rank", n))
		wantCount(t, c, 1, storage.In("rank", n))
		wantCount(t, c, int64(i), storage.Lt("rank", n))
		wantCount(t, c, int64(i+1), storage.Lte("rank", n))
		wantCount(t, c, int64(len(ranks)-i-1), storage.Gt("rank", n))
		wantCount(t, c, int64(len(ranks)-i), storage.Gte("rank", n))
	}
}

func absentKeys(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	insert(t, c, &thing{ID: "a", Group: "g", Seat: 1, Tags: []string{"x"}}, &thing{ID: "b"}, &thing{ID: "c", Tags: []string{"", ""}})
	wantCount(t, c, 2, storage.Absent("group"))
	wantCount(t, c, 2, storage.Absent("seat"))
	wantCount(t, c, 2, storage.Absent("tags"))
	wantCount(t, c, 3, storage.Absent("at"))
	wantCount(t, c, 0, storage.Absent("rank")) // zero is a value
	wantCount(t, c, 3, storage.Eq("rank", 0))
	wantCount(t, c, 0, storage.Eq("group", ""))
	wantCount(t, c, 0, storage.In("group", "", "h"))
	wantCount(t, c, 1, storage.In("group", "", "g"))
	wantCount(t, c, 0, storage.In[string]("group"))
	wantCount(t, c, 0, storage.Has("tags"))
	wantCount(t, c, 0, storage.Has("tags", ""))
	wantCount(t, c, 0, storage.Lt("group", "a"))
	wantCount(t, c, 1, storage.Gte("group", ""))
	wantCount(t, c, 1, storage.Lt("seat", 9))
	found, err := c.Find(t.Context(), storage.Query{}.By("seat"))
	must(t, err)
	if !slices.Equal(ids(found), []string{"a"}) {
		t.Errorf("sorted by a key that some lack: %v, want a alone", ids(found))
	}
	a := get(t, c, "a")
	a.Group, a.Seat, a.Tags = "", 0, nil
	must(t, c.Save(t.Context(), a))
	wantCount(t, c, 3, storage.Absent("group"), storage.Absent("seat"), storage.Absent("tags"))
}

func timeAndBoolKeys(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	at := time.Date(2026, 9, 1, 8, 0, 0, 5e6, time.UTC)
	insert(t, c, &thing{ID: "a", At: at, Done: true}, &thing{ID: "b", At: at.Add(time.Millisecond)}, &thing{ID: "c", At: at.Add(-24 * time.Hour)}, &thing{ID: "d"})
	zone := time.FixedZone("UTC+5", 5*60*60)
	wantCount(t, c, 1, storage.Eq("at", at.In(zone)))
	wantCount(t, c, 1, storage.Gt("at", at))
	wantCount(t, c, 2, storage.Lte("at", at))
	wantCount(t, c, 1, storage.Absent("at"))
	wantCount(t, c, 1, storage.Eq("done", true))
	wantCount(t, c, 3, storage.Eq("done", false))
	found, err := c.Find(t.Context(), storage.Query{}.ByDesc("at"))
	must(t, err)
	if !slices.Equal(ids(found), []string{"b", "a", "c"}) {
		t.Errorf("newest first: %v", ids(found))
	}
}

func stringsKeys(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	insert(t, c,
		&thing{ID: "a", Group: "g", Tags: []string{"x", "y", "x"}}, &thing{ID: "b", Group: "g", Tags: []string{"y", "қ"}},
		&thing{ID: "c", Tags: []string{"X"}}, &thing{ID: "d"})
	wantCount(t, c, 1, storage.Has("tags", "x"))
	wantCount(t, c, 2, storage.Has("tags", "x", "y", "z"))
	wantCount(t, c, 1, storage.Has("tags", "x"), storage.Has("tags", "y"))
	wantCount(t, c, 0, storage.Has("tags", "x"), storage.Has("tags", "қ"))
	wantCount(t, c, 2, storage.Has("tags", "x", "X"))
	wantCount(t, c, 2, storage.Has("tags", "x", "y"), storage.Eq("group", "g"))
	page, err := c.Page(t.Context(), storage.Where(storage.Has("tags", "x", "y")).Take(1))
	must(t, err)
	if !slices.Equal(ids(page.Items), []string{"a"}) || page.Next.IsZero() {
		t.Errorf("a page of one: %v and %v", ids(page.Items), page.Next)
	}
	if got := get(t, c, "a"); !slices.Equal(got.Tags, []string{"x", "y", "x"}) {
		t.Errorf("the document's own list is %q", got.Tags)
	}
	a := get(t, c, "a")
	a.Tags = []string{"z", "y"}
	must(t, c.Save(t.Context(), a))
	wantCount(t, c, 0, storage.Has("tags", "x"))
	wantCount(t, c, 1, storage.Has("tags", "z"))
	wantCount(t, c, 2, storage.Has("tags", "y"))
}
