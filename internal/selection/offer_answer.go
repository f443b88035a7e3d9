package selection

import (
	"context"
	"sort"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/storage"
)

// AcceptOffer is the applicant's yes, in one transaction: the offer accepted, the seat kept, the match made (I2, I3), the agreement
// drafted (I5), the own other live applications whose period overlaps withdrawn with their bookings and offers. Its refusals: Conflict overlapping_match,
// offer_expired, offer_answered, placement_closed; Unprocessable enrolment_unconfirmed.
func (s *Service) AcceptOffer(ctx context.Context, a accounts.Actor, offerID string) (*Match, error) {
	seen, err := s.offerFor(ctx, a, "acceptOffer", offerID)
	if err != nil {
		return nil, err
	}
	rivals, err := s.rivals(ctx, seen)
	if err != nil {
		return nil, err
	}
	var out *Match
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		sheet, places, err := s.takeAll(ctx, seen, rivals)
		if err != nil {
			return err
		}
		out, err = s.accept(ctx, a, seen.ID, sheet, places)
		return err
	})
	return out, err
}

// offerFor reads an offer and asks the policy.
func (s *Service) offerFor(ctx context.Context, a accounts.Actor, op, offerID string) (*Offer, error) {
	offer, err := s.Offer(ctx, offerID)
	if err != nil {
		return nil, err
	}
	app, err := s.Application(ctx, offer.ApplicationID)
	if err != nil {
		return nil, err
	}
	rel, err := s.RelationsTo(ctx, a, app)
	if err != nil {
		return nil, err
	}
	return offer, s.Policy.Permit(a, op, rel...)
}

// rivals are the person's other live applications whose training overlaps the offer's.
func (s *Service) rivals(ctx context.Context, offer *Offer) ([]*Application, error) {
	all, err := s.applications.Find(ctx, storage.Where(storage.Eq("student", offer.StudentID), storage.In("state", LiveStates()...)))
	if err != nil {
		return nil, err
	}
	var out []*Application
	for _, app := range all {
		if app.ID != offer.ApplicationID && cal.Overlap(app.From, app.To, offer.From, offer.To) {
			out = append(out, app)
		}
	}
	return out, nil
}

// takeAll takes the person's sheet, then the sheets of every place concerned in the order of their ids, so that two acceptances never wait for each
// other in a circle.
func (s *Service) takeAll(ctx context.Context, offer *Offer, rivals []*Application) (*StudentSheet, map[string]*placements.Sheet, error) {
	sheet, err := s.sheets.LockOrNew(ctx, offer.StudentID, &StudentSheet{ID: offer.StudentID})
	if err != nil {
		return nil, nil, err
	}
	ids := []string{offer.PlacementID}
	for _, r := range rivals {
		ids = append(ids, r.PlacementID)
	}
	sort.Strings(ids)
	places := map[string]*placements.Sheet{}
	for _, placementID := range ids {
		if places[placementID] != nil {
			continue
		}
		if places[placementID], err = s.Placements.LockSheet(ctx, placementID); err != nil {
			return nil, nil, err
		}
	}
	return sheet, places, nil
}

// accept runs with all owner documents taken.
func (s *Service) accept(ctx context.Context, a accounts.Actor, offerID string, sheet *StudentSheet, places map[string]*placements.Sheet) (*Match, error) {
	now := s.Clock.Now()
	offer, err := s.offers.Lock(ctx, offerID)
	if err != nil {
		return nil, err
	}
	if err := offer.Accept(now); err != nil {
		return nil, err
	}
	o := owners{student: sheet, place: places[offer.PlacementID]}
	if err := open(o.place); err != nil {
		return nil, err
	}
	app, err := s.applications.Lock(ctx, offer.ApplicationID)
	if err != nil {
		return nil, err
	}
	if app.Kind == Student {
		if offer.CollegeID, err = s.confirmedCollege(ctx, app.StudentID); err != nil {
			return nil, err
		}
	}
	m, err := s.bind(ctx, app, offer, o, now)
	if err != nil {
		return nil, err
	}
	if err := s.supersede(ctx, a, m, sheet, places, now); err != nil {
		return nil, err
	}
	if err := s.sheets.Save(ctx, sheet); err != nil {
		return nil, err
	}
	for _, p := range places {
		if err := s.Placements.SaveSheet(ctx, p); err != nil {
			return nil, err
		}
	}
	if err := s.note(ctx, a, EventOfferAccepted, offer.ID, offer.PlacementID, map[string]string{"application": app.ID, "match": m.ID}); err != nil {
		return nil, err
	}
	return m, s.note(ctx, a, EventMatchMade, m.ID, m.PlacementID, map[string]string{"agreement": m.AgreementID})
}

// bind makes the match and its agreement and stores both with the accepted offer and application.
func (s *Service) bind(ctx context.Context, app *Application, offer *Offer, o owners, now time.Time) (*Match, error) {
	m := &Match{
		ID: id.New("mat"), CreatedAt: now, State: MatchActive, OfferID: offer.ID, ApplicationID: app.ID, PlacementID: offer.PlacementID,
		EnterpriseID: offer.EnterpriseID, StudentID: offer.StudentID, CollegeID: offer.CollegeID, WorkplaceID: offer.WorkplaceID,
		Kind: app.Kind, Regime: app.Regime, From: offer.From, To: offer.To,
	}
	if err := o.student.Bind(m.ID, m.From, m.To); err != nil {
		return nil, err
	}
	if err := app.OfferEnded(OfferAccepted, now); err != nil {
		return nil, err
	}
	o.end(app)
	var err error
	if m.AgreementID, err = s.Draft(ctx, m); err != nil {
		return nil, err
	}
	offer.MatchID, app.MatchID = m.ID, m.ID
	offer.AgreementID, app.AgreementID = m.AgreementID, m.AgreementID
	if err := s.matches.Insert(ctx, m); err != nil {
		return nil, err
	}
	if err := s.offers.Save(ctx, offer); err != nil {
		return nil, err
	}
	return m, s.applications.Save(ctx, app)
}

// supersede withdraws the person's other live applications whose period overlaps the match. An application made since the transaction's places were
// taken would need another place's sheet: the person's sheet is taken, so there is none.
func (s *Service) supersede(ctx context.Context, a accounts.Actor, m *Match, sheet *StudentSheet, places map[string]*placements.Sheet, now time.Time) error {
	for _, appID := range append([]string(nil), sheet.Live...) {
		app, err := s.applications.Lock(ctx, appID)
		if err != nil {
			return err
		}
		if !cal.Overlap(app.From, app.To, m.From, m.To) {
			continue
		}
		place := places[app.PlacementID]
		if place == nil {
			return errs.New(errs.Conflict, "conflict") // applied between the reading and the transaction: asking again succeeds
		}
		if err := s.supersedeOne(ctx, a, app, m, owners{student: sheet, place: place}, now); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) supersedeOne(ctx context.Context, a accounts.Actor, app *Application, m *Match, o owners, now time.Time) error {
	if app.State == Offered {
		if err := s.endOffer(ctx, a, app, o, OfferWithdrawn, "superseded", now); err != nil {
			return err
		}
	}
	if err := app.Supersede(m.ID, now); err != nil {
		return err
	}
	o.end(app)
	if err := s.CancelBookings(ctx, app.ID, "superseded"); err != nil {
		return err
	}
	if err := s.applications.Save(ctx, app); err != nil {
		return err
	}
	return s.note(ctx, a, EventSuperseded, app.ID, app.PlacementID, map[string]string{"match": m.ID})
}

// DeclineOffer is the applicant's no: Conflict offer_expired or offer_answered. The seat is free again; the reserve goes on by itself.
func (s *Service) DeclineOffer(ctx context.Context, a accounts.Actor, offerID, reason string) (*Offer, error) {
	return s.answerOffer(ctx, a, "declineOffer", offerID, OfferDeclined, reason)
}

// WithdrawOffer takes an open offer back (hr): Conflict offer_expired or offer_answered. The application is where it was before.
func (s *Service) WithdrawOffer(ctx context.Context, a accounts.Actor, offerID, reason string) (*Offer, error) {
	return s.answerOffer(ctx, a, "withdrawOffer", offerID, OfferWithdrawn, reason)
}

func (s *Service) answerOffer(ctx context.Context, a accounts.Actor, op, offerID string, how OfferState, reason string) (*Offer, error) {
	seen, err := s.offerFor(ctx, a, op, offerID)
	if err != nil {
		return nil, err
	}
	err = s.DB.Tx(ctx, func(ctx context.Context) error { return s.finishOffer(ctx, a, seen, how, reason) })
	if err != nil {
		return nil, err
	}
	return s.Offer(ctx, offerID)
}

// finishOffer ends an open offer with its application, seat and counts, in the caller's transaction.
func (s *Service) finishOffer(ctx context.Context, a accounts.Actor, seen *Offer, how OfferState, reason string) error {
	o, err := s.take(ctx, seen.StudentID, seen.PlacementID)
	if err != nil {
		return err
	}
	offer, err := s.offers.Lock(ctx, seen.ID)
	if err != nil {
		return missing(err, "offer")
	}
	now := s.Clock.Now()
	if how != OfferExpired {
		if err := offer.answerable(now); err != nil {
			return err
		}
	}
	app, err := s.applications.Lock(ctx, seen.ApplicationID)
	if err != nil {
		return err
	}
	if err := s.endOffer(ctx, a, app, o, how, reason, now); err != nil {
		return err
	}
	if err := app.OfferEnded(how, now); err != nil {
		return err
	}
	if !app.State.Live() {
		o.end(app)
	}
	if err := s.applications.Save(ctx, app); err != nil {
		return err
	}
	return s.save(ctx, o)
}
