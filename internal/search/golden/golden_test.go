package golden_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/fold"
	"github.com/orynda/orynda/internal/indexing"
	"github.com/orynda/orynda/internal/search"
	"github.com/orynda/orynda/internal/search/embedded"
	"github.com/orynda/orynda/internal/search/golden"
	"github.com/orynda/orynda/internal/search/meili"
)

// newEmbedded and newMeilisearch are the only places that make engines.
func newEmbedded(t *testing.T) search.Engine { return embedded.New(lexicon(t)) }

func lexicon(t *testing.T) *search.Lexicon { return indexing.Lexicon(newExam(t).ref) }

func newMeilisearch(t *testing.T, o meili.Options) search.Engine {
	t.Helper()
	e, err := meili.New(lexicon(t), o)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// exam is what every test needs; making it takes a second.
type exam struct {
	ref       *directory.Reference
	docs      []search.Document
	questions []golden.Question
}

var (
	once sync.Once
	made exam
)

func newExam(t *testing.T) exam {
	t.Helper()
	once.Do(func() {
		ref, err := directory.LoadReference()
		if err != nil {
			t.Fatal(err)
		}
		made = exam{ref, golden.Corpus(t, ref, golden.Places), golden.Questions(t, ref)}
	})
	if len(made.questions) == 0 {
		t.Fatal("the corpus wasn't made; see the first failure")
	}
	return made
}

func fill(t *testing.T, e search.Engine, docs []search.Document) {
	t.Helper()
	at := time.Now()
	err := e.Rebuild(t.Context(), func(yield func(search.Document, error) bool) {
		for _, d := range docs {
			if !yield(d, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s: %d places in %s", e.Name(), len(docs), time.Since(at).Round(time.Millisecond))
}

// The embedded engine reaches the aims.
func TestEmbedded(t *testing.T) {
	x := newExam(t)
	e := newEmbedded(t)
	t.Cleanup(func() { _ = e.Close() })
	fill(t, e, x.docs)
	golden.Run(t, e, x.docs, x.questions)
}

// Meilisearch reaches them through our engine, on an index of its own that is deleted afterwards.
func TestMeilisearch(t *testing.T) {
	url, key := strings.TrimSuffix(os.Getenv("ORYNDA_TEST_MEILISEARCH_URL"), "/"), os.Getenv("ORYNDA_TEST_MEILISEARCH_KEY")
	if url == "" {
		fmt.Fprintln(os.Stderr, "golden: ORYNDA_TEST_MEILISEARCH_URL is not set: the golden set was NOT run against a real Meilisearch")
		t.Skip("no Meilisearch server")
	}
	x := newExam(t)
	index := fmt.Sprintf("golden_%d", time.Now().UnixNano())
	t.Cleanup(func() { drop(t, url, key, index) })
	e := newMeilisearch(t, meili.Options{URL: url, Key: key, Index: index, WriteTimeout: 5 * time.Minute})
	t.Cleanup(func() { _ = e.Close() })
	fill(t, e, x.docs)
	golden.Run(t, e, x.docs, x.questions)
}

// drop deletes what an engine has on a server.
func drop(t *testing.T, url, key, name string) {
	t.Helper()
	for _, index := range []string{name, name + "_next", name + "_meta", name + "_words", name + "_words_next"} {
		req, err := http.NewRequestWithContext(context.Background(), http.MethodDelete, url+"/indexes/"+index, nil)
		if err != nil {
			t.Fatal(err)
		}
		if key != "" {
			req.Header.Set("Authorization", "Bearer "+key)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Errorf("cleaning up: %v", err)
			return
		}
		_ = res.Body.Close()
	}
}

// The corpus is always the same, and every trade and city of the reference data is in it with free seats.
func TestCorpus(t *testing.T) {
	x := newExam(t)
	again := golden.Corpus(t, x.ref, 50)
	for i, d := range again {
		if d.ID != x.docs[i].ID || d.Title != x.docs[i].Title || d.EnterpriseName != x.docs[i].EnterpriseName {
			t.Fatalf("place %d is another one the second time: %+v, %+v", i, d, x.docs[i])
		}
	}
	found, ids := map[string]int{}, map[string]bool{}
	for _, d := range x.docs {
		if ids[d.ID] {
			t.Errorf("id %s stands twice", d.ID)
		}
		ids[d.ID] = true
		if d.SeatsFree == 0 {
			continue
		}
		for _, key := range []string{d.Qualification.Code, d.Specialty.Code, d.Programme.Code, d.Workplaces[0].City} {
			found[key]++
		}
	}
	var want []string
	for _, q := range x.ref.Qualifications() {
		want = append(want, q.Code)
	}
	for _, s := range x.ref.Specialties() {
		want = append(want, s.Code)
	}
	for _, p := range x.ref.Programmes() {
		want = append(want, p.Code)
	}
	for _, c := range x.ref.Cities() {
		want = append(want, c.Key())
	}
	for _, key := range want {
		if found[key] < golden.Shown {
			t.Errorf("%d places of %s, fewer than are shown", found[key], key)
		}
	}
}

// classes are all that must be asked.
func classes() []string {
	return []string{"exact_ru", "exact_kk", "exact_en", "prefix", "typo_ru", "typo_kk", "typo_latin", "inflected_ru", "inflected_kk", "no_kazakh_letters",
		"latin", "layout", "cross_language", "split_join", "trade_city", "enterprise", golden.Negative}
}

// A class is broad: many questions, of many trades, none asked twice, and each can be answered.
func TestQuestions(t *testing.T) {
	x := newExam(t)
	byClass, asked, wants := map[string]int{}, map[string]bool{}, map[string]map[string]bool{}
	for _, q := range x.questions {
		byClass[q.Class]++
		if asked[q.Text] && q.Class != "cross_language" && !strings.HasPrefix(q.Class, "exact_") {
			t.Errorf("%q is asked twice", q.Text)
		}
		asked[q.Text] = true
		if q.Class == golden.Negative {
			continue
		}
		right := 0
		for i := range x.docs {
			if x.docs[i].SeatsFree > 0 && q.Right(&x.docs[i]) {
				right++
				if wants[q.Class] == nil {
					wants[q.Class] = map[string]bool{}
				}
				wants[q.Class][x.docs[i].Specialty.Code+x.docs[i].Programme.Code] = true
			}
		}
		if right == 0 {
			t.Errorf("%s %q has no right answer in the corpus", q.Class, q.Text)
		}
		if right > len(x.docs)/8 {
			t.Errorf("%s %q accepts %d places: a judgement that nothing can miss", q.Class, q.Text, right)
		}
	}
	for _, c := range classes() {
		if byClass[c] < 24 {
			t.Errorf("%s has %d questions", c, byClass[c])
		}
		if c != golden.Negative && len(wants[c]) < 15 {
			t.Errorf("%s asks for %d trades", c, len(wants[c]))
		}
		delete(byClass, c)
	}
	if len(byClass) > 0 {
		t.Errorf("unknown classes: %v", byClass)
	}
}

// What must find nothing isn't in the corpus: its first word that names no place is neither a word there, nor the beginning of one, nor a typing error away.
func TestNegativesAreFair(t *testing.T) {
	if !near("электирк", "электрик") || !near("програмистт", "программист") || near("повар", "товарр") || near("кран", "крен") {
		t.Error("typing errors are miscounted")
	}
	x := newExam(t)
	words := map[string]bool{}
	for _, d := range x.docs {
		texts := []string{d.EnterpriseName, d.Title.KK, d.Title.RU, d.Title.EN, d.Summary.KK, d.Summary.RU, d.Summary.EN, d.Tasks.KK, d.Tasks.RU, d.Tasks.EN}
		for _, m := range d.Modules {
			texts = append(texts, m.KK, m.RU, m.EN)
		}
		for _, term := range []search.Term{d.Qualification, d.Specialty, d.Programme} {
			texts = append(append(texts, term.Names.KK, term.Names.RU, term.Names.EN), term.Synonyms...)
		}
		for _, text := range texts {
			for _, w := range fold.Words(text) {
				words[w] = true
			}
		}
	}
	for _, q := range x.questions {
		if q.Class != golden.Negative {
			continue
		}
		of := fold.Words(q.Text)
		if _, place := x.ref.City("", of[0]); place {
			of = of[1:]
		}
		for w := range words {
			if strings.HasPrefix(w, of[0]) || near(of[0], w) {
				t.Errorf("%q: the corpus has %s", q.Text, w)
			}
		}
	}
}

// near reports whether two words are as few typing errors apart as a search forgives (one from 5 letters, two from 9).
func near(asked, word string) bool {
	a, b := []rune(asked), []rune(word)
	forgiven := 0
	if len(a) >= 5 {
		forgiven++
	}
	if len(a) >= 9 {
		forgiven++
	}
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		for j := range d[i] {
			switch {
			case i == 0 || j == 0:
				d[i][j] = i + j
			case a[i-1] == b[j-1]:
				d[i][j] = d[i-1][j-1]
			default:
				d[i][j] = 1 + min(d[i-1][j-1], d[i-1][j], d[i][j-1])
				if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
					d[i][j] = min(d[i][j], 1+d[i-2][j-2])
				}
			}
		}
	}
	return d[len(a)][len(b)] <= forgiven
}

// script is a searcher that answers as it is told: one letter a hit, R for a right place, W for a wrong one.
type script struct {
	exam
	answer func(golden.Question) string
}

func (s script) Search(_ context.Context, asked search.Query) (*search.Result, error) {
	at := slices.IndexFunc(s.questions, func(q golden.Question) bool { return q.Text == asked.Text })
	q := s.questions[at]
	res := &search.Result{}
	for _, letter := range s.answer(q) {
		if letter == 'E' {
			return nil, errors.New("no answer")
		}
		for i := range s.docs {
			d := &s.docs[i]
			taken := slices.ContainsFunc(res.Hits, func(h search.Hit) bool { return h.ID == d.ID })
			if !taken && q.Right(d) == (letter == 'R') {
				res.Hits = append(res.Hits, search.Hit{ID: d.ID})
				break
			}
		}
	}
	return res, nil
}

// recorder is a test that only notes how it failed.
type recorder struct {
	testing.TB
	failed []string
	log    strings.Builder
}

func (r *recorder) Helper()                   {}
func (r *recorder) Logf(f string, v ...any)   { fmt.Fprintf(&r.log, f+"\n", v...) }
func (r *recorder) Errorf(f string, v ...any) { r.failed = append(r.failed, fmt.Sprintf(f, v...)) }
func (r *recorder) Context() context.Context  { return context.Background() }

// The examiner passes who answers right and fails who doesn't, in the class where it is, and says what was shown.
func TestExaminerCanFail(t *testing.T) {
	x := newExam(t)
	right := func(q golden.Question) string {
		if q.Class == golden.Negative {
			return ""
		}
		return "RR"
	}
	in := func(class, answer string) func(golden.Question) string {
		return func(q golden.Question) string {
			if q.Class == class {
				return answer
			}
			return right(q)
		}
	}
	for _, c := range []struct {
		name   string
		answer func(golden.Question) string
		failed string // the class that must fail; "": none
		figure string // of its row in the table
	}{
		{"right", right, "", ""},
		{"silent", in("latin", ""), "latin", "0.000 0.000 0.000"},
		{"noisy", in("typo_kk", "RWWWW"), "typo_kk", "1.000 0.200 1.000"},
		{"second", in("prefix", "WRRRR"), "prefix", "1.000 0.800 0.500"},
		{"wrong enterprise", in("enterprise", "WW"), "enterprise", "0.000 0.000 0.000"},
		{"inventive", in(golden.Negative, "W"), golden.Negative, "- -"},
	} {
		r := &recorder{}
		golden.Run(r, script{x, c.answer}, x.docs, x.questions)
		switch {
		case c.failed == "" && len(r.failed) > 0:
			t.Errorf("%s: failed %v", c.name, r.failed)
		case c.failed != "" && (len(r.failed) != 1 || !strings.HasPrefix(r.failed[0], c.failed+":")):
			t.Errorf("%s: failed %v, want %s alone", c.name, r.failed, c.failed)
		}
		if log := strings.Join(strings.Fields(r.log.String()), " "); c.failed != "" && !strings.Contains(log, c.figure+" below") {
			t.Errorf("%s: no %q in\n%s", c.name, c.figure, r.log.String())
		}
	}
}

// One question more than an aim forgives is enough, and one that can't be asked is an error, not a miss.
func TestExaminerCountsEveryQuestion(t *testing.T) {
	x := newExam(t)
	missed := 0
	r, err := golden.Examine(t.Context(), script{x, func(q golden.Question) string {
		if q.Class == "exact_ru" && missed == 0 {
			missed++
			return "W"
		}
		if q.Class == golden.Negative {
			return ""
		}
		return "R"
	}}, x.docs, x.questions)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Classes {
		if f.Reached() == (f.Class == "exact_ru") {
			t.Errorf("%+v: reached is %t", f, f.Reached())
		}
	}
	if misses := r.Misses(); strings.Count(misses, "\n") != 2 || !strings.Contains(misses, "exact_ru") || !strings.Contains(misses, "    - ") {
		t.Errorf("misses: %s", misses)
	}
	_, err = golden.Examine(t.Context(), script{x, func(golden.Question) string { return "E" }}, x.docs, x.questions)
	if err == nil {
		t.Error("a searcher that fails passes")
	}
	_, err = golden.Examine(t.Context(), script{x, func(golden.Question) string { return "R" }}, x.docs[:0], x.questions)
	if err == nil {
		t.Error("places that aren't in the corpus pass")
	}
}

// A place is judged by trade, place and enterprise together.
func TestRight(t *testing.T) {
	x := newExam(t)
	at := slices.IndexFunc(x.questions, func(q golden.Question) bool { return q.Text == "токарь ВКО" })
	q := x.questions[at]
	turner := search.Document{
		Qualification: search.Term{Code: "07150301"}, Specialty: search.Term{Code: "07150300"},
		Workplaces: []search.Workplace{{Region: "750000000", City: "Алматы"}, {Region: "630000000", City: "Риддер"}},
	}
	elsewhere, other := turner, turner
	elsewhere.Workplaces = turner.Workplaces[:1]
	other.Qualification, other.Specialty = search.Term{Code: "07150501"}, search.Term{Code: "07150500"}
	if !q.Right(&turner) || q.Right(&elsewhere) || q.Right(&other) {
		t.Errorf("turner in the region %t, elsewhere %t, another trade %t", q.Right(&turner), q.Right(&elsewhere), q.Right(&other))
	}
	none := x.questions[slices.IndexFunc(x.questions, func(q golden.Question) bool { return q.Class == golden.Negative })]
	if none.Right(&turner) {
		t.Error("a place answers what must find nothing")
	}
}
