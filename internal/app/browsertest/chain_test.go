package browsertest

import (
	"testing"
)

// quartet is four people in front of their own windows, in one world, with the clock of the demo between them.
type quartet struct {
	world      *world
	student    *Window
	enterprise *Window
	college    *Window
	chamber    *Window
}

// four signs the people of the chain in, each in a window of their own: the student on a phone, the others at a desk.
func four(t testing.TB, world *world, lang string) *quartet {
	t.Helper()
	return &quartet{
		world:      world,
		student:    world.As(t, "student@demo.orynda.kz", Look{Lang: lang}),
		enterprise: world.As(t, "hr@saryarqa-energo.demo.orynda.kz", Look{Lang: lang, Width: desk}),
		college:    world.As(t, "college@karaganda.demo.orynda.kz", Look{Lang: lang, Width: desk}),
		chamber:    world.As(t, "chamber@karaganda.demo.orynda.kz", Look{Lang: lang, Width: desk}),
	}
}

// windows are all four, for what holds for each.
func (q *quartet) windows() []*Window {
	return []*Window{q.student, q.enterprise, q.college, q.chamber}
}

// js switches the scripts of all four on or off.
func (q *quartet) js(on bool) {
	for _, w := range q.windows() {
		w.t.Helper()
		w.JS(on)
	}
}

// Four people are signed in at the same time and stay who they are, with scripts and without.
func TestFourWindows(t *testing.T) {
	q := four(t, boot(t), "kk")
	for _, js := range []bool{true, false} {
		q.js(js)
		for _, w := range q.windows() {
			if status := w.Go("/{lang}/"); status != 200 {
				t.Errorf("%s: status %d", w.name, status)
			}
		}
	}
}
