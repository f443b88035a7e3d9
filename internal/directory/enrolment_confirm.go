package directory

import (
	"context"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/storage"
)

// ConfirmEnrolment says that a person studies at the coordinator's college (confirmEnrolment), with what the roster doesn't say; a repeat changes
// nothing. It answers errs.Conflict enrolment_ended or enrolment_exists, errs.Unprocessable validation_failed (code_unknown, code_wrong_regime).
func (s *Service) ConfirmEnrolment(ctx context.Context, by accounts.Actor, id string, more Studies) (*EnrolmentView, error) {
	e, err := s.enrolmentFor(ctx, by, "confirmEnrolment", id)
	if err != nil {
		return nil, err
	}
	c, err := s.College(ctx, e.CollegeID)
	if err != nil {
		return nil, err
	}
	if err := invalid(s.ref.CheckStudies(&more, c.Regime())); err != nil {
		return nil, err
	}
	personID := e.PersonID
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		file, err := s.lockFile(ctx, personID)
		if err != nil {
			return err
		}
		if e, err = s.enrolments.Lock(ctx, id); err != nil {
			return err
		}
		switch {
		case e.State == EnrolmentEnded:
			return errs.New(errs.Conflict, "enrolment_ended")
		case e.State == EnrolmentConfirmed:
			return nil
		case file.EnrolmentID != e.ID:
			return enrolmentExists()
		}
		return s.confirm(ctx, by, e, more)
	})
	if err != nil {
		return nil, err
	}
	return s.EnrolmentView(ctx, e)
}

// confirm carries a confirmation of a claim out; file and enrolment are locked.
func (s *Service) confirm(ctx context.Context, by accounts.Actor, e *Enrolment, more Studies) error {
	row, err := s.rows.Lock(ctx, e.RowID)
	if err != nil {
		return err
	}
	data, err := s.openRow(row)
	if err != nil {
		return err
	}
	if row.InRoster {
		e.set(data.Studies)
		e.FullName = data.FullName
	} else if err := s.admit(ctx, row); err != nil {
		return err
	}
	e.set(more)
	e.State, e.ConfirmedAt = EnrolmentConfirmed, s.clock.Now()
	row.tie(e)
	if err := s.rows.Save(ctx, row); err != nil {
		return err
	}
	if err := s.enrolments.Save(ctx, e); err != nil {
		return err
	}
	return s.tell(ctx, by, e, EventEnrolmentConfirmed, nil)
}

// admit puts the row of a confirmed claim on the roster, unless another row of the same IIN stands there.
func (s *Service) admit(ctx context.Context, row *rosterRow) error {
	_, err := s.rows.First(ctx, storage.Where(storage.Eq("known", row.known())))
	if storage.IsNotFound(err) {
		row.InRoster = true
		return nil
	}
	return err
}

// RecordEnrolment notes for by, whose right the caller has asked, that a person was enrolled at a college: a citizen's enrolment in the draft of an
// agreement, the demo world's students. It is confirmed at once, in the caller's transaction or one of its own; a claim that waits, at any college, is
// replaced. At the same college a repeat takes over what st says. It answers errs.Conflict enrolment_exists for one confirmed elsewhere,
// errs.Unprocessable validation_failed.
func (s *Service) RecordEnrolment(ctx context.Context, by accounts.Actor, personID, collegeID string, st Studies) (*Enrolment, error) {
	c, err := s.College(ctx, collegeID)
	if err != nil {
		return nil, err
	}
	if err := invalid(s.ref.CheckStudies(&st, c.Regime())); err != nil {
		return nil, err
	}
	var e *Enrolment
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		file, err := s.lockFile(ctx, personID)
		if err != nil {
			return err
		}
		if e, err = s.liveOf(ctx, file); err != nil {
			return err
		}
		switch {
		case e != nil && e.CollegeID == collegeID && e.State == EnrolmentConfirmed:
			e.set(st)
			return s.enrolments.Save(ctx, e)
		case e != nil && e.CollegeID == collegeID:
			return s.confirm(ctx, by, e, st)
		case e != nil:
			if err := s.replaceClaim(ctx, by, file); err != nil {
				return err
			}
		}
		e, err = s.enrol(ctx, by, file, collegeID, st)
		return err
	})
	return e, err
}

// liveOf locks the live enrolment of a file that is locked; nil without one.
func (s *Service) liveOf(ctx context.Context, file *studentFile) (*Enrolment, error) {
	if file.EnrolmentID == "" {
		return nil, nil //nolint:nilnil // none is a usual answer here
	}
	return s.enrolments.Lock(ctx, file.EnrolmentID)
}

// enrol makes a confirmed enrolment with its roster row for a person without a live one.
func (s *Service) enrol(ctx context.Context, by accounts.Actor, file *studentFile, collegeID string, st Studies) (*Enrolment, error) {
	p, err := s.accounts.Person(ctx, file.ID)
	if err != nil {
		return nil, err
	}
	identity, err := s.accounts.Identity(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	now := s.clock.Now()
	e := &Enrolment{
		ID: id.New(prefixEnrolment), CreatedAt: now, PersonID: p.ID, CollegeID: collegeID, FullName: p.FullName,
		State: EnrolmentConfirmed, ConfirmedAt: now,
	}
	e.set(st)
	row, err := s.rowForPerson(ctx, e, p, identity, st)
	if err != nil {
		return nil, err
	}
	e.RowID = row.ID
	row.tie(e)
	if err := s.putRow(ctx, row); err != nil {
		return nil, err
	}
	if err := s.enrolments.Insert(ctx, e); err != nil {
		return nil, err
	}
	if err := s.setLive(ctx, file, e.ID); err != nil {
		return nil, err
	}
	return e, s.tell(ctx, by, e, EventEnrolmentConfirmed, nil)
}

// rowForPerson finds the person's free row in the roster by IIN, locked, or makes one, unsaved.
func (s *Service) rowForPerson(
	ctx context.Context, e *Enrolment, p *accounts.Person, who accounts.Identity, st Studies,
) (*rosterRow, error) {
	row := &rosterRow{ID: id.New(prefixRosterRow), CreatedAt: s.clock.Now(), CollegeID: e.CollegeID, InRoster: true}
	if hash := s.ring.Lookup("iin", who.IIN); hash != "" {
		known, err := s.rows.First(ctx, storage.Where(storage.Eq("known", e.CollegeID+"|"+hash)))
		switch {
		case err == nil && known.EnrolmentID == "":
			return s.rows.Lock(ctx, known.ID)
		case err == nil:
			row.InRoster = false
		case !storage.IsNotFound(err):
			return nil, err
		}
	}
	data := rosterData{FullName: p.FullName, IIN: who.IIN, BirthDate: who.Born(), Email: p.Email, Phone: who.Phone, Studies: st}
	return row, s.sealRow(row, data)
}

// MailProved links the roster rows that carry a person's mail address, now proved: confirmed at once (accounts' OnProved). A row whose IIN isn't the
// account's stays unlinked, and so does everything while the person has a confirmed enrolment.
func (s *Service) MailProved(ctx context.Context, p *accounts.Person) error {
	rows, err := s.rows.Find(ctx, storage.Where(storage.Eq("email", s.emailHash(p.Email))))
	if err != nil {
		return err
	}
	for _, row := range rows {
		linked, err := s.link(ctx, accounts.SystemActor("roster"), row.ID, p)
		if err != nil || linked {
			return err
		}
	}
	return nil
}

// link ties a free row of the roster to the account with its proved mail address, in a transaction.
func (s *Service) link(ctx context.Context, by accounts.Actor, rowID string, p *accounts.Person) (linked bool, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		linked = false
		file, err := s.lockFile(ctx, p.ID)
		if err != nil {
			return err
		}
		old, err := s.liveOf(ctx, file)
		if err != nil || (old != nil && old.State == EnrolmentConfirmed) {
			return err
		}
		row, err := s.rows.Lock(ctx, rowID)
		if err != nil {
			return err
		}
		data, err := s.openRow(row)
		if err != nil {
			return err
		}
		fits, err := s.linkable(ctx, row, data, p)
		if err != nil || !fits {
			return err
		}
		linked = true
		if old != nil && old.RowID == row.ID {
			row.Match = MatchEmail
			if err := s.rows.Save(ctx, row); err != nil {
				return err
			}
			return s.confirm(ctx, by, old, Studies{})
		}
		if old != nil {
			if err := s.replaceClaim(ctx, by, file); err != nil {
				return err
			}
		}
		return s.linkFree(ctx, by, file, row, data)
	})
	return linked, err
}

// linkable reports whether a row is free for, or claimed by, this account, and names no other IIN than the account's.
func (s *Service) linkable(ctx context.Context, row *rosterRow, data rosterData, p *accounts.Person) (bool, error) {
	if !row.InRoster || data.Email != p.Email || !p.EmailProved() {
		return false, nil
	}
	if row.EnrolmentID != "" && (row.Tie != EnrolmentClaimed || row.PersonID != p.ID) {
		return false, nil
	}
	who, err := s.accounts.Identity(ctx, p.ID)
	return err == nil && (who.IIN == "" || who.IIN == data.IIN), err
}

func (s *Service) linkFree(ctx context.Context, by accounts.Actor, file *studentFile, row *rosterRow, data rosterData) error {
	now := s.clock.Now()
	e := &Enrolment{
		ID: id.New(prefixEnrolment), CreatedAt: now, PersonID: file.ID, CollegeID: row.CollegeID, RowID: row.ID, FullName: data.FullName,
		State: EnrolmentConfirmed, ConfirmedAt: now,
	}
	e.set(data.Studies)
	row.Match = MatchEmail
	row.tie(e)
	if err := s.rows.Save(ctx, row); err != nil {
		return err
	}
	if err := s.enrolments.Insert(ctx, e); err != nil {
		return err
	}
	if err := s.setLive(ctx, file, e.ID); err != nil {
		return err
	}
	return s.tell(ctx, by, e, EventEnrolmentConfirmed, nil)
}

// fillIdentity writes IIN, birth date and phone of the roster into the profile of a newly confirmed student who has no IIN there. It comes after the
// confirmation, not with it: an IIN that another account holds must not undo the confirmation.
func (s *Service) fillIdentity(ctx context.Context, ev outbox.Event) error {
	e, err := s.enrolments.Get(ctx, ev.Subject)
	if storage.IsNotFound(err) || (err == nil && e.State != EnrolmentConfirmed) {
		return nil
	}
	if err != nil {
		return err
	}
	row, err := s.rows.Get(ctx, e.RowID)
	if storage.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	data, err := s.openRow(row)
	if err != nil {
		return err
	}
	who, err := s.accounts.Identity(ctx, e.PersonID)
	if err != nil || who.IIN != "" || data.IIN == "" {
		return err
	}
	fill := accounts.Identity{IIN: data.IIN, BirthDate: data.BirthDate}
	if who.Phone == "" {
		fill.Phone = data.Phone
	}
	err = s.accounts.SetIdentity(ctx, e.PersonID, fill)
	if isCode(err, "iin_taken") || isCode(err, "validation_failed") {
		s.log.WarnContext(ctx, "the roster's identity doesn't fit the account", "enrolment_id", e.ID, "code", errs.CodeOf(err))
		return nil
	}
	return err
}
