package paper

import (
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/i18n"
)

// Regime names the Rules an agreement follows.
type Regime string

// The regimes: R50 is Order No. 50 of 21.01.2016 (colleges), R361 is Order No. 361 of 27.07.2023 (universities).
const (
	R50  Regime = "r50"
	R361 Regime = "r361"
)

// Data is everything one agreement prints. It holds values only; every sentence comes from the versioned templates. The JSON names are
// the names that errors use for a field ("enterprise.name").
//
// Unless a field is called optional (tag paper:"optional" or omitempty) it must be there: a missing one is an error, never a blank. A text in one language only is printed as
// it is in the other language versions too. Line breaks and runs of spaces inside a value become one space.
type Data struct {
	// Regime decides the template and which parts are needed.
	Regime Regime `json:"regime"`
	// TemplateVersion is the wording to use, as [TemplateVersion] gave it when the draft was made ("r50-1").
	TemplateVersion string `json:"template_version"`
	// Number is the agreement's number as printed after "№", at most 40 characters.
	Number string `json:"number"`
	// Revision counts from 1.
	Revision int `json:"revision"`
	// City is where the agreement is made, without "city of".
	City i18n.Text `json:"city"`
	// RenderedAt is the instant written into the file as its creation date and printed at its end. Equal Data gives equal bytes, so the
	// caller fixes it, once for each revision.
	RenderedAt time.Time `json:"rendered_at"`
	// English adds the English version. Kazakh and Russian are always there.
	English bool `json:"english"`

	// College is the educational institution.
	College Organisation `json:"college"`
	// TrainingCentre says that the institution is a training centre, whose students are called listeners (R50 2.19). Under r50 only.
	TrainingCentre bool `json:"training_centre"`
	// Enterprise is the enterprise or sole entrepreneur.
	Enterprise Organisation `json:"enterprise"`
	// Student is the person in training.
	Student Student `json:"student"`
	// Guardian is the legal representative; nil when the student is an adult. With it the consent clauses are printed.
	Guardian *Guardian `json:"guardian,omitempty"`
	// CitizenEnrolment is the order by which a citizen who applied in free form was enrolled (R50 6.2); nil for everybody else.
	CitizenEnrolment *Act `json:"citizen_enrolment,omitempty"`

	// Specialty is the college specialty. Needed under r50, must be nil under r361.
	Specialty *Coded `json:"specialty,omitempty"`
	// Qualification is the college qualification. Needed under r50, must be nil under r361.
	Qualification *Coded `json:"qualification,omitempty"`
	// Field is the university's field of training (6B…). Needed under r361, must be nil under r50.
	Field *Coded `json:"field,omitempty"`
	// Programme is the name of the educational programme. Needed under r361; under r50 optional.
	Programme i18n.Text `json:"programme" paper:"optional"`
	// ProfileReason is the college's written reason for a qualification outside the student's specialty (R50 9); optional, r50 only.
	ProfileReason i18n.Text `json:"profile_reason" paper:"optional"`

	// Period is the time of training, both days included.
	Period Period `json:"period"`
	// TimeModel is block or parallel.
	TimeModel TimeModel `json:"time_model"`
	// WeeklyHours is the most hours a week at the enterprise.
	WeeklyHours int `json:"weekly_hours"`
	// Share is the time at the enterprise within the modules the law counts (R50 10); the caller sums it. Under r361 the share holds
	// for each discipline, is printed in the plan, and Share must be zero.
	Share Share `json:"share" paper:"optional"`
	// Schedule is annex 1, at least one row.
	Schedule []ScheduleRow `json:"schedule"`
	// Plan is annex 2, at least one row.
	Plan []PlanRow `json:"plan"`
	// Curriculum is the working curriculum agreed with the enterprise; under r361 the dual programme written for it.
	Curriculum Curriculum `json:"curriculum"`

	// Workplace is where the training takes place.
	Workplace Workplace `json:"workplace"`
	// Mentor leads the training at the enterprise.
	Mentor Mentor `json:"mentor"`
	// Supervisor is the college's head of practice or master of production training. Needed under r50 (R50 21.11), optional under r361.
	Supervisor *Supervisor `json:"supervisor,omitempty"`
	// Duties are the tasks the student carries out at the workplace, at least one; each is printed as an item of a list.
	Duties []i18n.Text `json:"duties"`

	// Compensation is the payment to the student, or an explicit none.
	Compensation Compensation `json:"compensation"`
	// Insurance says whether the student is insured against accidents (voluntary, R50 8). Under r361, which is silent on it, optional.
	Insurance Insurance `json:"insurance" paper:"optional"`
	// Benefits are what the enterprise gives besides money (meals, transport, housing); optional.
	Benefits []i18n.Text `json:"benefits,omitempty"`

	// Chamber is the regional chamber that registers the agreement. Needed under r50 (R50 25.4), must be empty under r361.
	Chamber i18n.Text `json:"chamber" paper:"optional"`
	// Verification leads from the paper to the public page that proves it.
	Verification Verification `json:"verification"`
}

// Organisation is a party that is a legal entity or a sole entrepreneur.
type Organisation struct {
	// Name is the full name with the legal form.
	Name i18n.Text `json:"name"`
	// BIN is the twelve digits of a legal entity. Exactly one of BIN and IIN is given.
	BIN string `json:"bin,omitempty"`
	// IIN is the twelve digits of a sole entrepreneur.
	IIN string `json:"iin,omitempty"`
	// Address is the registered address.
	Address i18n.Text `json:"address"`
	// Licence is the college's licence, number and date; optional.
	Licence *Act `json:"licence,omitempty"`
	// Phone and Email are the contacts of the organisation; optional.
	Phone string `json:"phone,omitempty"`
	Email string `json:"email,omitempty"`
	// Bank is the account; optional.
	Bank *Bank `json:"bank,omitempty"`
	// Signatory signs for the organisation.
	Signatory Signatory `json:"signatory"`
}

// Signatory is the person who signs for an organisation.
type Signatory struct {
	// FullName is the name as in the identity paper.
	FullName string `json:"full_name"`
	// Position is the post.
	Position i18n.Text `json:"position"`
	// Authority is the ground of the power to sign: charter, order, power of attorney with number and date.
	Authority i18n.Text `json:"authority"`
}

// Bank is an account in a bank of Kazakhstan.
type Bank struct {
	Account string    `json:"account"` // ИИК, IBAN of 20 characters
	Name    i18n.Text `json:"name"`
	BIC     string    `json:"bic"`            // БИК
	Code    string    `json:"code,omitempty"` // КБе, two digits; optional
}

// Act is a numbered and dated document: order, licence.
type Act struct {
	Number string  `json:"number"`
	Date   cal.Day `json:"date"`
}

// Student is the person in training.
type Student struct {
	FullName  string    `json:"full_name"`
	IIN       string    `json:"iin"`
	BirthDate cal.Day   `json:"birth_date"`
	Address   i18n.Text `json:"address"`
	Phone     string    `json:"phone"`
	// Email, IDCard, Group, Course (year of study from 1) and StudyForm ("full-time") are optional.
	Email     string    `json:"email,omitempty"`
	IDCard    *IDCard   `json:"id_card,omitempty"`
	Group     string    `json:"group,omitempty"`
	Course    int       `json:"course,omitempty"`
	StudyForm i18n.Text `json:"study_form" paper:"optional"`
}

// IDCard is an identity card.
type IDCard struct {
	Number   string    `json:"number"`
	Issuer   i18n.Text `json:"issuer"`
	IssuedOn cal.Day   `json:"issued_on"`
}

// Guardian is the legal representative of a minor.
type Guardian struct {
	FullName string `json:"full_name"`
	// Ground is why this person represents the student.
	Ground Ground `json:"ground"`
	// IIN and Address are optional.
	IIN     string    `json:"iin,omitempty"`
	Address i18n.Text `json:"address" paper:"optional"`
	Phone   string    `json:"phone"`
	Email   string    `json:"email,omitempty"` // optional
}

// Ground is the tie between a guardian and the ward.
type Ground string

// The grounds.
const (
	Parent         Ground = "parent"
	AdoptiveParent Ground = "adoptive_parent"
	LegalGuardian  Ground = "guardian"
)

// Coded is an entry of a classifier.
type Coded struct {
	Code string    `json:"code"`
	Name i18n.Text `json:"name"`
}

// Period is a closed span of days.
type Period struct {
	From cal.Day `json:"from"`
	To   cal.Day `json:"to"`
}

// TimeModel is how time is split between college and enterprise.
type TimeModel string

// The time models.
const (
	Block    TimeModel = "block"    // whole weeks or months at the enterprise
	Parallel TimeModel = "parallel" // fixed days of the week
)

// Share is hours at the enterprise of all hours. It is printed as a percentage cut (not rounded) to one decimal, so that a share just
// below a limit never reads as the limit.
type Share struct {
	EnterpriseHours int `json:"enterprise_hours" paper:"optional"`
	TotalHours      int `json:"total_hours"`
}

// ScheduleRow is one phase of the schedule.
type ScheduleRow struct {
	// From and To are the first and last day.
	From cal.Day `json:"from"`
	To   cal.Day `json:"to"`
	// Weekdays are the days of the week, at least one; order and repeats don't matter.
	Weekdays []time.Weekday `json:"weekdays"`
	// MinutesPerDay is the daily length in minutes (432 is printed as 7 h 12 min).
	MinutesPerDay int `json:"minutes_per_day"`
	// Where says at which side the phase runs.
	Where Where `json:"where"`
	// DayFrom and DayTo are clock times "09:00"; optional, both or none.
	DayFrom string `json:"day_from,omitempty"`
	DayTo   string `json:"day_to,omitempty"`
}

// Where is the side a phase of the schedule runs at.
type Where string

// The sides.
const (
	AtEnterprise Where = "enterprise"
	AtCollege    Where = "college"
	AtDistance   Where = "distance"
)

// PlanRow is one module or discipline of the plan.
type PlanRow struct {
	Name i18n.Text `json:"name"`
	// Kind is the part of the curriculum it belongs to ("professional module"), as printed; optional.
	Kind            i18n.Text `json:"kind" paper:"optional"`
	Hours           int       `json:"hours"`
	EnterpriseHours int       `json:"enterprise_hours" paper:"optional"`
}

// Curriculum is the reference to the agreed curriculum or programme.
type Curriculum struct {
	Title  i18n.Text `json:"title"`
	Number string    `json:"number"`
	Date   cal.Day   `json:"date"`
}

// WorkplaceKind is what the place of training is.
type WorkplaceKind string

// The kinds.
const (
	WorkplaceProper WorkplaceKind = "workplace"
	TrainingSite    WorkplaceKind = "training_centre"  // the enterprise's training centre
	CollegeWorkshop WorkplaceKind = "college_workshop" // equipped by the enterprise in the college
)

// Workplace is the equipped place of training.
type Workplace struct {
	Kind    WorkplaceKind `json:"kind"`
	Address i18n.Text     `json:"address"`
	// Unit is the department or shop; optional.
	Unit i18n.Text `json:"unit" paper:"optional"`
	// Equipment is the list of equipment as one text; optional.
	Equipment i18n.Text `json:"equipment" paper:"optional"`
	// Hazardous says that the work there is harmful or dangerous.
	Hazardous bool `json:"hazardous"`
}

// Mentor is the employee of the enterprise who leads the training.
type Mentor struct {
	FullName string    `json:"full_name"`
	Position i18n.Text `json:"position"`
	// Qualification and Order (of the assignment) are optional.
	Qualification i18n.Text `json:"qualification" paper:"optional"`
	Order         *Act      `json:"order,omitempty"`
}

// Supervisor is the college's employee who answers for the training at the enterprise.
type Supervisor struct {
	FullName string    `json:"full_name"`
	Position i18n.Text `json:"position"`
}

// CompensationKind is how the student is paid.
type CompensationKind string

// The kinds of compensation. There is no default: silence is refused.
const (
	NoCompensation CompensationKind = "none"
	Monthly        CompensationKind = "monthly"
	Total          CompensationKind = "total"
)

// Compensation is the compensation payment.
type Compensation struct {
	Kind CompensationKind `json:"kind"`
	// Amount is in whole tenge: per month, or for the whole period. Zero exactly when Kind is none.
	Amount int64 `json:"amount,omitempty"`
	// Basis is the enterprise's own act the payment rests on; optional.
	Basis i18n.Text `json:"basis" paper:"optional"`
	// PaymentDay is the day of the month until which the payment for the past month is made; 0 means that the enterprise's own act says
	// it. With Monthly only.
	PaymentDay int `json:"payment_day,omitempty"`
}

// InsuranceKind says whether insurance was taken.
type InsuranceKind string

// The kinds of insurance. There is no default.
const (
	Insured    InsuranceKind = "taken"
	NotInsured InsuranceKind = "none"
)

// Insurance is the student's insurance against accidents.
type Insurance struct {
	Kind InsuranceKind `json:"kind"`
	// Note names the contract or who pays; optional, with Insured only.
	Note i18n.Text `json:"note" paper:"optional"`
}

// Verification leads to the public verification page.
type Verification struct {
	Code string `json:"code"` // at most 40 characters
	URL  string `json:"url"`  // absolute, at most 200 bytes; encoded in the QR code
}
