package saving

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/storage"
)

// MostPlaces is how many places one person may have saved.
const MostPlaces = 200

// Place is one saved place of one person.
type Place struct {
	ID          string    `json:"id"` // of person and place: there is one of each pair
	Version     int64     `json:"version"`
	PersonID    string    `json:"person_id"`
	PlacementID string    `json:"placement_id"`
	SavedAt     time.Time `json:"saved_at"`
}

// Identity implements storage.Document.
func (p *Place) Identity() (string, *int64) { return p.ID, &p.Version }

// Keys implements storage.Document.
func (p *Place) Keys() storage.Keys {
	return storage.Keys{"person": p.PersonID, "saved": p.SavedAt}
}

func placeID(personID, placementID string) string { return personID + "|" + placementID }

// SavedPlace is a saved place as its owner may see it now.
type SavedPlace struct {
	Saved *Place
	Place *placements.Placement // whatever became of it; of a closed one only reference, state and reason may be shown
	View  *placements.View      // while it is published; else nil
}

// SavePlace saves a place for the actor (savePlacement); one that is saved already stays as it is. It must be public: published, paused or selecting. Errors:
// unauthorized, email_unverified, placement_not_found; Gone placement_closed; Conflict saved_placements_limit.
func (s *Service) SavePlace(ctx context.Context, by accounts.Actor, placementID string) error {
	if err := s.permit(by, "savePlacement"); err != nil {
		return err
	}
	id := placeID(by.PersonID, placementID)
	if _, err := s.places.Get(ctx, id); !storage.IsNotFound(err) {
		return err // it is there, or the store doesn't answer
	}
	view, err := s.d.Placements.Get(ctx, by, placementID)
	switch {
	case err != nil:
		return err
	case view.Place.State == placements.Closed:
		return errs.New(errs.Gone, "placement_closed")
	case view.Place.PublishedAt.IsZero(): // the actor's own draft
		return errs.Missing("placement")
	}
	return s.add(ctx, by, func(ctx context.Context) error {
		if _, err := s.places.Get(ctx, id); !storage.IsNotFound(err) {
			return err
		}
		n, err := s.places.Count(ctx, storage.Where(storage.Eq("person", by.PersonID)))
		if err != nil {
			return err
		}
		if n >= MostPlaces {
			return errs.New(errs.Conflict, "saved_placements_limit").With("max", MostPlaces)
		}
		return s.places.Insert(ctx, &Place{ID: id, PersonID: by.PersonID, PlacementID: placementID, SavedAt: s.d.Clock.Now()})
	})
}

// ForgetPlace takes a place from what the actor saved (forgetPlacement); one that isn't saved is fine. Errors: unauthorized, email_unverified.
func (s *Service) ForgetPlace(ctx context.Context, by accounts.Actor, placementID string) error {
	if err := s.permit(by, "forgetPlacement"); err != nil {
		return err
	}
	return s.d.DB.Tx(ctx, func(ctx context.Context) error {
		p, err := s.places.Lock(ctx, placeID(by.PersonID, placementID))
		if storage.IsNotFound(err) {
			return nil
		}
		if err != nil {
			return err
		}
		return s.places.Delete(ctx, p.ID)
	})
}

// Places lists what the actor saved, the latest first (listSavedPlacements). Errors: unauthorized, email_unverified, bad_cursor.
func (s *Service) Places(ctx context.Context, by accounts.Actor, after storage.Cursor, limit int) (storage.Page[SavedPlace], error) {
	none := storage.Page[SavedPlace]{}
	if err := s.permit(by, "listSavedPlacements"); err != nil {
		return none, err
	}
	page, err := s.places.Page(ctx, storage.Where(storage.Eq("person", by.PersonID)).ByDesc("saved").From(after).Take(limit))
	if err != nil {
		return none, err
	}
	ids := make([]string, len(page.Items))
	for i, p := range page.Items {
		ids[i] = p.PlacementID
	}
	views, err := s.d.Placements.PublicViews(ctx, ids)
	if err != nil {
		return none, err
	}
	published := map[string]*placements.View{}
	for _, v := range views {
		published[v.Place.ID] = v
	}
	out := storage.Page[SavedPlace]{Items: make([]SavedPlace, len(page.Items)), Next: page.Next}
	for i, p := range page.Items {
		out.Items[i] = SavedPlace{Saved: p, View: published[p.PlacementID]}
		if v := out.Items[i].View; v != nil {
			out.Items[i].Place = v.Place
			continue
		}
		if out.Items[i].Place, err = s.d.Placements.Placement(ctx, p.PlacementID); err != nil {
			return none, err
		}
	}
	return out, nil
}

// Saved tells which of some places the actor has saved; nobody has any. It fails with the store only.
func (s *Service) Saved(ctx context.Context, by accounts.Actor, placementIDs ...string) (map[string]bool, error) {
	if len(placementIDs) == 0 || s.permit(by, "listSavedPlacements") != nil {
		return nil, nil //nolint:nilnil // nothing is saved
	}
	ids := make([]string, len(placementIDs))
	for i, id := range placementIDs {
		ids[i] = placeID(by.PersonID, id)
	}
	found, err := s.places.GetMany(ctx, ids...)
	if err != nil {
		return nil, err
	}
	out := make(map[string]bool, len(found))
	for _, p := range found {
		out[p.PlacementID] = true
	}
	return out, nil
}
