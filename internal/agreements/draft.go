package agreements

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/agreements/paper"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/placements/rules"
	"github.com/orynda/orynda/internal/selection"
)

// codeLength is the length of a verification code: 80 bits, so that none can be guessed.
const codeLength = 16

// DraftFromMatch makes the draft of a match's agreement in the acceptance's transaction and gives its id (I5): the parties by reference, the terms copied
// from the place, its mentor, a verification code. Outside a transaction it is an internal error.
func (s *Service) DraftFromMatch(ctx context.Context, m *selection.Match) (string, error) {
	if !s.DB.InTx(ctx) {
		return "", errors.New("agreements: a draft belongs into the transaction of its match")
	}
	place, err := s.Placements.Placement(ctx, m.PlacementID)
	if err != nil {
		return "", err
	}
	a, err := s.newDraft(ctx, m, place)
	if err != nil {
		return "", err
	}
	if err := s.revisions.Insert(ctx, firstRevision(a)); err != nil {
		return "", err
	}
	if err := s.tell(ctx, a, step{by: accounts.SystemActor("drafting"), party: BySystem, event: EventDrafted}); err != nil {
		return "", err
	}
	return a.ID, s.agreements.Insert(ctx, a)
}

func (s *Service) newDraft(ctx context.Context, m *selection.Match, place *placements.Placement) (*Agreement, error) {
	student, err := s.Accounts.Person(ctx, m.StudentID)
	if err != nil {
		return nil, err
	}
	enterprise, err := s.Directory.Enterprise(ctx, m.EnterpriseID)
	if err != nil {
		return nil, err
	}
	college, err := s.Directory.College(ctx, m.CollegeID)
	if err != nil {
		return nil, err
	}
	workplace, ok := workplaceOf(place, m.WorkplaceID)
	if !ok {
		return nil, fmt.Errorf("agreements: match %s names no workplace of its place", m.ID)
	}
	now := s.Clock.Now()
	a := &Agreement{
		ID: id.New("agr"), CreatedAt: now, UpdatedAt: now, State: Draft, Regime: rules.Regime(m.Regime), Revision: 1,
		Citizen: m.Kind == selection.Citizen, VerificationCode: id.Crockford(codeLength),
		PlacementID: m.PlacementID, PlacementTitle: place.Title, PlacementReference: place.Reference,
		ApplicationID: m.ApplicationID, OfferID: m.OfferID, MatchID: m.ID,
		StudentID: m.StudentID, StudentName: student.FullName, EnterpriseID: m.EnterpriseID, EnterpriseName: enterprise.Name,
		CollegeID: m.CollegeID, CollegeName: college.Name,
		Languages: []i18n.Lang{i18n.KK, i18n.RU}, Terms: termsOf(m, place, workplace),
		Rules: rules.InForce(today(now)).Version,
	}
	a.Template = paper.TemplateVersion(paper.Regime(a.Regime))
	if a.Citizen {
		a.NoEnrolmentSince = now
	}
	return a, nil
}

// workplaceOf finds a workplace of a place; the only one needs no naming.
func workplaceOf(place *placements.Placement, workplaceID string) (placements.Workplace, bool) {
	for _, w := range place.Workplaces {
		if w.ID == workplaceID || (workplaceID == "" && len(place.Workplaces) == 1) {
			return w, true
		}
	}
	return placements.Workplace{}, false
}

// moduleName is one name for a paper in several languages: the Kazakh and the Russian one, where both are given and differ, else the one that there is.
func moduleName(t i18n.Text) string {
	both := t.KK + " / " + t.RU
	switch {
	case t.KK == "" && t.RU == "":
		return t.EN
	case t.KK == "" || t.KK == t.RU:
		return t.RU
	case t.RU == "" || utf8.RuneCountInString(both) > MaxPlanName:
		return t.KK
	}
	return both
}

// termsOf copies what the place says. The modules that it promised are a proposal for the plan, which the college completes.
func termsOf(m *selection.Match, place *placements.Placement, w placements.Workplace) Terms {
	t := Terms{
		StartsOn: m.From, EndsOn: m.To, Level: string(place.Level), TimeModel: string(place.TimeModel), WeeklyHours: place.WeeklyHours,
		NightWork: place.NightWork, Workplace: copyWorkplace(place, w), MentorID: place.MentorID, Duties: place.Tasks,
	}
	if rules.Regime(m.Regime) == rules.R361 {
		t.ProgrammeCode = place.ProgrammeCode
	} else {
		t.QualificationCode, t.SpecialtyCode = place.QualificationCode, place.SpecialtyCode
	}
	for _, m := range place.Modules {
		t.Plan = append(t.Plan, PlanItem{Name: moduleName(m.Name), Hours: m.Hours, EnterpriseHours: m.EnterpriseHours})
	}
	if place.Compensation.Kind != "" {
		t.Compensation = &Compensation{Kind: string(place.Compensation.Kind), Amount: place.Compensation.Amount}
	}
	if taken := place.Insurance.Taken; taken != nil {
		t.Insurance = &Insurance{Taken: *taken, Note: place.Insurance.Note}
	}
	for _, b := range []struct {
		given bool
		name  string
	}{
		{place.Benefits.Meals, "meals"}, {place.Benefits.Dormitory, "dormitory"}, {place.Benefits.Transport, "transport"},
		{place.Benefits.Clothing, "clothing"},
	} {
		if b.given {
			t.Benefits = append(t.Benefits, b.name)
		}
	}
	return t
}

func copyWorkplace(place *placements.Placement, w placements.Workplace) Workplace {
	return Workplace{
		ID: w.ID, Region: w.Region, City: w.City, Address: w.Address, Lat: w.Lat, Lon: w.Lon, Kind: string(w.Kind), Hazardous: place.Hazardous,
	}
}
