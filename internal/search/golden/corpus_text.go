package golden

import (
	"embed"
	"encoding/csv"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements"
)

// phrases.csv has sentences of the trades, titles.csv the words that enterprises have for them, queries.csv the questions.
//
//go:embed testdata/*.csv
var files embed.FS

// rows reads a file without its heading.
func rows(t testing.TB, name string) [][]string {
	t.Helper()
	f, err := files.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return all[1:]
}

// titles are everyday titles of one trade by language; there may be none.
type titles struct{ KK, RU, EN []string }

func loadTitles(t testing.TB) map[string]titles {
	t.Helper()
	out := map[string]titles{}
	for _, r := range rows(t, "titles.csv") {
		out[r[0]] = titles{KK: split(r[1]), RU: split(r[2]), EN: split(r[3])}
	}
	return out
}

// split cuts a cell into its values; none of an empty one.
func split(cell string) []string {
	if cell == "" {
		return nil
	}
	return strings.Split(cell, "|")
}

// phrase is a sentence in three languages and the beginnings of the codes that it suits; "*" suits all.
type phrase struct {
	codes []string
	kind  string // summary, task, module
	text  i18n.Text
}

func loadPhrases(t testing.TB) []phrase {
	t.Helper()
	var out []phrase
	for _, r := range rows(t, "phrases.csv") {
		out = append(out, phrase{codes: split(r[0]), kind: r[1], text: i18n.Text{KK: r[2], RU: r[3], EN: r[4]}})
	}
	return out
}

// phrases are the sentences that suit a trade, by kind: its own ones and those of all.
type phrases struct{ own, general map[string][]i18n.Text }

func phrasesOf(all []phrase, code string) phrases {
	out := phrases{own: map[string][]i18n.Text{}, general: map[string][]i18n.Text{}}
	for _, p := range all {
		for _, begins := range p.codes {
			switch {
			case begins == "*":
				out.general[p.kind] = append(out.general[p.kind], p.text)
			case strings.HasPrefix(code, begins):
				out.own[p.kind] = append(out.own[p.kind], p.text)
			}
		}
	}
	return out
}

// draw takes some sentences of the trade and some that suit all.
func (p phrases) draw(r *rand.Rand, kind string, own, general int) []i18n.Text {
	return append(some(r, p.own[kind], own), some(r, p.general[kind], general)...)
}

func some(r *rand.Rand, from []i18n.Text, n int) []i18n.Text {
	var out []i18n.Text
	for _, i := range r.Perm(len(from))[:min(n, len(from))] {
		out = append(out, from[i])
	}
	return out
}

// write gives a place its texts in the languages that its enterprise posts in.
func write(r *rand.Rand, p *placements.Placement, t trade) {
	langs := languages(r)
	title := newTitle(r, t)
	summary := t.phrases.draw(r, "summary", 1, 1+r.IntN(2))
	tasks := t.phrases.draw(r, "task", 2, 1+r.IntN(2))
	modules := t.phrases.draw(r, "module", 1, 1)
	p.Modules = make([]placements.Module, len(modules))
	for _, l := range langs {
		put(&p.Title, l, title(l))
		put(&p.Summary, l, join(summary, l))
		put(&p.Tasks, l, join(tasks, l))
		for i, m := range modules {
			put(&p.Modules[i].Name, l, m.In(l))
		}
	}
}

// languages draws what a place is posted in: Russian alone or with Kazakh mostly, English alone rarely.
func languages(r *rand.Rand) []i18n.Lang {
	switch at := r.IntN(100); {
	case at < 20:
		return []i18n.Lang{i18n.KK}
	case at < 55:
		return []i18n.Lang{i18n.RU}
	case at < 90:
		return []i18n.Lang{i18n.KK, i18n.RU}
	case at < 98:
		return []i18n.Lang{i18n.KK, i18n.RU, i18n.EN}
	}
	return []i18n.Lang{i18n.EN}
}

func join(of []i18n.Text, l i18n.Lang) string {
	out := make([]string, len(of))
	for i, s := range of {
		out[i] = s.In(l)
	}
	return strings.Join(out, " ")
}

func put(t *i18n.Text, l i18n.Lang, s string) {
	switch l {
	case i18n.KK:
		t.KK = s
	case i18n.RU:
		t.RU = s
	default:
		t.EN = s
	}
}

// newTitle draws how an enterprise names a place: with an everyday word, with the name of the classifier, with some more words, or with no word
// for the trade at all.
func newTitle(r *rand.Rand, t trade) func(i18n.Lang) string {
	style, word, more := r.IntN(100), r.Uint64(), r.Uint64()
	return func(l i18n.Lang) string {
		everyday := map[i18n.Lang][]string{i18n.KK: t.titles.KK, i18n.RU: t.titles.RU, i18n.EN: t.titles.EN}[l]
		name := t.name.In(l)
		if t.programme != "" {
			name = internship(l) + name
		}
		if style < 60 && len(everyday) > 0 {
			name = everyday[word%uint64(len(everyday))]
		}
		switch {
		case style < 70:
			return name
		case style < 92:
			return name + suffixes(l)[more%uint64(len(suffixes(l)))]
		}
		return nameless(l)[more%uint64(len(nameless(l)))]
	}
}

func internship(l i18n.Lang) string {
	return map[i18n.Lang]string{i18n.KK: "Тағылымдама: ", i18n.RU: "Стажировка: ", i18n.EN: "Internship: "}[l]
}

func suffixes(l i18n.Lang) []string {
	switch l {
	case i18n.KK:
		return []string{" (№2 цех)", " — №1 учаскеге", ", оқушы", " — дуальды оқыту", ", кейін жұмысқа қалу"}
	case i18n.RU:
		return []string{" (цех №2)", " на участок №1", ", ученик", " — дуальное обучение", " с дальнейшим трудоустройством"}
	}
	return []string{" (shop 2)", ", site 1", ", trainee", " — dual training", " with a job afterwards"}
}

func nameless(l i18n.Lang) []string {
	switch l {
	case i18n.KK:
		return []string{"№3 цехқа оқушы", "Өндіріске тағылымгер", "Дуальды оқытуға орын", "Жас маман", "Шебердің көмекшісі"}
	case i18n.RU:
		return []string{"Ученик в цех №3", "Стажёр на производство", "Место на дуальное обучение", "Молодой специалист", "Помощник мастера"}
	}
	return []string{"Trainee, shop 3", "Production trainee", "Dual training place", "Young professional", "Foreman's assistant"}
}
