package storage_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

// car is a document; its key is wrong when broken.
type car struct {
	ID      string `json:"id"`
	Version int64  `json:"version"`
	Colour  string `json:"colour"`
	broken  bool
}

// Identity implements storage.Document.
func (c *car) Identity() (string, *int64) { return c.ID, &c.Version }

// Keys implements storage.Document.
func (c *car) Keys() storage.Keys {
	if c.broken {
		return storage.Keys{"wheels": 4}
	}
	return storage.Keys{"colour": c.Colour}
}

// refusing is an engine that fails every write with err; nothing else of it may be called.
type refusing struct {
	storage.Engine
	err error
}

func (r refusing) Insert(context.Context, storage.Spec, storage.Record) error  { return r.err }
func (r refusing) Replace(context.Context, storage.Spec, storage.Record) error { return r.err }

// What conforming engines prove in storagetest isn't repeated here: this is what a collection does before and after an engine.
func TestVersionsAfterFailure(t *testing.T) {
	failure := errors.New("refused")
	cars := storage.Open[car](refusing{err: failure}, spec())
	for name, write := range map[string]func(context.Context, *car) error{"insert": cars.Insert, "save": cars.Save} {
		for _, broken := range []bool{false, true} {
			c := &car{ID: "a", Version: 7, broken: broken}
			err := write(t.Context(), c)
			if err == nil || errors.Is(err, failure) == broken {
				t.Errorf("%s of a broken (%v) document: %v", name, broken, err)
			}
			if c.Version != 7 {
				t.Errorf("%s of a broken (%v) document failed and left version %d, want 7", name, broken, c.Version)
			}
		}
	}
}

func TestLockOrNewChecksID(t *testing.T) {
	cars := storage.Open[car](refusing{}, spec())
	if _, err := cars.LockOrNew(t.Context(), "a", &car{ID: "b"}); err == nil {
		t.Error("the fresh document may have another id")
	}
}

func TestConflictOn(t *testing.T) {
	conflict := fmt.Errorf("insert: %w", &storage.ConflictError{Collection: "cars", Index: "one_plate"})
	if !storage.ConflictOn(conflict, "one_plate") || storage.ConflictOn(conflict, "id") || storage.ConflictOn(nil, "one_plate") {
		t.Error("a conflict isn't known by its index")
	}
	if !errs.Has(conflict, "conflict") || errs.KindOf(conflict) != errs.Conflict {
		t.Errorf("an untranslated conflict is %v", conflict)
	}
}

func TestErrorKinds(t *testing.T) {
	cause := errors.New("no answer")
	if busy := storage.ErrBusy(cause); !errors.Is(busy, cause) || !errs.Has(busy, "busy") || errs.KindOf(busy) != errs.Unavailable {
		t.Errorf("busy is %v", busy)
	}
	if !storage.IsNotFound(fmt.Errorf("read: %w", storage.ErrNotFound())) || storage.IsNotFound(nil) || storage.IsNotFound(storage.ErrStale()) {
		t.Error("an absence isn't known")
	}
}
