package demo_test

import (
	"testing"
	"time"

	"github.com/orynda/orynda/internal/app/demo"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

func TestSeedQuick(t *testing.T) {
	for _, e := range storagetest.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			m := newMachine(t, e.Open(t))
			began := time.Now()
			m.must(demo.Seed(t.Context(), m.Deps, demo.Options{Places: 60, Seed: 1, Progress: func(s string, d, n int) { t.Log(s, d, n, time.Since(began)) }}))
			began = time.Now()
			m.must(demo.TopUp(t.Context(), m.Deps))
			t.Log("topup", time.Since(began))
			t.Log(m.log.String())
		})
	}
}
