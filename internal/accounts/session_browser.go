package accounts

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/orynda/orynda/internal/storage"
)

// browserRotate is the age from which the token of a browser's session is replaced.
const browserRotate = 15 * time.Minute

// BrowserToken is what the site's one cookie holds. The zero value is none.
type BrowserToken struct {
	Value     string
	ExpiresAt time.Time // when the session ends unless it is used before; for the cookie's life
}

// LogValue keeps the token out of logs.
func (t BrowserToken) LogValue() slog.Value { return slog.StringValue("[browser token]") }

func (s *Service) browserToken(session *Session) BrowserToken {
	return BrowserToken{Value: s.token(session, session.Generation), ExpiresAt: session.ExpiresAt}
}

// SignInBrowser opens a browser's session. It refuses like [Service.Login]. A session that the browser had before should be ended by
// [Service.SignOutBrowser].
func (s *Service) SignInBrowser(ctx context.Context, in SignIn) (BrowserToken, error) {
	session, err := s.signIn(ctx, in, SessionBrowser)
	if err != nil {
		return BrowserToken{}, err
	}
	return s.browserToken(session), nil
}

// BrowserSession tells who asks for a page, with the memberships of this moment, without consuming the token: any number of requests may come
// with it at once. A token older than 15 minutes is replaced; then, and for requests that are still on their way with the replaced one, the token to
// set as the cookie from now on comes back too, else nil. Nothing is written but at a replacement and when its token first comes back.
//
// A replaced token works for 30 seconds more. After that it is errs.Unauthorized token_reused, ends the session and has its owner told, if
// its successor ever came back: somebody has a copy. If the successor never did, the answer that carried it was lost on the way (a phone in a bus);
// then the old token goes on with a fresh successor, and the lost one, should it turn up, is the copy.
//
// Anything else, a session that is over and an account that is gone answer errs.Unauthorized token_invalid: the person signs in again.
func (s *Service) BrowserSession(ctx context.Context, token string) (Actor, *BrowserToken, error) {
	sessionID, generation, ok := parseToken(browserPrefix, token)
	if !ok {
		return Actor{}, nil, tokenInvalid()
	}
	session, err := s.sessions.Get(ctx, sessionID)
	if err != nil {
		return Actor{}, nil, invalidIfMissing(err)
	}
	p, err := s.checkToken(ctx, session, generation, token)
	if err != nil {
		return Actor{}, nil, err
	}
	outcome, changed := session.present(generation, s.real.Now())
	if changed { // decide anew with the session in hand
		if session, outcome, err = s.presentHeld(ctx, sessionID, generation, token); err != nil {
			return Actor{}, nil, invalidIfMissing(err)
		}
	}
	if outcome == stolen {
		return Actor{}, nil, tokenReused()
	}
	actor, err := s.actorOf(ctx, session, p)
	if err != nil || session.Generation == generation {
		return actor, nil, err
	}
	next := s.browserToken(session)
	return actor, &next, nil
}

func invalidIfMissing(err error) error {
	if storage.IsNotFound(err) {
		return tokenInvalid()
	}
	return err
}

// presentHeld presents a token in a transaction and keeps what it changes.
func (s *Service) presentHeld(ctx context.Context, sessionID string, generation int64, token string) (session *Session, outcome exchange, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		session, err = s.sessions.Lock(ctx, sessionID)
		if err != nil {
			return err
		}
		if _, err := s.checkToken(ctx, session, generation, token); err != nil {
			return err
		}
		var changed bool
		if outcome, changed = session.present(generation, s.real.Now()); !changed {
			return nil
		}
		if err := s.sessions.Save(ctx, session); err != nil {
			return err
		}
		if outcome == stolen {
			return s.reportTheft(ctx, session)
		}
		return nil
	})
	return session, outcome, err
}

// present presents the browser token of a generation, which is known to be a real one of this living session. The outcome is exchanged (it
// authenticates) or stolen; changed says that the session must be saved.
func (s *Session) present(generation int64, now time.Time) (outcome exchange, changed bool) {
	recent := slices.ContainsFunc(s.Replaced, func(r replaced) bool { return r.Generation == generation && now.Sub(r.At) <= grace })
	switch {
	case generation == s.Generation && now.Sub(s.RotatedAt) < browserRotate:
		changed = s.Seen != generation
		s.Seen = generation
		return exchanged, changed
	case generation == s.Generation:
		s.Seen = generation
		s.rotate(now)
		return exchanged, true
	case recent:
		return exchanged, false
	case generation == s.Seen: // its successor was lost on the way
		s.rotate(now)
		s.Replaced = append(s.Replaced, replaced{Generation: generation, At: now})
		return exchanged, true
	default:
		s.EndedAt = now
		return stolen, true
	}
}

// rotate begins the next generation of a browser's session.
func (s *Session) rotate(now time.Time) {
	s.Replaced = slices.DeleteFunc(s.Replaced, func(r replaced) bool { return now.Sub(r.At) > grace })
	s.Replaced = append(s.Replaced, replaced{Generation: s.Generation, At: now})
	s.Generation++
	s.RotatedAt = now
	s.use(now)
}

// SignOutBrowser ends the session of a browser's token; everywhere ends all sessions of that person, programs' too. Unknown, spent and missing
// tokens are fine: it may be repeated.
func (s *Service) SignOutBrowser(ctx context.Context, token string, everywhere bool) error {
	sessionID, generation, ok := parseToken(browserPrefix, token)
	if !ok {
		return nil
	}
	return s.signOut(ctx, sessionID, generation, token, everywhere)
}

// VerifyEmailBrowser is [Service.VerifyEmail] on the site, which signs in whoever proves the address with the code's first use; a repeat
// gives the zero token, and the person signs in with the password. Signing in already with the registration would tell strangers whether an address has
// an account. device is a name for the list of sessions.
func (s *Service) VerifyEmailBrowser(ctx context.Context, email, digits, device string) (BrowserToken, error) {
	var opened BrowserToken
	err := s.verifyEmail(ctx, email, digits, func(ctx context.Context, p *Person) error {
		session, err := s.openSession(ctx, p, SessionBrowser, device)
		if err == nil {
			opened = s.browserToken(session)
		}
		return err
	})
	if err != nil {
		return BrowserToken{}, err
	}
	return opened, nil
}

// AcceptInvitationBrowser is [Service.AcceptInvitation] on the site: whoever accepts is signed in with a new token, in place of the session the
// actor came with.
func (s *Service) AcceptInvitationBrowser(ctx context.Context, by Actor, token string, in Acceptance, device string) (*Accepted, BrowserToken, error) {
	var opened BrowserToken
	accepted, err := s.acceptWith(ctx, by, token, in, func(ctx context.Context, personID string) error {
		p, err := s.people.Get(ctx, personID)
		if err != nil {
			return err
		}
		opened, err = s.replaceSession(ctx, by, p, device)
		return err
	})
	if err != nil {
		return nil, BrowserToken{}, err
	}
	return accepted, opened, nil
}

// ChangePasswordBrowser is [Service.ChangePassword] on the site: all sessions end, and the browser that asked goes on with a new one.
func (s *Service) ChangePasswordBrowser(ctx context.Context, by Actor, current, password, client string) (BrowserToken, error) {
	var opened BrowserToken
	err := s.changeWith(ctx, by, current, password, client, func(ctx context.Context, p *Person) (err error) {
		opened, err = s.replaceSession(ctx, by, p, "")
		return err
	})
	if err != nil {
		return BrowserToken{}, err
	}
	return opened, nil
}

// replaceSession ends the actor's browser session, if there is one, and opens another in the running transaction, which keeps the device's
// name unless a new one is given.
func (s *Service) replaceSession(ctx context.Context, by Actor, p *Person, device string) (BrowserToken, error) {
	if by.SessionID != "" {
		old, err := s.sessions.Lock(ctx, by.SessionID)
		if err != nil && !storage.IsNotFound(err) {
			return BrowserToken{}, err
		}
		if err == nil && old.Kind == SessionBrowser {
			if device == "" {
				device = old.Device
			}
			if err := s.endSession(ctx, old); err != nil {
				return BrowserToken{}, err
			}
		}
	}
	session, err := s.openSession(ctx, p, SessionBrowser, device)
	if err != nil {
		return BrowserToken{}, err
	}
	return s.browserToken(session), nil
}
