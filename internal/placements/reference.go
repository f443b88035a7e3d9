package placements

import "strings"

// ValidReference reports whether s is written like a reference number: "OR-" and six characters of Crockford's base 32.
func ValidReference(s string) bool {
	rest, ok := strings.CutPrefix(s, "OR-")
	if !ok || len(rest) != 6 {
		return false
	}
	return strings.Trim(rest, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") == ""
}

// ParseReference reads a reference number as people type it: in any case, with or without "OR" and dashes, with the letters that
// Crockford reads as digits (I and L as 1, O as 0). ok is false for anything else.
func ParseReference(s string) (reference string, ok bool) {
	if len(s) > 32 {
		return "", false
	}
	s = strings.ToUpper(strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '-' || r == '–' || r == '_' }), ""))
	if len(s) == 8 {
		if s, ok = strings.CutPrefix(s, "OR"); !ok {
			return "", false
		}
	}
	reference = "OR-" + strings.NewReplacer("I", "1", "L", "1", "O", "0").Replace(s)
	return reference, ValidReference(reference)
}
