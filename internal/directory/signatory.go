package directory

import (
	"context"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/storage"
)

// SignatoryState is whether an authority holds on a day.
type SignatoryState string

// The states of an authority.
const (
	SignatoryActive SignatoryState = "active"
	SignatoryComing SignatoryState = "coming"
	SignatoryEnded  SignatoryState = "ended"
)

// Signatory is one authority of one person to sign agreements for an organisation: its ground and its days.
type Signatory struct {
	ID             string    `json:"id"`
	Version        int64     `json:"version"`
	CreatedAt      time.Time `json:"created_at"`
	OrganisationID string    `json:"organisation_id"`
	PersonID       string    `json:"person_id"`
	FullName       string    `json:"full_name"`
	Position       string    `json:"position,omitempty"`
	Ground         string    `json:"ground"`
	From           cal.Day   `json:"from"`
	To             cal.Day   `json:"to,omitempty"` // "" while open-ended
	EndedAt        time.Time `json:"ended_at,omitzero"`
}

// Identity implements storage.Document.
func (g *Signatory) Identity() (string, *int64) { return g.ID, &g.Version }

// Keys implements storage.Document. The key "same" makes the same ground for the same days once more impossible.
func (g *Signatory) Keys() storage.Keys {
	k := storage.Keys{"organisation": g.OrganisationID, "name": nameKey(g.FullName), "holder": g.OrganisationID + "|" + g.PersonID, "person": g.PersonID}
	if g.EndedAt.IsZero() {
		k["same"] = strings.Join([]string{g.OrganisationID, g.PersonID, foldName(g.Ground), string(g.From), string(g.To)}, "|")
	}
	return k
}

func signatorySpec() storage.Spec {
	return storage.Spec{
		Name: "signatories",
		Keys: []storage.Key{{Name: "organisation"}, {Name: "name"}, {Name: "holder"}, {Name: "person"}, {Name: "same"}},
		Indexes: []storage.Index{
			{Name: "organisation", Keys: []string{"organisation", "name"}},
			{Name: "holder", Keys: []string{"holder"}},
			{Name: "person", Keys: []string{"person"}},
			{Name: "same", Keys: []string{"same"}, Unique: true},
		},
	}
}

// StateOn is whether the authority holds on a day.
func (g *Signatory) StateOn(day cal.Day) SignatoryState {
	switch {
	case !g.EndedAt.IsZero() || (g.To != "" && g.To < day):
		return SignatoryEnded
	case day < g.From:
		return SignatoryComing
	}
	return SignatoryActive
}

// SignatoryInput is what an organisation records about an authority.
type SignatoryInput struct {
	PersonID, Position, Ground string
	From, To                   cal.Day
}

// fill checks an input into an authority: 422 validation_failed, period_invalid.
func (g *Signatory) fill(in SignatoryInput, today cal.Day) error {
	var f form
	if in.PersonID == "" {
		f.add("person_id", "required")
	}
	g.PersonID = in.PersonID
	f.text("position", &in.Position, &g.Position, 0, MaxPosition)
	f.text("ground", &in.Ground, &g.Ground, MinText, MaxGround)
	if in.From == "" {
		f.add("from", "required")
	}
	f.day("from", &in.From, &g.From)
	f.day("to", &in.To, &g.To)
	if err := f.finish(); err != nil {
		return err
	}
	if g.To != "" && (g.To < g.From || g.To < today) {
		return errs.New(errs.Unprocessable, "period_invalid").WithFields(errs.Field{Field: "to", Code: "period_invalid"})
	}
	return nil
}

// Authority finds under which authority a person signs for an organisation on a day: errs.Forbidden no_authority without one.
func (s *Service) Authority(ctx context.Context, organisationID, personID string, day cal.Day) (*Signatory, error) {
	all, err := s.signatories.Find(ctx, storage.Where(storage.Eq("holder", organisationID+"|"+personID)))
	if err != nil {
		return nil, err
	}
	for _, g := range all {
		if g.StateOn(day) == SignatoryActive {
			return g, nil
		}
	}
	return nil, errs.New(errs.Forbidden, "no_authority")
}

// signingOrganisation asks the policy about an operation on the authorities of an enterprise or college; chambers have none.
func (s *Service) signingOrganisation(ctx context.Context, by accounts.Actor, op, id string) (Organisation, error) {
	if by.Anonymous() {
		return Organisation{}, s.policy.Permit(by, op)
	}
	o, err := s.Organisation(ctx, id)
	switch {
	case storage.IsNotFound(err):
		return o, notFound()
	case err != nil:
		return o, err
	case o.Kind == accounts.KindEnterprise:
		return o, s.mayEnterprise(ctx, by, op, id)
	case o.Kind == accounts.KindCollege:
		return o, s.policy.Permit(by, op, memberRelations(by, o.Kind, id, true)...)
	}
	return o, notFound()
}

// CreateSignatory records an authority and gives its holder the role signatory (createSignatory). It answers errs.Conflict authority_exists,
// errs.Unprocessable not_a_member, period_invalid or validation_failed.
func (s *Service) CreateSignatory(ctx context.Context, by accounts.Actor, organisationID string, in SignatoryInput) (*Signatory, error) {
	o, err := s.signingOrganisation(ctx, by, "createSignatory", organisationID)
	if err != nil {
		return nil, err
	}
	return s.recordAuthority(ctx, by, o, in)
}

// recordAuthority is CreateSignatory without the question of permission.
func (s *Service) recordAuthority(ctx context.Context, by accounts.Actor, o Organisation, in SignatoryInput) (*Signatory, error) {
	organisationID := o.ID
	g := &Signatory{ID: id.New(prefixSignatory), CreatedAt: s.clock.Now(), OrganisationID: organisationID}
	if err := g.fill(in, s.today()); err != nil {
		return nil, err
	}
	if err := s.checkMember(ctx, g.PersonID, organisationID); err != nil {
		return nil, err
	}
	p, err := s.accounts.Person(ctx, g.PersonID)
	if err != nil {
		return nil, err
	}
	g.FullName = p.FullName
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.signatories.Insert(ctx, g); err != nil {
			return err
		}
		if err := s.accounts.AddMembership(ctx, g.PersonID, organisationID, o.Kind, accounts.RoleSignatory); err != nil {
			return err
		}
		data := map[string]string{"signatory_id": g.ID, "person_id": g.PersonID, "from": string(g.From), "to": string(g.To)}
		return s.record(ctx, by, organisationStream(organisationID), "signatory.created", data)
	})
	if storage.ConflictOn(err, "same") {
		return nil, errs.New(errs.Conflict, "authority_exists")
	}
	return g, err
}

// ListSignatories lists an organisation's authorities by name (listSignatories); state "" means those that hold or will hold.
func (s *Service) ListSignatories(
	ctx context.Context, by accounts.Actor, organisationID string, state SignatoryState, after storage.Cursor, limit int,
) (Page[*Signatory], error) {
	if _, err := s.signingOrganisation(ctx, by, "listSignatories", organisationID); err != nil {
		return Page[*Signatory]{}, err
	}
	all, err := s.signatories.Find(ctx, storage.Where(storage.Eq("organisation", organisationID)).By("name"))
	if err != nil {
		return Page[*Signatory]{}, err
	}
	var kept []*Signatory
	for _, g := range all {
		is := g.StateOn(s.today())
		if is == state || (state == "" && is != SignatoryEnded) {
			kept = append(kept, g)
		}
	}
	return pageOf(kept, func(g *Signatory) string { return g.ID }, after, limit)
}

// EndSignatory ends an authority now (endSignatory); a repeat changes nothing. With a person's last authority the role goes. It answers
// errs.NotFound not_found.
func (s *Service) EndSignatory(ctx context.Context, by accounts.Actor, organisationID, signatoryID string) error {
	if _, err := s.signingOrganisation(ctx, by, "endSignatory", organisationID); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		g, err := s.signatories.Lock(ctx, signatoryID)
		if storage.IsNotFound(err) || (err == nil && g.OrganisationID != organisationID) {
			return notFound()
		}
		if err != nil || !g.EndedAt.IsZero() {
			return err
		}
		if err := s.endAuthority(ctx, by, g); err != nil {
			return err
		}
		others, err := s.liveAuthorities(ctx, organisationID, g.PersonID)
		if err != nil || len(others) > 0 || s.EndRole == nil {
			return err
		}
		return s.EndRole(ctx, by, g.PersonID, organisationID, accounts.RoleSignatory)
	})
}

func (s *Service) endAuthority(ctx context.Context, by accounts.Actor, g *Signatory) error {
	g.EndedAt = s.clock.Now()
	if err := s.signatories.Save(ctx, g); err != nil {
		return err
	}
	data := map[string]string{"signatory_id": g.ID, "person_id": g.PersonID}
	return s.record(ctx, by, organisationStream(g.OrganisationID), "signatory.ended", data)
}

// liveAuthorities lists a person's authorities in an organisation that hold today or later.
func (s *Service) liveAuthorities(ctx context.Context, organisationID, personID string) ([]*Signatory, error) {
	all, err := s.signatories.Find(ctx, storage.Where(storage.Eq("holder", organisationID+"|"+personID)))
	var live []*Signatory
	for _, g := range all {
		if g.StateOn(s.today()) != SignatoryEnded {
			live = append(live, g)
		}
	}
	return live, err
}

// MembershipRemoved ends a person's authorities when the role signatory, or the last tie to the organisation, goes (accounts' OnMembershipRemoved).
func (s *Service) MembershipRemoved(ctx context.Context, m *accounts.Membership) error {
	if m.Role != accounts.RoleSignatory {
		still, err := s.accounts.HasRole(ctx, m.PersonID, m.OrganisationID)
		if err != nil || still {
			return err
		}
	}
	live, err := s.liveAuthorities(ctx, m.OrganisationID, m.PersonID)
	if err != nil {
		return err
	}
	for _, g := range live {
		if err := s.endAuthority(ctx, accounts.SystemActor("membership_removed"), g); err != nil {
			return err
		}
	}
	return nil
}
