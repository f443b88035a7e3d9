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
	return questionsIn(t, ref, "queries.csv")
}

// Later reads the questions of later examinations. Their writers knew neither how questions are read nor the everyday words of the reference data; since then their
// misses have been looked at, so that they are no blind examination any more. The negative ones hold some that a strict judge would let find something (водолаз).
func Later(t testing.TB, ref *directory.Reference) []Question {
	t.Helper()
	return questionsIn(t, ref, "later.csv")
}

func questionsIn(t testing.TB, ref *directory.Reference, file string) []Question {
	t.Helper()
	var out []Question
	for _, r := range rows(t, file) {
		q := Question{Class: r[0], Lang: r[1], Text: r[2], Note: r[5]}
		for _, want := range split(r[3]) {
			if name, ok := strings.CutPrefix(want, "ent:"); ok {
				q.enterprises = append(q.enterprises, name)
				continue
			}
			_, trade := ref.Trade(want)
			_, field := ref.Programme(want)
			if !trade && !field {
				t.Fatalf("%s: %q wants %q, which is no code", file, q.Text, want)
			}
			q.codes = append(q.codes, digits(want))
		}
		for _, name := range split(r[4]) {
			q.places = append(q.places, findPlace(t, ref, file, name))
		}
		out = append(out, q)
	}
	return out
}

func findPlace(t testing.TB, ref *directory.Reference, file, name string) place {
	t.Helper()
	if r, ok := ref.Region(name); ok {
		return place{region: r.Code}
	}
	c, ok := ref.City("", name)
	if !ok {
		t.Fatalf("%s: %q is neither a city nor a region's code", file, name)
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
