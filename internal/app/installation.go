package app

import (
	"context"
	"errors"
	"time"

	"github.com/orynda/orynda/internal/storage"
)

// installation is the mark of what a database is for: invented data and people's data never meet.
type installation struct {
	ID        string    `json:"id"`
	Version   int64     `json:"version"`
	Demo      bool      `json:"demo"`
	CreatedAt time.Time `json:"created_at"`
}

// Identity implements storage.Document.
func (i *installation) Identity() (string, *int64) { return i.ID, &i.Version }

// Keys implements storage.Document.
func (i *installation) Keys() storage.Keys { return nil }

const installationID = "this"

// claimInstallation marks an unmarked database and refuses one that was made for the other purpose.
func claimInstallation(ctx context.Context, db storage.Engine, demo bool, now time.Time) error {
	docs := storage.Open[installation](db, storage.Spec{Name: "installation"})
	if err := storage.Ensure(ctx, db, docs.Spec()); err != nil {
		return err
	}
	mark, err := docs.Get(ctx, installationID)
	if storage.IsNotFound(err) {
		mark = &installation{ID: installationID, Demo: demo, CreatedAt: now}
		if err = docs.Insert(ctx, mark); storage.ConflictOn(err, "id") { // another copy was first
			mark, err = docs.Get(ctx, installationID)
		}
	}
	switch {
	case err != nil:
		return err
	case mark.Demo && !demo:
		return errors.New("this data holds the demo world; serve needs a data folder (ORYNDA_DATA_DIR) or database (ORYNDA_MONGODB_URI) of its own")
	case !mark.Demo && demo:
		return errors.New("this data was not made by the demo; the demo needs a data folder (ORYNDA_DATA_DIR) or database (ORYNDA_MONGODB_URI) of its own")
	}
	return nil
}

// isDemo reports whether a database holds the demo world; an unmarked one doesn't.
func isDemo(ctx context.Context, db storage.Engine) (bool, error) {
	docs := storage.Open[installation](db, storage.Spec{Name: "installation"})
	if err := storage.Ensure(ctx, db, docs.Spec()); err != nil {
		return false, err
	}
	mark, err := docs.Get(ctx, installationID)
	if storage.IsNotFound(err) {
		return false, nil
	}
	return err == nil && mark.Demo, err
}
