package corpus

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/orynda/orynda/internal/i18n"
)

// Each family has enough of its own wording, and each line says the same slots in all languages.
func TestFamiliesHaveEnoughWording(t *testing.T) {
	c := world(t)
	if n := len(c.d.families); n < 25 {
		t.Errorf("%d families", n)
	}
	seen := map[string]string{}
	for _, f := range c.d.families {
		for what, least := range map[string]int{"titles": 5, "summaries": 6, "tasks": 8, "modules": 5, "questions": 2} {
			if n := len(f.lines(what)); n < least {
				t.Errorf("%s has %d %s, want %d", f.ID, n, what, least)
			}
		}
		for _, l := range f.Summaries {
			for _, lang := range i18n.Langs() {
				s := exact(l.Text, lang)
				if old, twice := seen[s]; twice {
					t.Errorf("%s and %s share %q", old, f.ID, s)
				}
				seen[s] = f.ID
				if strings.ContainsAny(s, "!") {
					t.Errorf("%s: %q", f.ID, s)
				}
			}
		}
		for _, list := range [][]line{f.Titles, f.Summaries, f.Tasks, f.Terms, f.Modules, f.Questions} {
			for _, l := range list {
				checkOnly(t, f, l)
				for _, lang := range i18n.Langs() {
					checkSlots(t, f.ID, exact(l.Text, lang))
				}
			}
		}
	}
}

// checkOnly finds restrictions that name a code of another family, which would silently never fit.
func checkOnly(t *testing.T, f family, l line) {
	t.Helper()
	for _, w := range strings.Fields(l.only) {
		known := w == "college" || w == "university"
		for _, row := range f.Codes {
			known = known || row[0] == w
		}
		if !known {
			t.Errorf("%s: %q is only for %s, no code of the family", f.ID, l.RU, w)
		}
	}
}

func checkSlots(t *testing.T, id, s string) {
	t.Helper()
	v := vars{}
	for _, k := range []string{"q", "Q", "ent", "city", "in", "In", "hours", "Hours", "amount", "n", "age"} {
		v[k] = "x"
	}
	if strings.ContainsAny(v.fill(s), "{}") {
		t.Errorf("%s: unknown slot in %q", id, s)
	}
}

// Wording that breaks a rule stops the program's start, with a sentence that says where.
func TestBadWordingIsRefused(t *testing.T) {
	rest := map[string]string{
		"data/general.json": `{}`, "data/regions.json": `[{"kato":"1","id":"a","cities":[]}]`,
		"data/orgs.json": `{"industries":[{"id":"x"}]}`, "data/names.json": `{}`,
	}
	for name, tc := range map[string]struct{ families, want string }{
		"no JSON":            {`[{`, "bad.json"},
		"a missing language": {`[{"id":"f","titles":[["a","б"]]}]`, "not 3"},
		"an empty language":  {`[{"id":"f","titles":[["a","","c"]]}]`, "lacks a language"},
		"no industry":        {`[{"id":"f","industry":"y"}]`, `no industry "y"`},
		"no region":          {`[{"id":"f","industry":"x","regions":["zz"]}]`, `no region "zz"`},
		"a short code row":   {`[{"id":"f","industry":"x","codes":[["1"]]}]`, "code row"},
		"too little wording": {`[{"id":"f","industry":"x","codes":[["1","w","a","b","c"]]}]`, "fit 1, need"},
	} {
		t.Run(name, func(t *testing.T) {
			fsys := fstest.MapFS{"data/families/bad.json": {Data: []byte(tc.families)}}
			for k, v := range rest {
				fsys[k] = &fstest.MapFile{Data: []byte(v)}
			}
			if _, err := load(fsys); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

// Words after numbers are right.
func TestNumbersInWords(t *testing.T) {
	for n, want := range map[int]string{1: "час", 12: "часов", 14: "часов", 21: "час", 24: "часа", 30: "часов", 32: "часа", 36: "часов", 40: "часов"} {
		if got := ruHours(n); got != want {
			t.Errorf("%d %s, want %s", n, got, want)
		}
	}
	for n, want := range map[int64]string{0: "0", 500: "500", 45000: "45 000", 120000: "120 000", 1234567: "1 234 567"} {
		if got := grouped(n, " "); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
}

func FuzzFill(f *testing.F) {
	for _, s := range []string{"", "{", "}", "{q}", "a{q}b{Q}", "{q", "q}", "{{q}}", "{нет}"} {
		f.Add(s)
	}
	v := vars{"q": "токарь", "Q": "Токарь"}
	f.Fuzz(func(t *testing.T, s string) {
		got := v.fill(s)
		if !strings.Contains(s, "{") && got != s {
			t.Errorf("%q became %q", s, got)
		}
	})
}
