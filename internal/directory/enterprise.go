package directory

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/storage"
)

// EnterpriseState is where an enterprise stands with its chamber.
type EnterpriseState string

// The states: new → submitted → verified | refused, refused → submitted.
const (
	EnterpriseNew       EnterpriseState = "new"
	EnterpriseSubmitted EnterpriseState = "submitted"
	EnterpriseVerified  EnterpriseState = "verified"
	EnterpriseRefused   EnterpriseState = "refused"
)

// EnterpriseKind tells legal entities, joint entrepreneurs (both with a BIN) and sole entrepreneurs (with an IIN) apart (R50 2.11).
type EnterpriseKind string

// The kinds; the fifth digit of the number tells them (legal-facts.md 5).
const (
	LegalEntity       EnterpriseKind = "legal_entity"
	JointEntrepreneur EnterpriseKind = "joint_entrepreneur"
	SoleEntrepreneur  EnterpriseKind = "sole_entrepreneur"
)

// Bank is bank data as agreements print it.
type Bank struct {
	Account string `json:"account,omitempty"` // ИИК, 20 characters
	Bank    string `json:"bank,omitempty"`
	BIC     string `json:"bic,omitempty"`
	KBE     string `json:"kbe,omitempty"`
}

// Enterprise is an enterprise that offers places. Every field but the sealed IIN is as its admin wrote it.
type Enterprise struct {
	ID        string          `json:"id"`
	Version   int64           `json:"version"`
	CreatedAt time.Time       `json:"created_at"`
	State     EnterpriseState `json:"state"`
	Kind      EnterpriseKind  `json:"kind"`

	BIN        string `json:"bin,omitempty"`        // "" for a sole entrepreneur
	SealedIIN  []byte `json:"sealed_iin,omitempty"` // a sole entrepreneur's
	NumberHash string `json:"number_hash"`          // keyed hash of the BIN or IIN: one verified enterprise each

	Name       string    `json:"name"`
	LegalNames i18n.Text `json:"legal_names,omitzero"`
	Region     string    `json:"region"` // KATO code; decides the chamber
	City       string    `json:"city"`   // see City.Key
	Address    string    `json:"address"`

	ActivityCode  string `json:"activity_code,omitempty"` // ОКЭД
	About         string `json:"about,omitempty"`
	Website       string `json:"website,omitempty"`
	Email         string `json:"email,omitempty"` // of the office
	Phone         string `json:"phone,omitempty"` // of the office
	HeadName      string `json:"head_name,omitempty"`
	HeadPosition  string `json:"head_position,omitempty"`
	HeadAuthority string `json:"head_authority,omitempty"`
	Bank          Bank   `json:"bank,omitzero"`

	Verification VerificationOutcome `json:"verification,omitzero"`
	VerifiedAt   time.Time           `json:"verified_at,omitzero"`
	CreatedBy    string              `json:"created_by"` // a person's id, or system:<name>
}

// VerificationOutcome is where an enterprise's verification stands.
type VerificationOutcome struct {
	Round       int       `json:"round,omitempty"` // how often it was submitted
	SubmittedAt time.Time `json:"submitted_at,omitzero"`
	DueAt       time.Time `json:"due_at,omitzero"`
	DecidedAt   time.Time `json:"decided_at,omitzero"`
	Defects     []Defect  `json:"defects,omitempty"` // of the last refusal
	Comment     string    `json:"comment,omitempty"` // the registrar's
}

// Identity implements storage.Document.
func (e *Enterprise) Identity() (string, *int64) { return e.ID, &e.Version }

// Keys implements storage.Document. The key "verified" makes a second verified enterprise with the same number impossible.
func (e *Enterprise) Keys() storage.Keys {
	k := storage.Keys{"number": e.NumberHash, "region": e.Region, "state": e.State, "created_by": e.CreatedBy}
	if e.State == EnterpriseVerified {
		k["verified"] = e.NumberHash
	}
	return k
}

func enterpriseSpec() storage.Spec {
	return storage.Spec{
		Name: "enterprises",
		Keys: []storage.Key{{Name: "number"}, {Name: "verified"}, {Name: "region"}, {Name: "state"}, {Name: "created_by"}},
		Indexes: []storage.Index{
			{Name: "verified", Keys: []string{"verified"}, Unique: true},
			{Name: "number", Keys: []string{"number"}},
			{Name: "created_by", Keys: []string{"created_by"}},
		},
	}
}

const sealEnterpriseIIN = "enterprise.iin"

// Enterprise reads an enterprise for other services: errs.NotFound enterprise_not_found.
func (s *Service) Enterprise(ctx context.Context, id string) (*Enterprise, error) {
	e, err := s.enterprises.Get(ctx, id)
	return e, missing(err, "enterprise")
}

// EnterpriseIIN opens a sole entrepreneur's IIN for agreements and registers; "" for the others.
func (s *Service) EnterpriseIIN(e *Enterprise) (string, error) {
	return s.ring.OpenText(e.SealedIIN, sealEnterpriseIIN)
}

// EnterpriseView is an enterprise as a reader may see it.
type EnterpriseView struct {
	Enterprise
	Private      bool   // contacts, head, bank, IIN and the course of the verification may be shown
	IIN          string // only when Private, of a sole entrepreneur
	ChamberID    string // only when Private; "" while the region has no chamber
	HasRate      bool
	ResponseRate float64
	ResponseDays int
}

// ReadEnterprise shows an enterprise (getEnterprise): anyone once it is verified, else its members and its region's registrar; others get
// errs.NotFound not_found.
func (s *Service) ReadEnterprise(ctx context.Context, by accounts.Actor, id string) (*EnterpriseView, error) {
	e, have, err := s.enterpriseFor(ctx, by, id)
	if err != nil {
		return nil, err
	}
	if err := s.policy.Permit(by, "getEnterprise", have...); err != nil {
		return nil, err
	}
	private := seesPrivate(have)
	if e.State != EnterpriseVerified && !private {
		return nil, notFound()
	}
	return s.enterpriseView(ctx, e, private)
}

// seesPrivate: members and the registrar, not the platform's administrator.
func seesPrivate(have []accounts.Relation) bool {
	for _, r := range have {
		if r != accounts.PlatformAdmin && r != accounts.Visible {
			return true
		}
	}
	return false
}

// ResponseRate is how an enterprise answers.
type ResponseRate struct {
	Share float64 // of the applications that it answered in time, 0 to 1
	Days  int     // usual, to the first answer
}

func (s *Service) enterpriseView(ctx context.Context, e *Enterprise, private bool) (*EnterpriseView, error) {
	views, err := s.enterpriseViews(ctx, private, e)
	if err != nil {
		return nil, err
	}
	return views[0], nil
}

// enterpriseViews shows several enterprises, in their order, and asks each other service once.
func (s *Service) enterpriseViews(ctx context.Context, private bool, list ...*Enterprise) ([]*EnterpriseView, error) {
	var verified, regions []string
	for _, e := range list {
		regions = append(regions, e.Region)
		if e.State == EnterpriseVerified {
			verified = append(verified, e.ID)
		}
	}
	var rates map[string]ResponseRate
	var chambers map[string]*Chamber
	var err error
	if s.ResponseRates != nil && len(verified) > 0 {
		if rates, err = s.ResponseRates(ctx, verified...); err != nil {
			return nil, err
		}
	}
	if private {
		if chambers, err = s.ChambersOf(ctx, regions...); err != nil {
			return nil, err
		}
	}
	out := make([]*EnterpriseView, 0, len(list))
	for _, e := range list {
		v := &EnterpriseView{Enterprise: *e, Private: private}
		rate, shown := rates[e.ID]
		v.HasRate, v.ResponseRate, v.ResponseDays = shown, rate.Share, rate.Days
		if private {
			if v.IIN, err = s.EnterpriseIIN(e); err != nil {
				return nil, err
			}
			if c := chambers[e.Region]; c != nil {
				v.ChamberID = c.ID
			}
		}
		out = append(out, v)
	}
	return out, nil
}

// enterpriseFor reads an enterprise with the actor's relations to it: its members', its region's registrar's, and Visible once it is public. An
// enterprise that doesn't exist is errs.NotFound not_found.
func (s *Service) enterpriseFor(ctx context.Context, by accounts.Actor, id string) (*Enterprise, []accounts.Relation, error) {
	e, err := s.enterprises.Get(ctx, id)
	if storage.IsNotFound(err) {
		return nil, nil, notFound()
	}
	if err != nil {
		return nil, nil, err
	}
	have, err := s.EnterpriseRelations(ctx, by, e)
	return e, have, err
}

// EnterpriseRelations are the actor's relations to an enterprise: a member's, the registrar's of its region, Visible once it is verified.
func (s *Service) EnterpriseRelations(ctx context.Context, by accounts.Actor, e *Enterprise) ([]accounts.Relation, error) {
	have := memberRelations(by, accounts.KindEnterprise, e.ID, e.State == EnterpriseVerified)
	if len(by.Organisations(accounts.KindChamber)) == 0 {
		return have, nil
	}
	chamber, err := s.chamberID(ctx, e.Region)
	if err != nil || chamber == "" {
		return have, err
	}
	for _, r := range by.RelationsTo(accounts.KindChamber, chamber) {
		if r == accounts.ChamberRegistrar {
			have = append(have, r)
		}
	}
	return have, nil
}
