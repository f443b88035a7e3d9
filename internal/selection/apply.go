package selection

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/storage"
)

// Request is what an applicant sends.
type Request struct {
	Motivation string   // a student's motivation (optional) or a citizen's free-form application (required, R50 6.2)
	Answers    []string // to the place's questions, in their order
}

// adult is the age of majority.
const adult = 18

// applicant is the person as far as the rules of applying go.
type applicant struct {
	personID string
	kind     Kind
	birth    cal.Day
	college  *directory.College // nil for a citizen
	guarded  bool               // a guardian is named
}

// Apply makes an application for the actor. Its refusals: NotFound placement_not_found; Conflict placement_not_open, applications_full (ten per free
// seat), already_applied, too_many_applications (the person's eight); Unprocessable not_open_yet, profile_incomplete, not_open_to_citizens,
// not_open_to_college, regime_mismatch, under_age, guardian_missing, motivation_too_long, bad_request.
func (s *Service) Apply(ctx context.Context, a accounts.Actor, placementID string, in Request) (*Application, error) {
	if err := s.Policy.Permit(a, "apply", self(a)...); err != nil {
		return nil, err
	}
	if err := s.glanceRoom(ctx, a.PersonID, placementID); err != nil {
		return nil, err
	}
	var out *Application
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		o, err := s.take(ctx, a.PersonID, placementID)
		if err != nil {
			return missing(err, "placement")
		}
		// The person is read with the sheet taken: whoever ends the enrolment or the account takes the same sheet.
		p, who, err := s.meeting(ctx, a.PersonID, placementID)
		if err != nil {
			return err
		}
		now := s.Clock.Now()
		if err := s.mayApply(ctx, who, p, o.place, now); err != nil {
			return err
		}
		if err := in.check(who.kind, p.Questions); err != nil {
			return err
		}
		app := newApplication(who, p, in, now)
		if err := o.student.Add(app.ID); err != nil {
			return err
		}
		o.place.Live++
		if err := s.applications.Insert(ctx, app); err != nil {
			if storage.ConflictOn(err, "live") {
				return errs.New(errs.Conflict, "already_applied")
			}
			return err
		}
		out = app
		if err := s.save(ctx, o); err != nil {
			return err
		}
		return s.note(ctx, a, EventSubmitted, app.ID, p.ID, nil)
	})
	return out, err
}

// glanceRoom refuses a second application and one for a place that is full or doesn't take any, before anything is taken: in a rush only those who may
// still get in wait for each other. What it lets pass is checked again with everything taken.
func (s *Service) glanceRoom(ctx context.Context, personID, placementID string) error {
	sheet, err := s.Placements.Sheet(ctx, placementID)
	if err != nil || sheet.State == placements.Draft {
		return err // nobody may know of a draft
	}
	if err := s.appliedBefore(ctx, personID, placementID); err != nil {
		return err
	}
	return sheet.CanApply(s.Clock.Now())
}

// meeting reads the place and the person. Nobody may know of a draft.
func (s *Service) meeting(ctx context.Context, personID, placementID string) (*placements.Placement, applicant, error) {
	p, err := s.Placements.Placement(ctx, placementID)
	if err != nil {
		return nil, applicant{}, err
	}
	if p.State == placements.Draft {
		return nil, applicant{}, errs.Missing("placement")
	}
	who, err := s.applicant(ctx, personID)
	return p, who, err
}

// self is the relation of a signed-in person to what is the person's own.
func self(a accounts.Actor) []accounts.Relation {
	if a.PersonID == "" {
		return nil
	}
	return []accounts.Relation{accounts.Self}
}

func newApplication(who applicant, p *placements.Placement, in Request, now time.Time) *Application {
	app := &Application{
		ID: id.New("app"), Kind: who.kind, PlacementID: p.ID, EnterpriseID: p.EnterpriseID, StudentID: who.personID,
		Regime: string(p.Regime), Motivation: strings.TrimSpace(in.Motivation),
	}
	if who.college != nil {
		app.CollegeID = who.college.ID
	}
	for i, q := range p.Questions {
		app.Answers = append(app.Answers, Answer{Question: q, Answer: strings.TrimSpace(in.Answers[i])})
	}
	app.Submit(now)
	return app
}

// applicant gathers what the rules ask about a person: profile_incomplete where it isn't there.
func (s *Service) applicant(ctx context.Context, personID string) (applicant, error) {
	who := applicant{personID: personID}
	p, err := s.Accounts.Person(ctx, personID)
	if err != nil {
		return who, err
	}
	if p.Deleted() {
		return who, errs.New(errs.Unauthorized, "unauthorized")
	}
	identity, err := s.Accounts.Identity(ctx, personID)
	if err != nil {
		return who, err
	}
	var holes []errs.Field
	if who.birth = identity.Born(); who.birth == "" {
		holes = append(holes, errs.Field{Field: "profile.birth_date", Code: "required"})
	}
	e, err := s.Directory.Enrolment(ctx, personID)
	switch {
	case err == nil:
		who.kind = Student
		if who.college, err = s.Directory.College(ctx, e.CollegeID); err != nil {
			return who, err
		}
	case !storage.IsNotFound(err):
		return who, err
	case p.Role == accounts.AsCitizen:
		who.kind = Citizen
	default:
		holes = append(holes, errs.Field{Field: "enrolment", Code: "required"})
	}
	if len(holes) > 0 {
		return who, errs.New(errs.Unprocessable, "profile_incomplete").WithFields(holes...)
	}
	guardians, err := s.Directory.Guardians(ctx, personID)
	who.guarded = len(guardians) > 0
	return who, err
}

// mayApply checks everything that needs neither the person's own sheet nor the texts, the hardest refusals first.
func (s *Service) mayApply(ctx context.Context, who applicant, p *placements.Placement, sheet *placements.Sheet, now time.Time) error {
	// Before CanApply: who has applied wants to hear that, not that the place is full.
	if err := s.appliedBefore(ctx, who.personID, p.ID); err != nil {
		return err
	}
	if err := sheet.CanApply(now); err != nil {
		return err
	}
	if err := who.fits(p); err != nil {
		return err
	}
	if cal.Age(who.birth, p.StartsOn) < p.MinAge {
		return errs.New(errs.Unprocessable, "under_age").With("age", p.MinAge)
	}
	if cal.Age(who.birth, cal.DayOf(now)) < adult && !who.guarded {
		return errs.New(errs.Unprocessable, "guardian_missing")
	}
	return nil
}

// appliedBefore refuses a second application: again only after one's own withdrawal or a dissolved match.
func (s *Service) appliedBefore(ctx context.Context, personID, placementID string) error {
	before, err := s.applications.Find(ctx, storage.Where(storage.Eq("student", personID), storage.Eq("placement", placementID)))
	if err != nil {
		return err
	}
	for _, app := range before {
		if !app.againAllowed() {
			return errs.New(errs.Conflict, "already_applied")
		}
	}
	return nil
}

// fits checks that the place is open to this kind of applicant and to the college.
func (who applicant) fits(p *placements.Placement) error {
	if who.kind == Citizen {
		if !p.OpenToCitizens || p.Regime != placements.R50 {
			return errs.New(errs.Unprocessable, "not_open_to_citizens")
		}
		return nil
	}
	if who.college.Kind.Regime() != string(p.Regime) {
		return errs.New(errs.Unprocessable, "regime_mismatch")
	}
	if len(p.Colleges) > 0 && !slices.Contains(p.Colleges, who.college.ID) {
		return errs.New(errs.Unprocessable, "not_open_to_college")
	}
	return nil
}

// badInput is 422 bad_request with every field at fault, nil without one.
func badInput(bad []errs.Field) error {
	if len(bad) == 0 {
		return nil
	}
	return errs.New(errs.Unprocessable, "bad_request").WithFields(bad...)
}

// texts checks what people write with a step: Unprocessable bad_request with what is too long. pairs are a field and its text; most is for all of them.
func texts(most int, pairs ...string) error {
	var bad []errs.Field
	for i := 0; i < len(pairs); i += 2 {
		bad = append(bad, errs.Longer(pairs[i], strings.TrimSpace(pairs[i+1]), most)...)
	}
	return badInput(bad)
}

// check looks at the texts of a request.
func (in Request) check(kind Kind, questions []string) error {
	text := strings.TrimSpace(in.Motivation)
	if kind == Student && len(strings.Fields(text)) > MostMotivationWords {
		return errs.New(errs.Unprocessable, "motivation_too_long").With("Count", MostMotivationWords)
	}
	var bad []errs.Field
	switch {
	case kind == Citizen && text == "":
		bad = append(bad, errs.Field{Field: "motivation", Code: "required", Rule: "selection", Source: "R50 6.2"})
	case utf8.RuneCountInString(text) > MostFreeText:
		bad = append(bad, errs.Field{Field: "motivation", Code: "too_long", Params: map[string]any{"max": MostFreeText}})
	}
	if len(in.Answers) > len(questions) {
		bad = append(bad, errs.Field{Field: "answers", Code: "too_many", Params: map[string]any{"max": len(questions)}})
	}
	for i := range questions {
		if i >= len(in.Answers) || strings.TrimSpace(in.Answers[i]) == "" {
			bad = append(bad, errs.Field{Field: fieldAt("answers", i), Code: "required"})
			continue
		}
		bad = append(bad, errs.Longer(fieldAt("answers", i), in.Answers[i], MostAnswer)...)
	}
	return badInput(bad)
}

// fieldAt names an element of a list in a request.
func fieldAt(list string, i int) string { return list + "[" + strconv.Itoa(i) + "]" }
