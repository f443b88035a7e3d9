package demo_test

import (
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/app/demo"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

func TestSeedMany(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("ORYNDA_TEST_PLACES"))
	if n == 0 {
		t.Skip()
	}
	for _, e := range storagetest.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			m := newMachine(t, e.Open(t))
			began := time.Now()
			m.must(demo.Seed(t.Context(), m.Deps, demo.Options{Places: n, Seed: 1}))
			t.Log(time.Since(began))
		})
	}
}
