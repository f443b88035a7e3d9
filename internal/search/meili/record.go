package meili

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/search"
)

// record is what the server stores of a place. Maps are marshalled with sorted keys, so the same place is the same bytes.
type record map[string]any

// maxPoints bounds the records of one place: it has at most 20 workplaces. Points beyond it are not found.
const maxPoints = 20

// recordID is the id of a place's nth record.
func recordID(place string, n int) string {
	if n == 0 {
		return place
	}
	return fmt.Sprintf("%s-%d", place, n)
}

// records makes the records of a document, one for each of its points, at least one.
func records(s *search.Scribe, d *search.Document) []record {
	points := d.Points()
	points = points[:min(len(points), maxPoints)]
	var out []record
	for n := range max(1, len(points)) {
		r := base(s, d, points)
		r["id"], r[attrExtra] = recordID(d.ID, n), n
		if n < len(points) {
			r[attrGeo] = map[string]float64{"lat": points[n].Lat, "lng": points[n].Lon}
		}
		out = append(out, r)
	}
	return out
}

func base(s *search.Scribe, d *search.Document, points []search.Point) record {
	r := record{
		attrPlace: d.ID, attrReference: valid(d.Reference), attrTitle: title(d.Title),
		attrPublished: d.PublishedAt.UnixMilli(), attrPay: d.MonthlyPay(), attrApplicants: max(0, d.Applicants),
	}
	pairs := make([][2]float64, 0, len(points))
	for _, p := range points {
		pairs = append(pairs, [2]float64{p.Lat, p.Lon})
	}
	r[attrPoints] = pairs
	if d.WeeklyHours > 0 {
		r[attrHours] = d.WeeklyHours
	}
	putDay(r, attrApplyBy, d.ApplyBy)
	putDay(r, attrStartsOn, d.StartsOn)
	for f := range search.FieldCount {
		if words := lines(s.Words(d, f)); len(words) > 0 {
			r[wordsOf(f)] = words
		}
	}
	for _, f := range search.Facets() {
		if values := encodeAll(d.FacetValues(f)); len(values) > 0 {
			r[facetOf(f)] = values
		}
	}
	for _, sum := range search.AllSeats() {
		if values := encodeAll(d.SeatValues(sum)); len(values) > 0 {
			r[seatsOf(sum)] = values
		}
	}
	for _, k := range labelKinds() {
		var labels []string
		for _, l := range d.Labels(k) {
			labels = append(labels, encodeLabel(l))
		}
		if len(labels) > 0 {
			r[labelsOf(k)] = labels
		}
	}
	return r
}

// putDay leaves a day that isn't known out, so that it sorts last and is in no period.
func putDay(r record, attr string, d cal.Day) {
	if d.Valid() {
		r[attr] = dayNumber(d)
	}
}

func dayNumber(d cal.Day) int { return cal.Day("1970-01-01").DaysUntil(d) }

func title(t i18n.Text) i18n.Text {
	return i18n.Text{KK: valid(t.KK), RU: valid(t.RU), EN: valid(t.EN)}
}

// valid replaces bytes that JSON can't carry.
func valid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

// lines writes the words of a field: each text as one line in its order, then the words that stand for other forms, then the phrases.
func lines(words search.FieldWords) []string {
	var out, forms []string
	for _, text := range words.Texts {
		line := make([]string, len(text))
		for i, w := range text {
			line[i] = w.Key
			if w.Form != "" && !slices.Contains(forms, w.Form) {
				forms = append(forms, w.Form)
			}
		}
		out = append(out, strings.Join(line, " "))
	}
	return append(append(out, forms...), words.Phrases...)
}

// encode makes a value safe for the server's filter language, which can't write every string: it has no escape for a backslash.
func encode(value string) string {
	if value = valid(value); !strings.ContainsAny(value, `%"\`) {
		return value
	}
	return strings.NewReplacer("%", "%25", `"`, "%22", `\`, "%5C").Replace(value)
}

func decode(value string) string {
	if !strings.Contains(value, "%") {
		return value
	}
	return strings.NewReplacer("%25", "%", "%22", `"`, "%5C", `\`).Replace(value)
}

func encodeAll(values []string) []string {
	var out []string
	for _, v := range values {
		out = append(out, encode(v))
	}
	return out
}

// maxLabel keeps a label within what the server keeps of a facet value whole (468 bytes).
const maxLabel = 440

// encodeLabel writes a label so that a facet count brings its names along.
func encodeLabel(l search.Label) string {
	l.Names = title(l.Names)
	for {
		data, err := json.Marshal([]any{l.Value, l.Names.KK, l.Names.RU, l.Names.EN, l.Also})
		if err == nil && len(data) <= maxLabel {
			return string(data)
		}
		if len(l.Also) == 0 {
			data, _ = json.Marshal([]any{l.Value, cut(l.Names.KK), cut(l.Names.RU), cut(l.Names.EN), nil})
			return string(data)
		}
		l.Also = l.Also[:len(l.Also)-1]
	}
}

func cut(s string) string {
	const most = 60 // letters: three names of two-byte letters and a value stay below maxLabel
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

func decodeLabel(s string) (l search.Label, ok bool) {
	var parts []json.RawMessage
	if json.Unmarshal([]byte(s), &parts) != nil || len(parts) != 5 {
		return l, false
	}
	for i, to := range []any{&l.Value, &l.Names.KK, &l.Names.RU, &l.Names.EN, &l.Also} {
		if json.Unmarshal(parts[i], to) != nil {
			return l, false
		}
	}
	return l, true
}
