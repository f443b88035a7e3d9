package httpapi

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements"
)

// changes words what changed of a place, before and after, in the reader's language. A value that isn't there is left out.
func (a *PlacementsAPI) changes(ctx context.Context, paths []string, before, after *placements.Placement) ([]apigen.PlacementChange, error) {
	out := []apigen.PlacementChange{}
	for _, path := range paths {
		was, err := a.worded(ctx, before, path)
		if err != nil {
			return nil, err
		}
		is, err := a.worded(ctx, after, path)
		if err != nil {
			return nil, err
		}
		out = append(out, apigen.PlacementChange{Field: path, Before: some(was), After: some(is)})
	}
	return out, nil
}

// worded says one value of a place; "" for none.
func (a *PlacementsAPI) worded(ctx context.Context, p *placements.Placement, path string) (string, error) {
	lang := httpd.Lang(ctx)
	switch path {
	case "mentor_id":
		return a.Service.MentorName(ctx, p.MentorID)
	case "colleges":
		return a.collegeNames(ctx, p.Colleges)
	case "compensation":
		return a.payWords(p.Compensation, lang), nil
	case "insurance":
		return a.insuranceWords(p.Insurance, lang), nil
	case "workplaces":
		return a.addresses(p.Workplaces, lang), nil
	case "modules":
		return moduleWords(p.Modules, lang), nil
	}
	value, ok := placements.At(p, path)
	if !ok {
		return "", nil
	}
	return a.valueWords(path, value, p, lang), nil
}

func (a *PlacementsAPI) collegeNames(ctx context.Context, ids []string) (string, error) {
	var names []string
	for _, id := range ids {
		name, err := a.Service.CollegeName(ctx, id)
		if err != nil {
			return "", err
		}
		if name != "" {
			names = append(names, name)
		}
	}
	return strings.Join(names, "; "), nil
}

func (a *PlacementsAPI) payWords(c placements.Compensation, lang i18n.Lang) string {
	if c.Kind == "" {
		return ""
	}
	return a.Catalogue.Say(lang, "value.compensation."+string(c.Kind), map[string]any{"amount": grouped(c.Amount)})
}

func (a *PlacementsAPI) insuranceWords(i placements.Insurance, lang i18n.Lang) string {
	if i.Taken == nil {
		return ""
	}
	words := a.Catalogue.Say(lang, "value.insurance."+strconv.FormatBool(*i.Taken), nil)
	if i.Note != "" {
		words += ": " + i.Note
	}
	return words
}

func (a *PlacementsAPI) addresses(list []placements.Workplace, lang i18n.Lang) string {
	var out []string
	for _, w := range list {
		out = append(out, a.address(w, lang))
	}
	return strings.Join(out, "; ")
}

func (a *PlacementsAPI) address(w placements.Workplace, lang i18n.Lang) string {
	city := a.Reference.CityName(w.Region, w.City, lang)
	if w.Address == "" {
		return city
	}
	return city + ", " + w.Address
}

func moduleWords(list []placements.Module, lang i18n.Lang) string {
	var out []string
	for _, m := range list {
		out = append(out, fmt.Sprintf("%s (%d/%d)", m.Name.In(lang), m.EnterpriseHours, m.Hours))
	}
	return strings.Join(out, "; ")
}

// valueWords says a single value by its field.
func (a *PlacementsAPI) valueWords(path string, value any, p *placements.Placement, lang i18n.Lang) string {
	switch v := value.(type) {
	case bool:
		return a.Catalogue.Say(lang, "value."+strconv.FormatBool(v), nil)
	case float64:
		return a.numberWords(path, v, lang)
	case string:
		return a.stringWords(path, v, p, lang)
	case []any:
		var out []string
		for _, item := range v {
			out = append(out, a.valueWords(path, item, p, lang))
		}
		return strings.Join(out, ", ")
	case map[string]any:
		if i, ok := workplaceIndex(path); ok && i < len(p.Workplaces) {
			return a.address(p.Workplaces[i], lang)
		}
		return i18n.Text{KK: word(v["kk"]), RU: word(v["ru"]), EN: word(v["en"])}.In(lang)
	}
	return ""
}

func word(v any) string {
	s, _ := v.(string)
	return s
}

// workplaceIndex reads "workplaces[2]".
func workplaceIndex(path string) (i int, ok bool) {
	rest, ok := strings.CutPrefix(path, "workplaces[")
	if !ok {
		return 0, false
	}
	i, err := strconv.Atoi(strings.TrimSuffix(rest, "]"))
	return i, err == nil
}

// numberWords says a number with its unit; 0 is unsaid.
func (a *PlacementsAPI) numberWords(path string, v float64, lang i18n.Lang) string {
	switch path {
	case "weekly_hours", "min_age", "seats":
		if v == 0 {
			return ""
		}
		return a.Catalogue.Say(lang, "value."+path, map[string]any{"Count": int(v)})
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// stringWords says words of closed lists, days, towns and regions in the reader's language, and every other text as it was written.
func (a *PlacementsAPI) stringWords(path, v string, p *placements.Placement, lang i18n.Lang) string {
	switch {
	case v == "":
		return ""
	case path == "starts_on" || path == "ends_on" || path == "apply_from" || path == "apply_by":
		return dayWords(cal.Day(v), lang)
	case path == "regime" || path == "level" || path == "time_model":
		return a.Catalogue.Say(lang, "value."+path+"."+v, nil)
	case path == "languages":
		return a.Catalogue.Say(lang, "value.language."+v, nil)
	case strings.HasSuffix(path, "].kind"):
		return a.Catalogue.Say(lang, "value.workplace_kind."+v, nil)
	case strings.HasSuffix(path, "].region"):
		if r, ok := a.Reference.Region(v); ok {
			return r.Name.In(lang)
		}
	case strings.HasSuffix(path, "].city"):
		if i, ok := workplaceIndex(strings.TrimSuffix(path, ".city")); ok && i < len(p.Workplaces) {
			return a.Reference.CityName(p.Workplaces[i].Region, v, lang)
		}
	}
	return v
}

// dayWords writes a day as people do.
func dayWords(d cal.Day, lang i18n.Lang) string {
	if !d.Valid() {
		return string(d)
	}
	if lang == i18n.EN {
		return d.Start().In(cal.Zone()).Format("2 January 2006")
	}
	return d.Start().In(cal.Zone()).Format("02.01.2006")
}

// grouped writes whole tenge with thin groups: 60 000.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u00a0" + s[i:]
	}
	return s
}
