package search_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/search"
)

// lexicon knows a few trades and places.
func lexicon() *search.Lexicon {
	return search.NewLexicon([]search.Entry{
		{Kind: search.KindQualification, Value: "07150501", Names: i18n.Text{KK: "Электргазбен дәнекерлеуші", RU: "Электрогазосварщик", EN: "Gas and electric welder"},
			Also: []string{"сварщик", "электросварщик", "дәнекерлеуші", "welder"}},
		{Kind: search.KindQualification, Value: "07150601", Names: i18n.Text{KK: "Слесарь-жөндеуші", RU: "Слесарь-ремонтник", EN: "Repair fitter"}},
		{Kind: search.KindQualification, Value: "3W07161301", Names: i18n.Text{KK: "Автомобильдерді жөндеу жөніндегі слесарь", RU: "Слесарь по ремонту автомобилей",
			EN: "Car repair fitter"}, Also: []string{"автомеханик", "автослесарь", "car mechanic"}},
		{Kind: search.KindQualification, Value: "4S06130103", Names: i18n.Text{KK: "Бағдарламалық қамтамасыз етуді әзірлеуші", RU: "Разработчик программного обеспечения",
			EN: "Software developer"}, Also: []string{"программист", "бағдарламашы", "веб разработчик", "developer"}},
		{Kind: search.KindSpecialty, Value: "07150500", Names: i18n.Text{KK: "Дәнекерлеу ісі", RU: "Сварочное дело", EN: "Welding"}, Also: []string{"сварка", "сварщик"}},
		{Kind: search.KindQualification, Value: "07230101", Names: i18n.Text{KK: "Тігінші", RU: "Швея", EN: "Seamstress"}},
		{Kind: search.KindQualification, Value: "07130101", Names: i18n.Text{KK: "Электр монтері", RU: "Электромонтер", EN: "Electrician"}, Also: []string{"электрик"}},
		{Kind: search.KindCity, Value: "Қарағанды", Names: i18n.Text{KK: "Қарағанды", RU: "Караганда", EN: "Karaganda"}, Point: &search.Point{Lat: 49.8, Lon: 73.1}},
		{Kind: search.KindCity, Value: "Астана", Names: i18n.Text{KK: "Астана", RU: "Астана", EN: "Astana"}, Also: []string{"Целиноград", "Нур-Султан"}},
		{Kind: search.KindRegion, Value: "350000000", Names: i18n.Text{KK: "Қарағанды облысы", RU: "Карагандинская область", EN: "Karaganda Region"},
			Also: []string{"Карагандинская"}},
		{Kind: search.KindRegion, Value: "630000000", Names: i18n.Text{KK: "Шығыс Қазақстан облысы", RU: "Восточно-Казахстанская область", EN: "East Kazakhstan Region"},
			Also: []string{"ВКО", "ШҚО", "Восточный Казахстан"}},
	})
}

// means tells what a reading names, without its plain words.
func means(r search.Reading) string {
	var out []string
	for _, m := range r.Meanings {
		if m.Kind == search.KindWord {
			out = append(out, m.Text)
		} else {
			out = append(out, string(m.Kind)+":"+m.Value)
		}
	}
	return strings.Join(out, " ")
}

// The best reading of a text: the first that a world has an answer to which has exactly the places of the lexicon.
func TestRead(t *testing.T) {
	for text, want := range map[string]string{
		"сварщик": "qualification:07150501", "СВАРЩИК": "qualification:07150501", "сварщиком": "qualification:07150501", "svarshik": "qualification:07150501",
		"cdfhobr": "qualification:07150501", "сварщк": "qualification:07150501", "варщик": "qualification:07150501", "svarshika": "qualification:07150501",
		"данекерлеуши": "qualification:07150501", "дәнекерлеушілерге": "qualification:07150501", "dánekerleýshi": "qualification:07150501",
		"д2некерлеуш3": "qualification:07150501", "welders": "qualification:07150501", "wlder": "qualification:07150501",
		"электирк": "qualification:07130101", "'ktrnhbr": "qualification:07130101", "електрик": "qualification:07130101", "ktrnhbr": "qualification:07130101",
		"Слесарь по ремонту автомобилей": "qualification:3W07161301", "слесари по ремонту автомобилей": "qualification:3W07161301",
		"авто механик": "qualification:3W07161301", "вебразработчик": "qualification:4S06130103", "веб разработчик": "qualification:4S06130103",
		"вебразработчики": "qualification:4S06130103", "швеи": "qualification:07230101", "тигиншилерге": "qualification:07230101",
		"сварка": "specialty:07150500", "электр монтері": "qualification:07130101",
		"сварщик караганда": "qualification:07150501 city:Қарағанды", "сварщик в Караганде": "qualification:07150501 city:Қарағанды",
		"Қарағандыда дәнекерлеуші": "city:Қарағанды qualification:07150501", "welder karagandy": "qualification:07150501 city:Қарағанды",
		"электрик ВКО": "qualification:07130101 region:630000000", "электрик восточный казахстан": "qualification:07130101 region:630000000",
		"швея карагандинская область": "qualification:07230101 region:350000000", "швея г. Целиноград": "qualification:07230101 city:Астана",
		"швея нур султан": "qualification:07230101 city:Астана", "работа сварщиком в Астане": "qualification:07150501 city:Астана",
		"караганда": "city:Қарағанды", "ищу работу электриком": "qualification:07130101",
		"хочу стать сварщиком": "qualification:07150501", "9 сыныптан кейін дәнекерлеуші": "qualification:07150501", "тігіншілікке": "qualification:07230101",
		"чинить автомобили": "автомобилей", // what is done says nothing beside what it is done with
	} {
		best := ""
		for _, r := range lexicon().Read(text) {
			if known := !slices.ContainsFunc(r.Words, func(w search.Word) bool { return w.Unknown || w.Prefix }); known && r.Scope != search.ByName && !r.Guess {
				best = means(r)
				break
			}
		}
		if best != want {
			t.Errorf("%q is read as %q, want %q", text, best, want)
		}
	}
}

// What is no trade gives no reading of known words: neither gibberish nor other trades' names.
func TestReadNothingElse(t *testing.T) {
	for _, text := range []string{"космонавт", "космонавт караганда", "qwrtplk", "йцфыячс", "погода завтра", "zzzz", "купить квартиру", "12345", "!?", "ы", "вокзал", "диваны", "hunter", "Батыр", "жақында"} {
		for _, r := range lexicon().Read(text) {
			unknown := slices.ContainsFunc(r.Words, func(w search.Word) bool { return w.Unknown || w.Prefix })
			if !unknown {
				t.Errorf("%q is read as %q", text, means(r))
			}
		}
	}
}

// Numbers too short for a code ask for no place that has one in its text.
func TestReadCounts(t *testing.T) {
	for text, want := range map[string]bool{"2": false, "2+2*2": false, "15 20": false, "0715": true, "1с": true, "сварщик 2": true} {
		if got := len(lexicon().Read(text)) > 0; got != want {
			t.Errorf("%q is read: %v", text, got)
		}
	}
}

// An everyday word is no form of another word: қалайсың has nothing to do with қала.
func TestReadCommonWordsAsTheyAre(t *testing.T) {
	for text, want := range map[string]bool{"қалайсың": false, "қалаларында": true} {
		got := slices.ContainsFunc(lexicon().Read(text), func(r search.Reading) bool {
			return slices.ContainsFunc(r.Words, func(w search.Word) bool { return w.Token == "kala" })
		})
		if got != want {
			t.Errorf("%q is read as қала: %v", text, got)
		}
	}
}

func TestReadGivesUp(t *testing.T) {
	fewer := func(text string) []string {
		for _, r := range lexicon().Read(text) {
			if r.How == search.Fewer {
				return append([]string{means(r)}, r.Dropped...)
			}
		}
		return nil
	}
	for text, want := range map[string][]string{
		"сварщик космос": {"qualification:07150501", "космос"}, "сварщик караганда космос": {"qualification:07150501 city:Қарағанды", "космос"},
		"космический сварщик": {"qualification:07150501", "космический"}, "огород сварщик": {"qualification:07150501", "огород"}, "огород сварка": nil, // beside a common word only somebody who does it counts
		"слесарь программист": {"qualification:4S06130103", "слесарь"}, // слесарь is many trades
		"электрик швея":       {"qualification:07130101", "швея"}, "космический сварщк": {"qualification:07150501", "космический"},
		"сварщик космос караганда": {"qualification:07150501 city:Қарағанды", "космос"}, "сварщик караганда": nil, "космос караганда": nil, "космос": nil, "сварщик": nil,
		"космический сврака": nil,                                                         // neither word is as it was typed, and nobody does anything
		"слесарь мнл пкт":    nil, "сварка мнл пкт": {"specialty:07150500", "мнл", "пкт"}, // of several words given up the rest must be a trade's name
	} {
		if got := fewer(text); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// What might be meant is said of one word, or of several where one is right; sums and what is all guessed mean nothing.
func TestDidYouMean(t *testing.T) {
	for text, want := range map[string]string{
		"сврщк": "сварщик", "сврщк караганда": "сварщик караганда", "сврщк пргрмист": "", "2+2*2": "", "сварщик": "", "космос": "", "вокзал сврщк": "",
	} {
		if got := lexicon().DidYouMean(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// A part goes with its preposition, and nothing else does.
func TestWithout(t *testing.T) {
	for text, want := range map[string]string{
		"сварщик в Караганде": "сварщик", "сварщик караганда": "сварщик", "в Караганде": "", "в Караганде сварщик": "сварщик", "Қарағандыда дәнекерлеуші": "дәнекерлеуші",
		"welder in Karaganda": "welder",
	} {
		r := lexicon().Read(text)
		for _, m := range r[search.Main(r)].Meanings {
			if m.Kind == search.KindCity && m.Without != want {
				t.Errorf("%q without %s is %q, want %q", text, m.Value, m.Without, want)
			}
		}
	}
}

// A question that nothing answers is told as a trade and a place, not as the name of an enterprise that there isn't.
func TestMainReading(t *testing.T) {
	for text, want := range map[string]string{
		"сварщик караганда": "qualification:07150501 city:Қарағанды", "ТОО сварщик": "qualification:07150501", "космос": "космос", "ихтиандр тоо": "ихтиандр",
	} {
		readings := lexicon().Read(text)
		if got := means(readings[search.Main(readings)]); got != want {
			t.Errorf("%q means %q, want %q", text, got, want)
		}
	}
}

func TestReadReference(t *testing.T) {
	for text, want := range map[string]string{
		"OR-7K2M9Q": "or7k2m9q", "or-7k2m9q": "or7k2m9q", " OR 7K2M9Q ": "or7k2m9q", "OR7K2M9Q": "or7k2m9q", "OR–7K2M9Q": "or7k2m9q",
		"OR-OIL000": "or011000", "OR-ABCDEF": "orabcdef", "ОR-7K2M9Q": "or7k2m9q",
	} {
		readings := lexicon().Read(text)
		if len(readings) != 1 || len(readings[0].Words) != 1 || readings[0].Words[0].Token != want || readings[0].Words[0].Prefix {
			t.Errorf("Read(%q) = %+v, want the one word %s", text, readings, want)
		}
	}
	for _, text := range []string{"orchards", "or trades", "OR-7K2M9", "OR-7K2M9QX", "OR-7K2MUQ", "XR-7K2M9Q", "OR-7K 2M9Q слесарь"} {
		if readings := lexicon().Read(text); len(readings) == 1 {
			t.Errorf("Read(%q) = %+v, a reference", text, readings)
		}
	}
	d := search.Document{Reference: "OR-7K2M9Q"}
	words := lexicon().Scribe().Words(&d, search.FieldReference)
	if len(words.Texts) != 2 || words.Texts[0][0].Key != "or7k2m9q" || words.Texts[1][0].Key != "7k2m9q" {
		t.Errorf("a reference is indexed as %v", words)
	}
}

func TestWords(t *testing.T) {
	d := search.Document{
		Title: i18n.Text{RU: "Помощник веб-разработчика"}, EnterpriseName: "ТОО Токари",
		Qualification: search.Term{Code: "07150501", Names: i18n.Text{RU: "Электрогазосварщик"}, Synonyms: []string{"сварщик", "мастер по сварке"}},
	}
	s := lexicon().Scribe()
	title := s.Words(&d, search.FieldTitle)
	if !slices.Contains(title.Phrases, "xvebrazrabotqik") {
		t.Errorf("the title's phrase is missing in %+v", title)
	}
	if w := title.Texts[0][2]; w.Key != "razrabotqika" || w.Form != "razrabotqik" {
		t.Errorf("%+v", w)
	}
	q := s.Words(&d, search.FieldQualification)
	if len(q.Texts) != 3 || len(q.Phrases) != 2 || q.Phrases[0] != "svarwik" || !strings.HasPrefix(q.Phrases[1], "x") {
		t.Errorf("a phrase that no entry has gives no words, only itself: %+v", q)
	}
	car := search.Document{Qualification: search.Term{Names: i18n.Text{RU: "Слесарь"}, Synonyms: []string{"car mechanic"}}}
	if q := s.Words(&car, search.FieldQualification); !slices.Contains(q.Phrases, "meqanic") {
		t.Errorf("the word of a phrase that tells the trade is missing in %+v", q.Phrases)
	}
	if trade := s.Words(&d, search.FieldTrade); len(trade.Texts) > 0 || !slices.Equal(trade.Phrases, []string{"elektrogazosvarwik"}) {
		t.Errorf("the trade's names are %+v", trade)
	}
	d.Title.RU = "Сварщики в цех"
	if trade := s.Words(&d, search.FieldTrade); !slices.Equal(trade.Phrases, []string{"elektrogazosvarwik", "svarwik"}) {
		t.Errorf("an everyday name that the title uses is no name of the trade: %+v", trade)
	}
	if e := s.Words(&d, search.FieldEnterprise); e.Texts[0][0].Form != "" {
		t.Errorf("an enterprise's name is stemmed: %+v", e)
	}
	d.EnterpriseName = "ТОО «СтройСервис Плюс»"
	if e := s.Words(&d, search.FieldEnterprise); !slices.Equal(e.Phrases, []string{"stroiservisplius", "stroi", "servis", "plius"}) {
		t.Errorf("a name as others space it: %+v", e.Phrases)
	}
}

func TestMark(t *testing.T) {
	l := lexicon()
	for _, c := range []struct{ asked, text, want string }{
		{"сварщик", "Сварщик, газосварщик", "<mark>Сварщик</mark>, газосварщик"},
		{"кызмет", "Қызмет & <b>қызметкер</b>", "<mark>Қызмет</mark> &amp; &lt;b&gt;<mark>қызметкер</mark>&lt;/b&gt;"},
		{"рем слесарь", "Слесарь по ремонту", "<mark>Слесарь</mark> по ремонту"},
		{"слесарь рем", "Слесарь по ремонту", "<mark>Слесарь</mark> по <mark>ремонту</mark>"},
		{"сварщик", "Ищем сварщика", "Ищем <mark>сварщика</mark>"}, {"svarshik", "Ищем сварщика", "Ищем <mark>сварщика</mark>"},
		{"веб разработчик", "Веб-разработчик", "<mark>Веб</mark>-<mark>разработчик</mark>"},
		{"йод", "и\u0306од\xff!", "<mark>и\u0306од</mark>\xff!"},
		{"", "текст", ""},
		{"нет", "<текст>", ""},
	} {
		r := search.Reading{}
		if readings := l.Read(c.asked); len(readings) > 0 {
			r = readings[len(readings)-1]
			for _, first := range readings {
				if first.Scope != search.ByName {
					r = first
					break
				}
			}
		}
		got, found := l.Mark(&r, c.text)
		if got != c.want || found != strings.Contains(c.want, "<mark>") {
			t.Errorf("%q in %q: %q %v", c.asked, c.text, got, found)
		}
	}
}

func FuzzMark(f *testing.F) {
	f.Add("слес рем", "Слесарь-<ремонтник>")
	f.Add("\xff", "\xffа\u0301")
	l := lexicon()
	f.Fuzz(func(t *testing.T, asked, text string) {
		for _, r := range l.Read(asked) {
			last := 0
			for _, at := range l.Highlight(&r, text) {
				if at.Start < last || at.End <= at.Start || at.End > len(text) {
					t.Fatalf("%q in %q: range %+v", asked, text, at)
				}
				last = at.End
			}
			marked, _ := l.Mark(&r, text)
			plain := strings.NewReplacer("<mark>", "", "</mark>", "").Replace(marked)
			if strings.ContainsAny(plain, "<>\"'") {
				t.Errorf("%q in %q: %q isn't escaped", asked, text, marked)
			}
			if utf8.ValidString(text) && !utf8.ValidString(marked) {
				t.Errorf("%q in %q: cut a letter", asked, text)
			}
		}
	})
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"сварщик в караганде", "'ktrnhbr", "д2некер", "\xff\xfe", "a'b'c", "OR-7K2M9Q", "авто механик срочно", strings.Repeat("сварщк ", 30)} {
		f.Add(s)
	}
	l := lexicon()
	f.Fuzz(func(t *testing.T, text string) {
		for _, r := range append(append(l.Read(text), l.ReadLiterally(text)...), l.ReadTyping(text)...) {
			if len(r.Words) > 2*search.MaxWords || len(r.Words) == 0 && len(r.Cities)+len(r.Regions) == 0 {
				t.Errorf("%q: %+v", text, r)
			}
			for _, w := range r.Words {
				if w.Token == "" || !utf8.ValidString(w.Token) || strings.ContainsAny(w.Token, " \"") {
					t.Errorf("%q: token %q", text, w.Token)
				}
			}
			_ = r.Text()
		}
		l.DidYouMean(text)
	})
}
