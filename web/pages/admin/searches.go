package admin

// Searches is what was searched for in vain.
type Searches struct {
	Periods                []Period
	InVain                 int64
	Least                  int    // what was asked for less often isn't shown
	Whole                  string // the report about everything, where this one is about less
	File                   string
	Texts, Regions, Trades []Asked
}

// Period is a number of days that the report may look back.
type Period struct {
	Days    int
	Path    string
	Current bool
}

// Asked is one word, region or trade with how often it was asked for.
type Asked struct {
	Label, Path string // no path: it leads nowhere
	Count       int64
}
