package accounts

import (
	"context"
	"strings"

	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/storage"
)

// SignIn is what somebody signs in with.
type SignIn struct {
	Email    string
	Password string
	Device   string // a name for the list of sessions; may be empty
	Client   string // the client's network address, for the lock-out; "" counts none
}

// Login opens a session (login). It answers errs.Unauthorized invalid_credentials for an unknown address and a wrong password alike, after
// the same work; errs.RateLimited rate_limited while the lock-out lasts, also for the right password; errs.Unavailable busy.
func (s *Service) Login(ctx context.Context, in SignIn) (TokenPair, error) {
	session, err := s.signIn(ctx, in, SessionAPI)
	if err != nil {
		return TokenPair{}, err
	}
	return s.pair(session)
}

// signIn checks the password and opens a session of a kind.
func (s *Service) signIn(ctx context.Context, in SignIn, kind SessionKind) (*Session, error) {
	email, ok := NormalEmail(in.Email)
	if !ok {
		email = "?" + in.Email // no account has it, and it is counted all the same
	}
	of := s.counters(email, in.Client)
	if err := s.mayGuess(ctx, of); err != nil {
		return nil, err
	}
	p, err := s.PersonByEmail(ctx, in.Email)
	if err != nil && !storage.IsNotFound(err) {
		return nil, err
	}
	right, err := s.checkPassword(ctx, p, in.Password)
	if err != nil {
		return nil, err
	}
	if !right {
		return nil, s.wrongGuess(ctx, of, invalidCredentials())
	}
	var session *Session
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.rightGuess(ctx, of); err != nil {
			return err
		}
		session, err = s.openSession(ctx, p, kind, in.Device)
		return err
	})
	return session, err
}

// checkPassword reports whether this is the password of p; nil is nobody, whose check takes as long. A hash of older settings is
// made anew.
func (s *Service) checkPassword(ctx context.Context, p *Person, password string) (bool, error) {
	stored := s.passwords.nobody
	if p != nil && p.PasswordHash != "" {
		stored = p.PasswordHash
	}
	if len(checkLength(password)) > 0 { // no account has it, and a huge one would only be work
		password = ""
	}
	right, outdated, err := s.passwords.check(ctx, stored, password)
	if err != nil || !right || p == nil {
		return false, err
	}
	if outdated {
		return true, s.rehash(ctx, p, password)
	}
	return true, nil
}

// rehash keeps the password under the present settings, unless it was changed meanwhile.
func (s *Service) rehash(ctx context.Context, p *Person, password string) error {
	hash, err := s.passwords.hash(ctx, password)
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		held, err := s.lockPerson(ctx, p.ID)
		if err != nil || held.PasswordHash != p.PasswordHash {
			return err
		}
		held.PasswordHash = hash
		return s.people.Save(ctx, held)
	})
}

// openSession opens a session for p as it was read with the proof of who it is, in the running transaction: if all sessions are ended meanwhile,
// this one is over too.
func (s *Service) openSession(ctx context.Context, p *Person, kind SessionKind, device string) (*Session, error) {
	now := s.real.Now()
	session := &Session{
		ID: id.New("ses"), CreatedAt: now, PersonID: p.ID, Epoch: p.Epoch, Device: deviceName(device), Nonce: id.Token(32), Generation: 1,
		Kind: kind,
	}
	if kind == SessionBrowser {
		session.RotatedAt = now
	}
	session.use(now)
	return session, s.sessions.Insert(ctx, session)
}

// deviceName makes one line of at most maxDevice characters.
func deviceName(s string) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	return string(r[:min(len(r), maxDevice)])
}

// Refresh exchanges a refresh token for a new pair (refresh). The token just replaced works one more time within 30 seconds and gives the
// same new refresh token; more uses within them answer errs.Unauthorized token_reused and end nothing; a later use answers the same and ends
// the session. Unknown tokens and those of a session that is over answer errs.Unauthorized token_invalid.
func (s *Service) Refresh(ctx context.Context, token string) (TokenPair, error) {
	sessionID, generation, ok := parseToken(refreshPrefix, token)
	if !ok {
		return TokenPair{}, tokenInvalid()
	}
	var session *Session
	var outcome exchange
	err := s.db.Tx(ctx, func(ctx context.Context) (err error) {
		session, err = s.sessions.Lock(ctx, sessionID)
		if err != nil {
			return err
		}
		if _, err := s.checkToken(ctx, session, generation, token); err != nil {
			return err
		}
		now := s.real.Now()
		if outcome = session.exchange(generation, now); outcome == reused {
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
	switch {
	case storage.IsNotFound(err):
		return TokenPair{}, tokenInvalid()
	case err != nil:
		return TokenPair{}, err
	case outcome != exchanged:
		return TokenPair{}, tokenReused()
	}
	return s.pair(session)
}

// checkToken refuses tokens that are none of the session's and sessions that are over, and gives the session's owner.
func (s *Service) checkToken(ctx context.Context, session *Session, generation int64, token string) (*Person, error) {
	if !s.authentic(session, generation, token) || !session.alive(s.real.Now()) {
		return nil, tokenInvalid()
	}
	p, err := s.Person(ctx, session.PersonID)
	if err != nil {
		return nil, err
	}
	if !session.belongsTo(p) {
		return nil, tokenInvalid()
	}
	return p, nil
}

// reportTheft tells the trail and the owner that a session ended because a token was used twice.
func (s *Service) reportTheft(ctx context.Context, session *Session) error {
	data := map[string]string{"session_id": session.ID}
	if err := s.record(ctx, SystemActor("reuse"), session.PersonID, "session.stolen", data); err != nil {
		return err
	}
	return s.box.Emit(ctx, EventSessionStolen, session.PersonID, data)
}

// Logout ends the session of a refresh token, or without one the actor's; everywhere ends all sessions of that person (logout). Unknown,
// spent and missing tokens are fine: it may be repeated.
func (s *Service) Logout(ctx context.Context, by Actor, refreshToken string, everywhere bool) error {
	sessionID, generation := by.SessionID, int64(0)
	if refreshToken != "" {
		var ok bool
		if sessionID, generation, ok = parseToken(refreshPrefix, refreshToken); !ok {
			return nil
		}
	}
	if sessionID == "" {
		return nil
	}
	return s.signOut(ctx, sessionID, generation, refreshToken, everywhere)
}

// signOut ends a session, or all of its person. A token, where generation isn't 0, must be the session's.
func (s *Service) signOut(ctx context.Context, sessionID string, generation int64, token string, everywhere bool) error {
	err := s.db.Tx(ctx, func(ctx context.Context) error {
		session, err := s.sessions.Lock(ctx, sessionID)
		if err != nil {
			return err
		}
		if generation > 0 && !s.authentic(session, generation, token) {
			return nil
		}
		if everywhere && session.alive(s.real.Now()) {
			return s.endEverywhere(ctx, session)
		}
		return s.endSession(ctx, session)
	})
	if storage.IsNotFound(err) {
		return nil
	}
	return err
}

func (s *Service) endEverywhere(ctx context.Context, session *Session) error {
	p, err := s.lockPerson(ctx, session.PersonID)
	if err != nil || p.Epoch != session.Epoch {
		return err
	}
	endAllSessions(p)
	return s.people.Save(ctx, p)
}
