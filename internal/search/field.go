package search

import (
	"strings"

	"github.com/orynda/orynda/internal/fold"
)

// Field is a group of texts of a document in which words are found. The order of the fields is their weight: a word found in an
// earlier one ranks higher.
type Field int

// The fields.
const (
	FieldReference Field = iota
	FieldTrade           // the names of the place's trade, each as one word
	FieldTitle
	FieldQualification
	FieldSpecialty
	FieldProgramme
	FieldEnterprise
	FieldCity
	FieldRegion
	FieldModules
	FieldSummary
	FieldTasks
	FieldCount // how many there are
)

// String is the field's name in an index.
func (f Field) String() string {
	names := [FieldCount]string{"reference", "trade", "title", "qualification", "specialty", "programme", "enterprise", "city", "region",
		"modules", "summary", "tasks"}
	return names[f]
}

// Strong is how many of the first fields say what and where a place is; words found in the others only are a weaker answer.
const Strong = FieldModules

// FieldTexts gives the texts of a field, to be read with a [Lexicon]; none for the reference and the
// trade, which are no texts.
func (d *Document) FieldTexts(f Field) []Passage {
	switch f {
	case FieldTitle:
		return passages(d.Title)
	case FieldQualification:
		return d.Qualification.passages()
	case FieldSpecialty:
		return d.Specialty.passages()
	case FieldProgramme:
		return d.Programme.passages()
	case FieldEnterprise:
		return unsaid(d.EnterpriseName)
	case FieldCity:
		var out []Passage
		for i := range d.Workplaces {
			w := &d.Workplaces[i]
			out = append(append(out, passages(w.CityNames)...), unsaid(w.Aliases...)...)
		}
		return out
	case FieldRegion:
		var out []Passage
		for i := range d.Workplaces {
			w := &d.Workplaces[i]
			out = append(append(out, passages(w.RegionNames)...), unsaid(w.RegionAliases...)...)
		}
		return out
	case FieldModules:
		var out []Passage
		for _, m := range d.Modules {
			out = append(out, passages(m)...)
		}
		return out
	case FieldSummary:
		return passages(d.Summary)
	case FieldTasks:
		return passages(d.Tasks)
	default:
		return nil
	}
}

// passages gives a term's names, its code and those of its synonyms that are one word; longer ones are found as phrases only.
func (t Term) passages() []Passage {
	out := append(passages(t.Names), unsaid(t.Code)...)
	for _, s := range t.Synonyms {
		if len(fold.Words(s)) == 1 {
			out = append(out, Passage{Text: s})
		}
	}
	return out
}

// referenceWords makes a reference one word, so that the "OR" that all share never matches alone, and its own part another.
func referenceWords(reference string) []string {
	whole, ok := parseReference(reference)
	if !ok {
		return []string{strings.Join(fold.Words(reference), "")}
	}
	return []string{whole, strings.TrimPrefix(whole, "or")}
}

// parseReference recognises a reference number as a person types it (any case, with or without the dash, O for 0 and I or L for 1) and gives
// the word it is indexed as.
func parseReference(text string) (word string, ok bool) {
	s := strings.Join(fold.Words(text), " ")
	rest, ok := strings.CutPrefix(s, "or")
	if !ok {
		return "", false
	}
	dashed := strings.Contains(text, "-")
	rest = strings.TrimPrefix(rest, " ")
	if len(rest) != 6 || !dashed && !strings.ContainsAny(rest, "0123456789") {
		return "", false
	}
	for _, r := range rest {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' && r != 'u' {
			continue
		}
		return "", false
	}
	return "or" + strings.NewReplacer("o", "0", "i", "1", "l", "1").Replace(rest), true
}
