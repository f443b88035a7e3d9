package placements_test

import (
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/placements"
)

// seedPlaces is how many places TestSeed writes; ORYNDA_TEST_SEED_PLACES asks for more, to measure.
func seedPlaces() int {
	if n, err := strconv.Atoi(os.Getenv("ORYNDA_TEST_SEED_PLACES")); err == nil {
		return n
	}
	return 450
}

func TestSeed(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		var batch []placements.Posting
		for range seedPlaces() {
			batch = append(batch, placements.Posting{EnterpriseID: ent, In: complete(), At: w.clock.Now().Add(-time.Hour)})
		}
		begun := time.Now()
		ids, err := w.Seed(ctx, batch, false)
		if err != nil || len(ids) != len(batch) {
			t.Fatalf("%d places, %v", len(ids), err)
		}
		t.Logf("%d places in %v", len(ids), time.Since(begun))
		v, err := w.Get(ctx, w.hr, ids[len(ids)-1])
		if err != nil || v.Place.State != placements.Published || len(v.Filings) != 1 || v.Filings[0].Number == "" || v.Place.Check.Rules == "" {
			t.Fatalf("%+v %v", v, err)
		}
		if w.count(placements.EventPublished, "") != 0 {
			t.Error("a silent seed spoke")
		}
		begun = time.Now()
		n := 0
		if err := w.EachPublic(ctx, func(placements.PublicPlace) error { n++; return nil }); err != nil || n != len(batch) {
			t.Fatalf("the index gets %d, %v", n, err)
		}
		t.Logf("read in %v", time.Since(begun))
		next := w.published()
		if want := "35-2026-" + leftPad(len(batch)+1); next.Filings[0].Number != want {
			t.Errorf("number %s after the seed, want %s", next.Filings[0].Number, want)
		}
		loud, err := w.Seed(ctx, batch[:1], true)
		if err != nil || w.count(placements.EventPublished, loud[0]) != 1 || w.count(placements.EventChanged, loud[0]) != 1 {
			t.Errorf("an announced seed: %v", err)
		}
		broken := complete()
		broken.MentorID = nil
		if _, err := w.Seed(ctx, []placements.Posting{{EnterpriseID: ent, In: broken}}, false); errs.CodeOf(err) != "legal_check_failed" {
			t.Errorf("a place that breaks rules: %v", err)
		}
	})
}

func leftPad(n int) string {
	s := strconv.Itoa(n)
	for len(s) < 6 {
		s = "0" + s
	}
	return s
}
