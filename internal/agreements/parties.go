package agreements

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
)

// What the sealed parts of this domain are sealed for.
const (
	sealParties  = "agreement.parties"
	sealContacts = "agreement.contacts"
	sealDocument = "agreement.document"
	sealChange   = "agreement.change"
)

// Parties are the sides of an agreement with their requisites: read from their own records while it is a draft, fixed at ready. They hold personal
// data.
type Parties struct {
	Student    StudentParty     `json:"student"`
	Guardian   *GuardianParty   `json:"guardian,omitempty"`
	Enterprise EnterpriseParty  `json:"enterprise"`
	College    CollegeParty     `json:"college"`
	Chamber    *ChamberParty    `json:"chamber,omitempty"`
	Mentor     *MentorParty     `json:"mentor,omitempty"`
	Supervisor *SupervisorParty `json:"supervisor,omitempty"`
}

// LogValue keeps it out of logs.
func (p Parties) LogValue() slog.Value { return slog.StringValue("[personal data]") }

// StudentParty is the person trained.
type StudentParty struct {
	PersonID          string   `json:"person_id"`
	FullName          string   `json:"full_name"`
	IIN               string   `json:"iin,omitempty"`
	BirthDate         cal.Day  `json:"birth_date,omitempty"` // declared, else the IIN's
	Declared          cal.Day  `json:"declared,omitempty"`   // the birth date as it was declared
	Email             string   `json:"email,omitempty"`
	Contacts          Contacts `json:"contacts"`
	Group             string   `json:"group,omitempty"`
	Course            int      `json:"course,omitempty"`
	StudyForm         string   `json:"study_form,omitempty"`
	Funding           string   `json:"funding,omitempty"`
	SpecialtyCode     string   `json:"specialty_code,omitempty"` // r50: enrolled in
	ProgrammeCode     string   `json:"programme_code,omitempty"`
	EnrolmentState    string   `json:"enrolment_state,omitempty"` // at the agreement's college: claimed, confirmed, "" for none
	EnrolledElsewhere bool     `json:"enrolled_elsewhere,omitempty"`
}

// GuardianParty is the minor's legal representative.
type GuardianParty struct {
	PersonID  string   `json:"person_id,omitempty"` // "" before the invitation is accepted
	FullName  string   `json:"full_name"`
	Ground    string   `json:"ground"`
	Confirmed bool     `json:"confirmed"`
	IIN       string   `json:"iin,omitempty"`
	Email     string   `json:"email,omitempty"`
	Contacts  Contacts `json:"contacts"`
}

// EnterpriseParty is the enterprise.
type EnterpriseParty struct {
	ID            string         `json:"id"`
	Kind          string         `json:"kind"`
	Name          string         `json:"name"`
	LegalNames    i18n.Text      `json:"legal_names"`
	BIN           string         `json:"bin,omitempty"`
	IIN           string         `json:"iin,omitempty"`
	Region        string         `json:"region"`
	City          string         `json:"city"`
	Address       string         `json:"address"`
	ActivityCode  string         `json:"activity_code,omitempty"`
	HeadName      string         `json:"head_name,omitempty"`
	HeadPosition  string         `json:"head_position,omitempty"`
	HeadAuthority string         `json:"head_authority,omitempty"`
	Bank          directory.Bank `json:"bank"`
	Email         string         `json:"email,omitempty"`
	Phone         string         `json:"phone,omitempty"`
}

// CollegeParty is the educational institution.
type CollegeParty struct {
	ID            string         `json:"id"`
	Kind          string         `json:"kind"`
	Name          string         `json:"name"`
	LegalNames    i18n.Text      `json:"legal_names"`
	BIN           string         `json:"bin"`
	Region        string         `json:"region"`
	City          string         `json:"city"`
	Address       string         `json:"address"`
	LicenceNumber string         `json:"licence_number,omitempty"`
	LicenceDate   cal.Day        `json:"licence_date,omitempty"`
	HeadName      string         `json:"head_name,omitempty"`
	HeadPosition  string         `json:"head_position,omitempty"`
	HeadAuthority string         `json:"head_authority,omitempty"`
	Bank          directory.Bank `json:"bank"`
	Email         string         `json:"email,omitempty"`
	Phone         string         `json:"phone,omitempty"`
}

// ChamberParty is the competent chamber (R50 25.4): that of the workplace's region.
type ChamberParty struct {
	ID         string    `json:"id"`
	Name       string    `json:"name"`
	LegalNames i18n.Text `json:"legal_names"`
}

// MentorParty is the employee who leads the training (R50 2.18). Trainees are those of the moment, not of the document.
type MentorParty struct {
	ID            string   `json:"id"`
	EnterpriseID  string   `json:"enterprise_id"`
	FullName      string   `json:"full_name"`
	Position      string   `json:"position,omitempty"`
	Qualification string   `json:"qualification,omitempty"`
	OrderNumber   string   `json:"order_number,omitempty"`
	OrderDate     cal.Day  `json:"order_date,omitempty"`
	Ended         bool     `json:"ended,omitempty"`
	Trainees      []string `json:"-"`
}

// SupervisorParty is the college's head of practice or master (R50 21.11).
type SupervisorParty struct {
	ID          string  `json:"id"`
	CollegeID   string  `json:"college_id"`
	FullName    string  `json:"full_name"`
	Position    string  `json:"position,omitempty"`
	OrderNumber string  `json:"order_number,omitempty"`
	OrderDate   cal.Day `json:"order_date,omitempty"`
	Phone       string  `json:"phone,omitempty"`
	Ended       bool    `json:"ended,omitempty"`
}

// Minor reports whether the student is known to be under 18 on a day.
func (p StudentParty) Minor(on cal.Day) bool {
	return p.BirthDate.Valid() && cal.Age(p.BirthDate, on) < adultAge
}

// Age is the student's age on a day, -1 when the birth date isn't known.
func (p StudentParty) Age(on cal.Day) int {
	if !p.BirthDate.Valid() || !on.Valid() {
		return -1
	}
	return cal.Age(p.BirthDate, on)
}

// over fills the empty contacts from others.
func (c Contacts) over(phone, address string) Contacts {
	if c.Phone == "" {
		c.Phone = phone
	}
	if c.Address == "" {
		c.Address = address
	}
	return c
}

// partiesOf gives the parties of an agreement: the fixed ones from ready on, else those of the present records. The mentor's trainees are always the
// present ones.
func (s *Service) partiesOf(ctx context.Context, a *Agreement) (*Parties, error) {
	if len(a.SealedParties) == 0 {
		return s.gather(ctx, a)
	}
	p := &Parties{}
	if err := openJSON(s, a.SealedParties, sealParties, p); err != nil {
		return nil, err
	}
	if p.Mentor != nil {
		m, err := found(s.Directory.Mentor(ctx, p.Mentor.ID))
		if err != nil {
			return nil, err
		}
		if m != nil {
			p.Mentor.Trainees, p.Mentor.Ended = m.Trainees, !m.EndedAt.IsZero()
		}
	}
	return p, nil
}

// gather reads the parties from their own records.
func (s *Service) gather(ctx context.Context, a *Agreement) (*Parties, error) {
	p := &Parties{}
	for _, part := range []func(context.Context, *Agreement, *Parties) error{
		s.gatherStudent, s.gatherGuardian, s.gatherEnterprise, s.gatherCollege, s.gatherPeople,
	} {
		if err := part(ctx, a, p); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (s *Service) gatherStudent(ctx context.Context, a *Agreement, p *Parties) error {
	person, err := s.Accounts.Person(ctx, a.StudentID)
	if err != nil {
		return err
	}
	who, err := s.Accounts.Identity(ctx, a.StudentID)
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
	e, err := found(s.Directory.Enrolment(ctx, a.StudentID))
	if err != nil {
		return err
	}
	p.Student.enrolled(a, e)
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
func (s *Service) gatherGuardian(ctx context.Context, a *Agreement, p *Parties) error {
	all, err := s.Directory.Guardians(ctx, a.StudentID)
	if err != nil {
		return err
	}
	var best *directory.Guardian
	for _, g := range all {
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
	person, err := found(s.Accounts.Person(ctx, best.PersonID))
	if err != nil || person == nil {
		return err
	}
	who, err := s.Accounts.Identity(ctx, best.PersonID)
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

func (s *Service) gatherEnterprise(ctx context.Context, a *Agreement, p *Parties) error {
	e, err := s.Directory.Enterprise(ctx, a.EnterpriseID)
	if err != nil {
		return err
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

func (s *Service) gatherCollege(ctx context.Context, a *Agreement, p *Parties) error {
	c, err := s.Directory.College(ctx, a.CollegeID)
	if err != nil {
		return err
	}
	p.College = CollegeParty{
		ID: c.ID, Kind: string(c.Kind), Name: c.Name, LegalNames: c.LegalNames, BIN: c.BIN, Region: c.Region, City: c.City, Address: c.Address,
		LicenceNumber: c.LicenceNumber, LicenceDate: c.LicenceDate, HeadName: c.HeadName, HeadPosition: c.HeadPosition,
		HeadAuthority: c.HeadAuthority, Bank: c.Bank, Email: c.Email, Phone: c.Phone,
	}
	return nil
}

// gatherPeople reads mentor, supervisor and chamber.
func (s *Service) gatherPeople(ctx context.Context, a *Agreement, p *Parties) error {
	if a.Terms.MentorID != "" {
		m, err := found(s.Directory.Mentor(ctx, a.Terms.MentorID))
		if err != nil {
			return err
		}
		if m != nil {
			p.Mentor = &MentorParty{
				ID: m.ID, EnterpriseID: m.EnterpriseID, FullName: m.FullName, Position: m.Position, Qualification: m.Qualification,
				OrderNumber: m.OrderNumber, OrderDate: m.OrderDate, Ended: !m.EndedAt.IsZero(), Trainees: m.Trainees,
			}
		}
	}
	if a.Terms.SupervisorID != "" {
		v, err := found(s.Directory.Supervisor(ctx, a.Terms.SupervisorID))
		if err != nil {
			return err
		}
		if v != nil {
			p.Supervisor = &SupervisorParty{
				ID: v.ID, CollegeID: v.CollegeID, FullName: v.FullName, Position: v.Position, OrderNumber: v.OrderNumber, OrderDate: v.OrderDate,
				Phone: v.Phone, Ended: !v.EndedAt.IsZero(),
			}
		}
	}
	if a.Regime != "r50" || a.Terms.Workplace.Region == "" {
		return nil
	}
	c, err := found(s.Directory.ChamberOf(ctx, a.Terms.Workplace.Region))
	if err != nil || c == nil {
		return err
	}
	p.Chamber = &ChamberParty{ID: c.ID, Name: c.Name, LegalNames: c.LegalNames}
	return nil
}

// sealJSON seals a value; the zero length of sealed is nothing.
func sealJSON(s *Service, v any, purpose string) ([]byte, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("agreements: sealing %s: %w", purpose, err)
	}
	return s.Ring.Seal(raw, purpose), nil
}

// openJSON opens what sealJSON made; nothing leaves into as it is.
func openJSON(s *Service, sealed []byte, purpose string, into any) error {
	if len(sealed) == 0 {
		return nil
	}
	raw, err := s.Ring.Open(sealed, purpose)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("agreements: opening %s: %w", purpose, err)
	}
	return nil
}

// normalPhone is a phone in the form in which two are compared.
func normalPhone(phone string) string {
	if n, ok := accounts.NormalPhone(phone); ok {
		return n
	}
	return phone
}

// agreementIncomplete is the refusal of ready with everything to mend.
func agreementIncomplete(gaps []Gap) error {
	e := errs.New(errs.Unprocessable, "agreement_incomplete")
	for _, g := range gaps {
		e = e.WithFields(g.Field)
	}
	return e
}
