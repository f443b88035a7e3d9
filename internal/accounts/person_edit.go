package accounts

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
)

// PersonChange is what a person changes of oneself. Nil leaves a field as it is; an empty value empties a field of the profile.
type PersonChange struct {
	FullName  *string
	Locale    *i18n.Lang
	IIN       *string
	BirthDate *cal.Day
	Phone     *string
	Address   *string
	Region    *string
	City      *string
	Languages *[]string
	About     *string
}

// profilePrefix is how the contract names the profile's fields.
const profilePrefix = "profile."

// UpdateMe changes the signed-in person's account and profile (updateMe). expect is the version the client saw, 0 to not check. It answers
// errs.Unprocessable validation_failed with every field; errs.Conflict iin_taken, identity_locked; errs.Stale stale_version.
func (s *Service) UpdateMe(ctx context.Context, by Actor, in PersonChange, expect int64) (*Me, error) {
	if err := s.policy.Permit(by, "updateMe", self(by)...); err != nil {
		return nil, err
	}
	err := iinTaken(s.db.Tx(ctx, func(ctx context.Context) error {
		p, err := s.lockPerson(ctx, by.PersonID)
		if err != nil {
			return err
		}
		if expect != 0 && p.Version != expect {
			return errs.New(errs.Stale, "stale_version").With("current_version", p.Version)
		}
		return s.updatePerson(ctx, by, p, in)
	}))
	if err != nil {
		return nil, err
	}
	return s.me(ctx, by.PersonID)
}

func (s *Service) updatePerson(ctx context.Context, by Actor, p *Person, in PersonChange) error {
	before, err := s.open(p)
	if err != nil {
		return err
	}
	after := changedIdentity(before, in)
	bad := CheckIdentity(after, profilePrefix, cal.DayOf(s.clock.Now()))
	bad = append(applyAccount(p, in), append(bad, s.applyProfile(p, in)...)...)
	if err := invalid(bad); err != nil {
		return err
	}
	if err := s.checkUnlocked(ctx, p.ID, before, after); err != nil {
		return err
	}
	if err := s.setIdentity(p, after, profilePrefix); err != nil {
		return err
	}
	if in.FullName != nil {
		if err := s.renameMember(ctx, p); err != nil {
			return err
		}
	}
	if err := s.people.Save(ctx, p); err != nil {
		return err
	}
	return s.record(ctx, by, p.ID, "account.updated", nil)
}

func changedIdentity(i Identity, in PersonChange) Identity {
	if in.IIN != nil {
		i.IIN = *in.IIN
	}
	if in.BirthDate != nil {
		i.BirthDate = *in.BirthDate
	}
	if in.Phone != nil {
		i.Phone = strings.TrimSpace(*in.Phone)
	}
	if in.Address != nil {
		i.Address = strings.TrimSpace(*in.Address)
	}
	return i
}

// checkUnlocked refuses to change an IIN or birth date that others already rely on. Filling in what was empty is no change.
func (s *Service) checkUnlocked(ctx context.Context, personID string, before, after Identity) error {
	changes := (before.IIN != "" && before.IIN != after.IIN) || (before.BirthDate != "" && before.BirthDate != after.BirthDate)
	if !changes || s.IdentityLocked == nil {
		return nil
	}
	locked, err := s.IdentityLocked(ctx, personID)
	if locked {
		return errs.New(errs.Conflict, "identity_locked")
	}
	return err
}

func applyAccount(p *Person, in PersonChange) (bad []errs.Field) {
	if in.FullName != nil {
		p.FullName, bad = normalName(*in.FullName)
	}
	if in.Locale != nil {
		bad = append(bad, checkLocale(*in.Locale)...)
		p.Locale = *in.Locale
	}
	return bad
}

func (s *Service) applyProfile(p *Person, in PersonChange) (bad []errs.Field) {
	if in.Region != nil {
		p.Region = *in.Region
	}
	if in.City != nil {
		p.City = strings.TrimSpace(*in.City)
	}
	if (in.Region != nil || in.City != nil) && s.FindPlace != nil {
		var wrong []errs.Field
		p.Region, p.City, wrong = s.FindPlace(p.Region, p.City)
		for _, f := range wrong {
			f.Field = profilePrefix + f.Field
			bad = append(bad, f)
		}
	}
	if in.Languages != nil {
		p.Languages = slices.Clone(*in.Languages)
		bad = append(bad, checkLanguages(p.Languages)...)
	}
	if in.About != nil {
		p.About = strings.TrimSpace(*in.About)
		if utf8.RuneCountInString(p.About) > MaxAbout {
			bad = append(bad, tooLong(profilePrefix+"about", MaxAbout))
		}
	}
	return bad
}

func checkLanguages(codes []string) []errs.Field {
	const field = profilePrefix + "languages"
	if len(codes) > MaxLanguages {
		return []errs.Field{{Field: field, Code: "too_many", Params: map[string]any{"max": MaxLanguages}}}
	}
	for i, c := range codes {
		if len(c) != 2 || c[0] < 'a' || c[0] > 'z' || c[1] < 'a' || c[1] > 'z' {
			return []errs.Field{{Field: field, Code: "bad_format"}}
		}
		if slices.Contains(codes[:i], c) {
			return []errs.Field{{Field: field, Code: "not_unique"}}
		}
	}
	return nil
}

// renameMember keeps the order of members by name.
func (s *Service) renameMember(ctx context.Context, p *Person) error {
	of, err := s.membershipsOf(ctx, p.ID)
	if err != nil {
		return err
	}
	for _, m := range of {
		m.Name = sortKey(p.FullName)
		if err := s.memberships.Save(ctx, m); err != nil {
			return err
		}
	}
	return nil
}
