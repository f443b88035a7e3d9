package placements

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
)

// importColumns lists the columns a file may have.
func importColumns() []string {
	return []string{
		"external_reference", "regime", "title_kk", "title_ru", "title_en", "summary_kk", "summary_ru", "summary_en", "tasks_kk", "tasks_ru",
		"tasks_en", "conditions", "modules", "qualification_code", "programme_code", "level", "skills", "seats", "region", "city", "address",
		"lat", "lon", "kind", "starts_on", "ends_on", "apply_from", "apply_by", "time_model", "weekly_hours", "night_work",
		"compensation_kind", "compensation_amount", "insurance_taken", "insurance_note", "benefits_meals", "benefits_dormitory",
		"benefits_transport", "benefits_clothing", "languages", "min_age", "hazardous", "mentor_id", "colleges", "open_to_citizens",
		"auto_offer", "questions",
	}
}

// parsedRow is a row that was read.
type parsedRow struct {
	number    int
	reference string
	in        Input
	// changes puts parts of objects onto a place: an empty cell leaves what is there.
	changes []func(p *Placement)
}

// cellError names a bad cell by row and column.
func cellError(row int, column, code string, params map[string]any) errs.Field {
	return errs.Field{Field: fmt.Sprintf("row %d, column %s", row, column), Code: code, Params: params}
}

// readRows reads every cell of a table and names every bad one.
func readRows(t table) ([]parsedRow, []errs.Field) {
	header, bad := readHeader(t.header)
	if len(bad) > 0 {
		return nil, bad
	}
	var out []parsedRow
	seen := map[string]int{}
	for _, row := range t.rows {
		c := &cells{values: map[string]string{}, xlsx: t.xlsx, bad: map[string]string{}}
		for i, v := range row.cells {
			if i < len(header) {
				c.values[header[i]] = v
			} else if v != "" {
				bad = append(bad, cellError(row.number, fmt.Sprint(i+1), "cell_without_column", nil))
			}
		}
		r := readRow(row.number, c)
		if first, twice := seen[r.reference]; twice && r.reference != "" {
			bad = append(bad, cellError(row.number, "external_reference", "reference_repeated", map[string]any{"row": first}))
		}
		seen[r.reference] = row.number
		for _, column := range sortedKeys(c.bad) {
			bad = append(bad, cellError(row.number, column, c.bad[column], nil))
		}
		out = append(out, r)
	}
	return out, bad
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// readHeader checks the column names.
func readHeader(names []string) ([]string, []errs.Field) {
	var bad []errs.Field
	header := make([]string, len(names))
	for i, name := range names {
		header[i] = strings.ToLower(name)
		switch {
		case header[i] == "":
			continue
		case !slices.Contains(importColumns(), header[i]):
			bad = append(bad, cellError(1, header[i], "column_unknown", nil))
		case slices.Index(header, header[i]) != i:
			bad = append(bad, cellError(1, header[i], "column_repeated", nil))
		}
	}
	for _, needed := range []string{"external_reference", "regime"} {
		if !slices.Contains(header, needed) {
			bad = append(bad, cellError(1, needed, "column_missing", nil))
		}
	}
	return header, bad
}

// readRow reads the cells of one row.
func readRow(number int, c *cells) parsedRow {
	r := parsedRow{number: number, reference: c.values["external_reference"]}
	if r.reference == "" {
		c.fail("external_reference", "required")
	}
	r.in = Input{
		Regime: word[Regime](c, "regime"), Conditions: c.text("conditions"), Modules: c.modules(),
		QualificationCode: c.code("qualification_code"), ProgrammeCode: c.text("programme_code"), Level: word[Level](c, "level"),
		Skills: list[string](c, "skills"), Seats: parsed(c, "seats", readWhole),
		StartsOn: c.day("starts_on"), EndsOn: c.day("ends_on"), ApplyFrom: c.day("apply_from"), ApplyBy: c.day("apply_by"),
		TimeModel: word[TimeModel](c, "time_model"), WeeklyHours: parsed(c, "weekly_hours", readWhole), NightWork: parsed(c, "night_work", readBool),
		Languages: list[i18n.Lang](c, "languages"), MinAge: parsed(c, "min_age", readWhole), Hazardous: parsed(c, "hazardous", readBool),
		MentorID: c.text("mentor_id"), Colleges: list[string](c, "colleges"), OpenToCitizens: parsed(c, "open_to_citizens", readBool),
		AutoOffer: parsed(c, "auto_offer", readBool), ExternalReference: c.text("external_reference"), Questions: list[string](c, "questions"),
	}
	r.readPlace(c)
	r.readParts(c)
	return r
}

// readPlace reads the one workplace of a row.
func (r *parsedRow) readPlace(c *cells) {
	w := WorkplaceInput{
		Region: c.values["region"], City: c.values["city"], Address: c.values["address"], Kind: WorkplaceKind(c.values["kind"]),
		Lat: parsed(c, "lat", readNumber), Lon: parsed(c, "lon", readNumber),
	}
	if w == (WorkplaceInput{}) {
		return
	}
	for _, needed := range []string{"region", "city"} {
		if c.values[needed] == "" {
			c.fail(needed, "required")
		}
	}
	r.in.Workplaces = &[]WorkplaceInput{w}
}

// readParts reads texts and objects, of which a row may say a part.
func (r *parsedRow) readParts(c *cells) {
	put := func(change func(p *Placement)) { r.changes = append(r.changes, change) }
	for field, at := range map[string]func(p *Placement) *i18n.Text{
		"title":   func(p *Placement) *i18n.Text { return &p.Title },
		"summary": func(p *Placement) *i18n.Text { return &p.Summary },
		"tasks":   func(p *Placement) *i18n.Text { return &p.Tasks },
	} {
		if t := c.langText(field); t != nil {
			put(func(p *Placement) { addTexts(at(p), *t) })
		}
	}
	if kind := word[PayKind](c, "compensation_kind"); kind != nil {
		put(func(p *Placement) { p.Compensation.Kind = *kind })
	}
	if amount := parsed(c, "compensation_amount", readWhole); amount != nil {
		put(func(p *Placement) { p.Compensation.Amount = int64(*amount) })
	}
	if taken := parsed(c, "insurance_taken", readBool); taken != nil {
		put(func(p *Placement) { p.Insurance.Taken = taken })
	}
	if note := c.text("insurance_note"); note != nil {
		put(func(p *Placement) { p.Insurance.Note = *note })
	}
	for column, at := range map[string]func(p *Placement) *bool{
		"benefits_meals":     func(p *Placement) *bool { return &p.Benefits.Meals },
		"benefits_dormitory": func(p *Placement) *bool { return &p.Benefits.Dormitory },
		"benefits_transport": func(p *Placement) *bool { return &p.Benefits.Transport },
		"benefits_clothing":  func(p *Placement) *bool { return &p.Benefits.Clothing },
	} {
		if v := parsed(c, column, readBool); v != nil {
			put(func(p *Placement) { *at(p) = *v })
		}
	}
}

// addTexts takes over the languages that are said.
func addTexts(t *i18n.Text, more i18n.Text) {
	for _, pair := range []struct {
		to   *string
		from string
	}{{&t.KK, more.KK}, {&t.RU, more.RU}, {&t.EN, more.EN}} {
		if pair.from != "" {
			*pair.to = pair.from
		}
	}
}

// columnOf gives the column of a field's path.
func columnOf(path string) string {
	switch root(path) {
	case "modules", "skills", "languages", "colleges", "questions":
		return root(path)
	case "workplaces":
		parts := steps(path)
		if len(parts) == 3 {
			return parts[2]
		}
		return "address"
	}
	return strings.ReplaceAll(path, ".", "_")
}
