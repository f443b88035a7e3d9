package search

import (
	"strings"

	"github.com/orynda/orynda/internal/fold"
	"github.com/orynda/orynda/internal/i18n"
)

// Field is a group of texts of a document in which words are found. The order of the fields is their weight: a word found in an
// earlier one ranks higher.
type Field int

// The fields.
const (
	FieldReference Field = iota
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
	names := [FieldCount]string{"reference", "title", "qualification", "specialty", "programme", "enterprise", "city", "region",
		"modules", "summary", "tasks"}
	return names[f]
}

// FieldTexts gives the texts of a field, to be folded before they are indexed.
func (d *Document) FieldTexts(f Field) []string {
	switch f {
	case FieldReference:
		return referenceWords(d.Reference)
	case FieldTitle:
		return texts(d.Title)
	case FieldQualification:
		return d.Qualification.texts()
	case FieldSpecialty:
		return d.Specialty.texts()
	case FieldProgramme:
		return d.Programme.texts()
	case FieldEnterprise:
		return nonEmpty(d.EnterpriseName)
	case FieldCity:
		var out []string
		for i := range d.Workplaces {
			w := &d.Workplaces[i]
			out = append(append(out, texts(w.CityNames)...), nonEmpty(w.Aliases...)...)
		}
		return out
	case FieldRegion:
		var out []string
		for i := range d.Workplaces {
			out = append(out, texts(d.Workplaces[i].RegionNames)...)
		}
		return out
	case FieldModules:
		var out []string
		for _, m := range d.Modules {
			out = append(out, texts(m)...)
		}
		return out
	case FieldSummary:
		return texts(d.Summary)
	case FieldTasks:
		return texts(d.Tasks)
	default:
		return nil
	}
}

func (t Term) texts() []string {
	return append(texts(t.Names), t.also()...)
}

func texts(t i18n.Text) []string { return nonEmpty(t.KK, t.RU, t.EN) }

func nonEmpty(in ...string) []string {
	var out []string
	for _, s := range in {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// referenceWords makes a reference one word, so that the "OR" that all share never matches alone, and its own part another.
func referenceWords(reference string) []string {
	whole, ok := parseReference(reference)
	if !ok {
		return nonEmpty(strings.Join(fold.Words(reference), ""))
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
