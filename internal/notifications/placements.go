package notifications

import (
	"context"
	"strconv"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/selection"
)

// place is what most mails say of a training place.
type place struct {
	*placements.Placement
	enterprise string
}

func (s *Service) place(ctx context.Context, placementID string) (place, error) {
	p, err := s.d.Placements.Placement(ctx, placementID)
	if err != nil {
		return place{}, err
	}
	e, err := s.d.Directory.Enterprise(ctx, p.EnterpriseID)
	if err != nil {
		return place{}, err
	}
	return place{p, e.Name}, nil
}

// facts names the place and its enterprise, with more facts of the event.
func (p place) facts(more ...Fact) []Fact { return append([]Fact{aboutPlace(p.ID)}, more...) }

// termsChanged tells every live applicant; before and after stand on the place's page.
func (s *Service) termsChanged(ctx context.Context, ev outbox.Event) ([]message, error) {
	p, err := s.place(ctx, ev.Subject)
	if err != nil {
		return nil, err
	}
	apps, err := s.d.Applicants(ctx, ev.Subject, selection.LiveStates()...)
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

// placeClosed tells the enterprise what the system did; its own closing it knows.
func (s *Service) placeClosed(ctx context.Context, ev outbox.Event) ([]message, error) {
	p, err := s.place(ctx, ev.Subject)
	if err != nil {
		return nil, err
	}
	if p.ClosedReason != placements.Filled && p.ClosedReason != placements.Expired {
		return nil, nil
	}
	to, err := s.hr(ctx, p.EnterpriseID)
	return each(to, message{template: ev.Type + "." + string(p.ClosedReason), path: page(pathEnterprise, p.EnterpriseID) + underPlaces, facts: p.facts()}), err
}

// deadlineNear counts the days that are left now, not when the event was made.
func (s *Service) deadlineNear(ctx context.Context, ev outbox.Event) ([]message, error) {
	p, err := s.place(ctx, ev.Subject)
	if err != nil {
		return nil, err
	}
	left := cal.DayOf(s.d.Clock.Now()).DaysUntil(p.ApplyBy)
	announced, err := strconv.Atoi(ev.Data["days"])
	if err != nil {
		return nil, err
	}
	if (p.State != placements.Published && p.State != placements.Paused) || left < 0 || left > announced {
		return nil, nil // over already, or put off
	}
	to, err := s.hr(ctx, p.EnterpriseID)
	return each(to, message{template: ev.Type, path: page(pathPlace, p.ID), facts: p.facts(
		number("left", left), counted("days", "days", left), lastDay("until", p.ApplyBy), flag("paused", p.State == placements.Paused),
	)}), err
}

// filingDecided tells the enterprise what the chamber said. A filing that was filed again meanwhile waits for the next decision.
func (s *Service) filingDecided(ctx context.Context, ev outbox.Event) ([]message, error) {
	f, err := s.d.Placements.FilingByID(ctx, ev.Subject)
	if err != nil || string(f.State) != ev.Data["decision"] {
		return nil, err
	}
	p, err := s.place(ctx, f.PlacementID)
	if err != nil {
		return nil, err
	}
	to, err := s.hr(ctx, f.EnterpriseID)
	return each(to, message{
		template: ev.Type + "." + string(f.State), path: page(pathPlace, p.ID) + underFilings, texts: texts{"comment": f.Comment},
		facts: p.facts(code("number", f.Number), counted("remarks", "remarks", len(f.Fields))),
	}), err
}

func (s *Service) unresponsive(ctx context.Context, ev outbox.Event) ([]message, error) {
	e, err := s.d.Directory.Enterprise(ctx, ev.Subject)
	if err != nil {
		return nil, err
	}
	to, err := s.hr(ctx, e.ID)
	return each(to, message{template: ev.Type, path: page(pathEnterprise, e.ID) + underDesk, facts: []Fact{aboutOrganisation("name", e.ID)}}), err
}
