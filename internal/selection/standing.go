package selection

import (
	"context"
	"slices"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/storage"
)

// What lower packages ask through their function fields.

// StudentStates tells where persons stand, for rosters, by person: applied, interviewing, offered or placed, the furthest one; who did nothing yet is left out
// (directory's StudentStates).
func (s *Service) StudentStates(ctx context.Context, personIDs ...string) (map[string]string, error) {
	names := []string{"", "applied", "interviewing", "offered", "placed"}
	out := map[string]string{}
	reached := func(personID string, step int) {
		if step > slices.Index(names, out[personID]) {
			out[personID] = names[step]
		}
	}
	err := s.applications.Each(ctx, storage.Where(storage.In("student", personIDs...), storage.In("state", LiveStates()...)), func(app *Application) error {
		switch app.State {
		case Offered:
			reached(app.StudentID, 3)
		case Shortlisted, Interviewing, Interviewed, Reserve:
			reached(app.StudentID, 2)
		default:
			reached(app.StudentID, 1)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	placed := storage.Where(storage.In("student", personIDs...), storage.In("state", MatchActive, MatchCompleted))
	return out, s.matches.Each(ctx, placed, func(m *Match) error {
		reached(m.StudentID, 4)
		return nil
	})
}

// Parties gives the actor's relations to a place through the applications and matches for it: Self, Guardian, CollegeCoordinator,
// CollegeSignatory (placements' Parties).
func (s *Service) Parties(ctx context.Context, a accounts.Actor, placementID string) ([]accounts.Relation, error) {
	if a.PersonID == "" {
		return nil, nil
	}
	people, err := s.ownAndWards(ctx, a)
	if err != nil {
		return nil, err
	}
	apps, err := s.applications.Find(ctx, storage.Where(storage.In("student", people...), storage.Eq("placement", placementID)))
	if err != nil {
		return nil, err
	}
	var out []accounts.Relation
	for _, app := range apps {
		if app.StudentID == a.PersonID {
			out = append(out, accounts.Self)
		} else {
			out = append(out, accounts.Guardian)
		}
	}
	for _, collegeID := range a.Organisations(accounts.KindCollege) {
		concerned, err := s.concerns(ctx, collegeID, placementID)
		if err != nil {
			return nil, err
		}
		if concerned {
			out = append(out, a.RelationsTo(accounts.KindCollege, collegeID)...)
		}
	}
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(r accounts.Relation) bool { return r == accounts.PlatformAdmin }), nil
}

// concerns reports whether a college has or had an applicant or a match at a place.
func (s *Service) concerns(ctx context.Context, collegeID, placementID string) (bool, error) {
	q := storage.Where(storage.Eq("placement", placementID), storage.Eq("college", collegeID))
	n, err := s.applications.Count(ctx, q)
	if err != nil || n > 0 {
		return n > 0, err
	}
	n, err = s.matches.Count(ctx, q)
	return n > 0, err
}

// AwaitingAnswer counts the live applications of an enterprise whose next step is the enterprise's (placements' AwaitingAnswer). It runs in the caller's
// transaction.
func (s *Service) AwaitingAnswer(ctx context.Context, enterpriseID string) (int, error) {
	running, err := s.applications.Find(ctx, storage.Where(storage.Eq("enterprise", enterpriseID), storage.Gte("answer_by", "0")))
	if err != nil {
		return 0, err
	}
	now, n := s.Clock.Now(), 0
	for _, app := range running {
		if app.Turn(now) {
			n++
		}
	}
	return n, nil
}

// SeatUse splits the seats taken of places into open offers and active matches, by place (placements' SeatUse).
func (s *Service) SeatUse(ctx context.Context, placementIDs ...string) (map[string]placements.SeatUse, error) {
	out := make(map[string]placements.SeatUse, len(placementIDs))
	of := storage.In("placement", placementIDs...)
	err := s.offers.Each(ctx, storage.Where(of, storage.Eq("state", OfferOpen)), func(o *Offer) error {
		use := out[o.PlacementID]
		use.Offers++
		out[o.PlacementID] = use
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, s.matches.Each(ctx, storage.Where(of, storage.Eq("state", MatchActive)), func(m *Match) error {
		use := out[m.PlacementID]
		use.Matches++
		out[m.PlacementID] = use
		return nil
	})
}
