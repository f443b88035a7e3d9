package agreements

import (
	"context"
	"slices"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/placements/rules"
)

// View is an agreement as one reader may see it, with everything that is computed.
type View struct {
	Agreement        *Agreement
	Parties          *Parties
	Gaps             []Gap
	Waiting          []Waiting
	Share            Share
	Hours            Hours
	GuardianRequired bool
	ProfileMatches   bool // r50
	Template         Template
	Trainees         int // of the mentor; -1 when this reader may not know
}

// Template says where a document's wording comes from.
type Template struct {
	ID        string
	Version   int
	SourceAct string
	Edition   cal.Day
	Compared  bool // with the ministry's form; nobody has yet
}

// templateOf describes a version of the wording.
func templateOf(version string) Template {
	t := Template{Version: 1}
	switch version {
	case "r361-1":
		t.ID, t.SourceAct = "dual_r361", "Приказ МНВО РК от 27.07.2023 № 361"
	default:
		t.ID, t.SourceAct, t.Edition = "dual_r50", "Приказ МОН РК от 21.01.2016 № 50", "2025-04-30"
	}
	return t
}

// Get reads one agreement for someone with a relation to it (getAgreement): NotFound agreement_not_found or not_found for everybody else.
func (s *Service) Get(ctx context.Context, by accounts.Actor, agreementID string) (*View, error) {
	a, _, err := s.permitted(ctx, by, "getAgreement", agreementID)
	if err != nil {
		return nil, err
	}
	return s.ViewFor(ctx, by, a)
}

// ViewFor shows an agreement to somebody who has just acted on it.
func (s *Service) ViewFor(ctx context.Context, by accounts.Actor, a *Agreement) (*View, error) {
	p, err := s.partiesOf(ctx, a)
	if err != nil {
		return nil, err
	}
	now := s.Clock.Now()
	v := &View{Agreement: a, Parties: p, Template: templateOf(a.Template), Trainees: -1}
	if v.Gaps, err = s.gapsNow(ctx, a, p, now); err != nil {
		return nil, err
	}
	day := today(now)
	r := rules.InForce(day)
	v.Waiting = a.WaitingFor(p, v.Gaps, day)
	v.Share = a.Terms.Share(a.Regime, r)
	v.Hours = a.Terms.Hours(p.Student.Age(a.Terms.StartsOn), r)
	v.GuardianRequired = a.GuardianRequired(p, day)
	v.ProfileMatches = a.Regime != rules.R50 || ProfileMatches(p.Student.SpecialtyCode, a.Terms.QualificationCode)
	have, err := s.RelationsTo(ctx, by, a)
	if err != nil {
		return nil, err
	}
	v.redact(have)
	return v, nil
}

// redact takes away what a reader's side need not know: the mentor's load is the enterprise's and the college's business, a guardian of an adult nobody's.
func (v *View) redact(have []accounts.Relation) {
	runs := slices.ContainsFunc(have, func(r accounts.Relation) bool {
		return slices.Contains([]accounts.Relation{
			accounts.EnterpriseHR, accounts.EnterpriseSignatory, accounts.CollegeCoordinator, accounts.CollegeSignatory,
		}, r)
	})
	if m := v.Parties.Mentor; m != nil && runs {
		v.Trainees = len(m.Trainees)
	}
	a := v.Agreement
	needed := v.GuardianRequired || a.MinorAtReady || slices.Contains(have, accounts.Guardian)
	if !needed {
		v.Parties.Guardian = nil
	}
}

// gapsNow is everything that ready or the next signature would refuse at this moment.
func (s *Service) gapsNow(ctx context.Context, a *Agreement, p *Parties, now time.Time) ([]Gap, error) {
	switch {
	case a.State == Draft:
		return s.gaps(ctx, a, p, now)
	case !a.State.Frozen():
		return nil, nil
	}
	overlaps, err := s.overlaps(ctx, a)
	if err != nil {
		return nil, err
	}
	day := today(now)
	gaps := CheckSigning(a, p, day, rules.InForce(day), overlaps)
	if day >= a.Terms.StartsOn {
		gaps = append(gaps, Gap{Field: rules.Fail(rules.Overlap, a.Regime, "starts_on", "period_passed"), Party: ByEnterprise})
	}
	for _, side := range []struct {
		party        Party
		organisation string
	}{{ByEnterprise, a.EnterpriseID}, {ByCollege, a.CollegeID}} {
		if a.signature(side.party) != nil {
			continue
		}
		ok, err := s.someoneMaySign(ctx, side.organisation, day)
		if err != nil {
			return nil, err
		}
		if !ok {
			gaps = append(gaps, Gap{Field: rules.Fail(rules.Authority, a.Regime, "signatories", "authority_missing"), Party: side.party})
		}
	}
	return gaps, nil
}

// someoneMaySign reports whether an organisation has a signatory whose authority holds on a day.
func (s *Service) someoneMaySign(ctx context.Context, organisationID string, day cal.Day) (bool, error) {
	members, err := s.Accounts.MembersOf(ctx, organisationID, accounts.RoleSignatory)
	if err != nil {
		return false, err
	}
	for _, m := range members {
		_, err := s.Directory.Authority(ctx, organisationID, m.PersonID, day)
		switch {
		case err == nil:
			return true, nil
		case !errs.Has(err, "no_authority"):
			return false, err
		}
	}
	return false, nil
}
