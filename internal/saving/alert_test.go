package saving_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/saving"
	"github.com/orynda/orynda/internal/search"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

const day = 24 * time.Hour

// step moves the clock and wants so many events in all.
func (w *world) step(by time.Duration, events int, when string) {
	w.t.Helper()
	if err := w.advance(by); err != nil {
		w.t.Fatal(err)
	}
	if len(w.events) != events {
		w.t.Fatalf("%s: %d alerts, want %d", when, len(w.events), events)
	}
}

func TestAlertsTellWhatIsNewOncePerPeriod(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		w.publish("plc_old")
		w.step(time.Minute, 0, "before anything")
		daily := w.search("psn_a", "q=daily", saving.Daily)
		weekly := w.search("psn_a", "q=weekly", saving.Weekly)
		w.search("psn_a", "q=off", saving.Off)
		w.step(2*time.Hour, 0, "on Monday at nine, with nothing new")
		w.publish("plc_1")
		w.step(time.Hour, 0, "the day's alert went by")
		w.step(13*time.Hour, 0, "at night")
		w.publish("plc_2")
		w.step(10*time.Hour, 1, "on Tuesday morning")
		if w.events[0].Subject != daily.ID {
			t.Fatalf("%+v", w.events[0])
		}
		w.told(w.events[0], 2, "plc_2", "plc_1")
		w.publish("plc_3")
		w.step(time.Hour, 1, "later on Tuesday")
		w.step(day, 2, "on Wednesday")
		w.told(w.events[1], 1, "plc_3")
		w.step(day, 2, "on Thursday, with nothing new")
		w.step(5*day, 3, "on the next Monday, late")
		if w.events[2].Subject != weekly.ID {
			t.Fatalf("%+v", w.events[2])
		}
		w.told(w.events[2], 3, "plc_3", "plc_2", "plc_1")
		for _, q := range w.asked[len(w.asked)-2:] {
			if q.Sort != search.Newest || len(q.Facets) != 0 {
				t.Errorf("asked %+v", q)
			}
		}
	})
}

// told compares what an event is about with what the search finds when the message is made.
func (w *world) told(ev outbox.Event, count int, ids ...string) {
	w.t.Helper()
	since, err := time.Parse(time.RFC3339, ev.Data["since"])
	if err != nil {
		w.t.Fatal(err)
	}
	until, err := time.Parse(time.RFC3339, ev.Data["until"])
	if err != nil {
		w.t.Fatal(err)
	}
	news, err := w.News(w.t.Context(), ev.Subject, since, until)
	if err != nil || news.Count != count || len(news.Places) != min(len(ids), saving.MostListed) {
		w.t.Fatalf("%d news, %d listed (%v), want %d", news.Count, len(news.Places), err, count)
	}
	for i, v := range news.Places {
		if v.Place.ID != ids[i] {
			w.t.Errorf("place %d is %s, want %s", i, v.Place.ID, ids[i])
		}
	}
}

func TestSwitchingAlertsDoesntRepeatThem(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		one := w.search("psn_a", "q=welder", saving.Daily)
		w.publish("plc_1")
		w.step(2*time.Hour, 1, "the first")
		for _, a := range []saving.Alerts{saving.Off, saving.Daily, saving.Weekly, saving.Daily} {
			w.publish("plc_" + string(a))
			if _, err := w.UpdateSearch(t.Context(), by("psn_a"), one.ID, saving.Change{Alerts: &a}, 0); err != nil {
				t.Fatal(err)
			}
			w.step(time.Hour, 1, "on the same day, switched to "+string(a))
		}
		w.step(day, 2, "the next day")
		for range 2 {
			if err := w.StopAlerts(t.Context(), "psn_a", one.ID); err != nil {
				t.Fatal(err)
			}
		}
		w.publish("plc_9")
		w.step(8*day, 2, "after they were stopped")
		if err := w.StopAlerts(t.Context(), "psn_b", one.ID); err != nil {
			t.Errorf("somebody else's link: %v", err)
		}
		if err := w.StopAlerts(t.Context(), "psn_a", "srh_gone"); err != nil {
			t.Errorf("a search that is gone: %v", err)
		}
		back := saving.Daily
		if _, err := w.UpdateSearch(t.Context(), by("psn_a"), one.ID, saving.Change{Alerts: &back}, 0); err != nil {
			t.Fatal(err)
		}
		w.step(day, 2, "switched on again: what came meanwhile isn't new")
	})
}

// While the search doesn't answer nothing is lost, and a question that can't be asked holds nobody up.
func TestAlertsWaitForTheSearch(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		w.search("psn_a", "q=welder", saving.Daily)
		w.search("psn_b", "q=welder", saving.Daily)
		w.publish("plc_1")
		w.fail = errs.New(errs.Unavailable, "search_unavailable")
		if err := w.advance(2 * time.Hour); err == nil || len(w.events) != 0 || len(w.asked) != 3 {
			t.Fatalf("%v, %d alerts, asked %d times", err, len(w.events), len(w.asked))
		}
		w.fail, w.degraded = nil, true
		if err := w.advance(time.Hour); !errs.Has(err, "search_unavailable") || len(w.events) != 0 {
			t.Fatalf("a degraded answer: %v, %d alerts", err, len(w.events))
		}
		w.degraded = false
		w.step(time.Hour, 2, "when it answers again")
		w.publish("plc_2")
		w.fail = errs.New(errs.Invalid, "unknown_city")
		w.step(day, 2, "a question that can't be asked any more")
		w.fail = nil
		w.step(day, 4, "and can again")
	})
}

func TestManyNews(t *testing.T) {
	w := newWorld(t, storagetest.Engines(t)[0].Open(t))
	w.search("psn_a", "q=welder", saving.Daily)
	var ids []string
	for i := range saving.MostCounted + 50 {
		id := fmt.Sprintf("plc_%d", i)
		w.publish(id)
		ids = append([]string{id}, ids...)
	}
	w.step(2*time.Hour, 1, "many")
	w.told(w.events[0], saving.MostCounted, ids[:saving.MostListed]...)
	w.step(day, 1, "they aren't told again")
}
