package accounts

import (
	"context"
	"crypto/subtle"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/storage"
)

// The life of a session: it ends when unused for sessionIdle, and sessionLongest after sign-in in any case.
const (
	sessionIdle    = 30 * 24 * time.Hour
	sessionLongest = 180 * 24 * time.Hour
)

// grace is how long the refresh token just replaced works once more (behaviour.md, Everywhere).
const grace = 30 * time.Second

// maxDevice is the longest device name in characters.
const maxDevice = 100

// Session is one sign-in on one device. Its times are of the machine's clock.
//
// Refresh tokens are numbered by generation. They aren't stored: each is a keyed hash (the ring's key) of the session's id, its secret nonce
// and the generation, so neither the store alone nor the ring alone makes one, and an old token is known for what it is. Presented again
// within the grace, a replaced token gives the same successor as the first time: two windows of one browser that refresh together both go on.
type Session struct {
	ID         string     `json:"id"`
	Version    int64      `json:"version"`
	CreatedAt  time.Time  `json:"created_at"`
	PersonID   string     `json:"person_id"`
	Epoch      int64      `json:"epoch"` // the person's at sign-in; another one now means that all sessions were ended
	Device     string     `json:"device,omitempty"`
	LastUsedAt time.Time  `json:"last_used_at"`
	ExpiresAt  time.Time  `json:"expires_at"`
	EndedAt    time.Time  `json:"ended_at,omitzero"`
	Nonce      string     `json:"nonce"`
	Generation int64      `json:"generation"` // of the token that works
	Replaced   []replaced `json:"replaced"`   // tokens replaced within the grace, oldest first
	GraceUsed  bool       `json:"grace_used"` // by the refresh token just replaced

	// ConfirmedAt is when its owner last gave the password again: see [Session.Fresh].
	ConfirmedAt time.Time `json:"confirmed_at,omitzero"`

	Kind      SessionKind `json:"kind,omitempty"`
	RotatedAt time.Time   `json:"rotated_at,omitzero"` // when Generation began; of browsers
	Seen      int64       `json:"seen,omitempty"`      // the newest generation that came back; of browsers
}

// SessionKind says what holds a session. The tokens of one kind are worth nothing as the other's.
type SessionKind string

// The kinds of sessions.
const (
	SessionAPI     SessionKind = ""        // a program: refresh tokens, each good for one exchange
	SessionBrowser SessionKind = "browser" // the site: one cookie, see [Service.BrowserSession]
)

// replaced says when a generation of refresh tokens was replaced.
type replaced struct {
	Generation int64     `json:"generation"`
	At         time.Time `json:"at"`
}

// Identity implements storage.Document.
func (s *Session) Identity() (string, *int64) { return s.ID, &s.Version }

// Keys implements storage.Document.
func (s *Session) Keys() storage.Keys {
	live := ""
	if s.EndedAt.IsZero() {
		live = s.PersonID
	}
	return storage.Keys{"person": s.PersonID, "live": live, "epoch": s.Epoch, "used": s.LastUsedAt, "expires": s.ExpiresAt}
}

// alive reports whether the session is neither ended nor too old.
func (s *Session) alive(now time.Time) bool { return s.EndedAt.IsZero() && now.Before(s.ExpiresAt) }

// belongsTo reports whether the session is one of the person's present ones.
func (s *Session) belongsTo(p *Person) bool {
	return s.PersonID == p.ID && s.Epoch == p.Epoch && !p.Deleted()
}

// use notes that the session was used and moves its end.
func (s *Session) use(now time.Time) {
	s.LastUsedAt = now
	s.ExpiresAt = now.Add(sessionIdle)
	if last := s.CreatedAt.Add(sessionLongest); s.ExpiresAt.After(last) {
		s.ExpiresAt = last
	}
}

// exchange is the outcome of presenting a refresh token.
type exchange int

const (
	exchanged exchange = iota // a new pair
	reused                    // refused, and nothing else
	stolen                    // refused, and the session is over
)

// exchange presents the refresh token of a generation, which is known to be a real one of this living session.
func (s *Session) exchange(generation int64, now time.Time) exchange {
	s.Replaced = slices.DeleteFunc(s.Replaced, func(r replaced) bool { return now.Sub(r.At) > grace })
	if generation == s.Generation {
		s.Replaced = append(s.Replaced, replaced{Generation: s.Generation, At: now})
		s.Generation++
		s.GraceUsed = false
		s.use(now)
		return exchanged
	}
	recent := slices.ContainsFunc(s.Replaced, func(r replaced) bool { return r.Generation == generation })
	switch {
	case recent && generation == s.Generation-1 && !s.GraceUsed:
		s.GraceUsed = true
		s.use(now)
		return exchanged
	case recent:
		return reused
	default:
		s.EndedAt = now
		return stolen
	}
}

// token writes the token of a generation: "<prefix><session>_<generation>_<hash>". Prefix and hash depend on the session's kind.
func (s *Service) token(session *Session, generation int64) string {
	n := strconv.FormatInt(generation, 10)
	prefix, purpose := refreshPrefix, "refresh"
	if session.Kind == SessionBrowser {
		prefix, purpose = browserPrefix, "browser"
	}
	hash := s.ring.Lookup(purpose, session.ID+":"+n+":"+session.Nonce)
	return prefix + strings.TrimPrefix(session.ID, sessionPrefix) + "_" + n + "_" + hash
}

// How ids of sessions and the tokens of each kind begin.
const (
	sessionPrefix = "ses_"
	refreshPrefix = "rt_"
	browserPrefix = "bt_"
)

// parseToken takes a token with this prefix apart; ok is false for anything else. Its hash is not checked here.
func parseToken(prefix, token string) (sessionID string, generation int64, ok bool) {
	rest, ok := strings.CutPrefix(token, prefix)
	parts := strings.SplitN(rest, "_", 3) // the hash may hold an underscore
	if !ok || len(token) > 512 || len(parts) != 3 || parts[2] == "" {
		return "", 0, false
	}
	generation, err := strconv.ParseInt(parts[1], 10, 64)
	sessionID = sessionPrefix + parts[0]
	if err != nil || generation < 1 || !id.Valid(strings.TrimSuffix(sessionPrefix, "_"), sessionID) {
		return "", 0, false
	}
	return sessionID, generation, true
}

// authentic reports whether the token is a real one of the session, of whatever generation up to now.
func (s *Service) authentic(session *Session, generation int64, token string) bool {
	want := s.token(session, generation)
	return generation <= session.Generation && subtle.ConstantTimeCompare([]byte(want), []byte(token)) == 1
}

// TokenPair is what a sign-in or a refresh gives.
type TokenPair struct {
	AccessToken  string
	RefreshToken string
	ExpiresIn    time.Duration // life of the access token
}

func (s *Service) pair(session *Session) (TokenPair, error) {
	access, err := s.keys.sign(session.PersonID, session.ID, s.real.Now())
	return TokenPair{AccessToken: access, RefreshToken: s.token(session, session.Generation), ExpiresIn: AccessLife}, err
}

// Sessions lists the signed-in person's live sessions, the one last used first (listSessions).
func (s *Service) Sessions(ctx context.Context, by Actor, after storage.Cursor, limit int) (storage.Page[*Session], error) {
	none := storage.Page[*Session]{}
	if err := s.policy.Permit(by, "listSessions", self(by)...); err != nil {
		return none, err
	}
	p, err := s.Person(ctx, by.PersonID)
	if err != nil {
		return none, err
	}
	return s.sessions.Page(ctx, s.liveSessions(p).From(after).Take(limit))
}

func (s *Service) liveSessions(p *Person) storage.Query {
	return storage.Where(storage.Eq("live", p.ID), storage.Eq("epoch", p.Epoch), storage.Gt("expires", s.real.Now())).ByDesc("used")
}

// EndSession ends one of the signed-in person's own sessions; one that is over already stays so (endSession). Another person's and an unknown one
// answer errs.NotFound not_found.
func (s *Service) EndSession(ctx context.Context, by Actor, sessionID string) error {
	if err := s.policy.Permit(by, "endSession", self(by)...); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		session, err := s.sessions.Lock(ctx, sessionID)
		if storage.IsNotFound(err) || (err == nil && session.PersonID != by.PersonID) {
			return notFound()
		}
		if err != nil {
			return err
		}
		return s.endSession(ctx, session)
	})
}

// endSession ends a held session.
func (s *Service) endSession(ctx context.Context, session *Session) error {
	if !session.EndedAt.IsZero() {
		return nil
	}
	session.EndedAt = s.real.Now()
	return s.sessions.Save(ctx, session)
}

// endAllSessions ends every session of a held account by opening a new epoch, which also ends one that is just beginning. The caller saves p.
func endAllSessions(p *Person) { p.Epoch++ }

func tokenInvalid() error { return errs.New(errs.Unauthorized, "token_invalid") }

func tokenReused() error { return errs.New(errs.Unauthorized, "token_reused") }
