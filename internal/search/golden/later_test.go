package golden_test

import (
	"testing"

	"github.com/orynda/orynda/internal/search/golden"
)

// The questions of later examinations are answered as well as they were: every class has a floor, the aim where that is reached.
func TestLater(t *testing.T) {
	x := newExam(t)
	e := newEmbedded(t)
	t.Cleanup(func() { _ = e.Close() })
	fill(t, e, x.docs)
	questions := golden.Later(t, x.ref)
	r, err := golden.Examine(t.Context(), e, x.docs, questions)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("questions with a wrong answer:\n%s", r.Misses())
	t.Logf("%d questions, %d places:\n%s", len(questions), len(x.docs), r.Table())
	if len(questions) < 2700 {
		t.Errorf("%d questions are left", len(questions))
	}
	below := map[string]float64{"enterprise": 0.9, golden.Negative: 0.95}
	for _, f := range r.Classes {
		recall, precision := f.Aims()
		if floor, ok := below[f.Class]; ok {
			recall = floor
		}
		if f.Class == "exact" {
			recall = 0.99
		}
		if f.Recall < recall || f.Precision < precision {
			t.Errorf("%s: recall@5 %.3f (floor %.2f), precision@5 %.3f (floor %.2f)", f.Class, f.Recall, recall, f.Precision, precision)
		}
	}
}
