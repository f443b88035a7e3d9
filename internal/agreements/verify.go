package agreements

import (
	"context"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/storage"
)

// VerifiedOrganisation is a party's organisation on the public page. A sole entrepreneur has no number there.
type VerifiedOrganisation struct {
	Party Party
	Name  string
	BIN   string
}

// Mark says that a party has signed, without the person.
type Mark struct {
	Party     Party
	At        time.Time
	Channel   Channel
	Assurance Assurance
}

// Verification is what anyone may know about an agreement: no personal data.
type Verification struct {
	Code          string // as printed
	Valid         bool
	Agreement     *Agreement // for state, regime, days and numbers only
	Organisations []VerifiedOrganisation
	SHA256        string // only once concluded
	Matches       *bool  // only when a hash was sent
	Assurance     Assurance
	Signatures    []Mark
	CheckedAt     time.Time
}

// NormalCode reads a verification code as it is stored: case, blanks and hyphens don't matter, letters that people mistake for digits are those digits.
func NormalCode(code string) string {
	code = strings.ToUpper(code)
	return strings.NewReplacer(" ", "", "-", "", "‐", "", "–", "", "O", "0", "I", "1", "L", "1").Replace(code)
}

// Verify checks an agreement by its code, for anyone (verifyAgreement): NotFound not_found for an unknown code. sha256 of a file at hand may be "".
func (s *Service) Verify(ctx context.Context, code, sha256 string, lang i18n.Lang) (*Verification, error) {
	a, err := s.agreements.First(ctx, storage.Where(storage.Eq("verify", NormalCode(code))))
	if storage.IsNotFound(err) {
		return nil, errs.New(errs.NotFound, "not_found")
	}
	if err != nil {
		return nil, err
	}
	p, err := s.partiesOf(ctx, a)
	if err != nil {
		return nil, err
	}
	v := &Verification{
		Code: PrintedCode(a.VerificationCode), Agreement: a, CheckedAt: s.Clock.Now(), Signatures: []Mark{},
		Valid: a.State.Binding() || a.State == Completed,
		Organisations: []VerifiedOrganisation{
			{ByEnterprise, nameText(p.Enterprise.LegalNames, p.Enterprise.Name).In(lang), p.Enterprise.BIN},
			{ByCollege, nameText(p.College.LegalNames, p.College.Name).In(lang), p.College.BIN},
		},
	}
	if p.Chamber != nil {
		v.Organisations = append(v.Organisations, VerifiedOrganisation{ByChamber, nameText(p.Chamber.LegalNames, p.Chamber.Name).In(lang), ""})
	}
	if !a.State.WasConcluded() {
		v.Matches = matches(sha256, "")
		return v, nil
	}
	v.SHA256, v.Matches = a.Document.SHA256, matches(sha256, a.Document.SHA256)
	v.Signatures, v.Assurance = marks(a.Signatures), least(a.Signatures)
	return v, nil
}

func matches(sent, stored string) *bool {
	if sent == "" {
		return nil
	}
	same := stored != "" && strings.EqualFold(sent, stored)
	return &same
}

func marks(signatures []Signature) []Mark {
	out := make([]Mark, len(signatures))
	for i, sig := range signatures {
		out[i] = Mark{sig.Party, sig.At, sig.Channel, sig.Assurance}
	}
	return out
}

// least is what the weakest signature proves.
func least(signatures []Signature) Assurance {
	out := Qualified
	for _, sig := range signatures {
		if sig.Assurance == Simple {
			return Simple
		}
		if sig.Assurance == Paper {
			out = Paper
		}
	}
	return out
}

// EndedOn is the day a concluded agreement ended by completion or termination, "" while it hasn't.
func (a *Agreement) EndedOn() (completed, terminated cal.Day) {
	if a.Completion != nil {
		completed = a.Completion.CompletedOn
	}
	if a.Termination != nil {
		terminated = a.Termination.Date
	}
	return completed, terminated
}
