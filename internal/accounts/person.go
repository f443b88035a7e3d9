package accounts

import (
	"log/slog"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/storage"
)

// As what a person came in ([Person].Role). It decides where a person starts and gives no rights. The first three may register; the
// last two come by invitation.
const (
	AsStudent    = "student"
	AsCitizen    = "citizen"
	AsEnterprise = "enterprise"
	AsMember     = "member"
	AsGuardian   = "guardian"
)

// Limits of what a person may write about oneself, in characters.
const (
	MinName      = 2
	MaxName      = 150
	MaxAddress   = 300
	MaxAbout     = 1000
	MaxLanguages = 10
	MaxEmail     = 254
)

// adult is the age from which no guardian is needed.
const adult = 18

// Person is an account. A deleted one stays as an empty shell, so that old references lead somewhere: see [Person.Deleted].
type Person struct {
	ID            string    `json:"id"`
	Version       int64     `json:"version"`
	CreatedAt     time.Time `json:"created_at"`
	Email         string    `json:"email"` // normalised: see [NormalEmail]
	FullName      string    `json:"full_name"`
	Role          string    `json:"role"`
	Locale        i18n.Lang `json:"locale"`
	EmailProvedAt time.Time `json:"email_proved_at,omitzero"`
	PasswordHash  string    `json:"password_hash"`
	Epoch         int64     `json:"epoch"` // sessions of an earlier epoch are over

	SealedIIN       []byte `json:"sealed_iin,omitempty"`
	SealedBirthDate []byte `json:"sealed_birth_date,omitempty"`
	SealedPhone     []byte `json:"sealed_phone,omitempty"`
	SealedAddress   []byte `json:"sealed_address,omitempty"`
	IINHash         string `json:"iin_hash,omitempty"` // keyed; makes one IIN one account

	Region    string   `json:"region,omitempty"` // KATO code
	City      string   `json:"city,omitempty"`
	Languages []string `json:"languages,omitempty"` // ISO 639-1
	About     string   `json:"about,omitempty"`

	DeletedAt time.Time `json:"deleted_at,omitzero"`
}

// Identity implements storage.Document.
func (p *Person) Identity() (string, *int64) { return p.ID, &p.Version }

// Keys implements storage.Document.
func (p *Person) Keys() storage.Keys {
	unproved := p.CreatedAt // when it began to wait for its proof
	if p.EmailProved() || p.Deleted() {
		unproved = time.Time{}
	}
	return storage.Keys{"email": p.Email, "iin": p.IINHash, "unproved": unproved}
}

// EmailProved reports whether the mail address is proved.
func (p *Person) EmailProved() bool { return !p.EmailProvedAt.IsZero() }

// Deleted reports whether the account was deleted: then only its id and times are left.
func (p *Person) Deleted() bool { return !p.DeletedAt.IsZero() }

// LogValue keeps all but the id out of logs.
func (p *Person) LogValue() slog.Value { return slog.StringValue(p.ID) }

// Identity is a person's sealed data, opened. Any of it may be empty.
type Identity struct {
	IIN       string
	BirthDate cal.Day
	Phone     string // international form, +77010000017
	Address   string
}

// LogValue keeps it out of logs.
func (i Identity) LogValue() slog.Value { return slog.StringValue("[personal data]") }

// Born is the birth date: the declared one, else the one the IIN carries, else "".
func (i Identity) Born() cal.Day {
	if i.BirthDate != "" {
		return i.BirthDate
	}
	birth, err := ValidIIN(i.IIN)
	if err != nil {
		return ""
	}
	return birth
}

// Minor reports whether the person is known to be under 18 on a day.
func (i Identity) Minor(on cal.Day) bool {
	born := i.Born()
	return born != "" && cal.Age(born, on) < adult
}

// CheckIdentity names every field that is wrong: iin_malformed, iin_check_digit, iin_birth_date_mismatch, birth_date_impossible, phone_malformed,
// too_long. Empty fields are not checked. The names of the fields begin with prefix ("profile."). day is today.
func CheckIdentity(in Identity, prefix string, day cal.Day) []errs.Field {
	var bad []errs.Field
	add := func(field, code string) { bad = append(bad, errs.Field{Field: prefix + field, Code: code}) }
	var carried cal.Day
	if in.IIN != "" {
		birth, err := ValidIIN(in.IIN)
		switch {
		case errs.Has(err, "iin_check_digit"):
			add("iin", "iin_check_digit")
		case err != nil:
			add("iin", "iin_malformed")
		}
		carried = birth
	}
	switch {
	case in.BirthDate == "":
	case !in.BirthDate.Valid() || in.BirthDate >= day || in.BirthDate < "1900-01-01":
		add("birth_date", "birth_date_impossible")
	case carried != "" && carried != in.BirthDate:
		add("birth_date", "iin_birth_date_mismatch")
	}
	if _, ok := NormalPhone(in.Phone); in.Phone != "" && !ok {
		add("phone", "phone_malformed")
	}
	if utf8.RuneCountInString(in.Address) > MaxAddress {
		bad = append(bad, tooLong(prefix+"address", MaxAddress))
	}
	return bad
}

// NormalEmail gives a mail address in the form it is stored and compared in: lower case, no surrounding space. ok is false for what is no
// address: one @, a local part of at most 64 printable ASCII characters, a domain name with at least one dot, 254 bytes in all.
func NormalEmail(s string) (email string, ok bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	local, domain, found := strings.Cut(s, "@")
	if !found || len(s) > MaxEmail || !validLocal(local) || !validDomain(domain) {
		return "", false
	}
	return s, true
}

func validLocal(s string) bool {
	if s == "" || len(s) > 64 || s[0] == '.' || s[len(s)-1] == '.' || strings.Contains(s, "..") {
		return false
	}
	const special = "!#$%&'*+-/=?^_`{|}~." // RFC 5322 3.2.3
	return !strings.ContainsFunc(s, func(r rune) bool { return !isAlphanumeric(r) && !strings.ContainsRune(special, r) })
}

func validDomain(s string) bool {
	labels := strings.Split(s, ".")
	return len(labels) >= 2 && !slices.ContainsFunc(labels, func(l string) bool {
		return l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' ||
			strings.ContainsFunc(l, func(r rune) bool { return !isAlphanumeric(r) && r != '-' })
	})
}

func isAlphanumeric(r rune) bool { return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' }

// NormalPhone gives a phone number in international form. A number of ten digits, or of eleven that begins with 8 or 7, is taken for one of
// Kazakhstan. ok is false for anything that can't be a number.
func NormalPhone(s string) (phone string, ok bool) {
	s = strings.TrimSpace(s)
	digits := strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return r
		case strings.ContainsRune("+ ()-\u00a0", r):
			return -1
		}
		return 'x'
	}, s)
	plus := strings.HasPrefix(s, "+")
	if strings.Contains(digits, "x") || strings.LastIndex(s, "+") > 0 {
		return "", false
	}
	switch {
	case plus && len(digits) >= 8 && len(digits) <= 15 && digits[0] != '0':
		return "+" + digits, true
	case !plus && len(digits) == 11 && (digits[0] == '8' || digits[0] == '7'):
		return "+7" + digits[1:], true
	case !plus && len(digits) == 10 && digits[0] != '0':
		return "+7" + digits, true
	}
	return "", false
}

// normalName gives a name with single spaces; ok is false for one out of limits, without a letter or with characters that can't be written.
func normalName(s string) (name string, bad []errs.Field) {
	name = strings.Join(strings.Fields(s), " ")
	n := utf8.RuneCountInString(name)
	switch {
	case n == 0:
		return "", []errs.Field{{Field: "full_name", Code: "required"}}
	case n < MinName:
		return "", []errs.Field{{Field: "full_name", Code: "too_short", Params: map[string]any{"min": MinName}}}
	case n > MaxName:
		return "", []errs.Field{tooLong("full_name", MaxName)}
	case !utf8.ValidString(name) || !strings.ContainsFunc(name, unicode.IsLetter) || strings.ContainsFunc(name, unicode.IsControl):
		return "", []errs.Field{{Field: "full_name", Code: "bad_format"}}
	}
	return name, nil
}

func tooLong(field string, most int) errs.Field {
	return errs.Field{Field: field, Code: "too_long", Params: map[string]any{"max": most}}
}
