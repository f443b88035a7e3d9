package interviews_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/interviews"
	it "github.com/orynda/orynda/internal/interviews/interviewstest"
	"github.com/orynda/orynda/internal/selection"
)

func appState(t *testing.T, w *it.World, id string, want selection.State) *selection.Application {
	t.Helper()
	app := w.App(t, id)
	if app.State != want {
		t.Fatalf("application is %s, want %s", app.State, want)
	}
	return app
}

func TestBooking(t *testing.T) { it.OnEngines(t, booking) }

func booking(t *testing.T, w *it.World) {
	ctx := t.Context()
	place, elsewhere := w.Place(t, nil), w.Place(t, nil)
	student := w.Student(t)
	app := w.Apply(t, student, place.ID)
	slot := w.Slot(t, place.ID, 2*day, 1)
	_, err := w.Interviews.Book(ctx, student, slot.ID, app.ID)
	it.Refused(t, err, "not_invited")
	app, err = w.Selection.Shortlist(ctx, w.HR, app.ID, "")
	it.Ok(t, err)
	for code, err := range map[string]error{
		"other_placement": second(w.Interviews.Book(ctx, student, w.Slot(t, elsewhere.ID, 2*day, 1).ID, app.ID)),
		"not_found":       second(w.Interviews.Book(ctx, w.Student(t), slot.ID, app.ID)),
		"forbidden":       second(w.Interviews.Book(ctx, w.HR, slot.ID, app.ID)),
		"slot_too_soon":   second(w.Interviews.Book(ctx, student, w.Slot(t, place.ID, time.Hour, 1).ID, app.ID)),
	} {
		it.Refused(t, err, code)
	}

	// A hold keeps the seat, is given again, and lets go when another one is taken.
	hold, err := w.Interviews.HoldSlot(ctx, student, slot.ID, app.ID)
	it.Ok(t, err)
	again, err := w.Interviews.HoldSlot(ctx, student, slot.ID, app.ID)
	it.Ok(t, err)
	if again.HoldID != hold.HoldID || !again.ExpiresAt.Equal(hold.ExpiresAt) {
		t.Errorf("held again: %+v, %+v", hold, again)
	}
	rival := w.Student(t)
	theirs := w.Shortlisted(t, rival, place.ID)
	_, err = w.Interviews.Book(ctx, rival, slot.ID, theirs.ID)
	it.Refused(t, err, "slot_full")
	later := w.Slot(t, place.ID, 3*day, 1)
	_, err = w.Interviews.HoldSlot(ctx, student, later.ID, app.ID)
	it.Ok(t, err)
	_, err = w.Interviews.HoldSlot(ctx, rival, slot.ID, theirs.ID)
	it.Ok(t, err)
	w.Clock.Advance(interviews.HoldLife)
	b, err := w.Interviews.Book(ctx, student, slot.ID, app.ID) // the rival's hold has run out
	it.Ok(t, err)
	booked := appState(t, w, app.ID, selection.Interviewing)
	if booked.Interview.BookingID != b.ID || !booked.Interview.Live || booked.InterviewerID != slot.InterviewerID {
		t.Errorf("selection knows %+v", booked.Interview)
	}
	_, err = w.Interviews.Book(ctx, student, later.ID, app.ID)
	it.Refused(t, err, "already_booked")

	t.Run("views", func(t *testing.T) { slotViews(t, w, student, rival, slot, b) })

	moved, err := w.Interviews.Move(ctx, student, b.ID, later.ID, "Экзамен")
	it.Ok(t, err)
	if moved.ID != b.ID || moved.UID() != b.UID() || moved.Sequence != 1 || moved.SlotID != later.ID {
		t.Errorf("moved to %+v", moved)
	}
	if iv := w.App(t, app.ID).Interview; iv.SlotID != later.ID || !iv.StartsAt.Equal(later.StartsAt) {
		t.Errorf("selection knows %+v", iv)
	}
	if s, err := w.Interviews.Slot(ctx, slot.ID); err != nil || len(s.Seats) != 0 {
		t.Errorf("the old seat is still taken: %+v, %v", s.Seats, err)
	}
	// Back in time is free for another application of the same student.
	w.Clock.Advance(3*day - 11*time.Hour)
	_, err = w.Interviews.Move(ctx, student, b.ID, w.Slot(t, place.ID, 2*day, 1).ID, "x")
	it.Refused(t, err, "too_late")
	done, err := w.Interviews.Cancel(ctx, student, b.ID, "Болезнь")
	it.Ok(t, err)
	if !done.Late || done.CancelledBy != interviews.PartyStudent || done.Sequence != 2 {
		t.Errorf("cancelled: %+v", done)
	}
	if app := appState(t, w, app.ID, selection.Shortlisted); app.InterviewerID != "" {
		t.Error("the interviewer keeps the applicant of a cancelled booking")
	}
	_, err = w.Interviews.Cancel(ctx, student, b.ID, "x")
	it.Refused(t, err, "wrong_state")
}

func second[T any](_ T, err error) error { return err }

// slotViews: who booked sees number and interviewer, the others only that it is taken.
func slotViews(t *testing.T, w *it.World, student, rival accounts.Actor, slot *interviews.Slot, b *interviews.Booking) {
	ctx := t.Context()
	mine, err := w.Interviews.GetSlot(ctx, student, slot.ID)
	it.Ok(t, err)
	if !mine.Mine || mine.BookingID != b.ID || mine.Slot.Phone == "" || mine.InterviewerName == "" || len(mine.Attendees) != 0 {
		t.Errorf("the owner sees %+v", mine)
	}
	other, err := w.Interviews.GetSlot(ctx, rival, slot.ID)
	it.Ok(t, err)
	if other.Mine || other.BookingID != "" || other.Slot.Phone != "" || other.Slot.InterviewerID != "" || other.InterviewerName != "" || other.State != interviews.SlotFull || len(other.Attendees)+len(other.Slot.Seats) != 0 {
		t.Errorf("another applicant sees %+v %+v", other, other.Slot)
	}
	staff, err := w.Interviews.GetSlot(ctx, w.HR, slot.ID)
	it.Ok(t, err)
	if len(staff.Attendees) != 1 || staff.Attendees[0].FullName == "" || staff.Slot.Phone == "" {
		t.Errorf("staff sees %+v", staff)
	}
	for name, a := range map[string]accounts.Actor{"stranger": w.Student(t), "interviewer of others": w.Member(t, accounts.RoleInterviewer)} {
		if _, err := w.Interviews.GetSlot(ctx, a, slot.ID); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := w.Interviews.GetBooking(ctx, a, b.ID); err == nil {
			t.Errorf("%s sees the booking", name)
		}
	}
	interviewer := accounts.Actor{PersonID: slot.InterviewerID, EmailProved: true, Memberships: []accounts.Membership{
		{PersonID: slot.InterviewerID, OrganisationID: w.Enterprise.ID, Kind: accounts.KindEnterprise, Role: accounts.RoleInterviewer},
	}}
	for _, a := range []accounts.Actor{interviewer, w.HR} {
		v, err := w.Interviews.GetBooking(ctx, a, b.ID)
		it.Ok(t, err)
		if v.StudentName == "" || !v.Staff {
			t.Errorf("staff sees %+v", v)
		}
		page, err := w.Selection.ListOfPlacement(ctx, a, b.PlacementID, selection.Filter{})
		it.Ok(t, err)
		if want := map[bool]int{true: 1, false: 2}[a.PersonID == interviewer.PersonID]; len(page.Items) != want {
			t.Errorf("%d applications, want %d", len(page.Items), want)
		}
	}
	bookings, err := w.Interviews.ListMyBookings(ctx, interviewer, interviews.BookingFilter{})
	it.Ok(t, err)
	if len(bookings.Items) != 1 || bookings.Items[0].Booking.ID != b.ID {
		t.Errorf("the interviewer's bookings: %+v", bookings.Items)
	}
	listed, err := w.Interviews.ListSlots(ctx, rival, slot.PlacementID, interviews.SlotFilter{States: []interviews.SlotState{interviews.SlotOpen}})
	it.Ok(t, err)
	for _, v := range listed.Items {
		if v.State != interviews.SlotOpen || v.Slot.ID == slot.ID {
			t.Errorf("listed as open: %+v", v)
		}
	}
	if len(listed.Items) == 0 {
		t.Error("no open slot is listed")
	}
}

func TestAttendance(t *testing.T) { it.OnEngines(t, attendance) }

func attendance(t *testing.T, w *it.World) {
	ctx := t.Context()
	place := w.Place(t, nil)
	student := w.Student(t)
	app := w.Shortlisted(t, student, place.ID)
	book := func() *interviews.Booking {
		t.Helper()
		b, err := w.Interviews.Book(ctx, student, w.Slot(t, place.ID, day, 1).ID, app.ID)
		it.Ok(t, err)
		return b
	}
	b := book()
	_, err := w.Interviews.RecordAttendance(ctx, w.HR, b.ID, interviews.Attended)
	it.Refused(t, err, "too_early")
	w.Clock.Advance(day)
	_, err = w.Interviews.RecordAttendance(ctx, student, b.ID, interviews.Attended)
	it.Refused(t, err, "forbidden")
	_, err = w.Interviews.RecordAttendance(ctx, student, b.ID, interviews.EnterpriseAbsent)
	it.Ok(t, err)
	_, err = w.Interviews.RecordAttendance(ctx, w.HR, b.ID, interviews.Attended)
	it.Refused(t, err, "attendance_recorded")
	appState(t, w, app.ID, selection.Shortlisted)

	for _, want := range []selection.State{selection.Shortlisted, selection.Interviewing} {
		b = book()
		w.Clock.Advance(day)
		_, err = w.Interviews.RecordAttendance(ctx, w.HR, b.ID, interviews.StudentAbsent)
		it.Ok(t, err)
		_, err = w.Interviews.RecordAttendance(ctx, w.HR, b.ID, interviews.StudentAbsent) // once more changes nothing
		it.Ok(t, err)
		appState(t, w, app.ID, want)
	}
	_, err = w.Interviews.Book(ctx, student, w.Slot(t, place.ID, day, 1).ID, app.ID)
	it.Refused(t, err, "not_invited")
	_, err = w.Selection.Shortlist(ctx, w.HR, app.ID, "Последняя возможность")
	it.Ok(t, err)
	b = book()
	w.Clock.Advance(day)
	card := interviews.NewScorecard{Criteria: []interviews.Criterion{{Name: "Техника", Score: 4}, {Name: "Речь", Score: 3}}, Recommendation: selection.RecommendSelect, Note: "Толковый"}
	_, _, err = w.Interviews.RecordScorecard(ctx, w.HR, b.ID, card)
	it.Refused(t, err, "attendance_missing")
	_, err = w.Interviews.RecordAttendance(ctx, w.HR, b.ID, interviews.Attended)
	it.Ok(t, err)
	twice := card
	twice.Criteria = []interviews.Criterion{{Name: "Техника", Score: 4}, {Name: " техника ", Score: 3}}
	_, _, err = w.Interviews.RecordScorecard(ctx, w.HR, b.ID, twice)
	it.Refused(t, err, "bad_request")
	_, _, err = w.Interviews.RecordScorecard(ctx, student, b.ID, card)
	it.Refused(t, err, "forbidden")
	first, created, err := w.Interviews.RecordScorecard(ctx, w.HR, b.ID, card)
	it.Ok(t, err)
	if !created || first.Average != 3.5 {
		t.Errorf("card %+v, created %v", first, created)
	}
	ranked, err := w.Selection.Ranking(ctx, w.HR, place.ID)
	it.Ok(t, err)
	card.Recommendation = selection.RecommendReject
	again, created, err := w.Interviews.RecordScorecard(ctx, w.HR, b.ID, card)
	it.Ok(t, err)
	if created || again.ID != first.ID || appState(t, w, app.ID, selection.Interviewed).Outcome.Recommends() {
		t.Errorf("corrected to %+v, created %v", again, created)
	}
	after, err := w.Selection.Ranking(ctx, w.HR, place.ID)
	it.Ok(t, err)
	if after.Version <= ranked.Version || after.Ordered {
		t.Errorf("ranking %d after %d", after.Version, ranked.Version)
	}
	v, err := w.Selection.View(ctx, student, w.App(t, app.ID))
	it.Ok(t, err)
	if v.App.Outcome != nil || v.Fit != nil {
		t.Error("the applicant sees the scorecard")
	}
	card.Recommendation = selection.RecommendSelect
	_, _, err = w.Interviews.RecordScorecard(ctx, w.HR, b.ID, card)
	it.Ok(t, err)
	_, err = w.Selection.MakeOffer(ctx, w.HR, app.ID, selection.NewOffer{})
	it.Ok(t, err)
	_, _, err = w.Interviews.RecordScorecard(ctx, w.HR, b.ID, card)
	it.Refused(t, err, "offer_exists")
}

func TestSlots(t *testing.T) { it.OnEngines(t, slots) }

func slots(t *testing.T, w *it.World) {
	ctx := t.Context()
	place := w.Place(t, nil)
	week := interviews.NewSlots{Form: interviews.InPerson, RoomID: w.Room.ID, Pattern: &interviews.Pattern{
		Weekdays: []int{1, 3}, From: "08:30", To: "11:00", Length: 30 * time.Minute, Buffer: 10 * time.Minute, FirstDay: "2026-11-23", LastDay: "2026-12-06", Except: []cal.Day{"2026-12-02"},
	}}
	made, skipped, err := w.Interviews.CreateSlots(ctx, w.HR, place.ID, week)
	it.Ok(t, err)
	// Two Mondays and one Wednesday of four times each; today's 8:30 has begun.
	if len(made) != 11 || len(skipped) != 1 || skipped[0].Reason != "in_the_past" || skipped[0].EndsAt.Sub(skipped[0].StartsAt) != 30*time.Minute {
		t.Fatalf("%d made, skipped %+v", len(made), skipped)
	}
	if first := made[0].Slot.StartsAt; !first.Equal(time.Date(2026, 11, 23, 4, 10, 0, 0, time.UTC)) {
		t.Errorf("first at %v", first)
	}
	made, skipped, err = w.Interviews.CreateSlots(ctx, w.HR, place.ID, week)
	it.Ok(t, err)
	if len(made) != 0 || len(skipped) != 12 || skipped[1].Reason != "interviewer_busy" {
		t.Errorf("sent again: %d made, skipped %+v", len(made), skipped)
	}
	single := interviews.NewSlots{Form: interviews.ByVideo, Link: "https://meet.example.kz/a", StartsAt: w.Clock.Now().Add(day), EndsAt: w.Clock.Now().Add(day + time.Hour)}
	for name, c := range map[string]struct {
		change func(in *interviews.NewSlots)
		want   []string
	}{
		"nothing":        {func(in *interviews.NewSlots) { in.StartsAt, in.EndsAt = time.Time{}, time.Time{} }, []string{"starts_at required"}},
		"both":           {func(in *interviews.NewSlots) { in.Pattern = week.Pattern }, []string{"pattern not_allowed"}},
		"past":           {func(in *interviews.NewSlots) { in.StartsAt = w.Clock.Now() }, []string{"starts_at in_the_past"}},
		"short":          {func(in *interviews.NewSlots) { in.EndsAt = in.StartsAt.Add(9 * time.Minute) }, []string{"ends_at slot_length"}},
		"no room":        {func(in *interviews.NewSlots) { in.Form = interviews.InPerson }, []string{"room_id required"}},
		"no link":        {func(in *interviews.NewSlots) { in.Link = "" }, []string{"link required"}},
		"no phone":       {func(in *interviews.NewSlots) { in.Form = interviews.ByPhone }, []string{"phone required"}},
		"no form":        {func(in *interviews.NewSlots) { in.Form = "" }, []string{"form required"}},
		"no number":      {func(in *interviews.NewSlots) { in.Form, in.Phone = interviews.ByPhone, "позвоните" }, []string{"phone bad_format"}},
		"open link":      {func(in *interviews.NewSlots) { in.Link = "http://meet.example.kz/a" }, []string{"link bad_format"}},
		"long":           {func(in *interviews.NewSlots) { in.Instructions = strings.Repeat("ұ", interviews.MostInstructions+1) }, []string{"instructions too_long"}},
		"short notice":   {func(in *interviews.NewSlots) { in.Notice = time.Hour }, []string{"notice_hours too_small"}},
		"long notice":    {func(in *interviews.NewSlots) { in.Notice = interviews.MostNotice + time.Hour }, []string{"notice_hours too_large"}},
		"near horizon":   {func(in *interviews.NewSlots) { in.Notice, in.Horizon = 48*time.Hour, 2 }, []string{"horizon_days too_small"}},
		"far horizon":    {func(in *interviews.NewSlots) { in.Horizon = interviews.MostDays + 1 }, []string{"horizon_days too_large"}},
		"foreign people": {func(in *interviews.NewSlots) { in.InterviewerID, in.RoomID = "psn_x", "rom_x" }, []string{"interviewer_id unknown_value", "room_id unknown_value"}},
	} {
		in := single
		c.change(&in)
		_, _, err := w.Interviews.CreateSlots(ctx, w.HR, place.ID, in)
		if got := fieldsOf(err); !errs.Has(err, "bad_request") || errs.KindOf(err) != errs.Unprocessable || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v %v, want %v", name, err, got, c.want)
		}
	}
	wide := week
	wide.Pattern = &interviews.Pattern{Weekdays: []int{1, 2, 3, 4, 5, 6, 7}, From: "00:00", To: "23:50", Length: 10 * time.Minute, FirstDay: "2026-12-01", LastDay: "2026-12-05"}
	_, _, err = w.Interviews.CreateSlots(ctx, w.HR, place.ID, wide)
	it.Refused(t, err, "too_many_slots")
	wide.Pattern = &interviews.Pattern{Weekdays: []int{7}, From: "08:00", To: "09:00", Length: time.Hour, FirstDay: "2026-12-01", LastDay: "2026-12-05"}
	_, _, err = w.Interviews.CreateSlots(ctx, w.HR, place.ID, wide)
	it.Refused(t, err, "no_slots")
	_, _, err = w.Interviews.CreateSlots(ctx, w.Member(t, accounts.RoleInterviewer), place.ID, single)
	it.Refused(t, err, "forbidden")

	t.Run("room in use", func(t *testing.T) {
		it.Refused(t, w.Directory.EndRoom(ctx, w.HR, w.Enterprise.ID, w.Room.ID), "in_use")
		w.Clock.Advance(20 * day)
		it.Ok(t, w.Directory.EndRoom(ctx, w.HR, w.Enterprise.ID, w.Room.ID))
		in := single
		in.StartsAt, in.EndsAt, in.RoomID = w.Clock.Now().Add(day), w.Clock.Now().Add(day+time.Hour), w.Room.ID
		_, _, err := w.Interviews.CreateSlots(ctx, w.HR, place.ID, in)
		if got := fieldsOf(err); !slices.Equal(got, []string{"room_id unknown_value"}) {
			t.Errorf("an ended room: %v", err)
		}
	})
	t.Run("cancel", func(t *testing.T) {
		student := w.Student(t)
		app := w.Shortlisted(t, student, place.ID)
		slot := w.Slot(t, place.ID, day, 2)
		b, err := w.Interviews.Book(ctx, student, slot.ID, app.ID)
		it.Ok(t, err)
		_, err = w.Interviews.CancelSlot(ctx, w.HR, slot.ID, strings.Repeat("ұ", interviews.MostReason+1))
		it.Refused(t, err, "bad_request")
		v, err := w.Interviews.CancelSlot(ctx, w.HR, slot.ID, "Болезнь мастера")
		it.Ok(t, err)
		if v.State != interviews.SlotCancelled || v.Slot.Reason == "" {
			t.Errorf("cancelled as %+v", v)
		}
		after, err := w.Interviews.Booking(ctx, b.ID)
		it.Ok(t, err)
		if after.State != interviews.Cancelled || after.CancelledBy != interviews.PartyEnterprise {
			t.Errorf("booking %+v", after)
		}
		appState(t, w, app.ID, selection.Shortlisted)
		_, err = w.Interviews.CancelSlot(ctx, w.HR, slot.ID, "")
		it.Refused(t, err, "wrong_state")
		_, err = w.Interviews.Book(ctx, student, slot.ID, app.ID)
		it.Refused(t, err, "slot_cancelled")
		in := single
		in.StartsAt, in.EndsAt, in.InterviewerID = slot.StartsAt, slot.EndsAt, slot.InterviewerID
		_, _, err = w.Interviews.CreateSlots(ctx, w.HR, place.ID, in) // the interviewer is free again
		it.Ok(t, err)
	})
}

func fieldsOf(err error) []string {
	var e *errs.Error
	if !errors.As(err, &e) {
		return nil
	}
	var out []string
	for _, f := range e.Fields {
		out = append(out, f.Field+" "+f.Code)
	}
	return out
}

func TestCalendarFiles(t *testing.T) { it.OnEngines(t, calendarFiles) }

func calendarFiles(t *testing.T, w *it.World) {
	ctx := t.Context()
	place := w.Place(t, nil)
	student := w.Student(t)
	app := w.Shortlisted(t, student, place.ID)
	from, to := w.Slot(t, place.ID, 2*day, 1), w.Slot(t, place.ID, 3*day, 1)
	b, err := w.Interviews.Book(ctx, student, from.ID, app.ID)
	it.Ok(t, err)
	catalogue, err := i18n.Load()
	it.Ok(t, err)
	file := func() (*ics.Calendar, *ics.VEvent) {
		t.Helper()
		data, err := w.Interviews.BookingCalendar(ctx, student, b.ID, i18n.KK, catalogue.Say)
		it.Ok(t, err)
		for line := range strings.SplitSeq(strings.TrimSuffix(string(data), "\r\n"), "\r\n") { // RFC 5545 3.1
			if strings.ContainsAny(line, "\r\n") || len(line) > 75 || !utf8.ValidString(line) {
				t.Errorf("line %q", line)
			}
		}
		if strings.Contains(string(data), "@example.kz") {
			t.Errorf("names an address:\n%s", data)
		}
		c, err := ics.ParseCalendar(strings.NewReader(string(data)))
		it.Ok(t, err)
		if len(c.Events()) != 1 {
			t.Fatalf("%d events", len(c.Events()))
		}
		return c, c.Events()[0]
	}
	check := func(method, sequence, status string, slot *interviews.Slot) {
		t.Helper()
		c, e := file()
		for name, want := range map[ics.ComponentProperty]string{
			ics.ComponentPropertyUniqueId: b.UID(), ics.ComponentPropertySequence: sequence, ics.ComponentPropertyStatus: status,
			ics.ComponentPropertyDtStart: slot.StartsAt.Format("20060102T150405Z"), ics.ComponentPropertyDtEnd: slot.EndsAt.Format("20060102T150405Z"),
		} {
			if p := e.GetProperty(name); p == nil || p.Value != want {
				t.Errorf("%s is %+v, want %q", name, p, want)
			}
		}
		for _, p := range c.CalendarProperties {
			if p.IANAToken == string(ics.PropertyMethod) && p.Value != method {
				t.Errorf("method %s, want %s", p.Value, method)
			}
		}
		if s := e.GetProperty(ics.ComponentPropertySummary); !strings.Contains(s.Value, w.Enterprise.Name) {
			t.Errorf("summary %q", s.Value)
		}
	}
	check("PUBLISH", "0", "CONFIRMED", from)
	_, err = w.Interviews.Move(ctx, student, b.ID, to.ID, "x")
	it.Ok(t, err)
	check("PUBLISH", "1", "CONFIRMED", to)

	t.Run("feed", func(t *testing.T) {
		_, token, err := w.Interviews.CreateFeed(ctx, student)
		it.Ok(t, err)
		data, err := w.Interviews.FeedCalendar(ctx, token, catalogue.Say)
		it.Ok(t, err)
		c, err := ics.ParseCalendar(strings.NewReader(string(data)))
		it.Ok(t, err)
		if len(c.Events()) != 1 || c.Events()[0].Id() != b.UID() || strings.Contains(string(data), to.Phone) {
			t.Errorf("feed:\n%s", data)
		}
		_, fresh, err := w.Interviews.CreateFeed(ctx, student)
		it.Ok(t, err)
		if _, err := w.Interviews.FeedCalendar(ctx, token, catalogue.Say); errs.KindOf(err) != errs.NotFound || fresh == token {
			t.Errorf("the former address: %v", err)
		}
		if _, err := w.Interviews.FeedCalendar(ctx, "", catalogue.Say); errs.KindOf(err) != errs.NotFound {
			t.Errorf("no token: %v", err)
		}
	})
	_, err = w.Interviews.Cancel(ctx, w.HR, b.ID, "Авария")
	it.Ok(t, err)
	check("CANCEL", "2", "CANCELLED", to)
	_, err = w.Interviews.BookingCalendar(ctx, w.Student(t), b.ID, i18n.KK, catalogue.Say)
	it.Refused(t, err, "not_found")
}

func TestReminders(t *testing.T) { it.OnEngines(t, reminders) }

func reminders(t *testing.T, w *it.World) {
	ctx := t.Context()
	place := w.Place(t, nil)
	student := w.Student(t)
	app := w.Shortlisted(t, student, place.ID)
	b, err := w.Interviews.Book(ctx, student, w.Slot(t, place.ID, 3*day, 1).ID, app.ID)
	it.Ok(t, err)
	want := func(n int) {
		t.Helper()
		w.Jobs(t)
		w.Jobs(t)
		if got := w.Events(t, interviews.EventReminder, b.ID); got != n {
			t.Errorf("%d reminders, want %d", got, n)
		}
	}
	want(0)
	w.Clock.Advance(2*day + time.Minute)
	want(1)
	w.Clock.Advance(22 * time.Hour)
	want(2)
	_, err = w.Interviews.Cancel(ctx, student, b.ID, "x")
	it.Ok(t, err)
	later := w.Slot(t, place.ID, 3*day, 1)
	next, err := w.Interviews.Book(ctx, student, later.ID, app.ID)
	it.Ok(t, err)
	_, err = w.Interviews.Cancel(ctx, student, next.ID, "x")
	it.Ok(t, err)
	w.Clock.Advance(3*day - time.Hour)
	w.Jobs(t)
	if n := w.Events(t, interviews.EventReminder, next.ID); n != 0 {
		t.Error("reminded of what was cancelled")
	}
}
