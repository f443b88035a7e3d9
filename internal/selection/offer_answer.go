package selection

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/storage"
)

// Acceptance is what an applicant's yes brought about.
type Acceptance struct {
	Match     *Match
	Offer     *Offer
	Withdrawn []string // the applications that gave way, oldest first
}

// hand is everything that an acceptance may change: the person's sheet and the sheets of all places with a live application of the person.
type hand struct {
	student *StudentSheet
	apps    []*Application // the live ones, as they were when the sheet was taken
	places  map[string]*placements.Sheet
	changed map[string]bool
	now     time.Time
}

func (h *hand) owners(placementID string) owners {
	h.changed[placementID] = true
	return owners{student: h.student, place: h.places[placementID]}
}

// AcceptOffer is the applicant's yes, in one transaction: the offer accepted, the seat kept, the match made (I2, I3), the agreement
// drafted (I5), the own other live applications whose period overlaps withdrawn with their bookings and offers. Its refusals: Conflict overlapping_match,
// offer_expired, offer_answered, placement_closed; Unprocessable enrolment_unconfirmed.
func (s *Service) AcceptOffer(ctx context.Context, a accounts.Actor, offerID string) (*Acceptance, error) {
	seen, err := s.offerFor(ctx, a, "acceptOffer", offerID)
	if err != nil {
		return nil, err
	}
	// What was answered stays so: whoever comes late need not wait for the others.
	if err := seen.answerable(s.Clock.Now()); err != nil {
		return nil, err
	}
	var out *Acceptance
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		h, err := s.takeHand(ctx, seen)
		if err != nil {
			return err
		}
		out, err = s.accept(ctx, a, seen.ID, h)
		return err
	})
	return out, err
}

// offerFor reads an offer and asks the policy: NotFound not_found for everybody without a relation to it.
func (s *Service) offerFor(ctx context.Context, a accounts.Actor, op, offerID string) (*Offer, error) {
	if a.Anonymous() {
		return nil, s.Policy.Permit(a, op)
	}
	offer, err := s.offers.Get(ctx, offerID)
	if err != nil {
		return nil, hidden(err)
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

// takeHand takes the person's sheet, then the sheets of every place concerned in the order of their ids, so that two acceptances never wait for each
// other in a circle. With the person's sheet taken nobody can add an application.
func (s *Service) takeHand(ctx context.Context, offer *Offer) (*hand, error) {
	h := &hand{places: map[string]*placements.Sheet{}, changed: map[string]bool{}, now: s.Clock.Now()}
	var err error
	if h.student, err = s.sheets.LockOrNew(ctx, offer.StudentID, &StudentSheet{ID: offer.StudentID}); err != nil {
		return nil, err
	}
	ids := []string{offer.PlacementID}
	for _, appID := range h.student.Live {
		app, err := s.applications.Get(ctx, appID)
		if err != nil {
			return nil, err
		}
		h.apps = append(h.apps, app)
		ids = append(ids, app.PlacementID)
	}
	slices.SortFunc(h.apps, func(a, b *Application) int {
		if c := a.CreatedAt.Compare(b.CreatedAt); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	slices.Sort(ids)
	for _, placementID := range slices.Compact(ids) {
		if h.places[placementID], err = s.Placements.LockSheet(ctx, placementID); err != nil {
			return nil, err
		}
	}
	return h, nil
}

// accept runs with all owner documents taken.
func (s *Service) accept(ctx context.Context, a accounts.Actor, offerID string, h *hand) (*Acceptance, error) {
	offer, err := s.offers.Lock(ctx, offerID)
	if err != nil {
		return nil, hidden(err)
	}
	if err := offer.Accept(h.now); err != nil {
		return nil, err
	}
	o := h.owners(offer.PlacementID)
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
	out := &Acceptance{Offer: offer}
	if out.Match, err = s.bind(ctx, app, offer, o, h.now); err != nil {
		return nil, err
	}
	if out.Withdrawn, err = s.supersede(ctx, a, out.Match, h); err != nil {
		return nil, err
	}
	if err := s.saveHand(ctx, h); err != nil {
		return nil, err
	}
	m := out.Match
	if err := s.note(ctx, a, EventOfferAccepted, offer.ID, offer.PlacementID, map[string]string{"application": app.ID, "match": m.ID}); err != nil {
		return nil, err
	}
	return out, s.note(ctx, a, EventMatchMade, m.ID, m.PlacementID, map[string]string{"agreement": m.AgreementID})
}

func (s *Service) saveHand(ctx context.Context, h *hand) error {
	if err := s.sheets.Save(ctx, h.student); err != nil {
		return err
	}
	for placementID := range h.changed {
		if err := s.Placements.SaveSheet(ctx, h.places[placementID]); err != nil {
			return err
		}
	}
	return nil
}

// bind makes the match and its agreement and stores both with the accepted offer and application. The period is the place's of this moment: a change
// since the offer was shown to its applicants.
func (s *Service) bind(ctx context.Context, app *Application, offer *Offer, o owners, now time.Time) (*Match, error) {
	offer.From, offer.To = o.place.StartsOn, o.place.EndsOn
	if !now.Before(offer.From.Start()) {
		return nil, errs.New(errs.Conflict, "offer_expired")
	}
	m := &Match{
		ID: id.New("mat"), CreatedAt: now, State: MatchActive, OfferID: offer.ID, ApplicationID: app.ID, PlacementID: offer.PlacementID,
		EnterpriseID: offer.EnterpriseID, StudentID: offer.StudentID, CollegeID: offer.CollegeID, WorkplaceID: offer.WorkplaceID,
		Kind: app.Kind, Regime: app.Regime, From: offer.From, To: offer.To,
	}
	if err := o.student.Bind(m.ID, m.From, m.To); err != nil {
		return nil, err
	}
	if err := app.OfferEnded(OfferAccepted, false, now); err != nil {
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

// supersede withdraws the person's other live applications for places whose training overlaps the match.
func (s *Service) supersede(ctx context.Context, a accounts.Actor, m *Match, h *hand) ([]string, error) {
	var out []string
	for _, seen := range h.apps {
		place := h.places[seen.PlacementID]
		if seen.ID == m.ApplicationID || !cal.Overlap(place.StartsOn, place.EndsOn, m.From, m.To) {
			continue
		}
		app, err := s.applications.Lock(ctx, seen.ID)
		if err != nil {
			return nil, err
		}
		if err := s.supersedeOne(ctx, a, app, m, h.owners(app.PlacementID), h.now); err != nil {
			return nil, err
		}
		out = append(out, app.ID)
	}
	return out, nil
}

func (s *Service) supersedeOne(ctx context.Context, a accounts.Actor, app *Application, m *Match, o owners, now time.Time) error {
	if err := s.endOfferWith(ctx, a, app, o, BySuperseded); err != nil {
		return err
	}
	if err := app.Supersede(m.ID, now); err != nil {
		return err
	}
	o.end(app)
	if err := s.CancelBookings(ctx, app.ID, string(BySuperseded)); err != nil {
		return err
	}
	if err := s.applications.Save(ctx, app); err != nil {
		return err
	}
	return s.note(ctx, a, EventSuperseded, app.ID, app.PlacementID, map[string]string{"match": m.ID})
}

// DeclineOffer is the applicant's no: Unprocessable bad_request (a reason of more than MostReason letters), Conflict offer_expired or offer_answered. The seat is free again; the reserve goes on by itself.
func (s *Service) DeclineOffer(ctx context.Context, a accounts.Actor, offerID, reason string) (*Offer, error) {
	return s.answerOffer(ctx, a, "declineOffer", offerID, func(o *Offer, now time.Time) error {
		if err := texts(MostReason, "reason", reason); err != nil {
			return err
		}
		return o.Decline(reason, now)
	})
}

// WithdrawOffer takes an open offer back (hr): Unprocessable bad_request (a reason of more than MostReason letters), Conflict offer_expired or offer_answered.
// The application is where it was before.
func (s *Service) WithdrawOffer(ctx context.Context, a accounts.Actor, offerID, reason string) (*Offer, error) {
	return s.answerOffer(ctx, a, "withdrawOffer", offerID, func(o *Offer, now time.Time) error {
		if err := texts(MostReason, "reason", reason); err != nil {
			return err
		}
		return o.Withdraw(reason, now)
	})
}

func (s *Service) answerOffer(ctx context.Context, a accounts.Actor, op, offerID string, end func(o *Offer, now time.Time) error) (*Offer, error) {
	seen, err := s.offerFor(ctx, a, op, offerID)
	if err != nil {
		return nil, err
	}
	if err := seen.answerable(s.Clock.Now()); err != nil {
		return nil, err
	}
	var out *Offer
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		out, err = s.finishOffer(ctx, a, seen, end)
		return err
	})
	return out, err
}

// finishOffer ends an open offer one way, with its application, seat and counts, in the caller's transaction.
func (s *Service) finishOffer(ctx context.Context, a accounts.Actor, seen *Offer, end func(o *Offer, now time.Time) error) (*Offer, error) {
	o, err := s.take(ctx, seen.StudentID, seen.PlacementID)
	if err != nil {
		return nil, err
	}
	offer, err := s.offers.Lock(ctx, seen.ID)
	if err != nil {
		return nil, hidden(err)
	}
	now := s.Clock.Now()
	if err := end(offer, now); err != nil {
		return nil, err
	}
	app, err := s.applications.Lock(ctx, seen.ApplicationID)
	if err != nil {
		return nil, err
	}
	bookable, err := s.HasBookableSlot(ctx, app.PlacementID, now)
	if err != nil {
		return nil, err
	}
	if err := app.OfferEnded(offer.State, bookable, now); err != nil {
		return nil, err
	}
	if !app.State.Live() {
		o.end(app)
	}
	if err := s.storeEnd(ctx, a, offer, o, offerEvent(offer.State)); err != nil {
		return nil, err
	}
	if err := s.applications.Save(ctx, app); err != nil {
		return nil, err
	}
	return offer, s.save(ctx, o)
}

func offerEvent(how OfferState) string {
	switch how {
	case OfferDeclined:
		return EventOfferDeclined
	case OfferExpired:
		return EventOfferExpired
	}
	return EventOfferWithdrawn
}

// hidden makes an absence look like something the actor may not see.
func hidden(err error) error {
	if storage.IsNotFound(err) {
		return errs.New(errs.NotFound, "not_found")
	}
	return err
}
