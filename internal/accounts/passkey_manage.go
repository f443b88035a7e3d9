package accounts

import (
	"context"
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

// Passkeys lists the signed-in person's passkeys, the oldest first (listPasskeys).
func (s *Service) Passkeys(ctx context.Context, by Actor) ([]*Passkey, error) {
	if err := s.policy.Permit(by, "listPasskeys", self(by)...); err != nil {
		return nil, err
	}
	return s.passkeysOf(ctx, by.PersonID)
}

// BeginPasskey gives the browser what it needs to make a passkey for the signed-in person (beginPasskey). The answer goes to [Service.AddPasskey]
// in the same session within [PasskeyLife]. It answers errs.Forbidden confirmation_needed (see [Service.ConfirmPassword]), errs.Conflict passkeys_unavailable
// (see [Service.PasskeyOrigin]) and passkey_limit.
func (s *Service) BeginPasskey(ctx context.Context, by Actor) (PasskeyOptions, error) {
	none := PasskeyOptions{}
	if err := s.policy.Permit(by, "beginPasskey", self(by)...); err != nil {
		return none, err
	}
	if s.party == nil {
		return none, passkeysUnavailable()
	}
	if err := s.mustBeConfirmed(ctx, by); err != nil {
		return none, err
	}
	p, err := s.Person(ctx, by.PersonID)
	if err != nil {
		return none, err
	}
	have, err := s.passkeysOf(ctx, p.ID)
	if err != nil {
		return none, err
	}
	if len(have) >= MaxPasskeys {
		return none, passkeyLimit()
	}
	owner := passkeyOwner{p: p}
	for _, k := range have {
		c, err := s.openCredential(k)
		if err != nil {
			return none, err
		}
		owner.creds = append(owner.creds, c)
	}
	made, session, err := s.party.BeginRegistration(owner, webauthn.WithExclusions(webauthn.Credentials(owner.creds).CredentialDescriptors()))
	if err != nil {
		return none, err
	}
	return s.beginCeremony(ctx, by, session, made.Response)
}

// AddPasskey keeps a passkey that the browser made (addPasskey) after [Service.BeginPasskey], which asked for a fresh session: answer is the credential as PublicKeyCredential.toJSON gives it, name what the person
// calls it. The owner is told by mail. It answers errs.Conflict passkeys_unavailable, passkey_limit, passkey_known (it was added before);
// errs.Unprocessable validation_failed, passkey_expired (begun too long ago, or answered before), passkey_refused (not made for this site).
func (s *Service) AddPasskey(ctx context.Context, by Actor, name string, answer json.RawMessage) (*Passkey, error) {
	if err := s.policy.Permit(by, "addPasskey", self(by)...); err != nil {
		return nil, err
	}
	if s.party == nil {
		return nil, passkeysUnavailable()
	}
	name, bad := passkeyName(name)
	if err := invalid(bad); err != nil {
		return nil, err
	}
	refused := errs.New(errs.Unprocessable, "passkey_refused")
	if len(answer) > mostPasskeyAnswer {
		return nil, refused
	}
	made, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return nil, refused.WithCause(err)
	}
	session, err := s.endCeremony(ctx, by, made.Response.CollectedClientData.Challenge)
	if err != nil {
		return nil, err
	}
	p, err := s.Person(ctx, by.PersonID)
	if err != nil {
		return nil, err
	}
	credential, err := s.party.CreateCredential(passkeyOwner{p: p}, session, made)
	if err != nil {
		return nil, refused.WithCause(err)
	}
	k := newPasskey(p, name, credential.ID, s.real.Now())
	if err := s.sealCredential(k, credential); err != nil {
		return nil, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error { return s.addPasskey(ctx, by, k) })
	if storage.ConflictOn(err, "credential") {
		err = errs.New(errs.Conflict, "passkey_known")
	}
	if err != nil {
		return nil, err
	}
	return k, nil
}

func (s *Service) addPasskey(ctx context.Context, by Actor, k *Passkey) error {
	if _, err := s.lockPerson(ctx, by.PersonID); err != nil { // in line: the limit is the person's
		return err
	}
	n, err := s.passkeys.Count(ctx, storage.Where(storage.Eq("person", by.PersonID)))
	if err != nil {
		return err
	}
	if n >= MaxPasskeys {
		return passkeyLimit()
	}
	if err := s.passkeys.Insert(ctx, k); err != nil {
		return err
	}
	data := map[string]string{"passkey_id": k.ID}
	if err := s.record(ctx, by, by.PersonID, "passkey.added", data); err != nil {
		return err
	}
	return s.box.Emit(ctx, EventPasskeyAdded, by.PersonID, data)
}

// RenamePasskey gives one of the signed-in person's passkeys another name (renamePasskey). It answers errs.NotFound not_found for another person's and an
// unknown one, errs.Unprocessable validation_failed.
func (s *Service) RenamePasskey(ctx context.Context, by Actor, passkeyID, name string) (*Passkey, error) {
	if err := s.policy.Permit(by, "renamePasskey", self(by)...); err != nil {
		return nil, err
	}
	name, bad := passkeyName(name)
	if err := invalid(bad); err != nil {
		return nil, err
	}
	var k *Passkey
	err := s.db.Tx(ctx, func(ctx context.Context) (err error) {
		if k, err = s.lockPasskey(ctx, by, passkeyID); err != nil {
			return err
		}
		k.Name = name
		if err := s.passkeys.Save(ctx, k); err != nil {
			return err
		}
		return s.record(ctx, by, by.PersonID, "passkey.renamed", map[string]string{"passkey_id": k.ID})
	})
	return k, err
}

// lockPasskey takes one of the actor's passkeys: errs.NotFound not_found for any other.
func (s *Service) lockPasskey(ctx context.Context, by Actor, passkeyID string) (*Passkey, error) {
	k, err := s.passkeys.Lock(ctx, passkeyID)
	if storage.IsNotFound(err) || (err == nil && k.PersonID != by.PersonID) {
		return nil, notFound()
	}
	return k, err
}

// RemovePasskey takes one of the signed-in person's passkeys away (removePasskey); sessions it opened go on. It answers errs.Forbidden
// confirmation_needed (see [Service.ConfirmPassword]), errs.NotFound not_found for another person's and an unknown one.
func (s *Service) RemovePasskey(ctx context.Context, by Actor, passkeyID string) error {
	if err := s.policy.Permit(by, "removePasskey", self(by)...); err != nil {
		return err
	}
	if err := s.mustBeConfirmed(ctx, by); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		k, err := s.lockPasskey(ctx, by, passkeyID)
		if err != nil {
			return err
		}
		if err := s.passkeys.Delete(ctx, k.ID); err != nil {
			return err
		}
		return s.record(ctx, by, by.PersonID, "passkey.removed", map[string]string{"passkey_id": k.ID})
	})
}

func passkeyName(s string) (name string, bad []errs.Field) {
	name = strings.Join(strings.Fields(s), " ")
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		return "", []errs.Field{{Field: "name", Code: "required"}}
	case n > MaxPasskeyName:
		return "", []errs.Field{tooLong("name", MaxPasskeyName)}
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return "", []errs.Field{{Field: "name", Code: "bad_format"}}
	}
	return name, nil
}

func passkeyLimit() error {
	return errs.New(errs.Conflict, "passkey_limit").With("max", MaxPasskeys)
}
