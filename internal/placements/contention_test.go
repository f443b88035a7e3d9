package placements_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/placements"
)

type ctxT = context.Context

const hour = time.Hour

// patient is a context whose transactions may wait long on a loaded machine: without a deadline they give up as busy after seconds.
func patient(t *testing.T) ctxT {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// parallel runs fn 40 times at once and counts the codes that came back.
func parallel(fn func(i int) error) map[string]int {
	var mu sync.Mutex
	var all sync.WaitGroup
	start := make(chan struct{})
	got := map[string]int{}
	for i := range 40 {
		all.Go(func() {
			<-start
			code := errs.CodeOf(fn(i))
			mu.Lock()
			defer mu.Unlock()
			got[code]++
		})
	}
	close(start)
	all.Wait()
	return got
}

func TestFortyPublishOnce(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		id := w.draft(complete()).Place.ID
		got := parallel(func(int) error { _, err := w.Publish(patient(t), w.hr, id); return err })
		if got[""] != 1 || got["wrong_state"] != 39 {
			t.Fatalf("outcomes: %v", got)
		}
		v, err := w.Get(patient(t), w.hr, id)
		if err != nil || len(v.Filings) != 1 || v.Place.Version != 2 || w.count(placements.EventPublished, id) != 1 || w.count(placements.EventFiled, "") != 1 {
			t.Fatalf("one effect: %+v, %v", v, err)
		}
	})
}

func TestFortyTakeTheLastSeat(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		id := w.published().Place.ID
		if err := w.seat(id, "ofr_first"); err != nil {
			t.Fatal(err)
		}
		got := parallel(func(i int) error { return w.seat(id, fmt.Sprintf("ofr_%d", i)) })
		if got[""] != 1 || got["no_free_seat"] != 39 {
			t.Fatalf("outcomes: %v", got)
		}
		sh, err := w.Sheet(patient(t), id)
		if err != nil || len(sh.Taken) != 2 || sh.Free() != 0 {
			t.Fatalf("sheet: %+v %v", sh, err)
		}
	})
}

func TestFortyPlacesHaveFortyReferences(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		id := w.published().Place.ID
		var mu sync.Mutex
		references := map[string]bool{}
		got := parallel(func(i int) error {
			var v *placements.View
			var err error
			if i%2 == 0 {
				v, err = w.Clone(patient(t), w.hr, id)
			} else {
				v, err = w.Create(patient(t), w.hr, ent, complete())
			}
			if err == nil {
				mu.Lock()
				references[v.Place.Reference] = true
				mu.Unlock()
			}
			return err
		})
		if got[""] != 40 || len(references) != 40 {
			t.Fatalf("outcomes %v, %d references", got, len(references))
		}
	})
}

func TestFortyPublicationsNumberWithoutGap(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		var ids []string
		for range 40 {
			ids = append(ids, w.draft(complete()).Place.ID)
		}
		var mu sync.Mutex
		numbers := map[string]bool{}
		got := parallel(func(i int) error {
			v, err := w.Publish(patient(t), w.hr, ids[i])
			if err == nil {
				mu.Lock()
				numbers[v.Filings[0].Number] = true
				mu.Unlock()
			}
			return err
		})
		if got[""] != 40 {
			t.Fatalf("outcomes: %v", got)
		}
		for n := 1; n <= 40; n++ {
			if !numbers[fmt.Sprintf("35-2026-%06d", n)] {
				t.Errorf("number %d is missing", n)
			}
		}
	})
}

func TestNoSeatIsTakenOnAPlaceClosedBefore(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		for round := range 3 {
			in := complete()
			in.Seats = ptr(100)
			id := w.publish(w.draft(in)).Place.ID
			var mu sync.Mutex
			taken := map[string]bool{}
			got := parallel(func(i int) error {
				if i == 20 {
					_, err := w.Close(patient(t), w.hr, id, "")
					return err
				}
				err := w.seat(id, fmt.Sprintf("ofr_%d", i))
				if err == nil {
					mu.Lock()
					taken[fmt.Sprintf("ofr_%d", i)] = true
					mu.Unlock()
				}
				return err
			})
			if got[""]+got["placement_closed"] != 40 {
				t.Fatalf("round %d: %v", round, got)
			}
			// What was taken before the closing stands, and nothing else; nothing comes after it.
			sh, err := w.Sheet(patient(t), id)
			if err != nil || sh.State != placements.Closed || len(sh.Taken) != len(taken) {
				t.Fatalf("sheet: %+v, taken %d, %v", sh, len(taken), err)
			}
			wantCode(t, w.seat(id, "ofr_late"), "placement_closed")
		}
	})
}

func TestTenApplicationsPerFreeSeat(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		in := complete()
		in.Seats = ptr(1)
		id := w.publish(w.draft(in)).Place.ID
		apply := func() error {
			return w.inSheet(id, func(sh *placements.Sheet) error {
				if err := sh.CanApply(w.clock.Now()); err != nil {
					return err
				}
				sh.Live++
				return nil
			})
		}
		got := parallel(func(int) error { return apply() })
		if got[""] != 10 || got["applications_full"] != 30 {
			t.Fatalf("outcomes: %v", got)
		}
	})
}
