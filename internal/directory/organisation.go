package directory

import (
	"context"
	"strings"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

// Prefixes of the ids of this package.
const (
	prefixEnterprise   = "ent"
	prefixVerification = "ver"
	prefixCollege      = "col"
	prefixChamber      = "chm"
	prefixMentor       = "mnt"
	prefixRoom         = "rom"
	prefixSignatory    = "sgn"
	prefixSupervisor   = "sup"
	prefixEnrolment    = "enr"
	prefixGuardian     = "grd"
	prefixRosterRow    = "ros"
	prefixImport       = "imp"
)

// Organisation is an enterprise, college, chamber or the platform, shortly.
type Organisation struct {
	ID     string
	Kind   accounts.OrgKind
	Name   string
	Region string // KATO code; "" for the platform
}

// Organisation finds an organisation of any kind by its id: errs.NotFound organisation_not_found.
func (s *Service) Organisation(ctx context.Context, id string) (Organisation, error) {
	prefix, _, _ := strings.Cut(id, "_")
	switch {
	case id == accounts.PlatformID:
		return Organisation{ID: id, Kind: accounts.KindPlatform, Name: "Orynda"}, nil
	case prefix == prefixEnterprise:
		e, err := s.enterprises.Get(ctx, id)
		if err == nil {
			return Organisation{ID: id, Kind: accounts.KindEnterprise, Name: e.Name, Region: e.Region}, nil
		}
		return Organisation{}, missing(err, "organisation")
	case prefix == prefixCollege:
		c, err := s.colleges.Get(ctx, id)
		if err == nil {
			return Organisation{ID: id, Kind: accounts.KindCollege, Name: c.Name, Region: c.Region}, nil
		}
		return Organisation{}, missing(err, "organisation")
	case prefix == prefixChamber:
		c, err := s.chambers.Get(ctx, id)
		if err == nil {
			return Organisation{ID: id, Kind: accounts.KindChamber, Name: c.Name, Region: c.Region}, nil
		}
		return Organisation{}, missing(err, "organisation")
	}
	return Organisation{}, errs.Missing("organisation")
}

// FindOrganisation is [Service.Organisation] in the form the accounts' service asks for.
func (s *Service) FindOrganisation(ctx context.Context, id string) (accounts.OrganisationRef, error) {
	o, err := s.Organisation(ctx, id)
	return accounts.OrganisationRef{ID: o.ID, Name: o.Name, Kind: o.Kind}, err
}

// memberRelations are an actor's relations to an organisation, with Visible for what the public may know of.
func memberRelations(by accounts.Actor, kind accounts.OrgKind, id string, public bool) []accounts.Relation {
	have := by.RelationsTo(kind, id)
	if public {
		have = append(have, accounts.Visible)
	}
	return have
}

// checkMember refuses person ids that name nobody who belongs to the organisation: errs.Unprocessable not_a_member. An empty id passes.
func (s *Service) checkMember(ctx context.Context, personID, organisationID string) error {
	if personID == "" {
		return nil
	}
	member, err := s.accounts.HasRole(ctx, personID, organisationID)
	if err != nil && !storage.IsNotFound(err) {
		return err
	}
	if !member {
		return errs.New(errs.Unprocessable, "not_a_member").WithFields(errs.Field{Field: "person_id", Code: "not_a_member"})
	}
	return nil
}
