package golden

import (
	"testing"

	"github.com/orynda/orynda/internal/search"
)

// Run asks a filled engine every question and fails the test once for each class below its aim. The table of figures and the questions with a wrong
// answer are logged (go test -v shows them where nothing fails).
func Run(t testing.TB, s Searcher, docs []search.Document, questions []Question) {
	t.Helper()
	r, err := Examine(t.Context(), s, docs, questions)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("questions with a wrong answer:\n%s", r.Misses())
	t.Logf("%d questions, %d places:\n%s", len(r.Outcomes), len(docs), r.Table())
	for _, f := range r.Classes {
		if recall, precision := f.Aims(); !f.Reached() {
			t.Errorf("%s: recall@5 %.3f (aim %.2f), precision@5 %.3f (aim %.2f)", f.Class, f.Recall, recall, f.Precision, precision)
		}
	}
}
