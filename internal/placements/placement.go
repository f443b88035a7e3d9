package placements

import (
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/placements/rules"
	"github.com/orynda/orynda/internal/storage"
)

// State is where a place stands in its life.
type State string

// The states. Only a closed place is at its end: it never reopens, it is cloned.
const (
	Draft     State = "draft"
	Published State = "published"
	Paused    State = "paused"
	Selecting State = "selecting" // apply_by passed: interviews and offers go on
	Closed    State = "closed"
)

// ClosedReason says why a place closed.
type ClosedReason string

// The reasons. Nothing leads to TakenDown yet.
const (
	Filled    ClosedReason = "filled"
	Expired   ClosedReason = "expired"
	Withdrawn ClosedReason = "withdrawn"
	TakenDown ClosedReason = "taken_down"
)

// Regime says which Rules apply; it is fixed once the place is published.
type Regime = rules.Regime

// The regimes.
const (
	R50  = rules.R50
	R361 = rules.R361
)

// Level is the level of the programme that the place trains for.
type Level string

// The levels. Worker and specialist belong to r50, bachelor to r361.
const (
	Worker     Level = "worker"
	Specialist Level = "specialist"
	Bachelor   Level = "bachelor"
)

// TimeModel is how training is spread over the weeks.
type TimeModel string

// The time models (KAZDUAL model, sections 1 and 3.3).
const (
	Block    TimeModel = "block"    // whole weeks, months or a semester
	Parallel TimeModel = "parallel" // fixed days of every week
)

// WorkplaceKind is what training happens in.
type WorkplaceKind string

// The kinds. Hours in a college's workshop don't count as training at the enterprise (R50 10).
const (
	AtWorkplace      WorkplaceKind = "workplace"
	AtTrainingCentre WorkplaceKind = "training_centre"
	AtCollege        WorkplaceKind = "college_workshop"
)

// PayKind is what an amount covers.
type PayKind string

// The kinds of payment.
const (
	PayNone    PayKind = "none" // nothing is paid, said openly
	PayMonthly PayKind = "monthly"
	PayTotal   PayKind = "total"
)

// Module is a module of the specialty, under r361 a discipline, that the place trains. Hours are those of the whole module.
type Module struct {
	Name            i18n.Text `json:"name"`
	Hours           int       `json:"hours"`
	EnterpriseHours int       `json:"enterprise_hours"`
}

// Workplace is one address where training happens.
type Workplace struct {
	ID      string        `json:"id"`      // "wpl_…", ours
	Region  string        `json:"region"`  // KATO code
	City    string        `json:"city"`    // see directory.City.Key
	Address string        `json:"address"` // street and building
	Lat     float64       `json:"lat"`
	Lon     float64       `json:"lon"`
	Kind    WorkplaceKind `json:"kind"`
}

// Compensation is the payment to the trainee, whole tenge. The zero value says nothing, which no published place does.
type Compensation struct {
	Kind   PayKind `json:"kind"`
	Amount int64   `json:"amount"`
}

// Insurance says whether the trainee is insured against accidents; voluntary (R50 8). Taken is nil while it is unsaid.
type Insurance struct {
	Taken *bool  `json:"taken,omitempty"`
	Note  string `json:"note"`
}

// Benefits come with the place.
type Benefits struct {
	Meals     bool `json:"meals"`
	Dormitory bool `json:"dormitory"`
	Transport bool `json:"transport"`
	Clothing  bool `json:"clothing"`
}

// Check names the rules that judged a place last.
type Check struct {
	Rules string    `json:"rules"` // rules.Rules.Version
	At    time.Time `json:"at"`
}

// ImportMark ties a place to an import whose rows aren't all settled yet.
type ImportMark struct {
	ID     string     `json:"id"`
	New    bool       `json:"new"`              // the place exists only once the import is completed
	Values *Placement `json:"values,omitempty"` // else the values it has once the import is completed
}

// Placement is a training place. A draft may lack most fields.
type Placement struct {
	ID           string       `json:"id"`
	Version      int64        `json:"version"`
	CreatedAt    time.Time    `json:"created_at"`
	UpdatedAt    time.Time    `json:"updated_at"`
	PublishedAt  time.Time    `json:"published_at"`
	ClosedAt     time.Time    `json:"closed_at"`
	State        State        `json:"state"`
	ClosedReason ClosedReason `json:"closed_reason"`
	CloseComment string       `json:"close_comment"` // the enterprise's word to those whose applications end with the place
	PausedFor    string       `json:"paused_for"`    // "unanswered" when the system paused it
	Reference    string       `json:"reference"`     // "OR-7K3M9X"
	EnterpriseID string       `json:"enterprise_id"`
	Chambers     []string     `json:"chambers,omitempty"` // ids of the chambers it was filed with
	Check        Check        `json:"check"`

	Regime            Regime       `json:"regime"`
	Title             i18n.Text    `json:"title"`
	Summary           i18n.Text    `json:"summary"`
	Tasks             i18n.Text    `json:"tasks"`
	Conditions        string       `json:"conditions"`
	Modules           []Module     `json:"modules,omitempty"`
	QualificationCode string       `json:"qualification_code"` // r50: of a qualification, or of the specialty where none is known
	SpecialtyCode     string       `json:"specialty_code"`     // follows from the qualification
	ProgrammeCode     string       `json:"programme_code"`     // r361
	Level             Level        `json:"level"`
	Skills            []string     `json:"skills,omitempty"`
	Seats             int          `json:"seats"`
	Workplaces        []Workplace  `json:"workplaces,omitempty"`
	StartsOn          cal.Day      `json:"starts_on"`
	EndsOn            cal.Day      `json:"ends_on"`
	ApplyFrom         cal.Day      `json:"apply_from"` // "" is at once
	ApplyBy           cal.Day      `json:"apply_by"`
	TimeModel         TimeModel    `json:"time_model"`
	WeeklyHours       int          `json:"weekly_hours"`
	NightWork         bool         `json:"night_work"`
	Compensation      Compensation `json:"compensation"`
	Insurance         Insurance    `json:"insurance"`
	Benefits          Benefits     `json:"benefits"`
	Languages         []i18n.Lang  `json:"languages,omitempty"` // of the work
	MinAge            int          `json:"min_age"`             // on the first day; 0 while unsaid
	Hazardous         bool         `json:"hazardous"`
	MentorID          string       `json:"mentor_id"`
	Colleges          []string     `json:"colleges,omitempty"` // none: every college of the regime
	OpenToCitizens    bool         `json:"open_to_citizens"`
	AutoOffer         bool         `json:"auto_offer"`
	ExternalReference string       `json:"external_reference"`
	Questions         []string     `json:"questions,omitempty"`

	ImportID string      `json:"import_id"` // the import it came with
	Import   *ImportMark `json:"import,omitempty"`
}

// Identity implements storage.Document.
func (p *Placement) Identity() (string, *int64) { return p.ID, &p.Version }

// Keys implements storage.Document.
func (p *Placement) Keys() storage.Keys {
	k := storage.Keys{
		"enterprise": p.EnterpriseID, "state": p.State, "reference": p.Reference, "external": externalKey(p.EnterpriseID, p.ExternalReference),
		"updated": p.UpdatedAt, "mentor": p.MentorID,
	}
	if p.Import != nil {
		k["import"] = p.Import.ID
	}
	if p.State == Published {
		k["about"] = p.about()
	}
	return k
}

// externalKey makes an enterprise's own reference unique within the enterprise.
func externalKey(enterpriseID, reference string) string {
	if reference == "" {
		return ""
	}
	return enterpriseID + "|" + reference
}

func placementSpec() storage.Spec {
	return storage.Spec{
		Name: "placements",
		Keys: []storage.Key{
			{Name: "enterprise"}, {Name: "state"}, {Name: "reference"}, {Name: "external"}, {Name: "updated", Kind: storage.Int},
			{Name: "mentor"}, {Name: "import"}, {Name: "about", Kind: storage.Strings},
		},
		Indexes: []storage.Index{
			{Name: "reference", Keys: []string{"reference"}, Unique: true},
			{Name: "external", Keys: []string{"external"}, Unique: true},
			{Name: "enterprise", Keys: []string{"enterprise", "updated"}},
			{Name: "state", Keys: []string{"state"}},
			{Name: "import", Keys: []string{"import"}},
			{Name: "mentor", Keys: []string{"mentor"}},
			{Name: "about", Keys: []string{"about"}},
		},
	}
}

// newReference makes a number that people read to each other: "OR-" and six Crockford characters (30 random bits).
func newReference() string { return "OR-" + id.Crockford(6) }

// Live reports whether the place was published and isn't closed.
func (p *Placement) Live() bool {
	return p.State == Published || p.State == Paused || p.State == Selecting
}

// WorkplaceByID finds a workplace of the place.
func (p *Placement) WorkplaceByID(workplaceID string) (Workplace, bool) {
	for _, w := range p.Workplaces {
		if w.ID == workplaceID {
			return w, true
		}
	}
	return Workplace{}, false
}

// Regions lists the regions of the workplaces, each once, in their order.
func (p *Placement) Regions() []string {
	var out []string
	seen := map[string]bool{}
	for _, w := range p.Workplaces {
		if w.Region != "" && !seen[w.Region] {
			seen[w.Region] = true
			out = append(out, w.Region)
		}
	}
	return out
}

// ModuleHours gives the hours of the modules, and whether those at the enterprise count: they don't where every workplace is a
// college's workshop (R50 10).
func (p *Placement) ModuleHours() (hours []rules.ModuleHours, counted bool) {
	for _, m := range p.Modules {
		hours = append(hours, rules.ModuleHours{Total: m.Hours, Enterprise: m.EnterpriseHours})
	}
	for _, w := range p.Workplaces {
		if w.Kind != AtCollege {
			return hours, true
		}
	}
	return hours, len(p.Workplaces) == 0
}

// SharePercent is the share of the modules' hours at the enterprise, to one decimal.
func (p *Placement) SharePercent() float64 {
	hours, counted := p.ModuleHours()
	return rules.SharePercent(hours, counted)
}

// FitsMinors reports whether persons under 18 may take the place: minimum age, hours, hazard and night work.
func (p *Placement) FitsMinors(r rules.Rules) bool {
	young := r.AdultAge - 1
	return p.MinAge < r.AdultAge && !p.Hazardous && !p.NightWork && p.WeeklyHours <= r.WeeklyHours(young, false)
}

// clone copies the place with lists of its own.
func (p *Placement) clone() *Placement {
	c := *p
	c.Modules = append([]Module(nil), p.Modules...)
	c.Skills = append([]string(nil), p.Skills...)
	c.Workplaces = append([]Workplace(nil), p.Workplaces...)
	c.Languages = append([]i18n.Lang(nil), p.Languages...)
	c.Colleges = append([]string(nil), p.Colleges...)
	c.Questions = append([]string(nil), p.Questions...)
	c.Chambers = append([]string(nil), p.Chambers...)
	c.Import = nil
	return &c
}
