package accounts

import (
	"context"
	"encoding/json"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

// PasskeySignIn is what somebody signs in with who has a passkey.
type PasskeySignIn struct {
	Answer json.RawMessage // the credential as PublicKeyCredential.toJSON gives it
	Device string          // a name for the list of sessions; may be empty
	Client string          // the client's network address, for the lock-out; "" counts none
}

// BeginPasskeySignIn gives the browser what it needs to sign in with any passkey it holds for this site, without a name asked for
// (beginPasskeySignIn). The answer goes to [Service.PasskeyLogin] or [Service.PasskeyLoginBrowser] within [PasskeyLife]. It answers
// errs.Conflict passkeys_unavailable (see [Service.PasskeyOrigin]).
func (s *Service) BeginPasskeySignIn(ctx context.Context) (PasskeyOptions, error) {
	if s.party == nil {
		return PasskeyOptions{}, passkeysUnavailable()
	}
	asked, session, err := s.party.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return PasskeyOptions{}, err
	}
	return s.beginCeremony(ctx, Actor{}, session, asked.Response)
}

// PasskeyLogin opens a program's session by a passkey (finishPasskeySignIn). The lock-out of an account against guessed passwords doesn't
// concern it, since a passkey can't be guessed; that of a client does. It answers errs.Unauthorized passkey_refused for whatever isn't a living
// passkey's right answer, and for one of which there may be a copy; errs.Unprocessable passkey_expired; errs.Conflict passkeys_unavailable;
// errs.RateLimited rate_limited.
func (s *Service) PasskeyLogin(ctx context.Context, in PasskeySignIn) (TokenPair, error) {
	session, err := s.passkeySignIn(ctx, in, SessionAPI)
	if err != nil {
		return TokenPair{}, err
	}
	return s.pair(session)
}

// PasskeyLoginBrowser is [Service.PasskeyLogin] on the site.
func (s *Service) PasskeyLoginBrowser(ctx context.Context, in PasskeySignIn) (BrowserToken, error) {
	session, err := s.passkeySignIn(ctx, in, SessionBrowser)
	if err != nil {
		return BrowserToken{}, err
	}
	return s.browserToken(session), nil
}

func (s *Service) passkeySignIn(ctx context.Context, in PasskeySignIn, kind SessionKind) (*Session, error) {
	if s.party == nil {
		return nil, passkeysUnavailable()
	}
	of := s.clientCounter(in.Client)
	if err := s.mayGuess(ctx, of); err != nil {
		return nil, err
	}
	if len(in.Answer) > mostPasskeyAnswer {
		return nil, s.wrongGuess(ctx, of, passkeyRefused())
	}
	answer, err := protocol.ParseCredentialRequestResponseBytes(in.Answer)
	if err != nil {
		return nil, s.wrongGuess(ctx, of, passkeyRefused().WithCause(err))
	}
	asked, err := s.endCeremony(ctx, Actor{}, answer.Response.CollectedClientData.Challenge)
	if err != nil {
		return nil, err
	}
	k, p, err := s.provedByPasskey(ctx, asked, answer)
	if err != nil {
		if errs.CodeOf(err) == "passkey_refused" {
			return nil, s.wrongGuess(ctx, of, err)
		}
		return nil, err
	}
	return s.openByPasskey(ctx, k.ID, p, answer.Response.AuthenticatorData, kind, in.Device)
}

// clientCounter is the count of wrong tries from one network address.
func (s *Service) clientCounter(client string) []counter {
	if client == "" {
		return nil
	}
	return s.counters("", client)[1:]
}

// provedByPasskey checks the answer and gives the passkey and its owner, as they were read.
func (s *Service) provedByPasskey(ctx context.Context, asked webauthn.SessionData, answer *protocol.ParsedCredentialAssertionData) (*Passkey, *Person, error) {
	k, err := s.passkeys.First(ctx, storage.Where(storage.Eq("credential", credentialKey(answer.RawID))))
	if storage.IsNotFound(err) {
		return nil, nil, passkeyRefused()
	}
	if err != nil {
		return nil, nil, err
	}
	p, err := s.people.Get(ctx, k.PersonID)
	if storage.IsNotFound(err) || (err == nil && p.Deleted()) {
		return nil, nil, passkeyRefused()
	}
	if err != nil {
		return nil, nil, err
	}
	credential, err := s.openCredential(k)
	if err != nil {
		return nil, nil, err
	}
	owner := passkeyOwner{p: p, creds: []webauthn.Credential{credential}}
	find := func(_, _ []byte) (webauthn.User, error) { return owner, nil } // the library compares the handle
	if _, _, err := s.party.ValidatePasskeyLogin(find, asked, answer); err != nil {
		return nil, nil, passkeyRefused().WithCause(err)
	}
	return k, p, nil
}

// openByPasskey notes the use of a passkey and opens the session. The count of signatures is compared with the passkey in hand: of a key and its
// copy that sign in together one is found out.
func (s *Service) openByPasskey(
	ctx context.Context, passkeyID string, p *Person, data protocol.AuthenticatorData, kind SessionKind, device string,
) (session *Session, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		session = nil
		k, err := s.passkeys.Lock(ctx, passkeyID)
		if storage.IsNotFound(err) || (err == nil && k.Suspect()) {
			return nil
		}
		if err != nil {
			return err
		}
		credential, err := s.openCredential(k)
		if err != nil {
			return err
		}
		credential.Flags = credential.Flags.Update(data.Flags)
		credential.Authenticator.UpdateCounter(data.Counter)
		if err := s.sealCredential(k, &credential); err != nil {
			return err
		}
		if credential.Authenticator.CloneWarning {
			return s.suspect(ctx, k)
		}
		k.LastUsedAt = s.real.Now()
		if err := s.passkeys.Save(ctx, k); err != nil {
			return err
		}
		session, err = s.openSession(ctx, p, kind, device)
		return err
	})
	if err == nil && session == nil {
		err = passkeyRefused()
	}
	return session, err
}

// suspect marks a passkey of which there may be a copy.
func (s *Service) suspect(ctx context.Context, k *Passkey) error {
	k.SuspectedAt = s.real.Now()
	if err := s.passkeys.Save(ctx, k); err != nil {
		return err
	}
	return s.record(ctx, SystemActor("clone"), k.PersonID, "passkey.suspected", map[string]string{"passkey_id": k.ID})
}

func passkeyRefused() *errs.Error { return errs.New(errs.Unauthorized, "passkey_refused") }
