package selection

import (
	"context"
	"log/slog"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/audit"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/storage"
)

// Deps is what the service needs.
type Deps struct {
	DB         storage.Engine
	Clock      cal.Clock
	Policy     accounts.Policy
	Box        *outbox.Box
	Trail      *audit.Trail
	Log        *slog.Logger
	Accounts   *accounts.Service
	Directory  *directory.Service
	Placements *placements.Service
	Reference  *directory.Reference
}

// Service is the selection domain's operations. The function fields lead upwards; the composition root sets them before the first
// call, and each runs in the caller's transaction.
type Service struct {
	Deps
	applications *storage.Collection[Application, *Application]
	offers       *storage.Collection[Offer, *Offer]
	matches      *storage.Collection[Match, *Match]
	sheets       *storage.Collection[StudentSheet, *StudentSheet]
	rankings     *storage.Collection[Ranking, *Ranking]

	// CancelBookings ends the live bookings and holds of an application. It doesn't touch the application: its caller holds it.
	CancelBookings func(ctx context.Context, applicationID, reason string) error
	// HasBookableSlot reports whether the place offers an interview time that can still be booked.
	HasBookableSlot func(ctx context.Context, placementID string, now time.Time) (bool, error)
	// Draft makes the match's agreement and gives its id.
	Draft func(ctx context.Context, m *Match) (agreementID string, err error)
}

// New makes the service.
func New(d Deps) *Service {
	return &Service{
		Deps:         d,
		applications: storage.Open[Application](d.DB, applicationSpec()),
		offers:       storage.Open[Offer](d.DB, offerSpec()),
		matches:      storage.Open[Match](d.DB, matchSpec()),
		sheets:       storage.Open[StudentSheet](d.DB, storage.Spec{Name: "student_sheets"}),
		rankings:     storage.Open[Ranking](d.DB, storage.Spec{Name: "rankings"}),
	}
}

// Application reads one application, without asking who wants it: NotFound application_not_found.
func (s *Service) Application(ctx context.Context, id string) (*Application, error) {
	app, err := s.applications.Get(ctx, id)
	return app, missing(err, "application")
}

// Offer reads one offer, without asking who wants it: NotFound offer_not_found.
func (s *Service) Offer(ctx context.Context, id string) (*Offer, error) {
	o, err := s.offers.Get(ctx, id)
	return o, missing(err, "offer")
}

// Match reads one match, without asking who wants it: NotFound match_not_found.
func (s *Service) Match(ctx context.Context, id string) (*Match, error) {
	m, err := s.matches.Get(ctx, id)
	return m, missing(err, "match")
}

// missing names the thing that a store did not find.
func missing(err error, thing string) error {
	if storage.IsNotFound(err) {
		return errs.Missing(thing)
	}
	return err
}

// RelationsTo tells how an actor stands to an application: its owner, the owner's confirmed guardian, the place's enterprise, the
// student's college. An interviewer of the enterprise is one to the applicants of the own slots only.
func (s *Service) RelationsTo(ctx context.Context, a accounts.Actor, app *Application) ([]accounts.Relation, error) {
	if a.IsSystem() || a.Anonymous() {
		return relations(a, app, false), nil
	}
	guards, err := s.Directory.Represents(ctx, a.PersonID, app.StudentID)
	return relations(a, app, guards), err
}

// relations is RelationsTo where it is known whether the actor is the student's confirmed guardian.
func relations(a accounts.Actor, app *Application, guards bool) []accounts.Relation {
	if a.IsSystem() {
		return []accounts.Relation{accounts.SystemRelation}
	}
	if a.Anonymous() {
		return nil
	}
	var out []accounts.Relation
	if a.PersonID == app.StudentID {
		out = append(out, accounts.Self)
	}
	for _, r := range append(a.RelationsTo(accounts.KindEnterprise, app.EnterpriseID), a.RelationsTo(accounts.KindCollege, app.CollegeID)...) {
		switch {
		case r == accounts.PlatformAdmin: // sees no personal data: to an application that relation is none
		case r == accounts.EnterpriseInterviewer && app.InterviewerID != a.PersonID:
			out = append(out, accounts.Visible)
		default:
			out = append(out, r)
		}
	}
	if guards {
		out = append(out, accounts.Guardian)
	}
	return out
}

// permitted reads an application and asks the policy: NotFound not_found for everybody without a relation to it.
func (s *Service) permitted(ctx context.Context, a accounts.Actor, op, applicationID string) (*Application, error) {
	if a.Anonymous() {
		return nil, s.Policy.Permit(a, op)
	}
	app, err := s.applications.Get(ctx, applicationID)
	if err != nil {
		return nil, hidden(err)
	}
	rel, err := s.RelationsTo(ctx, a, app)
	if err != nil {
		return nil, err
	}
	return app, s.Policy.Permit(a, op, rel...)
}

// owners are the two owner documents of an application, taken for the transaction in their fixed order.
type owners struct {
	student *StudentSheet
	place   *placements.Sheet
}

// take locks the person's sheet, then the place's.
func (s *Service) take(ctx context.Context, studentID, placementID string) (owners, error) {
	var o owners
	var err error
	if o.student, err = s.sheets.LockOrNew(ctx, studentID, &StudentSheet{ID: studentID}); err != nil {
		return o, err
	}
	o.place, err = s.Placements.LockSheet(ctx, placementID)
	return o, err
}

// save writes both sheets back.
func (s *Service) save(ctx context.Context, o owners) error {
	if err := s.sheets.Save(ctx, o.student); err != nil {
		return err
	}
	return s.Placements.SaveSheet(ctx, o.place)
}

// end counts an application out that has just left the live states.
func (o owners) end(app *Application) {
	o.student.Remove(app.ID)
	o.place.Live--
}

// note writes a step into the trail of the place and tells whom it concerns, all in the caller's transaction.
func (s *Service) note(ctx context.Context, by accounts.Actor, event, subject, placementID string, data map[string]string) error {
	entry := audit.Entry{Stream: "placement:" + placementID, Action: event, Actor: by.ID(), Session: by.SessionID, Data: map[string]string{"subject": subject}}
	for k, v := range data {
		entry.Data[k] = v
	}
	if err := s.Trail.Append(ctx, entry); err != nil {
		return err
	}
	return s.Box.Emit(ctx, event, subject, data)
}

// act is the frame of a step on one application by someone: permission, then a transaction with the owner documents and the application
// taken, the step, and everything saved. step may change app, the sheets and give the event to note; it may run again.
func (s *Service) act(ctx context.Context, a accounts.Actor, op, applicationID string, step func(ctx context.Context, app *Application, o owners, now time.Time) (event string, err error)) (*Application, error) {
	seen, err := s.permitted(ctx, a, op, applicationID)
	if err != nil {
		return nil, err
	}
	var out *Application
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		o, err := s.take(ctx, seen.StudentID, seen.PlacementID)
		if err != nil {
			return err
		}
		app, err := s.applications.Lock(ctx, applicationID)
		if err != nil {
			return hidden(err)
		}
		wasLive := app.State.Live()
		event, err := step(ctx, app, o, s.Clock.Now())
		if err != nil {
			return err
		}
		if wasLive && !app.State.Live() {
			o.end(app)
		}
		if err := s.applications.Save(ctx, app); err != nil {
			return err
		}
		out = app
		if err := s.save(ctx, o); err != nil {
			return err
		}
		if event == "" {
			return nil // the step noted it itself
		}
		return s.note(ctx, a, event, app.ID, app.PlacementID, map[string]string{"state": string(app.State)})
	})
	return out, err
}
