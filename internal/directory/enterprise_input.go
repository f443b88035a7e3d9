package directory

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
)

// Limits of what an organisation writes about itself, in characters.
const (
	MinText       = 2
	MaxOrgName    = 200
	MaxAddress    = 300
	MaxAbout      = 4000
	MaxPersonName = 150
	MaxPosition   = 150
	MaxAuthority  = 300
	MaxWebsite    = 300
	MaxGround     = 300
	MaxComment    = 1000
	MaxNote       = 300
	MaxGroup      = 50
	MaxOrder      = 50
)

// EnterpriseInput is what an enterprise's admin may write. A nil field stays as it is; an empty optional one becomes empty.
type EnterpriseInput struct {
	BIN, IIN      *string
	Name          *string
	LegalNames    *i18n.Text
	Region, City  *string
	Address       *string
	ActivityCode  *string
	About         *string
	Website       *string
	Email, Phone  *string
	HeadName      *string
	HeadPosition  *string
	HeadAuthority *string
	Bank          *Bank
}

// form gathers everything that is wrong with an input, in the order of the form.
type form struct{ bad []errs.Field }

func (f *form) add(field, code string) { f.bad = append(f.bad, errs.Field{Field: field, Code: code}) }

// text writes a trimmed text into a field of a document when it is given. least 0 makes it optional.
func (f *form) text(field string, in *string, into *string, least, most int) {
	if in == nil {
		return
	}
	v := strings.TrimSpace(*in)
	n := utf8.RuneCountInString(v)
	switch {
	case n == 0 && least > 0:
		f.add(field, "required")
	case n > 0 && n < least:
		f.bad = append(f.bad, errs.Field{Field: field, Code: "too_short", Params: map[string]any{"min": least}})
	case n > most:
		f.bad = append(f.bad, errs.Field{Field: field, Code: "too_long", Params: map[string]any{"max": most}})
	case !printable(v):
		f.add(field, "bad_format")
	default:
		*into = v
	}
}

// printable allows line breaks and tabs, no other control characters.
func printable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
	})
}

func (f *form) email(field string, in *string, into *string) {
	if in == nil {
		return
	}
	if strings.TrimSpace(*in) == "" {
		*into = ""
		return
	}
	v, ok := accounts.NormalEmail(*in)
	if !ok {
		f.add(field, "bad_format")
		return
	}
	*into = v
}

func (f *form) phone(field string, in *string, into *string) {
	if in == nil {
		return
	}
	if strings.TrimSpace(*in) == "" {
		*into = ""
		return
	}
	v, ok := accounts.NormalPhone(*in)
	if !ok {
		f.add(field, "phone_malformed")
		return
	}
	*into = v
}

func (f *form) website(field string, in *string, into *string) {
	if in == nil {
		return
	}
	v := strings.TrimSpace(*in)
	if v != "" {
		u, err := url.Parse(v)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || strings.ContainsFunc(v, unicode.IsSpace) {
			f.add(field, "bad_format")
			return
		}
	}
	f.text(field, &v, into, 0, MaxWebsite)
}

func (f *form) day(field string, in *cal.Day, into *cal.Day) {
	if in == nil {
		return
	}
	if *in != "" && !in.Valid() {
		f.add(field, "bad_format")
		return
	}
	*into = *in
}

func (f *form) legalNames(field string, in *i18n.Text, into *i18n.Text) {
	if in == nil {
		return
	}
	var t i18n.Text
	f.text(field+".kk", &in.KK, &t.KK, 0, MaxOrgName*2)
	f.text(field+".ru", &in.RU, &t.RU, 0, MaxOrgName*2)
	f.text(field+".en", &in.EN, &t.EN, 0, MaxOrgName*2)
	*into = t
}

// bank checks account, bank code and beneficiary code (legal-facts.md 1.5).
func (f *form) bank(field string, in *Bank, into *Bank) {
	if in == nil {
		return
	}
	b := Bank{Account: compactUpper(in.Account), BIC: compactUpper(in.BIC), KBE: compactUpper(in.KBE)}
	f.text(field+".bank", &in.Bank, &b.Bank, 0, MaxPersonName)
	if b.Account != "" && (len(b.Account) != 20 || !strings.HasPrefix(b.Account, "KZ") || !allDigits(b.Account[2:4], 2) || !codeLetters(b.Account)) {
		f.add(field+".account", "bank_account_malformed")
	}
	if b.BIC != "" && (len(b.BIC) != 8 && len(b.BIC) != 11 || !codeLetters(b.BIC)) {
		f.add(field+".bic", "bad_format")
	}
	if b.KBE != "" && !allDigits(b.KBE, 2) {
		f.add(field+".kbe", "bad_format")
	}
	*into = b
}

func compactUpper(s string) string { return strings.ToUpper(strings.Join(strings.Fields(s), "")) }

func codeLetters(s string) bool {
	return strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

// place checks region and city together: either may be new, both must fit.
func (f *form) place(ref *Reference, region, city *string, intoRegion, intoCity *string) {
	if region == nil && city == nil {
		return
	}
	r, c := *intoRegion, *intoCity
	if region != nil {
		r = strings.TrimSpace(*region)
	}
	if city != nil {
		c = strings.TrimSpace(*city)
	}
	if r == "" {
		f.add("region", "required")
	}
	if c == "" {
		f.add("city", "required")
	}
	storedRegion, storedCity, bad := ref.FindPlace(r, c)
	f.bad = append(f.bad, bad...)
	if len(bad) == 0 && r != "" && c != "" {
		*intoRegion, *intoCity = storedRegion, storedCity
	}
}

// binField checks a BIN and names what is wrong in the contract's codes: bin_malformed, bin_check_digit.
func (f *form) binField(field, bin string) bool {
	switch err := accounts.ValidBIN(bin); {
	case err == nil:
		return true
	case errs.Has(err, "bin_check_digit"):
		f.add(field, "bin_check_digit")
	default:
		f.add(field, "bin_malformed")
	}
	return false
}

// iinField checks an IIN: iin_malformed, iin_check_digit.
func (f *form) iinField(field, iin string) bool {
	_, err := accounts.ValidIIN(iin)
	switch {
	case err == nil:
		return true
	case errs.Has(err, "iin_check_digit"):
		f.add(field, "iin_check_digit")
	default:
		f.add(field, "iin_malformed")
	}
	return false
}

// finish is 422 with everything wrong, nil without.
func (f *form) finish() error { return invalid(f.bad) }

// kindOfBIN tells a joint entrepreneur by the fifth digit (legal-facts.md 5).
func kindOfBIN(bin string) EnterpriseKind {
	if bin[4] == '6' {
		return JointEntrepreneur
	}
	return LegalEntity
}

// fill writes an input into an enterprise, checked whole; the error is 422 validation_failed with every field to mend.
func (s *Service) fill(e *Enterprise, in EnterpriseInput) error {
	var f form
	s.fillNumber(&f, e, in)
	f.text("name", in.Name, &e.Name, MinText, MaxOrgName)
	f.legalNames("legal_names", in.LegalNames, &e.LegalNames)
	f.place(s.ref, in.Region, in.City, &e.Region, &e.City)
	f.text("address", in.Address, &e.Address, MinText, MaxAddress)
	if in.ActivityCode != nil {
		code := strings.TrimSpace(*in.ActivityCode)
		if code != "" && (len(code) < 2 || len(code) > 5 || !allDigits(code, len(code))) {
			f.add("activity_code", "bad_format")
		} else {
			e.ActivityCode = code
		}
	}
	f.text("about", in.About, &e.About, 0, MaxAbout)
	f.website("website", in.Website, &e.Website)
	f.email("email", in.Email, &e.Email)
	f.phone("phone", in.Phone, &e.Phone)
	f.text("head_name", in.HeadName, &e.HeadName, 0, MaxPersonName)
	f.text("head_position", in.HeadPosition, &e.HeadPosition, 0, MaxPosition)
	f.text("head_authority", in.HeadAuthority, &e.HeadAuthority, 0, MaxAuthority)
	f.bank("bank", in.Bank, &e.Bank)
	return f.finish()
}

// fillNumber takes exactly one of BIN and IIN.
func (s *Service) fillNumber(f *form, e *Enterprise, in EnterpriseInput) {
	bin, iin := trimmed(in.BIN), trimmed(in.IIN)
	switch {
	case bin != "" && iin != "":
		f.add("iin", "bin_and_iin")
	case bin != "":
		if f.binField("bin", bin) {
			e.BIN, e.SealedIIN, e.Kind, e.NumberHash = bin, nil, kindOfBIN(bin), s.ring.Lookup("bin", bin)
		}
	case iin != "":
		hash := s.ring.Lookup("iin", iin)
		if f.iinField("iin", iin) && hash != e.NumberHash {
			e.BIN, e.SealedIIN, e.Kind, e.NumberHash = "", s.ring.SealText(iin, sealEnterpriseIIN), SoleEntrepreneur, hash
		}
	case e.NumberHash == "":
		f.add("bin", "bin_or_iin_required")
	}
}

func trimmed(s *string) string {
	if s == nil {
		return ""
	}
	return strings.TrimSpace(*s)
}

// complete says what createEnterprise requires of a stored enterprise, for submitting it.
func (e *Enterprise) complete(ref *Reference) error {
	var f form
	for _, x := range []struct{ field, value string }{
		{"bin", e.NumberHash}, {"name", e.Name}, {"region", e.Region}, {"city", e.City}, {"address", e.Address},
	} {
		if x.value == "" {
			f.add(x.field, "required")
		}
	}
	_, _, bad := ref.FindPlace(e.Region, e.City)
	f.bad = append(f.bad, bad...)
	return f.finish()
}

// locked lists the fields that an input would change although they are fixed in the enterprise's state. before is the enterprise as
// stored, after with the input in it.
func locked(before, after *Enterprise) []errs.Field {
	var fixed []string
	switch before.State {
	case EnterpriseSubmitted:
		fixed = []string{"bin", "iin", "region"}
	case EnterpriseVerified:
		fixed = []string{"bin", "iin", "name", "legal_names", "region"}
	}
	var out []errs.Field
	for _, c := range changesBetween(before.facts(), after.facts()) {
		if slices.Contains(fixed, c.Field) {
			out = append(out, errs.Field{Field: c.Field, Code: "identity_locked"})
		}
	}
	return out
}

// isCode reports whether err, somewhere in its chain, is a refusal with the code.
func isCode(err error, code string) bool {
	var e *errs.Error
	return errors.As(err, &e) && e.Code == code
}
