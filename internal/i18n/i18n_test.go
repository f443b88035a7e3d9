package i18n

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestBuiltInCataloguesAreComplete(t *testing.T) {
	if _, err := Load(); err != nil {
		t.Fatal(err)
	}
}

func TestLoadRefusesHoles(t *testing.T) {
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	for name, fsys := range map[string]fstest.MapFS{
		"a language lacks a key": {"locales/a.kk.json": file(`{"x":"1","y":"2"}`), "locales/a.ru.json": file(`{"x":"1","y":"2"}`), "locales/a.en.json": file(`{"x":"1"}`)},
		"a key stands twice":     {"locales/a.kk.json": file(`{"x":"1"}`), "locales/b.kk.json": file(`{"x":"1"}`), "locales/a.ru.json": file(`{"x":"1"}`), "locales/a.en.json": file(`{"x":"1"}`)},
		"not JSON":               {"locales/a.kk.json": file(`{`)},
	} {
		if _, err := load(fsys); err == nil {
			t.Errorf("accepted although %s", name)
		}
	}
}

func TestSayChoosesPluralForms(t *testing.T) {
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	c, err := load(fstest.MapFS{
		"locales/a.kk.json": file(`{"seats":{"one":"{{.Count}} орын","other":"{{.Count}} орын"}}`),
		"locales/a.ru.json": file(`{"seats":{"one":"{{.Count}} место","few":"{{.Count}} места","many":"{{.Count}} мест","other":"{{.Count}} места"}}`),
		"locales/a.en.json": file(`{"seats":{"one":"{{.Count}} seat","other":"{{.Count}} seats"}}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		lang Lang
		n    int
		want string
	}{{RU, 1, "1 место"}, {RU, 2, "2 места"}, {RU, 5, "5 мест"}, {RU, 21, "21 место"}, {RU, 112, "112 мест"}, {KK, 7, "7 орын"}, {EN, 1, "1 seat"}, {EN, 3, "3 seats"}} {
		if got := c.Say(tc.lang, "seats", map[string]any{"Count": tc.n}); got != tc.want {
			t.Errorf("%s %d: %q, want %q", tc.lang, tc.n, got, tc.want)
		}
	}
}

func TestNegotiate(t *testing.T) {
	for header, want := range map[string]Lang{"": KK, "ru": RU, "en-GB,ru;q=0.5": EN, "de, ru;q=0.2": RU, "fr": KK, "kk-KZ": KK, ";;;": KK, strings.Repeat("a,", 5000): KK} {
		if got := Negotiate(header); got != want {
			t.Errorf("%.20q: %s, want %s", header, got, want)
		}
	}
}

func TestTextFallsBack(t *testing.T) {
	only := Text{RU: "Сварщик"}
	if only.In(KK) != "Сварщик" || only.In(EN) != "Сварщик" || only.Has(KK) {
		t.Error("a text in one language must reach every reader, and be known as one")
	}
}

func TestPagesKeepTogetherWhatIsReadAtOnce(t *testing.T) {
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	text := `{"site.a":"№ 50 — 60 %","site.b":"№ {{.n}}, {{.share}} %-ы, 22-тармақ, No. 5","mail.a":"№ 50, 60 %, 22-тармақ"}`
	c, err := load(fstest.MapFS{"locales/a.kk.json": file(text), "locales/a.ru.json": file(text), "locales/a.en.json": file(text)})
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{
		"site.a": "№\u00a050 — 60\u00a0%", "site.b": "№\u00a07, 66,6\u00a0%\u2011ы, 22\u2011тармақ, No.\u00a05", "mail.a": "№ 50, 60 %, 22-тармақ",
	} {
		if got := c.Say(KK, key, map[string]any{"n": 7, "share": "66,6"}); got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
	}
}
