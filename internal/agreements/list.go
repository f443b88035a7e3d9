package agreements

import (
	"context"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
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
	for scanned := 0; scanned < scanMost; {
		got, err := s.agreements.Page(ctx, q)
		if err != nil {
			return page, err
		}
		for i, a := range got.Items {
			scanned++
			sum, err := s.summary(ctx, a)
			if err != nil {
				return page, err
			}
			if f.WaitingFor != "" && !waitsFor(sum.Waiting, f.WaitingFor) {
				continue
			}
			page.Items = append(page.Items, sum)
			if len(page.Items) == f.Limit {
				if i < len(got.Items)-1 || !got.Next.IsZero() {
					page.Next = storage.Cursor{Value: a.CreatedAt.UnixMilli(), ID: a.ID}
				}
				return page, nil
			}
		}
		if page.Next = got.Next; got.Next.IsZero() {
			return page, nil
		}
		q = q.From(got.Next)
	}
	return page, nil
}

// readerIDs lists the ids under which somebody finds agreements.
func (s *Service) readerIDs(ctx context.Context, by accounts.Actor) ([]string, error) {
	out := []string{by.PersonID}
	wards, err := s.Directory.Wards(ctx, by.PersonID)
	if err != nil {
		return nil, err
	}
	for _, g := range wards {
		if g.State == directory.GuardianConfirmed {
			out = append(out, g.WardID)
		}
	}
	out = append(out, by.Organisations(accounts.KindEnterprise, accounts.RoleAdmin, accounts.RoleHR, accounts.RoleSignatory)...)
	out = append(out, by.Organisations(accounts.KindCollege, accounts.RoleCoordinator, accounts.RoleSignatory)...)
	return append(out, by.Organisations(accounts.KindChamber, accounts.RoleRegistrar)...), nil
}

func (f Filter) query(readers []string) storage.Query {
	conds := []storage.Cond{storage.Has("readers", readers...)}
	if len(f.States) > 0 {
		conds = append(conds, storage.In("state", f.States...))
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
	return storage.Where(conds...).ByDesc("created").From(f.Cursor).Take(f.Limit)
}

// summary computes whose turn it is and how much is missing.
func (s *Service) summary(ctx context.Context, a *Agreement) (*Summary, error) {
	sum := &Summary{Agreement: a}
	if !a.State.Live() {
		return sum, nil
	}
	now := s.Clock.Now()
	if a.State.Binding() {
		sum.Waiting = a.WaitingFor(nil, nil, today(now))
		return sum, nil
	}
	p, err := s.partiesOf(ctx, a)
	if err != nil {
		return nil, err
	}
	gaps, err := s.gapsNow(ctx, a, p, now)
	if err != nil {
		return nil, err
	}
	sum.Waiting, sum.Missing = a.WaitingFor(p, gaps, today(now)), len(gaps)
	return sum, nil
}
