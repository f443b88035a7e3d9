package saving

import (
	"context"
	"log/slog"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/finding"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/storage"
)

// People is what saving needs of the accounts.
type People interface {
	Person(ctx context.Context, id string) (*accounts.Person, error)
}

// Placements is what saving needs of the places.
type Placements interface {
	Get(ctx context.Context, a accounts.Actor, placementID string) (*placements.View, error)
	Placement(ctx context.Context, placementID string) (*placements.Placement, error)
	PublicViews(ctx context.Context, ids []string) ([]*placements.View, error)
}

// Finder answers questions about places.
type Finder interface {
	Find(ctx context.Context, q finding.Question, lang i18n.Lang) (*finding.Page, error)
}

// Deps is what a service needs.
type Deps struct {
	DB         storage.Engine
	Clock      cal.Clock
	Policy     accounts.Policy
	Box        *outbox.Box
	Log        *slog.Logger
	People     People
	Placements Placements
	Finder     Finder // one that doesn't count as somebody's asking
}

// Service keeps saved places and searches. Make it with [New]; its methods are safe for parallel use.
type Service struct {
	d        Deps
	shelves  *storage.Collection[shelf, *shelf]
	places   *storage.Collection[Place, *Place]
	searches *storage.Collection[Search, *Search]
}

// New makes the service. The collections ([Specs]) must exist before anything else is called.
func New(d Deps) *Service {
	return &Service{
		d: d, shelves: storage.Open[shelf](d.DB, shelfSpec()), places: storage.Open[Place](d.DB, placeSpec()), searches: storage.Open[Search](d.DB, searchSpec()),
	}
}

func (s *Service) permit(by accounts.Actor, operation string) error {
	return s.d.Policy.Permit(by, operation, accounts.Self)
}

// add holds the actor's shelf, so that what it decides by counting holds, and so that nothing is added to an account that is gone.
func (s *Service) add(ctx context.Context, by accounts.Actor, step func(ctx context.Context) error) error {
	return s.d.DB.Tx(ctx, func(ctx context.Context) error {
		if _, err := s.shelves.LockOrNew(ctx, by.PersonID, &shelf{ID: by.PersonID}); err != nil {
			return err
		}
		p, err := s.d.People.Person(ctx, by.PersonID)
		if err != nil {
			return err
		}
		if p.Deleted() {
			return errs.New(errs.Unauthorized, "unauthorized")
		}
		return step(ctx)
	})
}

// Records gives what a person saved, for the export of everything that is kept about the person.
func (s *Service) Records(ctx context.Context, personID string) ([]accounts.Record, error) {
	var out []accounts.Record
	err := s.places.Each(ctx, storage.Where(storage.Eq("person", personID)).By("saved"), func(p *Place) error {
		out = append(out, accounts.Record{Kind: "saved_placement", ID: p.PlacementID, CreatedAt: p.SavedAt, Data: map[string]any{"placement_id": p.PlacementID}})
		return nil
	})
	if err != nil {
		return nil, err
	}
	searches, err := s.searchesOf(ctx, personID)
	for _, one := range searches {
		data := map[string]any{"name": one.Name, "query": one.Query, "alerts": string(one.Alerts)}
		if !one.AlertedAt.IsZero() {
			data["last_alert_at"] = one.AlertedAt
		}
		out = append(out, accounts.Record{Kind: "saved_search", ID: one.ID, CreatedAt: one.CreatedAt, Data: data})
	}
	return out, err
}

// Erase deletes everything a person saved, in the caller's transaction.
func (s *Service) Erase(ctx context.Context, p *accounts.Person) error {
	if _, err := s.shelves.LockOrNew(ctx, p.ID, &shelf{ID: p.ID}); err != nil {
		return err
	}
	places, err := s.places.Find(ctx, storage.Where(storage.Eq("person", p.ID)))
	if err != nil {
		return err
	}
	for _, one := range places {
		if err := s.places.Delete(ctx, one.ID); err != nil && !storage.IsNotFound(err) {
			return err
		}
	}
	searches, err := s.searchesOf(ctx, p.ID)
	if err != nil {
		return err
	}
	for _, one := range searches {
		if err := s.searches.Delete(ctx, one.ID); err != nil && !storage.IsNotFound(err) {
			return err
		}
	}
	return s.shelves.Delete(ctx, p.ID)
}
