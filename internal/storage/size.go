package storage

import "github.com/orynda/orynda/internal/errs"

// MaxDocument is how much a document may weigh, see [Weight].
const MaxDocument = 15 << 20

// LightDocument is a length below which no encoding of a document, JSON or BSON, belongs to one above [MaxDocument]: a list of a byte for each
// number and its comma weighs nine times its JSON, a text of signs that JSON escapes six times its BSON. Engines needn't weigh what is shorter.
const LightDocument = MaxDocument / 12

// elementWeight is what BSON may add to one value: its position written out as a text, and a whole number in eight bytes for JSON's one.
const elementWeight = 16

// Weight is the size of a document by which every engine judges it, however it stores it: the bytes of its JSON and 16 for each value in it. That
// is never less than its BSON takes, so a document that may be stored in one engine may be in all. Binary fields count by their base64: 11 MB fit.
func Weight(body []byte) int {
	weight, inText, escaped := len(body), false, false
	for _, b := range body {
		switch {
		case escaped:
			escaped = false
		case inText && b == '\\':
			escaped = true
		case b == '"':
			inText = !inText
		case !inText && (b == ',' || b == '{' || b == '['):
			weight += elementWeight
		}
	}
	return weight
}

// CheckWeight refuses a document, given as JSON, that weighs more than [MaxDocument]: [ErrTooLarge].
func CheckWeight(body []byte) error {
	if len(body) > LightDocument && Weight(body) > MaxDocument {
		return ErrTooLarge()
	}
	return nil
}

// ErrTooLarge is a document above [MaxDocument].
func ErrTooLarge() error {
	return errs.New(errs.TooLarge, "payload_too_large").With("max", MaxDocument>>20)
}
