package fold_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/orynda/orynda/internal/fold"
)

func TestWord(t *testing.T) {
	for word, want := range map[string]string{
		"қызмет": "кызмет", "ҚЫЗМЕТ": "кызмет", "Құрылысшы": "курылысшы", "өрт": "орт", "сөндіруші": "сондируши", "дәнекерлеуші": "данекерлеуши",
		"ғылым": "гылым", "жаңа": "жана", "гүлдер": "гулдер", "қаһарман": "кахарман", "Ёлка": "елка", "йод": "йод", "и\u0306од": "йод",
		"И\u0306од": "йод", "э\u0301лектрик": "электрик", "Web": "web", "Café": "cafe", "DÄNEKERLEUŞI": "danekerleusi", "ı": "i", "ñ": "n", "straße": "strasse",
		"ﬁt": "fit", "１２": "12", "x²": "x2", "ΑΒΓ": "αβγ", "4S07130704": "4s07130704", "①": "1",
		"вoдитeль": "водитель", "CВАРЩИК": "сварщик", "нАН": "нан", "HАН": "нан", "hан": "хан", "Bодитель": "водитель",
		"jаvа": "java", "Кostanay": "kostanay", "қazaq": "kazaq", "б2b": "б2b", "1С": "1с", "1C": "1c",
		"": "", "!": "", "\u0301": "", "\xff": "", "\ufffd": "", "a\xffb": "ab", "🙂": "",
	} {
		if got := fold.Word(word); got != want {
			t.Errorf("Word(%q) = %q, want %q", word, got, want)
		}
	}
	if got := fold.Word(strings.Repeat("Қ", 500)); got != strings.Repeat("к", fold.MaxLetters) {
		t.Errorf("a long word has %d letters", utf8.RuneCountInString(got))
	}
}

func TestTokens(t *testing.T) {
	for text, want := range map[string][]string{
		"":     nil,
		" , .": nil,
		"Слесарь-ремонтник (цех №4), ТОО": {"слесарь", "ремонтник", "цех", "4", "тоо"},
		"110/10 кВ":              {"110", "10", "кв"},
		"«Сарыарқа Энерго»":      {"сарыарка", "энерго"},
		"бір\u00a0екі\tүш\nтөрт": {"бир", "еки", "уш", "торт"},
		"a\xffb \xd0":            {"a", "b"},
		"🙂слово🙂":                {"слово"},
		"ﷺ":                      {"صلىاللهعليهوسلم"},
	} {
		if got := fold.Words(text); !slices.Equal(got, want) {
			t.Errorf("Words(%q) = %q, want %q", text, got, want)
		}
		for tok := range fold.Tokens(text) {
			if fold.Word(text[tok.Start:tok.End]) != tok.Word {
				t.Errorf("%q: %q doesn't stand at %d–%d", text, tok.Word, tok.Start, tok.End)
			}
		}
		for range fold.Tokens(text) {
			break // stopping early is allowed
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"Қызмет көрсету", "и\u0306\u0301", "вoдитeль", "jаvа", "\xff\xfe", "İıſ", "ﷺ①ﬁ", "қazаq", "e\u0301\u0327", "ʰа", "ǅа", "ΐ", "a\u0345",
		strings.Repeat("ß", 70)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := fold.Text(s)
		if !utf8.ValidString(once) {
			t.Errorf("%q folds to invalid %q", s, once)
		}
		if twice := fold.Text(once); twice != once {
			t.Errorf("%q folds to %q, that to %q", s, once, twice)
		}
		if got := strings.Join(fold.Words(s), " "); got != once {
			t.Errorf("%q: words %q, text %q", s, got, once)
		}
		last := 0
		for tok := range fold.Tokens(s) {
			if tok.Start < last || tok.End <= tok.Start || tok.End > len(s) || tok.Word == "" || strings.Contains(tok.Word, " ") {
				t.Fatalf("%q: token %+v after %d", s, tok, last)
			}
			if utf8.RuneCountInString(tok.Word) > fold.MaxLetters {
				t.Errorf("%q: word of %d letters", s, utf8.RuneCountInString(tok.Word))
			}
			last = tok.End
		}
	})
}

func BenchmarkText(b *testing.B) {
	text := strings.Repeat("Тәжірибелі тәлімгермен бірге жабдыққа қызмет көрсету. Работа рядом с опытным наставником, learn to repair. ", 10)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		fold.Text(text)
	}
}
