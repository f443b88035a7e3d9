package selection_test

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/orynda/orynda/internal/accounts"
	it "github.com/orynda/orynda/internal/interviews/interviewstest"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/selection"
)

// Forty callers at once: exactly as many succeed as may, and everybody else hears why.
func TestContention(t *testing.T) {
	it.OnEngines(t, func(t *testing.T, w *it.World) {
		t.Run("one place once", func(t *testing.T) { onePlaceOnce(t, w) })
		t.Run("eight live", func(t *testing.T) { eightLive(t, w) })
		t.Run("ten per seat", func(t *testing.T) { tenPerSeat(t, w) })
		t.Run("last seat", func(t *testing.T) { lastSeat(t, w) })
		t.Run("one offer each way", func(t *testing.T) { oneOffer(t, w) })
		t.Run("overlapping matches", func(t *testing.T) { overlappingMatches(t, w) })
		t.Run("leaving while applying", func(t *testing.T) { leavingWhileApplying(t, w) })
	})
}

func onePlaceOnce(t *testing.T, w *it.World) {
	place, student := w.Place(t, nil), w.Student(t)
	got := it.Together(t, func(ctx context.Context, _ int) error {
		_, err := w.Selection.Apply(ctx, student, place.ID, selection.Request{})
		return err
	})
	it.Want(t, got, map[string]int{"": 1, "already_applied": it.Callers - 1})
	seats(t, w, place.ID, 2, 1)
}

func eightLive(t *testing.T, w *it.World) {
	student := w.Student(t)
	var ids [it.Callers]string
	for i := range ids {
		ids[i] = w.Place(t, nil).ID
	}
	got := it.Together(t, func(ctx context.Context, i int) error {
		_, err := w.Selection.Apply(ctx, student, ids[i], selection.Request{})
		return err
	})
	it.Want(t, got, map[string]int{"": selection.MostLiveApplications, "too_many_applications": it.Callers - selection.MostLiveApplications})
	live := 0
	for _, id := range ids {
		live += w.Sheet(t, id).Live
	}
	if live != selection.MostLiveApplications {
		t.Errorf("the places count %d live applications", live)
	}
}

func tenPerSeat(t *testing.T, w *it.World) {
	place := w.Place(t, it.Seats(1))
	var students [it.Callers]accounts.Actor
	for i := range students {
		students[i] = w.Student(t)
	}
	got := it.Together(t, func(ctx context.Context, i int) error {
		_, err := w.Selection.Apply(ctx, students[i], place.ID, selection.Request{})
		return err
	})
	it.Want(t, got, map[string]int{"": placements.LivePerSeat, "applications_full": it.Callers - placements.LivePerSeat})
}

// lastSeat: forty offers to forty citizens for three seats.
func lastSeat(t *testing.T, w *it.World) {
	const free = 3
	place := w.Place(t, func(in *placements.Input) {
		it.Open(w.College.ID)(in)
		in.Seats = ptr(it.Callers)
	})
	var apps [it.Callers]string
	for i := range apps {
		apps[i] = w.Apply(t, w.Citizen(t), place.ID).ID
	}
	_, err := w.Placements.Update(t.Context(), w.HR, place.ID, placements.Input{Seats: ptr(free)}, 0)
	it.Ok(t, err)
	got := it.Together(t, func(ctx context.Context, i int) error {
		_, err := w.Selection.MakeOffer(ctx, w.HR, apps[i], selection.NewOffer{Reason: "Опыт", CollegeID: w.College.ID})
		return err
	})
	it.Want(t, got, map[string]int{"": free, "no_free_seat": it.Callers - free})
	if use, err := w.Selection.SeatUse(t.Context(), place.ID); err != nil || use[place.ID].Offers != free || use[place.ID].Matches != 0 {
		t.Errorf("%+v, %v", use, err)
	}
}

// oneOffer: accepted, declined and taken back at once, many times over: one of them happens.
func oneOffer(t *testing.T, w *it.World) {
	student, place := w.Student(t), w.Place(t, nil)
	o := w.Offered(t, student, place.ID)
	var accepted, declined, withdrawn atomic.Int32
	got := it.Together(t, func(ctx context.Context, i int) error {
		var err error
		counts := &accepted
		switch i % 3 {
		case 0:
			_, err = w.Selection.AcceptOffer(ctx, student, o.ID)
		case 1:
			counts = &declined
			_, err = w.Selection.DeclineOffer(ctx, student, o.ID, "")
		default:
			counts = &withdrawn
			_, err = w.Selection.WithdrawOffer(ctx, w.HR, o.ID, "")
		}
		if err == nil {
			counts.Add(1)
		}
		return err
	})
	it.Want(t, got, map[string]int{"": 1, "offer_answered": it.Callers - 1})
	taken := 2 - w.Sheet(t, place.ID).Free()
	if taken != int(accepted.Load()) {
		t.Errorf("%d seats are taken after %d acceptances", taken, accepted.Load())
	}
	want := selection.OfferAccepted
	switch {
	case declined.Load() == 1:
		want = selection.OfferDeclined
	case withdrawn.Load() == 1:
		want = selection.OfferWithdrawn
	}
	offer(t, w, o.ID, want)
}

// overlappingMatches: one student accepts six overlapping offers at once.
func overlappingMatches(t *testing.T, w *it.World) {
	const offers = 6
	student := w.Student(t)
	var ids [offers]string
	for i := range ids {
		ids[i] = w.Offered(t, student, w.Place(t, nil).ID).ID
	}
	before := len(w.Drafts)
	got := it.Together(t, func(ctx context.Context, i int) error {
		_, err := w.Selection.AcceptOffer(ctx, student, ids[i%offers])
		return err
	})
	// The first acceptance takes the other offers along.
	it.Want(t, got, map[string]int{"": 1, "offer_answered": it.Callers - 1})
	matches := 0
	for _, id := range ids {
		o, err := w.Selection.Offer(t.Context(), id)
		it.Ok(t, err)
		if o.State == selection.OfferAccepted {
			matches++
		}
		if sh := w.Sheet(t, o.PlacementID); sh.Live != 0 || (sh.Free() == 1) != (o.State == selection.OfferAccepted) {
			t.Errorf("an offer %s leaves %+v", o.State, sh)
		}
	}
	if matches != 1 || len(w.Drafts) == before {
		t.Errorf("%d matches, %d drafts", matches, len(w.Drafts)-before)
	}
}

// leavingWhileApplying: whoever ends the enrolment leaves no live application behind, whatever else goes on.
func leavingWhileApplying(t *testing.T, w *it.World) {
	student := w.Student(t)
	var ids [7]string
	for i := range ids {
		ids[i] = w.Place(t, nil).ID
	}
	e, err := w.Directory.Enrolment(t.Context(), student.PersonID)
	it.Ok(t, err)
	coordinator := w.MemberOf(t, w.College.ID, accounts.KindCollege, accounts.RoleCoordinator)
	it.Together(t, func(ctx context.Context, i int) error {
		if i == it.Callers/2 {
			_, err := w.Directory.EndEnrolment(ctx, coordinator, e.ID, ending())
			return err
		}
		_, err := w.Selection.Apply(ctx, student, ids[i%len(ids)], selection.Request{})
		return err
	})
	if s, err := w.Selection.StudentStates(t.Context(), student.PersonID); err != nil || len(s) > 0 {
		t.Fatalf("after leaving the student is %q, %v", s, err)
	}
	for _, id := range ids {
		if live := w.Sheet(t, id).Live; live != 0 {
			t.Errorf("a place counts %d live applications", live)
		}
	}
}
