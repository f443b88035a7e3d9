package storagetest

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

// heavy is a document of an exact weight at its first versions.
func heavy(t *testing.T, id string, weight int) *thing {
	t.Helper()
	d := &thing{ID: id, Version: 1, Note: "a"}
	body, err := json.Marshal(d)
	must(t, err)
	d.Note = strings.Repeat("a", 1+weight-storage.Weight(body))
	d.Version = 0
	return d
}

func wantTooLarge(t *testing.T, err error) {
	t.Helper()
	wantCode(t, err, errs.TooLarge, "payload_too_large")
}

// heaviestDocument stores what weighs the limit, in every way, and refuses a byte more.
func heaviestDocument(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	full := heavy(t, "full", storage.MaxDocument)
	insert(t, c, full)
	must(t, c.Save(t.Context(), full))
	fresh := heavy(t, "made", storage.MaxDocument)
	must(t, e.Tx(patient(t), func(ctx context.Context) error {
		_, err := c.LockOrNew(ctx, fresh.ID, fresh)
		return err
	}))
	if got := get(t, c, "full"); got.Note != full.Note || got.Version != 2 {
		t.Errorf("%d letters of %d came back, version %d", len(got.Note), len(full.Note), got.Version)
	}

	wantTooLarge(t, c.Insert(t.Context(), heavy(t, "more", storage.MaxDocument+1)))
	full.Note += "a"
	wantTooLarge(t, c.Save(t.Context(), full))
	if full.Version != 2 {
		t.Errorf("a refused save left version %d", full.Version)
	}
	wantTooLarge(t, e.Tx(patient(t), func(ctx context.Context) error {
		more := heavy(t, "more", storage.MaxDocument+2) // LockOrNew encodes it as version 0: a digit as long as 1
		_, err := c.LockOrNew(ctx, more.ID, more)
		return err
	}))
	wantCount(t, c, 2)
	if got := get(t, c, "full"); got.Version != 2 || len(got.Note) != len(full.Note)-1 {
		t.Errorf("what was refused changed the document: version %d, %d letters", got.Version, len(got.Note))
	}
}

// heavyList is a list that is short in one engine's encoding and above any other's limit: all refuse it alike.
func heavyList(t *testing.T, e storage.Engine) {
	c := newSamples(t, e)
	at := func(n int) *sample { return &sample{ID: number(n), Grid: [][]int64{make([]int64, n)}} }
	must(t, c.Insert(t.Context(), at(850_000)))
	got, err := c.Get(t.Context(), number(850_000))
	must(t, err)
	if len(got.Grid) != 1 || len(got.Grid[0]) != 850_000 {
		t.Error("the list came back otherwise")
	}
	for _, n := range []int{880_000, 1_200_000} {
		wantTooLarge(t, c.Insert(t.Context(), at(n)))
	}
}

func tooLargeDooms(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	small := &thing{ID: "a"}
	insert(t, c, small)
	dooms(t, e, c, func(ctx context.Context) error { return c.Insert(ctx, heavy(t, "b", storage.MaxDocument+1)) })
	dooms(t, e, c, func(ctx context.Context) error {
		d := heavy(t, "a", storage.MaxDocument+1)
		d.Version = 1
		return c.Save(ctx, d)
	})
	dooms(t, e, c, func(ctx context.Context) error {
		d := heavy(t, "c", storage.MaxDocument+1)
		_, err := c.LockOrNew(ctx, d.ID, d)
		return err
	})
}
