package demo

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/storage"
)

// state says how far the world is. There is one document.
type state struct {
	ID       string   `json:"id"`
	Version  int64    `json:"version"`
	Seed     string   `json:"seed"` // a whole uint64, which numbers of a document can't hold
	Places   int      `json:"places"`
	Today    cal.Day  `json:"today"` // the day it was begun: birth days and history count from it
	Done     []string `json:"done,omitempty"`
	Posted   int      `json:"posted"` // places of the corpus, and the index of the next one
	Own      int      `json:"own"`    // how many places of the demo enterprises were made, for other wordings each time
	Complete bool     `json:"complete"`
}

const stateID = "world"

// Identity implements storage.Document.
func (s *state) Identity() (string, *int64) { return s.ID, &s.Version }

// Keys implements storage.Document.
func (s *state) Keys() storage.Keys { return nil }

func stateSpec() storage.Spec { return storage.Spec{Name: "demo_world"} }

func states(db storage.Engine) *storage.Collection[state, *state] {
	return storage.Open[state](db, stateSpec())
}

// readState reads the state or begins one.
func readState(ctx context.Context, db storage.Engine, o *Options, today cal.Day) (*state, error) {
	s, err := states(db).Get(ctx, stateID)
	if !storage.IsNotFound(err) {
		return s, err
	}
	if o == nil {
		return nil, fmt.Errorf("demo: there is no demo world to top up")
	}
	s = &state{ID: stateID, Seed: strconv.FormatUint(o.Seed, 10), Places: o.Places, Today: today}
	if s.Places <= 0 {
		s.Places = DefaultPlaces
	}
	return s, states(db).Insert(ctx, s)
}

func (s *state) seed() uint64 {
	n, _ := strconv.ParseUint(s.Seed, 10, 64) // written by readState
	return n
}

func (s *state) did(name string) bool { return slices.Contains(s.Done, name) }

func (s *state) done(name string) {
	if name != "" && !s.did(name) {
		s.Done = append(s.Done, name)
	}
}

// note changes the stored state in the transaction of ctx, and this copy of it.
func (s *state) note(ctx context.Context, db storage.Engine, change func(*state)) error {
	stored, err := states(db).Lock(ctx, stateID)
	if err != nil {
		return err
	}
	change(stored)
	if err := states(db).Save(ctx, stored); err != nil {
		return err
	}
	*s = *stored
	return nil
}

// ref is the id that a thing of the world got, by the name the demo calls it.
type ref struct {
	ID      string `json:"id"`
	Version int64  `json:"version"`
	Ref     string `json:"ref"`
}

// Identity implements storage.Document.
func (r *ref) Identity() (string, *int64) { return r.ID, &r.Version }

// Keys implements storage.Document.
func (r *ref) Keys() storage.Keys { return nil }

func refSpec() storage.Spec { return storage.Spec{Name: "demo_refs"} }

// refs are all of them. What a transaction adds is kept apart until it has committed.
type refs struct {
	docs  *storage.Collection[ref, *ref]
	known map[string]string
	fresh map[string]string
}

func readRefs(ctx context.Context, db storage.Engine) (*refs, error) {
	r := &refs{docs: storage.Open[ref](db, refSpec()), known: map[string]string{}, fresh: map[string]string{}}
	return r, r.docs.Each(ctx, storage.Query{}, func(doc *ref) error {
		r.known[doc.ID] = doc.Ref
		return nil
	})
}

// get gives an id, "" where the thing isn't there yet.
func (r *refs) get(name string) string {
	if v, ok := r.fresh[name]; ok {
		return v
	}
	return r.known[name]
}

func (r *refs) set(name, id string) { r.fresh[name] = id }

// forget drops what a transaction added that didn't commit.
func (r *refs) forget() { clear(r.fresh) }

// save writes what was added, in the transaction of ctx.
func (r *refs) save(ctx context.Context) error {
	for _, name := range slices.Sorted(maps.Keys(r.fresh)) {
		if err := r.docs.Insert(ctx, &ref{ID: name, Ref: r.fresh[name]}); err != nil {
			return err
		}
	}
	return nil
}

// keep takes over what was added, after the commit.
func (r *refs) keep() {
	maps.Copy(r.known, r.fresh)
	clear(r.fresh)
}
