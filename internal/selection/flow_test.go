package selection_test

import (
	"testing"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	it "github.com/orynda/orynda/internal/interviews/interviewstest"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/selection"
)

func ptr[T any](v T) *T { return &v }

func state(t *testing.T, w *it.World, applicationID string, want selection.State) *selection.Application {
	t.Helper()
	app := w.App(t, applicationID)
	if app.State != want {
		t.Fatalf("application is %s, want %s", app.State, want)
	}
	return app
}

func offer(t *testing.T, w *it.World, offerID string, want selection.OfferState) *selection.Offer {
	t.Helper()
	o, err := w.Selection.Offer(t.Context(), offerID)
	it.Ok(t, err)
	if o.State != want {
		t.Fatalf("offer is %s, want %s", o.State, want)
	}
	return o
}

func seats(t *testing.T, w *it.World, placementID string, free, live int) {
	t.Helper()
	if sh := w.Sheet(t, placementID); sh.Free() != free || sh.Live != live {
		t.Fatalf("place has %d free seats and %d live applications, want %d and %d", sh.Free(), sh.Live, free, live)
	}
}

func TestAcceptance(t *testing.T) { it.OnEngines(t, acceptance) }

// acceptance: one transaction from the yes to the agreement, with overlapping siblings withdrawn; and back when the match falls through.
func acceptance(t *testing.T, w *it.World) {
	ctx := t.Context()
	student := w.Student(t)
	place := w.Place(t, nil)
	offerA := w.Offered(t, student, place.ID)

	sibling := w.Place(t, nil)
	later := w.Place(t, func(in *placements.Input) {
		in.StartsOn, in.EndsOn = ptr(cal.Day("2027-09-01")), ptr(cal.Day("2027-12-20"))
	})
	oldest := w.Apply(t, student, sibling.ID)
	apart := w.Apply(t, student, later.ID)
	booked := w.Place(t, nil)
	invited := w.Shortlisted(t, student, booked.ID)
	slot := w.Slot(t, booked.ID, 48*time.Hour, 1)
	booking, err := w.Interviews.Book(ctx, student, slot.ID, invited.ID)
	it.Ok(t, err)
	rival := w.Place(t, it.Seats(1))
	offerB := w.Offered(t, student, rival.ID)

	done, err := w.Selection.AcceptOffer(ctx, student, offerA.ID)
	it.Ok(t, err)
	if w.Drafts[done.Match.ID] != 1 || done.Match.AgreementID == "" || done.Offer.AgreementID != done.Match.AgreementID {
		t.Fatalf("match %+v, drafted %d times", done.Match, w.Drafts[done.Match.ID])
	}
	if want := []string{oldest.ID, invited.ID, offerB.ApplicationID}; len(done.Withdrawn) != 3 || done.Withdrawn[0] != want[0] || done.Withdrawn[1] != want[1] || done.Withdrawn[2] != want[2] {
		t.Fatalf("withdrawn %v, want %v", done.Withdrawn, want)
	}
	state(t, w, offerA.ApplicationID, selection.Accepted)
	for _, id := range done.Withdrawn {
		if app := state(t, w, id, selection.Withdrawn); app.ClosedReason != selection.Superseded || app.WithdrawnBy != done.Match.ID {
			t.Fatalf("superseded application says %q by %q", app.ClosedReason, app.WithdrawnBy)
		}
	}
	state(t, w, apart.ID, selection.Submitted)
	offer(t, w, offerB.ID, selection.OfferWithdrawn)
	if b, err := w.Interviews.Booking(ctx, booking.ID); err != nil || b.State != "cancelled" || b.CancelledBy != "system" {
		t.Fatalf("booking %+v, %v", b, err)
	}
	seats(t, w, place.ID, 1, 0)
	seats(t, w, rival.ID, 1, 0)
	if n := w.Events(t, selection.EventSuperseded, ""); n != 3 {
		t.Errorf("%d owners were told, want 3", n)
	}
	_, err = w.Selection.AcceptOffer(ctx, student, offerA.ID)
	it.Refused(t, err, "offer_answered")
	if s, err := w.Selection.StudentStates(ctx, student.PersonID); err != nil || s[student.PersonID] != "placed" {
		t.Errorf("student is %q, %v", s, err)
	}

	t.Run("overlapping match", func(t *testing.T) {
		again := w.Place(t, nil)
		o := w.Offered(t, student, again.ID)
		_, err := w.Selection.AcceptOffer(ctx, student, o.ID)
		it.Refused(t, err, "overlapping_match")
		offer(t, w, o.ID, selection.OfferOpen)
		_, err = w.Selection.Withdraw(ctx, student, o.ApplicationID, "", "")
		it.Ok(t, err)
		seats(t, w, again.ID, 2, 0)
	})
	t.Run("dissolve", func(t *testing.T) {
		it.Ok(t, w.Selection.Dissolve(ctx, done.Match.ID, "agreement_cancelled"))
		it.Ok(t, w.Selection.Dissolve(ctx, done.Match.ID, "agreement_cancelled")) // a repeat changes nothing
		w.Drain(t)
		if app := state(t, w, offerA.ApplicationID, selection.Closed); app.ClosedReason != selection.DissolvedMatch {
			t.Errorf("closed for %q", app.ClosedReason)
		}
		seats(t, w, place.ID, 2, 0)
		state(t, w, oldest.ID, selection.Submitted)
		state(t, w, invited.ID, selection.Shortlisted)
		state(t, w, offerB.ApplicationID, selection.Interviewed)
		if n := w.Events(t, selection.EventReopened, ""); n != 3 {
			t.Errorf("%d reopened, want 3", n)
		}
		seats(t, w, rival.ID, 1, 1)
		// The bookings stay cancelled, and the place of the dissolved match takes a new application.
		if b, err := w.Interviews.Booking(ctx, booking.ID); err != nil || b.State != "cancelled" {
			t.Errorf("booking %+v, %v", b, err)
		}
		w.Apply(t, student, place.ID)
	})
}

func TestReopenOrder(t *testing.T) { it.OnEngines(t, reopenOrder) }

// reopenOrder: oldest first, as far as the limit of eight and the places allow; who stays out may apply again.
func reopenOrder(t *testing.T, w *it.World) {
	ctx := t.Context()
	student := w.Student(t)
	o := w.Offered(t, student, w.Place(t, nil).ID)
	var lost []*selection.Application
	for range 4 {
		lost = append(lost, w.Apply(t, student, w.Place(t, nil).ID))
		w.Clock.Advance(time.Minute)
	}
	done, err := w.Selection.AcceptOffer(ctx, student, o.ID)
	it.Ok(t, err)
	_, err = w.Placements.Close(ctx, w.HR, lost[0].PlacementID, "")
	it.Ok(t, err)
	free := func(in *placements.Input) {
		in.StartsOn, in.EndsOn = ptr(cal.Day("2027-09-01")), ptr(cal.Day("2027-12-20"))
	}
	for range 6 {
		w.Apply(t, student, w.Place(t, free).ID)
	}
	it.Ok(t, w.Selection.Dissolve(ctx, done.Match.ID, "agreement_terminated"))
	w.Drain(t)
	state(t, w, lost[0].ID, selection.Withdrawn) // its place has closed
	state(t, w, lost[1].ID, selection.Submitted)
	state(t, w, lost[2].ID, selection.Submitted)
	left := state(t, w, lost[3].ID, selection.Withdrawn) // there are eight
	_, err = w.Selection.Apply(ctx, student, left.PlacementID, selection.Request{})
	it.Refused(t, err, "too_many_applications")
	_, err = w.Selection.Withdraw(ctx, student, lost[1].ID, "", "")
	it.Ok(t, err)
	w.Apply(t, student, left.PlacementID)
}

func TestReserveChain(t *testing.T) { it.OnEngines(t, reserveChain) }

// reserveChain: the seat goes on by itself, once for each ended offer, in the enterprise's order, past whoever can't get it.
func reserveChain(t *testing.T, w *it.World) {
	ctx := t.Context()
	place := w.Place(t, func(in *placements.Input) { in.Seats, in.AutoOffer = ptr(1), ptr(true) })
	students := []accounts.Actor{w.Student(t), w.Student(t), w.Student(t), w.Student(t)}
	var apps []*selection.Application
	for i, s := range students {
		apps = append(apps, w.Scored(t, s, place.ID, selection.RecommendReserve, 2+i%3))
	}
	first, err := w.Selection.MakeOffer(ctx, w.HR, apps[0].ID, selection.NewOffer{})
	it.Ok(t, err)
	ranked, err := w.Selection.UpdateRanking(ctx, w.HR, place.ID, []string{apps[3].ID, apps[1].ID, apps[2].ID}, "По итогам бесед", 0)
	it.Ok(t, err)
	if !ranked.Ordered || ranked.Applications[0].ID != apps[3].ID || ranked.Names[apps[3].ID] == "" || len(ranked.Changes) != 1 {
		t.Fatalf("ranking %+v", ranked)
	}
	_, err = w.Selection.UpdateRanking(ctx, w.HR, place.ID, []string{apps[1].ID}, "x", ranked.Version-1)
	it.Refused(t, err, "stale_version")
	_, err = w.Selection.UpdateRanking(ctx, w.HR, place.ID, []string{apps[0].ID}, "x", 0)
	it.Refused(t, err, "not_interviewed") // it is offered
	// The next in line leaves the college: the offer passes on to the one after.
	e, err := w.Directory.Enrolment(ctx, students[3].PersonID)
	it.Ok(t, err)
	coordinator := w.MemberOf(t, w.College.ID, accounts.KindCollege, accounts.RoleCoordinator)
	_, err = w.Directory.EndEnrolment(ctx, coordinator, e.ID, directory.Ending{})
	it.Ok(t, err)
	if app := state(t, w, apps[3].ID, selection.Withdrawn); app.ClosedReason != selection.EnrolmentEnded {
		t.Errorf("left for %q", app.ClosedReason)
	}

	_, err = w.Selection.DeclineOffer(ctx, students[0], first.ID, "Другие планы")
	it.Ok(t, err)
	w.Drain(t)
	state(t, w, apps[0].ID, selection.Declined)
	second := state(t, w, apps[1].ID, selection.Offered)
	o := offer(t, w, second.OfferID, selection.OfferOpen)
	if !o.Automatic || o.Follows != first.ID {
		t.Fatalf("offer %+v doesn't follow", o)
	}
	state(t, w, apps[2].ID, selection.Reserve)
	// A repeat of the event makes no second offer, even with a seat free.
	for _, h := range selection.Handlers(w.Selection) {
		if h.Name == "selection.reserve" {
			it.Ok(t, h.Run(ctx, event(selection.EventOfferDeclined, first.ID)))
		}
	}
	if n := w.Events(t, selection.EventOfferMade, ""); n != 2 {
		t.Fatalf("%d offers were made, want 2", n)
	}

	w.Clock.Advance(6 * 24 * time.Hour)
	w.Jobs(t)
	w.Jobs(t)
	offer(t, w, o.ID, selection.OfferExpired)
	state(t, w, apps[1].ID, selection.Expired)
	third := state(t, w, apps[2].ID, selection.Offered)
	if o := offer(t, w, third.OfferID, selection.OfferOpen); o.Follows != second.OfferID {
		t.Fatalf("offer %+v doesn't follow", o)
	}
	_, err = w.Selection.DeclineOffer(ctx, students[1], second.OfferID, "")
	it.Refused(t, err, "offer_expired")
	// The enterprise's own taking back passes nothing on.
	_, err = w.Selection.WithdrawOffer(ctx, w.HR, third.OfferID, "Ошибка")
	it.Ok(t, err)
	w.Drain(t)
	state(t, w, apps[2].ID, selection.Reserve)
	seats(t, w, place.ID, 1, 1)
}

func TestOfferLife(t *testing.T) { it.OnEngines(t, offerLife) }

func offerLife(t *testing.T, w *it.World) {
	ctx := t.Context()
	place := w.Place(t, it.Seats(1))
	student := w.Student(t)
	app := w.Apply(t, student, place.ID)
	_, err := w.Selection.MakeOffer(ctx, w.HR, app.ID, selection.NewOffer{})
	it.Refused(t, err, "interview_required")
	bad := w.Scored(t, w.Student(t), place.ID, selection.RecommendReject, 1)
	_, err = w.Selection.MakeOffer(ctx, w.HR, bad.ID, selection.NewOffer{})
	it.Refused(t, err, "not_recommended")

	good := w.Scored(t, w.Student(t), place.ID, selection.RecommendReserve, 4)
	o := w.Offered(t, w.Student(t), place.ID)
	_, err = w.Selection.MakeOffer(ctx, w.HR, good.ID, selection.NewOffer{})
	it.Refused(t, err, "no_free_seat")
	_, err = w.Selection.MakeOffer(ctx, w.HR, o.ApplicationID, selection.NewOffer{})
	it.Refused(t, err, "offer_exists")
	for _, ahead := range []time.Duration{time.Hour, 17 * 24 * time.Hour} {
		_, err = w.Selection.MakeOffer(ctx, w.HR, good.ID, selection.NewOffer{ExpiresAt: w.Clock.Now().Add(ahead)})
		it.Refused(t, err, "expiry_out_of_range")
	}
	// Rejecting takes the open offer along.
	_, err = w.Selection.Reject(ctx, w.HR, o.ApplicationID, "other_candidate", "")
	it.Ok(t, err)
	if o := offer(t, w, o.ID, selection.OfferWithdrawn); o.EndedBy != selection.ByRejection {
		t.Errorf("ended by %q", o.EndedBy)
	}
	seats(t, w, place.ID, 1, 3)

	o, err = w.Selection.MakeOffer(ctx, w.HR, good.ID, selection.NewOffer{ExpiresAt: w.Clock.Now().Add(3 * 24 * time.Hour)})
	it.Ok(t, err)
	w.Jobs(t)
	if n := w.Events(t, selection.EventOfferEnding, o.ID); n != 0 {
		t.Error("reminded three days before the end")
	}
	w.Clock.Advance(2*24*time.Hour + time.Hour)
	w.Jobs(t)
	w.Jobs(t)
	if n := w.Events(t, selection.EventOfferEnding, o.ID); n != 1 {
		t.Errorf("reminded %d times, want once", n)
	}
	// Between its end and the job that notes it, nobody can answer.
	w.Clock.Advance(24 * time.Hour)
	_, err = w.Selection.WithdrawOffer(ctx, w.HR, o.ID, "")
	it.Refused(t, err, "offer_expired")
	offer(t, w, o.ID, selection.OfferOpen)
	w.Jobs(t)
	offer(t, w, o.ID, selection.OfferExpired)
	seats(t, w, place.ID, 1, 2)
}

func TestCitizens(t *testing.T) { it.OnEngines(t, citizens) }

func citizens(t *testing.T, w *it.World) {
	ctx := t.Context()
	open := w.Place(t, it.Open(w.College.ID))
	closed := w.Place(t, nil)
	citizen := w.Citizen(t)
	_, err := w.Selection.Apply(ctx, citizen, closed.ID, selection.Request{Motivation: "Прошу принять."})
	it.Refused(t, err, "not_open_to_citizens")
	_, err = w.Selection.Apply(ctx, citizen, open.ID, selection.Request{})
	it.Refused(t, err, "bad_request")
	app := w.Apply(t, citizen, open.ID)
	for code, in := range map[string]selection.NewOffer{
		"reason_required":    {CollegeID: w.College.ID},
		"college_required":   {Reason: "Опыт на подстанции"},
		"college_not_listed": {Reason: "Опыт на подстанции", CollegeID: w.University.ID},
	} {
		_, err = w.Selection.MakeOffer(ctx, w.HR, app.ID, in)
		it.Refused(t, err, code)
	}
	o, err := w.Selection.MakeOffer(ctx, w.HR, app.ID, selection.NewOffer{Reason: "Опыт на подстанции", CollegeID: w.College.ID})
	it.Ok(t, err)
	done, err := w.Selection.AcceptOffer(ctx, citizen, o.ID)
	it.Ok(t, err)
	if done.Match.CollegeID != w.College.ID || done.Match.Kind != selection.Citizen {
		t.Errorf("match %+v", done.Match)
	}
	rate, err := w.Placements.ResponseRate(ctx, w.Enterprise.ID)
	it.Ok(t, err)
	if rate.Cases != 1 || rate.Answered != 1 {
		t.Errorf("rate %+v: an offer is an answer", rate)
	}
}
