package storagetest

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/orynda/orynda/internal/storage"
)

// model compares an engine with a slice and a loop, on random documents and random queries.
func model(t *testing.T, open func(t *testing.T) storage.Engine) {
	e := open(t)
	c := newThings(t, e)
	rapid.Check(t, func(rt *rapid.T) {
		docs := rapid.SliceOfNDistinct(randomThing(), 0, 30, func(d *thing) string { return d.ID }).Draw(rt, "documents")
		replaceAll(rt, e, c, docs)
		for range 12 {
			compare(rt, c, docs, randomQuery().Draw(rt, "query"))
		}
		docs = mutate(rt, c, docs)
		for range 6 {
			compare(rt, c, docs, randomQuery().Draw(rt, "query after changes"))
		}
	})
}

// The alphabets are small, so that random queries meet random documents, and hold what engines like to treat in their own way.
func randomText() *rapid.Generator[string] {
	return rapid.SampledFrom([]string{"", "", "a", "A", "b", "aa", "a b", "қ", "Қ", "я", "é", "e\u0301", "😀", "\uFFFD", "%", "a\x00b", "1", "01", "null"})
}

func randomRank() *rapid.Generator[int64] {
	return rapid.OneOf(rapid.Int64Range(-3, 3), rapid.Int64())
}

func randomThing() *rapid.Generator[*thing] {
	return rapid.Custom(func(rt *rapid.T) *thing {
		return &thing{
			ID:    rapid.StringMatching(`[a-cA-Cқ]{1,3}`).Draw(rt, "id"),
			Group: randomText().Draw(rt, "group"),
			Rank:  randomRank().Draw(rt, "rank"),
			Done:  rapid.Bool().Draw(rt, "done"),
			Tags:  rapid.SliceOfN(randomText(), 0, 4).Draw(rt, "tags"),
			Seat:  rapid.Int64Range(0, 3).Draw(rt, "seat"), // absent when zero; no room, so nothing is unique
		}
	})
}

func randomCond() *rapid.Generator[storage.Cond] {
	return rapid.Custom(func(rt *rapid.T) storage.Cond {
		compare := rapid.SampledFrom([]func(string, any) storage.Cond{storage.Eq, storage.Lt, storage.Lte, storage.Gt, storage.Gte})
		switch rapid.IntRange(0, 6).Draw(rt, "kind of condition") {
		case 0:
			return compare.Draw(rt, "op")("group", randomText().Draw(rt, "value"))
		case 1:
			return compare.Draw(rt, "op")(rapid.SampledFrom([]string{"rank", "seat"}).Draw(rt, "key"), randomRank().Draw(rt, "value"))
		case 2:
			return storage.In("group", rapid.SliceOfN(randomText(), 0, 3).Draw(rt, "values")...)
		case 3:
			return storage.In("rank", rapid.SliceOfN(randomRank(), 0, 3).Draw(rt, "values")...)
		case 4:
			return storage.Has("tags", rapid.SliceOfN(randomText(), 0, 3).Draw(rt, "values")...)
		case 5:
			return storage.Eq("done", rapid.Bool().Draw(rt, "value"))
		}
		return storage.Absent(rapid.SampledFrom([]string{"group", "rank", "tags", "seat"}).Draw(rt, "key"))
	})
}

func randomQuery() *rapid.Generator[storage.Query] {
	return rapid.Custom(func(rt *rapid.T) storage.Query {
		q := storage.Query{
			Where: rapid.SliceOfN(randomCond(), 0, 3).Draw(rt, "where"),
			Sort:  rapid.SampledFrom([]string{"", "group", "rank", "seat", "done"}).Draw(rt, "sort"),
			Desc:  rapid.Bool().Draw(rt, "desc"),
			Limit: rapid.IntRange(0, 10).Draw(rt, "limit"),
		}
		if rapid.Bool().Draw(rt, "from a cursor") {
			q.After = randomCursor(rt, q.Sort)
		}
		return q
	})
}

func randomCursor(rt *rapid.T, sort string) storage.Cursor {
	c := storage.Cursor{ID: rapid.StringMatching(`[a-cA-Cқ]{1,3}`).Draw(rt, "cursor id")}
	switch sort {
	case "group":
		c.Value = randomText().Draw(rt, "cursor value")
	case "rank", "seat", "done":
		c.Value = randomRank().Draw(rt, "cursor value")
	}
	return c
}

// replaceAll empties the collection and stores docs, in one transaction.
func replaceAll(rt *rapid.T, e storage.Engine, c *things, docs []*thing) {
	err := e.Tx(context.Background(), func(ctx context.Context) error {
		old, err := c.Find(ctx, storage.Query{})
		if err != nil {
			return err
		}
		for _, d := range old {
			if err := c.Delete(ctx, d.ID); err != nil {
				return err
			}
		}
		for _, d := range docs {
			if err := c.Insert(ctx, d); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		rt.Fatal(err)
	}
}

// mutate saves one document with other keys and deletes another.
func mutate(rt *rapid.T, c *things, docs []*thing) []*thing {
	if len(docs) < 2 {
		return docs
	}
	changed := randomThing().Draw(rt, "changed")
	changed.ID, changed.Version = docs[0].ID, docs[0].Version
	if err := errors.Join(c.Save(context.Background(), changed), c.Delete(context.Background(), docs[1].ID)); err != nil {
		rt.Fatal(err)
	}
	return append([]*thing{changed}, docs[2:]...)
}

func compare(rt *rapid.T, c *things, docs []*thing, q storage.Query) {
	found, err := c.Find(context.Background(), q)
	if err != nil {
		rt.Fatal(err)
	}
	if got, want := ids(found), ids(naive(docs, q)); !slices.Equal(got, want) {
		rt.Fatalf("%+v: found %q, want %q", q, got, want)
	}
	n, err := c.Count(context.Background(), q)
	if err != nil {
		rt.Fatal(err)
	}
	if want := len(naive(docs, storage.Query{Where: q.Where})); int(n) != want {
		rt.Fatalf("%+v: counted %d, want %d", q, n, want)
	}
}

// naive answers a query as the port describes it, without an index or an engine.
func naive(docs []*thing, q storage.Query) []*thing {
	spec := thingSpec()
	q, err := spec.Checked(q)
	if err != nil {
		panic(err) // the tests make only queries that are right
	}
	var out []*thing
	for _, d := range docs {
		keys, err := spec.Normalise(d.Keys())
		if err != nil {
			panic(err)
		}
		if naiveMatch(keys, q) && (q.After.IsZero() || naiveOrder(q, keys[q.Sort], d.ID, q.After.Value, q.After.ID) > 0) {
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(a, b *thing) int {
		ka, _ := spec.Normalise(a.Keys())
		kb, _ := spec.Normalise(b.Keys())
		return naiveOrder(q, ka[q.Sort], a.ID, kb[q.Sort], b.ID)
	})
	if q.Limit > 0 && len(out) > q.Limit {
		out = out[:q.Limit]
	}
	return out
}

func naiveMatch(keys storage.Keys, q storage.Query) bool {
	if _, sorted := keys[q.Sort]; q.Sort != "" && !sorted {
		return false
	}
	for _, c := range q.Where {
		if !naiveHolds(keys[c.Key], c) {
			return false
		}
	}
	return true
}

func naiveHolds(have any, c storage.Cond) bool {
	switch c.Op {
	case storage.OpAbsent:
		return have == nil
	case storage.OpHas:
		list, _ := have.([]string)
		return slices.ContainsFunc(c.Values, func(v any) bool { return slices.Contains(list, v.(string)) })
	}
	if have == nil {
		return false
	}
	switch c.Op {
	case storage.OpEq, storage.OpIn:
		return slices.Contains(c.Values, have)
	case storage.OpLt:
		return compareAny(have, c.Values[0]) < 0
	case storage.OpLte:
		return compareAny(have, c.Values[0]) <= 0
	case storage.OpGt:
		return compareAny(have, c.Values[0]) > 0
	}
	return compareAny(have, c.Values[0]) >= 0
}

// naiveOrder compares two places in the order of a query.
func naiveOrder(q storage.Query, a any, aID string, b any, bID string) int {
	n := strings.Compare(aID, bID)
	if q.Sort != "" {
		n = cmp.Or(compareAny(a, b), n)
	}
	if q.Desc {
		return -n
	}
	return n
}

// compareAny compares two values of one kind.
func compareAny(a, b any) int {
	if n, isInt := a.(int64); isInt {
		return cmp.Compare(n, b.(int64))
	}
	return strings.Compare(a.(string), b.(string))
}
