package directory

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/storage"
)

// Trade is the code of what somebody studies: the specialty's, at a university the programme's; "" when the college didn't say.
func (st Studies) Trade() string {
	return cmp.Or(st.SpecialtyCode, st.QualificationCode, st.ProgrammeCode)
}

// RosterCount is how many of one group and trade of a college's roster stand where. The ended aren't counted.
type RosterCount struct {
	Group, Trade string
	States       map[string]int // none, applied, interviewing, offered, placed
	Total        int
}

// CountRoster counts a college's students by group, trade and state, groups by name (listRoster). It opens the whole roster, so it
// costs as much as one whole list.
func (s *Service) CountRoster(ctx context.Context, by accounts.Actor, collegeID string) ([]RosterCount, error) {
	if _, err := s.collegeFor(ctx, by, "listRoster", collegeID); err != nil {
		return nil, err
	}
	rows, err := s.readRoster(ctx, collegeID, RosterFilter{})
	if err != nil {
		return nil, err
	}
	if err := s.stand(ctx, rows); err != nil {
		return nil, err
	}
	type key struct{ group, trade string }
	counts := map[key]*RosterCount{}
	for _, r := range rows {
		k := key{r.Studies.Group, r.Studies.Trade()}
		if counts[k] == nil {
			counts[k] = &RosterCount{Group: k.group, Trade: k.trade, States: map[string]int{}}
		}
		counts[k].States[r.State]++
		counts[k].Total++
	}
	out := make([]RosterCount, 0, len(counts))
	for _, c := range counts {
		out = append(out, *c)
	}
	slices.SortFunc(out, func(a, b RosterCount) int {
		return cmp.Or(strings.Compare(a.Group, b.Group), strings.Compare(a.Trade, b.Trade))
	})
	return out, nil
}

// ReadRosterRow shows one line of a college's roster (listRoster): errs.NotFound not_found for one of another college.
func (s *Service) ReadRosterRow(ctx context.Context, by accounts.Actor, collegeID, rowID string) (*RosterRow, error) {
	if _, err := s.collegeFor(ctx, by, "listRoster", collegeID); err != nil {
		return nil, err
	}
	row, err := s.rows.Get(ctx, rowID)
	if storage.IsNotFound(err) || (err == nil && row.CollegeID != collegeID) {
		return nil, notFound()
	}
	if err != nil {
		return nil, err
	}
	d, err := s.openRow(row)
	if err != nil {
		return nil, err
	}
	r := s.rosterRow(row, d)
	_, err = s.complete(ctx, []*RosterRow{r}, RosterFilter{})
	return r, err
}

// stand asks how far the rows' students have come.
func (s *Service) stand(ctx context.Context, rows []*RosterRow) error {
	var people []string
	for _, r := range rows {
		if r.PersonID != "" {
			people = append(people, r.PersonID)
		}
	}
	if len(people) == 0 || s.StudentStates == nil {
		return nil
	}
	states, err := s.StudentStates(ctx, people...)
	for _, r := range rows {
		if state := states[r.PersonID]; state != "" {
			r.State = state
		}
	}
	return err
}
