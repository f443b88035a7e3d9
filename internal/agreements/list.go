package agreements

import (
	"context"
	"slices"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/placements/rules"
	"github.com/orynda/orynda/internal/storage"
)

// Filter narrows a list of agreements; zero values don't.
type Filter struct {
	States                                                         []State
	WaitingFor                                                     Party
	Regime                                                         rules.Regime
	PlacementID, ApplicationID, StudentID, EnterpriseID, CollegeID string
	Number                                                         string
	StartsFrom, StartsTo                                           cal.Day
	Since                                                          time.Time // only those that changed after it
	Cursor                                                         storage.Cursor
	Limit                                                          int
}

// Summary is an agreement in a list: no IIN, birth date, phone, address or guardian.
type Summary struct {
	Agreement *Agreement
	Waiting   []Waiting
	Missing   int
}

// scanMost is how many agreements one page of a filtered list looks at.
const scanMost = 1000

// List gives the agreements one has to do with, newest first (listAgreements): one's own, the wards', those of one's enterprises and colleges, and from
// conclusion on those of one's chambers.
func (s *Service) List(ctx context.Context, by accounts.Actor, f Filter) (storage.Page[*Summary], error) {
	var page storage.Page[*Summary]
	if err := s.Policy.Permit(by, "listAgreements", accounts.Self); err != nil {
		return page, err
	}
	readers, err := s.readerIDs(ctx, by)
	if err != nil {
		return page, err
	}
	if f.Limit <= 0 {
		f.Limit = 20
	}
	q := f.query(readers)
	if f.WaitingFor != "" { // whose turn it is stands in no key
		q = q.Take(scanMost)
	}
	got, err := s.agreements.Page(ctx, q)
	if err != nil {
		return page, err
	}
	summaries, err := s.summaries(ctx, got.Items)
	if err != nil {
		return page, err
	}
	page.Next = got.Next
	for i, sum := range summaries {
		if f.WaitingFor != "" && !waitsFor(sum.Waiting, f.WaitingFor) {
			continue
		}
		if page.Items = append(page.Items, sum); len(page.Items) == f.Limit {
			if i < len(summaries)-1 {
				page.Next = storage.Cursor{Value: sum.Agreement.CreatedAt.UnixMilli(), ID: sum.Agreement.ID}
			}
			break
		}
	}
	return page, nil
}

// readerIDs lists the ids under which somebody finds agreements.
func (s *Service) readerIDs(ctx context.Context, by accounts.Actor) ([]string, error) {
	wards, err := s.wardsOf(ctx, by)
	if err != nil {
		return nil, err
	}
	out := append([]string{by.PersonID}, wards...)
	out = append(out, by.Organisations(accounts.KindEnterprise, accounts.RoleAdmin, accounts.RoleHR, accounts.RoleSignatory)...)
	out = append(out, by.Organisations(accounts.KindCollege, accounts.RoleCoordinator, accounts.RoleSignatory)...)
	return append(out, by.Organisations(accounts.KindChamber, accounts.RoleRegistrar)...), nil
}

func (f Filter) query(readers []string) storage.Query {
	conds := []storage.Cond{storage.Has("readers", readers...)}
	states := f.States
	if f.WaitingFor != "" {
		states = slices.DeleteFunc(waitingStates(f.WaitingFor), func(s State) bool { return len(f.States) > 0 && !slices.Contains(f.States, s) })
	}
	if len(states) > 0 || f.WaitingFor != "" {
		conds = append(conds, storage.In("state", states...))
	}
	for _, c := range []struct{ key, value string }{
		{"regime", string(f.Regime)}, {"placement", f.PlacementID}, {"application", f.ApplicationID}, {"student", f.StudentID},
		{"enterprise", f.EnterpriseID}, {"college", f.CollegeID}, {"number", f.Number},
	} {
		if c.value != "" {
			conds = append(conds, storage.Eq(c.key, c.value))
		}
	}
	if f.StartsFrom != "" {
		conds = append(conds, storage.Gte("starts", f.StartsFrom))
	}
	if f.StartsTo != "" {
		conds = append(conds, storage.Lte("starts", f.StartsTo))
	}
	if !f.Since.IsZero() {
		conds = append(conds, storage.Gt("updated", f.Since))
	}
	return storage.Where(conds...).ByDesc("created").From(f.Cursor).Take(f.Limit)
}

// StudentsChanged tells whose agreements with a college changed after an instant, by person (directory's StudentsChanged).
func (s *Service) StudentsChanged(ctx context.Context, collegeID string, since time.Time) (map[string]bool, error) {
	out := map[string]bool{}
	return out, s.agreements.Each(ctx, storage.Where(storage.Eq("college", collegeID), storage.Gt("updated", since)), func(a *Agreement) error {
		out[a.StudentID] = true
		return nil
	})
}

// summaries computes whose turn it is and how much is missing, for all agreements at once, in their order.
func (s *Service) summaries(ctx context.Context, list []*Agreement) ([]*Summary, error) {
	now := s.Clock.Now()
	var open []*Agreement
	for _, a := range list {
		if a.State.Live() && !a.State.Binding() {
			open = append(open, a)
		}
	}
	parties, err := s.partiesOfAll(ctx, open)
	if err != nil {
		return nil, err
	}
	gaps, err := s.gapsOfAll(ctx, open, parties, now)
	if err != nil {
		return nil, err
	}
	out := make([]*Summary, 0, len(list))
	for _, a := range list {
		sum := &Summary{Agreement: a}
		if a.State.Live() {
			sum.Waiting, sum.Missing = a.WaitingFor(parties[a.ID], gaps[a.ID], today(now)), len(gaps[a.ID])
		}
		out = append(out, sum)
	}
	return out, nil
}
