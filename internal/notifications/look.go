package notifications

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/storage"
)

// Look is when a person last looked through a list, by the person's own word.
type Look struct {
	ID       string    `json:"id"` // the person's and the list's name
	Version  int64     `json:"version"`
	PersonID string    `json:"person_id"`
	At       time.Time `json:"at"`
}

// Identity implements storage.Document.
func (l *Look) Identity() (string, *int64) { return l.ID, &l.Version }

// Keys implements storage.Document.
func (l *Look) Keys() storage.Keys { return storage.Keys{"person": l.PersonID} }

func lookSpec() storage.Spec {
	return storage.Spec{Name: "looks", Keys: []storage.Key{{Name: "person"}}, Indexes: []storage.Index{{Name: "person", Keys: []string{"person"}}}}
}

func lookID(personID, list string) string { return personID + "|" + list }

// LastLook gives when the actor last looked through a list, zero for never. Errors: unauthorized, email_unverified.
func (s *Service) LastLook(ctx context.Context, by accounts.Actor, list string) (time.Time, error) {
	if err := s.d.Policy.Permit(by, "listMyNotices", accounts.Self); err != nil {
		return time.Time{}, err
	}
	l, err := s.looks.Get(ctx, lookID(by.PersonID, list))
	if storage.IsNotFound(err) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	return l.At, nil
}

// NoteLook notes that the actor looked through a list as it was at an instant. A look never moves back nor into the future. Errors: unauthorized,
// email_unverified.
func (s *Service) NoteLook(ctx context.Context, by accounts.Actor, list string, at time.Time) error {
	if err := s.d.Policy.Permit(by, "markNoticesRead", accounts.Self); err != nil {
		return err
	}
	if now := s.d.Clock.Now(); at.After(now) {
		at = now
	}
	return s.d.DB.Tx(ctx, func(ctx context.Context) error {
		id := lookID(by.PersonID, list)
		l, err := s.looks.LockOrNew(ctx, id, &Look{ID: id, PersonID: by.PersonID})
		if err != nil || !at.After(l.At) {
			return err
		}
		l.At = at
		return s.looks.Save(ctx, l)
	})
}
