package webui

import (
	"net/url"
	"strconv"

	"github.com/orynda/orynda/internal/asking"
	"github.com/orynda/orynda/web/pages/admin"
)

// searchesWanted reads what the report shall be about.
func (v *visit) searchesWanted() asking.Wanted {
	return asking.Wanted{Days: v.c.QueryInt("days"), Region: v.query("region"), Trade: v.query("trade")}
}

// adminSearches is what was searched for in vain.
func (s *site) adminSearches(v *visit) error {
	w := v.searchesWanted()
	r, err := s.Asking.NothingFound(v.ctx(), v.actor, w, v.lang)
	if err != nil {
		return err
	}
	w.Days = r.Days
	d := admin.Searches{InVain: r.InVain, Least: asking.Least, File: searchesPath("/admin/searches.csv", w)}
	for _, days := range asking.Periods() {
		other := w
		other.Days = days
		d.Periods = append(d.Periods, admin.Period{Days: days, Path: searchesPath("/admin/searches", other), Current: days == w.Days})
	}
	for _, l := range r.Texts {
		d.Texts = append(d.Texts, admin.Asked{Label: l.Label, Count: l.Count, Path: "/placements?q=" + url.QueryEscape(l.Value)})
	}
	for _, l := range r.Regions {
		d.Regions = append(d.Regions, narrowed(l, w, func(w *asking.Wanted) *string { return &w.Region }))
	}
	for _, l := range r.Trades {
		d.Trades = append(d.Trades, narrowed(l, w, func(w *asking.Wanted) *string { return &w.Trade }))
	}
	if w.Region != "" || w.Trade != "" {
		d.Whole = searchesPath("/admin/searches", asking.Wanted{Days: w.Days})
	}
	return v.show(admin.SearchesPage(d))
}

// narrowed is a line that leads to the report about it alone; the one it is about already leads nowhere.
func narrowed(l asking.Line, w asking.Wanted, of func(w *asking.Wanted) *string) admin.Asked {
	out := admin.Asked{Label: l.Label, Count: l.Count}
	if *of(&w) != l.Value {
		*of(&w) = l.Value
		out.Path = searchesPath("/admin/searches", w)
	}
	return out
}

func searchesPath(page string, w asking.Wanted) string {
	q := url.Values{"days": {strconv.Itoa(w.Days)}}
	if w.Region != "" {
		q.Set("region", w.Region)
	}
	if w.Trade != "" {
		q.Set("trade", w.Trade)
	}
	return page + "?" + q.Encode()
}

// adminSearchesFile is the report as a file.
func (s *site) adminSearchesFile(v *visit) error {
	r, err := s.Asking.NothingFound(v.ctx(), v.actor, v.searchesWanted(), v.lang)
	if err != nil {
		return err
	}
	name, body, err := s.Asking.File(r, v.lang)
	if err != nil {
		return err
	}
	return v.file(name, "text/csv; charset=utf-8", body)
}
