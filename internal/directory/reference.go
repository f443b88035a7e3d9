package directory

import (
	"bytes"
	"embed"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/orynda/orynda/internal/i18n"
)

// The sources as they were gathered, with every column; reference/README.md says where they come from.
//
//go:embed reference/*.csv
var sources embed.FS

// Region is a first-level unit of the country: 17 regions and three cities of republican significance (legal-facts.md 4).
type Region struct {
	Code             string // KATO, nine digits
	Name, Short      i18n.Text
	Lat, Lon         float64 // of the administrative centre
	TileCol, TileRow int     // place on the tile map
	Aliases          []string
}

// City is a city. Its stored name is Name.KK: see [City.Key].
type City struct {
	Region   string // KATO code
	Name     i18n.Text
	Lat, Lon float64
	Aliases  []string // former and everyday names
}

// Key is the name under which a city is stored in documents.
func (c City) Key() string { return c.Name.KK }

// Specialty is a specialty of the college classifier.
type Specialty struct {
	Code         string // eight digits that end in 00
	Name         i18n.Text
	NameKKSource string // where the Kazakh name comes from: printed, edited, ours, "ours, unsure"
	Source       string // where the row was read
	Synonyms     Words  // of the professions it trains too
}

// Qualification is a qualification of the college classifier.
type Qualification struct {
	Code          string // eight digits, with the prefix 3W, 4S or 5AB where it was printed
	SpecialtyCode string
	Level         string // worker, specialist or bachelor as printed; "" when only guessed: a guessed level is never shown
	LevelGuessed  bool
	Name          i18n.Text
	NameKKSource  string
	Source        string
	Synonyms      Words
}

// Programme is a university field of training (6B…).
type Programme struct {
	Code     string
	Name     i18n.Text
	Source   string
	Synonyms Words
}

// Reference is the reference data, loaded once and never changed; safe for parallel use.
type Reference struct {
	regions        []Region
	cities         []City
	specialties    []Specialty
	qualifications []Qualification
	programmes     []Programme

	regionAt        map[string]int // by code and by old ISO letters
	specialtyAt     map[string]int // by code
	qualificationAt map[string]int // by the last eight digits
	programmeAt     map[string]int
	cityAt          map[string][]int // by folded name

	regionWords, cityWords, specialtyWords, qualificationWords, programmeWords []entry
}

// LoadReference reads the built-in reference data and checks it: unique codes, all names, real coordinates, every city in a known region,
// every qualification in a known specialty, everyday words for every trade.
func LoadReference() (*Reference, error) {
	r := &Reference{
		regionAt: map[string]int{}, specialtyAt: map[string]int{}, qualificationAt: map[string]int{}, programmeAt: map[string]int{},
		cityAt: map[string][]int{},
	}
	for _, load := range []func() error{r.loadRegions, r.loadCities, r.loadTrades, r.loadProgrammes, r.loadSynonyms} {
		if err := load(); err != nil {
			return nil, fmt.Errorf("directory: reference data: %w", err)
		}
	}
	r.indexWords()
	return r, nil
}

// record is one line of a source by the names of its columns.
type record map[string]string

func (r record) text(field string) i18n.Text {
	return i18n.Text{KK: r[field+"_kk"], RU: r[field+"_ru"], EN: r[field+"_en"]}
}

// names is text that must be there in all three languages.
func (r record) names() (i18n.Text, error) {
	t := r.text("name")
	if t.KK == "" || t.RU == "" || t.EN == "" {
		return t, errors.New("a name is missing")
	}
	return t, nil
}

func (r record) point() (lat, lon float64, err error) {
	lat, err1 := strconv.ParseFloat(r["lat"], 64)
	lon, err2 := strconv.ParseFloat(r["lon"], 64)
	// The country lies between 40° and 56° north, 46° and 88° east.
	if err1 != nil || err2 != nil || lat < 40 || lat > 56 || lon < 46 || lon > 88 {
		return 0, 0, errors.New("coordinates outside the country")
	}
	return lat, lon, nil
}

func (r record) aliases() []string {
	if r["aliases"] == "" {
		return nil
	}
	return strings.Split(r["aliases"], "|")
}

// readSource calls each for every line of a source after its heading, naming the line in errors.
func readSource(name string, each func(r record) error) error {
	data, err := sources.ReadFile("reference/" + name)
	if err != nil {
		return err
	}
	lines, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for i, line := range lines[1:] {
		r := record{}
		for c, heading := range lines[0] {
			r[heading] = strings.TrimSpace(line[c])
		}
		if err := each(r); err != nil {
			return fmt.Errorf("%s: line %d: %w", name, i+2, err)
		}
	}
	return nil
}

func (r *Reference) loadRegions() error {
	return readSource("regions.csv", func(rec record) error {
		names, err := rec.names()
		if err != nil {
			return err
		}
		lat, lon, err := rec.point()
		if err != nil {
			return err
		}
		col, err1 := strconv.Atoi(rec["tile_col"])
		row, err2 := strconv.Atoi(rec["tile_row"])
		code := rec["kato_code"]
		if err1 != nil || err2 != nil || !allDigits(code, 9) {
			return errors.New("code or tile is malformed")
		}
		reg := Region{
			Code: code, Name: names, Short: rec.text("short"), Lat: lat, Lon: lon, TileCol: col, TileRow: row, Aliases: rec.aliases(),
		}
		r.regions = append(r.regions, reg)
		return unique(r.regionAt, code, len(r.regions)-1)
	})
}

func (r *Reference) loadCities() error {
	err := readSource("cities.csv", func(rec record) error {
		names, err := rec.names()
		if err != nil {
			return err
		}
		lat, lon, err := rec.point()
		if err != nil {
			return err
		}
		c := City{Region: rec["region_kato_code"], Name: names, Lat: lat, Lon: lon, Aliases: rec.aliases()}
		if _, known := r.regionAt[c.Region]; !known {
			return errors.New("no such region")
		}
		r.cities = append(r.cities, c)
		return nil
	})
	if err != nil {
		return err
	}
	for i, c := range r.cities {
		r.cityAt[storedName(c.Key())] = append(r.cityAt[storedName(c.Key())], i)
		for _, name := range append([]string{c.Name.KK, c.Name.RU, c.Name.EN}, c.Aliases...) {
			for _, key := range []string{foldName(name), skeletonName(name)} {
				if !slices.Contains(r.cityAt[key], i) {
					r.cityAt[key] = append(r.cityAt[key], i)
				}
			}
		}
	}
	return nil
}

func (r *Reference) loadTrades() error {
	err := readSource("specialties.csv", func(rec record) error {
		names, err := rec.names()
		if err != nil {
			return err
		}
		code := rec["code"]
		switch rec["kind"] {
		case "specialty":
			if !allDigits(code, 8) || !strings.HasSuffix(code, "00") {
				return errors.New("code of a specialty is malformed")
			}
			r.specialties = append(r.specialties, Specialty{Code: code, Name: names, NameKKSource: rec["name_kk_source"], Source: rec["source"]})
			return unique(r.specialtyAt, code, len(r.specialties)-1)
		case "qualification":
			return r.addQualification(rec, names)
		}
		return errors.New("unknown kind")
	})
	if err != nil {
		return err
	}
	for _, q := range r.qualifications {
		if _, known := r.specialtyAt[q.SpecialtyCode]; !known {
			return fmt.Errorf("specialties.csv: %s: no such specialty %s", q.Code, q.SpecialtyCode)
		}
	}
	return nil
}

func (r *Reference) addQualification(rec record, names i18n.Text) error {
	prefix, digits, ok := splitCode(rec["code"])
	if !ok || rec["specialty_code"] != digits[:6]+"00" {
		return errors.New("code of a qualification is malformed or of another specialty")
	}
	q := Qualification{
		Code: rec["code"], SpecialtyCode: rec["specialty_code"], Level: rec["level"], LevelGuessed: rec["level_guessed"] != "",
		Name: names, NameKKSource: rec["name_kk_source"], Source: rec["source"],
	}
	if q.LevelGuessed != (prefix == "") {
		return errors.New("a level is printed exactly where the code has its prefix")
	}
	if q.LevelGuessed {
		q.Level = ""
	} else if q.Level != levelOf(prefix) {
		return errors.New("level and prefix disagree")
	}
	r.qualifications = append(r.qualifications, q)
	return unique(r.qualificationAt, digits, len(r.qualifications)-1)
}

func (r *Reference) loadProgrammes() error {
	return readSource("programmes.csv", func(rec record) error {
		names, err := rec.names()
		if err != nil {
			return err
		}
		code := rec["code"]
		if len(code) < 5 || !strings.HasPrefix(code[1:], "B") {
			return errors.New("code is malformed")
		}
		r.programmes = append(r.programmes, Programme{Code: code, Name: names, Source: rec["source"]})
		return unique(r.programmeAt, code, len(r.programmes)-1)
	})
}

func unique(at map[string]int, key string, i int) error {
	if _, twice := at[key]; twice {
		return fmt.Errorf("%s stands twice", key)
	}
	at[key] = i
	return nil
}

func allDigits(s string, n int) bool {
	return len(s) == n && strings.Trim(s, "0123456789") == ""
}

// levelOf is the level that a prefix of the classifier prints.
func levelOf(prefix string) string {
	switch prefix {
	case "3W":
		return "worker"
	case "4S":
		return "specialist"
	case "5AB":
		return "bachelor"
	}
	return ""
}
