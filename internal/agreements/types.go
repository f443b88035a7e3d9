package agreements

import (
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements/rules"
	"github.com/orynda/orynda/internal/storage"
)

// Limits of an agreement, all in one place (behaviour.md, "Agreement").
const (
	SignDays          = 14       // from ready to the last signature
	StaleDraftDays    = 14       // a draft whose starts_on passed so long ago is cancelled
	EnrolmentDays     = 30       // without an enrolment the match dissolves
	RegistrationDays  = 3        // working days of the chamber
	MaxDocument       = 10 << 20 // bytes of a document
	MaxReason         = 1000
	MaxDuties         = 4000
	MaxSchedule       = 200
	MaxPlan           = 100
	MaxPlanName       = 300
	MaxTrainingYears  = 6 // of one agreement's period
	MaxBulk           = 100
	remindAfter       = 3 * 24 * time.Hour // without a step
	remindEvery       = 24 * time.Hour
	adultAge          = 18
	youngestAge       = 14
	enrolmentReminder = 7 // days between reminders of a missing enrolment
)

// State is where an agreement stands.
type State string

// The states (domain.md, life cycles). Registered exists under r50 only.
const (
	Draft      State = "draft"
	Ready      State = "ready"
	Signing    State = "signing"
	Awaiting   State = "awaiting_countersignature"
	Concluded  State = "concluded"
	Registered State = "registered"
	Completed  State = "completed"
	Terminated State = "terminated"
	Cancelled  State = "cancelled"
)

// Frozen reports whether the agreement has a document that waits for signatures.
func (s State) Frozen() bool { return s == Ready || s == Signing || s == Awaiting }

// Open reports whether the agreement is not concluded yet and may still become so.
func (s State) Open() bool { return s == Draft || s.Frozen() }

// Binding reports whether the agreement is concluded and goes on.
func (s State) Binding() bool { return s == Concluded || s == Registered }

// Live reports whether the match of the agreement is active.
func (s State) Live() bool { return s.Open() || s.Binding() }

// WasConcluded reports whether the agreement was concluded, whatever came of it.
func (s State) WasConcluded() bool { return s.Binding() || s == Completed || s == Terminated }

// Party is a side that acts on an agreement.
type Party string

// The parties. Student, guardian, enterprise and college sign; the chamber registers; the system keeps the clocks.
const (
	ByStudent    Party = "student"
	ByGuardian   Party = "guardian"
	ByEnterprise Party = "enterprise"
	ByCollege    Party = "college"
	ByChamber    Party = "chamber"
	BySystem     Party = "system"
)

// Channel is how a signature is given.
type Channel string

// The channels. Only codes are accepted yet.
const (
	ByCode  Channel = "code"
	ByCMS   Channel = "cms"
	OnPaper Channel = "paper"
)

// Assurance is how much a signature proves.
type Assurance string

// The assurances.
const (
	Simple    Assurance = "simple"
	Qualified Assurance = "qualified"
	Paper     Assurance = "paper"
)

// Action is a next step that somebody has to take.
type Action string

// The actions.
const (
	ActFillIn          Action = "fill_in"
	ActRecordEnrolment Action = "record_enrolment"
	ActMakeReady       Action = "make_ready"
	ActSign            Action = "sign"
	ActCountersign     Action = "countersign"
	ActRegister        Action = "register"
	ActMendDefects     Action = "mend_defects"
	ActConfirm         Action = "confirm_completion"
)

// Cause is why a revision began.
type Cause string

// The causes.
const (
	CauseDrafted        Cause = "drafted"
	CauseChanged        Cause = "changed"
	CauseReturned       Cause = "returned"
	CauseRefused        Cause = "refused"
	CausePeriodPassed   Cause = "period_passed"
	CauseSigningExpired Cause = "signing_expired"
)

// Signature is one party's signature on one revision. Statement is the canonical text that the seal covers.
type Signature struct {
	ID            string    `json:"id"`
	Party         Party     `json:"party"`
	PersonID      string    `json:"person_id"`
	Person        string    `json:"person"`
	Authority     string    `json:"authority,omitempty"` // position and ground; of a guardian the ground; "" for the student
	Position      string    `json:"position,omitempty"`
	AuthorityFrom cal.Day   `json:"authority_from,omitempty"`
	AuthorityTo   cal.Day   `json:"authority_to,omitempty"`
	At            time.Time `json:"at"`
	Channel       Channel   `json:"channel"`
	Assurance     Assurance `json:"assurance"`
	Consent       bool      `json:"consent,omitempty"` // a guardian's: also to the student's signature
	Minor         bool      `json:"minor,omitempty"`   // a student's: under 18 on this day
	Revision      int       `json:"revision"`
	SHA256        string    `json:"sha256"`
	Rules         string    `json:"rules"` // the edition of the legal rules that judged this signature
	Statement     string    `json:"statement"`
	SealKey       string    `json:"seal_key"`
	Seal          []byte    `json:"seal"`
}

// Refusal is a refusal to sign, kept for good.
type Refusal struct {
	Party    Party     `json:"party"`
	PersonID string    `json:"person_id"`
	Person   string    `json:"person"`
	Reason   string    `json:"reason"`
	At       time.Time `json:"at"`
	Revision int       `json:"revision"`
}

// Registration is the entry in a chamber's register.
type Registration struct {
	ID        string    `json:"id"`
	Number    string    `json:"number"`
	Seq       int64     `json:"seq"`
	Year      int       `json:"year"`
	At        time.Time `json:"at"`
	ChamberID string    `json:"chamber_id"`
	PersonID  string    `json:"person_id"`
	Person    string    `json:"person"`
}

// Defect is a formal defect for which a chamber may return an agreement.
type Defect string

// Defects lists the formal defects.
func Defects() []Defect {
	return []Defect{
		"wrong_region", "requisites_incomplete", "requisites_wrong", "authority_doubtful", "signature_doubtful", "document_unreadable",
		"period_wrong", "specialty_wrong", "workplace_wrong", "mentor_missing", "curriculum_missing", "duplicate",
	}
}

// RegistrationRefusal is the chamber's last return for formal defects; the agreement stays concluded.
type RegistrationRefusal struct {
	Defects   []Defect  `json:"defects"`
	Comment   string    `json:"comment,omitempty"`
	At        time.Time `json:"at"`
	ChamberID string    `json:"chamber_id"`
	PersonID  string    `json:"person_id"`
	Person    string    `json:"person"`
}

// Confirmation is one side's word that the training was completed.
type Confirmation struct {
	Date     cal.Day   `json:"date"`
	At       time.Time `json:"at"`
	PersonID string    `json:"person_id"`
	Person   string    `json:"person"`
	Reason   string    `json:"reason,omitempty"`
}

// Completion is the two confirmations. CompletedOn is the later of the two days, "" until both are there.
type Completion struct {
	College     *Confirmation `json:"college,omitempty"`
	Enterprise  *Confirmation `json:"enterprise,omitempty"`
	Hired       *bool         `json:"hired,omitempty"`
	CompletedOn cal.Day       `json:"completed_on,omitempty"`
}

// Termination is the early end of a concluded agreement.
type Termination struct {
	Date          cal.Day   `json:"date"`
	Reason        string    `json:"reason"`
	Party         Party     `json:"party"`
	PersonID      string    `json:"person_id,omitempty"`
	Person        string    `json:"person,omitempty"`
	At            time.Time `json:"at"`
	TrainingBegan bool      `json:"training_began"`
}

// Cancellation is the end of an agreement that was never concluded.
type Cancellation struct {
	Party    Party     `json:"party"`
	PersonID string    `json:"person_id,omitempty"`
	Person   string    `json:"person,omitempty"`
	Reason   string    `json:"reason"`
	At       time.Time `json:"at"`
}

// Note is a text that somebody gave with a step. The trail names it by its id, because the trail itself holds no free text.
type Note struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// Frozen is the document of the present revision.
type FrozenDocument struct {
	ID      string    `json:"id"`
	SHA256  string    `json:"sha256"` // lower-case hexadecimal, of the exact bytes
	Size    int64     `json:"size"`
	ReadyAt time.Time `json:"ready_at"`
}

// Agreement is a dual training agreement. Parties' data is read from their own records while it is a draft and stands sealed in SealedParties from
// ready on.
type Agreement struct {
	ID        string       `json:"id"`
	Version   int64        `json:"version"`
	CreatedAt time.Time    `json:"created_at"`
	UpdatedAt time.Time    `json:"updated_at"`
	State     State        `json:"state"`
	Regime    rules.Regime `json:"regime"`
	Revision  int          `json:"revision"`
	Citizen   bool         `json:"citizen,omitempty"`

	Number     string `json:"number,omitempty"` // "17/2026"
	NumberSeq  int64  `json:"number_seq,omitempty"`
	NumberYear int    `json:"number_year,omitempty"`
	NumberVoid bool   `json:"number_void,omitempty"`
	// VerificationCode is sixteen characters of Crockford's base 32, without hyphens.
	VerificationCode string `json:"verification_code"`

	PlacementID        string    `json:"placement_id"`
	PlacementTitle     i18n.Text `json:"placement_title"`
	PlacementReference string    `json:"placement_reference"`
	ApplicationID      string    `json:"application_id"`
	OfferID            string    `json:"offer_id"`
	MatchID            string    `json:"match_id"`
	StudentID          string    `json:"student_id"`
	StudentName        string    `json:"student_name"`
	EnterpriseID       string    `json:"enterprise_id"`
	EnterpriseName     string    `json:"enterprise_name"`
	CollegeID          string    `json:"college_id"`
	CollegeName        string    `json:"college_name"`
	ChamberID          string    `json:"chamber_id,omitempty"` // fixed at ready; r50 only

	Languages []i18n.Lang `json:"languages"`
	Terms     Terms       `json:"terms"`
	Enrolment *Enrolment  `json:"enrolment,omitempty"`
	// SealedStudent and SealedGuardian are the Contacts that each gave for this agreement.
	SealedStudent  []byte `json:"sealed_student,omitempty"`
	SealedGuardian []byte `json:"sealed_guardian,omitempty"`
	// NoEnrolmentSince is when the student was last known to be without an enrolment; zero while there is one.
	NoEnrolmentSince time.Time `json:"no_enrolment_since,omitzero"`

	Template      string          `json:"template"` // version of the wording
	Rules         string          `json:"rules"`    // edition of the legal rules that judged it last
	Document      *FrozenDocument `json:"document,omitempty"`
	SealedParties []byte          `json:"sealed_parties,omitempty"` // Parties, fixed at ready
	GuardianID    string          `json:"guardian_id,omitempty"`    // the person; fixed at ready
	MinorAtReady  bool            `json:"minor_at_ready,omitempty"`
	HeldMentor    string          `json:"held_mentor,omitempty"` // the mentor who has this trainee counted

	Signatures  []Signature `json:"signatures,omitempty"` // of the present revision
	Refusals    []Refusal   `json:"refusals,omitempty"`
	Notes       []Note      `json:"notes,omitempty"`
	ConcludedAt time.Time   `json:"concluded_at,omitzero"`

	RegisterBy   cal.Day              `json:"register_by,omitempty"`
	Registration *Registration        `json:"registration,omitempty"`
	Returned     *RegistrationRefusal `json:"registration_refusal,omitempty"`
	Completion   *Completion          `json:"completion,omitempty"`
	Termination  *Termination         `json:"termination,omitempty"`
	Cancellation *Cancellation        `json:"cancellation,omitempty"`
	RemindedAt   time.Time            `json:"reminded_at,omitzero"`
}

// Identity implements storage.Document.
func (a *Agreement) Identity() (string, *int64) { return a.ID, &a.Version }

// Keys implements storage.Document. The key "match" is unique: a match has one agreement. "due" is the next day on which the clocks have something to do.
func (a *Agreement) Keys() storage.Keys {
	k := storage.Keys{
		"readers": a.readers(), "state": a.State, "regime": string(a.Regime), "created": a.CreatedAt, "match": a.MatchID,
		"placement": a.PlacementID, "application": a.ApplicationID, "student": a.StudentID, "enterprise": a.EnterpriseID, "college": a.CollegeID,
		"number": a.Number, "starts": a.Terms.StartsOn, "verify": a.VerificationCode, "due": a.Due(),
		"updated": a.UpdatedAt,
	}
	if a.Number != "" {
		k["college_number"] = a.CollegeID + "|" + a.Number
	}
	if r := a.Registration; r != nil {
		k["register"] = r.ChamberID
		k["register_seq"] = int64(r.Year)*1_000_000_000 + r.Seq
		k["register_number"] = r.ChamberID + "|" + r.Number
		k["register_day"] = cal.DayOf(r.At)
		k["register_year"] = r.Year
	}
	if a.HeldMentor != "" {
		k["mentor"] = a.HeldMentor
	}
	if a.State.Live() {
		k["supervisor"] = a.Terms.SupervisorID
	}
	return k
}

// readers are the ids under which people find the agreement in their lists.
func (a *Agreement) readers() []string {
	out := []string{a.StudentID, a.EnterpriseID, a.CollegeID}
	if a.State.WasConcluded() {
		out = append(out, a.ChamberID)
	}
	return out
}

func agreementSpec() storage.Spec {
	return storage.Spec{
		Name: "agreements",
		Keys: []storage.Key{
			{Name: "readers", Kind: storage.Strings}, {Name: "state"}, {Name: "regime"}, {Name: "created", Kind: storage.Int}, {Name: "match"},
			{Name: "placement"}, {Name: "application"}, {Name: "student"}, {Name: "enterprise"}, {Name: "college"}, {Name: "number"},
			{Name: "starts"}, {Name: "verify"}, {Name: "due"}, {Name: "college_number"}, {Name: "register"},
			{Name: "register_seq", Kind: storage.Int}, {Name: "register_number"}, {Name: "register_day"},
			{Name: "register_year", Kind: storage.Int}, {Name: "mentor"}, {Name: "supervisor"}, {Name: "updated", Kind: storage.Int},
		},
		Indexes: []storage.Index{
			{Name: "match", Keys: []string{"match"}, Unique: true},
			{Name: "college_updated", Keys: []string{"college", "updated"}},
			{Name: "verify", Keys: []string{"verify"}, Unique: true},
			{Name: "college_number", Keys: []string{"college_number"}, Unique: true},
			{Name: "register_number", Keys: []string{"register_number"}, Unique: true},
			{Name: "readers", Keys: []string{"readers"}},
			{Name: "student", Keys: []string{"student", "created"}},
			{Name: "enterprise", Keys: []string{"enterprise", "created"}},
			{Name: "college", Keys: []string{"college", "created"}},
			{Name: "placement", Keys: []string{"placement"}},
			{Name: "due", Keys: []string{"due"}},
			{Name: "register", Keys: []string{"register", "register_seq"}},
			{Name: "supervisor", Keys: []string{"supervisor"}},
			{Name: "mentor", Keys: []string{"mentor"}},
		},
	}
}

// Due is the next day on which a clock may have something to do with the agreement, "" when none has.
func (a *Agreement) Due() cal.Day {
	switch {
	case a.State == Draft:
		due := a.Terms.StartsOn.Add(StaleDraftDays + 1)
		if !a.NoEnrolmentSince.IsZero() {
			due = min(due, a.enrolmentBy().Add(1))
		}
		return due
	case a.State.Frozen():
		return min(a.SignUntil().Add(1), a.Terms.StartsOn)
	case a.State == Concluded && a.Regime == rules.R50:
		return a.RegisterBy
	}
	return ""
}

// enrolmentBy is the last day for the enrolment of somebody who has none.
func (a *Agreement) enrolmentBy() cal.Day { return cal.DayOf(a.NoEnrolmentSince).Add(EnrolmentDays) }

// SignUntil is the last day for all signatures, included; "" while there is nothing to sign.
func (a *Agreement) SignUntil() cal.Day {
	if a.Document == nil {
		return ""
	}
	return cal.DayOf(a.Document.ReadyAt).Add(SignDays)
}

// signature finds a party's signature on the present revision.
func (a *Agreement) signature(p Party) *Signature {
	for i := range a.Signatures {
		if a.Signatures[i].Party == p {
			return &a.Signatures[i]
		}
	}
	return nil
}

// note finds the text of a step.
func (a *Agreement) note(noteID string) string {
	for _, n := range a.Notes {
		if n.ID == noteID {
			return n.Text
		}
	}
	return ""
}

func (a *Agreement) wrongState() error {
	return errs.New(errs.Conflict, "wrong_state").With("state", string(a.State))
}
