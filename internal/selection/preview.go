package selection

import (
	"context"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/storage"
)

// AcceptancePreview lists what a yes to an offer would withdraw now: the person's other live applications for places whose training overlaps the
// offer's, oldest first. It is for those who may read the offer, and holds nothing: [Service.AcceptOffer] decides anew. An offer that is answered takes
// nothing along.
func (s *Service) AcceptancePreview(ctx context.Context, a accounts.Actor, offerID string) ([]*Application, error) {
	offer, err := s.offerFor(ctx, a, "getOffer", offerID)
	if err != nil || offer.State != OfferOpen {
		return nil, err
	}
	place, err := s.Placements.Placement(ctx, offer.PlacementID)
	if err != nil {
		return nil, err
	}
	live, err := s.applications.Find(ctx, storage.Where(storage.Eq("student", offer.StudentID), storage.In("state", LiveStates()...)).By("created"))
	if err != nil {
		return nil, err
	}
	var out []*Application
	for _, app := range live {
		if app.ID == offer.ApplicationID {
			continue
		}
		other, err := s.Placements.Placement(ctx, app.PlacementID) // a person has eight at most
		if err != nil {
			return nil, err
		}
		if cal.Overlap(other.StartsOn, other.EndsOn, place.StartsOn, place.EndsOn) {
			out = append(out, app)
		}
	}
	return out, nil
}

// ApplicantPreview shows the actor as an enterprise would see them at first, before anything was offered (I11), to be shown before one applies.
func (s *Service) ApplicantPreview(ctx context.Context, a accounts.Actor) (Applicant, error) {
	if err := s.Policy.Permit(a, "apply", self(a)...); err != nil {
		return Applicant{}, err
	}
	app := &Application{State: Submitted, StudentID: a.PersonID, Kind: Citizen}
	e, err := s.Directory.Enrolment(ctx, a.PersonID)
	switch {
	case err == nil:
		app.Kind, app.CollegeID = Student, e.CollegeID
	case !storage.IsNotFound(err):
		return Applicant{}, err
	}
	var n named
	n.add("", "", app.CollegeID, a.PersonID)
	l, err := s.lens(ctx, a, n)
	if err != nil {
		return Applicant{}, err
	}
	who, err := l.applicant(app, ViewEnterprise)
	return who.shown, err
}
