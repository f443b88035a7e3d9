package placements

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Fields lists what is posted of a place, by the names of the contract, in the order of the form.
func Fields() []string {
	return []string{
		"regime", "title", "summary", "tasks", "conditions", "modules", "qualification_code", "programme_code", "level", "skills", "seats",
		"workplaces", "starts_on", "ends_on", "apply_from", "apply_by", "time_model", "weekly_hours", "night_work", "compensation", "insurance",
		"benefits", "languages", "min_age", "hazardous", "mentor_id", "colleges", "open_to_citizens", "auto_offer", "external_reference",
		"questions",
	}
}

// wholeFields are told as one even where only a part changed, because a part alone says nothing.
func wholeFields() []string { return []string{"compensation", "insurance"} }

// materialFields are those of which every live applicant is told: pay, dates, hours, workplace, minimum age, mentor.
func materialFields() []string {
	return []string{
		"workplaces", "starts_on", "ends_on", "time_model", "weekly_hours", "night_work", "compensation", "min_age", "hazardous", "mentor_id",
	}
}

// Changes lists the paths at which two states of a place differ ("weekly_hours", "workplaces[0].address"), in the order of the form.
func Changes(before, after *Placement) []string {
	b, a := tree(before), tree(after)
	var out []string
	for _, f := range Fields() {
		out = append(out, differences(f, b[f], a[f])...)
	}
	return out
}

// Material reports whether one of the changes is such that applicants must be told.
func Material(changes []string) bool {
	return slices.ContainsFunc(changes, func(path string) bool { return slices.Contains(materialFields(), root(path)) })
}

// root is the field a path begins with.
func root(path string) string {
	if i := strings.IndexAny(path, ".["); i >= 0 {
		return path[:i]
	}
	return path
}

// tree is the place as its JSON, which has the names of the contract.
func tree(p *Placement) map[string]any {
	raw, err := json.Marshal(p)
	if err != nil {
		return nil // a placement always marshals
	}
	var out map[string]any
	if json.Unmarshal(raw, &out) != nil {
		return nil
	}
	return out
}

// differences goes down into objects, and into lists of objects of equal length.
func differences(path string, before, after any) []string {
	if reflect.DeepEqual(before, after) {
		return nil
	}
	if slices.Contains(wholeFields(), path) {
		return []string{path}
	}
	switch b := before.(type) {
	case map[string]any:
		if a, ok := after.(map[string]any); ok {
			return objectDifferences(path, b, a)
		}
	case []any:
		if a, ok := after.([]any); ok && len(a) == len(b) && isObject(b[0]) {
			var out []string
			for i := range b {
				out = append(out, differences(fmt.Sprintf("%s[%d]", path, i), b[i], a[i])...)
			}
			return out
		}
	}
	return []string{path}
}

func isObject(v any) bool {
	_, ok := v.(map[string]any)
	return ok
}

func objectDifferences(path string, before, after map[string]any) []string {
	var names []string
	for name := range before {
		names = append(names, name)
	}
	for name := range after {
		if _, ok := before[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var out []string
	for _, name := range names {
		if name == "id" {
			continue // ours, not posted: a workplace that is replaced shows by its address
		}
		out = append(out, differences(path+"."+name, before[name], after[name])...)
	}
	if len(out) == 0 {
		return []string{path} // only the id differs: another workplace at the same address
	}
	return out
}

// At gives the value of a path as JSON values (string, float64, bool, map, slice); ok is false where there is none.
func At(p *Placement, path string) (value any, ok bool) {
	value = any(tree(p))
	for _, step := range steps(path) {
		switch v := value.(type) {
		case map[string]any:
			if value, ok = v[step]; !ok {
				return nil, false
			}
		case []any:
			var i int
			if _, err := fmt.Sscanf(step, "%d", &i); err != nil || i < 0 || i >= len(v) {
				return nil, false
			}
			value = v[i]
		default:
			return nil, false
		}
	}
	return value, true
}

// steps cuts a path: "workplaces[0].address" is workplaces, 0, address.
func steps(path string) []string {
	return strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' || r == ']' })
}

// covers reports whether one path is the other or contains it.
func covers(a, b string) bool {
	inside := func(outer, inner string) bool {
		rest, ok := strings.CutPrefix(inner, outer)
		return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
	}
	return inside(a, b) || inside(b, a)
}
