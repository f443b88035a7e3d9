package search

import (
	"cmp"
	"math/bits"
	"slices"
	"strconv"
	"strings"
)

// Seats names a sum of free seats. An engine that only counts places can sum them: each place stands in the index under one value for every power
// of two in its number of free seats.
type Seats string

// The sums. A place with workplaces in several regions counts in each of them, because its seats may be taken there.
const (
	SeatsRegion    Seats = "region"
	SeatsSpecialty Seats = "specialty"
)

// AllSeats lists the sums.
func AllSeats() []Seats { return []Seats{SeatsRegion, SeatsSpecialty} }

// SeatValues gives the values that an index holds of a document for a sum: "350000000:4" and "350000000:1" for five free seats.
func (d *Document) SeatValues(s Seats) []string {
	of := FacetRegion
	if s == SeatsSpecialty {
		of = FacetSpecialty
	}
	var out []string
	for _, v := range d.FacetValues(of) {
		for free := uint(max(0, d.SeatsFree)); free > 0; free &= free - 1 {
			out = append(out, v+":"+strconv.Itoa(1<<bits.TrailingZeros(free)))
		}
	}
	return out
}

// SumSeats adds the counts of indexed values up: free seats by value, most first, then by value.
func SumSeats(counts map[string]int) []FacetCount {
	sums := map[string]int{}
	for value, places := range counts {
		i := strings.LastIndexByte(value, ':')
		if i < 0 {
			continue
		}
		if each, err := strconv.Atoi(value[i+1:]); err == nil {
			sums[value[:i]] += each * places
		}
	}
	out := make([]FacetCount, 0, len(sums))
	for v, n := range sums {
		out = append(out, FacetCount{Value: v, Count: n})
	}
	slices.SortFunc(out, func(a, b FacetCount) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value)) })
	return out
}
