package directory

import (
	"slices"
	"strings"
	"unicode"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
)

// Regions lists the regions in the order of their codes.
func (r *Reference) Regions() []Region { return slices.Clone(r.regions) }

// Cities lists the cities.
func (r *Reference) Cities() []City { return slices.Clone(r.cities) }

// Specialties lists the specialties by code.
func (r *Reference) Specialties() []Specialty { return slices.Clone(r.specialties) }

// Qualifications lists the qualifications by specialty.
func (r *Reference) Qualifications() []Qualification { return slices.Clone(r.qualifications) }

// Programmes lists the university fields of training by code.
func (r *Reference) Programmes() []Programme { return slices.Clone(r.programmes) }

// Region finds a region by its KATO code.
func (r *Reference) Region(code string) (Region, bool) {
	i, ok := r.regionAt[strings.TrimSpace(code)]
	if !ok {
		return Region{}, false
	}
	return r.regions[i], true
}

// City finds a city by one of its names in any language, a former or everyday one, folded (no Kazakh letters needed) or in Latin letters.
// An empty region searches the whole country and answers the first.
func (r *Reference) City(region, name string) (City, bool) {
	// From the cheapest to the dearest: most names come from documents, as they were stored.
	for _, key := range []func(string) string{storedName, foldName, skeletonName} {
		folded := key(name)
		if folded == "" {
			continue
		}
		for _, i := range r.cityAt[folded] {
			if region == "" || r.cities[i].Region == region {
				return r.cities[i], true
			}
		}
	}
	return City{}, false
}

// storedName keys the names under which cities are stored apart from folded ones: no folded name begins with a capital letter.
func storedName(s string) string { return "K:" + s }

// CityName gives a stored city's name in a language; what is no city comes back as it is.
func (r *Reference) CityName(region, stored string, lang i18n.Lang) string {
	if c, ok := r.City(region, stored); ok {
		return c.Name.In(lang)
	}
	return stored
}

// FindPlace checks a region's code and a city's name in any language and gives them as they are stored. bad names what is wrong: unknown_region
// on "region"; unknown_city or city_not_in_region on "city". Empty ones are not checked.
func (r *Reference) FindPlace(region, city string) (storedRegion, storedCity string, bad []errs.Field) {
	region = strings.TrimSpace(region)
	_, known := r.Region(region)
	if region != "" && !known {
		bad = append(bad, errs.Field{Field: "region", Code: "unknown_region"})
	}
	if strings.TrimSpace(city) == "" {
		return region, "", bad
	}
	within := region
	if !known {
		within = "" // the city alone can still be judged
	}
	if c, ok := r.City(within, city); ok {
		return region, c.Key(), bad
	}
	code := "unknown_city"
	if _, elsewhere := r.City("", city); elsewhere {
		code = "city_not_in_region"
	}
	return region, "", append(bad, errs.Field{Field: "city", Code: code})
}

// Specialty finds a specialty by its code in any usual way of writing.
func (r *Reference) Specialty(code string) (Specialty, bool) {
	_, digits, ok := splitCode(normalCode(code))
	if !ok {
		return Specialty{}, false
	}
	i, ok := r.specialtyAt[digits]
	if !ok {
		return Specialty{}, false
	}
	return r.specialties[i], true
}

// Qualification finds a qualification by its code with or without prefix, also typed with Cyrillic letters ("4С07150106"): what counts are the
// last eight digits.
func (r *Reference) Qualification(code string) (Qualification, bool) {
	_, digits, ok := splitCode(normalCode(code))
	if !ok {
		return Qualification{}, false
	}
	i, ok := r.qualificationAt[digits]
	if !ok {
		return Qualification{}, false
	}
	return r.qualifications[i], true
}

// Trade is a qualification, or a specialty where no qualification is known: what a qualification_code of the API names.
type Trade struct {
	Code          string // as the classifier has it
	SpecialtyCode string
	Level         string // "" for a specialty and where the classifier doesn't print it
	Name          i18n.Text
}

// Trade finds what a qualification_code names: a qualification's or a specialty's code.
func (r *Reference) Trade(code string) (Trade, bool) {
	if q, ok := r.Qualification(code); ok {
		return Trade{Code: q.Code, SpecialtyCode: q.SpecialtyCode, Level: q.Level, Name: q.Name}, true
	}
	if s, ok := r.Specialty(code); ok {
		return Trade{Code: s.Code, SpecialtyCode: s.Code, Name: s.Name}, true
	}
	return Trade{}, false
}

// Programme finds a university field of training by its code, also typed with a Cyrillic В.
func (r *Reference) Programme(code string) (Programme, bool) {
	i, ok := r.programmeAt[normalCode(code)]
	if !ok {
		return Programme{}, false
	}
	return r.programmes[i], true
}

// maxCode is longer than any way of writing a code.
const maxCode = 40

// normalCode drops spaces and dashes, raises letters and replaces Cyrillic look-alikes: А, В, and С, which stands for the classifier's S;
// З and О for the digits they look like.
func normalCode(code string) string {
	if len(code) > maxCode {
		return ""
	}
	return strings.Map(func(c rune) rune {
		switch c = unicode.ToUpper(c); c {
		case 'А':
			return 'A'
		case 'В':
			return 'B'
		case 'С', 'Ѕ', 'C':
			return 'S'
		case 'З':
			return '3'
		case 'О', 'O':
			return '0'
		case '-', '–', '.', '\u00a0':
			return -1
		}
		if unicode.IsSpace(c) {
			return -1
		}
		return c
	}, code)
}

// splitCode cuts a normalised code into its prefix and its eight digits (legal-facts.md 3).
func splitCode(code string) (prefix, digits string, ok bool) {
	if len(code) < 8 {
		return "", "", false
	}
	prefix, digits = code[:len(code)-8], code[len(code)-8:]
	return prefix, digits, allDigits(digits, 8) && (prefix == "" || levelOf(prefix) != "")
}
