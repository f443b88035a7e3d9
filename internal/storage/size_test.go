package storage_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

func TestWeight(t *testing.T) {
	for body, values := range map[string]int{
		`""`: 0, `{}`: 1, `[]`: 1, `[1]`: 1, `[1,2]`: 2, `{"a":1,"b":[1,2,{}]}`: 6, `{"a":"{[,\\\","}`: 1, `"\\"`: 0, `["\"","\\",","]`: 3,
	} {
		if got := storage.Weight([]byte(body)); got != len(body)+16*values {
			t.Errorf("%s weighs %d, want %d and 16 for each of %d values", body, got, len(body), values)
		}
	}
}

func TestCheckWeight(t *testing.T) {
	text := func(weight int) []byte { return []byte(`"` + strings.Repeat("a", weight-2) + `"`) }
	if err := storage.CheckWeight(text(storage.MaxDocument)); err != nil {
		t.Errorf("the limit itself: %v", err)
	}
	if err := storage.CheckWeight(text(storage.MaxDocument + 1)); errs.KindOf(err) != errs.TooLarge || !errs.Has(err, "payload_too_large") {
		t.Errorf("a byte more: %v", err)
	}
}

// What isn't weighed because it is short must be light: no JSON weighs more for its length than a list of digits.
func TestLightIsLight(t *testing.T) {
	worst, err := json.Marshal(make([]int8, storage.LightDocument/2))
	if err != nil || len(worst) < storage.LightDocument {
		t.Fatal(len(worst), err)
	}
	if w := storage.Weight(worst); w > storage.MaxDocument {
		t.Errorf("%d bytes weigh %d", len(worst), w)
	}
}
