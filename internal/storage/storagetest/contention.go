package storagetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

// callers is how many goroutines contend in each test.
const callers = 40

func contention(t *testing.T, open func(t *testing.T) storage.Engine) {
	runAll(t, open, []check{
		{"at most n by a locked owner", atMostN},
		{"overlapping in an owner that comes into being", overlapping},
		{"apart in an owner that comes into being", apart},
		{"unique index", contendedUnique},
		{"unique index in transactions", contendedUniqueTx},
		{"one id", contendedID},
		{"one version", contendedVersion},
		{"gapless numbers", gapless},
		{"gapless numbers with failures", gaplessWithFailures},
		{"no lost updates without locks", noLostUpdates},
		{"locks in opposite orders", oppositeOrders},
	})
}

// together calls fn from all callers at once and gives their errors by caller.
func together(t *testing.T, fn func(ctx context.Context, i int) error) []error {
	t.Helper()
	ctx := patient(t)
	out := make([]error, callers)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range callers {
		all.Go(func() {
			<-start
			out[i] = fn(ctx, i)
		})
	}
	close(start)
	all.Wait()
	return out
}

// wantWinners wants n callers without an error and the others refused in the way that refused knows.
func wantWinners(t *testing.T, results []error, n int, refused func(error) bool) {
	t.Helper()
	won := 0
	for i, err := range results {
		switch {
		case err == nil:
			won++
		case !refused(err):
			t.Errorf("caller %d: %v", i, err)
		}
	}
	if won != n {
		t.Errorf("%d of %d callers succeeded, want %d", won, len(results), n)
	}
}

func isAbandoned(err error) bool { return errors.Is(err, errAbandoned) }

func nobodyRefused(error) bool { return false }

func atMostN(t *testing.T, e storage.Engine) {
	const capacity = 5
	c := newThings(t, e)
	insert(t, c, &thing{ID: "slot"})
	results := together(t, func(ctx context.Context, i int) error {
		return e.Tx(ctx, func(ctx context.Context) error {
			slot, err := c.Lock(ctx, "slot")
			if err != nil {
				return err
			}
			if slot.Rank >= capacity {
				return errAbandoned
			}
			slot.Rank++
			return errors.Join(c.Save(ctx, slot), c.Insert(ctx, &thing{ID: number(i), Group: "booking"}))
		})
	})
	wantWinners(t, results, capacity, isAbandoned)
	if got := get(t, c, "slot"); got.Rank != capacity || got.Version != 1+capacity {
		t.Errorf("the slot holds %d after %d versions", got.Rank, got.Version)
	}
	wantCount(t, c, capacity, storage.Eq("group", "booking"))
}

// calendar is an owner document of intervals.
type calendar struct {
	ID      string     `json:"id"`
	Version int64      `json:"version"`
	Taken   []interval `json:"taken"`
}

type interval struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// Identity implements storage.Document.
func (d *calendar) Identity() (string, *int64) { return d.ID, &d.Version }

// Keys implements storage.Document.
func (d *calendar) Keys() storage.Keys { return nil }

// book takes an interval of a calendar that may not exist yet.
func book(ctx context.Context, e storage.Engine, c *storage.Collection[calendar, *calendar], want interval) error {
	return e.Tx(ctx, func(ctx context.Context) error {
		cal, err := c.LockOrNew(ctx, "person", &calendar{ID: "person"})
		if err != nil {
			return err
		}
		for _, have := range cal.Taken {
			if have.From < want.To && want.From < have.To {
				return errAbandoned
			}
		}
		cal.Taken = append(cal.Taken, want)
		return c.Save(ctx, cal)
	})
}

func calendars(t *testing.T, e storage.Engine) *storage.Collection[calendar, *calendar] {
	t.Helper()
	spec := thingSpec()
	return collection[calendar](t, e, storage.Spec{Name: spec.Name})
}

func overlapping(t *testing.T, e storage.Engine) {
	c := calendars(t, e)
	results := together(t, func(ctx context.Context, i int) error { return book(ctx, e, c, interval{i, i + callers}) })
	wantWinners(t, results, 1, isAbandoned)
	cal, err := c.Get(t.Context(), "person")
	must(t, err)
	if len(cal.Taken) != 1 {
		t.Errorf("%d intervals, want 1", len(cal.Taken))
	}
}

func apart(t *testing.T, e storage.Engine) {
	c := calendars(t, e)
	results := together(t, func(ctx context.Context, i int) error { return book(ctx, e, c, interval{i, i + 1}) })
	wantWinners(t, results, callers, nobodyRefused)
	cal, err := c.Get(t.Context(), "person")
	must(t, err)
	if len(cal.Taken) != callers || cal.Version != 1+callers {
		t.Errorf("%d intervals of version %d, want %d", len(cal.Taken), cal.Version, callers)
	}
}

func contendedUnique(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	results := together(t, func(ctx context.Context, i int) error {
		return c.Insert(ctx, &thing{ID: number(i), Serial: "only"})
	})
	wantWinners(t, results, 1, func(err error) bool { return storage.ConflictOn(err, "one_serial") })
	wantCount(t, c, 1)
}

func contendedUniqueTx(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	results := together(t, func(ctx context.Context, i int) error {
		return e.Tx(ctx, func(ctx context.Context) error {
			if err := c.Insert(ctx, &thing{ID: "with " + number(i)}); err != nil {
				return err
			}
			return c.Insert(ctx, &thing{ID: number(i), Room: "r", Seat: 1})
		})
	})
	wantWinners(t, results, 1, func(err error) bool { return storage.ConflictOn(err, "one_seat") })
	wantCount(t, c, 2)
}

func contendedID(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	results := together(t, func(ctx context.Context, _ int) error { return c.Insert(ctx, &thing{ID: "claim"}) })
	wantWinners(t, results, 1, func(err error) bool { return storage.ConflictOn(err, "id") })
}

func contendedVersion(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	insert(t, c, &thing{ID: "a"})
	read := make([]*thing, callers)
	for i := range read {
		read[i] = get(t, c, "a")
		read[i].Note = number(i)
	}
	results := together(t, func(ctx context.Context, i int) error { return c.Save(ctx, read[i]) })
	wantWinners(t, results, 1, func(err error) bool { return errs.KindOf(err) == errs.Stale })
	winner := slices.Index(results, nil)
	if got := get(t, c, "a"); got.Version != 2 || winner < 0 || got.Note != number(winner) {
		t.Errorf("stored %+v, want the winner's, %d", got, winner)
	}
}

// take gives the next number of a counter and stores a document with it.
func take(ctx context.Context, e storage.Engine, c *things, id string, then error) (n int64, err error) {
	err = e.Tx(ctx, func(ctx context.Context) error {
		counter, err := c.LockOrNew(ctx, "counter", &thing{ID: "counter"})
		if err != nil {
			return err
		}
		counter.Rank++
		n = counter.Rank
		if err := c.Save(ctx, counter); err != nil {
			return err
		}
		if err := c.Insert(ctx, &thing{ID: id, Group: "numbered", Rank: n, Serial: fmt.Sprint(n)}); err != nil {
			return err
		}
		return then
	})
	return n, err
}

// wantGapless wants the numbers 1 to n to be given out, once each.
func wantGapless(t *testing.T, c *things, n int) {
	t.Helper()
	found, err := c.Find(t.Context(), storage.Where(storage.Eq("group", "numbered")).By("rank"))
	must(t, err)
	for i, d := range found {
		if d.Rank != int64(i+1) {
			t.Fatalf("number %d in place %d", d.Rank, i+1)
		}
	}
	if len(found) != n {
		t.Errorf("%d numbers, want %d", len(found), n)
	}
}

func gapless(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	results := together(t, func(ctx context.Context, i int) error {
		_, err := take(ctx, e, c, number(i), nil)
		return err
	})
	wantWinners(t, results, callers, nobodyRefused)
	wantGapless(t, c, callers)
}

func gaplessWithFailures(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	results := together(t, func(ctx context.Context, i int) error {
		var then error
		if i%2 == 1 {
			then = errAbandoned
		}
		_, err := take(ctx, e, c, number(i), then)
		return err
	})
	wantWinners(t, results, callers/2, isAbandoned)
	wantGapless(t, c, callers/2)
}

func noLostUpdates(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	insert(t, c, &thing{ID: "sum"})
	results := together(t, func(ctx context.Context, i int) error {
		return e.Tx(ctx, func(ctx context.Context) error {
			d, err := c.Get(ctx, "sum")
			if err != nil {
				return err
			}
			d.Rank += int64(i)
			return c.Save(ctx, d)
		})
	})
	wantWinners(t, results, callers, nobodyRefused)
	if got := get(t, c, "sum"); got.Rank != callers*(callers-1)/2 {
		t.Errorf("the sum is %d, want %d", got.Rank, callers*(callers-1)/2)
	}
}

// oppositeOrders would stand still in a store that waits for locks without noticing circles.
func oppositeOrders(t *testing.T, e storage.Engine) {
	c := newThings(t, e)
	insert(t, c, &thing{ID: "a"}, &thing{ID: "b"})
	results := together(t, func(ctx context.Context, i int) error {
		first, second := "a", "b"
		if i%2 == 1 {
			first, second = second, first
		}
		return e.Tx(ctx, func(ctx context.Context) error {
			from, err := c.Lock(ctx, first)
			if err != nil {
				return err
			}
			to, err := c.Lock(ctx, second)
			if err != nil {
				return err
			}
			from.Rank--
			to.Rank++
			return errors.Join(c.Save(ctx, from), c.Save(ctx, to))
		})
	})
	wantWinners(t, results, callers, nobodyRefused)
	a, b := get(t, c, "a"), get(t, c, "b")
	if a.Rank+b.Rank != 0 || a.Version != 1+callers || b.Version != 1+callers {
		t.Errorf("a is %d, b is %d, versions %d and %d", a.Rank, b.Rank, a.Version, b.Version)
	}
}
