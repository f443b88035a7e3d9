package selection

import (
	"context"
	"slices"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
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
		return "", s.propose(ctx, a, app, o, offer, now)
	})
	return out, err
}

// newOffer checks a proposal and fills it.
func (s *Service) newOffer(ctx context.Context, app *Application, p *placements.Placement, in NewOffer, now time.Time) (*Offer, error) {
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
		StudentID: app.StudentID, WorkplaceID: workplace, CollegeID: college, From: p.StartsOn, To: p.EndsOn, ExpiresAt: expires, Reason: in.Reason,
	}, nil
}

func workplaceOf(p *placements.Placement, asked string) (string, error) {
	required := errs.New(errs.Unprocessable, "workplace_required").WithFields(errs.Field{Field: "workplace_id", Code: "required"})
	if asked == "" {
		if len(p.Workplaces) != 1 {
			return "", required
		}
		return p.Workplaces[0].ID, nil
	}
	for _, w := range p.Workplaces {
		if w.ID == asked {
			return asked, nil
		}
	}
	return "", errs.New(errs.Unprocessable, "workplace_required").WithFields(errs.Field{Field: "workplace_id", Code: "unknown_value"})
}

// thirdSide gives the college of the future agreement: the student's, whose coordinator has confirmed the enrolment, or the one chosen for a
// citizen among the place's.
func (s *Service) thirdSide(ctx context.Context, app *Application, p *placements.Placement, asked string) (string, error) {
	if app.Kind == Student {
		return s.confirmedCollege(ctx, app.StudentID)
	}
	switch {
	case asked == "" && len(p.Colleges) == 1:
		return p.Colleges[0], nil
	case asked == "":
		return "", errs.New(errs.Unprocessable, "college_required").WithFields(errs.Field{Field: "college_id", Code: "required"})
	case len(p.Colleges) > 0 && !slices.Contains(p.Colleges, asked):
		return "", errs.New(errs.Unprocessable, "college_not_listed").WithFields(errs.Field{Field: "college_id", Code: "unknown_value"})
	}
	if _, err := s.Directory.College(ctx, asked); err != nil {
		return "", errs.New(errs.Unprocessable, "college_not_listed").WithFields(errs.Field{Field: "college_id", Code: "unknown_value"}).WithCause(err)
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
	app.OfferMade(offer.ID, now)
	if err := s.offers.Insert(ctx, offer); err != nil {
		if storage.ConflictOn(err, "open") {
			return errs.New(errs.Conflict, "offer_exists")
		}
		return err
	}
	if err := s.CancelBookings(ctx, app.ID, "offer_made"); err != nil {
		return err
	}
	return s.note(ctx, by, EventOfferMade, offer.ID, offer.PlacementID, map[string]string{"application": app.ID})
}

// endOffer ends the application's open offer one way and frees its seat; the caller moves and saves the application.
func (s *Service) endOffer(ctx context.Context, by accounts.Actor, app *Application, o owners, how OfferState, reason string, now time.Time) error {
	offer, err := s.offers.Lock(ctx, app.OfferID)
	if err != nil {
		return err
	}
	event := EventOfferWithdrawn
	switch how {
	case OfferDeclined:
		event, err = EventOfferDeclined, offer.Decline(reason, now)
	case OfferExpired:
		event, err = EventOfferExpired, offer.Expire(now)
	default:
		// Its application ends or goes back now, so the offer does too, even in the minute between its end and the job that expires it.
		offer.State, offer.WithdrawReason = OfferWithdrawn, reason
	}
	if err != nil {
		return err
	}
	o.place.FreeSeat(offer.ID)
	if err := s.offers.Save(ctx, offer); err != nil {
		return err
	}
	return s.note(ctx, by, event, offer.ID, offer.PlacementID, map[string]string{"application": app.ID})
}

// offerNext passes a freed seat on to the first in reserve, where the place says so. It is keyed by the offer that ended: a repeat does nothing.
func (s *Service) offerNext(ctx context.Context, ended *Offer) error {
	p, err := s.Placements.Placement(ctx, ended.PlacementID)
	if err != nil || !p.AutoOffer || string(p.State) == "closed" {
		return err
	}
	next, err := s.firstInReserve(ctx, p.ID)
	if err != nil || next == nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context) error {
		if _, err := s.offers.First(ctx, storage.Where(storage.Eq("follows", ended.ID))); !storage.IsNotFound(err) {
			return err // already passed on, or the store failed
		}
		o, err := s.take(ctx, next.StudentID, p.ID)
		if err != nil {
			return err
		}
		app, err := s.applications.Lock(ctx, next.ID)
		if err != nil {
			return err
		}
		now := s.Clock.Now()
		offer, err := s.automaticOffer(ctx, app, p, o, ended, now)
		if err != nil || offer == nil {
			return err
		}
		if err := s.propose(ctx, accounts.SystemActor("reserve"), app, o, offer, now); err != nil {
			return err
		}
		if err := s.applications.Save(ctx, app); err != nil {
			return err
		}
		return s.save(ctx, o)
	})
}

// automaticOffer is the follow-up of an ended offer, or nil where none can be made now.
func (s *Service) automaticOffer(ctx context.Context, app *Application, p *placements.Placement, o owners, ended *Offer, now time.Time) (*Offer, error) {
	if app.State != Reserve || o.place.Free() <= 0 || open(o.place) != nil {
		return nil, nil
	}
	in := NewOffer{WorkplaceID: ended.WorkplaceID}
	if app.Kind == Citizen {
		in.CollegeID = ended.CollegeID
	}
	if cal.DayOf(now) >= p.StartsOn.Add(-1) {
		return nil, nil // too late for anybody to answer
	}
	offer, err := s.newOffer(ctx, app, p, in, now)
	if errs.KindOf(err) == errs.Unprocessable {
		return nil, nil // an unconfirmed enrolment, say: the enterprise decides by hand
	}
	if err != nil {
		return nil, err
	}
	offer.Automatic, offer.Follows = true, ended.ID
	return offer, nil
}
