package search

// Result is the answer to a question.
type Result struct {
	Hits    []Hit // the asked page, in order; never nil
	Total   int   // of all pages, exact
	Facets  map[Facet][]FacetCount
	Seats   map[Seats][]FacetCount // free seats of all pages by value, those of Query.Seats; nil when it asks for none
	Page    int
	PerPage int
	Reading Reading // the one that found something, else the first; zero without words
}

// Hit is one place found.
type Hit struct {
	ID         string
	DistanceKM *float64 // to the nearest workplace; nil without Query.Near or without a known point
}

// FacetCount is how many places of the answer have a value. Lists are ordered by count, most first, then by value.
type FacetCount struct {
	Value string
	Count int
}
