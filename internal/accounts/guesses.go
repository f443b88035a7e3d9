package accounts

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

// guesses counts wrong passwords for one mail address (known or not) or from one client address. It stands in the database, so that all
// copies of the program count together and a restart forgets nothing. Times are of the machine's clock.
type guesses struct {
	ID          string    `json:"id"` // a keyed hash
	Version     int64     `json:"version"`
	Wrong       int       `json:"wrong"`
	Since       time.Time `json:"since"`
	LockedUntil time.Time `json:"locked_until,omitzero"`
}

// Identity implements storage.Document.
func (g *guesses) Identity() (string, *int64) { return g.ID, &g.Version }

// Keys implements storage.Document.
func (g *guesses) Keys() storage.Keys {
	return storage.Keys{"until": g.Since.Add(guessWindow + guessLock)}
}

// The lock-out: so many wrong passwords within the window, and every further try is refused for the time of the lock, the right
// password too. A reset by mail lifts the account's lock at once.
const (
	guessesPerAccount = 10
	guessesPerClient  = 100 // a college's class room is one address
	guessWindow       = 15 * time.Minute
	guessLock         = 15 * time.Minute
)

// locked says how long the lock still lasts; 0 when there is none.
func (g *guesses) locked(now time.Time) time.Duration {
	return max(g.LockedUntil.Sub(now), 0)
}

// wrong counts a wrong password.
func (g *guesses) wrong(now time.Time, most int) {
	if now.Sub(g.Since) >= guessWindow {
		g.Wrong, g.Since = 0, now
	}
	g.Wrong++
	if g.Wrong >= most {
		g.Wrong, g.Since, g.LockedUntil = 0, now, now.Add(guessLock)
	}
}

// counter names one count of guesses and its limit.
type counter struct {
	id   string
	most int
}

// counters lists what a sign-in is counted under: the mail address, and the client's address where it is known. They are always locked in
// this order.
func (s *Service) counters(email, client string) []counter {
	out := []counter{{s.ring.Lookup("guess.account", email), guessesPerAccount}}
	if client != "" {
		out = append(out, counter{s.ring.Lookup("guess.client", client), guessesPerClient})
	}
	return out
}

// mayGuess refuses with errs.RateLimited while one of the counters is locked. It only saves the work of hashing: what counts is asked again when
// the outcome is told.
func (s *Service) mayGuess(ctx context.Context, of []counter) error {
	for _, c := range of {
		g, err := s.guesses.Get(ctx, c.id)
		if storage.IsNotFound(err) {
			continue
		}
		if err != nil {
			return err
		}
		if wait := g.locked(s.real.Now()); wait > 0 {
			return rateLimited(wait)
		}
	}
	return nil
}

// wrongGuess counts a wrong password and gives refusal, or errs.RateLimited when the lock came first: of any number of parallel guesses only as
// many as the limit allows learn that they were wrong.
func (s *Service) wrongGuess(ctx context.Context, of []counter, refusal error) error {
	var wait time.Duration
	err := s.db.Tx(ctx, func(ctx context.Context) error {
		wait = 0
		now := s.real.Now()
		held := make([]*guesses, len(of))
		for i, c := range of {
			g, err := s.guesses.LockOrNew(ctx, c.id, &guesses{ID: c.id, Since: now})
			if err != nil {
				return err
			}
			held[i] = g
			wait = max(wait, g.locked(now))
		}
		if wait > 0 {
			return nil
		}
		for i, g := range held {
			g.wrong(now, of[i].most)
			if err := s.guesses.Save(ctx, g); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if wait > 0 {
		return rateLimited(wait)
	}
	return refusal
}

// rightGuess is the other outcome, inside the transaction that uses it: it refuses while a counter is locked and clears the account's count, not
// the client's, or somebody with one account could guess at all others.
func (s *Service) rightGuess(ctx context.Context, of []counter) error {
	now := s.real.Now()
	for i, c := range of {
		g, err := s.guesses.Lock(ctx, c.id)
		if storage.IsNotFound(err) {
			continue
		}
		if err != nil {
			return err
		}
		if wait := g.locked(now); wait > 0 {
			return rateLimited(wait)
		}
		if i == 0 && g.Wrong > 0 {
			if err := s.guesses.Delete(ctx, c.id); err != nil {
				return err
			}
		}
	}
	return nil
}

// forgiveGuesses lifts an account's lock: the owner has proved the mail address anew.
func (s *Service) forgiveGuesses(ctx context.Context, email string) error {
	err := s.guesses.Delete(ctx, s.ring.Lookup("guess.account", email))
	if storage.IsNotFound(err) {
		return nil
	}
	return err
}

func invalidCredentials() error { return errs.New(errs.Unauthorized, "invalid_credentials") }
