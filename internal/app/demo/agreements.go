package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/app/demo/corpus"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/placements"
)

// era is a place of the past whose trainees have the agreements, with its days counted back from the beginning of the world.
type era struct {
	name          string
	posted        int
	starts, lasts int // lasts is a length; training that lies ahead starts at a negative number
	closed        int
	least, mentor int // seats
	agreements    []story
}

// story is how far one agreement went.
type story struct {
	state   agreements.State
	days    int // when it came to the offer, days before
	trainee int
}

// eras lists them, oldest first, so that numbers follow the days. Each place has a seat more than it needs and is withdrawn in the end, so that nobody
// applies where the mentor has no room. The five of the last one are all that a mentor may have.
func eras() []era {
	return []era{
		{"finished", 240, 170, 140, 172, 3, 0, []story{{agreements.Completed, 205, 0}, {agreements.Terminated, 200, 1}}},
		{"running", 110, 40, 150, 42, 2, 0, []story{{agreements.Registered, 80, 2}}},
		{"coming", 30, -60, 150, 0, 6, 1, []story{
			{agreements.Cancelled, 8, 3}, {agreements.Draft, 7, 4}, {agreements.Awaiting, 5, 5}, {agreements.Signing, 4, 6}, {agreements.Ready, 3, 7},
			{agreements.Concluded, 2, 8},
		}},
	}
}

// seedAgreements walks nine trainees through the chain, each as far as its state. It needs a clock that goes back; without one it waits for a Seed that
// has it.
func (w *world) seedAgreements(ctx context.Context) error {
	if !w.past.can() {
		w.Log.WarnContext(ctx, "the demo world is made without agreements: its clock can't be set back")
		return nil
	}
	total, done := 0, 0
	for _, e := range eras() {
		total += len(e.agreements)
	}
	for _, e := range eras() {
		placementID, err := w.historicPlace(ctx, e)
		if err != nil {
			return err
		}
		for _, s := range e.agreements {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := w.walk(ctx, placementID, s); err != nil {
				return fmt.Errorf("agreement %s: %w", s.state, err)
			}
			done++
			w.report("agreements", done, total)
		}
		if err := w.closeEra(ctx, e, placementID); err != nil {
			return err
		}
	}
	w.past.present()
	return w.tx(ctx, "agreements", func(context.Context) error { return nil })
}

// ago moves the clock to an hour of a day before the beginning of the world.
func (w *world) ago(days int, at time.Duration) {
	w.past.set(w.state.Today.Add(-days).Start().Add(at))
}

// historicPlace posts the place of an era, once.
func (w *world) historicPlace(ctx context.Context, e era) (string, error) {
	name := "era:" + e.name
	return w.once(ctx, name, func(ctx context.Context) (string, error) {
		w.ago(e.posted, hour(9))
		k := kind{name: name, enterprise: saryarqa, code: electrician, colleges: []string{karagandaCollege}, words: func(p corpus.Place) bool {
			return p.MinAge >= 18 && p.Seats >= e.least
		}}
		text, _, err := w.wording(k, e.posted)
		if err != nil {
			return "", err
		}
		in := w.ownForm(k, text, w.refs.get(historicRef(saryarqa, e.mentor)))
		starts := monday(w.state.Today.Add(-e.starts))
		in.ApplyBy, in.StartsOn, in.EndsOn = ptr(starts.Add(-25)), &starts, ptr(starts.Add(e.lasts))
		ids, err := w.Placements.Seed(ctx, []placements.Posting{{EnterpriseID: w.refs.get(enterpriseRef(saryarqa)), In: in}}, true)
		if err != nil {
			return "", err
		}
		return ids[0], nil
	})
}

// closeEra withdraws the place.
func (w *world) closeEra(ctx context.Context, e era, placementID string) error {
	_, err := w.once(ctx, "closed:"+e.name, func(ctx context.Context) (string, error) {
		if w.past.present(); e.closed > 0 {
			w.ago(e.closed, hour(17))
		}
		by, err := w.actor(ctx, hrSaryarqa)
		if err != nil {
			return "", err
		}
		_, err = w.Placements.Close(ctx, by, placementID, "Келесі қабылдауды кейін жариялаймыз. Следующий набор объявим позже.")
		return "yes", err
	})
	return err
}

// once runs a step that gives an id, in one transaction with the note of it; a step that was run before only gives the id.
func (w *world) once(ctx context.Context, name string, fn func(ctx context.Context) (string, error)) (string, error) {
	if id := w.refs.get(name); id != "" {
		return id, nil
	}
	err := w.tx(ctx, "", func(ctx context.Context) error {
		id, err := fn(ctx)
		if err == nil {
			w.refs.set(name, id)
		}
		return err
	})
	return w.refs.get(name), err
}

// walker is one trainee on the way.
type walker struct {
	*world
	s                          story
	me, hr, college, registrar accounts.Actor
	placement                  *placements.Placement
	agreement                  string
}

func (w *world) walk(ctx context.Context, placementID string, s story) error {
	k := &walker{world: w, s: s}
	var err error
	for _, who := range []struct {
		into  *accounts.Actor
		email string
	}{{&k.me, trainee(s.trainee)}, {&k.hr, hrSaryarqa}, {&k.college, karagandaCoor}, {&k.registrar, registrar}} {
		if *who.into, err = w.actor(ctx, who.email); err != nil {
			return err
		}
	}
	if k.placement, err = w.Placements.Placement(ctx, placementID); err != nil {
		return err
	}
	if err := k.toMatch(ctx); err != nil {
		return err
	}
	return k.toState(ctx)
}

// step runs one step at an hour of a day counted from the offer's.
func (k *walker) step(ctx context.Context, name string, day int, at time.Duration, fn func(ctx context.Context) (string, error)) (string, error) {
	return k.once(ctx, fmt.Sprintf("trainee:%d:%s", k.s.trainee, name), func(ctx context.Context) (string, error) {
		k.ago(k.s.days-day, at)
		return fn(ctx)
	})
}

// day is that of the moved clock.
func (k *walker) day() cal.Day { return cal.DayOf(k.Clock.Now()) }
