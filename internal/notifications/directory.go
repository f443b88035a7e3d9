package notifications

import (
	"context"
	"slices"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/storage"
)

func (s *Service) enterpriseSubmitted(ctx context.Context, ev outbox.Event) ([]message, error) {
	e, err := s.d.Directory.Enterprise(ctx, ev.Subject)
	if err != nil || e.State != directory.EnterpriseSubmitted {
		return nil, err // decided or changed meanwhile: nothing waits any more
	}
	to, err := s.members(ctx, ev.Data["chamber_id"], accounts.RoleRegistrar)
	return each(to, message{
		template: ev.Type, path: page(pathChamber, ev.Data["chamber_id"]), facts: []Fact{aboutOrganisation("name", e.ID), until("until", e.Verification.DueAt)},
	}), err
}

func (s *Service) enterpriseDecided(ctx context.Context, ev outbox.Event) ([]message, error) {
	e, err := s.d.Directory.Enterprise(ctx, ev.Subject)
	if err != nil {
		return nil, err
	}
	to, err := s.members(ctx, e.ID, accounts.RoleAdmin)
	return each(to, message{
		template: ev.Type, path: page(pathEnterprise, e.ID) + underProfile, texts: texts{"comment": e.Verification.Comment},
		facts: []Fact{aboutOrganisation("name", e.ID), counted("remarks", "remarks", len(e.Verification.Defects))},
	}), err
}

func (s *Service) enrolmentClaimed(ctx context.Context, ev outbox.Event) ([]message, error) {
	name, err := s.name(ctx, ev.Data["person_id"])
	if err != nil || name == "" {
		return nil, err
	}
	to, err := s.coordinators(ctx, ev.Data["college_id"])
	return each(to, message{
		template: ev.Type, path: page(pathCollege, ev.Data["college_id"]), facts: []Fact{aboutPerson("name", ev.Data["person_id"])},
	}), err
}

func (s *Service) enrolmentConfirmed(ctx context.Context, ev outbox.Event) ([]message, error) {
	return s.toStudent(ctx, ev, ev.Type)
}

func (s *Service) enrolmentEnded(ctx context.Context, ev outbox.Event) ([]message, error) {
	template := ev.Type
	if ev.Data["reason"] == directory.EndClaimRefused {
		template += ".refused"
	}
	return s.toStudent(ctx, ev, template)
}

// toStudent tells a student something about the college.
func (s *Service) toStudent(ctx context.Context, ev outbox.Event, template string) ([]message, error) {
	to, err := s.person(ctx, ev.Data["person_id"])
	if err != nil || len(to) == 0 {
		return nil, err
	}
	return each(to, message{template: template, path: pathProfile, facts: []Fact{aboutOrganisation("name", ev.Data["college_id"])}}), nil
}

// guardianAccepted asks the ward's college to confirm the ground. A citizen without a college has it done when an agreement is drafted.
func (s *Service) guardianAccepted(ctx context.Context, ev outbox.Event) ([]message, error) {
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
	to, err := s.coordinators(ctx, college)
	return each(to, message{
		template: ev.Type, path: page(pathCollege, college),
		facts: []Fact{aboutPerson("name", ev.Data["ward_id"]), aboutPerson("guardian", live[at].PersonID)},
	}), err
}

// guardianDecided tells ward and guardian.
func (s *Service) guardianDecided(ctx context.Context, ev outbox.Event) ([]message, error) {
	ward, err := s.person(ctx, ev.Data["ward_id"])
	if err != nil {
		return nil, err
	}
	guardian, err := s.person(ctx, ev.Data["person_id"])
	if err != nil {
		return nil, err
	}
	out := each(ward, message{template: ev.Type, path: pathProfile})
	return append(out, each(guardian, message{
		template: ev.Type + ".guardian", path: pathProfile, facts: []Fact{aboutPerson("name", ev.Data["ward_id"])},
	})...), nil
}
