package golden

import (
	"slices"
	"strings"
	"testing"

	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/search"
)

// Negative is the class of questions that must find nothing.
const Negative = "negative"

// Question is what somebody types, with the answers that this person would accept.
type Question struct {
	Class, Lang, Text, Note string

	codes       []string // of the classifier, digits only, or of university fields
	enterprises []string
	places      []place // where the question names a place
}

// place is a city, or a whole region when the city is "".
type place struct{ region, city string }

// Questions reads the judged questions. A code, city or region that the reference data lacks ends the test.
func Questions(t testing.TB, ref *directory.Reference) []Question {
	t.Helper()
	var out []Question
	for _, r := range rows(t, "queries.csv") {
		q := Question{Class: r[0], Lang: r[1], Text: r[2], Note: r[5]}
		for _, want := range split(r[3]) {
			if name, ok := strings.CutPrefix(want, "ent:"); ok {
				q.enterprises = append(q.enterprises, name)
				continue
			}
			_, trade := ref.Trade(want)
			_, field := ref.Programme(want)
			if !trade && !field {
				t.Fatalf("queries.csv: %q wants %q, which is no code", q.Text, want)
			}
			q.codes = append(q.codes, digits(want))
		}
		for _, name := range split(r[4]) {
			q.places = append(q.places, findPlace(t, ref, name))
		}
		out = append(out, q)
	}
	return out
}

func findPlace(t testing.TB, ref *directory.Reference, name string) place {
	t.Helper()
	if r, ok := ref.Region(name); ok {
		return place{region: r.Code}
	}
	c, ok := ref.City("", name)
	if !ok {
		t.Fatalf("queries.csv: %q is neither a city nor a region's code", name)
	}
	return place{region: c.Region, city: c.Key()}
}

// Right reports whether a place is an answer that the asker would accept.
func (q Question) Right(d *search.Document) bool {
	return q.ofTrade(d) && q.ofEnterprise(d) && q.there(d)
}

func (q Question) ofTrade(d *search.Document) bool {
	if len(q.codes) == 0 {
		return len(q.enterprises) > 0 || len(q.places) > 0
	}
	return slices.ContainsFunc(q.codes, func(code string) bool {
		return code == digits(d.Qualification.Code) || code == digits(d.Specialty.Code) || code == d.Programme.Code
	})
}

func (q Question) ofEnterprise(d *search.Document) bool {
	return len(q.enterprises) == 0 || slices.Contains(q.enterprises, d.EnterpriseName)
}

func (q Question) there(d *search.Document) bool {
	return len(q.places) == 0 || slices.ContainsFunc(q.places, func(p place) bool {
		return slices.ContainsFunc(d.Workplaces, func(w search.Workplace) bool {
			return w.Region == p.region && (p.city == "" || w.City == p.city)
		})
	})
}
