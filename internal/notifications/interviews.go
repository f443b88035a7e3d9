package notifications

import (
	"context"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/interviews"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/selection"
)

// meeting is a booking with its slot and application.
type meeting struct {
	*interviews.Booking
	slot      *interviews.Slot
	candidacy candidacy
	where     string // address, link or number: for who booked and who interviews
}

func (s *Service) meeting(ctx context.Context, bookingID string) (meeting, error) {
	b, err := s.d.Interviews.Booking(ctx, bookingID)
	if err != nil {
		return meeting{}, err
	}
	slot, err := s.d.Interviews.Slot(ctx, b.SlotID)
	if err != nil {
		return meeting{}, err
	}
	c, err := s.candidacy(ctx, b.ApplicationID)
	if err != nil {
		return meeting{}, err
	}
	where, err := s.where(ctx, slot)
	return meeting{b, slot, c, where}, err
}

// where is the place of an interview as one line.
func (s *Service) where(ctx context.Context, slot *interviews.Slot) (string, error) {
	switch {
	case slot.Form == interviews.ByVideo:
		return slot.Link, nil
	case slot.Form == interviews.ByPhone:
		return slot.Phone, nil
	case slot.RoomID == "":
		return "", nil
	}
	room, err := s.d.Directory.Room(ctx, slot.RoomID)
	if err != nil {
		return "", err
	}
	where := room.Address + ", " + room.Name
	if room.Directions != "" {
		where += " (" + oneLine(room.Directions) + ")"
	}
	return where, nil
}

// facts names time and people. The applicant's name goes to the enterprise; the applicant knows it.
func (m meeting) facts(staff bool) []Fact {
	return m.candidacy.facts(
		moment("when", m.StartsAt), short("short", m.StartsAt), counted("minutes", "minutes", int(m.EndsAt.Sub(m.StartsAt).Minutes())),
		word("form", "mail.form."+string(m.slot.Form)), flag("staff", staff), code("by", string(m.CancelledBy)),
	)
}

// texts are the words of people.
func (m meeting) texts() texts {
	return texts{"where": m.where, "instructions": m.slot.Instructions, "reason": m.reason()}
}

// reason is the word of a person. The system's reasons are codes, and what they stand for is told by its own mail.
func (m meeting) reason() string {
	if m.CancelledBy == interviews.PartySystem {
		return ""
	}
	return m.Reason
}

// toMeeting tells the applicant, a minor's guardians and the interviewer.
func (s *Service) toMeeting(ctx context.Context, m meeting, template string, file bool) ([]message, error) {
	to, err := s.applicant(ctx, m.StudentID)
	if err != nil {
		return nil, err
	}
	staff, err := s.person(ctx, m.InterviewerID)
	if err != nil {
		return nil, err
	}
	n := message{template: template, path: page(pathBooking, m.ID), facts: m.facts(false), texts: m.texts()}
	if file {
		n.calendar = func(lang i18n.Lang) ([]byte, error) {
			return s.d.Interviews.CalendarOf(ctx, m.Booking, m.slot, lang, s.say)
		}
	}
	out := each(to, n)
	n.facts = m.facts(true)
	return append(out, each(staff, n)...), nil
}

// slotsOffered tells those who were invited and have no interview yet.
func (s *Service) slotsOffered(ctx context.Context, ev outbox.Event) ([]message, error) {
	placementID := ev.Data["placement"]
	bookable, err := s.d.Interviews.HasBookableSlot(ctx, placementID, s.d.Clock.Now())
	if err != nil || !bookable {
		return nil, err
	}
	apps, err := s.d.Applicants(ctx, placementID, selection.Shortlisted)
	if err != nil || len(apps) == 0 {
		return nil, err
	}
	p, err := s.place(ctx, placementID)
	if err != nil {
		return nil, err
	}
	var out []message
	for _, app := range apps {
		to, err := s.applicant(ctx, app.StudentID)
		if err != nil {
			return nil, err
		}
		out = append(out, each(to, message{template: ev.Type, path: page(pathApplication, app.ID), facts: p.facts()})...)
	}
	return out, nil
}

// booked tells of a booking or move as it stands now. What was cancelled or moved on since is told by that event.
func (s *Service) booked(ctx context.Context, ev outbox.Event) ([]message, error) {
	m, err := s.meeting(ctx, ev.Subject)
	if err != nil || m.State != interviews.Booked || (ev.Type == interviews.EventMoved && ev.Data["to"] != m.SlotID) {
		return nil, err
	}
	return s.toMeeting(ctx, m, ev.Type, true)
}

func (s *Service) bookingCancelled(ctx context.Context, ev outbox.Event) ([]message, error) {
	m, err := s.meeting(ctx, ev.Subject)
	if err != nil || m.State != interviews.Cancelled {
		return nil, err
	}
	return s.toMeeting(ctx, m, ev.Type, true)
}

// absent tells the side that was recorded as absent what follows from it.
func (s *Service) absent(ctx context.Context, ev outbox.Event) ([]message, error) {
	m, err := s.meeting(ctx, ev.Subject)
	if err != nil {
		return nil, err
	}
	again := m.candidacy.Invited() == nil
	path := page(pathApplication, m.ApplicationID)
	switch m.State {
	case interviews.StudentAbsent:
		return s.toApplicant(ctx, m.candidacy, message{template: ev.Type + ".applicant", path: path}, flag("again", again))
	case interviews.EnterpriseAbsent:
		return s.toEnterprise(ctx, m.candidacy, message{template: ev.Type + ".enterprise", path: path}, flag("again", again))
	}
	return nil, nil
}

// interviewNear reminds of an interview that stands, lies ahead and is near, as things are now: after a cancel there is nothing to remind of,
// after a move the new time has reminders of its own.
func (s *Service) interviewNear(ctx context.Context, ev outbox.Event) ([]message, error) {
	m, err := s.meeting(ctx, ev.Subject)
	if err != nil || m.Reminded == 0 || m.RemindersDue(s.d.Clock.Now()) == 0 {
		return nil, err
	}
	return s.toMeeting(ctx, m, ev.Type, false)
}

// scoreDue reminds the interviewer and those who answer for the place of a scorecard that is still missing.
func (s *Service) scoreDue(ctx context.Context, ev outbox.Event) ([]message, error) {
	m, err := s.meeting(ctx, ev.Subject)
	if err != nil || m.State != interviews.Attended || m.ScorecardID != "" {
		return nil, err
	}
	to, err := s.members(ctx, m.EnterpriseID, accounts.RoleAdmin, accounts.RoleHR)
	if err != nil {
		return nil, err
	}
	interviewer, err := s.person(ctx, m.InterviewerID)
	return each(append(interviewer, to...), message{template: ev.Type, path: page(pathBooking, m.ID), facts: m.facts(true), texts: m.texts()}), err
}
