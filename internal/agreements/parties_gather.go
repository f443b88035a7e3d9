package agreements

import (
	"context"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
)

// records are the present records of others that the parties of some agreements are made of. Each kind is read once, for all agreements.
type records struct {
	people      map[string]*accounts.Person
	enrolments  map[string]*directory.Enrolment  // by person
	guardians   map[string][]*directory.Guardian // by ward
	enterprises map[string]*directory.Enterprise
	colleges    map[string]*directory.College
	mentors     map[string]*directory.Mentor
	supervisors map[string]*directory.Supervisor
	chambers    map[string]*directory.Chamber // by region
}

// partiesOf gives the parties of an agreement: the fixed ones from ready on, else those of the present records. The mentor's trainees are always the
// present ones.
func (s *Service) partiesOf(ctx context.Context, a *Agreement) (*Parties, error) {
	all, err := s.partiesOfAll(ctx, []*Agreement{a})
	return all[a.ID], err
}

// partiesOfAll is partiesOf for several agreements, by agreement. How often it asks doesn't depend on their number.
func (s *Service) partiesOfAll(ctx context.Context, list []*Agreement) (map[string]*Parties, error) {
	out := make(map[string]*Parties, len(list))
	var open []*Agreement
	var mentors []string
	for _, a := range list {
		if len(a.SealedParties) == 0 {
			open = append(open, a)
			continue
		}
		p := &Parties{}
		if err := openJSON(s, a.SealedParties, sealParties, p); err != nil {
			return nil, err
		}
		if out[a.ID] = p; p.Mentor != nil {
			mentors = append(mentors, p.Mentor.ID)
		}
	}
	if len(mentors) > 0 {
		present, err := s.Directory.Mentors(ctx, mentors...)
		if err != nil {
			return nil, err
		}
		for _, p := range out {
			if p.Mentor != nil && present[p.Mentor.ID] != nil {
				m := present[p.Mentor.ID]
				p.Mentor.Trainees, p.Mentor.Ended = m.Trainees, !m.EndedAt.IsZero()
			}
		}
	}
	gathered, err := s.gatherAll(ctx, open)
	for agreementID, p := range gathered {
		out[agreementID] = p
	}
	return out, err
}

// gather reads the parties from their own records.
func (s *Service) gather(ctx context.Context, a *Agreement) (*Parties, error) {
	all, err := s.gatherAll(ctx, []*Agreement{a})
	return all[a.ID], err
}

// gatherAll is gather for several agreements, by agreement.
func (s *Service) gatherAll(ctx context.Context, list []*Agreement) (map[string]*Parties, error) {
	if len(list) == 0 {
		return nil, nil
	}
	r, err := s.recordsOf(ctx, list)
	if err != nil {
		return nil, err
	}
	out := make(map[string]*Parties, len(list))
	for _, a := range list {
		p := &Parties{}
		for _, part := range []func(*records, *Agreement, *Parties) error{s.gatherStudent, s.gatherGuardian, s.gatherEnterprise, gatherCollege} {
			if err := part(r, a, p); err != nil {
				return nil, err
			}
		}
		r.gatherPeople(a, p)
		out[a.ID] = p
	}
	return out, nil
}

// recordsOf reads all that some agreements name.
func (s *Service) recordsOf(ctx context.Context, list []*Agreement) (*records, error) {
	var students, enterprises, colleges, mentors, supervisors, regions []string
	for _, a := range list {
		students, enterprises, colleges = append(students, a.StudentID), append(enterprises, a.EnterpriseID), append(colleges, a.CollegeID)
		if a.Terms.MentorID != "" {
			mentors = append(mentors, a.Terms.MentorID)
		}
		if a.Terms.SupervisorID != "" {
			supervisors = append(supervisors, a.Terms.SupervisorID)
		}
		if a.Regime == "r50" && a.Terms.Workplace.Region != "" {
			regions = append(regions, a.Terms.Workplace.Region)
		}
	}
	r := &records{}
	reads := []func() error{
		func() (err error) { r.enrolments, err = s.Directory.Enrolments(ctx, students...); return err },
		func() (err error) { r.guardians, err = s.Directory.GuardiansOf(ctx, students...); return err },
		func() (err error) { r.enterprises, err = s.Directory.Enterprises(ctx, enterprises...); return err },
		func() (err error) { r.colleges, err = s.Directory.Colleges(ctx, colleges...); return err },
		func() (err error) { r.mentors, err = s.Directory.Mentors(ctx, mentors...); return err },
		func() (err error) { r.supervisors, err = s.Directory.Supervisors(ctx, supervisors...); return err },
		func() (err error) { r.chambers, err = s.Directory.ChambersOf(ctx, regions...); return err },
		func() (err error) {
			people := students
			for _, of := range r.guardians {
				for _, g := range of {
					people = append(people, g.PersonID)
				}
			}
			r.people, err = s.Accounts.People(ctx, people...)
			return err
		},
	}
	for _, read := range reads {
		if err := read(); err != nil {
			return nil, err
		}
	}
	return r, nil
}

func (s *Service) gatherStudent(r *records, a *Agreement, p *Parties) error {
	person := r.people[a.StudentID]
	if person == nil {
		return errs.New(errs.NotFound, "not_found")
	}
	who, err := s.Accounts.IdentityOf(person)
	if err != nil {
		return err
	}
	var own Contacts
	if err := openJSON(s, a.SealedStudent, sealContacts, &own); err != nil {
		return err
	}
	p.Student = StudentParty{
		PersonID: person.ID, FullName: person.FullName, IIN: who.IIN, BirthDate: who.Born(), Declared: who.BirthDate, Email: person.Email,
		Contacts: own.over(who.Phone, who.Address),
	}
	p.Student.enrolled(a, r.enrolments[a.StudentID])
	return nil
}

// enrolled takes over what the roster says, completed by what the college wrote into the agreement.
func (p *StudentParty) enrolled(a *Agreement, e *directory.Enrolment) {
	if e != nil && e.CollegeID == a.CollegeID {
		p.EnrolmentState, p.Group, p.Course, p.StudyForm = string(e.State), e.Group, e.Course, e.StudyForm
		p.SpecialtyCode, p.ProgrammeCode = e.SpecialtyCode, e.ProgrammeCode
	}
	p.EnrolledElsewhere = e != nil && e.CollegeID != a.CollegeID
	if own := a.Enrolment; own != nil {
		p.Funding = own.Funding
		for _, f := range []struct {
			from string
			into *string
		}{{own.Group, &p.Group}, {own.StudyForm, &p.StudyForm}, {own.SpecialtyCode, &p.SpecialtyCode}} {
			if f.from != "" {
				*f.into = f.from
			}
		}
		if own.Course != 0 {
			p.Course = own.Course
		}
	}
	if p.SpecialtyCode == "" {
		p.SpecialtyCode = a.Terms.SpecialtyCode
	}
}

// gatherGuardian chooses the guardian: a confirmed one, else one who accepted, else one who is invited.
func (s *Service) gatherGuardian(r *records, a *Agreement, p *Parties) error {
	var best *directory.Guardian
	for _, g := range r.guardians[a.StudentID] {
		if best == nil || guardianRank(g) > guardianRank(best) {
			best = g
		}
	}
	if best == nil {
		return nil
	}
	out := &GuardianParty{
		PersonID: best.PersonID, FullName: best.FullName, Ground: best.Ground, Email: best.Email,
		Confirmed: best.State == directory.GuardianConfirmed,
	}
	p.Guardian = out
	phone, err := s.Directory.GuardianPhone(best)
	if err != nil {
		return err
	}
	if err := openJSON(s, a.SealedGuardian, sealContacts, &out.Contacts); err != nil {
		return err
	}
	if best.PersonID == "" {
		out.Contacts = out.Contacts.over(phone, "")
		return nil
	}
	person := r.people[best.PersonID]
	if person == nil {
		return nil
	}
	who, err := s.Accounts.IdentityOf(person)
	if err != nil {
		return err
	}
	out.FullName, out.Email, out.IIN = person.FullName, person.Email, who.IIN
	out.Contacts = out.Contacts.over(who.Phone, who.Address).over(phone, "")
	return nil
}

func guardianRank(g *directory.Guardian) int {
	switch g.State {
	case directory.GuardianConfirmed:
		return 2
	case directory.GuardianAccepted:
		return 1
	}
	return 0
}

func (s *Service) gatherEnterprise(r *records, a *Agreement, p *Parties) error {
	e := r.enterprises[a.EnterpriseID]
	if e == nil {
		return errs.Missing("enterprise")
	}
	iin, err := s.Directory.EnterpriseIIN(e)
	if err != nil {
		return err
	}
	p.Enterprise = EnterpriseParty{
		ID: e.ID, Kind: string(e.Kind), Name: e.Name, LegalNames: e.LegalNames, BIN: e.BIN, IIN: iin, Region: e.Region, City: e.City,
		Address: e.Address, ActivityCode: e.ActivityCode, HeadName: e.HeadName, HeadPosition: e.HeadPosition, HeadAuthority: e.HeadAuthority,
		Bank: e.Bank, Email: e.Email, Phone: e.Phone,
	}
	return nil
}

func gatherCollege(r *records, a *Agreement, p *Parties) error {
	c := r.colleges[a.CollegeID]
	if c == nil {
		return errs.Missing("college")
	}
	p.College = CollegeParty{
		ID: c.ID, Kind: string(c.Kind), Name: c.Name, LegalNames: c.LegalNames, BIN: c.BIN, Region: c.Region, City: c.City, Address: c.Address,
		LicenceNumber: c.LicenceNumber, LicenceDate: c.LicenceDate, HeadName: c.HeadName, HeadPosition: c.HeadPosition,
		HeadAuthority: c.HeadAuthority, Bank: c.Bank, Email: c.Email, Phone: c.Phone,
	}
	return nil
}

// gatherPeople adds mentor, supervisor and chamber.
func (r *records) gatherPeople(a *Agreement, p *Parties) {
	if m := r.mentors[a.Terms.MentorID]; m != nil {
		p.Mentor = &MentorParty{
			ID: m.ID, EnterpriseID: m.EnterpriseID, FullName: m.FullName, Position: m.Position, Qualification: m.Qualification,
			OrderNumber: m.OrderNumber, OrderDate: m.OrderDate, Ended: !m.EndedAt.IsZero(), Trainees: m.Trainees,
		}
	}
	if v := r.supervisors[a.Terms.SupervisorID]; v != nil {
		p.Supervisor = &SupervisorParty{
			ID: v.ID, CollegeID: v.CollegeID, FullName: v.FullName, Position: v.Position, OrderNumber: v.OrderNumber, OrderDate: v.OrderDate,
			Phone: v.Phone, Ended: !v.EndedAt.IsZero(),
		}
	}
	if c := r.chambers[a.Terms.Workplace.Region]; c != nil && a.Regime == "r50" {
		p.Chamber = &ChamberParty{ID: c.ID, Name: c.Name, LegalNames: c.LegalNames}
	}
}
