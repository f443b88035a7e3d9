package directory

import (
	"context"
	"slices"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

// EnrolmentState is where the tie of a person to a college stands.
type EnrolmentState string

// The states: claimed → confirmed → ended; a refused claim ends too. Unlinked is said of roster rows without an account only.
const (
	EnrolmentUnlinked  EnrolmentState = "unlinked"
	EnrolmentClaimed   EnrolmentState = "claimed"
	EnrolmentConfirmed EnrolmentState = "confirmed"
	EnrolmentEnded     EnrolmentState = "ended"
)

// Why an enrolment ended.
const (
	EndGraduated     = "graduated"
	EndExpelled      = "expelled"
	EndTransferred   = "transferred"
	EndAcademicLeave = "academic_leave"
	EndLeft          = "left"
	EndClaimRefused  = "claim_refused"
)

// Studies is what a college says about somebody's studies.
type Studies struct {
	Group             string  `json:"group,omitempty"`
	Course            int     `json:"course,omitempty"` // year of study, 0 when not said
	SpecialtyCode     string  `json:"specialty_code,omitempty"`
	QualificationCode string  `json:"qualification_code,omitempty"`
	ProgrammeCode     string  `json:"programme_code,omitempty"`
	StudyForm         string  `json:"study_form,omitempty"`
	EnrolledOn        cal.Day `json:"enrolled_on,omitempty"` // date of the order of enrolment
	OrderNumber       string  `json:"order_number,omitempty"`
}

// Enrolment is the tie of a person to a college (R50 2.1).
type Enrolment struct {
	ID                string         `json:"id"`
	Version           int64          `json:"version"`
	CreatedAt         time.Time      `json:"created_at"`
	PersonID          string         `json:"person_id"`
	CollegeID         string         `json:"college_id"`
	RowID             string         `json:"row_id,omitempty"` // the roster's row
	FullName          string         `json:"full_name"`
	Group             string         `json:"group"`
	Course            int            `json:"course,omitempty"`
	SpecialtyCode     string         `json:"specialty_code,omitempty"`
	QualificationCode string         `json:"qualification_code,omitempty"`
	ProgrammeCode     string         `json:"programme_code,omitempty"`
	StudyForm         string         `json:"study_form,omitempty"`
	EnrolledOn        cal.Day        `json:"enrolled_on,omitempty"`
	OrderNumber       string         `json:"order_number,omitempty"`
	State             EnrolmentState `json:"state"`
	ConfirmedAt       time.Time      `json:"confirmed_at,omitzero"`
	EndedAt           time.Time      `json:"ended_at,omitzero"`
	EndedOn           cal.Day        `json:"ended_on,omitempty"`
	EndReason         string         `json:"end_reason,omitempty"`
	EndComment        string         `json:"end_comment,omitempty"` // the coordinator's word to the student
}

// Identity implements storage.Document.
func (e *Enrolment) Identity() (string, *int64) { return e.ID, &e.Version }

// Keys implements storage.Document. The key "live" makes a second live enrolment of a person impossible.
func (e *Enrolment) Keys() storage.Keys {
	k := storage.Keys{"person": e.PersonID, "college": e.CollegeID}
	if e.Live() {
		k["live"] = e.PersonID
	}
	return k
}

func enrolmentSpec() storage.Spec {
	return storage.Spec{
		Name: "enrolments",
		Keys: []storage.Key{{Name: "person"}, {Name: "college"}, {Name: "live"}},
		Indexes: []storage.Index{
			{Name: "live", Keys: []string{"live"}, Unique: true},
			{Name: "person", Keys: []string{"person"}},
		},
	}
}

// Live reports whether it is claimed or confirmed.
func (e *Enrolment) Live() bool { return e.State == EnrolmentClaimed || e.State == EnrolmentConfirmed }

// set takes over what the college says; what it doesn't say stays.
func (e *Enrolment) set(st Studies) {
	for _, f := range []struct {
		from string
		into *string
	}{
		{st.Group, &e.Group}, {st.SpecialtyCode, &e.SpecialtyCode}, {st.QualificationCode, &e.QualificationCode},
		{st.ProgrammeCode, &e.ProgrammeCode}, {st.StudyForm, &e.StudyForm}, {st.OrderNumber, &e.OrderNumber},
	} {
		if f.from != "" {
			*f.into = f.from
		}
	}
	if st.Course != 0 {
		e.Course = st.Course
	}
	if st.EnrolledOn != "" {
		e.EnrolledOn = st.EnrolledOn
	}
}

// CheckStudies puts codes into the classifier's form, takes the specialty from the qualification and names every field that is wrong:
// code_unknown; code_wrong_regime for a classifier's code at a university or a university's at a college; limits and dates.
func (r *Reference) CheckStudies(st *Studies, regime string) []errs.Field {
	var f form
	f.text("group", &st.Group, &st.Group, 0, MaxGroup)
	if st.Course < 0 || st.Course > 6 {
		f.add("course", "too_large")
	}
	r.checkTrade(&f, st, regime)
	if st.ProgrammeCode != "" {
		p, ok := r.Programme(st.ProgrammeCode)
		switch {
		case !ok:
			f.add("programme_code", "code_unknown")
		case regime == RegimeR50:
			f.add("programme_code", "code_wrong_regime")
		default:
			st.ProgrammeCode = p.Code
		}
	}
	f.text("study_form", &st.StudyForm, &st.StudyForm, 0, 50)
	f.day("enrolled_on", &st.EnrolledOn, &st.EnrolledOn)
	f.text("order_number", &st.OrderNumber, &st.OrderNumber, 0, MaxOrder)
	return f.bad
}

func (r *Reference) checkTrade(f *form, st *Studies, regime string) {
	for _, c := range []struct {
		field string
		code  *string
	}{{"specialty_code", &st.SpecialtyCode}, {"qualification_code", &st.QualificationCode}} {
		if *c.code == "" {
			continue
		}
		t, ok := r.Trade(*c.code)
		switch {
		case !ok || (c.field == "specialty_code" && t.Code != t.SpecialtyCode):
			f.add(c.field, "code_unknown")
		case regime == RegimeR361:
			f.add(c.field, "code_wrong_regime")
		default:
			*c.code = t.Code
			st.SpecialtyCode = t.SpecialtyCode // the qualification comes last and decides
		}
	}
}

// Enrolment finds a person's live enrolment, claimed or confirmed: errs.NotFound enrolment_not_found without one.
func (s *Service) Enrolment(ctx context.Context, personID string) (*Enrolment, error) {
	if personID == "" {
		return nil, errs.Missing("enrolment")
	}
	e, err := s.enrolments.First(ctx, storage.Where(storage.Eq("live", personID)))
	return e, missing(err, "enrolment")
}

// EnrolmentByID reads an enrolment in any state for other services: errs.NotFound enrolment_not_found.
func (s *Service) EnrolmentByID(ctx context.Context, id string) (*Enrolment, error) {
	e, err := s.enrolments.Get(ctx, id)
	return e, missing(err, "enrolment")
}

// IdentityLocked reports whether a person's IIN and birth date are fixed by a confirmed enrolment (accounts' IdentityLocked).
func (s *Service) IdentityLocked(ctx context.Context, personID string) (bool, error) {
	e, err := s.Enrolment(ctx, personID)
	if storage.IsNotFound(err) {
		return false, nil
	}
	return err == nil && e.State == EnrolmentConfirmed, err
}

// EnrolmentView is an enrolment with its college.
type EnrolmentView struct {
	Enrolment
	College Organisation
}

// EnrolmentView adds the college's name to an enrolment.
func (s *Service) EnrolmentView(ctx context.Context, e *Enrolment) (*EnrolmentView, error) {
	o, err := s.Organisation(ctx, e.CollegeID)
	return &EnrolmentView{Enrolment: *e, College: o}, err
}

// OwnEnrolment shows a person's live enrolment, nil without one, for getMe.
func (s *Service) OwnEnrolment(ctx context.Context, personID string) (*EnrolmentView, error) {
	e, err := s.Enrolment(ctx, personID)
	if storage.IsNotFound(err) {
		return nil, nil //nolint:nilnil // documented: most people have none
	}
	if err != nil {
		return nil, err
	}
	return s.EnrolmentView(ctx, e)
}

// enrolmentFor asks the policy about a coordinator's operation on an enrolment and reads it: others may not know that it exists.
func (s *Service) enrolmentFor(ctx context.Context, by accounts.Actor, op, id string) (*Enrolment, error) {
	if by.Anonymous() {
		return nil, s.policy.Permit(by, op)
	}
	e, err := s.enrolments.Get(ctx, id)
	if storage.IsNotFound(err) {
		return nil, notFound()
	}
	if err != nil {
		return nil, err
	}
	have := memberRelations(by, accounts.KindCollege, e.CollegeID, false)
	if by.PersonID == e.PersonID {
		have = append(have, accounts.Visible)
	}
	return e, s.policy.Permit(by, op, have...)
}

// tell records a change of an enrolment in the trail of the person's account and as an event.
func (s *Service) tell(ctx context.Context, by accounts.Actor, e *Enrolment, event string, more map[string]string) error {
	data := map[string]string{"person_id": e.PersonID, "college_id": e.CollegeID}
	for k, v := range more {
		data[k] = v
	}
	if err := s.box.Emit(ctx, event, e.ID, data); err != nil {
		return err
	}
	data["enrolment_id"] = e.ID
	return s.record(ctx, by, accountStream(e.PersonID), event, data)
}

// validEnd reports whether a reason ends an enrolment that is in this state.
func validEnd(state EnrolmentState, reason string) bool {
	if state == EnrolmentClaimed {
		return reason == EndClaimRefused
	}
	return slices.Contains([]string{EndGraduated, EndExpelled, EndTransferred, EndAcademicLeave, EndLeft}, reason)
}
