package corpus

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/orynda/orynda/internal/i18n"
)

//go:embed data
var files embed.FS

// line is one text in Kazakh, Russian and English. In a file it is an array of three, with a fourth string where it fits only some
// codes: codes separated by spaces, "college" or "university".
type line struct {
	i18n.Text
	only string
}

// UnmarshalJSON reads ["kk", "ru", "en"] or ["kk", "ru", "en", "only"].
func (l *line) UnmarshalJSON(b []byte) error {
	var row []string
	if err := json.Unmarshal(b, &row); err != nil {
		return err
	}
	if len(row) != 3 && len(row) != 4 {
		return fmt.Errorf("a line has %d texts, not 3: %q", len(row), row)
	}
	l.Text = i18n.Text{KK: row[0], RU: row[1], EN: row[2]}
	if l.KK == "" || l.RU == "" || l.EN == "" {
		return fmt.Errorf("a line lacks a language: %q", row)
	}
	if len(row) == 4 {
		l.only = row[3]
	}
	return nil
}

// fits reports whether the line may be used for a code.
func (l line) fits(c Code) bool {
	if l.only == "" {
		return true
	}
	for _, w := range strings.Fields(l.only) {
		if w == c.Code || w == "university" && c.Regime == RegimeR361 || w == "college" && c.Regime == RegimeR50 {
			return true
		}
	}
	return false
}

// family is one trade family: the codes it serves and how its enterprises write.
type family struct {
	ID        string     `json:"id"`
	Industry  string     `json:"industry"`
	Weight    int        `json:"weight"`    // how common its codes are among many places
	Hazardous bool       `json:"hazardous"` // for all its codes, unless a code says "safe"
	MinAges   []int      `json:"min_ages"`
	Pay       [2]int     `json:"pay"`     // tenge a month, from and to
	NonePct   int        `json:"none"`    // share of unpaid places in percent
	Months    []int      `json:"months"`  // months in which training starts; empty: any
	Regions   []string   `json:"regions"` // short region names where the trade lives; empty: everywhere
	Codes     [][]string `json:"codes"`   // code, level (w, s, b), trade in kk, ru, en, and perhaps "hazard" or "safe"
	Mentor    line       `json:"mentor"`
	Titles    []line     `json:"titles"`
	Summaries []line     `json:"summaries"`
	Tasks     []line     `json:"tasks"`
	Terms     []line     `json:"terms"`
	Modules   []line     `json:"modules"`
	Questions []line     `json:"questions"`
}

// general holds the wording that any trade may use.
type general struct {
	Titles      []line            `json:"titles"`
	Closings    []line            `json:"closings"`
	TaskHeads   []line            `json:"task_heads"`
	TermHeads   []line            `json:"term_heads"`
	Block       []line            `json:"block"`
	Parallel    []line            `json:"parallel"`
	PayNone     []line            `json:"pay_none"`
	PayMonthly  []line            `json:"pay_monthly"`
	PayTotal    []line            `json:"pay_total"`
	Meals       []line            `json:"meals"`
	Dormitory   []line            `json:"dormitory"`
	Transport   []line            `json:"transport"`
	Clothing    []line            `json:"clothing"`
	Hazard      []line            `json:"hazard"`
	Young       []line            `json:"young"`
	WorkLang    map[string][]line `json:"work_language"`
	Mentoring   []line            `json:"mentoring"`
	Apply       []line            `json:"apply"`
	Questions   []line            `json:"questions"`
	HeadPosts   []line            `json:"head_posts"`
	CentreNotes []line            `json:"centre_notes"`
}

type city struct {
	Name line    `json:"name"`
	In   string  `json:"in"` // Russian: "в Караганде"
	Lat  float64 `json:"lat"`
	Lon  float64 `json:"lon"`
}

type region struct {
	KATO   string `json:"kato"`
	ID     string `json:"id"`
	KK     int    `json:"kk"` // share of places in Kazakh only, in percent
	RU     int    `json:"ru"` // share of places in Russian only, in percent
	Notes  []line `json:"notes"`
	Cities []city `json:"cities"`
}

// industry holds the names of the enterprises of one industry: a pattern has {s} where the invented word stands.
type industry struct {
	ID    string   `json:"id"`
	Forms []string `json:"forms"` // legal forms, by key of orgs.Forms; repeated ones are likelier
	Names []line   `json:"names"`
}

type orgs struct {
	Stems      []line          `json:"stems"`
	Forms      map[string]line `json:"forms"` // {n} where the quoted name stands
	Industries []industry      `json:"industries"`
	Colleges   []collegeRow    `json:"colleges"`
	index      map[string]int  // industry id → place in Industries
}

type collegeRow struct {
	Slug   string `json:"slug"`
	Region string `json:"region"`
	Kind   string `json:"kind"`
	City   int    `json:"city"` // index in the region's towns
	Name   line   `json:"name"`
}

type names struct {
	Male     [][]string `json:"male"`   // Kazakh spelling, Russian spelling, Russian patronymics: -ович, -овна
	Female   [][]string `json:"female"` // Kazakh spelling, Russian spelling
	Last     [][]string `json:"last"`   // Kazakh spelling, Russian spelling, masculine; feminine adds -а
	RuMale   [][]string `json:"ru_male"`
	RuFemale []string   `json:"ru_female"`
	RuLast   [][]string `json:"ru_last"` // masculine, feminine
	Streets  [][]string `json:"streets"` // Kazakh, Russian
}

// wording is all the data.
type wording struct {
	families []family
	general  general
	regions  []region
	orgs     orgs
	names    names
	byRegion map[string]int
}

func load(fsys fs.FS) (*wording, error) {
	d := &wording{byRegion: map[string]int{}}
	for name, into := range map[string]any{
		"general": &d.general, "regions": &d.regions, "orgs": &d.orgs, "names": &d.names,
	} {
		if err := readJSON(fsys, "data/"+name+".json", into); err != nil {
			return nil, err
		}
	}
	list, err := fs.Glob(fsys, "data/families/*.json") // sorted, so the order of codes is fixed
	if err != nil {
		return nil, err
	}
	for _, name := range list {
		var fams []family
		if err := readJSON(fsys, name, &fams); err != nil {
			return nil, err
		}
		d.families = append(d.families, fams...)
	}
	for i, r := range d.regions {
		d.byRegion[r.KATO], d.byRegion[r.ID] = i, i
	}
	d.orgs.index = map[string]int{}
	for i, in := range d.orgs.Industries {
		d.orgs.index[in.ID] = i
	}
	return d, d.check()
}

func readJSON(fsys fs.FS, name string, into any) error {
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, into); err != nil {
		return fmt.Errorf("corpus: %s: %w", path.Base(name), err)
	}
	return nil
}

// check proves what the generator relies on.
func (d *wording) check() error {
	seen := map[string]string{}
	for _, f := range d.families {
		if _, ok := d.orgs.index[f.Industry]; !ok {
			return fmt.Errorf("corpus: family %s: no industry %q", f.ID, f.Industry)
		}
		if err := d.checkRegions(f); err != nil {
			return err
		}
		for _, row := range f.Codes {
			if len(row) < 5 {
				return fmt.Errorf("corpus: family %s: code row %q", f.ID, row)
			}
			if old, twice := seen[row[0]]; twice {
				return fmt.Errorf("corpus: code %s in %s and %s", row[0], old, f.ID)
			}
			seen[row[0]] = f.ID
			c := newSlot(&f, row).Code
			for what, min := range map[string]int{"titles": 3, "summaries": 3, "tasks": 6, "modules": 4, "questions": 1} {
				if n := len(fitting(f.lines(what), c)); n < min {
					return fmt.Errorf("corpus: family %s: %d %s fit %s, need %d", f.ID, n, what, c.Code, min)
				}
			}
		}
	}
	return nil
}

func (d *wording) checkRegions(f family) error {
	for _, id := range f.Regions {
		if _, ok := d.byRegion[id]; !ok {
			return fmt.Errorf("corpus: family %s: no region %q", f.ID, id)
		}
	}
	return nil
}

func (f *family) lines(what string) []line {
	switch what {
	case "titles":
		return f.Titles
	case "summaries":
		return f.Summaries
	case "tasks":
		return f.Tasks
	case "modules":
		return f.Modules
	default:
		return f.Questions
	}
}

func fitting(list []line, c Code) []line {
	out := make([]line, 0, len(list))
	for _, l := range list {
		if l.fits(c) {
			out = append(out, l)
		}
	}
	return out
}

func newSlot(f *family, row []string) slot {
	s := slot{fam: f, hazard: f.Hazardous, Code: Code{
		Code: row[0], Regime: RegimeR50, Level: LevelWorker, Family: f.ID,
		Trade: i18n.Text{KK: row[2], RU: row[3], EN: row[4]},
	}}
	switch row[1] {
	case "s":
		s.Level = LevelSpecialist
	case "b":
		s.Level, s.Regime = LevelBachelor, RegimeR361
	}
	if len(row) > 5 {
		s.hazard = row[5] == "hazard"
	}
	return s
}
