package finding

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/search"
	"github.com/orynda/orynda/internal/search/language"
)

// Understood says how a question was read.
type Understood struct {
	Query      string // as it was asked
	Terms      []Term
	ShownFor   string       // the words that were carried out, where they aren't those of the question; else ""
	Dropped    []string     // words of the question, as typed, that were given up: because nothing has them all, or in a degraded answer
	DidYouMean string       // a better spelling that finds something, where nothing was found; else ""
	Layout     bool         // whether the text was read as typed with another keyboard
	Relax      []Relaxation // where nothing was found: which filter to take away, the most giving first
}

// Term is a part of the question's words.
type Term struct {
	Text    string      // as it was read
	Kind    search.Kind // what it names; search.KindWord for just a word
	Value   string      // of what it names, as the parameter of the kind takes it
	Label   string      // its name in the reader's language
	Without string      // the question's text without it: lifts what it narrows
}

// Place reports whether the part names a town or a region, which narrows the question like a filter until it is lifted.
func (t Term) Place() bool { return t.Kind == search.KindCity || t.Kind == search.KindRegion }

// Relaxation is a filter to take away, or to widen.
type Relaxation struct {
	Parameter string // its name; "q" for the words
	Value     string // of a filter that has one value; else ""
	Instead   string // the value that widens it, of "q" the words without a place; "" where it is taken away whole
	Total     int    // places found then
}

// understood says how the question was read, and what of it was carried out.
func (s *Service) understood(query string, found *search.Result, items []Item, lang i18n.Lang) Understood {
	r := &found.Reading
	out := Understood{Query: query, Terms: make([]Term, 0, len(r.Meanings)), Layout: r.How == search.Layout}
	var said []string
	for _, m := range r.Meanings {
		t := Term{Text: s.spelt(m.Text, r, items), Kind: m.Kind, Value: m.Value, Without: m.Without}
		if t.Label = t.Text; m.Entry != nil {
			t.Label = m.Entry.Names.In(lang)
		}
		out.Terms, said = append(out.Terms, t), append(said, t.Text)
	}
	if found.Total > 0 && r.How != search.Typed {
		out.ShownFor, out.Dropped = strings.Join(said, " "), r.Dropped
	}
	return out
}

// spelt gives a word that the engine guessed as the found places write it.
func (s *Service) spelt(text string, r *search.Reading, items []Item) string {
	if !slices.ContainsFunc(r.Words, func(w search.Word) bool { return w.Token == text }) {
		return text
	}
	for _, item := range items {
		for _, of := range []string{item.View.Enterprise.Name, item.View.Place.Title.KK, item.View.Place.Title.RU, item.View.Place.Title.EN} {
			for t := range language.Tokens(of) {
				if t.Key == text {
					return strings.ToLower(t.Raw)
				}
			}
		}
	}
	return text
}

// mostRelaxed is how many filters are tried.
const mostRelaxed = 8

// advise says what to change in a question that nothing answers; an error leaves what was found out so far.
func (s *Service) advise(ctx context.Context, q Question, page *Page) error {
	for _, without := range q.lifted() {
		n, err := s.Count(ctx, without.q)
		if errs.KindOf(err) == errs.Invalid {
			continue // without it another parameter has no meaning
		}
		if err != nil {
			return err
		}
		if n > 0 {
			page.Understood.Relax = append(page.Understood.Relax, Relaxation{Parameter: without.name, Value: without.value, Instead: without.instead, Total: n})
		}
	}
	if err := s.adviseElsewhere(ctx, q, page); err != nil {
		return err
	}
	slices.SortStableFunc(page.Understood.Relax, func(a, b Relaxation) int { return b.Total - a.Total })
	better := s.d.Lexicon.DidYouMean(q.Text)
	if better == "" {
		return nil
	}
	q.Text = better
	n, err := s.Count(ctx, q)
	if err == nil && n > 0 {
		page.Understood.DidYouMean = better
	}
	return err
}

// widest is the greatest radius that the site offers, in kilometres.
const widest = 100

// adviseElsewhere says what the words find without a place that they name.
func (s *Service) adviseElsewhere(ctx context.Context, q Question, page *Page) error {
	for _, t := range page.Understood.Terms {
		if t.Kind != search.KindCity && t.Kind != search.KindRegion || t.Without == "" {
			continue
		}
		elsewhere := q
		elsewhere.Text = t.Without
		n, err := s.Count(ctx, elsewhere)
		if err != nil {
			return err
		}
		if n > 0 {
			page.Understood.Relax = append(page.Understood.Relax, Relaxation{Parameter: "q", Value: t.Value, Instead: t.Without, Total: n})
		}
	}
	return nil
}

// lifting is a question with one of its filters taken away or widened.
type lifting struct {
	name, value, instead string
	q                    Question
}

// lifted gives the question without each of its filters, the words among them where there are others. A radius and the choice of free places are widened
// first.
func (q Question) lifted() []lifting {
	var out []lifting
	add := func(set bool, l lifting, change func(q *Question)) {
		if !set || len(out) == mostRelaxed {
			return
		}
		l.q = q
		change(&l.q)
		out = append(out, l)
	}
	lift := func(name string, set bool, value string, change func(q *Question)) {
		add(set, lifting{name: name, value: value}, change)
	}
	widen := func(name string, set bool, instead string, change func(q *Question)) {
		add(set, lifting{name: name, instead: instead}, change)
	}
	single := func(values []string) string {
		if len(values) == 1 {
			return values[0]
		}
		return ""
	}
	flag := func(b *bool) string {
		if b == nil {
			return ""
		}
		return search.BoolValue(*b)
	}
	widen("radius_km", q.RadiusKM > 0 && q.RadiusKM < widest, strconv.Itoa(widest), func(q *Question) { q.RadiusKM = widest })
	widen("full", q.Full != search.FullInclude, string(search.FullInclude), func(q *Question) { q.Full = search.FullInclude })
	lift("literal", q.Literally, search.BoolValue(true), func(q *Question) { q.Literally = false })
	lift("region", len(q.Region) > 0, single(q.Region), func(q *Question) { q.Region = nil })
	lift("city", q.City != "", q.City, func(q *Question) { q.City, q.RadiusKM = "", 0 })
	lift("radius_km", q.RadiusKM > 0 && q.City == "", "", func(q *Question) { q.RadiusKM = 0 })
	lift("specialty", len(q.Specialty) > 0, single(q.Specialty), func(q *Question) { q.Specialty = nil })
	lift("qualification", len(q.Qualification) > 0, single(q.Qualification), func(q *Question) { q.Qualification = nil })
	lift("programme", len(q.Programme) > 0, single(q.Programme), func(q *Question) { q.Programme = nil })
	lift("regime", q.Regime != "", q.Regime, func(q *Question) { q.Regime = "" })
	lift("level", len(q.Level) > 0, single(q.Level), func(q *Question) { q.Level = nil })
	lift("time_model", q.TimeModel != "", q.TimeModel, func(q *Question) { q.TimeModel = "" })
	lift("paid", q.Paid != nil, flag(q.Paid), func(q *Question) { q.Paid = nil })
	lift("min_compensation", q.MinCompensation > 0, "", func(q *Question) { q.MinCompensation = 0 })
	lift("max_weekly_hours", q.MaxWeeklyHours > 0, "", func(q *Question) { q.MaxWeeklyHours = 0 })
	lift("starts_from", q.StartsFrom != "", string(q.StartsFrom), func(q *Question) { q.StartsFrom = "" })
	lift("starts_to", q.StartsTo != "", string(q.StartsTo), func(q *Question) { q.StartsTo = "" })
	lift("language", len(q.Language) > 0, single(q.Language), func(q *Question) { q.Language = nil })
	lift("dormitory", q.Dormitory != nil, flag(q.Dormitory), func(q *Question) { q.Dormitory = nil })
	lift("under_18", q.Under18 != nil, flag(q.Under18), func(q *Question) { q.Under18 = nil })
	lift("open_to_college", q.OpenToCollege != "", q.OpenToCollege, func(q *Question) { q.OpenToCollege = "" })
	lift("q", q.Text != "" && len(out) > 1, "", func(q *Question) { q.Text = "" })
	return out
}
