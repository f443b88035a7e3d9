// Package questions is how a question about places is written in an address: under the names of the contract's parameters (searchPlacements). The
// site's pages, saved searches and feeds all read it here, so that one address means the same everywhere.
package questions

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/finding"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/search"
)

// MaxValue is how long a value may be, in characters; a longer one can't find anything.
const MaxValue = 200

// Names are the parameters that make a question, in the order in which they are shown as filters. The page isn't among them.
func Names() []string {
	return []string{
		"q", "literal", "region", "city", "near", "radius_km", "specialty", "qualification", "programme", "regime", "level", "time_model", "paid",
		"min_compensation", "max_weekly_hours", "starts_from", "starts_to", "language", "dormitory", "under_18", "open_to_college", "full", "sort",
	}
}

// Normal keeps what makes a question: the known names with values that aren't empty, each once. One question has one such form.
func Normal(values url.Values) url.Values {
	out := url.Values{}
	for _, name := range Names() {
		for _, value := range values[name] {
			value = strings.TrimSpace(value)
			if runes := []rune(value); len(runes) > MaxValue {
				value = strings.TrimSpace(string(runes[:MaxValue]))
			}
			if value != "" && !slices.Contains(out[name], value) && len(out[name]) < search.MaxValues {
				out.Add(name, value)
			}
		}
	}
	return out
}

// Read reads a question and names what is wrong with it: unknown_field for a name that is no parameter, bad_format for a value that isn't of its kind,
// unknown_value for one that isn't on its list. A reader who isn't strict may pass over that: what can't be read is left out. Several values that cancel each other out, as yes
// and no do, are none. What only the finder knows (towns, orders) it says itself.
func Read(values url.Values) (finding.Question, []errs.Field) {
	r := reader{values: values}
	q := finding.Question{
		Text: values.Get("q"), Literally: r.one("literal") == "true", Region: values["region"], City: values.Get("city"), RadiusKM: int(r.number("radius_km")), Specialty: values["specialty"],
		Qualification: values["qualification"], Programme: values["programme"], Regime: r.one("regime"), Level: values["level"],
		TimeModel: r.one("time_model"), Language: values["language"], Paid: r.truth("paid"), Dormitory: r.truth("dormitory"), Under18: r.truth("under_18"),
		OpenToCollege: values.Get("open_to_college"), MinCompensation: r.number("min_compensation"), MaxWeeklyHours: int(r.number("max_weekly_hours")),
		StartsFrom: cal.Day(values.Get("starts_from")), StartsTo: cal.Day(values.Get("starts_to")), Full: search.Full(r.one("full")),
		Sort: search.Sort(values.Get("sort")),
	}
	if near := values.Get("near"); near != "" {
		p := search.ParsePoint(near)
		q.Near = &p
	}
	if q.City == "" && q.Near == nil {
		// Emptying the town in a form leaves its radius behind; alone it means nothing.
		q.RadiusKM = 0
		if q.Sort == search.Distance {
			q.Sort = ""
		}
	}
	known(&r, "literal", "true", "false")
	known(&r, "regime", placements.R50, placements.R361)
	known(&r, "level", placements.Worker, placements.Specialist, placements.Bachelor)
	known(&r, "time_model", placements.Block, placements.Parallel)
	return q, append(r.unknown(), r.bad...)
}

// reader gathers what can't be read.
type reader struct {
	values url.Values
	bad    []errs.Field
}

// unknown names the parameters that there aren't, in the order of the alphabet.
func (r *reader) unknown() []errs.Field {
	var out []errs.Field
	for name := range r.values {
		if !slices.Contains(Names(), name) {
			out = append(out, errs.Field{Field: name, Code: "unknown_field", Params: map[string]any{"allowed": listed(Names())}})
		}
	}
	slices.SortFunc(out, func(a, b errs.Field) int { return strings.Compare(a.Field, b.Field) })
	return out
}

// one is the single value of a parameter; "" where there is none, or several.
func (r *reader) one(name string) string {
	if list := r.values[name]; len(list) == 1 {
		return list[0]
	}
	return ""
}

// known names the values of a parameter that aren't on its list.
func known[T ~string](r *reader, name string, allowed ...T) {
	for _, value := range r.values[name] {
		if !slices.Contains(allowed, T(value)) {
			r.bad = append(r.bad, errs.Field{Field: name, Code: "unknown_value", Params: map[string]any{"allowed": listed(allowed)}})
		}
	}
}

func listed[T ~string](values []T) string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return strings.Join(out, ", ")
}

func (r *reader) truth(name string) *bool {
	switch text := r.one(name); text {
	case "":
		return nil
	case "true", "false":
		yes := text == "true"
		return &yes
	}
	r.bad = append(r.bad, errs.Field{Field: name, Code: "bad_format"})
	return nil
}

func (r *reader) number(name string) int64 {
	text := r.values.Get(name)
	if text == "" {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		r.bad = append(r.bad, errs.Field{Field: name, Code: "bad_format"})
		return 0
	}
	return n
}
