package storagetest

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

func queries(t *testing.T, open func(t *testing.T) storage.Engine) {
	runAll(t, open, []check{
		{"every comparison", everyComparison},
		{"sorting", sorting},
		{"paging", paging},
		{"paging while others write", pagingWhileWriting},
		{"paging in a transaction", pagingInTx},
		{"limit and count", limitAndCount},
		{"cursors that don't fit", badCursors},
		{"paging by long texts", pagingByLongTexts},
		{"long lists", longLists},
		{"several by id", severalByID},
		{"ids and versions only", bareQueries},
		{"a memory of documents", memory},
		{"a memory's room", memoryRoom},
		{"a memory in a transaction", memoryInTx},
	})
}

// dataset is 60 documents in five groups with few ranks, so that there are many ties; some have no group.
func dataset(t *testing.T, e storage.Engine) (*things, []*thing) {
	t.Helper()
	c := newThings(t, e)
	docs := make([]*thing, 60)
	for i := range docs {
		groups := []string{"", "a", "b", "c", "ә"}
		docs[i] = &thing{ID: number((i * 37) % 60), Group: groups[i%5], Rank: int64(i%4) - 1, Done: i%2 == 0}
		if i%3 != 0 {
			docs[i].Tags = []string{groups[1+i%4], groups[1+(i/4)%4]}
		}
	}
	must(t, e.Tx(patient(t), func(ctx context.Context) error {
		for _, d := range docs {
			if err := c.Insert(ctx, d); err != nil {
				return err
			}
		}
		return nil
	}))
	return c, docs
}

// wantAsNaive compares an engine's answer with the naive one.
func wantAsNaive(t *testing.T, c *things, docs []*thing, q storage.Query) {
	t.Helper()
	found, err := c.Find(t.Context(), q)
	must(t, err)
	if got, want := ids(found), ids(naive(docs, q)); !slices.Equal(got, want) {
		t.Errorf("%+v: %v, want %v", q, got, want)
	}
	n, err := c.Count(t.Context(), q)
	must(t, err)
	if want := len(naive(docs, storage.Query{Where: q.Where})); int(n) != want {
		t.Errorf("%+v: counts %d, want %d", q, n, want)
	}
}

func everyComparison(t *testing.T, e storage.Engine) {
	c, docs := dataset(t, e)
	for _, cond := range []storage.Cond{
		storage.Eq("group", "a"), storage.Lt("group", "b"), storage.Lte("group", "b"), storage.Gt("group", "b"), storage.Gte("group", "b"),
		storage.In("group", "a", "ә", "nobody"), storage.In[string]("group"), storage.Absent("group"),
		storage.Eq("rank", 0), storage.Lt("rank", 0), storage.Lte("rank", 0), storage.Gt("rank", 0), storage.Gte("rank", 0),
		storage.In("rank", -1, 2, 50), storage.Absent("rank"),
		storage.Has("tags", "a"), storage.Has("tags", "a", "c"), storage.Absent("tags"), storage.Eq("done", true),
	} {
		wantAsNaive(t, c, docs, storage.Where(cond))
		wantAsNaive(t, c, docs, storage.Where(cond, storage.Gte("rank", 1)))
		wantAsNaive(t, c, docs, storage.Where(cond).ByDesc("group"))
	}
	wantAsNaive(t, c, docs, storage.Where(storage.Gt("rank", -1), storage.Lt("rank", 2), storage.Eq("group", "c")))
}

func sorting(t *testing.T, e storage.Engine) {
	c, docs := dataset(t, e)
	for _, key := range []string{"", "group", "rank", "done"} {
		wantAsNaive(t, c, docs, storage.Query{}.By(key))
		wantAsNaive(t, c, docs, storage.Query{}.ByDesc(key))
		wantAsNaive(t, c, docs, storage.Where(storage.Has("tags", "a", "b")).By(key).Take(7))
		wantAsNaive(t, c, docs, storage.Where(storage.Eq("group", "c")).ByDesc(key).Take(3))
	}
}

// walk pages through a query, the cursor travelling as text as it does between requests.
func walk(ctx context.Context, t *testing.T, c *things, q storage.Query, between func()) []string {
	t.Helper()
	var seen []string
	for {
		page, err := c.Page(ctx, q)
		must(t, err)
		seen = append(seen, ids(page.Items)...)
		if page.Next.IsZero() {
			return seen
		}
		if len(page.Items) != q.Limit {
			t.Fatalf("a page of %d before the last, want %d", len(page.Items), q.Limit)
		}
		q.After, err = storage.ParseCursor(page.Next.String())
		must(t, err)
		between()
	}
}

func paging(t *testing.T, e storage.Engine) {
	c, docs := dataset(t, e)
	for _, key := range []string{"", "group", "rank"} {
		for _, limit := range []int{1, 7, 20, 60} {
			for _, q := range []storage.Query{storage.Query{}.By(key), storage.Query{}.ByDesc(key), storage.Where(storage.Gte("rank", 0)).By(key)} {
				want := ids(naive(docs, q))
				if got := walk(t.Context(), t, c, q.Take(limit), func() {}); !slices.Equal(got, want) {
					t.Errorf("%+v in pages of %d: %v, want %v", q, limit, got, want)
				}
			}
		}
	}
	page, err := c.Page(t.Context(), storage.Query{})
	must(t, err)
	if len(page.Items) != 20 {
		t.Errorf("a page without a limit has %d, want 20", len(page.Items))
	}
}

// pagingWhileWriting adds and removes documents between pages: those that are there all the time come once each.
func pagingWhileWriting(t *testing.T, e storage.Engine) {
	for _, key := range []string{"", "group", "rank"} {
		c, docs := dataset(t, e)
		n := 0
		between := func() {
			n++
			insert(t, c, &thing{ID: "new " + number(n), Group: "b", Rank: int64(n%4) - 1}, &thing{ID: "0 new " + number(n), Group: "b"})
			if n > 1 {
				must(t, c.Delete(t.Context(), "new "+number(n-1)))
			}
		}
		seen := walk(t.Context(), t, c, storage.Query{}.By(key).Take(7), between)
		count := map[string]int{}
		for _, id := range seen {
			count[id]++
			if count[id] > 1 {
				t.Errorf("by %q: %s came twice", key, id)
			}
		}
		for _, d := range naive(docs, storage.Query{}.By(key)) {
			if count[d.ID] != 1 {
				t.Errorf("by %q: %s came %d times", key, d.ID, count[d.ID])
			}
		}
	}
}

func pagingInTx(t *testing.T, e storage.Engine) {
	c, docs := dataset(t, e)
	q := storage.Query{}.ByDesc("rank")
	must(t, e.Tx(t.Context(), func(ctx context.Context) error {
		if got, want := walk(ctx, t, c, q.Take(9), func() {}), ids(naive(docs, q)); !slices.Equal(got, want) {
			t.Errorf("in a transaction: %v, want %v", got, want)
		}
		return nil
	}))
}

func limitAndCount(t *testing.T, e storage.Engine) {
	c, docs := dataset(t, e)
	for _, limit := range []int{0, 1, 59, 60, 61, 1000} {
		wantAsNaive(t, c, docs, storage.Query{}.Take(limit))
	}
	wantCount(t, c, 60)
	q := storage.Where(storage.Gte("rank", 0)).By("group").Take(2).From(storage.Cursor{Value: "b", ID: "000000"})
	n, err := c.Count(t.Context(), q)
	must(t, err)
	if n != 45 {
		t.Errorf("count %d, want 45: it ignores sort, cursor and limit", n)
	}
}

func badCursors(t *testing.T, e storage.Engine) {
	c, _ := dataset(t, e)
	for _, q := range []storage.Query{
		storage.Query{}.By("rank").From(storage.Cursor{Value: "a", ID: "x"}), storage.Query{}.By("group").From(storage.Cursor{Value: int64(1), ID: "x"}),
		storage.Query{}.From(storage.Cursor{Value: "a", ID: "x"}), storage.Query{}.By("rank").From(storage.Cursor{ID: "x"}),
	} {
		_, err := c.Page(t.Context(), q)
		wantCode(t, err, errs.Invalid, "bad_cursor")
	}
}

// pagingByLongTexts pages by keys of up to the length that a cursor carries, which travels as text; by longer ones no page has a next.
func pagingByLongTexts(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	var want []string
	for i, sign := range []string{"a", "қ", "ఴ", "\u2028", "<", "😀"} {
		for j := range 2 {
			d := &thing{ID: number(2*i + j), Group: number(i) + strings.Repeat(sign, (storage.MaxSortKey-6)/len(sign))}
			insert(t, c, d)
			want = append(want, d.ID)
		}
	}
	if got := walk(t.Context(), t, c, storage.Query{}.By("group").Take(1), func() {}); !slices.Equal(got, want) {
		t.Errorf("one by one: %v, want %v", got, want)
	}
	slices.Reverse(want)
	if got := walk(t.Context(), t, c, storage.Query{}.ByDesc("group").Take(5), func() {}); !slices.Equal(got, want) {
		t.Errorf("backwards: %v, want %v", got, want)
	}
	long := newThings(t, e)
	insert(t, long, &thing{ID: "a", Group: strings.Repeat("a", storage.MaxSortKey+1)}, &thing{ID: "b", Group: "b"})
	if page, err := long.Page(t.Context(), storage.Query{}.By("group").Take(1)); err == nil {
		t.Errorf("a page after a key that no cursor carries: %v", page.Next)
	}
	if page, err := long.Page(t.Context(), storage.Query{}.By("group").Take(2)); err != nil || len(page.Items) != 2 {
		t.Errorf("the only page needs no cursor: %d documents, %v", len(page.Items), err)
	}
}

func longLists(t *testing.T, e storage.Engine) {
	c, docs := dataset(t, e)
	list := []string{"a", "b"}
	for i := range 5000 {
		list = append(list, number(i))
	}
	wantAsNaive(t, c, docs, storage.Where(storage.In("group", list...)))
	wantAsNaive(t, c, docs, storage.Where(storage.Has("tags", list...)))
}

func severalByID(t *testing.T, e storage.Engine) {
	c, docs := dataset(t, e)
	ctx := t.Context()
	wanted := []string{docs[3].ID, docs[40].ID, "nobody", docs[3].ID}
	got, err := c.GetMany(ctx, wanted...)
	if err != nil || len(got) != 2 || got[docs[3].ID] == nil || got[docs[40].ID] == nil {
		t.Fatalf("by id: %d documents, %v", len(got), err)
	}
	if got[docs[3].ID].Version != docs[3].Version {
		t.Error("a document read among several has another version")
	}
	if got, err := c.GetMany(ctx); err != nil || len(got) != 0 {
		t.Errorf("no ids give %d documents, %v", len(got), err)
	}
	if _, err := c.Find(ctx, storage.Where(storage.Gt(storage.KeyID, "a"))); err == nil {
		t.Error("ids can be compared by order, which no index promises")
	}
}
