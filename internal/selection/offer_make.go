package selection

import (
	"context"
	"slices"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/storage"
)

// NewOffer is what an enterprise proposes.
type NewOffer struct {
	WorkplaceID string    // needed where the place has several
	ExpiresAt   time.Time // zero: OfferDays
	Reason      string    // why this citizen; needed for an offer on a free-form application (R50 6.2)
	CollegeID   string    // the citizen's third side, one of the place's colleges
}

// MakeOffer proposes a seat (hr) and holds it. Its refusals: Conflict no_free_seat, offer_exists, wrong_state, placement_closed; Unprocessable
// interview_required, not_recommended (I4), enrolment_unconfirmed, workplace_required, reason_required, college_required, college_not_listed,
// expiry_out_of_range.
func (s *Service) MakeOffer(ctx context.Context, a accounts.Actor, applicationID string, in NewOffer) (*Offer, error) {
	if err := s.glanceSeats(ctx, a, applicationID, in); err != nil {
		return nil, err
	}
	var out *Offer
	_, err := s.act(ctx, a, "makeOffer", applicationID, func(ctx context.Context, app *Application, o owners, now time.Time) (string, error) {
		if err := open(o.place); err != nil {
			return "", err
		}
		p, err := s.Placements.Placement(ctx, app.PlacementID)
		if err != nil {
			return "", err
		}
		offer, err := s.newOffer(ctx, app, p, in, now)
		if err != nil {
			return "", err
		}
		app.Open(now)
		out = offer
		if err := s.propose(ctx, a, app, o, offer, now); err != nil {
			return "", err
		}
		return "", s.answered(ctx, app, now)
	})
	return out, err
}

// glanceSeats refuses an offer that would be right if there were a seat, before anything is taken: in a rush for the last seat only those who may still
// win wait for each other. What it lets pass is checked again with everything taken.
func (s *Service) glanceSeats(ctx context.Context, a accounts.Actor, applicationID string, in NewOffer) error {
	app, err := s.permitted(ctx, a, "makeOffer", applicationID)
	if err != nil {
		return err
	}
	sheet, err := s.Placements.Sheet(ctx, app.PlacementID)
	if err != nil || sheet.Free() > 0 || open(sheet) != nil {
		return err
	}
	p, err := s.Placements.Placement(ctx, app.PlacementID)
	if err != nil {
		return err
	}
	if _, err := s.newOffer(ctx, app, p, in, s.Clock.Now()); err != nil {
		return err
	}
	return errs.New(errs.Conflict, "no_free_seat")
}

// newOffer checks a proposal and fills it.
func (s *Service) newOffer(ctx context.Context, app *Application, p *placements.Placement, in NewOffer, now time.Time) (*Offer, error) {
	if err := texts(MostWord, "reason", in.Reason); err != nil {
		return nil, err
	}
	if err := app.CanOffer(in.Reason); err != nil {
		return nil, err
	}
	workplace, err := workplaceOf(p, in.WorkplaceID)
	if err != nil {
		return nil, err
	}
	college, err := s.thirdSide(ctx, app, p, in.CollegeID)
	if err != nil {
		return nil, err
	}
	expires, err := Expiry(in.ExpiresAt, now, p.StartsOn)
	if err != nil {
		return nil, err
	}
	return &Offer{
		ID: id.New("ofr"), CreatedAt: now, State: OfferOpen, ApplicationID: app.ID, PlacementID: app.PlacementID, EnterpriseID: app.EnterpriseID,
		StudentID: app.StudentID, Kind: app.Kind, WorkplaceID: workplace, CollegeID: college, From: p.StartsOn, To: p.EndsOn, ExpiresAt: expires, Reason: in.Reason,
	}, nil
}

func workplaceOf(p *placements.Placement, asked string) (string, error) {
	code := "unknown_value"
	if asked == "" {
		if len(p.Workplaces) == 1 {
			return p.Workplaces[0].ID, nil
		}
		code = "required"
	} else if _, ok := p.WorkplaceByID(asked); ok {
		return asked, nil
	}
	return "", errs.New(errs.Unprocessable, "workplace_required").WithFields(errs.Field{Field: "workplace_id", Code: code})
}

// thirdSide gives the college of the future agreement: the student's, whose coordinator has confirmed the enrolment, or the one chosen for a
// citizen among the place's (all of its regime where the place names none).
func (s *Service) thirdSide(ctx context.Context, app *Application, p *placements.Placement, asked string) (string, error) {
	if app.Kind == Student {
		return s.confirmedCollege(ctx, app.StudentID)
	}
	notListed := errs.New(errs.Unprocessable, "college_not_listed").WithFields(errs.Field{Field: "college_id", Code: "unknown_value"})
	switch {
	case asked == "":
		return "", errs.New(errs.Unprocessable, "college_required").WithFields(errs.Field{Field: "college_id", Code: "required"})
	case len(p.Colleges) > 0 && !slices.Contains(p.Colleges, asked):
		return "", notListed
	}
	college, err := s.Directory.College(ctx, asked)
	switch {
	case storage.IsNotFound(err):
		return "", notListed
	case err != nil:
		return "", err
	case college.Kind.Regime() != string(p.Regime):
		return "", notListed
	}
	return asked, nil
}

func (s *Service) confirmedCollege(ctx context.Context, personID string) (string, error) {
	e, err := s.Directory.Enrolment(ctx, personID)
	if err != nil && !storage.IsNotFound(err) {
		return "", err
	}
	if err != nil || e.State != directory.EnrolmentConfirmed {
		return "", errs.New(errs.Unprocessable, "enrolment_unconfirmed")
	}
	return e.CollegeID, nil
}

// propose takes the seat and stores the offer; the caller saves the application and the sheets.
func (s *Service) propose(ctx context.Context, by accounts.Actor, app *Application, o owners, offer *Offer, now time.Time) error {
	if err := o.place.TakeSeat(offer.ID); err != nil {
		return err
	}
	app.OfferMade(offer.ID, offer.ExpiresAt, now)
	if app.Kind == Student {
		app.CollegeID = offer.CollegeID // the student may have changed colleges since applying
	}
	if err := s.offers.Insert(ctx, offer); err != nil {
		if storage.ConflictOn(err, "open") {
			return errs.New(errs.Conflict, "offer_exists")
		}
		return err
	}
	if err := s.CancelBookings(ctx, app.ID, "offer_made"); err != nil { // a hold, if anything
		return err
	}
	return s.note(ctx, by, EventOfferMade, offer.ID, offer.PlacementID, map[string]string{"application": app.ID})
}

// endOfferWith ends the open offer of an application that is about to end, if it has one, and frees its seat.
func (s *Service) endOfferWith(ctx context.Context, by accounts.Actor, app *Application, o owners, why OfferEnd) error {
	if app.State != Offered {
		return nil
	}
	return s.endOpenOffer(ctx, by, app.OfferID, o, why)
}

func (s *Service) endOpenOffer(ctx context.Context, by accounts.Actor, offerID string, o owners, why OfferEnd) error {
	offer, err := s.offers.Lock(ctx, offerID)
	if err != nil {
		return err
	}
	if err := offer.EndWith(why); err != nil {
		return err
	}
	return s.storeEnd(ctx, by, offer, o, EventOfferWithdrawn)
}

// storeEnd frees the seat of an offer that has ended and tells of it.
func (s *Service) storeEnd(ctx context.Context, by accounts.Actor, offer *Offer, o owners, event string) error {
	o.place.FreeSeat(offer.ID)
	if err := s.offers.Save(ctx, offer); err != nil {
		return err
	}
	data := map[string]string{"application": offer.ApplicationID}
	if offer.EndedBy != "" {
		data["reason"] = string(offer.EndedBy)
	}
	return s.note(ctx, by, event, offer.ID, offer.PlacementID, data)
}
