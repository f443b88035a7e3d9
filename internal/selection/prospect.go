package selection

import (
	"context"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/storage"
)

// Prospect is a place as it concerns one student or citizen.
type Prospect struct {
	App           *Application // the latest application for it, nil without one
	Refusal       error        // what Apply would answer now, before it looks at the texts; nil when it would take the application
	TradeMismatch bool         // the place is of another trade: a warning before applying (R50 9; R361 13)
}

// Prospect tells a student or citizen how a place concerns them; nil for everybody else. It holds nothing: Apply decides.
func (s *Service) Prospect(ctx context.Context, a accounts.Actor, p *placements.Placement) (*Prospect, error) {
	if a.PersonID == "" || len(a.Memberships) > 0 {
		return nil, nil //nolint:nilnil // documented
	}
	person, err := s.Accounts.Person(ctx, a.PersonID)
	if err != nil {
		return nil, err
	}
	enrolment, err := s.Directory.Enrolment(ctx, a.PersonID)
	if err != nil && !storage.IsNotFound(err) {
		return nil, err
	}
	if enrolment == nil && person.Role != accounts.AsStudent && person.Role != accounts.AsCitizen {
		return nil, nil //nolint:nilnil // documented
	}
	out := &Prospect{}
	if enrolment != nil {
		same := sameTrade(p, enrolment.SpecialtyCode, enrolment.QualificationCode, enrolment.ProgrammeCode)
		out.TradeMismatch = same != nil && !*same
	}
	if out.App, err = s.latest(ctx, a.PersonID, p.ID); err != nil {
		return nil, err
	}
	switch out.Refusal = s.refusal(ctx, a, p); errs.KindOf(out.Refusal) {
	case errs.Internal, errs.Unavailable:
		return out, out.Refusal // nil, or the store's failure
	}
	return out, nil
}

// OwnFor gives the actor's newest application for each of some places; those without one are left out, and nobody has any.
func (s *Service) OwnFor(ctx context.Context, a accounts.Actor, placementIDs ...string) (map[string]*Application, error) {
	out := map[string]*Application{}
	if a.PersonID == "" || len(placementIDs) == 0 {
		return out, nil
	}
	err := s.applications.Each(ctx, storage.Where(storage.Eq("student", a.PersonID), storage.In("placement", placementIDs...)).By("created"), func(app *Application) error {
		out[app.PlacementID] = app // the newest comes last
		return nil
	})
	return out, err
}

// latest gives the newest application of a person for a place, nil without one.
func (s *Service) latest(ctx context.Context, personID, placementID string) (*Application, error) {
	app, err := s.applications.First(ctx, storage.Where(storage.Eq("student", personID), storage.Eq("placement", placementID)).ByDesc("created"))
	if storage.IsNotFound(err) {
		return nil, nil //nolint:nilnil // documented
	}
	return app, err
}

func (s *Service) refusal(ctx context.Context, a accounts.Actor, p *placements.Placement) error {
	if err := s.Policy.Permit(a, "apply", self(a)...); err != nil {
		return err
	}
	who, err := s.applicant(ctx, a.PersonID)
	if err != nil {
		return err
	}
	place, err := s.Placements.Sheet(ctx, p.ID)
	if err != nil {
		return err
	}
	if err := s.mayApply(ctx, who, p, place, s.Clock.Now()); err != nil {
		return err
	}
	sheet, err := s.sheets.Get(ctx, a.PersonID)
	if storage.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	if !sheet.Room() {
		return sheet.full()
	}
	return nil
}
