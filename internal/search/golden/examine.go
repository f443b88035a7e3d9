package golden

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/orynda/orynda/internal/search"
)

// Shown is how many hits of a question are judged.
const Shown = 5

// Searcher is what is examined: an engine, or a service that asks one.
type Searcher interface {
	// Search answers one question.
	Search(ctx context.Context, q search.Query) (*search.Result, error)
}

// Outcome is what one question found.
type Outcome struct {
	Question Question
	Hits     []*search.Document // the first five, in order
	Right    int                // how many of them are right
	First    int                // rank of the first right one, from 1; 0: none
}

// good reports whether nothing is wrong with an answer: a negative question found nothing, another one right places only.
func (o Outcome) good() bool {
	if o.Question.Class == Negative {
		return len(o.Hits) == 0
	}
	return o.Right > 0 && o.Right == len(o.Hits)
}

// Figures are those of one class.
type Figures struct {
	Class     string
	Questions int
	Recall    float64 // share of the questions with a right place among the first five; of negative ones, share that found nothing
	Precision float64 // share of the right places among all that were shown
	MRR       float64 // mean of 1/rank of the first right place, 0 for none among the first five
}

// Aims gives the lowest recall and precision that are good enough.
func (f Figures) Aims() (recall, precision float64) {
	switch {
	case f.Class == Negative:
		return 1, 0
	case strings.HasPrefix(f.Class, "exact_"):
		return 0.99, 0.9
	}
	return 0.95, 0.9
}

// Reached reports whether the aims are.
func (f Figures) Reached() bool {
	recall, precision := f.Aims()
	return f.Recall >= recall && f.Precision >= precision
}

// Report is what an examination found.
type Report struct {
	Outcomes []Outcome
	Classes  []Figures // in the order of the questions
}

// Examine asks every question and judges the first five places of each answer. A hit that is none of docs, or a question that fails, is an error.
func Examine(ctx context.Context, s Searcher, docs []search.Document, questions []Question) (Report, error) {
	byID := make(map[string]*search.Document, len(docs))
	for i := range docs {
		byID[docs[i].ID] = &docs[i]
	}
	var r Report
	for _, q := range questions {
		res, err := s.Search(ctx, search.Query{Text: q.Text, PerPage: Shown})
		if err != nil {
			return Report{}, fmt.Errorf("%s %q: %w", q.Class, q.Text, err)
		}
		o := Outcome{Question: q}
		for _, h := range res.Hits[:min(len(res.Hits), Shown)] {
			d, known := byID[h.ID]
			if !known {
				return Report{}, fmt.Errorf("%s %q: found %s, which isn't in the corpus", q.Class, q.Text, h.ID)
			}
			o.Hits = append(o.Hits, d)
			if q.Right(d) {
				o.Right++
				if o.First == 0 {
					o.First = len(o.Hits)
				}
			}
		}
		r.Outcomes = append(r.Outcomes, o)
	}
	r.Classes = figures(r.Outcomes)
	return r, nil
}

func figures(outcomes []Outcome) []Figures {
	var names []string
	byClass := map[string][]Outcome{}
	for _, o := range outcomes {
		if c := o.Question.Class; byClass[c] == nil {
			names = append(names, c)
		}
		byClass[o.Question.Class] = append(byClass[o.Question.Class], o)
	}
	out := make([]Figures, 0, len(names))
	for _, name := range names {
		out = append(out, figuresOf(name, byClass[name]))
	}
	return out
}

func figuresOf(class string, outcomes []Outcome) Figures {
	f := Figures{Class: class, Questions: len(outcomes)}
	var met, right, shown int
	for _, o := range outcomes {
		right, shown = right+o.Right, shown+len(o.Hits)
		switch {
		case class == Negative && len(o.Hits) == 0:
			met++
		case o.First > 0:
			met++
			f.MRR += 1 / float64(o.First)
		}
	}
	f.Recall, f.MRR = float64(met)/float64(len(outcomes)), f.MRR/float64(len(outcomes))
	if shown > 0 {
		f.Precision = float64(right) / float64(shown)
	}
	return f
}

// Table gives the figures of the classes, those below their aims marked, and the mean over all questions that want something.
func (r Report) Table() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	row := func(f Figures, mark string) {
		precision, mrr := fmt.Sprintf("%.3f", f.Precision), fmt.Sprintf("%.3f", f.MRR)
		if f.Class == Negative {
			precision, mrr = "-", "-"
		}
		_, _ = fmt.Fprintf(w, "%s\t%d\t%.3f\t%s\t%s\t%s\t\n", f.Class, f.Questions, f.Recall, precision, mrr, mark)
	}
	_, _ = fmt.Fprintln(w, "class\tquestions\trecall@5\tprecision@5\tMRR\t\t")
	for _, f := range r.Classes {
		mark := ""
		if !f.Reached() {
			mark = "below"
		}
		row(f, mark)
	}
	if rest := slices.DeleteFunc(slices.Clone(r.Outcomes), func(o Outcome) bool { return o.Question.Class == Negative }); len(rest) > 0 {
		row(figuresOf("all but negative", rest), "")
	}
	_ = w.Flush()
	return b.String()
}

// Misses lists every question that found something wrong or nothing right, with the places that were shown; + marks the right ones.
func (r Report) Misses() string {
	var b strings.Builder
	for _, o := range r.Outcomes {
		if o.good() {
			continue
		}
		_, _ = fmt.Fprintf(&b, "%s %q: %d of %d right\n", o.Question.Class, o.Question.Text, o.Right, len(o.Hits))
		for _, d := range o.Hits {
			sign := "-"
			if o.Question.Right(d) {
				sign = "+"
			}
			_, _ = fmt.Fprintf(&b, "    %s %s\n", sign, line(d))
		}
	}
	return b.String()
}

// line names a place in one line.
func line(d *search.Document) string {
	term := d.Qualification
	for _, t := range []search.Term{d.Specialty, d.Programme} {
		if term.Code == "" {
			term = t
		}
	}
	cities := make([]string, len(d.Workplaces))
	for i, w := range d.Workplaces {
		cities[i] = w.CityNames.RU
	}
	title := cmp.Or(d.Title.RU, d.Title.KK, d.Title.EN)
	return strings.Join([]string{title, term.Code + " " + term.Names.RU, strings.Join(cities, ", "), d.EnterpriseName}, " | ")
}
