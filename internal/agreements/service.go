package agreements

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/agreements/paper"
	"github.com/orynda/orynda/internal/audit"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/secrets"
	"github.com/orynda/orynda/internal/storage"
)

// People is what agreements ask of the accounts; *accounts.Service gives it.
type People interface {
	Person(ctx context.Context, id string) (*accounts.Person, error)
	Identity(ctx context.Context, personID string) (accounts.Identity, error)
	People(ctx context.Context, ids ...string) (map[string]*accounts.Person, error)
	IdentityOf(p *accounts.Person) (accounts.Identity, error)
	MembersWith(ctx context.Context, role accounts.OrgRole, organisationIDs ...string) (map[string][]*accounts.Membership, error)
}

// Directory is what agreements ask of the directory; *directory.Service gives it. What doesn't exist is errs.NotFound.
type Directory interface {
	Enterprise(ctx context.Context, id string) (*directory.Enterprise, error)
	EnterpriseIIN(e *directory.Enterprise) (string, error)
	College(ctx context.Context, id string) (*directory.College, error)
	Chamber(ctx context.Context, id string) (*directory.Chamber, error)
	ChamberOf(ctx context.Context, region string) (*directory.Chamber, error)
	Mentor(ctx context.Context, id string) (*directory.Mentor, error)
	Supervisor(ctx context.Context, id string) (*directory.Supervisor, error)
	Enrolment(ctx context.Context, personID string) (*directory.Enrolment, error)
	Enterprises(ctx context.Context, ids ...string) (map[string]*directory.Enterprise, error)
	Colleges(ctx context.Context, ids ...string) (map[string]*directory.College, error)
	ChambersOf(ctx context.Context, regions ...string) (map[string]*directory.Chamber, error)
	Mentors(ctx context.Context, ids ...string) (map[string]*directory.Mentor, error)
	Supervisors(ctx context.Context, ids ...string) (map[string]*directory.Supervisor, error)
	Enrolments(ctx context.Context, personIDs ...string) (map[string]*directory.Enrolment, error)
	GuardiansOf(ctx context.Context, wardIDs ...string) (map[string][]*directory.Guardian, error)
	Authorised(ctx context.Context, day cal.Day, organisationIDs ...string) (map[string][]*directory.Signatory, error)
	Wards(ctx context.Context, guardianPersonID string) ([]*directory.Guardian, error)
	Authority(ctx context.Context, organisationID, personID string, day cal.Day) (*directory.Signatory, error)
	TakeTrainee(ctx context.Context, mentorID, agreementID string, most int) error
	ReleaseTrainee(ctx context.Context, mentorID, agreementID string) error
	RecordEnrolment(ctx context.Context, by accounts.Actor, personID, collegeID string, st directory.Studies) (*directory.Enrolment, error)
	GuardianPhone(g *directory.Guardian) (string, error)
}

// Places is what agreements ask of the placements; *placements.Service gives it.
type Places interface {
	Placement(ctx context.Context, id string) (*placements.Placement, error)
	SeatConcluded(ctx context.Context, placementID string) error
	SeatReopened(ctx context.Context, placementID string) error
}

// Matches is what agreements ask of selection; *selection.Service gives it.
type Matches interface {
	Dissolve(ctx context.Context, matchID, reason string) error
	CompleteMatch(ctx context.Context, matchID string) error
	MoveMatch(ctx context.Context, matchID string, from, to cal.Day) error
}

// Papers renders documents; *paper.Renderer gives it.
type Papers interface {
	Agreement(d paper.Data) ([]byte, error)
	Copy(d paper.Data, lang i18n.Lang) ([]byte, error)
	SignatureSheet(s paper.SheetData) ([]byte, error)
	Text(d paper.Data, lang i18n.Lang) ([]paper.Piece, error)
}

// Deps is what the service needs.
type Deps struct {
	DB         storage.Engine
	Clock      cal.Clock
	Ring       *secrets.Ring
	Box        *outbox.Box
	Trail      *audit.Trail
	Policy     accounts.Policy
	Log        *slog.Logger
	Accounts   People
	Directory  Directory
	Placements Places
	Selection  Matches
	Papers     Papers
	Reference  *directory.Reference
	Catalogue  *i18n.Catalogue // words of the papers: kinds of subjects, grounds
	// VerifyURL is the public address of the verification pages; the code follows it ("https://host/verify/").
	VerifyURL string
}

// Service is the agreements domain's operations. Make it with [New]; it is safe for parallel use.
type Service struct {
	Deps
	agreements *storage.Collection[Agreement, *Agreement]
	revisions  *storage.Collection[Revision, *Revision]
	documents  *storage.Collection[document, *document]
	counters   *storage.Collection[counter, *counter]
	codes      *storage.Collection[signingCode, *signingCode]
}

// New makes the service. The collections ([Specs]) must exist before anything else is called.
func New(d Deps) *Service {
	return &Service{
		Deps:       d,
		agreements: storage.Open[Agreement](d.DB, agreementSpec()),
		revisions:  storage.Open[Revision](d.DB, revisionSpec()),
		documents:  storage.Open[document](d.DB, documentSpec()),
		counters:   storage.Open[counter](d.DB, counterSpec()),
		codes:      storage.Open[signingCode](d.DB, codeSpec()),
	}
}

// Specs lists the collections, for storage.Ensure.
func Specs() []storage.Spec {
	return []storage.Spec{agreementSpec(), revisionSpec(), documentSpec(), counterSpec(), codeSpec()}
}

// Agreement reads one agreement, without asking who wants it: NotFound agreement_not_found.
func (s *Service) Agreement(ctx context.Context, agreementID string) (*Agreement, error) {
	a, err := s.agreements.Get(ctx, agreementID)
	return a, missing(err, "agreement")
}

// OfMatch reads the agreement of a match: NotFound agreement_not_found.
func (s *Service) OfMatch(ctx context.Context, matchID string) (*Agreement, error) {
	a, err := s.agreements.First(ctx, storage.Where(storage.Eq("match", matchID)))
	return a, missing(err, "agreement")
}

// lock takes an agreement for the transaction of ctx.
func (s *Service) lock(ctx context.Context, agreementID string) (*Agreement, error) {
	a, err := s.agreements.Lock(ctx, agreementID)
	return a, missing(err, "agreement")
}

// missing names the thing that a store did not find.
func missing(err error, thing string) error {
	if storage.IsNotFound(err) {
		return errs.Missing(thing)
	}
	return err
}

// fresh refuses an edit that was based on another version than the present one; expect 0 asks for none.
func fresh(present, expect int64) error {
	if expect != 0 && expect != present {
		return errs.New(errs.Stale, "stale_version").With("current_version", present)
	}
	return nil
}

// path names a part of a list in a request: plan[1].hours.
func path(list string, n int, part string) string { return fmt.Sprintf("%s[%d].%s", list, n, part) }

// today is the calendar day of an instant.
func today(now time.Time) cal.Day { return cal.DayOf(now) }

// found gives nothing instead of an absence.
func found[T any](v *T, err error) (*T, error) {
	if storage.IsNotFound(err) {
		return nil, nil
	}
	return v, err
}

// step is who does something to an agreement, and what it is called.
type step struct {
	by     accounts.Actor
	party  Party
	event  string
	reason string            // free text; kept on the agreement
	data   map[string]string // ids and codes
}

// tell writes a step into the trail and tells whom it concerns, in the caller's transaction. Call it before the agreement is saved: a reason becomes one
// of its notes.
func (s *Service) tell(ctx context.Context, a *Agreement, st step) error {
	data := map[string]string{
		"party": string(st.party), "revision": fmt.Sprint(a.Revision), "state": string(a.State),
		"student": a.StudentID, "enterprise": a.EnterpriseID, "college": a.CollegeID, "match": a.MatchID,
	}
	if st.reason != "" {
		n := Note{ID: newID("nte"), Text: st.reason}
		a.Notes = append(a.Notes, n)
		data["note"] = n.ID
	}
	for k, v := range st.data {
		data[k] = v
	}
	for k, v := range data {
		if v == "" {
			delete(data, k)
		}
	}
	entry := audit.Entry{Stream: "agreement:" + a.ID, Action: st.event, Actor: st.by.ID(), Session: st.by.SessionID, Data: data}
	if err := s.Trail.Append(ctx, entry); err != nil {
		return err
	}
	return s.Box.Emit(ctx, st.event, a.ID, data)
}

// save writes an agreement that a step has changed.
func (s *Service) save(ctx context.Context, a *Agreement, now time.Time) error {
	a.UpdatedAt = now
	return s.agreements.Save(ctx, a)
}

// acting is what a step gets: the agreement taken for the transaction, who acts and for which side, and the instant.
type acting struct {
	a     *Agreement
	by    accounts.Actor
	party Party
	name  string // of the person, "" for the system
	now   time.Time
}

// act is the frame of one person's step on one agreement: permission, then a transaction with the agreement taken, the step, and the agreement saved
// where the step says that it changed. The step may run again.
func (s *Service) act(ctx context.Context, by accounts.Actor, op, agreementID string, do func(ctx context.Context, w *acting) (changed bool, err error)) (*Agreement, error) {
	_, party, err := s.permitted(ctx, by, op, agreementID)
	if err != nil {
		return nil, err
	}
	name, err := s.nameOf(ctx, by)
	if err != nil {
		return nil, err
	}
	var out *Agreement
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		a, err := s.lock(ctx, agreementID)
		if err != nil {
			return err
		}
		out = a
		w := &acting{a: a, by: by, party: party, name: name, now: s.Clock.Now()}
		changed, err := do(ctx, w)
		if err != nil || !changed {
			return err
		}
		return s.save(ctx, a, w.now)
	})
	return out, err
}

// nameOf is the name of whoever acts, "" for the system.
func (s *Service) nameOf(ctx context.Context, by accounts.Actor) (string, error) {
	if by.IsSystem() || by.Anonymous() {
		return "", nil
	}
	p, err := s.Accounts.Person(ctx, by.PersonID)
	if err != nil {
		return "", err
	}
	return p.FullName, nil
}
