package agreements

import (
	"context"
	"slices"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
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
	Trainees         int                 // of the mentor; -1 when this reader may not know
	Relations        []accounts.Relation // the reader's to the agreement
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
	views, err := s.Views(ctx, by, []*Agreement{a})
	if err != nil {
		return nil, err
	}
	return views[0], nil
}

// Views is ViewFor for agreements that a list gave. How often it asks the store doesn't depend on their number.
func (s *Service) Views(ctx context.Context, by accounts.Actor, list []*Agreement) ([]*View, error) {
	parties, err := s.partiesOfAll(ctx, list)
	if err != nil {
		return nil, err
	}
	now := s.Clock.Now()
	gaps, err := s.gapsOfAll(ctx, list, parties, now)
	if err != nil {
		return nil, err
	}
	wards, err := s.wardsOf(ctx, by)
	if err != nil {
		return nil, err
	}
	day := today(now)
	r := rules.InForce(day)
	out := make([]*View, 0, len(list))
	for _, a := range list {
		p := parties[a.ID]
		v := &View{
			Agreement: a, Parties: p, Gaps: gaps[a.ID], Waiting: a.WaitingFor(p, gaps[a.ID], day), Template: templateOf(a.Template), Trainees: -1,
			Share: a.Terms.Share(a.Regime, r), Hours: a.Terms.Hours(p.Student.Age(a.Terms.StartsOn), r), GuardianRequired: a.GuardianRequired(p, day),
			ProfileMatches: a.Regime != rules.R50 || ProfileMatches(p.Student.SpecialtyCode, a.Terms.QualificationCode),
		}
		v.Relations = relations(by, a, wards)
		v.redact()
		out = append(out, v)
	}
	return out, nil
}

// redact takes away what a reader's side need not know: the mentor's load is the enterprise's and the college's business, a guardian of an adult nobody's.
func (v *View) redact() {
	runs := slices.ContainsFunc(v.Relations, func(r accounts.Relation) bool {
		return slices.Contains([]accounts.Relation{
			accounts.EnterpriseHR, accounts.EnterpriseSignatory, accounts.CollegeCoordinator, accounts.CollegeSignatory,
		}, r)
	})
	if m := v.Parties.Mentor; m != nil && runs {
		v.Trainees = len(m.Trainees)
	}
	a := v.Agreement
	needed := v.GuardianRequired || a.MinorAtReady || slices.Contains(v.Relations, accounts.Guardian)
	if !needed {
		v.Parties.Guardian = nil
	}
}

// gapsOfAll is everything that ready or the next signature would refuse at this moment, by agreement, for agreements with their parties. How often it asks doesn't depend on their number.
func (s *Service) gapsOfAll(ctx context.Context, list []*Agreement, parties map[string]*Parties, now time.Time) (map[string][]Gap, error) {
	list = slices.DeleteFunc(slices.Clone(list), func(a *Agreement) bool { return a.State != Draft && !a.State.Frozen() })
	if len(list) == 0 {
		return nil, nil
	}
	overlaps, err := s.overlapsOf(ctx, list)
	if err != nil {
		return nil, err
	}
	day := today(now)
	signing, err := s.whereSomeoneMaySign(ctx, list, day)
	if err != nil {
		return nil, err
	}
	out := make(map[string][]Gap, len(list))
	for _, a := range list {
		if a.State == Draft {
			out[a.ID] = CheckReady(a, parties[a.ID], day, rules.InForce(day), overlaps[a.ID])
		} else {
			out[a.ID] = signingGaps(a, parties[a.ID], day, overlaps[a.ID], signing)
		}
	}
	return out, nil
}

// signingGaps is what the next signature of a fixed document would refuse; signing holds the organisations that have somebody to sign.
func signingGaps(a *Agreement, p *Parties, day cal.Day, overlaps bool, signing map[string]bool) []Gap {
	gaps := CheckSigning(a, p, day, rules.InForce(day), overlaps)
	if day >= a.Terms.StartsOn {
		gaps = append(gaps, Gap{Field: rules.Fail(rules.Overlap, a.Regime, "starts_on", "period_passed"), Party: ByEnterprise})
	}
	for _, side := range []struct {
		party        Party
		organisation string
	}{{ByEnterprise, a.EnterpriseID}, {ByCollege, a.CollegeID}} {
		if a.signature(side.party) == nil && !signing[side.organisation] {
			gaps = append(gaps, Gap{Field: rules.Fail(rules.Authority, a.Regime, "signatories", "authority_missing"), Party: side.party})
		}
	}
	return gaps
}

// whereSomeoneMaySign finds, of the enterprises and colleges of fixed documents, those that have a signatory whose authority holds on a day.
func (s *Service) whereSomeoneMaySign(ctx context.Context, list []*Agreement, day cal.Day) (map[string]bool, error) {
	var organisations []string
	for _, a := range list {
		if a.State.Frozen() {
			organisations = append(organisations, a.EnterpriseID, a.CollegeID)
		}
	}
	out := map[string]bool{}
	if len(organisations) == 0 {
		return out, nil
	}
	members, err := s.Accounts.MembersWith(ctx, accounts.RoleSignatory, organisations...)
	if err != nil {
		return nil, err
	}
	authorities, err := s.Directory.Authorised(ctx, day, organisations...)
	if err != nil {
		return nil, err
	}
	for organisation, of := range members {
		out[organisation] = slices.ContainsFunc(of, func(m *accounts.Membership) bool {
			return slices.ContainsFunc(authorities[organisation], func(g *directory.Signatory) bool { return g.PersonID == m.PersonID })
		})
	}
	return out, nil
}
