// Package accounts holds people: how they come in, prove a mail address, sign in and stay signed in, what organisations they act for,
// and the policy that says who may do what.
//
// # Contract
//
//   - One mail address, one account; one IIN, one account (a unique index on a keyed hash, domain.md I12). IIN, birth date, phone
//     and home address are stored sealed and never leave this package but through [Service.Identity] and [Service.Me].
//   - What tells strangers whether an address is known always answers alike: registering, asking for codes, signing in.
//   - Passwords are kept as argon2id hashes, codes and link tokens as keyed hashes, refresh tokens not at all: they are computed anew from
//     a secret of the session and the key ring. The same holds for browsers' tokens. None of them appears in a log, an event (there sealed) or an error.
//   - Passkeys sign in whoever holds the device and unlocks it; only the public half is kept, sealed. Each question is good for one answer.
//   - An access token names the person and the session only. [Service.Authenticate] reads session, person and memberships for each
//     request, so that whatever is ended or removed is so at once.
//
// # Two clocks
//
// Deps.Clock is the clock of the rules (codes, invitations, ages), which the demo may move. Deps.RealClock is the machine's clock: the
// life of tokens, sessions and questions to passkeys and the lock-out against guessing go by it, so that moving the demo's clock signs nobody out.
//
// # Limits
//
// Mail addresses are ASCII. Limits per client address other than for sign-in are the edge's. Up-calls to higher packages (directory,
// agreements) are the function fields of [Service], which the composition root sets; those left nil do nothing.
package accounts

import (
	"context"
	"log/slog"

	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/orynda/orynda/internal/audit"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/secrets"
	"github.com/orynda/orynda/internal/storage"
)

// Deps is what the service is made of.
type Deps struct {
	DB        storage.Engine
	Clock     cal.Clock // of the rules; the demo may move it
	RealClock cal.Clock // of tokens, sessions and lock-out; never moved
	Ring      *secrets.Ring
	Box       *outbox.Box
	Trail     *audit.Trail
	Policy    Policy
	Log       *slog.Logger
	Passwords PasswordSettings // zero fields mean the defaults
	PublicURL string           // how people reach the site; passkeys belong to its name
}

// Service does everything with accounts. Make it with [New], set the function fields, then use it from any number of goroutines.
type Service struct {
	db        storage.Engine
	clock     cal.Clock
	real      cal.Clock
	ring      *secrets.Ring
	box       *outbox.Box
	trail     *audit.Trail
	policy    Policy
	log       *slog.Logger
	passwords *passwords
	keys      tokenKeys

	party         *webauthn.WebAuthn // nil where passkeys can't be had
	passkeyOrigin string

	people      *storage.Collection[Person, *Person]
	memberships *storage.Collection[Membership, *Membership]
	crews       *storage.Collection[crew, *crew]
	invitations *storage.Collection[Invitation, *Invitation]
	sessions    *storage.Collection[Session, *Session]
	codes       *storage.Collection[code, *code]
	quotas      *storage.Collection[quota, *quota]
	guesses     *storage.Collection[guesses, *guesses]
	passkeys    *storage.Collection[Passkey, *Passkey]
	ceremonies  *storage.Collection[ceremony, *ceremony]

	// OnAccepted is told, in the transaction of the acceptance, that an invitation was accepted (directory: guardians).
	OnAccepted func(ctx context.Context, inv *Invitation, p *Person) error
	// OnProved is told, in the same transaction, that a person's mail address was proved (directory: roster rows).
	OnProved func(ctx context.Context, p *Person) error
	// OnErase refuses (errs.Conflict agreement_alive) or cleans up when a person deletes the account, in the same transaction and before
	// the person's data is erased.
	OnErase func(ctx context.Context, p *Person) error
	// OnMembershipRemoved is told, in the same transaction, of each membership that ends (directory: a signatory's authorities).
	OnMembershipRemoved func(ctx context.Context, m *Membership) error
	// OnInvitationWithdrawn is told, in the same transaction, of a withdrawn invitation (directory: the guardian it named).
	OnInvitationWithdrawn func(ctx context.Context, inv *Invitation) error
	// NameGuardian makes the guardian entry that a college's invitation names and calls [Service.Invite], in the same transaction
	// (directory). It refuses with contact_shared or not_own_student. Without it guardians can't be invited by [Service.CreateInvitation].
	NameGuardian func(ctx context.Context, by Actor, in GuardianInvitation) (*Invitation, error)
	// IdentityLocked reports whether IIN and birth date are fixed: a confirmed enrolment or a living agreement.
	IdentityLocked func(ctx context.Context, personID string) (bool, error)
	// FindOrganisation names an organisation (directory); a missing one is errs.NotFound. Without it names are empty and nothing is missing.
	FindOrganisation func(ctx context.Context, id string) (OrganisationRef, error)
	// FindPlace checks a region's code and a city's name in any language and gives them as they are stored; bad names what is unknown
	// (fields "region", "city"; codes unknown_region, unknown_city). Without it they are stored as they come.
	FindPlace func(region, city string) (storedRegion, storedCity string, bad []errs.Field)
	// Records lists what the other domains keep about a person, for [Service.Export]. Each adds one kind or more.
	Records []func(ctx context.Context, personID string) ([]Record, error)
}

// OrganisationRef names an organisation.
type OrganisationRef struct {
	ID, Name string
	Kind     OrgKind
}

// New makes the service. The collections ([Specs]) must exist before anything else is called.
func New(d Deps) *Service {
	party, origin := relyingParty(d.PublicURL)
	return &Service{
		party: party, passkeyOrigin: origin,
		db: d.DB, clock: d.Clock, real: d.RealClock, ring: d.Ring, box: d.Box, trail: d.Trail, policy: d.Policy, log: d.Log,
		passwords:   newPasswords(d.Passwords),
		keys:        newTokenKeys(d.Ring),
		people:      storage.Open[Person](d.DB, peopleSpec()),
		memberships: storage.Open[Membership](d.DB, membershipSpec()),
		crews:       storage.Open[crew](d.DB, crewSpec()),
		invitations: storage.Open[Invitation](d.DB, invitationSpec()),
		sessions:    storage.Open[Session](d.DB, sessionSpec()),
		codes:       storage.Open[code](d.DB, codeSpec()),
		quotas:      storage.Open[quota](d.DB, quotaSpec()),
		guesses:     storage.Open[guesses](d.DB, guessSpec()),
		passkeys:    storage.Open[Passkey](d.DB, passkeySpec()),
		ceremonies:  storage.Open[ceremony](d.DB, ceremonySpec()),
	}
}

// organisation names an organisation; the platform is known here.
func (s *Service) organisation(ctx context.Context, id string, kind OrgKind) (OrganisationRef, error) {
	if id == PlatformID {
		return OrganisationRef{ID: PlatformID, Name: "Orynda", Kind: KindPlatform}, nil
	}
	if s.FindOrganisation == nil {
		return OrganisationRef{ID: id, Kind: kind}, nil
	}
	return s.FindOrganisation(ctx, id)
}

// record writes an entry into the trail of an account.
func (s *Service) record(ctx context.Context, by Actor, personID, action string, data map[string]string) error {
	return s.append(ctx, by, "account:"+personID, action, data)
}

func (s *Service) append(ctx context.Context, by Actor, stream, action string, data map[string]string) error {
	return s.trail.Append(ctx, audit.Entry{Stream: stream, Action: action, Actor: by.ID(), Session: by.SessionID, Data: data})
}

func notFound() error { return errs.New(errs.NotFound, "not_found") }

// invalid is 422 validation_failed with every field to mend, nil without fields.
func invalid(fields []errs.Field) error {
	if len(fields) == 0 {
		return nil
	}
	return errs.New(errs.Unprocessable, "validation_failed").WithFields(fields...)
}
