package webui

import (
	"strings"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/interviews"
	"github.com/orynda/orynda/internal/notifications/dates"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/web/pages/student"
	"github.com/orynda/orynda/web/ui"
)

// studentRoutes are the pages of those who look for a place: students, citizens and their guardians.
func (s *site) studentRoutes() {
	s.own("/me", s.studentHome)
	s.change("/me/calendar", s.studentFeed)
	s.own("/placements/:id/apply", s.applyPage)
	s.change("/placements/:id/apply", s.apply)
	s.own("/applications/:id", s.applicationPage)
	s.own("/applications/:id/withdraw", s.withdrawPage)
	s.change("/applications/:id/withdraw", s.withdraw)
	s.own("/applications/:id/slots", s.slotsPage)
	s.change("/applications/:id/slots", s.holdSlot)
	s.own("/applications/:id/slots/:slot", s.heldPage)
	s.change("/applications/:id/book", s.bookSlot)
	s.own("/bookings/:id", s.bookingPage)
	s.own("/bookings/:id/calendar.ics", s.bookingCalendar)
	s.own("/bookings/:id/move", s.movePage)
	s.change("/bookings/:id/move", s.holdMove)
	s.own("/bookings/:id/move/:slot", s.heldMovePage)
	s.change("/bookings/:id/move/:slot", s.moveBooking)
	s.own("/bookings/:id/cancel", s.cancelBookingPage)
	s.change("/bookings/:id/cancel", s.cancelBooking)
	s.change("/bookings/:id/absent", s.enterpriseAbsent)
	s.own("/offers/:id", s.offerPage)
	s.own("/offers/:id/accept", s.acceptPage)
	s.change("/offers/:id/accept", s.acceptOffer)
	s.own("/offers/:id/decline", s.declinePage)
	s.change("/offers/:id/decline", s.declineOffer)
	s.own("/profile", s.profilePage)
	s.change("/profile", s.saveProfile)
	s.change("/profile/step", s.profileStep)
	s.own("/profile/enrolment", s.claimPage)
	s.change("/profile/enrolment", s.claimEnrolment)
	s.own("/profile/guardian", s.guardianPage)
	s.change("/profile/guardian", s.nameGuardian)
}

// mostListed is how many of one's own things the home looks at. Eight applications live at once; the rest is history.
const mostListed = 100

func forbidden() error { return errs.New(errs.Forbidden, "forbidden") }

// words are what ways are told with on this page.
func (v *visit) words() words {
	return words{say: v.say, when: func(t time.Time) string { return dates.Short(v.lang, t) }}
}

// placeBrief is a place's name and owner.
func placeBrief(p *placements.Placement, enterprise string) student.Place {
	return student.Place{ID: p.ID, Reference: p.Reference, Title: p.Title, Enterprise: enterprise}
}

// placeLines adds where, when and for what pay.
func (v *visit) placeLines(p *placements.Placement, enterprise string) student.Place {
	out := placeBrief(p, enterprise)
	var towns []string
	for _, w := range p.Workplaces {
		if town := v.site.Reference.CityName(w.Region, w.City, v.lang); town != "" && (len(towns) == 0 || towns[len(towns)-1] != town) {
			towns = append(towns, town)
		}
	}
	first := strings.Join(towns, ", ")
	if p.StartsOn.Valid() && p.EndsOn.Valid() {
		if first != "" {
			first += " · "
		}
		first += v.spanWords(p.StartsOn, p.EndsOn)
	}
	second := v.hours(p.WeeklyHours)
	if pay := payWords(v.ctx(), p.Compensation); pay != "" {
		if second != "" {
			second += " · "
		}
		second += pay
	}
	for _, line := range []string{first, second} {
		if line != "" {
			out.Lines = append(out.Lines, line)
		}
	}
	return out
}

// spanWords are the first and the last day of something.
func (v *visit) spanWords(from, to cal.Day) string { return ui.Span(v.ctx(), from, to) }

func (v *visit) hours(n int) string {
	if n == 0 {
		return ""
	}
	return v.say("value.weekly_hours", "Count", n)
}

// address writes a workplace as people do.
func (v *visit) address(w placements.Workplace) string {
	return joined(", ", v.site.Reference.CityName(w.Region, w.City, v.lang), w.Address)
}

// room is where an interview takes place, "" where that isn't known.
func (v *visit) room(r *directory.Room) string {
	if r == nil {
		return ""
	}
	return joined(", ", v.site.Reference.CityName(r.Region, r.City, v.lang), r.Address, r.Name)
}

// joined puts what there is side by side.
func joined(by string, parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, by)
}

// meetingOf is a booking in a list.
func (v *visit) meetingOf(b *interviews.BookingView) student.Meeting {
	m := student.Meeting{
		Path: "/bookings/" + b.Booking.ID, When: dates.Moment(v.lang, b.Booking.StartsAt), Form: v.say("form." + string(b.Slot.Form)),
		Where: v.room(b.Room), Place: placeBrief(b.Place, b.EnterpriseName),
	}
	if b.Booking.StudentID != v.actor.PersonID {
		m.Whose = b.StudentName
	}
	return m
}

// studentView reads an application for this visit and says in which role.
func (s *site) studentView(v *visit, applicationID string) (*selection.View, error) {
	app, err := s.Selection.Get(v.ctx(), v.actor, applicationID)
	if err != nil {
		return nil, err
	}
	return s.Selection.View(v.ctx(), v.actor, app)
}

// ownView is studentView for the applicant only.
func (s *site) ownView(v *visit, applicationID string) (*selection.View, error) {
	view, err := s.studentView(v, applicationID)
	if err == nil && view.Viewer != selection.ViewOwner {
		return nil, forbidden()
	}
	return view, err
}

// studentFeed makes a new address of the own calendar. The address is shown once and not kept, so the page answers the form itself.
func (s *site) studentFeed(v *visit) error {
	_, token, err := s.Interviews.CreateFeed(v.ctx(), v.actor)
	if err != nil {
		return v.refusedAct(err, "/me")
	}
	d, err := s.homeData(v)
	if err != nil {
		return err
	}
	d.Feed = strings.TrimSuffix(s.PublicURL, "/") + "/api/v1/calendar/" + token + ".ics"
	return v.show(student.Home(d))
}
