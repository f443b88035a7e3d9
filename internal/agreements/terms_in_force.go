package agreements

import (
	"context"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/placements/rules"
)

// Interruption is a pause of the training, both days included.
type Interruption struct{ From, To cal.Day }

// TermsView is the terms that hold on a day: the base terms with every signed amendment whose day has come. There are no amendments yet, so the base
// terms hold.
type TermsView struct {
	Agreement     *Agreement
	On            cal.Day
	InForce       bool
	AmendmentIDs  []string
	Terms         Terms
	Interruptions []Interruption
	Interrupted   bool
	Mentor        *MentorParty
	Supervisor    *SupervisorParty
	Specialty     string // r50: the student's
	Share         Share
	Hours         Hours
}

// InForce reports whether the agreement binds on a day: from the day of conclusion to the day of completion or termination, else to the last day of
// training.
func (a *Agreement) InForce(on cal.Day) bool {
	if !a.State.WasConcluded() || on < today(a.ConcludedAt) {
		return false
	}
	switch {
	case a.Termination != nil:
		return on <= a.Termination.Date
	case a.Completion != nil && a.Completion.CompletedOn != "":
		return on <= a.Completion.CompletedOn
	}
	return on <= a.Terms.EndsOn
}

// TermsOn gives the terms on a day, today for "" (getTermsInForce). Before conclusion these are the terms of the present revision, not in force.
func (s *Service) TermsOn(ctx context.Context, by accounts.Actor, agreementID string, on cal.Day) (*TermsView, error) {
	a, _, err := s.permitted(ctx, by, "getTermsInForce", agreementID)
	if err != nil {
		return nil, err
	}
	if on == "" {
		on = today(s.Clock.Now())
	}
	if !on.Valid() {
		return nil, errs.InvalidFields([]errs.Field{{Field: "on", Code: "bad_format"}})
	}
	p, err := s.partiesOf(ctx, a)
	if err != nil {
		return nil, err
	}
	r := rules.InForce(on)
	v := &TermsView{
		Agreement: a, On: on, InForce: a.InForce(on), Terms: a.Terms, Mentor: p.Mentor, Supervisor: p.Supervisor,
		Share: a.Terms.Share(a.Regime, r), Hours: a.Terms.Hours(p.Student.Age(a.Terms.StartsOn), r),
	}
	if a.Regime == rules.R50 {
		v.Specialty = p.Student.SpecialtyCode
	}
	return v, nil
}

// Amend will draft an amendment (amendAgreement): NotImplemented not_implemented_yet for whom it is meant.
func (s *Service) Amend(ctx context.Context, by accounts.Actor, agreementID string) error {
	return s.later(ctx, by, "amendAgreement", agreementID)
}

// Evidence will give the evidence file (getEvidence): NotImplemented not_implemented_yet for whom it is meant.
func (s *Service) Evidence(ctx context.Context, by accounts.Actor, agreementID string) error {
	return s.later(ctx, by, "getEvidence", agreementID)
}

func (s *Service) later(ctx context.Context, by accounts.Actor, op, agreementID string) error {
	if _, _, err := s.permitted(ctx, by, op, agreementID); err != nil {
		return err
	}
	return errs.New(errs.NotImplemented, "not_implemented_yet")
}
