package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/orynda/orynda/internal/errs"
)

// Migration is one ordered, named step that changes stored data. Up must be repeatable: a crash between its last write and the record
// of it runs it again.
type Migration struct {
	ID string // sorts after all earlier ones, e.g. "0002_rekey_placements"
	Up func(ctx context.Context) error
}

// applied is the record that a migration ran.
type applied struct {
	ID      string    `json:"id"`
	Version int64     `json:"version"`
	At      time.Time `json:"at"`
}

func (a *applied) Identity() (string, *int64) { return a.ID, &a.Version }
func (a *applied) Keys() Keys                 { return nil }

// Ensure creates the tables and indexes of all collections.
func Ensure(ctx context.Context, e Engine, specs ...Spec) error {
	for _, s := range specs {
		if err := e.Ensure(ctx, s); err != nil {
			return fmt.Errorf("ensure %s: %w", s.Name, err)
		}
	}
	return nil
}

// Migrate runs the migrations that this store has not seen, in the order given, and records each. Several programs may call it at
// once: a step may then run twice, which it allows, and is recorded once.
func Migrate(ctx context.Context, e Engine, now time.Time, steps []Migration) error {
	done := Open[applied](e, Spec{Name: "migrations"})
	if err := Ensure(ctx, e, done.Spec()); err != nil {
		return err
	}
	for _, step := range steps {
		_, err := done.Get(ctx, step.ID)
		if err == nil {
			continue
		}
		if !IsNotFound(err) {
			return err
		}
		if err := step.Up(ctx); err != nil {
			return fmt.Errorf("migration %s: %w", step.ID, err)
		}
		err = done.Insert(ctx, &applied{ID: step.ID, At: now})
		if err != nil && !ConflictOn(err, "id") {
			return err
		}
	}
	return nil
}

func isStaleOrGone(err error) bool {
	k := errs.KindOf(err)
	return k == errs.Stale || k == errs.NotFound
}
