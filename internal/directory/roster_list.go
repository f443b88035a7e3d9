package directory

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/storage"
)

// studentNone is the state of a student who has not applied.
const studentNone = "none"

// RosterFilter narrows a college's roster.
type RosterFilter struct {
	Q              string // beginnings of words of a name
	Group          string
	Trade          string         // a specialty's or a programme's code
	State          string         // how far the student has come
	EnrolmentState EnrolmentState // "" for all but the ended
	GuardianState  GuardianState
	Under18        *bool
	Since          time.Time // RosterRow.Changed says what changed after it; zero: nothing did
	Changed        bool      // only those that did
}

// RosterRow is a line of a college's roster, or a claim without one, as the coordinator sees it.
type RosterRow struct {
	ID             string
	Version        int64
	CreatedAt      time.Time
	State          string // none, applied, interviewing, offered or placed
	InRoster       bool
	Match          string
	FullName       string
	IINMasked      string
	BirthDate      cal.Day
	Under18        bool
	Studies        Studies
	Email, Phone   string
	EnrolmentID    string
	EnrolmentState EnrolmentState
	PersonID       string
	Guardians      []*GuardianView
	Changed        bool // the row, its enrolment, a guardian, an application or an agreement of the student, since the filter's instant

	sort string
}

// ListRoster lists a college's students by name (listRoster).
func (s *Service) ListRoster(
	ctx context.Context, by accounts.Actor, collegeID string, f RosterFilter, after storage.Cursor, limit int,
) (Page[*RosterRow], error) {
	none := Page[*RosterRow]{}
	if _, err := s.collegeFor(ctx, by, "listRoster", collegeID); err != nil {
		return none, err
	}
	rows, err := s.readRoster(ctx, collegeID, f)
	if err != nil {
		return none, err
	}
	if limit <= 0 {
		limit = defaultPage
	}
	// Which rows pass the rest is known only after asking for them, so the page is filled from more rows than it shows.
	rest, err := pageOf(rows, func(r *RosterRow) string { return r.ID }, after, len(rows)+1)
	if err != nil {
		return none, err
	}
	if err := s.markChanged(ctx, collegeID, f.Since, rows); err != nil {
		return none, err
	}
	var out Page[*RosterRow]
	for batch := range slices.Chunk(rest.Items, rosterBatch) {
		fit, err := s.complete(ctx, batch, f)
		if err != nil {
			return none, err
		}
		for _, r := range fit {
			if len(out.Items) == limit {
				out.Next = storage.Cursor{ID: out.Items[limit-1].ID}
				return out, nil
			}
			out.Items = append(out.Items, r)
		}
	}
	return out, nil
}

// rosterBatch is how many rows are completed at once.
const rosterBatch = 1000

// readRoster opens the rows that a filter lets through by what the row itself says, sorted by name.
func (s *Service) readRoster(ctx context.Context, collegeID string, f RosterFilter) ([]*RosterRow, error) {
	var out []*RosterRow
	words := strings.Fields(foldName(f.Q))
	err := s.rows.Each(ctx, storage.Where(storage.Eq("college", collegeID)), func(row *rosterRow) error {
		tie := row.Tie
		if (f.EnrolmentState == "" && tie == EnrolmentEnded) || (f.EnrolmentState != "" && tie != f.EnrolmentState) {
			return nil
		}
		d, err := s.openRow(row)
		if err != nil {
			return err
		}
		r := s.rosterRow(row, d)
		if (f.Group != "" && !strings.EqualFold(f.Group, d.Studies.Group)) || (f.Trade != "" && f.Trade != d.Studies.Trade()) || (f.Under18 != nil && *f.Under18 != r.Under18) ||
			!beginsWords(words, d.FullName) {
			return nil
		}
		out = append(out, r)
		return nil
	})
	slices.SortFunc(out, func(a, b *RosterRow) int { return strings.Compare(a.sort, b.sort) })
	return out, err
}

func (s *Service) rosterRow(row *rosterRow, d rosterData) *RosterRow {
	r := &RosterRow{
		ID: row.ID, Version: row.Version, CreatedAt: row.CreatedAt, State: studentNone, InRoster: row.InRoster, Match: row.Match,
		FullName: d.FullName, IINMasked: maskIIN(d.IIN), BirthDate: d.BirthDate, Studies: d.Studies, Email: d.Email, Phone: d.Phone,
		EnrolmentState: row.Tie, sort: nameKey(d.FullName) + "|" + row.ID,
	}
	r.Under18 = d.BirthDate != "" && cal.Age(d.BirthDate, s.today()) < adult
	if row.Tie != EnrolmentUnlinked {
		r.EnrolmentID, r.PersonID = row.EnrolmentID, row.PersonID
	}
	return r
}

// beginsWords reports whether each word begins one of the name's.
func beginsWords(words []string, name string) bool {
	of := strings.Fields(foldName(name))
	for _, w := range words {
		if !slices.ContainsFunc(of, func(o string) bool { return strings.HasPrefix(o, w) }) {
			return false
		}
	}
	return true
}

// complete asks for what other documents say about the rows' students, for all at once, and gives the rows that the filter leaves.
func (s *Service) complete(ctx context.Context, rows []*RosterRow, f RosterFilter) ([]*RosterRow, error) {
	if err := s.stand(ctx, rows); err != nil {
		return nil, err
	}
	var wards []string
	for _, r := range rows {
		if r.PersonID != "" && r.EnrolmentState != EnrolmentEnded {
			wards = append(wards, r.PersonID)
		}
	}
	guardians, err := s.everyGuardianOf(ctx, wards...)
	if err != nil {
		return nil, err
	}
	var out []*RosterRow
	for _, r := range rows {
		if f.State != "" && f.State != r.State {
			continue
		}
		var own []*Guardian
		if r.EnrolmentState != EnrolmentEnded {
			own = guardians[r.PersonID]
		}
		fits, err := s.guarded(r, own, f.GuardianState)
		if err != nil {
			return nil, err
		}
		r.Changed = r.Changed || !f.Since.IsZero() && slices.ContainsFunc(own, func(g *Guardian) bool { return g.changedAt().After(f.Since) })
		if fits && (r.Changed || !f.Changed) {
			out = append(out, r)
		}
	}
	return out, nil
}

// guarded adds a row's guardians; false when the filter asks for one that the student hasn't.
func (s *Service) guarded(r *RosterRow, guardians []*Guardian, asked GuardianState) (bool, error) {
	fits := asked == ""
	for _, g := range guardians {
		fits = fits || g.State == asked
		if g.State == GuardianRefused && asked != GuardianRefused {
			continue
		}
		view, err := s.GuardianView(g)
		if err != nil {
			return false, err
		}
		r.Guardians = append(r.Guardians, view)
	}
	return fits, nil
}

// markChanged notes on the rows what changed after an instant, but for guardians. It asks for all rows at once.
func (s *Service) markChanged(ctx context.Context, collegeID string, since time.Time, rows []*RosterRow) error {
	if since.IsZero() {
		return nil
	}
	var ids []string
	for _, r := range rows {
		if r.EnrolmentID != "" {
			ids = append(ids, r.EnrolmentID)
		}
	}
	enrolments, err := s.enrolments.GetMany(ctx, ids...)
	if err != nil {
		return err
	}
	var students map[string]bool
	if s.StudentsChanged != nil {
		if students, err = s.StudentsChanged(ctx, collegeID, since); err != nil {
			return err
		}
	}
	for _, r := range rows {
		e := enrolments[r.EnrolmentID]
		r.Changed = r.CreatedAt.After(since) || students[r.PersonID] || e != nil && e.changedAt().After(since)
	}
	return nil
}

// changedAt is when an enrolment last changed its state.
func (e *Enrolment) changedAt() time.Time { return latest(e.CreatedAt, e.ConfirmedAt, e.EndedAt) }

// changedAt is when a guardian last changed state.
func (g *Guardian) changedAt() time.Time {
	return latest(g.CreatedAt, g.AcceptedAt, g.ConfirmedAt, g.RefusedAt)
}

func latest(times ...time.Time) time.Time {
	return slices.MaxFunc(times, time.Time.Compare)
}
