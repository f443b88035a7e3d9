package directory_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/i18n"
)

func reference(t testing.TB) *directory.Reference {
	t.Helper()
	ref, err := directory.LoadReference()
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

func TestReferenceIsWhole(t *testing.T) {
	r := reference(t)
	printed, guessed := 0, 0
	for _, q := range r.Qualifications() {
		if q.LevelGuessed {
			guessed++
			if q.Level != "" {
				t.Errorf("%s shows a guessed level", q.Code)
			}
		} else {
			printed++
			if q.Level == "" {
				t.Errorf("%s lacks its printed level", q.Code)
			}
		}
		if q.Source == "" || q.NameKKSource == "" {
			t.Errorf("%s lost a source column", q.Code)
		}
	}
	if len(r.Regions()) != 20 || len(r.Cities()) != 53 || len(r.Specialties()) != 98 || printed != 36 || guessed != 47 || len(r.Programmes()) != 35 {
		t.Errorf("%d regions, %d cities, %d specialties, %d and %d qualifications, %d programmes",
			len(r.Regions()), len(r.Cities()), len(r.Specialties()), printed, guessed, len(r.Programmes()))
	}
	// A city is stored under its Kazakh name, which must lead back to itself.
	for _, c := range r.Cities() {
		if got, ok := r.City(c.Region, c.Key()); !ok || got.Name != c.Name {
			t.Errorf("%s leads to %s", c.Key(), got.Name.RU)
		}
	}
}

func TestCodeSpellings(t *testing.T) {
	r := reference(t)
	for in, want := range map[string]string{
		"4S07150106": "4S07150106", "07150106": "4S07150106", "4С07150106": "4S07150106", "4s 0715 01 06": "4S07150106", "4с07150106": "4S07150106",
		"3W04110101": "3W04110101", "ЗW04110101": "3W04110101", "04110101": "3W04110101",
		"07150501": "07150501", "3W07150501": "07150501",
	} {
		if q, ok := r.Qualification(in); !ok || q.Code != want {
			t.Errorf("%q gives %q, %v", in, q.Code, ok)
		}
	}
	for _, in := range []string{"", "3W061301102", "9Z07150106", "0715010", "07159999", "x", strings.Repeat("0", 500), "5AB00000000"} {
		if q, ok := r.Qualification(in); ok {
			t.Errorf("%q gives %s", in, q.Code)
		}
	}
	if s, ok := r.Specialty("07150500"); !ok || s.Name.EN != "Welding (by type)" {
		t.Error("specialty by code")
	}
	if tr, ok := r.Trade("07150500"); !ok || tr.SpecialtyCode != "07150500" || tr.Level != "" {
		t.Errorf("trade of a specialty: %+v", tr)
	}
	if p, ok := r.Programme("6в071"); !ok || p.Code != "6B071" {
		t.Error("programme with a Cyrillic В")
	}
}

func TestCityInAnySpelling(t *testing.T) {
	r := reference(t)
	for in, want := range map[string]string{
		"Қарағанды": "Karaganda", "Караганда": "Karaganda", "karaganda": "Karaganda", "КАРАГАНДЫ": "Karaganda", "Qaraǵandy": "Karaganda",
		"Нур-Султан": "Astana", "нурсултан": "", "Целиноград": "Astana", "Алма-Ата": "Almaty", "алма ата": "Almaty", "Öskemen": "Oskemen (Ust-Kamenogorsk)",
		"Усть-Каменогорск": "Oskemen (Ust-Kamenogorsk)", "Усть-Кам": "Oskemen (Ust-Kamenogorsk)", "Kokshetaý": "Kokshetau", "жезқазған": "Zhezkazgan", "Paris": "",
	} {
		c, ok := r.City("", in)
		if ok != (want != "") || c.Name.EN != want {
			t.Errorf("%q gives %q", in, c.Name.EN)
		}
	}
	if _, ok := r.City(almaty, "Караганда"); ok {
		t.Error("a city of another region")
	}
	_, _, bad := r.FindPlace(almaty, "Караганда")
	if len(bad) != 1 || bad[0].Code != "city_not_in_region" {
		t.Errorf("%v", bad)
	}
	_, city, bad := r.FindPlace(karaganda, "temirtau")
	if city != "Теміртау" || len(bad) != 0 {
		t.Errorf("%q %v", city, bad)
	}
	_, _, bad = r.FindPlace("990000000", "Nowhere")
	if len(bad) != 2 || bad[0].Code != "unknown_region" || bad[1].Code != "unknown_city" {
		t.Errorf("%v", bad)
	}
}

func TestCompletion(t *testing.T) {
	r := reference(t)
	for _, q := range []string{"сварщик", "данекерлеу", "дәнекерлеуші", "welding", "welder", "svarshik", "danekerleu", "сварочное", "свароч", "0715 05"} {
		list := r.FindSpecialties(q)
		if len(list) == 0 || list[0].Code != "07150500" {
			t.Errorf("%q finds %v", q, list)
		}
	}
	for q, want := range map[string]string{
		"караг": "350000000", "қараг": "350000000", "qarag": "350000000", "ЮКО": "610000000", "вко": "630000000", "кустанай": "390000000", "карганды": "350000000",
	} {
		if list := r.FindRegions(q, i18n.RU); len(list) == 0 || list[0].Code != want {
			t.Errorf("%q finds %v", q, list)
		}
	}
	if list := r.FindCities("гурьев", "", i18n.RU); len(list) != 1 || list[0].Name.EN != "Atyrau" {
		t.Errorf("former name: %v", list)
	}
	if list := r.FindRegions("zzzz", i18n.RU); len(list) != 0 {
		t.Errorf("nonsense finds %v", list)
	}
	kk := r.FindRegions("", i18n.KK)
	if len(kk) != 20 || kk[0].Name.KK != "Абай облысы" || kk[1].Name.KK != "Ақмола облысы" || kk[18].Name.KK != "Шығыс Қазақстан облысы" || kk[19].Name.KK != "Шымкент қаласы" {
		t.Errorf("Kazakh order: %v … %v", kk[:2], kk[len(kk)-1])
	}
	for _, q := range r.FindQualifications("", "4S07150500") {
		if q.SpecialtyCode != "07150500" {
			t.Errorf("%s is of another specialty", q.Code)
		}
	}
	if list := r.FindProgrammes("6B06"); len(list) != 3 {
		t.Errorf("programmes by code: %v", list)
	}
}

func TestWorkingHours(t *testing.T) {
	r := reference(t)
	for in, want := range map[string]string{
		"2026-09-01T03:30:00Z": "2026-09-03T12:30:00Z", // the day's start, three whole days
		"2026-09-01T01:00:00Z": "2026-09-03T12:30:00Z", // before work
		"2026-09-04T10:30:00Z": "2026-09-09T10:30:00Z", // Friday 15:30: two hours, a weekend, two days, six hours
		"2026-09-05T08:00:00Z": "2026-09-09T12:30:00Z", // Saturday
		"2026-09-01T08:30:00Z": "2026-09-04T08:00:00Z", // in the break: four and a half hours of the fourth day end at 13:00
		"2026-12-31T04:00:00Z": "2027-01-06T04:00:00Z", // 1 and 2 January are holidays, then a weekend
	} {
		at, err := time.Parse(time.RFC3339, in)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.WorkingHours(at, 24*time.Hour).Format(time.RFC3339); got != want {
			t.Errorf("24 working hours from %s end %s, want %s", in, got, want)
		}
	}
	if got := r.AddWorkingDays("2026-10-23", 3); got != cal.Day("2026-10-29") { // 26 October is a moved holiday
		t.Errorf("three working days later: %s", got)
	}
}

// The copies must stay what was gathered.
func TestReferenceKeepsColumns(t *testing.T) {
	for file, heading := range map[string]string{
		"regions.csv":     "kato_code,name_kk,name_ru,name_en,lat,lon,tile_col,tile_row,short_kk,short_ru,short_en,aliases",
		"cities.csv":      "region_kato_code,name_kk,name_ru,name_en,lat,lon,aliases",
		"specialties.csv": "code,kind,specialty_code,level,level_guessed,name_ru,name_kk,name_kk_source,name_en,source",
		"programmes.csv":  "code,name_ru,name_kk,name_en,source",
	} {
		data, err := os.ReadFile("reference/" + file)
		if err != nil {
			t.Fatal(err)
		}
		if first, _, _ := strings.Cut(string(data), "\n"); strings.TrimSpace(first) != heading {
			t.Errorf("%s has columns %s", file, first)
		}
	}
}

// FuzzReference looks up what strangers type: never a panic, and what is found leads back to itself.
func FuzzReference(f *testing.F) {
	for _, s := range []string{"", "сварщик", "Qaraǵandy", "4С07150106", "6В071", "\xff\xfe", "ЗW-0411.0101", "a b c d e f g h i j k"} {
		f.Add(s)
	}
	r := reference(f)
	f.Fuzz(func(t *testing.T, s string) {
		if q, ok := r.Qualification(s); ok {
			if again, ok := r.Qualification(q.Code); !ok || again.Code != q.Code {
				t.Fatalf("%q leads to %s, which leads nowhere", s, q.Code)
			}
		}
		if c, ok := r.City("", s); ok {
			if again, ok := r.City(c.Region, c.Key()); !ok || again.Name != c.Name {
				t.Fatalf("%q leads to %s, which leads elsewhere", s, c.Key())
			}
		}
		r.Programme(s)
		r.Specialty(s)
		r.FindPlace(s, s)
		r.FindRegions(s, i18n.KK)
		r.FindSpecialties(s)
		r.FindQualifications(s, s)
		r.FindProgrammes(s)
		r.FindCities(s, s, i18n.EN)
	})
}
