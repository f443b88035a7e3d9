package webui

import (
	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/web/pages/college"
	"github.com/orynda/orynda/web/ui"
)

// collegeRoutes are the pages of a college's and a university's people.
func (s *site) collegeRoutes() {
	const at = "/colleges/:id"
	s.own(at+"/desk", s.collegeDesk)
	s.change(at+"/seen", s.seen(func(id string) string { return "/colleges/" + id + "/desk" }))
	s.change(at+"/looked", s.noteLook(
		func(v *visit) error { _, _, err := s.collegeOf(v, ""); return err },
		func(id, list string) string {
			if list == listStudents {
				return "/colleges/" + id + "/students?show=all"
			}
			return "/colleges/" + id + "/" + list
		},
		listStudents, listApplications,
	))
	s.own(at+"/students", s.collegeStudents)
	s.change(at+"/students", s.collegeFindStudents)
	s.own(at+"/students.xlsx", s.collegeExport)
	s.own(at+"/students/:row", s.collegeStudentPage)
	s.change(at+"/students/:row/confirm", s.collegeConfirm)
	s.change(at+"/students/:row/refuse", s.collegeRefuse)
	s.change(at+"/students/:row/guardian", s.collegeNameGuardian)
	s.change(at+"/students/:row/guardian/:one", s.collegeAnswerGuardian)
	s.own(at+"/students/:row/end", s.collegeEndPage)
	s.change(at+"/students/:row/end", s.collegeEnd)
	s.own(at+"/roster", s.rosterPage)
	s.change(at+"/roster", s.rosterFile)
	s.own(at+"/roster/template.csv", s.rosterTemplateCSV)
	s.own(at+"/roster/template.xlsx", s.rosterTemplateXLSX)
	s.own(at+"/applications", s.collegeApplications)
	for _, part := range college.Parts() {
		path := college.PartPath(":id", part)
		s.own(path, func(v *visit) error { return s.collegePeoplePage(v, part) })
		s.change(path, func(v *visit) error { return s.collegePeopleAdd(v, part) })
	}
	s.change(at+"/people/supervisors/:one/end", s.collegePeopleEnd(college.PartSupervisors, s.Directory.EndSupervisor))
	s.change(at+"/people/signatories/:one/end", s.collegePeopleEnd(college.PartSignatories, s.Directory.EndSignatory))
	s.memberRoutes(at+"/people/members", func(id string) string { return college.PartPath(id, college.PartMembers) })
	s.own(at+"/profile", s.collegeProfilePage)
	s.change(at+"/profile", s.collegeProfile)
}

// collegeOf reads an institution for its members, with the head of its pages; for others there is none.
func (s *site) collegeOf(v *visit, at string) (*directory.CollegeView, college.Head, error) {
	id := v.param("id")
	if !v.actor.MemberOf(id) {
		return nil, college.Head{}, errs.New(errs.NotFound, "not_found")
	}
	c, err := s.Directory.ReadCollege(v.ctx(), v.actor, id)
	if err != nil {
		return nil, college.Head{}, err
	}
	return c, college.Head{
		ID: c.ID, Name: c.Name, University: c.Kind == directory.University, At: at, Runs: v.actor.MemberOf(id, accounts.RoleCoordinator),
	}, nil
}

// tradeName is a specialty's or programme's name in the page's language.
func (s *site) tradeName(v *visit, code string) string {
	if code == "" {
		return ""
	}
	if t, ok := s.Reference.Trade(code); ok {
		return ui.In(v.ctx(), t.Name)
	}
	if p, ok := s.Reference.Programme(code); ok {
		return ui.In(v.ctx(), p.Name)
	}
	return code
}

// collegeField is the control that holds a field of the contract.
func collegeField(field string) string {
	if field == "region" {
		return "city"
	}
	return field
}
