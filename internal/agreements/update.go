package agreements

import (
	"context"
	"reflect"
	"slices"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
)

// Patch is what somebody wants to change; nil leaves a field as it is. Objects and lists replace the old ones whole, an empty text or list clears;
// contacts alone are merged.
type Patch struct {
	SupervisorID  *string // college
	Curriculum    *Curriculum
	Schedule      *[]Phase
	Plan          *[]PlanItem
	ProfileReason *string
	Enrolment     *Enrolment

	WorkplaceID  *string // enterprise
	MentorID     *string
	StartsOn     *cal.Day
	EndsOn       *cal.Day
	Insurance    *Insurance
	Compensation *Compensation
	Duties       *string

	Contacts *ContactsPatch // student and guardian, each their own

	Languages *[]i18n.Lang // any of them
}

// ContactsPatch are the contacts to change; nil leaves one as it is.
type ContactsPatch struct {
	Phone          *string
	Address        *string
	IDCardNumber   *string
	IDCardIssuedBy *string
	IDCardIssuedOn *cal.Day
}

// fields lists what a patch sends and whose it is; a field of no party is everybody's.
func (p Patch) fields() map[string]Party {
	all := []struct {
		name  string
		party Party
		sent  bool
	}{
		{"supervisor_id", ByCollege, p.SupervisorID != nil}, {"curriculum", ByCollege, p.Curriculum != nil}, {"schedule", ByCollege, p.Schedule != nil},
		{"plan", ByCollege, p.Plan != nil}, {"profile_reason", ByCollege, p.ProfileReason != nil}, {"enrolment", ByCollege, p.Enrolment != nil},
		{"workplace_id", ByEnterprise, p.WorkplaceID != nil}, {"mentor_id", ByEnterprise, p.MentorID != nil},
		{"starts_on", ByEnterprise, p.StartsOn != nil}, {"ends_on", ByEnterprise, p.EndsOn != nil}, {"insurance", ByEnterprise, p.Insurance != nil},
		{"compensation", ByEnterprise, p.Compensation != nil}, {"duties", ByEnterprise, p.Duties != nil},
		{"contacts", ByStudent, p.Contacts != nil}, {"languages", "", p.Languages != nil},
	}
	out := map[string]Party{}
	for _, f := range all {
		if f.sent {
			out[f.name] = f.party
		}
	}
	return out
}

// checkOwnership refuses fields of another party, all at once: Forbidden field_not_yours. It gives the side that acts.
func (p Patch) checkOwnership(sides []Party) (Party, error) {
	acting := sides[0]
	var bad []errs.Field
	sent := p.fields()
	names := make([]string, 0, len(sent))
	for name := range sent {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		owner := sent[name]
		switch {
		case owner == "":
		case owner == ByStudent && slices.Contains(sides, ByStudent):
			acting = ByStudent
		case owner == ByStudent && slices.Contains(sides, ByGuardian):
			acting = ByGuardian
		case slices.Contains(sides, owner):
			acting = owner
		default:
			bad = append(bad, errs.Field{Field: name, Code: "field_not_yours"})
		}
	}
	if len(bad) > 0 {
		return "", errs.New(errs.Forbidden, "field_not_yours").WithFields(bad...)
	}
	return acting, nil
}

// Update changes one's own part of an agreement (updateAgreement). A change of something that waits for signatures begins a new revision: the document no
// longer counts, signatures are void. Present values change nothing. Its refusals: Forbidden field_not_yours; Conflict agreement_concluded,
// wrong_state, overlapping_match, mentor_full; Unprocessable date_not_later, validation_failed; Stale stale_version.
func (s *Service) Update(ctx context.Context, by accounts.Actor, agreementID string, patch Patch, expect int64) (*Agreement, error) {
	seen, _, err := s.permitted(ctx, by, "updateAgreement", agreementID)
	if err != nil {
		return nil, err
	}
	have, err := s.RelationsTo(ctx, by, seen)
	if err != nil {
		return nil, err
	}
	party, err := patch.checkOwnership(sidesOf(have))
	if err != nil {
		return nil, err
	}
	return s.act(ctx, by, "updateAgreement", agreementID, func(ctx context.Context, w *acting) (bool, error) {
		w.party = party
		if err := fresh(w.a.Version, expect); err != nil {
			return false, err
		}
		return s.update(ctx, w, patch)
	})
}

// update runs with the agreement taken. Nothing is saved when nothing changes.
func (s *Service) update(ctx context.Context, w *acting, patch Patch) (bool, error) {
	a := w.a
	switch {
	case a.State == Cancelled:
		return false, a.wrongState()
	case !a.State.Open():
		return false, errs.New(errs.Conflict, "agreement_concluded")
	}
	before, err := s.snapshot(a)
	if err != nil {
		return false, err
	}
	if err := s.apply(ctx, w, patch); err != nil {
		return false, err
	}
	after, err := s.snapshot(a)
	if err != nil {
		return false, err
	}
	if reflect.DeepEqual(before, after) {
		return false, nil
	}
	voided := a.State.Frozen()
	if voided {
		if err := s.backToDraft(ctx, w, CauseChanged, ""); err != nil {
			return false, err
		}
	}
	if err := s.followUp(ctx, w, before, after, patch); err != nil {
		return false, err
	}
	if err := s.noteChanges(ctx, w, before, after); err != nil {
		return false, err
	}
	data := map[string]string{}
	if voided {
		data["new_revision"] = "yes"
	}
	return true, s.tell(ctx, a, step{by: w.by, party: w.party, event: EventChanged, data: data})
}

// followUp does what a change means elsewhere: the match's period moves (I3), a recorded enrolment is the directory's too.
func (s *Service) followUp(ctx context.Context, w *acting, before, after snapshot, patch Patch) error {
	a := w.a
	if before.Terms.StartsOn != after.Terms.StartsOn || before.Terms.EndsOn != after.Terms.EndsOn {
		if err := s.Selection.MoveMatch(ctx, a.MatchID, a.Terms.StartsOn, a.Terms.EndsOn); err != nil {
			return err
		}
	}
	if e := patch.Enrolment; e != nil {
		a.NoEnrolmentSince = time.Time{}
		st := directory.Studies{
			Group: e.Group, Course: e.Course, SpecialtyCode: e.SpecialtyCode, StudyForm: e.StudyForm, EnrolledOn: e.OrderDate, OrderNumber: e.OrderNumber,
		}
		if st.SpecialtyCode == "" && a.Citizen {
			st.SpecialtyCode = a.Terms.SpecialtyCode
		}
		if _, err := s.Directory.RecordEnrolment(ctx, w.by, a.StudentID, a.CollegeID, st); err != nil {
			return err
		}
	}
	return nil
}

// snapshot is everything that a patch may change, as values.
type snapshot struct {
	Terms     Terms
	Enrolment Enrolment
	Languages []i18n.Lang
	Student   Contacts
	Guardian  Contacts
}

func (s *Service) snapshot(a *Agreement) (snapshot, error) {
	out := snapshot{Terms: a.Terms, Languages: slices.Clone(a.Languages)}
	if a.Enrolment != nil {
		out.Enrolment = *a.Enrolment
	}
	// The lists and objects of the terms are replaced whole and never changed in place, so sharing them is safe.
	if err := openJSON(s, a.SealedStudent, sealContacts, &out.Student); err != nil {
		return out, err
	}
	return out, openJSON(s, a.SealedGuardian, sealContacts, &out.Guardian)
}

// noteChanges writes the difference into the present revision.
func (s *Service) noteChanges(ctx context.Context, w *acting, before, after snapshot) error {
	rev, err := s.revision(ctx, w.a)
	if err != nil {
		return err
	}
	names, err := s.namesOf(ctx, before, after)
	if err != nil {
		return err
	}
	for _, d := range diff(flatten(before, names), flatten(after, names)) {
		c := Change{Field: d.field, Party: w.party, PersonID: w.by.PersonID, Person: w.name, At: w.now}
		if d.private {
			if c.Sealed, err = sealJSON(s, [2]string{d.before, d.after}, sealChange); err != nil {
				return err
			}
		} else {
			c.Before, c.After = d.before, d.after
		}
		rev.Changes = append(rev.Changes, c)
	}
	return s.revisions.Save(ctx, rev)
}

// namesOf gives the names of the mentors and supervisors that a change mentions, because an id is not for reading.
func (s *Service) namesOf(ctx context.Context, snaps ...snapshot) (map[string]string, error) {
	out := map[string]string{}
	for _, snap := range snaps {
		if snap.Terms.MentorID != "" {
			m, err := found(s.Directory.Mentor(ctx, snap.Terms.MentorID))
			if err != nil {
				return nil, err
			}
			if m != nil {
				out[snap.Terms.MentorID] = m.FullName
			}
		}
		if snap.Terms.SupervisorID != "" {
			v, err := found(s.Directory.Supervisor(ctx, snap.Terms.SupervisorID))
			if err != nil {
				return nil, err
			}
			if v != nil {
				out[snap.Terms.SupervisorID] = v.FullName
			}
		}
	}
	return out, nil
}
