package accounts

import (
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/orynda/orynda/internal/errs"
)

// The length of a password in characters. More than the maximum would only be work for the hash.
const (
	MinPassword = 8
	MaxPassword = 128
)

// leftOver is how many characters of a password must not be the owner's address or name.
const leftOver = 5

//go:embed password_common.txt
var commonList string

// commonPasswords reads the list: one password a line, lower case.
func commonPasswords() map[string]bool {
	out := map[string]bool{}
	for line := range strings.Lines(commonList) {
		if word := strings.TrimSpace(line); word != "" && !strings.HasPrefix(word, "#") {
			out[word] = true
		}
	}
	return out
}

// checkLength gives the fields to mend for a password out of limits.
func checkLength(password string) []errs.Field {
	n := utf8.RuneCountInString(norm.NFC.String(password))
	switch {
	case n == 0:
		return []errs.Field{{Field: "password", Code: "required"}}
	case n < MinPassword:
		return []errs.Field{{Field: "password", Code: "too_short", Params: map[string]any{"min": MinPassword}}}
	case n > MaxPassword:
		return []errs.Field{tooLong("password", MaxPassword)}
	}
	return nil
}

// checkStrength refuses with errs.Unprocessable password_weak what is guessed first: the commonest passwords, one character or a run of neighbours
// all through, and the owner's address or name with little besides.
func (p *passwords) checkStrength(password, email, fullName string) error {
	folded := strings.ToLower(norm.NFC.String(password))
	if p.common[folded] || isRun(folded) || isPersonal(folded, email, strings.ToLower(fullName)) {
		return errs.New(errs.Unprocessable, "password_weak").WithFields(errs.Field{Field: "password", Code: "password_weak"})
	}
	return nil
}

// isRun finds one character repeated (11111111), neighbours (12345678, zyxwvuts) and one short piece repeated (abcabcabc).
func isRun(s string) bool {
	r := []rune(s)
	for step := rune(-1); step <= 1; step++ {
		run := true
		for i := 1; i < len(r); i++ {
			run = run && r[i]-r[i-1] == step
		}
		if run {
			return true
		}
	}
	for n := 1; n <= 4 && n < len(r); n++ {
		piece := string(r[:n])
		if strings.HasPrefix(strings.Repeat(piece, len(r)/n+1), s) {
			return true
		}
	}
	return false
}

// isPersonal: the whole address or name is in it, or little is left without their parts.
func isPersonal(folded, email, name string) bool {
	if (email != "" && strings.Contains(folded, email)) || (name != "" && strings.Contains(folded, name)) {
		return true
	}
	rest := folded
	local, _, _ := strings.Cut(email, "@")
	for _, part := range append([]string{local}, strings.FieldsFunc(local+" "+name, notLetter)...) {
		if utf8.RuneCountInString(part) >= 3 {
			rest = strings.ReplaceAll(rest, part, "")
		}
	}
	return rest != folded && utf8.RuneCountInString(rest) < leftOver
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) }
