package directory

import (
	"context"
	"slices"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/storage"
)

// GuardianInput is how a guardian is named.
type GuardianInput struct{ FullName, Email, Phone, Ground string }

// check puts the input into its stored form: 422 validation_failed.
func (in *GuardianInput) check() error {
	var f form
	f.text("full_name", &in.FullName, &in.FullName, MinText, MaxPersonName)
	f.email("email", &in.Email, &in.Email)
	f.phone("phone", &in.Phone, &in.Phone)
	for _, x := range []struct{ field, value string }{{"email", in.Email}, {"phone", in.Phone}} {
		if x.value == "" {
			f.add(x.field, "required")
		}
	}
	if !slices.Contains([]string{GroundParent, GroundAdoptiveParent, GroundGuardian}, in.Ground) {
		f.add("ground", "unknown_value")
	}
	return f.finish()
}

// GuardianView is a guardian as the ward, the guardian and the ward's college see it.
type GuardianView struct {
	Guardian
	Phone string
}

// GuardianView opens a guardian's phone for those who may see it.
func (s *Service) GuardianView(g *Guardian) (*GuardianView, error) {
	phone, err := s.GuardianPhone(g)
	return &GuardianView{Guardian: *g, Phone: phone}, err
}

// NameGuardian names one's own legal representative and invites that person (nameGuardian). The same address once more sends the mail again. It
// answers errs.Conflict guardian_limit, errs.Unprocessable contact_shared, guardian_not_needed, birth_date_missing or validation_failed.
func (s *Service) NameGuardian(ctx context.Context, by accounts.Actor, in GuardianInput) (*GuardianView, error) {
	if err := s.policy.Permit(by, "nameGuardian", signedIn(by)...); err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	var g *Guardian
	err := s.db.Tx(ctx, func(ctx context.Context) (err error) {
		g, _, err = s.name(ctx, by, by.PersonID, "", in)
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.GuardianView(g)
}

// InviteGuardian names the guardian of a college's own student or draft's citizen, in the caller's transaction (accounts' NameGuardian). It answers
// what [Service.NameGuardian] does, and errs.Conflict already_member for one who accepted before, errs.Unprocessable not_own_student.
func (s *Service) InviteGuardian(ctx context.Context, by accounts.Actor, in accounts.GuardianInvitation) (*accounts.Invitation, error) {
	own, err := s.collegesOf(ctx, in.StudentID)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(own, in.CollegeID) {
		return nil, errs.New(errs.Unprocessable, "not_own_student").WithFields(errs.Field{Field: "student_id", Code: "not_own_student"})
	}
	how := GuardianInput{FullName: in.FullName, Email: in.Email, Phone: in.Phone, Ground: in.Ground}
	if err := how.check(); err != nil {
		return nil, err
	}
	_, inv, err := s.name(ctx, by, in.StudentID, in.CollegeID, how)
	if err == nil && inv == nil { // accepted long ago
		err = errs.New(errs.Conflict, "already_member")
	}
	return inv, err
}

// collegesOf lists the colleges that answer for a student or citizen: the live enrolment's, those of a citizen's drafts.
func (s *Service) collegesOf(ctx context.Context, personID string) ([]string, error) {
	e, err := s.Enrolment(ctx, personID)
	if err == nil {
		return []string{e.CollegeID}, nil
	}
	if !storage.IsNotFound(err) || s.DraftColleges == nil {
		return nil, ignoreAbsence(err)
	}
	return s.DraftColleges(ctx, personID)
}

func ignoreAbsence(err error) error {
	if storage.IsNotFound(err) {
		return nil
	}
	return err
}

// name makes or finds the guardian of a ward with this address and sends the invitation. collegeID is the college that names, "" for the ward.
func (s *Service) name(
	ctx context.Context, by accounts.Actor, wardID, collegeID string, in GuardianInput,
) (*Guardian, *accounts.Invitation, error) {
	file, err := s.lockFile(ctx, wardID)
	if err != nil {
		return nil, nil, err
	}
	ward, err := s.accounts.Person(ctx, wardID)
	if err != nil {
		return nil, nil, err
	}
	who, err := s.accounts.Identity(ctx, wardID)
	if err != nil {
		return nil, nil, err
	}
	if err := checkAge(who, collegeID == "", s.today()); err != nil {
		return nil, nil, err
	}
	if err := contactShared(in.Email, in.Phone, ward, who); err != nil {
		return nil, nil, err
	}
	g, err := s.namedOrNew(ctx, by, file, collegeID, in)
	if err != nil || !g.AcceptedAt.IsZero() {
		return g, nil, err
	}
	return s.inviteNamed(ctx, by, ward, g)
}

// namedOrNew finds the guardian with this address or makes one: errs.Conflict guardian_limit. The file is locked.
func (s *Service) namedOrNew(
	ctx context.Context, by accounts.Actor, file *studentFile, collegeID string, in GuardianInput,
) (*Guardian, error) {
	live, err := s.Guardians(ctx, file.ID)
	if err != nil {
		return nil, err
	}
	for _, g := range live {
		if g.Email == in.Email {
			return g, nil
		}
	}
	if len(file.Guardians) >= MaxGuardians {
		return nil, errs.New(errs.Conflict, "guardian_limit").With("max", MaxGuardians)
	}
	g := &Guardian{
		ID: id.New(prefixGuardian), CreatedAt: s.clock.Now(), State: GuardianNamed, WardID: file.ID, FullName: in.FullName, Email: in.Email,
		SealedPhone: s.ring.SealText(in.Phone, sealGuardianPhone), Ground: in.Ground, CollegeID: collegeID,
	}
	if err := s.guardians.Insert(ctx, g); err != nil {
		return nil, err
	}
	file.Guardians = append(file.Guardians, g.ID)
	if err := s.files.Save(ctx, file); err != nil {
		return nil, err
	}
	return g, s.tellGuardian(ctx, by, g, EventGuardianNamed)
}

func (s *Service) inviteNamed(
	ctx context.Context, by accounts.Actor, ward *accounts.Person, g *Guardian,
) (*Guardian, *accounts.Invitation, error) {
	in := accounts.NewInvitation{
		Email: g.Email, FullName: g.FullName, Role: accounts.RoleGuardian, GuardianID: g.ID, StudentID: ward.ID, Locale: ward.Locale,
	}
	if g.CollegeID != "" {
		in.OrganisationID, in.Kind = g.CollegeID, accounts.KindCollege
	}
	inv, err := s.accounts.Invite(ctx, by, in)
	if err != nil || g.InvitationID == inv.ID {
		return g, inv, err
	}
	g.InvitationID = inv.ID
	return g, inv, s.guardians.Save(ctx, g)
}

// tellGuardian records a change of a guardian in the trail of the ward's account and as an event.
func (s *Service) tellGuardian(ctx context.Context, by accounts.Actor, g *Guardian, event string) error {
	data := map[string]string{"ward_id": g.WardID}
	if g.PersonID != "" {
		data["person_id"] = g.PersonID
	}
	if err := s.box.Emit(ctx, event, g.ID, data); err != nil {
		return err
	}
	data["guardian_id"] = g.ID
	return s.record(ctx, by, accountStream(g.WardID), event, data)
}
