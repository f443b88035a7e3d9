package paper

import (
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/i18n"
)

// SheetData is everything the signature sheet prints. As in [Data] only what is called optional may be absent.
type SheetData struct {
	Number     string    `json:"number"`
	Revision   int       `json:"revision"`
	RenderedAt time.Time `json:"rendered_at"`
	// English adds English to Kazakh and Russian.
	English bool `json:"english"`
	// DocumentSHA256 is the hash of the signed file, 64 hexadecimal digits.
	DocumentSHA256 string `json:"document_sha256"`
	// College and Enterprise are the parties' names.
	College    i18n.Text `json:"college"`
	Enterprise i18n.Text `json:"enterprise"`
	// Signatures are the signatures given so far, in the order to print; at least one.
	Signatures []Signature `json:"signatures"`
	// ConcludedOn is the day of the last signature; empty while signatures are missing, and then the sheet says so.
	ConcludedOn cal.Day `json:"concluded_on,omitempty"`
	// Registration is the entry in the chamber's register; nil when there is none.
	Registration *Registration `json:"registration,omitempty"`
	Verification Verification  `json:"verification"`
}

// Role is the part a signer has in an agreement.
type Role string

// The roles.
const (
	StudentRole    Role = "student"
	GuardianRole   Role = "guardian"
	EnterpriseRole Role = "enterprise"
	CollegeRole    Role = "college"
)

// Channel is the way a signature was given.
type Channel string

// The channels.
const (
	CodeChannel  Channel = "code"  // one-time code
	CMSChannel   Channel = "cms"   // state digital signature
	PaperChannel Channel = "paper" // scanned original
)

// Assurance is how much a signature proves.
type Assurance string

// The assurances. Simple is printed with the label that its legal force is not confirmed.
const (
	Simple    Assurance = "simple"
	Qualified Assurance = "qualified"
	OnPaper   Assurance = "paper"
)

// Signature is one line of the signature sheet.
type Signature struct {
	Role     Role   `json:"role"`
	FullName string `json:"full_name"`
	// Position is the post; optional for persons who sign for themselves.
	Position i18n.Text `json:"position" paper:"optional"`
	// Authority is the ground of the power to sign; optional for the student, for a guardian the tie to the student.
	Authority i18n.Text `json:"authority" paper:"optional"`
	At        time.Time `json:"at"`
	Channel   Channel   `json:"channel"`
	Assurance Assurance `json:"assurance"`
}

// Registration is an entry in a chamber's register.
type Registration struct {
	Chamber i18n.Text `json:"chamber"`
	Number  string    `json:"number"`
	Date    cal.Day   `json:"date"`
}
