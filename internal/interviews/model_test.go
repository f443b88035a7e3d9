package interviews_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/interviews"
	it "github.com/orynda/orynda/internal/interviews/interviewstest"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

// walk is a random life of a few students and places.
type walk struct {
	t        *testing.T
	rt       *rapid.T
	w        *it.World
	students []accounts.Actor
	places   []string
	apps     []string
	slots    []string
	bookings []string
	offers   []string
	matches  []string
}

// TestModel lets random sequences of everything that people and the system do go over real services and checks I1 to I5 after each step. A
// refusal must be one of the documented kinds; anything else is a bug.
func TestModel(t *testing.T) {
	engine := storagetest.Engines(t)[0] // sqlite: contention, on both engines, is tested elsewhere
	w := it.New(t, engine.Open(t))
	rapid.Check(t, func(rt *rapid.T) {
		m := &walk{t: t, rt: rt, w: w}
		defer m.end()
		for range 3 {
			m.students = append(m.students, w.Student(t))
		}
		for i := range 4 {
			m.places = append(m.places, w.Place(t, m.terms(i)).ID)
		}
		for range rapid.IntRange(20, 120).Draw(rt, "steps") {
			m.step()
			m.check()
		}
	})
}

// end closes what is open, so that nobody waits for the enterprise in the next walk.
func (m *walk) end() {
	for _, place := range m.places {
		if _, err := m.w.Placements.Close(m.t.Context(), m.w.HR, place, ""); err != nil && !errs.Has(err, "wrong_state") {
			m.t.Error(err)
		}
	}
	m.w.Jobs(m.t)
	m.w.Clock.Advance(24 * time.Hour)
}

// terms gives each place dates relative to now; the last one trains later than the others.
func (m *walk) terms(i int) func(in *placements.Input) {
	today := cal.DayOf(m.w.Clock.Now())
	return func(in *placements.Input) {
		in.Seats = ptr(1 + i%2)
		in.AutoOffer = ptr(true)
		from := today.Add(60)
		if i == 3 {
			from = today.Add(300)
		}
		in.ApplyBy, in.StartsOn, in.EndsOn = ptr(today.Add(40)), ptr(from), ptr(from.Add(100))
	}
}

func pick(m *walk, name string, list []string) string {
	if len(list) == 0 {
		return ""
	}
	return rapid.SampledFrom(list).Draw(m.rt, name)
}

// owner finds the student of an application.
func (m *walk) owner(applicationID string) accounts.Actor {
	app, err := m.w.Selection.Application(m.t.Context(), applicationID)
	if err != nil {
		return accounts.Actor{}
	}
	for _, s := range m.students {
		if s.PersonID == app.StudentID {
			return s
		}
	}
	return accounts.Actor{}
}

func (m *walk) step() {
	ctx, s, iv := m.t.Context(), m.w.Selection, m.w.Interviews
	if len(m.apps) > 2 && rapid.IntRange(0, 2).Draw(m.rt, "onward") > 0 {
		m.onward(ctx)
		return
	}
	app, slot, bkg, ofr := pick(m, "app", m.apps), pick(m, "slot", m.slots), pick(m, "booking", m.bookings), pick(m, "offer", m.offers)
	op := rapid.SampledFrom([]string{
		"apply", "apply", "shortlist", "shortlist", "slot", "slot", "hold", "book", "book", "move", "cancel", "cancel slot", "attend", "attend", "absent", "score", "score",
		"rank", "offer", "offer", "accept", "accept", "decline", "take back", "withdraw", "reject", "dissolve", "advance", "jobs", "drain", "close",
	}).Draw(m.rt, "op")
	var err error
	switch op {
	case "apply":
		var a *selection.Application
		if a, err = s.Apply(ctx, rapid.SampledFrom(m.students).Draw(m.rt, "student"), pick(m, "place", m.places), selection.Request{}); err == nil {
			m.apps = append(m.apps, a.ID)
		}
	case "slot":
		err = m.offerSlot(ctx)
	case "advance":
		m.w.Clock.Advance(time.Duration(rapid.SampledFrom([]int{1, 4, 20, 26, 100, 390}).Draw(m.rt, "hours")) * time.Hour)
	case "jobs":
		m.w.Jobs(m.t)
		m.found(ctx)
	case "drain":
		m.w.Drain(m.t)
		m.found(ctx)
	case "dissolve":
		if match := pick(m, "match", m.matches); match != "" {
			err = s.Dissolve(ctx, match, "agreement_cancelled")
		}
	case "close":
		if rapid.IntRange(0, 4).Draw(m.rt, "really") == 0 {
			_, err = m.w.Placements.Close(ctx, m.w.HR, pick(m, "place", m.places), "")
		}
	case "shortlist", "withdraw", "reject", "offer", "rank":
		err = m.onApplication(ctx, op, app)
	case "hold":
		_, err = iv.HoldSlot(ctx, m.owner(app), slot, app)
	case "book":
		var b *interviews.Booking
		if b, err = iv.Book(ctx, m.owner(app), slot, app); err == nil {
			m.bookings = append(m.bookings, b.ID)
		}
	case "cancel slot":
		_, err = iv.CancelSlot(ctx, m.w.HR, slot, "x")
	case "move", "cancel", "attend", "absent", "score":
		err = m.onBooking(ctx, op, bkg, slot)
	default:
		err = m.onOffer(ctx, op, ofr)
	}
	m.refusal(op, err)
}

// onward takes one application a step further on its way, because chance alone rarely gets to a match.
func (m *walk) onward(ctx context.Context) {
	app, err := m.w.Selection.Application(ctx, pick(m, "app", m.apps))
	if err != nil {
		m.rt.Fatal(err)
	}
	student := m.owner(app.ID)
	switch {
	case app.State == selection.Submitted || app.Missed:
		err = m.onApplication(ctx, "shortlist", app.ID)
	case app.State == selection.Shortlisted:
		err = m.invite(ctx, student, app)
	case app.State == selection.Interviewing && rapid.IntRange(0, 3).Draw(m.rt, "move") == 0:
		err = m.elsewhere(ctx, student, app)
	case app.State == selection.Interviewing:
		if wait := app.Interview.StartsAt.Sub(m.w.Clock.Now()); wait > 0 {
			m.w.Clock.Advance(wait)
		}
		err = m.onBooking(ctx, "attend", app.Interview.BookingID, "")
	case app.State == selection.Interviewed && app.Outcome == nil:
		err = m.onBooking(ctx, "score", app.Interview.BookingID, "")
	case app.State == selection.Interviewed && rapid.Bool().Draw(m.rt, "rank"):
		err = m.onApplication(ctx, "rank", app.ID)
	case app.State == selection.Interviewed || app.State == selection.Reserve:
		err = m.onApplication(ctx, "offer", app.ID)
	case app.State == selection.Offered:
		err = m.onOffer(ctx, rapid.SampledFrom([]string{"accept", "accept", "decline", "take back"}).Draw(m.rt, "answer"), app.OfferID)
	case app.State == selection.Accepted && rapid.IntRange(0, 2).Draw(m.rt, "dissolve") == 0:
		err = m.w.Selection.Dissolve(ctx, app.MatchID, "agreement_cancelled")
	}
	m.refusal("onward from "+string(app.State), err)
}

// fresh offers a time of an application's place and gives its id.
func (m *walk) fresh(ctx context.Context, app *selection.Application) (string, error) {
	begin := m.w.Clock.Now().Add(time.Duration(rapid.IntRange(3, 30).Draw(m.rt, "hour")) * time.Hour)
	made, _, err := m.w.Interviews.CreateSlots(ctx, m.w.HR, app.PlacementID, interviews.NewSlots{
		StartsAt: begin, EndsAt: begin.Add(time.Hour), Form: interviews.ByPhone, Phone: "+77212000000",
	})
	if err != nil {
		return "", err
	}
	m.slots = append(m.slots, made[0].Slot.ID)
	return made[0].Slot.ID, nil
}

func (m *walk) invite(ctx context.Context, student accounts.Actor, app *selection.Application) error {
	slot, err := m.fresh(ctx, app)
	if err != nil {
		return err
	}
	if rapid.Bool().Draw(m.rt, "hold first") {
		if _, err := m.w.Interviews.HoldSlot(ctx, student, slot, app.ID); err != nil {
			return err
		}
	}
	if rapid.IntRange(0, 4).Draw(m.rt, "leave it held") == 0 {
		return nil
	}
	b, err := m.w.Interviews.Book(ctx, student, slot, app.ID)
	if err == nil {
		m.bookings = append(m.bookings, b.ID)
	}
	return err
}

func (m *walk) elsewhere(ctx context.Context, student accounts.Actor, app *selection.Application) error {
	slot, err := m.fresh(ctx, app)
	if err != nil {
		return err
	}
	_, err = m.w.Interviews.Move(ctx, student, app.Interview.BookingID, slot, "x")
	return err
}

func (m *walk) offerSlot(ctx context.Context) error {
	begin := m.w.Clock.Now().Add(time.Duration(rapid.IntRange(0, 40).Draw(m.rt, "hour")) * time.Hour).Add(time.Minute)
	made, _, err := m.w.Interviews.CreateSlots(ctx, m.w.HR, pick(m, "place", m.places), interviews.NewSlots{
		StartsAt: begin, EndsAt: begin.Add(90 * time.Minute), Capacity: rapid.IntRange(1, 2).Draw(m.rt, "capacity"), Form: interviews.ByPhone, Phone: "+77212000000",
	})
	if err == nil {
		m.slots = append(m.slots, made[0].Slot.ID)
	}
	return err
}

func (m *walk) onApplication(ctx context.Context, op, app string) error {
	s := m.w.Selection
	var err error
	switch op {
	case "shortlist":
		_, err = s.Shortlist(ctx, m.w.HR, app, "")
	case "withdraw":
		_, err = s.Withdraw(ctx, m.owner(app), app, "", "")
	case "reject":
		_, err = s.Reject(ctx, m.w.HR, app, "other", "")
	case "rank":
		var place string
		if a, e := s.Application(ctx, app); e == nil {
			place = a.PlacementID
		}
		_, err = s.UpdateRanking(ctx, m.w.HR, place, []string{app}, "x", 0)
	case "offer":
		var o *selection.Offer
		if o, err = s.MakeOffer(ctx, m.w.HR, app, selection.NewOffer{}); err == nil {
			m.offers = append(m.offers, o.ID)
		}
	}
	return err
}

func (m *walk) onBooking(ctx context.Context, op, bkg, slot string) error {
	iv := m.w.Interviews
	var student accounts.Actor
	if b, err := iv.Booking(ctx, bkg); err == nil {
		student = m.owner(b.ApplicationID)
	}
	var err error
	switch op {
	case "move":
		_, err = iv.Move(ctx, student, bkg, slot, "x")
	case "cancel":
		_, err = iv.Cancel(ctx, student, bkg, "x")
	case "attend":
		_, err = iv.RecordAttendance(ctx, m.w.HR, bkg, interviews.Attended)
	case "absent":
		_, err = iv.RecordAttendance(ctx, m.w.HR, bkg, rapid.SampledFrom([]interviews.BookingState{interviews.StudentAbsent, interviews.EnterpriseAbsent}).Draw(m.rt, "who"))
	case "score":
		_, _, err = iv.RecordScorecard(ctx, m.w.HR, bkg, interviews.NewScorecard{
			Criteria:       []interviews.Criterion{{Name: "a", Score: rapid.IntRange(1, 5).Draw(m.rt, "score")}},
			Recommendation: rapid.SampledFrom([]selection.Recommendation{"select", "reserve", "reject"}).Draw(m.rt, "rec"),
		})
	}
	return err
}

func (m *walk) onOffer(ctx context.Context, op, ofr string) error {
	s := m.w.Selection
	var student accounts.Actor
	if o, err := s.Offer(ctx, ofr); err == nil {
		student = m.owner(o.ApplicationID)
	}
	var err error
	switch op {
	case "accept":
		var done *selection.Acceptance
		if done, err = s.AcceptOffer(ctx, student, ofr); err == nil {
			m.matches = append(m.matches, done.Match.ID)
		}
	case "decline":
		_, err = s.DeclineOffer(ctx, student, ofr, "")
	case "take back":
		_, err = s.WithdrawOffer(ctx, m.w.HR, ofr, "")
	}
	return err
}

// found adds the offers that the system made.
func (m *walk) found(ctx context.Context) {
	for _, place := range m.places {
		page, err := m.w.Selection.ListPlacementOffers(ctx, m.w.HR, place, selection.OfferFilter{Limit: 100})
		if err != nil {
			m.rt.Fatal(err)
		}
		for _, o := range page.Items {
			if !slices.Contains(m.offers, o.ID) {
				m.offers = append(m.offers, o.ID)
			}
		}
	}
}

// refusal lets the documented kinds of refusal pass.
func (m *walk) refusal(op string, err error) {
	switch errs.KindOf(err) {
	case errs.Conflict, errs.Unprocessable, errs.NotFound, errs.Forbidden, errs.Unauthorized:
		if !errs.Has(err, "conflict") {
			return
		}
	}
	if err != nil {
		m.rt.Fatalf("%s: %v", op, err)
	}
}

// check compares everything stored with the invariants.
func (m *walk) check() {
	ctx := m.t.Context()
	var apps []*selection.Application
	for _, place := range m.places {
		apps = append(apps, m.checkPlace(ctx, place)...)
	}
	for _, s := range m.students {
		m.checkStudent(ctx, s, apps)
	}
	for _, id := range m.slots {
		slot, err := m.w.Interviews.Slot(ctx, id)
		if err != nil {
			m.rt.Fatal(err)
		}
		m.checkSlot(ctx, slot)
	}
}

func (m *walk) checkPlace(ctx context.Context, place string) []*selection.Application {
	sheet, err := m.w.Placements.Sheet(ctx, place)
	if err != nil {
		m.rt.Fatal(err)
	}
	page, err := m.w.Selection.ListOfPlacement(ctx, m.w.HR, place, selection.Filter{Limit: 100})
	if err != nil {
		m.rt.Fatal(err)
	}
	live, seats := 0, map[string]bool{}
	for _, app := range page.Items {
		if app.State.Live() {
			live++
		}
		if app.State == selection.Offered || app.State == selection.Accepted {
			seats[app.OfferID] = true
		}
	}
	used, err := m.w.Selection.SeatUse(ctx, place)
	if err != nil {
		m.rt.Fatal(err)
	}
	if sheet.Live != live || len(sheet.Taken) != len(seats) || used[place].Offers+used[place].Matches != len(seats) || len(seats) > sheet.Seats { // I2
		m.rt.Fatalf("place counts %d live and %v taken of %d; there are %d live, %d offers and %d matches", sheet.Live, sheet.Taken, sheet.Seats, live, used[place].Offers, used[place].Matches)
	}
	for _, id := range sheet.Taken {
		if !seats[id] {
			m.rt.Fatalf("offer %s holds a seat for nobody", id)
		}
	}
	return page.Items
}

func (m *walk) checkStudent(ctx context.Context, s accounts.Actor, all []*selection.Application) {
	live := map[string]bool{}
	var matches []*selection.Match
	for _, app := range all {
		if app.StudentID != s.PersonID {
			continue
		}
		if app.State.Live() {
			if live[app.PlacementID] {
				m.rt.Fatalf("two live applications for one place")
			}
			live[app.PlacementID] = true
		}
		if app.State == selection.Accepted {
			match, err := m.w.Selection.Match(ctx, app.MatchID)
			if err != nil || match.State != selection.MatchActive || match.AgreementID == "" || match.AgreementID != app.AgreementID { // I5
				m.rt.Fatalf("accepted without a match: %+v, %v", match, err)
			}
			matches = append(matches, match)
		}
		m.checkBookings(ctx, app)
	}
	if len(live) > selection.MostLiveApplications {
		m.rt.Fatalf("%d live applications", len(live))
	}
	for i, a := range matches { // I3
		for _, b := range matches[:i] {
			if cal.Overlap(a.From, a.To, b.From, b.To) {
				m.rt.Fatalf("matches overlap: %+v, %+v", a, b)
			}
		}
	}
	page, err := m.w.Interviews.ListMyBookings(ctx, s, interviews.BookingFilter{States: []interviews.BookingState{interviews.Booked}, Limit: 100})
	if err != nil {
		m.rt.Fatal(err)
	}
	for i, a := range page.Items { // I1
		for _, b := range page.Items[:i] {
			if a.Booking.StartsAt.Before(b.Booking.EndsAt) && b.Booking.StartsAt.Before(a.Booking.EndsAt) {
				m.rt.Fatalf("bookings overlap: %+v, %+v", a.Booking, b.Booking)
			}
		}
	}
}

// checkBookings: exactly an interviewing application that waits for its interview has a live booking, the one it names.
func (m *walk) checkBookings(ctx context.Context, app *selection.Application) {
	latest, err := m.w.Interviews.LatestBooking(ctx, app.ID)
	if err != nil && !storage.IsNotFound(err) {
		m.rt.Fatal(err)
	}
	live := err == nil && latest.State == interviews.Booked
	want := app.State == selection.Interviewing && !app.Missed
	if live != want || (live && (app.Interview.BookingID != latest.ID || !app.Interview.Live || app.Interview.SlotID != latest.SlotID)) {
		m.rt.Fatalf("application %s (missed %v) with interview %+v has booking %+v", app.State, app.Missed, app.Interview, latest)
	}
}

func (m *walk) checkSlot(ctx context.Context, slot *interviews.Slot) {
	now := m.w.Clock.Now()
	taken := 0
	for _, seat := range slot.Seats {
		if seat.Until.IsZero() || now.Before(seat.Until) {
			taken++
		}
		if strings.HasPrefix(seat.Ref, "bkg_") {
			b, err := m.w.Interviews.Booking(ctx, seat.Ref)
			if err != nil || b.State == interviews.Cancelled || b.SlotID != slot.ID {
				m.rt.Fatalf("seat of %+v, %v", b, err)
			}
		}
	}
	if taken > slot.Capacity || (slot.Cancelled && taken > 0) { // I1
		m.rt.Fatalf("%d of %d seats are taken: %s", taken, slot.Capacity, fmt.Sprint(slot.Seats))
	}
}
