package selection

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/storage"
)

// Filter narrows a list of applications.
type Filter struct {
	States    []State // none: all
	Live      bool    // only those that wait for somebody
	StudentID string
	Since     time.Time // only those that changed after it
	Sort      Sort      // of a place's applications
	Cursor    storage.Cursor
	Limit     int
}

// Sort orders a place's applications.
type Sort string

// The orders. SortDeadline, the default, puts those that wait for the enterprise longest first, then the other live ones, then the ended.
const (
	SortDeadline Sort = "deadline"
	SortNewest   Sort = "newest"
	SortOldest   Sort = "oldest"
)

func (f Filter) query(conds ...storage.Cond) storage.Query {
	switch {
	case len(f.States) > 0:
		conds = append(conds, storage.In("state", f.States...))
	case f.Live:
		conds = append(conds, storage.In("state", LiveStates()...))
	}
	if f.StudentID != "" {
		conds = append(conds, storage.Eq("student", f.StudentID))
	}
	if !f.Since.IsZero() {
		conds = append(conds, storage.Gt("updated", f.Since))
	}
	q := storage.Where(conds...).From(f.Cursor).Take(f.Limit)
	switch f.Sort {
	case SortDeadline:
		return q.By("due")
	case SortOldest:
		return q.By("created")
	}
	return q.ByDesc("created")
}

// Get reads one application for someone with a relation to it: NotFound for everybody else. The enterprise's first look is noted.
func (s *Service) Get(ctx context.Context, a accounts.Actor, applicationID string) (*Application, error) {
	app, err := s.permitted(ctx, a, "getApplication", applicationID)
	if err != nil {
		return nil, err
	}
	return s.opened(ctx, a, app)
}

// ListMine gives the actor's own applications and those of confirmed wards, newest first.
func (s *Service) ListMine(ctx context.Context, a accounts.Actor, f Filter) (storage.Page[*Application], error) {
	if err := s.Policy.Permit(a, "listMyApplications", self(a)...); err != nil {
		return storage.Page[*Application]{}, err
	}
	people, err := s.ownAndWards(ctx, a)
	if err != nil {
		return storage.Page[*Application]{}, err
	}
	return s.applications.Page(ctx, f.query(storage.In("student", people...)))
}

// ownAndWards lists the person ids whose affairs the actor may see as self or guardian.
func (s *Service) ownAndWards(ctx context.Context, a accounts.Actor) ([]string, error) {
	wards, err := s.represented(ctx, a)
	return append([]string{a.PersonID}, slices.Sorted(maps.Keys(wards))...), err
}

// ListOfPlacement gives the applications for a place to its enterprise; an interviewer gets the applicants of the own slots.
func (s *Service) ListOfPlacement(ctx context.Context, a accounts.Actor, placementID string, f Filter) (storage.Page[*Application], error) {
	conds, err := s.ofPlacement(ctx, a, placementID)
	if err != nil {
		return storage.Page[*Application]{}, err
	}
	if f.Sort == "" {
		f.Sort = SortDeadline
	}
	return s.applications.Page(ctx, f.query(conds...))
}

// ofPlacement says which applications for a place the actor may list.
func (s *Service) ofPlacement(ctx context.Context, a accounts.Actor, placementID string) ([]storage.Cond, error) {
	p, err := s.Placements.Placement(ctx, placementID)
	if err != nil {
		return nil, err
	}
	rel := s.Placements.RelationsTo(a, p)
	if err := s.Policy.Permit(a, "listPlacementApplications", rel...); err != nil {
		return nil, err
	}
	conds := []storage.Cond{storage.Eq("placement", placementID)}
	if !slices.Contains(rel, accounts.EnterpriseHR) {
		conds = append(conds, storage.Eq("interviewer", a.PersonID))
	}
	return conds, nil
}

// Counts is how many applications for a place there are.
type Counts struct {
	States  map[State]int
	All     int
	Waiting int // for the enterprise
}

// Of is how many are in one of the states.
func (c Counts) Of(states ...State) int {
	n := 0
	for _, s := range states {
		n += c.States[s]
	}
	return n
}

// CountOfPlacement counts the applications that ListOfPlacement would give. The store counts; only those with an interview before them are read, to
// see whether it is over.
func (s *Service) CountOfPlacement(ctx context.Context, a accounts.Actor, placementID string) (Counts, error) {
	out := Counts{States: map[State]int{}}
	conds, err := s.ofPlacement(ctx, a, placementID)
	if err != nil {
		return out, err
	}
	count := func(more ...storage.Cond) (int, error) {
		n, err := s.applications.Count(ctx, storage.Where(slices.Concat(conds, more)...))
		return int(n), err
	}
	for _, state := range append(LiveStates(), Accepted, Declined, Expired, Unanswered, Withdrawn, Rejected, Closed) {
		if out.States[state], err = count(storage.Eq("state", state)); err != nil {
			return out, err
		}
		out.All += out.States[state]
	}
	running := storage.Gte("answer_by", "0")
	if out.Waiting, err = count(running); err != nil {
		return out, err
	}
	now := s.Clock.Now()
	return out, s.applications.Each(ctx, storage.Where(slices.Concat(conds, []storage.Cond{running, storage.Eq("state", Interviewing)})...), func(app *Application) error {
		if app.ahead(now) {
			out.Waiting--
		}
		return nil
	})
}

// ListOfEnterprise gives the applications for all places of an enterprise to its people (listPlacementApplications), ordered as those of one place; an
// interviewer gets the applicants of the own slots.
func (s *Service) ListOfEnterprise(ctx context.Context, a accounts.Actor, enterpriseID string, f Filter) (storage.Page[*Application], error) {
	rel := a.RelationsTo(accounts.KindEnterprise, enterpriseID)
	if err := s.Policy.Permit(a, "listPlacementApplications", rel...); err != nil {
		return storage.Page[*Application]{}, err
	}
	conds := []storage.Cond{storage.Eq("enterprise", enterpriseID)}
	if !slices.Contains(rel, accounts.EnterpriseHR) {
		conds = append(conds, storage.Eq("interviewer", a.PersonID))
	}
	if f.Sort == "" {
		f.Sort = SortDeadline
	}
	return s.applications.Page(ctx, f.query(conds...))
}

// ListOfCollege gives the applications of a college's students to its coordinator, newest first.
func (s *Service) ListOfCollege(ctx context.Context, a accounts.Actor, collegeID string, f Filter) (storage.Page[*Application], error) {
	if err := s.Policy.Permit(a, "listCollegeApplications", append(a.RelationsTo(accounts.KindCollege, collegeID), accounts.Visible)...); err != nil {
		return storage.Page[*Application]{}, err
	}
	return s.applications.Page(ctx, f.query(storage.Eq("college", collegeID)))
}

// StudentsChanged tells whose applications changed after an instant, of those for whom a college is named, by person (directory's StudentsChanged).
func (s *Service) StudentsChanged(ctx context.Context, collegeID string, since time.Time) (map[string]bool, error) {
	out := map[string]bool{}
	return out, s.applications.Each(ctx, storage.Where(storage.Eq("college", collegeID), storage.Gt("updated", since)), func(app *Application) error {
		out[app.StudentID] = true
		return nil
	})
}

// OfferFilter narrows a list of offers.
type OfferFilter struct {
	States []OfferState
	Cursor storage.Cursor
	Limit  int
}

func (f OfferFilter) query(conds ...storage.Cond) storage.Query {
	if len(f.States) > 0 {
		conds = append(conds, storage.In("state", f.States...))
	}
	return storage.Where(conds...).ByDesc("created").From(f.Cursor).Take(f.Limit)
}

// GetOffer reads one offer for someone with a relation to its application.
func (s *Service) GetOffer(ctx context.Context, a accounts.Actor, offerID string) (*Offer, error) {
	return s.offerFor(ctx, a, "getOffer", offerID)
}

// ListMyOffers gives the offers to the actor and to confirmed wards, newest first.
func (s *Service) ListMyOffers(ctx context.Context, a accounts.Actor, f OfferFilter) (storage.Page[*Offer], error) {
	if err := s.Policy.Permit(a, "listMyOffers", self(a)...); err != nil {
		return storage.Page[*Offer]{}, err
	}
	people, err := s.ownAndWards(ctx, a)
	if err != nil {
		return storage.Page[*Offer]{}, err
	}
	return s.offers.Page(ctx, f.query(storage.In("student", people...)))
}

// ListPlacementOffers gives the offers of a place to its enterprise, newest first.
func (s *Service) ListPlacementOffers(ctx context.Context, a accounts.Actor, placementID string, f OfferFilter) (storage.Page[*Offer], error) {
	p, err := s.Placements.Placement(ctx, placementID)
	if err != nil {
		return storage.Page[*Offer]{}, err
	}
	if err := s.Policy.Permit(a, "listPlacementOffers", s.Placements.RelationsTo(a, p)...); err != nil {
		return storage.Page[*Offer]{}, err
	}
	return s.offers.Page(ctx, f.query(storage.Eq("placement", placementID)))
}

// LiveFor gives a person's live application for a place, for services: NotFound application_not_found when there is none.
func (s *Service) LiveFor(ctx context.Context, personID, placementID string) (*Application, error) {
	app, err := s.applications.First(ctx, storage.Where(storage.Eq("live", liveKey(personID, placementID))))
	return app, missing(err, "application")
}

// OfPlacement lists the applications for a place that are in one of the states, oldest first, for services.
func (s *Service) OfPlacement(ctx context.Context, placementID string, states ...State) ([]*Application, error) {
	return s.applications.Find(ctx, inPlace(placementID, states...))
}
