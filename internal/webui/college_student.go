package webui

import (
	"slices"
	"strconv"
	"strings"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/web/pages/college"
	"github.com/orynda/orynda/web/ui"
)

// studentApplications is how many applications a student's page shows.
const studentApplications = 12

func studentPath(v *visit) string {
	return "/colleges/" + v.param("id") + "/students/" + v.param("row")
}

func (s *site) collegeStudentPage(v *visit) error {
	d, err := s.collegeStudentOf(v)
	if err != nil {
		return err
	}
	return v.show(college.StudentPage(d))
}

// rowOf reads one student of the coordinator's institution.
func (s *site) rowOf(v *visit) (*directory.RosterRow, college.Head, error) {
	_, head, err := s.collegeOf(v, "students")
	if err == nil {
		err = mustRun(head)
	}
	if err != nil {
		return nil, head, err
	}
	row, err := s.Directory.ReadRosterRow(v.ctx(), v.actor, head.ID, v.param("row"))
	if err != nil || row.EnrolmentState != directory.EnrolmentConfirmed {
		return row, head, err
	}
	// What was added at the confirmation stands in the enrolment only.
	e, err := s.Directory.EnrolmentByID(v.ctx(), row.EnrolmentID)
	if err == nil {
		row.Studies = directory.Studies{
			Group: e.Group, Course: e.Course, SpecialtyCode: e.SpecialtyCode, QualificationCode: e.QualificationCode, ProgrammeCode: e.ProgrammeCode,
			StudyForm: e.StudyForm, EnrolledOn: e.EnrolledOn, OrderNumber: e.OrderNumber,
		}
	}
	return row, head, err
}

func (s *site) collegeStudentOf(v *visit) (college.Student, error) {
	row, head, err := s.rowOf(v)
	if err != nil {
		return college.Student{}, err
	}
	d := college.Student{
		Head: head, Row: row, TradeName: s.tradeName(v, row.Studies.Trade()), Confirm: &ui.Form{}, Refuse: &ui.Form{}, Guardian: &ui.Form{}, Answer: &ui.Form{},
		NamesGuardian: row.PersonID != "" && row.Under18 && row.EnrolmentState == directory.EnrolmentConfirmed,
	}
	if row.PersonID == "" {
		return d, nil
	}
	page, err := s.Selection.ListOfCollege(v.ctx(), v.actor, head.ID, selection.Filter{StudentID: row.PersonID, Limit: studentApplications})
	if err != nil {
		return d, err
	}
	d.MoreApps = !page.Next.IsZero()
	list, err := s.Agreements.List(v.ctx(), v.actor, agreements.Filter{CollegeID: head.ID, StudentID: row.PersonID, Limit: studentApplications})
	if err != nil {
		return d, err
	}
	papers := map[string]*agreements.Summary{}
	for _, sum := range list.Items {
		papers[sum.Agreement.ApplicationID] = sum
		t := agreementTask(v, sum, agreements.Waiting{})
		t.What, t.Own, t.When = ui.In(v.ctx(), sum.Agreement.PlacementTitle), false, v.say("state.agreement."+string(sum.Agreement.State))
		t.Note = ""
		d.Agreements = append(d.Agreements, t)
	}
	d.Applications, err = s.collegeApplicationRows(v, page.Items, papers)
	return d, err
}

// studentForm shows the page again with a refused form in its place.
func (s *site) studentForm(v *visit, err error, f *ui.Form, put func(d *college.Student)) error {
	if !v.refused(err, f, nil) {
		return err
	}
	nameFields(v, f, keyed("site.college.f."))
	d, wrong := s.collegeStudentOf(v)
	if wrong != nil {
		return wrong
	}
	put(&d)
	return v.again(college.StudentPage(d))
}

func (s *site) collegeConfirm(v *visit) error {
	row, _, err := s.rowOf(v)
	if err != nil {
		return err
	}
	f := v.form()
	more := directory.Studies{
		Group: f.Value("group"), QualificationCode: f.Value("qualification_code"), ProgrammeCode: f.Value("programme_code"), OrderNumber: f.Value("order_number"),
		EnrolledOn: cal.Day(f.Value("enrolled_on")),
	}
	if text := strings.TrimSpace(f.Value("course")); text != "" {
		if more.Course, err = strconv.Atoi(text); err != nil {
			err = errs.New(errs.Unprocessable, "validation_failed").WithFields(errs.Field{Field: "course", Code: "bad_format"})
		}
	}
	if err == nil {
		_, err = s.Directory.ConfirmEnrolment(v.ctx(), v.actor, row.EnrolmentID, more)
	}
	if err != nil {
		return s.studentForm(v, err, f, func(d *college.Student) { d.Confirm = f })
	}
	return v.goTo(studentPath(v), "college.confirmed")
}

// collegeRefuse refuses a claim. A confirmed enrolment has a page of its own for its end.
func (s *site) collegeRefuse(v *visit) error {
	row, _, err := s.rowOf(v)
	if err != nil {
		return err
	}
	f := v.form()
	_, err = s.Directory.EndEnrolment(v.ctx(), v.actor, row.EnrolmentID, directory.Ending{Reason: directory.EndClaimRefused, Comment: f.Value("comment")})
	if err != nil {
		return s.studentForm(v, err, f, func(d *college.Student) { d.Refuse = f })
	}
	return v.goTo("/colleges/"+v.param("id")+"/desk", "college.refused")
}

func (s *site) collegeNameGuardian(v *visit) error {
	row, head, err := s.rowOf(v)
	if err != nil {
		return err
	}
	f := v.form()
	_, err = s.Accounts.CreateInvitation(v.ctx(), v.actor, head.ID, accounts.InvitationRequest{
		Email: f.Value("email"), Role: accounts.RoleGuardian, StudentID: row.PersonID, FullName: f.Value("full_name"), Phone: f.Value("phone"), Ground: f.Value("ground"),
	})
	if err != nil {
		return s.studentForm(v, err, f, func(d *college.Student) { d.Guardian = f })
	}
	return v.goTo(studentPath(v), "college.guardian_invited")
}

// collegeAnswerGuardian confirms or refuses a guardian, by the button that was pressed.
func (s *site) collegeAnswerGuardian(v *visit) error {
	row, _, err := s.rowOf(v)
	if err != nil {
		return err
	}
	f, one := v.form(), v.param("one")
	if !slices.ContainsFunc(row.Guardians, func(g *directory.GuardianView) bool { return g.ID == one }) {
		return errs.New(errs.NotFound, "not_found")
	}
	word, done := f.Value("word-"+one), "college.guardian_confirmed"
	if f.Value("do") == "refuse" {
		done = "college.guardian_refused"
		_, err = s.Directory.RefuseGuardian(v.ctx(), v.actor, one, word)
	} else {
		_, err = s.Directory.ConfirmGuardian(v.ctx(), v.actor, one, word)
	}
	if err == nil {
		return v.goTo(studentPath(v), done)
	}
	if !v.refused(err, f, func(string) string { return "word-" + one }) {
		return err
	}
	d, wrong := s.collegeStudentOf(v)
	if wrong != nil {
		return wrong
	}
	d.Answer, d.AnswerID = f, one
	return v.again(college.StudentPage(d))
}

func (s *site) collegeEndPage(v *visit) error {
	d, err := s.endingOf(v, &ui.Form{})
	if err != nil {
		return err
	}
	return v.show(college.EndPage(d))
}

func (s *site) endingOf(v *visit, f *ui.Form) (college.Ending, error) {
	row, head, err := s.rowOf(v)
	if err != nil {
		return college.Ending{}, err
	}
	if row.EnrolmentState != directory.EnrolmentConfirmed {
		return college.Ending{}, errs.New(errs.NotFound, "not_found")
	}
	d := college.Ending{Head: head, Row: row, Form: f, Today: string(s.Directory.Today())}
	live, err := s.Selection.ListOfCollege(v.ctx(), v.actor, head.ID, selection.Filter{StudentID: row.PersonID, Live: true, Limit: studentApplications})
	d.Live = len(live.Items)
	return d, err
}

func (s *site) collegeEnd(v *visit) error {
	row, _, err := s.rowOf(v)
	if err != nil {
		return err
	}
	f := v.form()
	if f.Value("reason") == "" {
		err = errs.New(errs.Unprocessable, "validation_failed").WithFields(errs.Field{Field: "reason", Code: "required"})
	} else {
		_, err = s.Directory.EndEnrolment(v.ctx(), v.actor, row.EnrolmentID, directory.Ending{
			Reason: f.Value("reason"), Comment: f.Value("comment"), EndedOn: cal.Day(f.Value("ended_on")),
		})
	}
	if err == nil {
		return v.goTo("/colleges/"+v.param("id")+"/students", "college.ended")
	}
	if !v.refused(err, f, nil) {
		return err
	}
	nameFields(v, f, keyed("site.college.f."))
	d, wrong := s.endingOf(v, f)
	if wrong != nil {
		return wrong
	}
	return v.again(college.EndPage(d))
}
