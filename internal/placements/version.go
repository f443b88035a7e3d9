package placements

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/storage"
)

// Version is one kept change of a public place, with the place before and after it. Versions are never changed or deleted: people applied under
// them.
type Version struct {
	ID          string    `json:"id"` // "ver_…"
	Version     int64     `json:"version"`
	CreatedAt   time.Time `json:"created_at"`
	PlacementID string    `json:"placement_id"`
	Number      int64     `json:"number"` // the place's version after the change
	State       State     `json:"state"`  // of the place then
	By          string    `json:"by"`     // enterprise | system
	Material    bool      `json:"material"`
	Changes     []string  `json:"changes"` // paths
	Before      Placement `json:"before"`
	After       Placement `json:"after"`
	Rules       string    `json:"rules"` // version of the rules that judged it
}

// Identity implements storage.Document.
func (v *Version) Identity() (string, *int64) { return v.ID, &v.Version }

// Keys implements storage.Document.
func (v *Version) Keys() storage.Keys { return storage.Keys{"placement": v.PlacementID} }

func versionSpec() storage.Spec {
	return storage.Spec{
		Name:    "placement_versions",
		Keys:    []storage.Key{{Name: "placement"}},
		Indexes: []storage.Index{{Name: "placement", Keys: []string{"placement"}}},
	}
}

func newVersion(t *taken, before *Placement, changes []string) *Version {
	by := "enterprise"
	if t.by.IsSystem() {
		by = "system"
	}
	return &Version{
		ID: id.New("ver"), CreatedAt: t.now, PlacementID: t.place.ID, Number: before.Version + 1, State: t.place.State, By: by,
		Material: Material(changes), Changes: changes, Before: *before, After: *t.place.clone(), Rules: t.place.Check.Rules,
	}
}

// Versions lists what changed in a place since it was published, newest first: for its enterprise, everybody with an application for
// it, their guardians and colleges, and the registrar.
func (s *Service) Versions(ctx context.Context, a accounts.Actor, placementID string, cursor storage.Cursor, limit int) (storage.Page[*Version], error) {
	var none storage.Page[*Version]
	p, err := s.Placement(ctx, placementID)
	if err != nil {
		return none, err
	}
	rel, err := s.allRelations(ctx, a, p)
	if err != nil {
		return none, err
	}
	if err := s.d.Policy.Permit(a, "listPlacementVersions", rel...); err != nil {
		return none, err
	}
	return s.versions.Page(ctx, storage.Where(storage.Eq("placement", placementID)).ByDesc("").From(cursor).Take(limit))
}

// VersionByID reads one kept change, for services that tell applicants of it: NotFound placement_version_not_found.
func (s *Service) VersionByID(ctx context.Context, versionID string) (*Version, error) {
	v, err := s.versions.Get(ctx, versionID)
	return v, missing(err, "placement_version")
}

// allRelations adds what applications make.
func (s *Service) allRelations(ctx context.Context, a accounts.Actor, p *Placement) ([]accounts.Relation, error) {
	rel := s.RelationsTo(a, p)
	if s.Parties == nil || a.Anonymous() || a.IsSystem() {
		return rel, nil
	}
	more, err := s.Parties(ctx, a, p.ID)
	return append(rel, more...), err
}
