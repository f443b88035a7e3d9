package accounts

import (
	"context"
	"errors"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/storage"
)

// NewPerson is an account that comes from elsewhere: the demo world, another system.
type NewPerson struct {
	Email        string
	FullName     string
	Role         string // one of the As… constants
	Locale       i18n.Lang
	PasswordHash string // from [Service.HashPassword]; one hash may serve many accounts; "" lets nobody sign in before a reset
	Identity     Identity
	Region, City string
	Languages    []string
	EmailProved  bool // as if the owner had sent the code: no mail goes out, and OnProved is told
}

// ImportPerson stores an account as it is given, without mail, quota or check of the password, in the transaction of ctx or one of its own. An
// address that has an account gives that account back unchanged, so an import may be repeated. It answers errs.Unprocessable
// validation_failed with every field; errs.Conflict iin_taken.
func (s *Service) ImportPerson(ctx context.Context, in NewPerson) (*Person, error) {
	p, err := s.imported(in)
	if err != nil {
		return nil, err
	}
	out := p
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		known, err := s.PersonByEmail(ctx, p.Email)
		if err == nil {
			out = known
			return nil
		}
		if !storage.IsNotFound(err) {
			return err
		}
		out = p
		if err := s.insertPerson(ctx, p); err != nil {
			return err
		}
		if !p.EmailProved() || s.OnProved == nil {
			return nil
		}
		return s.OnProved(ctx, p)
	})
	return out, iinTaken(err)
}

// imported checks and seals.
func (s *Service) imported(in NewPerson) (*Person, error) {
	email, ok := NormalEmail(in.Email)
	var bad []errs.Field
	if !ok {
		bad = append(bad, errs.Field{Field: "email", Code: "bad_format"})
	}
	name, wrong := normalName(in.FullName)
	bad = append(append(bad, wrong...), checkLocale(in.Locale)...)
	now := s.clock.Now()
	bad = append(bad, CheckIdentity(in.Identity, "", cal.DayOf(now))...)
	if err := invalid(bad); err != nil {
		return nil, err
	}
	if in.PasswordHash != "" {
		if _, _, _, err := decodeHash(in.PasswordHash); err != nil {
			return nil, errors.New("accounts: ImportPerson needs a hash of HashPassword")
		}
	}
	p := &Person{
		ID: id.New("psn"), CreatedAt: now, Email: email, FullName: name, Role: in.Role, Locale: in.Locale, PasswordHash: in.PasswordHash,
		Region: in.Region, City: in.City, Languages: in.Languages,
	}
	if in.EmailProved {
		p.EmailProvedAt = now
	}
	return p, s.setIdentity(p, in.Identity, "")
}
