package selection

import (
	"context"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/storage"
)

// Ranked is a place's order of applicants: the enterprise's own where it set one, else the draft that follows from the scorecards.
type Ranked struct {
	PlacementID  string
	Ordered      bool // set by the enterprise
	Version      int64
	CreatedAt    time.Time
	Applications []*Application
	Names        map[string]string // full names by application
	Changes      []RankingChange   // newest first
}

// Ranking gives the order of a place's interviewed applicants (hr).
func (s *Service) Ranking(ctx context.Context, a accounts.Actor, placementID string) (*Ranked, error) {
	p, err := s.rankable(ctx, a, "getRanking", placementID)
	if err != nil {
		return nil, err
	}
	return s.ranked(ctx, p)
}

func (s *Service) rankable(ctx context.Context, a accounts.Actor, op, placementID string) (*placements.Placement, error) {
	p, err := s.Placements.Placement(ctx, placementID)
	if err != nil {
		return nil, err
	}
	return p, s.Policy.Permit(a, op, s.Placements.RelationsTo(a, p)...)
}

func (s *Service) ranked(ctx context.Context, p *placements.Placement) (*Ranked, error) {
	apps, err := s.applications.Find(ctx, inPlace(p.ID, Interviewed, Reserve, Offered, Accepted))
	if err != nil {
		return nil, err
	}
	apps = slices.DeleteFunc(apps, func(a *Application) bool { return a.Outcome == nil })
	out := &Ranked{PlacementID: p.ID, CreatedAt: p.CreatedAt, Version: 1, Applications: apps}
	if out.Names, err = s.names(ctx, apps); err != nil {
		return nil, err
	}
	byOutcome(apps)
	set, err := s.rankings.Get(ctx, p.ID)
	if storage.IsNotFound(err) {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	out.Ordered, out.Version, out.CreatedAt = len(set.Changes) > 0, set.Version, set.CreatedAt
	byList(apps, set.Applications)
	out.Changes = slices.Clone(set.Changes)
	slices.Reverse(out.Changes)
	return out, nil
}

func (s *Service) names(ctx context.Context, apps []*Application) (map[string]string, error) {
	ids := make([]string, len(apps))
	for i, app := range apps {
		ids[i] = app.StudentID
	}
	people, err := s.Accounts.People(ctx, ids...)
	if err != nil {
		return nil, err
	}
	out := make(map[string]string, len(apps))
	for _, app := range apps {
		if p := people[app.StudentID]; p != nil {
			out[app.ID] = p.FullName
		}
	}
	return out, nil
}

// byOutcome sorts by mean score, then recommendation, then who applied first.
func byOutcome(apps []*Application) {
	weight := map[Recommendation]int{RecommendSelect: 0, RecommendReserve: 1, RecommendReject: 2}
	sort.SliceStable(apps, func(i, j int) bool {
		a, b := apps[i].Outcome, apps[j].Outcome
		if a.Average != b.Average {
			return a.Average > b.Average
		}
		return weight[a.Recommendation] < weight[b.Recommendation]
	})
}

// byList sorts the listed first, in the order of the list; the others keep their order after them.
func byList(apps []*Application, list []string) {
	at := func(a *Application) int {
		if i := slices.Index(list, a.ID); i >= 0 {
			return i
		}
		return len(list)
	}
	sort.SliceStable(apps, func(i, j int) bool { return at(apps[i]) < at(apps[j]) })
}

// listed reports whether the enterprise's order names an application.
func (s *Service) listed(ctx context.Context, placementID, applicationID string) (bool, error) {
	set, err := s.rankings.Get(ctx, placementID)
	if storage.IsNotFound(err) {
		return false, nil
	}
	return err == nil && slices.Contains(set.Applications, applicationID), err
}

// UpdateRanking sets the order with a reason (hr): listed applications whose scorecard recommends become reserve, in that order, others
// interviewed. Its refusals: Conflict placement_closed, Stale stale_version (expect is the version seen, 0 for any), Unprocessable not_interviewed
// and other_placement with the fields at fault.
func (s *Service) UpdateRanking(ctx context.Context, a accounts.Actor, placementID string, ids []string, reason string, expect int64) (*Ranked, error) {
	p, err := s.rankable(ctx, a, "updateRanking", placementID)
	if err != nil {
		return nil, err
	}
	if bad := errs.Needed("reason", strings.TrimSpace(reason), MostWord); bad != nil {
		return nil, badInput(bad)
	}
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		sheet, err := s.Placements.LockSheet(ctx, p.ID)
		if err != nil {
			return err
		}
		if err := open(sheet); err != nil {
			return err
		}
		now := s.Clock.Now()
		if err := s.storeRanking(ctx, a, p, ids, reason, expect, now); err != nil {
			return err
		}
		if err := s.moveReserve(ctx, p.ID, ids, now); err != nil {
			return err
		}
		return s.note(ctx, a, EventRanked, p.ID, p.ID, nil)
	})
	if err != nil {
		return nil, err
	}
	return s.ranked(ctx, p)
}

func (s *Service) storeRanking(ctx context.Context, a accounts.Actor, p *placements.Placement, ids []string, reason string, expect int64, now time.Time) error {
	if err := s.rankableIDs(ctx, p.ID, ids); err != nil {
		return err
	}
	set, err := s.rankings.LockOrNew(ctx, p.ID, &Ranking{ID: p.ID, CreatedAt: now})
	if err != nil {
		return err
	}
	if expect != 0 && expect != set.Version {
		return errs.New(errs.Stale, "stale_version").With("current_version", set.Version)
	}
	set.change(RankingChange{At: now, By: a.ID(), Reason: reason, Applications: ids})
	return s.rankings.Save(ctx, set)
}

// rankableIDs checks a list: every application is of this place and has a scorecard, none stands twice.
func (s *Service) rankableIDs(ctx context.Context, placementID string, ids []string) error {
	var foreign, bare []errs.Field
	for i, appID := range ids {
		field := fieldAt("application_ids", i)
		if slices.Index(ids, appID) != i {
			return badInput([]errs.Field{{Field: field, Code: "not_unique"}})
		}
		app, err := s.applications.Get(ctx, appID)
		switch {
		case storage.IsNotFound(err) || (err == nil && app.PlacementID != placementID):
			foreign = append(foreign, errs.Field{Field: field, Code: "other_placement"})
		case err != nil:
			return err
		case app.Outcome == nil || !app.in(Interviewed, Reserve):
			bare = append(bare, errs.Field{Field: field, Code: "not_interviewed"})
		}
	}
	if len(foreign) > 0 {
		return errs.New(errs.Unprocessable, "other_placement").WithFields(foreign...)
	}
	if len(bare) > 0 {
		return errs.New(errs.Unprocessable, "not_interviewed").WithFields(bare...)
	}
	return nil
}

// moveReserve makes the applications follow the list.
func (s *Service) moveReserve(ctx context.Context, placementID string, ids []string, now time.Time) error {
	apps, err := s.applications.Find(ctx, inPlace(placementID, Interviewed, Reserve))
	if err != nil {
		return err
	}
	for _, seen := range apps {
		app, err := s.applications.Lock(ctx, seen.ID)
		if err != nil {
			return err
		}
		before := app.State
		app.Rank(slices.Contains(ids, app.ID), now)
		if app.State == before {
			continue
		}
		if err := s.applications.Save(ctx, app); err != nil {
			return err
		}
	}
	return nil
}

// touchRanking raises the version of a place's ranking because a scorecard changed it.
func (s *Service) touchRanking(ctx context.Context, placementID string, now time.Time) error {
	set, err := s.rankings.LockOrNew(ctx, placementID, &Ranking{ID: placementID, CreatedAt: now})
	if err != nil {
		return err
	}
	return s.rankings.Save(ctx, set)
}
