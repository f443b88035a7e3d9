package asking

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/fold"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/storage"
)

// The bounds of a report.
const (
	Least    = 5       // what was asked for less often isn't shown
	MostRead = 200_000 // rows
	MostTold = 200     // lines of each list
)

// Periods are the numbers of days that a report may look back.
func Periods() []int { return []int{7, 30, 90, 180} }

// usualPeriod is the one of a report that names none.
const usualPeriod = 30

// Wanted is what a report is about.
type Wanted struct {
	Days   int    // one of Periods; 0: 30
	Region string // KATO code; "": all
	Trade  string // code of a specialty or a university field; "": all
}

// Line is one word, region or trade.
type Line struct {
	Value string // the code; of words themselves
	Label string // the name in the reader's language; of words their commonest spelling
	Count int64  // how often it was asked for in vain
}

// Report is what was searched for in vain, in each list most often first.
type Report struct {
	Days    int
	From    time.Time
	InVain  int64 // questions that found nothing
	Texts   []Line
	Regions []Line
	Trades  []Line
}

// NothingFound reports what was searched for in vain (getNothingFound). Errors: unauthorized, forbidden, email_unverified; fields unknown_value for days,
// unknown_region, unknown_code for the trade.
func (s *Service) NothingFound(ctx context.Context, by accounts.Actor, w Wanted, lang i18n.Lang) (*Report, error) {
	have := append(by.RelationsTo(accounts.KindPlatform, accounts.PlatformID), accounts.Visible)
	if err := s.d.Policy.Permit(by, "getNothingFound", have...); err != nil {
		return nil, err
	}
	if w.Days == 0 {
		w.Days = usualPeriod
	}
	if err := s.check(&w); err != nil {
		return nil, err
	}
	out := &Report{Days: w.Days, From: s.d.Clock.Now().UTC().Add(-time.Duration(w.Days) * 24 * time.Hour).Truncate(time.Hour)}
	t := newTally()
	err := s.rows.Each(ctx, storage.Where(storage.Gte("vain", out.From)).ByDesc("vain").Take(MostRead), func(r *Row) error {
		if w.Region != "" && !slices.Contains(r.Regions, w.Region) || w.Trade != "" && !slices.Contains(r.Trades, w.Trade) {
			return nil
		}
		out.InVain += r.Count
		t.add(r)
		return nil
	})
	if err != nil {
		return nil, err
	}
	out.Texts = t.told()
	out.Regions = told(t.regions, func(code string) string { return s.regionName(code, lang) })
	out.Trades = told(t.trades, func(code string) string { return s.tradeName(code, lang) })
	return out, nil
}

// check names what is wrong with a wish, and brings its trade into the classifier's form.
func (s *Service) check(w *Wanted) error {
	var bad []errs.Field
	if !slices.Contains(Periods(), w.Days) {
		bad = append(bad, errs.Field{Field: "days", Code: "unknown_value", Params: map[string]any{"allowed": "7, 30, 90, 180"}})
	}
	if _, ok := s.d.Reference.Region(w.Region); !ok && w.Region != "" {
		bad = append(bad, errs.Field{Field: "region", Code: "unknown_region"})
	}
	if w.Trade != "" {
		specialty, known := s.d.Reference.Specialty(w.Trade)
		field, also := s.d.Reference.Programme(strings.ToUpper(w.Trade))
		switch {
		case known:
			w.Trade = specialty.Code
		case also:
			w.Trade = field.Code
		default:
			bad = append(bad, errs.Field{Field: "trade", Code: "unknown_code"})
		}
	}
	return errs.InvalidFields(bad)
}

// tally counts what rows name.
type tally struct {
	texts           map[string]map[string]int64 // folded → as written → how often
	regions, trades map[string]int64
}

func newTally() *tally {
	return &tally{map[string]map[string]int64{}, map[string]int64{}, map[string]int64{}}
}

func (t *tally) add(r *Row) {
	if folded := fold.Text(r.Text); folded != "" {
		if t.texts[folded] == nil {
			t.texts[folded] = map[string]int64{}
		}
		t.texts[folded][r.Text] += r.Count
	}
	for _, code := range r.Regions {
		t.regions[code] += r.Count
	}
	for _, code := range r.Trades {
		t.trades[code] += r.Count
	}
}

// told words the texts by their commonest spelling.
func (t *tally) told() []Line {
	counts, spelled := map[string]int64{}, map[string]string{}
	for folded, spellings := range t.texts {
		var most int64
		for text, n := range spellings {
			counts[folded] += n
			if n > most || n == most && text < spelled[folded] {
				most, spelled[folded] = n, text
			}
		}
	}
	out := told(counts, func(folded string) string { return spelled[folded] })
	for i := range out {
		out[i].Value = out[i].Label
	}
	return out
}

// told lists what was asked for often enough, most often first.
func told(counts map[string]int64, label func(value string) string) []Line {
	var out []Line
	for value, n := range counts {
		if n >= Least {
			out = append(out, Line{value, label(value), n})
		}
	}
	slices.SortFunc(out, func(a, b Line) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Label, b.Label)) })
	return out[:min(len(out), MostTold)]
}

func (s *Service) regionName(code string, lang i18n.Lang) string {
	if r, ok := s.d.Reference.Region(code); ok {
		return r.Name.In(lang)
	}
	return code
}

func (s *Service) tradeName(code string, lang i18n.Lang) string {
	if t, ok := s.d.Reference.Specialty(code); ok {
		return t.Name.In(lang)
	}
	if p, ok := s.d.Reference.Programme(code); ok {
		return p.Name.In(lang)
	}
	return code
}

// File writes the report for programs of tables: UTF-8 with its mark, semicolons, headings in the reader's language.
func (s *Service) File(r *Report, lang i18n.Lang) (name string, body []byte, err error) {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.Comma = ';'
	say := func(key string) string { return s.d.Catalogue.Say(lang, "asking."+key, nil) }
	rows := [][]string{{say("column.part"), say("column.code"), say("column.name"), say("column.count")}}
	for _, part := range []struct {
		name  string
		coded bool
		lines []Line
	}{{"texts", false, r.Texts}, {"regions", true, r.Regions}, {"trades", true, r.Trades}} {
		for _, l := range part.lines {
			code := ""
			if part.coded {
				code = l.Value
			}
			rows = append(rows, []string{say("part." + part.name), code, harmless(l.Label), strconv.FormatInt(l.Count, 10)})
		}
	}
	if err := w.WriteAll(rows); err != nil {
		return "", nil, err
	}
	return "nothing-found-" + strconv.Itoa(r.Days) + ".csv", b.Bytes(), nil
}

// harmless keeps a program of tables from reading what a stranger typed as a formula.
func harmless(text string) string {
	if text != "" && strings.ContainsRune("=+-@", rune(text[0])) {
		return "'" + text
	}
	return text
}
