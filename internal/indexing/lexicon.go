package indexing

import (
	"slices"

	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/search"
)

// Lexicon makes the lexicon of the reference data: trades with their everyday words, towns and regions with their other names.
func Lexicon(ref *directory.Reference) *search.Lexicon {
	var out []search.Entry
	for _, q := range ref.Qualifications() {
		out = append(out, search.Entry{Kind: search.KindQualification, Value: q.Code, Names: q.Name, Also: q.Synonyms.All()})
	}
	for _, s := range ref.Specialties() {
		out = append(out, search.Entry{Kind: search.KindSpecialty, Value: s.Code, Names: s.Name, Also: s.Synonyms.All()})
	}
	for _, p := range ref.Programmes() {
		out = append(out, search.Entry{Kind: search.KindProgramme, Value: p.Code, Names: p.Name, Also: p.Synonyms.All()})
	}
	for _, c := range ref.Cities() {
		out = append(out, search.Entry{Kind: search.KindCity, Value: c.Key(), Names: c.Name, Also: c.Aliases, Point: &search.Point{Lat: c.Lat, Lon: c.Lon}})
	}
	for _, r := range ref.Regions() {
		out = append(out, search.Entry{Kind: search.KindRegion, Value: r.Code, Names: r.Name, Also: regionNames(r)})
	}
	return search.NewLexicon(out)
}

// regionNames gives what a region is called beside its official names: aliases, short names, and those with a word for region in any language,
// because people mix them.
func regionNames(r directory.Region) []string {
	out := slices.Clone(r.Aliases)
	for _, short := range []string{r.Short.KK, r.Short.RU, r.Short.EN} {
		if short == "" {
			continue
		}
		out = append(out, short)
		for _, area := range []string{"область", "обл", "облысы", "region", "oblast", "oblysy"} {
			out = append(out, short+" "+area)
		}
	}
	return out
}
