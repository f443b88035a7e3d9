package accounts

import (
	"context"
	"slices"
	"strings"

	"github.com/orynda/orynda/internal/storage"
)

// Retention is something that stays after an account is deleted, with the ground for it. Its sentence is retained.<Code> in the
// catalogues.
type Retention struct {
	Code   string
	Source string
}

// Retained lists what a deletion leaves, because the law or the proof of what happened asks for it:
//
//   - agreements: concluded agreements and completion records, which are the document of the trainee's work experience, and the
//     chambers' register entries of them;
//   - roster: the row in the college's own list of students, without the tie to the account;
//   - audit: entries of the trail, which hold ids and keyed hashes only.
func Retained() []Retention {
	return []Retention{
		{Code: "agreements", Source: "R50 13, 25.4; R361 15"},
		{Code: "roster", Source: ""},
		{Code: "audit", Source: ""},
	}
}

// longestSealed is the longest address that is sent along with EventDeleted: sealed it must fit an event's value.
const longestSealed = 150

// DeleteMe deletes the signed-in person's account (deleteMe): sessions end, memberships stop, personal data is erased but for
// [Retained]. The address and the IIN are free again. It can't be undone. It answers errs.Conflict agreement_alive (from OnErase) or last_admin.
func (s *Service) DeleteMe(ctx context.Context, by Actor) error {
	if err := s.policy.Permit(by, "deleteMe", self(by)...); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.leaveAll(ctx, by); err != nil {
			return err
		}
		p, err := s.lockPerson(ctx, by.PersonID)
		if err != nil {
			return err
		}
		if s.OnErase != nil {
			if err := s.OnErase(ctx, p); err != nil {
				return err
			}
		}
		if err := s.eraseTraces(ctx, p); err != nil {
			return err
		}
		return s.erase(ctx, by, p)
	})
}

// leaveAll ends all memberships, unless an organisation would be left without anybody to run it.
func (s *Service) leaveAll(ctx context.Context, by Actor) error {
	of, err := s.membershipsOf(ctx, by.PersonID)
	if err != nil {
		return err
	}
	// In one order, so that two who leave the same organisations don't wait for each other.
	slices.SortFunc(of, func(a, b *Membership) int { return strings.Compare(a.OrganisationID, b.OrganisationID) })
	for len(of) > 0 {
		org := of[0].OrganisationID
		n := slices.IndexFunc(of, func(m *Membership) bool { return m.OrganisationID != org })
		if n < 0 {
			n = len(of)
		}
		if err := s.lockCrew(ctx, org); err != nil {
			return err
		}
		if err := s.leave(ctx, by, of[:n]); err != nil {
			return err
		}
		of = of[n:]
	}
	return nil
}

// leave ends memberships of one person in one organisation, whose crew is held.
func (s *Service) leave(ctx context.Context, by Actor, going []*Membership) error {
	org, kind := going[0].OrganisationID, going[0].Kind
	managing := slices.ContainsFunc(going, func(m *Membership) bool { return m.Role == ManagerRole(kind) })
	if managing {
		left, err := s.managerLeft(ctx, org, kind, going)
		if err != nil {
			return err
		}
		if !left {
			return lastAdmin()
		}
	}
	for _, m := range going {
		if err := s.endMembership(ctx, by, m); err != nil {
			return err
		}
	}
	return nil
}

// eraseTraces removes what else names the person: sessions with their device names, passkeys, codes, the address in invitations.
func (s *Service) eraseTraces(ctx context.Context, p *Person) error {
	sessions, err := s.sessions.Find(ctx, storage.Where(storage.Eq("person", p.ID)))
	if err != nil {
		return err
	}
	for _, session := range sessions {
		if err := s.sessions.Delete(ctx, session.ID); err != nil && !storage.IsNotFound(err) {
			return err
		}
	}
	passkeys, err := s.passkeysOf(ctx, p.ID)
	if err != nil {
		return err
	}
	for _, k := range passkeys {
		if err := s.passkeys.Delete(ctx, k.ID); err != nil && !storage.IsNotFound(err) {
			return err
		}
	}
	for _, purpose := range []codePurpose{codeVerify, codeReset} {
		if err := s.codes.Delete(ctx, codeID(p.ID, purpose)); err != nil && !storage.IsNotFound(err) {
			return err
		}
	}
	accepted, err := s.invitations.Find(ctx, storage.Where(storage.Eq("accepted_by", p.ID)))
	if err != nil {
		return err
	}
	for _, inv := range accepted {
		inv.Email, inv.FullName = "", ""
		if err := s.invitations.Save(ctx, inv); err != nil {
			return err
		}
	}
	return s.forgiveGuesses(ctx, p.Email)
}

// erase makes the account an empty shell and tells the former owner.
func (s *Service) erase(ctx context.Context, by Actor, p *Person) error {
	data := map[string]string{"locale": string(p.Locale)}
	if len(p.Email) <= longestSealed {
		data["sealed_email"] = s.sealForMail(MailAddress, p.Email)
	}
	shell := &Person{
		ID: p.ID, Version: p.Version, CreatedAt: p.CreatedAt, Role: p.Role, Locale: p.Locale, Epoch: p.Epoch + 1, DeletedAt: s.clock.Now(),
	}
	if err := s.people.Save(ctx, shell); err != nil {
		return err
	}
	if err := s.record(ctx, by, p.ID, "account.deleted", map[string]string{"kept": "agreements,roster,audit"}); err != nil {
		return err
	}
	return s.box.Emit(ctx, EventDeleted, p.ID, data)
}
