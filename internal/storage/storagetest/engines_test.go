package storagetest_test

import (
	"os"
	"testing"

	"github.com/orynda/orynda/internal/storage/storagetest"
)

func TestMain(m *testing.M) { os.Exit(storagetest.Main(m)) }

// The list is what other packages rely on: each engine opens, answers, and is what its name says.
func TestEngines(t *testing.T) {
	for _, engine := range storagetest.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) {
			e := engine.Open(t)
			if e.Name() != engine.Name {
				t.Errorf("an engine %q calls itself %q", engine.Name, e.Name())
			}
			if err := e.Ping(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}
