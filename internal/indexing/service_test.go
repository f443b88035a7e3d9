package indexing

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

func TestEveryChangeReachesTheIndex(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, s := t.Context(), w.copies[0].places
		id := w.publish(1)
		if len(w.shelf.docs) != 0 {
			t.Error("the place is in the index before its event was handled")
		}
		w.drain()
		w.wantTrue("published")
		if d := w.shelf.docs[id]; d.SeatsFree != 2 || d.Title.RU != "Электромонтер на подстанции 1" || d.Specialty.Code == "" || d.Workplaces[0].RegionNames.KK == "" {
			t.Errorf("the document is %+v", d)
		}
		for _, step := range []struct {
			name string
			do   func() error
			in   bool
		}{
			{"a seat is taken", func() error { w.seat(id, "off_1"); return nil }, true},
			{"changed", func() error {
				_, err := s.Update(ctx, w.hr, id, placements.Input{Title: &i18n.Text{RU: "Электрик"}}, 0)
				return err
			}, true},
			{"paused", func() error { _, err := s.Pause(ctx, w.hr, id); return err }, false},
			{"resumed", func() error { _, err := s.Resume(ctx, w.hr, id); return err }, true},
			{"closed", func() error { _, err := s.Close(ctx, w.hr, id, ""); return err }, false},
		} {
			w.must(step.do())
			w.drain()
			w.wantTrue(step.name)
			if _, in := w.shelf.docs[id]; in != step.in {
				t.Errorf("%s: in the index %v, want %v", step.name, in, step.in)
			}
		}
	})
}

// A refused write isn't lost: the event is tried again when the index works again.
func TestOutage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.publish(1)
		for _, s := range w.shelfs {
			s.fail = errRefused()
		}
		for _, c := range w.copies {
			_ = c.box.Drain(t.Context()) // the failure is what is wanted
		}
		if len(w.shelf.docs) != 0 {
			t.Fatal("the index took what it refused")
		}
		for _, s := range w.shelfs {
			s.fail = nil
		}
		w.now = w.now.Add(time.Hour) // past the pause before the next try
		w.drain()
		w.wantTrue("after the outage")
	})
}

// A burst of changes by many, while both copies work through it: in the end the index is the store, and each place was put no oftener than it changed, twice over.
func TestBurst(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const places, writers, changes = 8, 8, 6
		var ids []string
		for i := range places {
			ids = append(ids, w.publish(i))
		}
		for _, c := range w.copies {
			c.box.Start(t.Context())
		}
		var wait sync.WaitGroup
		for n := range writers {
			wait.Go(func() {
				for i := range changes {
					title := i18n.Text{RU: fmt.Sprintf("Электрик %d-%d", n, i)}
					_, err := w.copies[n%2].places.Update(t.Context(), w.hr, ids[(n+i)%places], placements.Input{Title: &title}, 0)
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wait.Wait()
		for _, c := range w.copies {
			w.must(c.box.Stop(t.Context()))
		}
		w.drain()
		w.wantTrue("after the burst")
		if most := 2 * 2 * (places + writers*changes); w.shelf.puts > most {
			t.Errorf("%d puts of %d changes", w.shelf.puts, places+writers*changes)
		}
	})
}

// While an index is rebuilt, places are published, changed and closed, and another copy puts that into the index that is about to go.
func TestChangesDuringARebuild(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		kept, closed, changed := w.publish(1), w.publish(2), w.publish(3)
		w.drain()
		builder, other := w.copies[0], w.copies[1]
		fresh, rebuilds := "", 0
		w.shelf.afterRead = func() {
			if rebuilds++; rebuilds > 1 {
				return
			}
			fresh = w.publish(4)
			_, err := builder.places.Close(ctx, w.hr, closed, "")
			w.must(err)
			w.seat(changed, "off_1")
			w.must(other.box.Drain(ctx))
		}
		r, made, err := other.Ask(ctx)
		if err != nil || !made {
			t.Fatal(made, err)
		}
		w.must(builder.box.Drain(ctx))
		w.must(other.box.Drain(ctx))
		w.wantTrue("after the rebuild")
		for id, want := range map[string]bool{kept: true, closed: false, changed: true, fresh: true} {
			if _, in := w.shelf.docs[id]; in != want {
				t.Errorf("%s in the index: %v, want %v", id, in, want)
			}
		}
		if r, err = other.Request(ctx, r.ID); err != nil || r.State != Done || r.Processed != 3 && r.Processed != 4 {
			t.Errorf("the request: %+v, %v", r, err)
		}
	})
}

// What the builder's copy hears of only after the swap is put again; long after a rebuild the handler alone puts.
func TestAftercare(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if w.copies[0].d.EachCopy {
			return // each copy puts everything itself
		}
		now := time.Now()
		builder := w.copies[0]
		builder.realNow = func() time.Time { return now }
		id := w.publish(1)
		w.drain()
		w.must(builder.Build(t.Context(), nil))
		stale := w.shelf.docs[id]
		w.seat(id, "off_1")
		w.must(w.copies[1].box.Drain(t.Context()))
		w.shelf.docs[id] = stale // as if the other copy had put it into the former index
		w.must(builder.box.Drain(t.Context()))
		w.wantTrue("right after the rebuild")

		now = now.Add(aftercare)
		before := w.shelf.puts
		w.seat(id, "off_2")
		w.must(w.copies[1].box.Drain(t.Context()))
		w.must(builder.box.Drain(t.Context()))
		if w.shelf.puts != before+1 {
			t.Errorf("%d puts of one change long after the rebuild, want 1", w.shelf.puts-before)
		}
		w.wantTrue("long after the rebuild")
	})
}

// Whoever read a place and was held up before putting it doesn't put the old state over the new one.
func TestHeldUpPut(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, id := t.Context(), w.publish(1)
		w.drain()
		slow, quick := w.copies[0], w.copies[1]
		if slow.d.EachCopy {
			quick = slow // the only other writer of its index
		}
		held, leave := make(chan struct{}), make(chan struct{})
		var entered atomic.Bool
		w.shelf.beforePut = func(string) {
			if !entered.Swap(true) {
				close(held)
				<-leave
			}
		}
		slowly := make(chan error, 1)
		go func() { slowly <- slow.Refresh(ctx, id) }()
		<-held
		w.seat(id, "off_1")
		quickly := make(chan error, 1)
		go func() { quickly <- quick.Refresh(ctx, id) }()
		if !slow.d.EachCopy {
			w.must(<-quickly)
		}
		close(leave)
		if slow.d.EachCopy {
			w.must(<-quickly)
		}
		w.must(<-slowly)
		if d := w.shelf.docs[id]; d.SeatsFree != 1 {
			t.Errorf("the index holds %d free seats, want 1", d.SeatsFree)
		}
	})
}

// A rebuild that fails leaves the index, keeps the error's code and isn't tried again by itself.
func TestFailedRebuild(t *testing.T) {
	for _, engine := range storagetest.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) {
			w := newWorld(t, engine.Open(t), 1, true)
			ctx, c := t.Context(), w.copies[0]
			id := w.publish(1)
			w.drain()
			w.shelf.fail = errRefused()
			r, _, err := c.Ask(ctx)
			w.must(err)
			w.must(c.box.Drain(ctx))
			if r, err = c.Request(ctx, r.ID); err != nil || r.State != Failed || r.ErrorCode != "search_write_failed" {
				t.Errorf("the request: %+v, %v", r, err)
			}
			if _, in := w.shelf.docs[id]; !in {
				t.Error("a refused rebuild changed the index")
			}
			w.shelf.fail = nil
			w.must(c.carryOut(ctx, r.ID))
			if r, err = c.Request(ctx, r.ID); err != nil || r.State != Failed {
				t.Errorf("the failed request ran again: %+v, %v", r, err)
			}
		})
	}
}

// One rebuild waits or runs at a time: forty who ask at once get the same request.
func TestAskTogether(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ids, mades := make([]string, 40), make([]bool, 40)
		var wait sync.WaitGroup
		for i := range ids {
			wait.Go(func() {
				r, made, err := w.copies[i%2].Ask(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				ids[i], mades[i] = r.ID, made
			})
		}
		wait.Wait()
		made := 0
		for i := range ids {
			if ids[i] != ids[0] {
				t.Errorf("another request: %s and %s", ids[i], ids[0])
			}
			if mades[i] {
				made++
			}
		}
		if made != 1 {
			t.Errorf("%d were told that they made it", made)
		}
		w.drain()
		if _, again, err := w.copies[0].Ask(t.Context()); err != nil || !again {
			t.Errorf("after it is done the next one is a new one: %v, %v", again, err)
		}
	})
}

func TestRequestsThatArent(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, err := w.copies[0].Request(t.Context(), "idx_none")
		if !errs.Has(err, "reindex_not_found") {
			t.Errorf("%v", err)
		}
	})
}
