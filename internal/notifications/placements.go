package notifications

import (
	"context"
	"strconv"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/notifications/dates"
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

// values names the place and its enterprise, with more values of the mail.
func (p place) values(more func(lang i18n.Lang) map[string]any) func(i18n.Lang) map[string]any {
	return func(lang i18n.Lang) map[string]any {
		out := map[string]any{}
		if more != nil {
			out = more(lang)
		}
		out["title"], out["enterprise"], out["reference"] = p.Title.In(lang), p.enterprise, p.Reference
		return out
	}
}

// termsChanged tells every live applicant; before and after stand on the place's page.
func (s *Service) termsChanged(ctx context.Context, ev outbox.Event) ([]notice, error) {
	p, err := s.place(ctx, ev.Subject)
	if err != nil {
		return nil, err
	}
	apps, err := s.d.Applicants(ctx, ev.Subject, selection.LiveStates()...)
	if err != nil {
		return nil, err
	}
	var out []notice
	for _, app := range apps {
		to, err := s.applicant(ctx, app.StudentID)
		if err != nil {
			return nil, err
		}
		out = append(out, each(to, notice{template: ev.Type, link: s.link(pathApplication, app.ID), values: p.values(nil)})...)
	}
	return out, nil
}

// placeClosed tells the enterprise what the system did; its own closing it knows.
func (s *Service) placeClosed(ctx context.Context, ev outbox.Event) ([]notice, error) {
	p, err := s.place(ctx, ev.Subject)
	if err != nil {
		return nil, err
	}
	if p.ClosedReason != placements.Filled && p.ClosedReason != placements.Expired {
		return nil, nil
	}
	to, err := s.hr(ctx, p.EnterpriseID)
	return each(to, notice{template: ev.Type + "." + string(p.ClosedReason), link: s.link(pathPlace, p.ID), values: p.values(nil)}), err
}

// deadlineNear counts the days that are left now, not when the event was made.
func (s *Service) deadlineNear(ctx context.Context, ev outbox.Event) ([]notice, error) {
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
	return each(to, notice{template: ev.Type, link: s.link(pathPlace, p.ID), values: p.values(func(lang i18n.Lang) map[string]any {
		return map[string]any{"left": left, "days": s.count(lang, "days", left), "until": dates.LastDay(lang, p.ApplyBy), "paused": p.State == placements.Paused}
	})}), err
}

// filingDecided tells the enterprise what the chamber said. A filing that was filed again meanwhile waits for the next decision.
func (s *Service) filingDecided(ctx context.Context, ev outbox.Event) ([]notice, error) {
	f, err := s.d.Placements.FilingByID(ctx, ev.Subject)
	if err != nil || string(f.State) != ev.Data["decision"] {
		return nil, err
	}
	p, err := s.place(ctx, f.PlacementID)
	if err != nil {
		return nil, err
	}
	to, err := s.hr(ctx, f.EnterpriseID)
	return each(to, notice{template: ev.Type + "." + string(f.State), link: s.link(pathPlace, p.ID), values: p.values(func(lang i18n.Lang) map[string]any {
		return map[string]any{"number": f.Number, "comment": f.Comment, "remarks": s.count(lang, "remarks", len(f.Fields))}
	})}), err
}

func (s *Service) unresponsive(ctx context.Context, ev outbox.Event) ([]notice, error) {
	e, err := s.d.Directory.Enterprise(ctx, ev.Subject)
	if err != nil {
		return nil, err
	}
	to, err := s.hr(ctx, e.ID)
	return each(to, notice{template: ev.Type, link: s.link(pathEnterprise, e.ID), values: named(e.Name)}), err
}
