// Package directory holds who and what the places are about: reference data (regions, cities, specialties, qualifications, university
// programmes), enterprises with their verification, colleges and chambers, mentors, rooms, supervisors, signatories, the colleges' rosters of
// students, enrolments and guardians.
//
// # Contract
//
//   - A number (BIN or IIN) belongs to one verified enterprise (a unique index on a keyed hash, domain.md I12); unverified entries may
//     share it. A sole entrepreneur's IIN is stored sealed and shown to the enterprise's members and its registrar only.
//   - A person has one live enrolment, claimed or confirmed, at most, and two guardians not refused at most: both are counted in one owner
//     document of the person that every change takes first.
//   - A roster is stored sealed, row by row, and found by keyed hashes. It leaves this package for the college's coordinator only.
//   - A guardian's mail address, phone and account are never the ward's (I13).
//   - Methods that act for somebody take the actor and ask the policy; those named like a thing ([Service.Enterprise], [Service.Mentor] …) are
//     for other services and ask nobody.
//
// # Limits
//
// Lists of colleges and chambers asked with q, signatories and rosters are read whole and sorted here: they are bounded by the
// number of institutions in the country, of an organisation's signatories and of a roster's rows ([MaxRosterRows]). Up-calls to higher packages
// are the function fields of [Service], which the composition root sets; those left nil do nothing.
package directory

import (
	"context"
	"log/slog"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/audit"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/secrets"
	"github.com/orynda/orynda/internal/storage"
)

// Deps is what the service is made of.
type Deps struct {
	DB        storage.Engine
	Clock     cal.Clock
	Ring      *secrets.Ring
	Box       *outbox.Box
	Trail     *audit.Trail
	Policy    accounts.Policy
	Log       *slog.Logger
	Accounts  *accounts.Service
	Reference *Reference
}

// Service does everything with the directory. Make it with [New], set the function fields, then use it from any number of goroutines.
type Service struct {
	db       storage.Engine
	clock    cal.Clock
	ring     *secrets.Ring
	box      *outbox.Box
	trail    *audit.Trail
	policy   accounts.Policy
	log      *slog.Logger
	accounts *accounts.Service
	ref      *Reference

	enterprises   *storage.Collection[Enterprise, *Enterprise]
	verifications *storage.Collection[Verification, *Verification]
	colleges      *storage.Collection[College, *College]
	chambers      *storage.Collection[Chamber, *Chamber]
	mentors       *storage.Collection[Mentor, *Mentor]
	rooms         *storage.Collection[Room, *Room]
	supervisors   *storage.Collection[Supervisor, *Supervisor]
	signatories   *storage.Collection[Signatory, *Signatory]
	enrolments    *storage.Collection[Enrolment, *Enrolment]
	guardians     *storage.Collection[Guardian, *Guardian]
	files         *storage.Collection[studentFile, *studentFile]
	rows          *storage.Collection[rosterRow, *rosterRow]
	imports       *storage.Collection[RosterImport, *RosterImport]
	rosters       *storage.Collection[rosterLock, *rosterLock]

	pages kept // what pages of places name

	// OnEnrolmentEnded is told, in the same transaction, that a confirmed enrolment ended (selection and agreements).
	OnEnrolmentEnded func(ctx context.Context, e *Enrolment) error
	// StudentStates says how far students have come, for roster rows, by person: applied, interviewing, offered or placed; who isn't named has done
	// nothing yet (selection).
	StudentStates func(ctx context.Context, personIDs ...string) (map[string]string, error)
	// StudentsChanged tells whose applications or agreements with a college changed after an instant, by person (selection, agreements).
	StudentsChanged func(ctx context.Context, collegeID string, since time.Time) (map[string]bool, error)
	// DraftColleges lists the colleges that the drafts of a citizen's agreements name: they confirm the citizen's guardian (agreements).
	DraftColleges func(ctx context.Context, personID string) ([]string, error)
	// MentorInUse, RoomInUse and SupervisorInUse report whether a published place, a coming slot or a live agreement names the thing, inside the
	// transaction that would end it (placements, interviews, agreements).
	MentorInUse     func(ctx context.Context, mentorID string) (bool, error)
	RoomInUse       func(ctx context.Context, roomID string) (bool, error)
	SupervisorInUse func(ctx context.Context, supervisorID string) (bool, error)
	// MentorLimit is how many trainees a mentor may have at once on a day (placements' dated rules); [MentorTrainees] without it.
	MentorLimit func(day cal.Day) int
	// ResponseRates gives how enterprises answer, by enterprise, as far as everybody may know it: those under five cases are left out (placements).
	ResponseRates func(ctx context.Context, enterpriseIDs ...string) (map[string]ResponseRate, error)
	// EndRole takes one role of one person in an organisation away, in the same transaction (accounts). Without it the role stays when a
	// person's last authority to sign ends; signing needs the authority too, so nothing can be signed.
	EndRole func(ctx context.Context, by accounts.Actor, personID, organisationID string, role accounts.OrgRole) error
}

// New makes the service. The collections ([Specs]) must exist before anything else is called.
func New(d Deps) *Service {
	s := &Service{
		db: d.DB, clock: d.Clock, ring: d.Ring, box: d.Box, trail: d.Trail, policy: d.Policy, log: d.Log, accounts: d.Accounts, ref: d.Reference,
		enterprises:   storage.Open[Enterprise](d.DB, enterpriseSpec()),
		verifications: storage.Open[Verification](d.DB, verificationSpec()),
		colleges:      storage.Open[College](d.DB, collegeSpec()),
		chambers:      storage.Open[Chamber](d.DB, chamberSpec()),
		mentors:       storage.Open[Mentor](d.DB, mentorSpec()),
		rooms:         storage.Open[Room](d.DB, roomSpec()),
		supervisors:   storage.Open[Supervisor](d.DB, supervisorSpec()),
		signatories:   storage.Open[Signatory](d.DB, signatorySpec()),
		enrolments:    storage.Open[Enrolment](d.DB, enrolmentSpec()),
		guardians:     storage.Open[Guardian](d.DB, guardianSpec()),
		files:         storage.Open[studentFile](d.DB, studentFileSpec()),
		rows:          storage.Open[rosterRow](d.DB, rosterRowSpec()),
		imports:       storage.Open[RosterImport](d.DB, rosterImportSpec()),
		rosters:       storage.Open[rosterLock](d.DB, rosterLockSpec()),
	}
	s.makePages()
	return s
}

// Reference gives the reference data; it never changes.
func (s *Service) Reference() *Reference { return s.ref }

// Today is the calendar day of now in UTC+5.
func (s *Service) Today() cal.Day { return s.today() }

func (s *Service) today() cal.Day { return cal.DayOf(s.clock.Now()) }

// record writes an entry into the trail of an organisation or account.
func (s *Service) record(ctx context.Context, by accounts.Actor, stream, action string, data map[string]string) error {
	return s.trail.Append(ctx, audit.Entry{Stream: stream, Action: action, Actor: by.ID(), Session: by.SessionID, Data: data})
}

func organisationStream(id string) string { return "organisation:" + id }
func accountStream(id string) string      { return "account:" + id }

func notFound() error { return errs.New(errs.NotFound, "not_found") }

// missing names the thing that isn't there: errs.Missing in place of the store's absence.
func missing(err error, thing string) error {
	if storage.IsNotFound(err) {
		return errs.Missing(thing)
	}
	return err
}

// invalid is 422 validation_failed with every field to mend, nil without fields.
func invalid(fields []errs.Field) error {
	if len(fields) == 0 {
		return nil
	}
	return errs.New(errs.Unprocessable, "validation_failed").WithFields(fields...)
}

// fresh refuses an edit that was based on another version than the present one; expect 0 asks for none.
func fresh(present, expect int64) error {
	if expect != 0 && expect != present {
		return errs.New(errs.Stale, "stale_version").With("current_version", present)
	}
	return nil
}

// Page is one page of a list made here: at most limit items and the cursor after them.
type Page[T any] struct {
	Items []T
	Next  storage.Cursor // zero on the last page
}

// pageOf cuts a sorted list that was read whole. The cursor names the last item shown; one that isn't in the list is errs.Invalid
// bad_cursor, so a cursor of another list or filter is refused.
func pageOf[T any](items []T, key func(T) string, after storage.Cursor, limit int) (Page[T], error) {
	if !after.IsZero() {
		at := -1
		for i, it := range items {
			if key(it) == after.ID {
				at = i
				break
			}
		}
		if at < 0 {
			return Page[T]{}, errs.New(errs.Invalid, "bad_cursor").WithFields(errs.Field{Field: "cursor", Code: "bad_cursor"})
		}
		items = items[at+1:]
	}
	if limit <= 0 {
		limit = defaultPage
	}
	if len(items) <= limit {
		return Page[T]{Items: items}, nil
	}
	return Page[T]{Items: items[:limit], Next: storage.Cursor{ID: key(items[limit-1])}}, nil
}

const defaultPage = 20

// Person is a person, shortly.
type Person struct{ ID, FullName string }

func (s *Service) personRef(ctx context.Context, id string) (Person, error) {
	p, err := s.accounts.Person(ctx, id)
	if err != nil {
		return Person{}, err
	}
	return Person{ID: p.ID, FullName: p.FullName}, nil
}

// Defined lengths of time in this package.
const (
	claimLife    = 4 * time.Hour  // a reviewer's claim without a decision
	reviewWithin = 24 * time.Hour // working hours a chamber has for a verification
)
