package accounts

import (
	"context"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

// SetIdentity writes a person's IIN, birth date, phone and address, for other services. Empty fields of in leave what is there. It
// answers errs.Unprocessable validation_failed with the codes of [CheckIdentity] (fields "iin", "birth_date", "phone", "address"),
// errs.Conflict iin_taken when another account holds the IIN, errs.NotFound not_found. Whether a change is allowed (a confirmed enrolment, a living
// agreement) is the caller's to know. In a transaction any of these errors dooms it.
func (s *Service) SetIdentity(ctx context.Context, personID string, in Identity) error {
	return iinTaken(s.db.Tx(ctx, func(ctx context.Context) error {
		p, err := s.lockPerson(ctx, personID)
		if err != nil {
			return err
		}
		if err := s.mergeIdentity(p, in, ""); err != nil {
			return err
		}
		if err := s.people.Save(ctx, p); err != nil {
			return err
		}
		return s.record(ctx, Actor{PersonID: personID}, personID, "account.identity_set", nil)
	}))
}

// mergeIdentity puts the fields of in that are not empty over those of p, checked together.
func (s *Service) mergeIdentity(p *Person, in Identity, prefix string) error {
	whole, err := s.open(p)
	if err != nil {
		return err
	}
	if in.IIN != "" {
		whole.IIN = in.IIN
	}
	if in.BirthDate != "" {
		whole.BirthDate = in.BirthDate
	}
	if in.Phone != "" {
		whole.Phone = in.Phone
	}
	if in.Address != "" {
		whole.Address = in.Address
	}
	return s.setIdentity(p, whole, prefix)
}

// setIdentity checks an identity and seals it into p.
func (s *Service) setIdentity(p *Person, whole Identity, prefix string) error {
	if err := invalid(CheckIdentity(whole, prefix, cal.DayOf(s.clock.Now()))); err != nil {
		return err
	}
	if whole.Phone != "" {
		whole.Phone, _ = NormalPhone(whole.Phone)
	}
	s.seal(p, whole)
	return nil
}

// iinTaken translates a refusal of the unique index.
func iinTaken(err error) error {
	if storage.ConflictOn(err, "iin") {
		return errs.New(errs.Conflict, "iin_taken")
	}
	return err
}

// lockPerson takes a living account for the running transaction: errs.NotFound not_found if there is none.
func (s *Service) lockPerson(ctx context.Context, id string) (*Person, error) {
	p, err := s.people.Lock(ctx, id)
	if storage.IsNotFound(err) || (err == nil && p.Deleted()) {
		return nil, notFound()
	}
	return p, err
}
