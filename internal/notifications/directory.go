package notifications

import (
	"context"
	"slices"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/notifications/dates"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/storage"
)

// named makes values of one name.
func named(name string) func(i18n.Lang) map[string]any {
	return func(i18n.Lang) map[string]any { return map[string]any{"name": name} }
}

func (s *Service) enterpriseSubmitted(ctx context.Context, ev outbox.Event) ([]notice, error) {
	e, err := s.d.Directory.Enterprise(ctx, ev.Subject)
	if err != nil || e.State != directory.EnterpriseSubmitted {
		return nil, err // decided or changed meanwhile: nothing waits any more
	}
	to, err := s.members(ctx, ev.Data["chamber_id"], accounts.RoleRegistrar)
	return each(to, notice{
		template: ev.Type, link: s.link(pathChamber, ev.Data["chamber_id"]), values: func(lang i18n.Lang) map[string]any {
			return map[string]any{"name": e.Name, "until": dates.Until(lang, e.Verification.DueAt)}
		},
	}), err
}

func (s *Service) enterpriseDecided(ctx context.Context, ev outbox.Event) ([]notice, error) {
	e, err := s.d.Directory.Enterprise(ctx, ev.Subject)
	if err != nil {
		return nil, err
	}
	to, err := s.members(ctx, e.ID, accounts.RoleAdmin)
	return each(to, notice{template: ev.Type, link: s.link(pathEnterprise, e.ID), values: func(lang i18n.Lang) map[string]any {
		remarks := s.count(lang, "remarks", len(e.Verification.Defects))
		return map[string]any{"name": e.Name, "comment": e.Verification.Comment, "remarks": remarks}
	}}), err
}

func (s *Service) enrolmentClaimed(ctx context.Context, ev outbox.Event) ([]notice, error) {
	name, err := s.name(ctx, ev.Data["person_id"])
	if err != nil || name == "" {
		return nil, err
	}
	to, err := s.coordinators(ctx, ev.Data["college_id"])
	return each(to, notice{template: ev.Type, link: s.link(pathCollege, ev.Data["college_id"]), values: named(name)}), err
}

func (s *Service) enrolmentConfirmed(ctx context.Context, ev outbox.Event) ([]notice, error) {
	return s.toStudent(ctx, ev, ev.Type)
}

func (s *Service) enrolmentEnded(ctx context.Context, ev outbox.Event) ([]notice, error) {
	template := ev.Type
	if ev.Data["reason"] == directory.EndClaimRefused {
		template += ".refused"
	}
	return s.toStudent(ctx, ev, template)
}

// toStudent tells a student something about the college.
func (s *Service) toStudent(ctx context.Context, ev outbox.Event, template string) ([]notice, error) {
	to, err := s.person(ctx, ev.Data["person_id"])
	if err != nil || len(to) == 0 {
		return nil, err
	}
	college, err := s.organisation(ctx, ev.Data["college_id"])
	return each(to, notice{template: template, link: s.link(pathProfile, ""), values: named(college)}), err
}

// guardianAccepted asks the ward's college to confirm the ground. A citizen without a college has it done when an agreement is drafted.
func (s *Service) guardianAccepted(ctx context.Context, ev outbox.Event) ([]notice, error) {
	live, err := s.d.Directory.Guardians(ctx, ev.Data["ward_id"])
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(live, func(g *directory.Guardian) bool { return g.ID == ev.Subject && g.State == directory.GuardianAccepted })
	if at < 0 {
		return nil, nil // decided meanwhile
	}
	college := live[at].CollegeID
	if college == "" {
		enrolment, err := s.d.Directory.Enrolment(ctx, ev.Data["ward_id"])
		if storage.IsNotFound(err) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		college = enrolment.CollegeID
	}
	ward, err := s.name(ctx, ev.Data["ward_id"])
	if err != nil {
		return nil, err
	}
	to, err := s.coordinators(ctx, college)
	return each(to, notice{template: ev.Type, link: s.link(pathCollege, college), values: func(i18n.Lang) map[string]any {
		return map[string]any{"name": ward, "guardian": live[at].FullName}
	}}), err
}

// guardianDecided tells ward and guardian.
func (s *Service) guardianDecided(ctx context.Context, ev outbox.Event) ([]notice, error) {
	ward, err := s.person(ctx, ev.Data["ward_id"])
	if err != nil {
		return nil, err
	}
	guardian, err := s.person(ctx, ev.Data["person_id"])
	if err != nil {
		return nil, err
	}
	name, err := s.name(ctx, ev.Data["ward_id"])
	if err != nil {
		return nil, err
	}
	out := each(ward, notice{template: ev.Type, link: s.link(pathProfile, "")})
	return append(out, each(guardian, notice{template: ev.Type + ".guardian", link: s.link(pathProfile, ""), values: named(name)})...), nil
}
