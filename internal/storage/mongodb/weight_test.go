package mongodb

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/storage"
)

// shapes is a document of what takes more room in BSON than in JSON, or less.
type shapes struct {
	Numbers []int64        `json:"numbers"`
	Floats  []float64      `json:"floats"`
	Yes     []bool         `json:"yes"`
	None    []*int         `json:"none"`
	Texts   []string       `json:"texts"`
	Empty   []struct{}     `json:"empty"`
	Times   []time.Time    `json:"times"`
	Lists   [][]int8       `json:"lists"`
	ByInt   map[int]int64  `json:"by_int"`
	Blob    []byte         `json:"blob"`
	Text    string         `json:"text"`
	Deep    *shapes        `json:"deep"`
	ByText  map[string]int `json:"by_text"`
}

// A document that any engine takes must fit this one's: no BSON is longer than the weight. And what isn't weighed for being short must be light.
func TestWeightBoundsBSON(t *testing.T) {
	const n = 20_000
	byInt, byText := map[int]int64{}, map[string]int{}
	for i := range n {
		byInt[i], byText[strings.Repeat("<", 1+i%5)+string(rune('a'+i%26))] = 1, 1
	}
	for name, d := range map[string]shapes{
		"nothing": {}, "numbers": {Numbers: make([]int64, n)}, "floats": {Floats: make([]float64, n)}, "yes": {Yes: make([]bool, n)}, "none": {None: make([]*int, n)},
		"texts": {Texts: make([]string, n)}, "empty": {Empty: make([]struct{}, n)}, "times": {Times: make([]time.Time, n)}, "lists": {Lists: make([][]int8, n)},
		"by number": {ByInt: byInt}, "by text": {ByText: byText}, "blob": {Blob: make([]byte, n)}, "text": {Text: strings.Repeat("а", n)}, "escaped": {Text: strings.Repeat("<", n)},
		"control": {Text: strings.Repeat("\x01", n)}, "broken": {Text: strings.Repeat("\xff", n)}, "deep": {Deep: &shapes{Deep: &shapes{Numbers: make([]int64, n)}}},
	} {
		stored, err := newCodec().encode(&d)
		if err != nil {
			t.Fatal(name, err)
		}
		body, err := json.Marshal(&d)
		if err != nil {
			t.Fatal(name, err)
		}
		weight := storage.Weight(body)
		if weight < len(stored) {
			t.Errorf("%s: %d bytes of BSON weigh %d", name, len(stored), weight)
		}
		if weight*storage.LightDocument > len(stored)*storage.MaxDocument {
			t.Errorf("%s: %d bytes of BSON weigh %d: a light one might be heavy", name, len(stored), weight)
		}
	}
}
