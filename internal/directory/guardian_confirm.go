package directory

import (
	"context"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/storage"
)

func guardianRefused() error { return errs.New(errs.Conflict, "guardian_refused") }

// InvitationAccepted ties a guardian to the account that accepted, in the same transaction (accounts' OnAccepted). It answers
// errs.Conflict guardian_refused, errs.Unprocessable contact_shared when the account is the ward's.
func (s *Service) InvitationAccepted(ctx context.Context, inv *accounts.Invitation, p *accounts.Person) error {
	if inv.Role != accounts.RoleGuardian {
		return nil
	}
	g, err := s.guardians.Lock(ctx, inv.GuardianID)
	if storage.IsNotFound(err) {
		return guardianRefused()
	}
	if err != nil {
		return err
	}
	switch {
	case g.State == GuardianRefused:
		return guardianRefused()
	case p.ID == g.WardID:
		return errs.New(errs.Unprocessable, "contact_shared")
	case !g.AcceptedAt.IsZero():
		return nil
	}
	g.PersonID, g.AcceptedAt = p.ID, s.clock.Now()
	g.settle()
	if err := s.guardians.Save(ctx, g); err != nil {
		return err
	}
	return s.tellGuardian(ctx, accounts.Actor{PersonID: p.ID}, g, EventGuardianAccepted)
}

// InvitationWithdrawn forgets the guardian that a withdrawn invitation named, in the same transaction (accounts' OnInvitationWithdrawn).
func (s *Service) InvitationWithdrawn(ctx context.Context, inv *accounts.Invitation) error {
	if inv.Role != accounts.RoleGuardian {
		return nil
	}
	file, err := s.lockFile(ctx, inv.StudentID)
	if err != nil {
		return err
	}
	g, err := s.guardians.Lock(ctx, inv.GuardianID)
	if storage.IsNotFound(err) {
		return nil
	}
	if err != nil || !g.AcceptedAt.IsZero() {
		return err
	}
	if err := s.dropGuardian(ctx, file, g.ID); err != nil {
		return err
	}
	return s.guardians.Delete(ctx, g.ID)
}

// guardianFor asks the policy about a coordinator's operation on a guardian and reads it, with the coordinator's college.
func (s *Service) guardianFor(ctx context.Context, by accounts.Actor, op, id string) (*Guardian, string, error) {
	if by.Anonymous() {
		return nil, "", s.policy.Permit(by, op)
	}
	g, err := s.guardians.Get(ctx, id)
	if storage.IsNotFound(err) {
		return nil, "", notFound()
	}
	if err != nil {
		return nil, "", err
	}
	colleges, err := s.collegesOf(ctx, g.WardID)
	if err != nil {
		return nil, "", err
	}
	have := memberRelations(by, accounts.KindCollege, "", by.PersonID == g.WardID || by.PersonID == g.PersonID)
	college := ""
	for _, c := range colleges {
		if relations := by.RelationsTo(accounts.KindCollege, c); len(relations) > 0 {
			have = append(have, relations...)
			if college == "" || by.MemberOf(c, accounts.RoleCoordinator) {
				college = c
			}
		}
	}
	return g, college, s.policy.Permit(by, op, have...)
}

// ConfirmGuardian confirms a guardian's ground (confirmGuardian); a repeat changes nothing. It answers errs.Conflict guardian_refused,
// errs.Unprocessable contact_shared or validation_failed.
func (s *Service) ConfirmGuardian(ctx context.Context, by accounts.Actor, id, comment string) (*GuardianView, error) {
	g, college, err := s.guardianFor(ctx, by, "confirmGuardian", id)
	if err != nil {
		return nil, err
	}
	var f form
	f.text("comment", &comment, &comment, 0, MaxNote)
	if err := f.finish(); err != nil {
		return nil, err
	}
	wardID := g.WardID
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if _, err := s.lockFile(ctx, wardID); err != nil {
			return err
		}
		if g, err = s.guardians.Lock(ctx, id); err != nil {
			return missing(err, "guardian")
		}
		switch {
		case g.State == GuardianRefused:
			return guardianRefused()
		case !g.ConfirmedAt.IsZero():
			return nil
		}
		if err := s.checkContacts(ctx, g); err != nil {
			return err
		}
		g.ConfirmedAt, g.CollegeID, g.Comment = s.clock.Now(), college, comment
		g.settle()
		if err := s.guardians.Save(ctx, g); err != nil {
			return err
		}
		return s.tellGuardian(ctx, by, g, EventGuardianConfirmed)
	})
	if err != nil {
		return nil, err
	}
	return s.GuardianView(g)
}

// checkContacts refuses a guardian whose account, mail address or phone is the ward's by now: errs.Unprocessable contact_shared.
func (s *Service) checkContacts(ctx context.Context, g *Guardian) error {
	ward, err := s.accounts.Person(ctx, g.WardID)
	if err != nil {
		return err
	}
	who, err := s.accounts.Identity(ctx, g.WardID)
	if err != nil {
		return err
	}
	phone, err := s.GuardianPhone(g)
	if err != nil {
		return err
	}
	if err := contactShared(g.Email, phone, ward, who); err != nil {
		return err
	}
	if g.PersonID == "" {
		return nil
	}
	own, err := s.accounts.Person(ctx, g.PersonID)
	if err != nil {
		return err
	}
	account, err := s.accounts.Identity(ctx, g.PersonID)
	if err != nil {
		return err
	}
	return contactShared(own.Email, account.Phone, ward, who)
}

// RefuseGuardian refuses a named guardian, or ends a confirmed one whose ground fell away (refuseGuardian); a repeat changes nothing.
func (s *Service) RefuseGuardian(ctx context.Context, by accounts.Actor, id, reason string) (*GuardianView, error) {
	g, _, err := s.guardianFor(ctx, by, "refuseGuardian", id)
	if err != nil {
		return nil, err
	}
	var f form
	f.text("reason", &reason, &reason, MinText, MaxNote)
	if err := f.finish(); err != nil {
		return nil, err
	}
	wardID := g.WardID
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		file, err := s.lockFile(ctx, wardID)
		if err != nil {
			return err
		}
		if g, err = s.guardians.Lock(ctx, id); err != nil {
			return missing(err, "guardian")
		}
		if g.State == GuardianRefused {
			return nil
		}
		return s.refuse(ctx, by, file, g, reason)
	})
	if err != nil {
		return nil, err
	}
	return s.GuardianView(g)
}

// refuse carries a refusal out; the ward's file and the guardian are locked.
func (s *Service) refuse(ctx context.Context, by accounts.Actor, file *studentFile, g *Guardian, reason string) error {
	g.RefusedAt, g.RefusalReason = s.clock.Now(), reason
	g.settle()
	if err := s.guardians.Save(ctx, g); err != nil {
		return err
	}
	if err := s.dropGuardian(ctx, file, g.ID); err != nil {
		return err
	}
	return s.tellGuardian(ctx, by, g, EventGuardianRefused)
}

// eraseGuardians deletes the guardians of a person who deletes the account, and the entries in which that person is the guardian. The file is locked.
func (s *Service) eraseGuardians(ctx context.Context, file *studentFile) error {
	named, err := s.guardians.Find(ctx, storage.Where(storage.Eq("ward", file.ID)))
	if err != nil {
		return err
	}
	for _, g := range named {
		if err := s.dropGuardian(ctx, file, g.ID); err != nil {
			return err
		}
		if err := s.guardians.Delete(ctx, g.ID); err != nil {
			return err
		}
	}
	is, err := s.guardians.Find(ctx, storage.Where(storage.Eq("person", file.ID)))
	if err != nil {
		return err
	}
	for _, g := range is {
		ward, err := s.lockFile(ctx, g.WardID)
		if err != nil {
			return err
		}
		if err := s.dropGuardian(ctx, ward, g.ID); err != nil {
			return err
		}
		if err := s.guardians.Delete(ctx, g.ID); err != nil {
			return err
		}
	}
	return nil
}

// ImportGuardian makes a confirmed guardian of an existing account for the demo world, without mail. The system only: errs.Forbidden forbidden.
func (s *Service) ImportGuardian(ctx context.Context, by accounts.Actor, wardID, guardianPersonID, ground string) (*Guardian, error) {
	if !by.IsSystem() {
		return nil, errs.New(errs.Forbidden, "forbidden")
	}
	p, err := s.accounts.Person(ctx, guardianPersonID)
	if err != nil {
		return nil, err
	}
	who, err := s.accounts.Identity(ctx, guardianPersonID)
	if err != nil {
		return nil, err
	}
	now := s.clock.Now()
	g := &Guardian{
		ID: id.New(prefixGuardian), CreatedAt: now, WardID: wardID, PersonID: p.ID, FullName: p.FullName, Email: p.Email, Ground: ground,
		SealedPhone: s.ring.SealText(who.Phone, sealGuardianPhone), AcceptedAt: now, ConfirmedAt: now,
	}
	g.settle()
	return g, s.db.Tx(ctx, func(ctx context.Context) error {
		file, err := s.lockFile(ctx, wardID)
		if err != nil {
			return err
		}
		if err := s.checkContacts(ctx, g); err != nil {
			return err
		}
		if err := s.guardians.Insert(ctx, g); err != nil {
			return err
		}
		file.Guardians = append(file.Guardians, g.ID)
		if err := s.files.Save(ctx, file); err != nil {
			return err
		}
		return s.tellGuardian(ctx, by, g, EventGuardianConfirmed)
	})
}
