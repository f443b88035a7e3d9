package directory

import (
	"slices"
	"strings"
	"testing"
	"unicode"
)

// first is how deep a completion may put what was meant: a list shows more, but people read its beginning.
const first = 3

// What people call a trade must lead to it. Few of these words stand in the classifier's names.
func TestEverydayWords(t *testing.T) {
	r := loaded(t)
	finders := map[string]func(q string) []string{
		"specialty": func(q string) []string {
			return codes(r.FindSpecialties(q), func(x Specialty) string { return x.Code })
		},
		"qualification": func(q string) []string {
			return codes(r.FindQualifications(q, ""), func(x Qualification) string { return x.Code })
		},
		"programme": func(q string) []string { return codes(r.FindProgrammes(q), func(x Programme) string { return x.Code }) },
	}
	for kind, cases := range map[string]map[string]string{
		"specialty": {
			"электросварщик": "07150500", "аргонщик": "07150500", "дәнекерші": "07150500", "svarka": "07150500",
			"программист": "06130100", "программер": "06130100", "бағдарламашы": "06130100", "coder": "06130100",
			"айтишник": "06120100", "сисадмин": "06120100", "жүйелік әкімші": "06120100", "пентестер": "06120200", "cybersecurity": "06120200",
			"счетовод": "04110100", "есепші": "04110100", "bookkeeper": "04110100", "юрисконсульт": "04210100", "lawyer": "04210100",
			"эсэмэмщик": "04140100", "SMM": "04140100", "снабженец": "04130200", "риелтор": "07320400",
			"КИПовец": "07140100", "КИПиА": "07140100", "БӨАжА": "07140100", "робототехника": "07140300", "СЦБ": "07140700",
			"повариха": "10130300", "аспазшы": "10130300", "chef": "10130300", "официант": "10130200", "даяшы": "10130200", "бармен": "10130200",
			"наубайшы": "07210300", "пекарь": "07210300", "baker": "07210300", "мясник": "07210100",
			"парикмахерша": "10120100", "барбер": "10120100", "barber": "10120100", "портной": "07230100", "шитьё": "07230100", "sewing": "07230100",
			"медсестра": "09130100", "мейірбике": "09130100", "скорая помощь": "09120100", "дәріханашы": "09160100", "аптекарь": "09160100",
			"зубной техник": "09110200", "малдәрігер": "08410100", "vet": "08410100", "орманшы": "08210100", "лесник": "08210100",
			"тракторшы": "07161600", "комбайнер": "07161600", "автослесарь": "07161300", "СТО": "07161300", "car mechanic": "07161300",
			"краншы": "07150700", "автокрановщик": "07150700", "экскаваторщик": "07160400", "фрезеровщик": "07150100", "токарка": "07150300",
			"сантехник": "07321100", "лифтёр": "07321000", "каменщик": "07320100", "сылақшы": "07320100", "столяр": "07221400", "жиһазшы": "07221400",
			"шахтёр": "07240100", "кенші": "07240100", "помбур": "07240700", "мұнайшы": "07240900", "кочегар": "07130400", "связист": "07140900",
			"физрук": "01140500", "бапкер": "01140500", "садик": "01120100", "балабақша": "01120100", "музрук": "01140200",
			"әнші": "02150300", "певица": "02150300", "күйші": "02150100", "сәнгер": "02120200", "имам": "02210100", "секретарша": "03220200",
			"train driver": "07160500", "өрт сөндіруші": "10320100", "firefighter": "10320100", "экскурсовод": "10150100",
		},
		"qualification": {
			"токарь": "07150301", "токаршы": "07150301", "киповец": "07140101", "кодер": "4S06130103", "сисадмин": "4S06120102",
			"верстальщик": "3W06130102", "есепші": "4S04110102", "кассир": "3W04110101", "юрисконсульт": "4S04210101", "швея-мотористка": "07230101",
			"комбайнер": "07161603", "автоэлектрик": "3W07161302", "гипсокартонщик": "07320103", "горняк": "07240105", "тренер": "4S01140503",
			"librarian": "03220101", "welder": "07150501", "crane driver": "07150701",
		},
		"programme": {
			"айтишник": "6B061", "заңгер": "6B042", "нотариус": "6B042", "врач": "6B101", "дәрігер": "6B101", "doctor": "6B101", "агроном": "6B081",
			"журналист": "6B032", "охрана труда": "6B112", "civil engineer": "6B073", "математика мұғалімі": "6B015", "хакер": "6B063",
		},
	} {
		for q, want := range cases {
			got := finders[kind](q)
			got = got[:min(len(got), first)]
			if slices.Contains(got, want) {
				continue
			}
			t.Errorf("%s: %q finds %v, want %q among them", kind, q, got, want)
		}
	}
}

// The classifier's own name stands before what others are called by the people.
func TestNameBeforeEverydayWord(t *testing.T) {
	r := loaded(t)
	for q, want := range map[string]string{"токарь": "07150301", "фельдшер": "09120101", "бухгалтер": "4S04110102"} {
		if list := r.FindQualifications(q, ""); len(list) < 2 || list[0].Code != want {
			t.Errorf("%q finds %v", q, codes(list, func(x Qualification) string { return x.Code }))
		}
	}
}

func TestEveryTradeHasWords(t *testing.T) {
	r := loaded(t)
	check := func(code string, w Words, find func(q string) []string) {
		for lang, list := range map[string][]string{"kk": w.KK, "ru": w.RU, "en": w.EN} {
			if len(list) == 0 {
				t.Errorf("%s has no word in %s", code, lang)
				continue
			}
			for _, phrase := range list {
				cyrillic := strings.ContainsFunc(phrase, func(c rune) bool { return unicode.Is(unicode.Cyrillic, c) })
				kazakh := strings.ContainsAny(strings.ToLower(phrase), "әғқңөұүһі")
				if cyrillic && lang == "en" || kazakh && lang != "kk" {
					t.Errorf("%s: %q is not %s", code, phrase, lang)
				}
			}
			if !slices.Contains(find(list[0]), code) {
				t.Errorf("%q doesn't find %s", list[0], code)
			}
		}
		if all := w.All(); len(all) != len(w.KK)+len(w.RU)+len(w.EN) || all[0] != w.KK[0] {
			t.Errorf("%s: All gives %v", code, all)
		}
	}
	for _, x := range r.Specialties() {
		check(x.Code, x.Synonyms, func(q string) []string {
			return codes(r.FindSpecialties(q), func(x Specialty) string { return x.Code })
		})
	}
	for _, x := range r.Qualifications() {
		check(x.Code, x.Synonyms, func(q string) []string {
			return codes(r.FindQualifications(q, x.SpecialtyCode), func(x Qualification) string { return x.Code })
		})
	}
	for _, x := range r.Programmes() {
		check(x.Code, x.Synonyms, func(q string) []string { return codes(r.FindProgrammes(q), func(x Programme) string { return x.Code }) })
	}
}

func TestSynonymsRefused(t *testing.T) {
	r := loaded(t)
	for name, c := range map[string]struct {
		rec  record
		want string
	}{
		"unknown code":          {record{"code": "07159999", "kk": "а", "ru": "б", "en": "c"}, "no such code"},
		"code without prefix":   {record{"code": "04110102", "kk": "а", "ru": "б", "en": "c"}, "no such code"},
		"row twice":             {record{"code": "07150500", "kk": "а", "ru": "б", "en": "c"}, "stands twice"},
		"language missing":      {record{"code": "07150500", "kk": "а", "ru": "", "en": "c"}, "no phrase in column ru"},
		"empty phrase":          {record{"code": "07150500", "kk": "а", "ru": "б||в", "en": "c"}, "is empty"},
		"signs only":            {record{"code": "07150500", "kk": "а", "ru": "б|–", "en": "c"}, "is empty"},
		"space at the edge":     {record{"code": "07150500", "kk": "а", "ru": "б", "en": "c| d"}, "spaces around"},
		"repeated in a column":  {record{"code": "07150500", "kk": "а", "ru": "монтёр|Монтер", "en": "c"}, "repeats"},
		"repeated in the other": {record{"code": "07150500", "kk": "кәсіп", "ru": "касип", "en": "c"}, "repeats"},
	} {
		if err := r.addSynonyms(c.rec); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, code := range []string{"07150500", "4S04110102", "6B061"} {
		*r.synonymsOf(code) = Words{}
	}
	if got := r.withoutSynonyms(); !slices.Equal(got, []string{"07150500", "4S04110102", "6B061"}) {
		t.Errorf("lacking: %v", got)
	}
}

func loaded(t *testing.T) *Reference {
	t.Helper()
	r, err := LoadReference()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func codes[T any](list []T, code func(T) string) []string {
	var out []string
	for _, x := range list {
		out = append(out, code(x))
	}
	return out
}
