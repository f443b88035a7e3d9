package golden_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/search"
)

// wanted is a name of a trade with the codes of all that bear it.
type wanted struct {
	lang  i18n.Lang
	name  string
	codes []string
}

// names gathers the official names and the everyday words of all trades, each once with everything that it names. Names of more than four words and such
// with brackets are asked by nobody.
func names(x exam) []wanted {
	at := map[string]int{}
	var out []wanted
	add := func(lang i18n.Lang, name string, code string) {
		if strings.ContainsAny(name, "(),") || len(strings.Fields(name)) > 4 || utf8.RuneCountInString(name) < 4 {
			return
		}
		key := string(lang) + strings.ToLower(name)
		i, ok := at[key]
		if !ok {
			i = len(out)
			at[key] = i
			out = append(out, wanted{lang: lang, name: name})
		}
		if !slices.Contains(out[i].codes, code) {
			out[i].codes = append(out[i].codes, code)
		}
	}
	each := func(code string, name i18n.Text, kk, ru, en []string) {
		for _, s := range append([]string{name.KK}, kk...) {
			add(i18n.KK, s, code)
		}
		for _, s := range append([]string{name.RU}, ru...) {
			add(i18n.RU, s, code)
		}
		for _, s := range append([]string{name.EN}, en...) {
			add(i18n.EN, s, code)
		}
	}
	for _, q := range x.ref.Qualifications() {
		each(q.Code, q.Name, q.Synonyms.KK, q.Synonyms.RU, q.Synonyms.EN)
	}
	for _, s := range x.ref.Specialties() {
		each(s.Code, s.Name, s.Synonyms.KK, s.Synonyms.RU, s.Synonyms.EN)
	}
	for _, p := range x.ref.Programmes() {
		each(p.Code, p.Name, p.Synonyms.KK, p.Synonyms.RU, p.Synonyms.EN)
	}
	return out
}

// bends are ways to write a name otherwise; "" where a way doesn't apply.
func bends() map[string]func(r *rand.Rand, w wanted) string {
	return map[string]func(r *rand.Rand, w wanted) string{
		"exact": func(_ *rand.Rand, w wanted) string { return w.name },
		"typo":  func(r *rand.Rand, w wanted) string { return typo(r, w.name) },
		"plain": func(_ *rand.Rand, w wanted) string { return changed(w.name, plain.Replace(w.name)) },
		"latin": func(r *rand.Rand, w wanted) string {
			return changed(w.name, [...]*strings.Replacer{everyday, official}[r.IntN(2)].Replace(strings.ToLower(w.name)))
		},
		"layout": func(_ *rand.Rand, w wanted) string { return changed(w.name, retype(strings.ToLower(w.name), w.lang)) },
		"inflected": func(r *rand.Rand, w wanted) string {
			return inflected(r, w)
		},
		"town": func(r *rand.Rand, w wanted) string {
			return w.name + " " + [...]string{"Алматы", "Астана", "Шымкент"}[r.IntN(3)]
		},
	}
}

func changed(from, to string) string {
	if from == to {
		return ""
	}
	return to
}

var (
	plain = strings.NewReplacer("ә", "а", "ғ", "г", "қ", "к", "ң", "н", "ө", "о", "ұ", "у", "ү", "у", "һ", "х", "і", "и", "Ә", "А", "Қ", "К", "Ө", "О", "Ұ", "У", "І", "И",
		"ё", "е")
	everyday = strings.NewReplacer("а", "a", "ә", "a", "б", "b", "в", "v", "г", "g", "ғ", "g", "д", "d", "е", "e", "ё", "e", "ж", "zh", "з", "z", "и", "i", "й", "y", "к", "k",
		"қ", "k", "л", "l", "м", "m", "н", "n", "ң", "n", "о", "o", "ө", "o", "п", "p", "р", "r", "с", "s", "т", "t", "у", "u", "ұ", "u", "ү", "u", "ф", "f", "х", "h", "һ", "h",
		"ц", "ts", "ч", "ch", "ш", "sh", "щ", "sh", "ъ", "", "ы", "y", "і", "i", "ь", "", "э", "e", "ю", "yu", "я", "ya")
	official = strings.NewReplacer("а", "a", "ә", "ä", "б", "b", "в", "v", "г", "g", "ғ", "ğ", "д", "d", "е", "e", "ё", "e", "ж", "j", "з", "z", "и", "i", "й", "i", "к", "k",
		"қ", "q", "л", "l", "м", "m", "н", "n", "ң", "ñ", "о", "o", "ө", "ö", "п", "p", "р", "r", "с", "s", "т", "t", "у", "u", "ұ", "ū", "ү", "ü", "ф", "f", "х", "h", "һ", "h",
		"ц", "ts", "ч", "ch", "ш", "ş", "щ", "ş", "ъ", "", "ы", "y", "і", "i", "ь", "", "э", "e", "ю", "iu", "я", "ia")
)

// typo makes one error in the longest word, anywhere in it.
func typo(r *rand.Rand, name string) string {
	words := strings.Fields(name)
	longest := 0
	for i, w := range words {
		if utf8.RuneCountInString(w) > utf8.RuneCountInString(words[longest]) {
			longest = i
		}
	}
	l := []rune(strings.ToLower(words[longest]))
	if len(l) < 5 {
		return ""
	}
	letters := []rune("абвгдежзиклмнопрстуфхчшыэюя")
	if l[0] < 0x80 {
		letters = []rune("abcdefghijklmnopqrstuvwxyz")
	}
	at := r.IntN(len(l))
	other := letters[r.IntN(len(letters))]
	switch r.IntN(4) {
	case 0:
		l[at] = other
	case 1:
		l = slices.Delete(l, at, at+1)
	case 2:
		l = slices.Insert(l, at, other)
	default:
		at = min(at, len(l)-2)
		l[at], l[at+1] = l[at+1], l[at]
	}
	words[longest] = string(l)
	return strings.Join(words, " ")
}

func retype(text string, lang i18n.Lang) string {
	const english, russian, kazakh = "`1234567890-=qwertyuiop[]asdfghjkl;'zxcvbnm,./", "ё1234567890-=йцукенгшщзхъфывапролджэячсмитьбю.",
		"(\"әіңғ,.үұқөһйцукенгшщзхъфывапролджэячсмитьбю№"
	from, to := []rune(russian), []rune(english)
	switch lang {
	case i18n.KK:
		from = []rune(kazakh)
	case i18n.EN:
		from, to = to, from
	}
	return strings.Map(func(r rune) rune {
		if at := slices.Index(from, r); at >= 0 {
			return to[at]
		}
		return r
	}, text)
}

// inflected puts the last word (in Kazakh) or a single word (in Russian) into another case or number, where the rule is plain.
func inflected(r *rand.Rand, w wanted) string {
	name := strings.ToLower(w.name)
	last, _ := utf8.DecodeLastRuneInString(name)
	switch {
	case w.lang == i18n.KK && strings.ContainsRune("шіыиеа", last) && !strings.HasSuffix(name, "сі") && !strings.HasSuffix(name, "сы"):
		front := strings.ContainsAny(name[max(0, len(name)-12):], "әеөүі")
		endings := []string{"лар", "ға", "ның", "мен", "ларға"}
		if front {
			endings = []string{"лер", "ге", "нің", "мен", "лерге"}
		}
		if last != 'ш' {
			return name + endings[r.IntN(len(endings))]
		}
	case w.lang == i18n.RU && !strings.Contains(name, " ") && strings.ContainsRune("кртнвлг", last):
		return name + [...]string{"а", "у", "ом", "ы"}[r.IntN(3)]
	case w.lang == i18n.EN && !strings.Contains(name, " ") && strings.HasSuffix(name, "er"):
		return name + "s"
	}
	return ""
}

// What the sweep demands. Some everyday words stand for several trades, and titles of other trades use them too; a random error may also make another word
// of a word.
const (
	sweepRecall    = 0.95
	sweepPrecision = 0.95
)

// TestSweep asks for names of all trades in every way of writing them: thousands of questions that nobody chose.
func TestSweep(t *testing.T) {
	x := newExam(t)
	e := newEmbedded(t)
	fill(t, e, x.docs)
	byID := map[string]*search.Document{}
	for i := range x.docs {
		byID[x.docs[i].ID] = &x.docs[i]
	}
	ways := bends()
	for _, way := range slices.Sorted(func(yield func(string) bool) {
		for k := range ways {
			if !yield(k) {
				return
			}
		}
	}) {
		r := rand.New(rand.NewPCG(11, uint64(len(way))))
		asked, found, shown, right := 0, 0, 0, 0
		var missed []string
		for i, w := range names(x) {
			if i%2 == 1 { // half of them say as much
				continue
			}
			text := ways[way](r, w)
			if text == "" {
				continue
			}
			res, err := e.Search(context.Background(), search.Query{Text: text, PerPage: 5})
			if err != nil {
				t.Fatal(err)
			}
			asked++
			some := false
			for _, h := range res.Hits {
				shown++
				if bears(byID[h.ID], w.codes) {
					right++
					some = true
				}
			}
			if some {
				found++
			} else {
				missed = append(missed, fmt.Sprintf("%s (%s)", text, w.name))
			}
		}
		recall, precision := float64(found)/float64(asked), float64(right)/float64(max(1, shown))
		t.Logf("%-10s %5d asked, recall@5 %.3f, precision@5 %.3f", way, asked, recall, precision)
		if recall < sweepRecall || precision < sweepPrecision {
			t.Errorf("%s: recall@5 %.3f (least %.2f), precision@5 %.3f (least %.2f); missed %s", way, recall, sweepRecall, precision, sweepPrecision,
				strings.Join(missed[:min(len(missed), 40)], ", "))
		}
	}
}

// bears tells whether a place is of one of the trades, or of a qualification of one of the specialties.
func bears(d *search.Document, codes []string) bool {
	return slices.ContainsFunc(codes, func(c string) bool {
		return d.Qualification.Code == c || d.Specialty.Code == c || d.Programme.Code == c ||
			len(c) >= 8 && !strings.HasSuffix(c, "00") && d.Specialty.Code == c[len(c)-8:len(c)-2]+"00"
	})
}
