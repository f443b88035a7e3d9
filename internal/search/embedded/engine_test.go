package embedded_test

import (
	"testing"

	"github.com/orynda/orynda/internal/search"
	"github.com/orynda/orynda/internal/search/embedded"
	"github.com/orynda/orynda/internal/search/searchtest"
)

func TestConformance(t *testing.T) {
	searchtest.Run(t, func(*testing.T) search.Engine { return embedded.New(searchtest.Lexicon()) }, searchtest.Options{})
}
