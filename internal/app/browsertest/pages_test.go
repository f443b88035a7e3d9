package browsertest

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/orynda/orynda/internal/app/demo"
)

// row is a page, in a state, as somebody meets it. It is visited in three languages.
type row struct {
	name   string          // of its pictures and messages, alone in the table
	path   string          // "/{lang}/placements/{place}"; what {names} stand for: names() in world_test.go
	who    string          // a demo account; "" is nobody
	status int             // 200 when 0
	do     func(w *Window) // what is done there before it is looked at; nil: nothing
}

// table is every page of the site. Add a row for each new page and each state that looks different.
func table() []row {
	rows := []row{
		{name: "home", path: "/{lang}/"},
		{name: "results", path: "/{lang}/placements"},
		{name: "place", path: "/{lang}/placements/{place}"},
		{name: "signin", path: "/{lang}/signin"},
		{name: "register", path: "/{lang}/register"},
		{name: "results none", path: "/{lang}/placements?q=zzzzzz"},
		{name: "results filtered", path: "/{lang}/placements?region=350000000&paid=true&sort=newest"},
		{name: "about", path: "/{lang}/about"},
		{name: "about students", path: "/{lang}/about/students"},
		{name: "about organisations", path: "/{lang}/about/organisations"},
		{name: "verify", path: "/{lang}/verify"},
		{name: "enterprise", path: "/{lang}/enterprises/{enterprise}"},
		{name: "not found", path: "/{lang}/placements/plc_0", status: http.StatusNotFound},
		{name: "prove", path: "/{lang}/account/verify"},
		{name: "reset", path: "/{lang}/account/reset"},
		{name: "new password", path: "/{lang}/account/reset/confirm"},
		{name: "gallery", path: "/{lang}/gallery"},
		{name: "security", path: "/{lang}/account/security", who: student},
		{name: "data", path: "/{lang}/account/data", who: student},
		{name: "notices", path: "/{lang}/notices", who: student},
		{name: "notice choices", path: "/{lang}/notices/choices", who: student},
		{name: "my way", path: "/{lang}/me", who: student},
		{name: "profile", path: "/{lang}/profile", who: student},
		{name: "apply", path: "/{lang}/placements/{own_place}/apply", who: student},
		{name: "wards", path: "/{lang}/me", who: guardian},
		{name: "desk of an enterprise", path: "/{lang}/enterprises/{enterprise}/desk", who: enterprise},
		{name: "places of an enterprise", path: "/{lang}/enterprises/{enterprise}/placements", who: enterprise},
		{name: "posting", path: "/{lang}/placements/{own_place}/edit", who: enterprise},
		{name: "profile of an enterprise", path: "/{lang}/enterprises/{enterprise}/profile", who: enterprise},
		{name: "people of an enterprise", path: "/{lang}/enterprises/{enterprise}/people", who: enterprise},
		{name: "mentor", path: "/{lang}/enterprises/{enterprise}/people/mentors/{mentor}", who: enterprise},
		{name: "import", path: "/{lang}/enterprises/{enterprise}/import", who: enterprise},
		{name: "filings of a place", path: "/{lang}/placements/{own_place}/filings", who: enterprise},
	}
	rows = append(rows, searchRows()...)
	rows = append(rows, agreementRows()...)
	rows = append(rows, organisationRows()...)
	rows = append(rows, savingRows()...)
	return append(rows, selectingRows()...)
}

// The demo accounts that meet the pages.
const (
	student    = "student@demo.orynda.kz"
	guardian   = "guardian@demo.orynda.kz"
	enterprise = "hr@saryarqa-energo.demo.orynda.kz"
)

// languages in which every page is met.
func languages() []string { return []string{"kk", "ru", "en"} }

// TestEveryPage visits the table. Each person has a window per language; windows run beside each other.
func TestEveryPage(t *testing.T) {
	needBrowser(t)
	needValidator(t)
	if _, err := axeSource(); err != nil {
		missing(t, err)
	}
	world := boot(t)
	for _, lang := range languages() {
		for _, who := range people() {
			t.Run(lang+" "+cmp.Or(who, "visitor"), func(t *testing.T) {
				t.Parallel()
				visitAll(t, world, who, lang)
			})
		}
	}
}

// people are those who meet the pages.
func people() []string {
	var out []string
	for _, r := range table() {
		if !slices.Contains(out, r.who) {
			out = append(out, r.who)
		}
	}
	return out
}

func visitAll(t *testing.T, world *world, who, lang string) {
	w := Open(t, cmp.Or(who, "visitor"), world.base, Look{Lang: lang})
	if who != "" {
		w.SignIn(who)
	}
	for i, r := range table() {
		if r.who != who {
			continue
		}
		t.Run(r.name, func(t *testing.T) {
			outer := w.t
			w.t = t
			defer func() { w.t = outer }()
			visitOne(w, r, world.fill(r.path), i+slices.Index(languages(), lang))
		})
	}
}

// visitOne judges one page in one language. turn rotates what only one of several looks is judged by: over three languages each width has its turn, over two
// pages each theme.
func visitOne(w *Window, r row, path string, turn int) {
	w.t.Helper()
	v := &visit{w: w, name: r.name + " " + w.look.lang()}
	want := r.status
	if want == 0 {
		want = http.StatusOK
	}
	defer v.report()
	if !v.load(path, want) {
		v.calm()
		return
	}
	w.keepHTML(v.name)
	if r.do != nil {
		r.do(w)
		w.keepHTML(v.name + ", later")
	}
	v.judge()
	widths := []int{phone, tablet, desk}
	for i, width := range widths {
		w.Resize(width)
		if width != phone {
			v.fit()
		}
		w.Screenshot(fmt.Sprintf("%s-%s-%d", r.name, w.look.lang(), width))
		for _, dark := range []bool{false, true} {
			if full() || (turn%len(widths) == i && dark == (turn%2 == 1)) {
				w.Dark(dark)
				v.axe()
				if full() && dark {
					w.Screenshot(fmt.Sprintf("%s-%s-%d-dark", r.name, w.look.lang(), width))
				}
				w.Dark(false)
			}
		}
	}
	w.Resize(phone)
	v.calm()
}

// Every row has a name of its own, and every account in the table is one of the demo.
func TestTableIsSound(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range table() {
		if seen[r.name] {
			t.Errorf("two rows are called %s", r.name)
		}
		seen[r.name] = true
		if r.who != "" && !slices.Contains(demo.Emails(), r.who) {
			t.Errorf("%s: the demo has no %s", r.name, r.who)
		}
	}
}
