package public

import "github.com/orynda/orynda/web/ui"

// HomeData is what the home page shows.
type HomeData struct {
	Regions []Named // in the place of tiles and trades while nobody can count
	Tiles   []ui.Tile
	Trades  []Trade
	Steps   []Step
}

// Trade is one trade with its free seats.
type Trade struct {
	Path, Name, Lang string
	Seats            int
}

// Step is one station of the way, explained.
type Step struct{ Name, Text string }

// Suggestion completes what is being typed. Marked is safe HTML.
type Suggestion struct {
	Path, Label, Marked, Kind string
	Seats                     int
}

// Result is one place in a list, in words. The marked ones are safe HTML, "" where nothing is marked.
type Result struct {
	Path, Title, TitleLang, TitleMarked string
	Enterprise, EnterpriseMarked, City  string
	Distance, Pay, Hours, Start         string
	Answers                             string
	Seats                               ui.Seats
	Clock                               *ui.Clock
	Badges                              []string
	ID                                  string
	Saved                               bool // by the reader
}

// ResultsData is a page of results.
type ResultsData struct {
	Query, City, Radius, Near, MinPay, MaxHours, StartsFrom, StartsTo string

	Literal    bool   // the words are read as they are typed
	Path, Feed string // the question's own address, and its feed's
	Save       string // where the question is saved
	Saving     bool   // the reader may save places
	Problem    string // why it can't be answered; "" when it can
	Total      int
	From       int // number of the first place shown, from 1
	Items      []Result
	Facets     []Group
	Chips      []Chip
	Sorts      []Sort
	Prev, Next string
	Understood *Understood
	Degraded   []Said // that the search isn't whole, and what of the question was left aside; none when it is
	DidYouMean *Named // a better spelling, where nothing was found
	Lift       []Lift
}

// Understood says how the words were read, and leads to what they say letter by letter.
type Understood struct {
	Says        []Said
	Literal     string
	LiteralText []Said
}

// Said is a part of a sentence: ours, or somebody's own words, which nobody translates.
type Said struct {
	Text string
	Own  bool
}

// Group is one group of filters.
type Group struct {
	Name, Label string
	Values      []Value
	Open        bool   // something is chosen in it
	More        string // address with all values; "" when all are there
}

// Value is one choice of a group.
type Value struct {
	Value, Label string
	Count        int
	Selected     bool
}

// Chip is an applied filter with the address without it.
type Chip struct{ Label, Path string }

// Sort is one order.
type Sort struct {
	Value, Label string
	Current      bool
}

// Lift is a way out of an empty answer.
type Lift struct {
	Path, Says string
	Count      int
}

// Named is a name that leads somewhere.
type Named struct{ Path, Name string }

// Module is what is trained, with its hours.
type Module struct {
	Name, Lang             string
	Hours, EnterpriseHours int
}

// Block is a part of a text: paragraphs, or the lines of a list.
type Block struct {
	List  bool
	Lines []string
}

// Workplace is where it happens.
type Workplace struct{ Address, Kind string }

// PlaceData is the page of one place.
type PlaceData struct {
	ID, Reference, Title, TitleLang, Summary, SummaryLang string

	Trade, TradeLang, TasksLang string
	Tasks, Conditions           []Block
	Skills                      []string
	Modules                     []Module
	Share                       string // of the hours at the enterprise, in percent
	Enterprise                  Named
	Verified                    bool
	City, Mentor, Pay, Answers  string
	Workplaces                  []Workplace
	Time, Care, Safety          []ui.Row
	Colleges                    []Named
	Citizens                    string
	Seats                       ui.Seats
	Clock                       *ui.Clock
	WithoutRegister             bool
	State                       string
	Live                        bool // published
	CanApply                    bool
	Refusal, Warning            string
	Own                         *Named // the reader's own application
	Saving, Saved               bool   // the reader may save it, and has
	SignIn                      string // where a stranger begins to
	Manage                      string
	Similar                     []Result
	JSONLD, Card                string
}

// GoneData is the page of a place that closed.
type GoneData struct {
	Reference, Reason string
	Similar           []Result
}

// OrganisationData is the public page of an enterprise, a college or a chamber.
type OrganisationData struct {
	ID, Kind, Name, What, Address, Website, BIN string

	About             []string
	Verified, NoIndex bool
	VerifiedOn, State string
	Answers           string
	Places            []Result
	Next, Desk        string
	Search            string // the way to its places; "" where they are on the page
}

// AboutData is one page that explains.
type AboutData struct {
	Page, Title, Lead string
	Sections          []Section
}

// Section is one part of it.
type Section struct {
	Title  string
	Text   []string
	Source string
}

// VerifyData is the check of an agreement.
type VerifyData struct {
	Code                   string
	Unknown, Found, Valid  bool
	HashBad                bool
	SHA256, State          string
	Matches                *bool
	Number, RegisterNumber string
	Assurance, CheckedAt   string
	Parties                []Party
	Rows                   []ui.Row
	Signatures             []Signature
}

// Party is an organisation of an agreement.
type Party struct{ Role, Name, BIN string }

// Signature is one signature, without the person.
type Signature struct{ Party, At, Assurance string }
