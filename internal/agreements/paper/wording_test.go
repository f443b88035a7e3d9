package paper

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf8"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/i18n"
)

func TestDatesInAllForms(t *testing.T) {
	for _, c := range []struct {
		lang i18n.Lang
		form string
		day  cal.Day
		want string
	}{
		{i18n.KK, "", "2027-09-01", "2027 жылғы 1 қыркүйек"},
		{i18n.KK, "from", "2027-07-31", "2027 жылғы 31 шілдеден"},
		{i18n.KK, "from", "2027-06-30", "2027 жылғы 30 маусымнан"},
		{i18n.KK, "to", "2027-09-01", "2027 жылғы 1 қыркүйекке"},
		{i18n.KK, "to", "2027-11-01", "2027 жылғы 1 қарашаға"},
		{i18n.KK, "of", "2027-12-05", "2027 жылғы 5 желтоқсандағы"},
		{i18n.RU, "", "2027-09-01", "1 сентября 2027 года"},
		{i18n.RU, "to", "2027-05-31", "31 мая 2027 года"},
		{i18n.EN, "", "2027-09-01", "1 September 2027"},
	} {
		got, err := longDate(c.lang, c.form, c.day)
		if err != nil || strings.ReplaceAll(got, nbsp, " ") != c.want {
			t.Errorf("%s %q %s: %q, %v", c.lang, c.form, c.day, got, err)
		}
	}
	if _, err := longDate(i18n.KK, "", "2027-13-01"); err == nil {
		t.Error("a thirteenth month was written")
	}
}

func TestNumbers(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1\u202f000", 60000: "60\u202f000", 1234567: "1\u202f234\u202f567", -5000: "−5\u202f000"} {
		if got := grouped(i18n.RU, n); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
	if got := money(i18n.KK, 60000); got != "60\u202f000\u00a0₸" {
		t.Errorf("money %q", got)
	}
	for n, want := range map[int]string{0: "часов", 1: "час", 2: "часа", 4: "часа", 5: "часов", 11: "часов", 12: "часов", 14: "часов", 21: "час", 22: "часа", 25: "часов", 101: "час", 111: "часов", 112: "часов"} {
		if got, _ := counted(i18n.RU, n, "час", "часа", "часов"); !strings.HasSuffix(got, nbsp+want) {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	for n, want := range map[int]string{1: "hour", 0: "hours", 2: "hours", 21: "hours"} {
		if got, _ := counted(i18n.EN, n, "hour", "hours"); !strings.HasSuffix(got, nbsp+want) {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	if _, err := counted(i18n.RU, 1, "час"); err == nil {
		t.Error("Russian did with one form")
	}
	for _, c := range []struct {
		part, whole int
		want        string
	}{{5999, 10000, "59,9\u00a0%"}, {60, 100, "60\u00a0%"}, {2, 3, "66,6\u00a0%"}, {0, 5, "0\u00a0%"}, {1, 1000, "0,1\u00a0%"}} {
		if got, err := percent(i18n.RU, c.part, c.whole); err != nil || got != c.want {
			t.Errorf("%d of %d: %q, %v", c.part, c.whole, got, err)
		}
	}
	if _, err := percent(i18n.RU, 1, 0); err == nil {
		t.Error("a share of nothing was written")
	}
}

func TestTimes(t *testing.T) {
	for minutes, want := range map[int]string{480: "8 ч", 432: "7 ч 12 мин", 45: "45 мин"} {
		if got := duration(minutes, "ч", "мин"); strings.ReplaceAll(got, nbsp, " ") != want {
			t.Errorf("%d: %q", minutes, got)
		}
	}
	names := []string{"пн", "вт", "ср", "чт", "пт", "сб", "вс"}
	for want, days := range map[string][]time.Weekday{
		"пн–пт":      {time.Friday, time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Monday},
		"пн, вт, чт": {time.Thursday, time.Tuesday, time.Monday},
		"сб, вс":     {time.Sunday, time.Saturday},
		"ср":         {time.Wednesday},
	} {
		if got := weekdayList(days, names); got != want {
			t.Errorf("%v: %q, want %q", days, got, want)
		}
	}
	if got := instant(time.Date(2027, 1, 1, 20, 0, 0, 0, time.UTC)); got != "02.01.2027 01:00:00\u00a0(UTC+5)" {
		t.Errorf("instant %q", got)
	}
}

func TestTemplateVersion(t *testing.T) {
	r := renderer(t)
	for _, regime := range []Regime{R50, R361} {
		v := TemplateVersion(regime)
		for _, lang := range i18n.Langs() {
			w := r.library.wordings[v][lang]
			if w == nil {
				t.Fatalf("%s has no wording %q in %s", regime, v, lang)
			}
			if w.source == "" || w.reviewer == "" || w.status == "" || !w.edition.Valid() {
				t.Errorf("%s.%s: header %+v", v, lang, w)
			}
		}
	}
	if TemplateVersion("r99") != "" {
		t.Error("an unknown regime has a template")
	}
}

const head = "id = r50-9\nlanguage = kk\nlabels = labels-1\nsource = s\nedition = 2025-04-30\nreviewer = none\nstatus = draft\n===\n"

func TestLibraryRefusesHalfVersions(t *testing.T) {
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	labels := func(fs fstest.MapFS) {
		for _, l := range []string{"kk", "ru", "en"} {
			fs["texts/labels-1."+l+".txt"] = file("a = b\n")
		}
	}
	other := func(lang string) string {
		return strings.Replace(head, "language = kk", "language = "+lang, 1) + "# t\n"
	}
	for want, change := range map[string]func(fstest.MapFS){
		"lacks en": func(fs fstest.MapFS) { delete(fs, "texts/r50-9.en.txt") },
		"lacks \"reviewer\"": func(fs fstest.MapFS) {
			fs["texts/r50-9.kk.txt"] = file(strings.Replace(other("kk"), "reviewer = none\n", "", 1))
		},
		"doesn't fit": func(fs fstest.MapFS) { fs["texts/r50-9.kk.txt"] = file(other("ru")) },
		"no line ===": func(fs fstest.MapFS) { fs["texts/r50-9.kk.txt"] = file("id = x") },
		"unknown labels": func(fs fstest.MapFS) {
			fs["texts/r50-9.kk.txt"] = file(strings.Replace(other("kk"), "labels-1", "labels-7", 1))
		},
		"not defined":             func(fs fstest.MapFS) { fs["texts/r50-9.kk.txt"] = file(other("kk") + "{{.A b") },
		"labels-1.ru lacks \"c\"": func(fs fstest.MapFS) { fs["texts/labels-1.kk.txt"] = file("a = b\nc = d\n") },
		"stands twice":            func(fs fstest.MapFS) { fs["texts/labels-1.kk.txt"] = file("a = b\na = d\n") },
		"unknown language":        func(fs fstest.MapFS) { fs["texts/r50-9.de.txt"] = file(head) },
	} {
		fs := fstest.MapFS{}
		labels(fs)
		for _, l := range []string{"kk", "ru", "en"} {
			fs["texts/r50-9."+l+".txt"] = file(other(l))
		}
		if _, err := loadLibrary(fs); err != nil {
			t.Fatal(err)
		}
		change(fs)
		if _, err := loadLibrary(fs); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}

func TestTemplatesPrintNoBlanks(t *testing.T) {
	for body, want := range map[string]string{
		"{{.Student.Group}}":                          "the value is missing",
		"{{if .English}}{{.Student.Group}}{{end}}":    "the value is missing",
		"{{range .Duties}}{{$.Student.Group}}{{end}}": "the value is missing",
		"{{with .Guardian}}{{.Email}}{{end}}":         "the value is missing",
		"{{.College}}":                                "can't be printed",
		"{{.Nothing}}":                                "Nothing",
		"{{from .CitizenEnrolment.Date}}":             "nil",
		"{{label \"ground\" \"x\"}}":                  "no label",
		"# t\n\n+ {{ref \"nowhere\"}}":                "no section or annex",
	} {
		w, err := parseWording("r50-9", i18n.KK, head+body)
		if err != nil {
			t.Fatal(err)
		}
		d := sample()
		d.Student.Group, d.Guardian.Email, d.CitizenEnrolment = "", "", nil
		if _, err := w.fill(view{Data: d}, i18n.KK); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestNumbering(t *testing.T) {
	w, err := parseWording("r50-9", i18n.RU, strings.Replace(head, "= kk", "= ru", 1)+
		"# T\n## [a] One\n+ see {{ref \"b\"}} and {{ref \"x\"}}\n+ list:\n- p\n- q **bold**\n  goes on\n## [b] Two\n+ c\n- d\n\nfree\n= [x] Annex\n@plan\n> small\n")
	if err != nil {
		t.Fatal(err)
	}
	blocks, err := w.fill(view{Data: sample()}, i18n.RU)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, b := range blocks {
		got = append(got, strings.TrimSpace(b.number+" "+strings.ReplaceAll(b.text+b.name, string(markBold), "*")))
	}
	want := "T|1. Onea|1.1. see 2 and 1|1.2. list:|1) p|2) q *bold* goes on|2. Twob|2.1. c|1) d|free|1 Annexx|plan|small"
	if s := strings.Join(got, "|"); s != want {
		t.Errorf("blocks\n%s\nwant\n%s", s, want)
	}
}

func TestVersionsMustHaveOneOutline(t *testing.T) {
	r := renderer(t)
	short, err := parseWording("r50-1", i18n.RU, strings.NewReplacer("r50-9", "r50-1", "= kk", "= ru").Replace(head)+"# T\n## [a] Only\n+ one\n")
	if err != nil {
		t.Fatal(err)
	}
	r.library.wordings["r50-1"][i18n.RU] = short
	if _, err := r.Agreement(sample()); err == nil || !strings.Contains(err.Error(), "outlines of kk and ru differ") {
		t.Errorf("a shorter Russian version passed: %v", err)
	}
}

// FuzzWrap: every line fits, and nothing but breaks and hyphens is added or lost.
func FuzzWrap(f *testing.F) {
	for _, s := range []string{"", "a", "жабдықтарына бағдарламалық қамтамасыз ету", strings.Repeat("Ш", 80), "Бекмұхамбетова-Нұрғалиева a-b  c", "a" + string(markBold) + "b c" + string(markBold) + "d"} {
		f.Add(s, 40.0)
	}
	faces, err := loadFaces()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string, width float64) {
		if !(width >= 5 && width <= 500) || len(s) > 2000 {
			t.Skip()
		}
		flow := &flow{faces: faces}
		var got strings.Builder
		for _, l := range flow.wrap(spans(s, regular), 10, width) {
			total := 0.0
			for _, sp := range l.spans {
				total += flow.measure(sp, 10)
				got.WriteString(sp.text)
			}
			if total > width+0.01 || total-l.width > 0.01 || l.width-total > 0.01 {
				t.Fatalf("a line of %.2f in %.2f", total, width)
			}
		}
		bare := strings.NewReplacer(" ", "", "-", "", string(markBold), "")
		// Invalid bytes are refused before layout; here they only must not break it.
		if a, b := bare.Replace(got.String()), bare.Replace(s); utf8.ValidString(s) && a != b {
			t.Fatalf("%q became %q", b, a)
		}
	})
}
