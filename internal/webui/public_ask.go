package webui

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/finding"
	"github.com/orynda/orynda/internal/search"
)

// ask is a question about places as an address carries it, under the names of the contract's parameters. What isn't one of them, and what is
// empty, is left out, so that one question has one address.
type ask struct{ values url.Values }

// askNames are the parameters that make a question, in the order in which they are shown as filters. The page isn't among them.
func askNames() []string {
	return []string{
		"q", "region", "city", "near", "radius_km", "specialty", "qualification", "programme", "regime", "level", "time_model", "paid",
		"min_compensation", "max_weekly_hours", "starts_from", "starts_to", "language", "dormitory", "under_18", "open_to_college", "full", "sort",
	}
}

// wholeParam names the groups of filters that are shown with all their values.
const wholeParam = "whole"

// longestWord bounds a value; longer ones can't find anything.
const longestWord = 200

// asked reads the question of a request.
func (v *visit) asked() ask {
	a := ask{values: url.Values{}}
	known := append(askNames(), wholeParam)
	v.c.Context().QueryArgs().VisitAll(func(k, val []byte) {
		name, value := string(k), strings.TrimSpace(string(val))
		if value == "" || !slices.Contains(known, name) || slices.Contains(a.values[name], value) || len(a.values[name]) >= search.MaxValues {
			return
		}
		if runes := []rune(value); len(runes) > longestWord {
			value = string(runes[:longestWord])
		}
		a.values.Add(name, value)
	})
	return a
}

// one is the single value of a parameter; "" where there is none, or several that cancel each other out, as yes and no do.
func (a ask) one(name string) string {
	if list := a.values[name]; len(list) == 1 {
		return list[0]
	}
	return ""
}

// first is the first value of a parameter.
func (a ask) first(name string) string { return a.values.Get(name) }

func (a ask) truth(name string) *bool {
	switch a.one(name) {
	case "true":
		yes := true
		return &yes
	case "false":
		no := false
		return &no
	}
	return nil
}

func (a ask) number(name string) int64 {
	n, err := strconv.ParseInt(a.first(name), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// question is what the service is asked.
func (a ask) question() finding.Question {
	q := finding.Question{
		Text: a.first("q"), Region: a.values["region"], City: a.first("city"), RadiusKM: int(a.number("radius_km")), Specialty: a.values["specialty"],
		Qualification: a.values["qualification"], Programme: a.values["programme"], Regime: a.one("regime"), Level: a.values["level"],
		TimeModel: a.one("time_model"), Language: a.values["language"], Paid: a.truth("paid"), Dormitory: a.truth("dormitory"), Under18: a.truth("under_18"),
		OpenToCollege: a.first("open_to_college"), MinCompensation: a.number("min_compensation"), MaxWeeklyHours: int(a.number("max_weekly_hours")),
		StartsFrom: cal.Day(a.first("starts_from")), StartsTo: cal.Day(a.first("starts_to")), Full: search.Full(a.one("full")), Sort: search.Sort(a.first("sort")),
	}
	if near := a.first("near"); near != "" {
		p := search.ParsePoint(near)
		q.Near = &p
	}
	if q.City == "" && q.Near == nil {
		// Emptying the town in the form leaves its radius behind; alone it means nothing.
		q.RadiusKM = 0
		if q.Sort == search.Distance {
			q.Sort = ""
		}
	}
	for _, name := range a.values[wholeParam] {
		q.Whole = append(q.Whole, search.Facet(name))
	}
	return q
}

// clone is a copy to change.
func (a ask) clone() ask {
	out := ask{values: url.Values{}}
	for name, list := range a.values {
		out.values[name] = slices.Clone(list)
	}
	return out
}

// with is the question with one value in place of a parameter's.
func (a ask) with(name, value string) ask {
	out := a.clone()
	out.values.Set(name, value)
	return out
}

// without is the question without a value of a parameter; "" stands for all of them. What means nothing without it goes too.
func (a ask) without(name, value string) ask {
	out := a.clone()
	list := slices.DeleteFunc(out.values[name], func(v string) bool { return value == "" || v == value })
	if len(list) == 0 {
		delete(out.values, name)
	} else {
		out.values[name] = list
	}
	if name == "city" || name == "near" {
		delete(out.values, "radius_km")
		if out.first("sort") == string(search.Distance) {
			delete(out.values, "sort")
		}
	}
	return out
}

// path is the question's address below a page, without language: "/placements?q=…".
func (a ask) path(page string) string {
	if encoded := a.values.Encode(); encoded != "" {
		return page + "?" + encoded
	}
	return page
}

// filters are the parameters that narrow: all but the words, the order and how the filters are shown.
func (a ask) filters() []string {
	var out []string
	for _, name := range askNames() {
		if name != "q" && name != "sort" && name != "radius_km" && a.values.Has(name) {
			out = append(out, name)
		}
	}
	return out
}
