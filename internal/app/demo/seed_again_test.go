package demo_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/app/demo"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

// A seeding that was broken off anywhere goes on where it stopped.
func TestSeedInterrupted(t *testing.T) {
	for _, e := range storagetest.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			m := newMachine(t, e.Open(t))
			for most := 1; ; most++ {
				if most > 60 {
					t.Fatal("the seeding never ends")
				}
				ctx, cancel := context.WithCancel(t.Context())
				seen := 0
				err := demo.Seed(ctx, m.Deps, demo.Options{Places: places, Seed: 1, Progress: func(string, int, int) {
					if seen++; seen > most {
						cancel()
					}
				}})
				cancel()
				if m.clock.back != 0 {
					t.Fatal("the clock was left in the past")
				}
				if err == nil {
					break
				}
				if !errors.Is(err, context.Canceled) && !errs.Has(err, "busy") {
					t.Fatal(err)
				}
			}
			m.must(demo.Seed(t.Context(), m.Deps, demo.Options{Places: places, Seed: 1}))
			m.settle()
			m.checkPeople()
			m.checkOrganisations()
			m.checkStudies()
			m.checkPlaces()
			m.checkSlots()
			m.checkAgreements()
		})
	}
}

// The promises rest on neither the seed nor the day.
func TestSeedOnOtherDays(t *testing.T) {
	for i := range 3 {
		m := newMachine(t, storagetest.Engines(t)[0].Open(t))
		m.clock.advance(time.Duration(i) * (97*24 + 8) * time.Hour)
		m.must(demo.Seed(t.Context(), m.Deps, demo.Options{Places: 1 + 40*i, Seed: uint64(i) * 977}))
		m.clock.advance(time.Minute)
		m.settle()
		m.checkPeople()
		m.checkStudies()
		m.checkSlots()
		m.checkAgreements()
	}
}
