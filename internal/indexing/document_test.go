package indexing

import (
	"slices"
	"testing"

	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/placements"
)

// The everyday words for a trade travel into the index with its names.
func TestDocumentHasEverydayWords(t *testing.T) {
	ref, err := directory.LoadReference()
	if err != nil {
		t.Fatal(err)
	}
	d := Document(ref, placements.PublicPlace{
		Place: &placements.Placement{QualificationCode: "07150501", SpecialtyCode: "07150500", ProgrammeCode: "6B061"},
		Sheet: &placements.Sheet{}, Enterprise: &directory.Enterprise{},
	})
	for word, has := range map[string][]string{
		"дәнекерші": d.Qualification.Synonyms, "аргонщик": d.Specialty.Synonyms, "welder": d.Specialty.Synonyms, "программист": d.Programme.Synonyms,
	} {
		if !slices.Contains(has, word) {
			t.Errorf("%q isn't among %v", word, has)
		}
	}
}
