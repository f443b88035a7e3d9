package language_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/orynda/orynda/internal/search/language"
)

// Spellings of one word must meet in one key.
func TestKeyMeets(t *testing.T) {
	for _, words := range [][]string{
		{"қызмет", "кызмет", "qyzmet", "kyzmet", "kizmet", "ҚЫЗМЕТ", "qızmet"},
		{"құрылысшы", "курылысшы", "kurylysshy", "qurylysshy", "qurylysşy", "qūrylysşy", "kurilisshi"},
		{"дәнекерлеуші", "данекерлеуши", "danekerleushi", "dänekerleuşi", "dánekerleýshi", "danekerleushy"},
		{"сварщик", "svarshchik", "svarshik", "svarschik", "SVARŞIK", "svarščik"},
		{"электрик", "elektrik", "ЭЛЕКТРИК", "элeктрик"},
		{"бағдарламашы", "багдарламашы", "bagdarlamashy", "bağdarlamaşy", "baǵdarlamashy", "baghdarlamashy"},
		{"цех", "tsekh", "ceh", "tseh"}, {"строитель", "stroitel'", "stroitel", "stroitelʹ"}, {"Жезқазған", "Zhezkazgan", "jezqazǵan"},
		{"машинист", "mashinist", "maşinist"}, {"юрист", "yurist", "iurist"}, {"рабочий", "rabochiy", "rabochii", "rabochi"},
		{"веб", "web"}, {"Щучинск", "Shchuchinsk", "Schuchinsk"}, {"токарь", "tokar", "tokar'"}, {"хлебопёк", "хлебопек", "hlebopek", "khlebopek"},
	} {
		for _, w := range words[1:] {
			if language.Key(w) != language.Key(words[0]) {
				t.Errorf("%s is %s, %s is %s", words[0], language.Key(words[0]), w, language.Key(w))
			}
		}
	}
}

// Different words must not meet.
func TestKeyParts(t *testing.T) {
	for _, pair := range [][2]string{{"ыыы", "ы"}, {"yyyy", "и"}, {"повар", "товар"}, {"токарь", "пекарь"}, {"швея", "шея"}, {"маляр", "столяр"}, {"сыра", "сыр"}, {"шах", "чах"}, {"жук", "зук"}} {
		if language.Key(pair[0]) == language.Key(pair[1]) {
			t.Errorf("%s and %s are both %s", pair[0], pair[1], language.Key(pair[0]))
		}
	}
}

func TestVariants(t *testing.T) {
	for word, want := range map[string]string{"qurylyswy": "құрылысшы", "montjor": "монтер", "kompressornyj": "компрессорный", "shema": "схема"} {
		if !slices.Contains(language.Variants(word), language.Key(want)) {
			t.Errorf("%s: %v lacks %s", word, language.Variants(word), language.Key(want))
		}
	}
	if v := language.Variants("сварщик"); v != nil {
		t.Errorf("variants of a Cyrillic word: %v", v)
	}
}

// Forms of one word must share their Kazakh stem.
func TestKazakh(t *testing.T) {
	for base, forms := range map[string]string{
		"электрик": "электриктерге электриктің электрикке электрикпен электриктен электриктер электригі",
		"тігінші":  "тігіншілер тігіншіге тігіншінің тігіншімен тігіншілерге тігіншіні тігіншілердің",
		"аспазшы":  "аспазшының аспазшылар аспазшыға аспазшымен аспазшыларға аспазшымыз", "дәнекерлеуші": "дәнекерлеушіге дәнекерлеушілер дәнекерлеушілердің дәнекерлеушіні",
		"құрылысшы": "құрылысшыға құрылысшылар құрылысшыларға курылысшылардын", "токарь": "токарьлар токарьға", "слесарь": "слесарьға слесарьлар слесарьдің",
		"жүргізуші": "жүргізушілер жүргізушіні жүргізушіге", "мұғалім": "мұғалімдік мұғалімдер мұғалімге мұғалімнің мұғалімдерге", "Қарағанды": "Қарағандыда Қарағандыға Қарағандыдан",
		"аспаз": "аспаздық аспаздыққа", "заңгер": "заңгерлік заңгерлікке",
		"завод": "заводта заводқа заводтан заводтар", "кітап": "кітабы кітаптар кітапқа", "оператор": "операторлар операторға оператордың",
	} {
		for _, f := range strings.Fields(forms) {
			if language.Kazakh(language.Key(f)) != language.Kazakh(language.Key(base)) && !slices.Contains(language.KazakhForms(language.Key(f)), language.Key(base)) {
				t.Errorf("%s: %v, %s: %s", f, language.KazakhForms(language.Key(f)), base, language.Kazakh(language.Key(base)))
			}
		}
	}
}

func TestRussian(t *testing.T) {
	for base, forms := range map[string]string{
		"сварщик": "сварщика сварщиком сварщики сварщиков сварщикам svarshchikom svarshiki", "швея": "швеи швей швее", "повар": "повара поваром поваров",
		"электромонтёр": "электромонтера электромонтеры elektromontera", "Караганда": "Караганде Караганды Карагандой", "токарь": "токаря токарем токари",
		"аудит": "аудита аудиту", "салат": "салата салаты",
	} {
		for _, f := range strings.Fields(forms) {
			if language.Russian(f) != language.Russian(base) {
				t.Errorf("%s: %s, %s: %s", f, language.Russian(f), base, language.Russian(base))
			}
		}
	}
	for plural, stem := range map[string]string{"акушерок": language.Russian("акушерка"), "курток": language.Russian("куртка"), "урок": "", "сварщиков": ""} {
		if got := language.RussianFleeting(plural); got != stem {
			t.Errorf("%s: %q, want %q", plural, got, stem)
		}
	}
	for base, forms := range map[string]string{"welder": "welders", "nurse": "nurses", "cook": "cooks", "baker": "bakers"} {
		if language.English(base) != language.English(forms) {
			t.Errorf("%s and %s", base, forms)
		}
	}
}

func TestLayouts(t *testing.T) {
	for typed, want := range map[string]string{
		"'ktrnhbr": "электрик", "cdfhobr": "сварщик", "цудвук": "welder", "0fhf5fyls": "қарағанды", "д2некерлеуш3": "дәнекерлеуші", "l2ytrthktei3": "дәнекерлеуші",
		"cktcfhm": "слесарь", "gjdfh": "повар", "Rfhfufylf": "Караганда", ",e[ufknth": "бухгалтер",
	} {
		if !slices.Contains(language.Layouts(typed), want) {
			t.Errorf("%s: %q lacks %s", typed, language.Layouts(typed), want)
		}
	}
	if out := language.Layouts("web дизайн"); out != nil {
		t.Errorf("a text in two scripts is read as %q", out)
	}
}

// slow counts by the table, as the definition says.
func slow(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}

func FuzzDistance(f *testing.F) {
	f.Add("svarwik", "svarwki")
	f.Add("", "a")
	f.Add("abcdef", "badcfe")
	f.Fuzz(func(t *testing.T, a, b string) {
		a, b = a[:min(len(a), 64)], b[:min(len(b), 64)]
		want := slow(a, b)
		if got := language.Distance(a, b); got != want {
			t.Errorf("%q and %q: %d, want %d", a, b, got, want)
		}
		for most := range 3 {
			if got := language.NewFinder(a).Distance(b, most); got != min(want, most+1) {
				t.Errorf("%q and %q, at most %d: %d, want %d", a, b, most, got, min(want, most+1))
			}
		}
	})
}

// TestMayBeNear looks at every pair of words of up to seven letters a and b: none that is one error apart may be passed over, and many others are.
func TestMayBeNear(t *testing.T) {
	words := []string{""}
	for at := 0; len(words[at]) < 7; at++ {
		words = append(words, words[at]+"a", words[at]+"b")
	}
	spared := 0
	for _, a := range words {
		for _, b := range words {
			near := slow(a, b) <= 1
			switch may := language.MayBeNear([]byte(a), b); {
			case near && !may:
				t.Fatalf("%q and %q are near", a, b)
			case !near && !may:
				spared++
			}
		}
	}
	if spared < 10_000 {
		t.Errorf("only %d pairs are spared", spared)
	}
}

func FuzzLanguage(f *testing.F) {
	for _, s := range []string{"Қызмет көрсету", "'ktrnhbr", "dánekerleýshi", "\xff\xfe", "s\u0327", "ﷺ①ﬁ", "shchshch", strings.Repeat("ы", 200), "d2некер", "ǅ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		last := 0
		for tok := range language.Tokens(s) {
			if tok.Start < last || tok.End > len(s) || tok.Raw != s[tok.Start:tok.End] {
				t.Fatalf("%q: token %+v after %d", s, tok, last)
			}
			last = tok.End
			if !utf8.ValidString(tok.Key) || strings.ContainsAny(tok.Key, " xy") && !strings.ContainsAny(tok.Key, "0123456789") {
				t.Errorf("%q: key %q", tok.Raw, tok.Key)
			}
			forms := language.KazakhForms(tok.Key)
			for i, form := range forms {
				if form == "" && tok.Key != "" || i > 0 && len(form) > len(forms[i-1]) {
					t.Errorf("%q: forms %q", tok.Key, forms)
				}
			}
			_, _, _ = language.Russian(tok.Raw), language.English(tok.Raw), language.Variants(tok.Raw)
		}
		for _, l := range language.Layouts(s) {
			if utf8.RuneCountInString(l) != utf8.RuneCountInString(s) {
				t.Errorf("%q read as %q", s, l)
			}
		}
	})
}
