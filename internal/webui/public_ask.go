package webui

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/orynda/orynda/internal/finding"
	"github.com/orynda/orynda/internal/finding/questions"
	"github.com/orynda/orynda/internal/search"
)

// ask is a question about places as an address carries it, under the names of the contract's parameters. What isn't one of them, and what is
// empty, is left out, so that one question has one address.
type ask struct{ values url.Values }

// wholeParam names the groups of filters that are shown with all their values.
const wholeParam = "whole"

// mostWhole bounds how many groups may be asked for whole.
const mostWhole = 20

// asked reads the question of a request.
func (v *visit) asked() ask {
	sent := url.Values{}
	v.c.Context().QueryArgs().VisitAll(func(k, val []byte) { sent.Add(string(k), string(val)) })
	a := ask{values: questions.Normal(sent)}
	for _, name := range sent[wholeParam] {
		if name != "" && !slices.Contains(a.values[wholeParam], name) && len(a.values[wholeParam]) < mostWhole {
			a.values.Add(wholeParam, name)
		}
	}
	return a
}

// first is the first value of a parameter.
func (a ask) first(name string) string { return a.values.Get(name) }

func (a ask) number(name string) int64 {
	n, err := strconv.ParseInt(a.first(name), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// question is what the service is asked; what can't be read is passed over.
func (a ask) question() finding.Question {
	q, _ := questions.Read(a.values)
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
	if name == "q" {
		delete(out.values, "literal")
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

// filters are the parameters that narrow: all but the words and how they are read, the order and how the filters are shown.
func (a ask) filters() []string {
	var out []string
	for _, name := range questions.Names() {
		if name != "q" && name != "literal" && name != "sort" && name != "radius_km" && a.values.Has(name) {
			out = append(out, name)
		}
	}
	return out
}
