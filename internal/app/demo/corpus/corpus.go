// Package corpus invents the training places, organisations and people of the demo world, from a seed and from hand-written wording in
// Kazakh, Russian and English (data/). The same seed gives the same world on every machine, and the i-th thing doesn't depend on how
// many others are asked for, so a run that was interrupted can go on where it stopped.
//
// Promises: texts keep the limits of a posted place (title ≤100 characters, summary 50–350, tasks ≤4,000); the weekly hours fit the
// minimum age, a hazardous place is for adults and has at most 36 hours a week; every module has at least 60 % of its hours at the
// enterprise for colleges (R50 10) and 40 % for universities (R361 8). Every organisation, person, BIN and IIN is made up: a number
// is well formed and has a right check digit, and that is all it has. Names that look like a real organisation's are chance.
//
// Limits: the package knows nothing of accounts, storage or the calendar's today; who loads the demo world turns day offsets into days
// (see [Place.Dates]). It keeps a list of codes and towns of its own, because each of them carries wording.
package corpus

import (
	"github.com/orynda/orynda/internal/i18n"
)

// The regimes, levels, time models, workplace kinds and kinds of payment, spelled as the contract spells them.
const (
	RegimeR50  = "r50"
	RegimeR361 = "r361"

	LevelWorker     = "worker"
	LevelSpecialist = "specialist"
	LevelBachelor   = "bachelor"

	TimeBlock    = "block"
	TimeParallel = "parallel"

	KindWorkplace      = "workplace"
	KindTrainingCentre = "training_centre"

	PayNone    = "none"
	PayMonthly = "monthly"
	PayTotal   = "total"
)

// Limits of a posted place, in characters; Place keeps them for every language it has.
const (
	MaxTitle    = 100
	MinSummary  = 50
	MaxSummary  = 350
	MaxTasks    = 4000
	MaxQuestion = 250
)

// Module is one module of the training programme: all its hours and those at the enterprise.
type Module struct {
	Name            i18n.Text
	Hours           int
	EnterpriseHours int
}

// Place is one invented training place (a posting, which may have several seats).
type Place struct {
	Index             int
	QualificationCode string // a qualification's code, or the specialty's where the classifier has no qualification; empty for r361
	ProgrammeCode     string // 6B… code of a field of training; empty for r50
	Regime, Level     string
	Family            string // trade family that worded it, such as "welding"
	Industry          string

	Title, Summary, Tasks i18n.Text // Tasks ends with the conditions: there is no field for them
	Modules               []Module
	Seats                 int

	Region        string // KATO code
	City          i18n.Text
	Address       string
	Lat, Lon      float64
	WorkplaceKind string

	StartOffsetDays int // from the day of posting to the first day of training, at least 17; see Dates for the season
	ApplyOffsetDays int // from the day of posting to apply_by: at least 3, and at least 14 before the start
	StartMonths     []int
	DurationDays    int
	TimeModel       string
	WeeklyHours     int

	CompensationKind                       string
	Amount                                 int64 // tenge; 0 for none
	Meals, Dormitory, Transport, Clothing  bool
	Languages                              []string // languages of the work and training
	MinAge                                 int
	Hazardous                              bool
	Questions                              []string
	MentorPosition                         string
	Mentor                                 Name
	OpenToCitizens, AutoOffer, InsuranceOn bool

	Enterprise int // index for Corpus.Enterprise
}

// Enterprise is one invented enterprise. Exactly one of BIN and IIN is set: a sole entrepreneur has an IIN.
type Enterprise struct {
	Index    int
	Name     i18n.Text // full name with its legal form: «Алтынқия Энерго» ЖШС / ТОО «Алтынкия Энерго» / Altynqiya Energo LLP
	NameLine string    // short name in one line, marked as invented: Алтынкия Энерго (демо)
	Slug     string    // for mail addresses: altynqiya-energo-3
	Industry string
	Region   string
	City     i18n.Text
	Address  string
	Lat, Lon float64
	BIN, IIN string
	Head     Name
	HeadPost string
}

// College is one invented college, training centre or university.
type College struct {
	Index    int
	Name     i18n.Text
	NameLine string
	Slug     string
	Kind     string // tvet, post_secondary, training_centre or university
	Region   string
	City     i18n.Text
	Address  string
	BIN      string
	Head     Name
}

// Name is an invented person's name.
type Name struct {
	Last, First, Patronymic string
	Female                  bool
	Kazakh                  bool // written the Kazakh way: Серікқызы, not Сериковна
}

// Full gives last name, first name and patronymic, as papers have them.
func (n Name) Full() string {
	if n.Patronymic == "" {
		return n.Last + " " + n.First
	}
	return n.Last + " " + n.First + " " + n.Patronymic
}

// Code is one code that places are made for.
type Code struct {
	Code   string
	Regime string
	Level  string
	Family string
	Trade  i18n.Text // what the trade is called in a posting, in the nominative
}

// Corpus makes the demo world of one seed. It never changes after New and is safe for parallel use.
type Corpus struct {
	seed uint64
	d    *wording
	// codes in the order of the data; bag repeats the codes of common trades.
	codes []slot
	bag   []int
	by    map[string]int
}

// slot is one code with its family and the lines that fit it.
type slot struct {
	Code
	fam    *family
	hazard bool

	titles, anyTitles, summaries, closings, tasks, terms, modules, questions, anyQuestions []line
}

// fit sorts out the lines once: a place then only draws.
func (s *slot) fit(g *general) {
	s.titles, s.anyTitles = fitting(s.fam.Titles, s.Code), fitting(g.Titles, s.Code)
	s.summaries, s.closings = fitting(s.fam.Summaries, s.Code), fitting(g.Closings, s.Code)
	s.tasks, s.terms = fitting(s.fam.Tasks, s.Code), fitting(s.fam.Terms, s.Code)
	s.modules = fitting(s.fam.Modules, s.Code)
	s.questions, s.anyQuestions = fitting(s.fam.Questions, s.Code), fitting(g.Questions, s.Code)
}

// New reads the wording that is built into the program. It fails only when the wording breaks a rule of its own.
func New(seed uint64) (*Corpus, error) {
	d, err := load(files)
	if err != nil {
		return nil, err
	}
	c := &Corpus{seed: seed, d: d, by: map[string]int{}}
	for i := range d.families {
		f := &d.families[i]
		for _, row := range f.Codes {
			s := newSlot(f, row)
			s.fit(&d.general)
			n := len(c.codes)
			c.codes = append(c.codes, s)
			c.by[s.Code.Code] = n
			for range max(1, f.Weight) {
				c.bag = append(c.bag, n)
			}
		}
	}
	return c, nil
}

// Codes lists what places are made for, in the order of the data.
func (c *Corpus) Codes() []Code {
	out := make([]Code, len(c.codes))
	for i, s := range c.codes {
		out[i] = s.Code
	}
	return out
}

// Regions lists the KATO codes of the regions.
func (c *Corpus) Regions() []string {
	out := make([]string, len(c.d.regions))
	for i, r := range c.d.regions {
		out[i] = r.KATO
	}
	return out
}
