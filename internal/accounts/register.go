package accounts

import (
	"context"
	"slices"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/storage"
)

// Registration is what somebody registers with.
type Registration struct {
	Email    string
	Password string
	FullName string
	Role     string // AsStudent, AsCitizen or AsEnterprise
	Locale   i18n.Lang
}

// Register makes an account and sends a code to its address (register). A known address answers the same and nothing of its account
// changes; its owner gets a mail that says so, at most one a minute. It answers errs.Unprocessable validation_failed with every field, or
// password_weak; errs.Unavailable busy.
func (s *Service) Register(ctx context.Context, in Registration) (CodeSent, error) {
	asked := in.Email
	if err := s.checkRegistration(&in); err != nil {
		return CodeSent{}, err
	}
	// Hashed for known addresses as well: the time tells nothing.
	hash, err := s.passwords.hash(ctx, in.Password)
	if err != nil {
		return CodeSent{}, err
	}
	p := &Person{
		ID: id.New("psn"), CreatedAt: s.clock.Now(), Email: in.Email, FullName: in.FullName, Role: in.Role, Locale: in.Locale, PasswordHash: hash,
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error { return s.register(ctx, p) })
	// A conflict: an accepted invitation made the account at this very moment. The address is known now, and answers like one.
	if err != nil && !storage.ConflictOn(err, "email") {
		return CodeSent{}, err
	}
	return codeSent(asked), nil
}

func (s *Service) register(ctx context.Context, p *Person) error {
	// Taken first: it puts parallel registrations of one address in line.
	retry, err := s.takeQuota(ctx, signUpQuota(), p.Email)
	if err != nil {
		return err
	}
	known, err := s.PersonByEmail(ctx, p.Email)
	if err == nil {
		if retry > 0 {
			return nil // the owner was told a moment ago
		}
		return s.box.Emit(ctx, EventKnownAddress, known.ID, nil)
	}
	if !storage.IsNotFound(err) {
		return err
	}
	if err := s.insertPerson(ctx, p); err != nil {
		return err
	}
	return s.issueCode(ctx, p, codeVerify, EventCodeIssued)
}

// insertPerson stores a new account and its first entry in the trail.
func (s *Service) insertPerson(ctx context.Context, p *Person) error {
	if err := s.people.Insert(ctx, p); err != nil {
		return err
	}
	return s.record(ctx, Actor{PersonID: p.ID}, p.ID, "account.registered", map[string]string{"role": p.Role})
}

// checkRegistration checks and normalises.
func (s *Service) checkRegistration(in *Registration) error {
	email, ok := NormalEmail(in.Email)
	var bad []errs.Field
	if !ok {
		bad = append(bad, errs.Field{Field: "email", Code: "bad_format"})
	}
	bad = append(bad, checkLength(in.Password)...)
	name, wrong := normalName(in.FullName)
	bad = append(bad, wrong...)
	if !slices.Contains([]string{AsStudent, AsCitizen, AsEnterprise}, in.Role) {
		bad = append(bad, errs.Field{Field: "role", Code: "unknown_value"})
	}
	bad = append(bad, checkLocale(in.Locale)...)
	if err := invalid(bad); err != nil {
		return err
	}
	in.Email, in.FullName = email, name
	return s.passwords.checkStrength(in.Password, email, name)
}

func checkLocale(l i18n.Lang) []errs.Field {
	if !slices.Contains(i18n.Langs(), l) {
		return []errs.Field{{Field: "locale", Code: "unknown_value"}}
	}
	return nil
}

// ResendCode sends a new code to an address that waits for one, and voids the one before (resendCode). Unknown and proved addresses answer
// the same. It answers errs.RateLimited rate_limited beyond one mail a minute and ten a day; errs.Unprocessable validation_failed.
func (s *Service) ResendCode(ctx context.Context, email string) (CodeSent, error) {
	return s.sendCode(ctx, email, signUpQuota(), func(ctx context.Context, p *Person) error {
		if p.EmailProved() {
			return nil
		}
		return s.issueCode(ctx, p, codeVerify, EventCodeIssued)
	})
}

// sendCode counts a mail to an address and has it sent if the address has an account.
func (s *Service) sendCode(ctx context.Context, asked string, rule quotaRule, send func(ctx context.Context, p *Person) error) (CodeSent, error) {
	email, ok := NormalEmail(asked)
	if !ok {
		return CodeSent{}, invalid([]errs.Field{{Field: "email", Code: "bad_format"}})
	}
	err := s.db.Tx(ctx, func(ctx context.Context) error {
		retry, err := s.takeQuota(ctx, rule, email)
		if err != nil {
			return err
		}
		if retry > 0 {
			return rateLimited(retry)
		}
		p, err := s.PersonByEmail(ctx, email)
		if storage.IsNotFound(err) {
			return nil
		}
		if err != nil {
			return err
		}
		return send(ctx, p)
	})
	if err != nil {
		return CodeSent{}, err
	}
	return codeSent(asked), nil
}

// VerifyEmail proves a mail address with the code from the mail (verifyEmail). The right code may be sent again while it lives. An unknown
// address, a wrong, spent or outdated code all answer errs.Unprocessable code_invalid.
func (s *Service) VerifyEmail(ctx context.Context, email, digits string) error {
	return s.verifyEmail(ctx, email, digits, func(context.Context, *Person) error { return nil })
}

// verifyEmail proves the address and then, in the same transaction and only with the first use of the code, calls then.
func (s *Service) verifyEmail(ctx context.Context, email, digits string, then func(context.Context, *Person) error) error {
	p, err := s.PersonByEmail(ctx, email)
	if storage.IsNotFound(err) {
		return codeInvalid()
	}
	if err != nil {
		return err
	}
	right := false
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		var used bool
		right, used, err = s.tryCode(ctx, p.ID, codeVerify, digits)
		if err != nil || !right || used {
			return err
		}
		held, err := s.lockPerson(ctx, p.ID)
		if err != nil {
			return err
		}
		if err := s.prove(ctx, held); err != nil {
			return err
		}
		return then(ctx, held)
	})
	if err == nil && !right {
		return codeInvalid()
	}
	return err
}

// prove marks the mail address of a held account as proved; a repeat changes nothing. It saves p.
func (s *Service) prove(ctx context.Context, p *Person) error {
	if p.EmailProved() {
		return s.people.Save(ctx, p)
	}
	p.EmailProvedAt = s.clock.Now()
	if err := s.people.Save(ctx, p); err != nil {
		return err
	}
	if err := s.record(ctx, Actor{PersonID: p.ID}, p.ID, "account.email_proved", nil); err != nil {
		return err
	}
	if s.OnProved == nil {
		return nil
	}
	return s.OnProved(ctx, p)
}
