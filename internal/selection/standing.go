package selection

import (
	"context"
	"slices"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/storage"
)

// What lower packages ask through their function fields.

// StudentState tells where a person stands, for the roster: none, applied, interviewing, offered or placed, the furthest one.
func (s *Service) StudentState(ctx context.Context, personID string) (string, error) {
	placed, err := s.matches.Count(ctx, storage.Where(storage.Eq("student", personID), storage.In("state", MatchActive, MatchCompleted)))
	if err != nil {
		return "", err
	}
	if placed > 0 {
		return "placed", nil
	}
	live, err := s.applications.Find(ctx, storage.Where(storage.Eq("student", personID), storage.In("state", LiveStates()...)))
	if err != nil {
		return "", err
	}
	best := 0
	names := []string{"none", "applied", "interviewing", "offered"}
	for _, app := range live {
		switch app.State {
		case Offered:
			best = 3
		case Shortlisted, Interviewing, Interviewed, Reserve:
			best = max(best, 2)
		default:
			best = max(best, 1)
		}
	}
	return names[best], nil
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

// SeatUse splits the seats taken of a place into open offers and active matches (placements' SeatUse).
func (s *Service) SeatUse(ctx context.Context, placementID string) (offers, matches int, err error) {
	open, err := s.offers.Count(ctx, storage.Where(storage.Eq("placement", placementID), storage.Eq("state", OfferOpen)))
	if err != nil {
		return 0, 0, err
	}
	active, err := s.matches.Count(ctx, storage.Where(storage.Eq("placement", placementID), storage.Eq("state", MatchActive)))
	return int(open), int(active), err
}
