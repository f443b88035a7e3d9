package agreements

import (
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
