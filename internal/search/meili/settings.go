package meili

import (
	meilisearch "github.com/meilisearch/meilisearch-go"

	"github.com/orynda/orynda/internal/search"
)

// SettingsVersion names what an index is built by, beside the lexicon: the settings below and the records. Raise it with any change of them; the
// program then builds the index anew when it starts.
const SettingsVersion = 3

// Attributes of a record beside the fields and facets.
const (
	attrPlace      = "place"      // the placement's id; the same for all records of a place
	attrExtra      = "extra"      // 0 for a place's own record, 1… for those of further points
	attrPoints     = "points"     // [[lat, lon], …]
	attrReference  = "reference"  // as written
	attrTitle      = "title"      // as written, by language
	attrPublished  = "published"  // milliseconds
	attrApplyBy    = "apply_by"   // days since 1970
	attrStartsOn   = "starts_on"  // days since 1970
	attrPay        = "pay"        // tenge a month
	attrHours      = "hours"      // a week
	attrApplicants = "applicants" // live applications
	attrGeo        = "_geo"
)

// wordsOf is the attribute with the folded words of a field.
func wordsOf(f search.Field) string { return "words_" + f.String() }

// facetOf is the attribute with the values of a facet.
func facetOf(f search.Facet) string { return "facet_" + string(f) }

// seatsOf is the attribute with what a sum of free seats is made of.
func seatsOf(s search.Seats) string { return "seats_" + string(s) }

// labelsOf is the attribute with the names of a kind, to be suggested.
func labelsOf(k search.Kind) string { return "label_" + string(k) }

// labelKinds are the kinds that have labels.
func labelKinds() []search.Kind {
	kinds := search.Kinds()
	return kinds[:len(kinds)-1] // all but places, which are the records themselves
}

// fieldOf is the field in which a kind's names are words.
func fieldOf(k search.Kind) search.Field {
	switch k {
	case search.KindQualification:
		return search.FieldQualification
	case search.KindSpecialty:
		return search.FieldSpecialty
	case search.KindProgramme:
		return search.FieldProgramme
	case search.KindCity:
		return search.FieldCity
	case search.KindRegion:
		return search.FieldRegion
	case search.KindEnterprise:
		return search.FieldEnterprise
	default:
		return search.FieldTitle
	}
}

// settings are those of the index. The order of the searchable attributes is the weight of the fields.
func settings() *meilisearch.Settings {
	s := &meilisearch.Settings{
		RankingRules:         []string{"sort", "words", "typo", "proximity", "attributeRank", "exactness", attrPublished + ":desc", "id:asc"},
		FilterableAttributes: []string{attrPlace, attrExtra, attrPay, attrHours, attrStartsOn, attrGeo},
		SortableAttributes:   []string{attrPlace, attrPublished, attrApplyBy, attrStartsOn, attrPay, attrApplicants, attrGeo},
		TypoTolerance: &meilisearch.TypoTolerance{
			Enabled: false, MinWordSizeForTypos: meilisearch.MinWordSizeForTypos{OneTypo: 5, TwoTypos: 9},
			DisableOnWords: []string{}, DisableOnAttributes: []string{},
		},
		// A total is true only below this; 20 million is the size of the country.
		Pagination: &meilisearch.Pagination{MaxTotalHits: 20_000_000},
		Faceting: &meilisearch.Faceting{
			MaxValuesPerFacet: 1000, SortFacetValuesBy: map[string]meilisearch.SortFacetType{"*": meilisearch.SortFacetTypeCount},
		},
	}
	for f := range search.FieldCount {
		s.SearchableAttributes = append(s.SearchableAttributes, wordsOf(f))
	}
	for _, f := range search.Facets() {
		s.FilterableAttributes = append(s.FilterableAttributes, facetOf(f))
	}
	for _, sum := range search.AllSeats() {
		s.FilterableAttributes = append(s.FilterableAttributes, seatsOf(sum))
	}
	for _, k := range labelKinds() {
		s.FilterableAttributes = append(s.FilterableAttributes, labelsOf(k))
	}
	return s
}
