package agreements

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/storage"
)

// RegisterFilter narrows a chamber's register; zero values don't.
type RegisterFilter struct {
	Year                    int
	From, To                cal.Day // of registration
	State                   State
	CollegeID, EnterpriseID string
	Number                  string
	Since                   time.Time // only those that changed after it
	Cursor                  storage.Cursor
	Limit                   int
}

// RegisterEntry is a row of a chamber's register. It holds personal data, for the chamber's registrars only.
type RegisterEntry struct {
	Agreement *Agreement
	Parties   *Parties
}

// ListRegister gives a chamber's register to its registrars, highest number first (listRegister; R50 25.4).
func (s *Service) ListRegister(ctx context.Context, by accounts.Actor, chamberID string, f RegisterFilter) (storage.Page[RegisterEntry], error) {
	var page storage.Page[RegisterEntry]
	if err := s.mayReadRegister(ctx, by, chamberID); err != nil {
		return page, err
	}
	got, err := s.agreements.Page(ctx, f.query(chamberID).From(f.Cursor).Take(f.Limit))
	if err != nil {
		return page, err
	}
	page.Next = got.Next
	page.Items, err = s.entries(ctx, got.Items)
	return page, err
}

func (s *Service) entries(ctx context.Context, list []*Agreement) ([]RegisterEntry, error) {
	parties, err := s.partiesOfAll(ctx, list)
	if err != nil {
		return nil, err
	}
	out := make([]RegisterEntry, 0, len(list))
	for _, a := range list {
		out = append(out, RegisterEntry{Agreement: a, Parties: parties[a.ID]})
	}
	return out, nil
}

// mayReadRegister asks the policy. Chambers are public, so others are forbidden to read; an unknown one is not found.
func (s *Service) mayReadRegister(ctx context.Context, by accounts.Actor, chamberID string) error {
	if by.Anonymous() {
		return s.Policy.Permit(by, "listRegister")
	}
	if _, err := s.Directory.Chamber(ctx, chamberID); err != nil {
		return err
	}
	return s.Policy.Permit(by, "listRegister", append(by.RelationsTo(accounts.KindChamber, chamberID), accounts.Visible)...)
}

func (f RegisterFilter) query(chamberID string) storage.Query {
	conds := []storage.Cond{storage.Eq("register", chamberID)}
	if f.Year != 0 {
		conds = append(conds, storage.Eq("register_year", f.Year))
	}
	if f.From != "" {
		conds = append(conds, storage.Gte("register_day", f.From))
	}
	if f.To != "" {
		conds = append(conds, storage.Lte("register_day", f.To))
	}
	if f.State != "" {
		conds = append(conds, storage.Eq("state", f.State))
	}
	if !f.Since.IsZero() {
		conds = append(conds, storage.Gt("updated", f.Since))
	}
	if f.CollegeID != "" {
		conds = append(conds, storage.Eq("college", f.CollegeID))
	}
	if f.EnterpriseID != "" {
		conds = append(conds, storage.Eq("enterprise", f.EnterpriseID))
	}
	if f.Number != "" {
		conds = append(conds, storage.Eq("register_number", chamberID+"|"+f.Number))
	}
	return storage.Where(conds...).ByDesc("register_seq")
}

// eachEntry reads the whole filtered register in batches.
func (s *Service) eachEntry(ctx context.Context, chamberID string, f RegisterFilter, fn func(e RegisterEntry) error) error {
	q := f.query(chamberID).Take(200)
	for {
		got, err := s.agreements.Page(ctx, q)
		if err != nil {
			return err
		}
		entries, err := s.entries(ctx, got.Items)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if err := fn(e); err != nil {
				return err
			}
		}
		if got.Next.IsZero() {
			return nil
		}
		q = q.From(got.Next)
	}
}

// Hired is the enterprise's word whether it hires the student, nil when it said nothing.
func (e RegisterEntry) Hired() *bool {
	if e.Agreement.Completion == nil {
		return nil
	}
	return e.Agreement.Completion.Hired
}

// Signed is when a party signed, the zero time when it didn't.
func (e RegisterEntry) Signed(p Party) time.Time {
	if sig := e.Agreement.signature(p); sig != nil {
		return sig.At
	}
	return time.Time{}
}

// Marks are the signatures without the persons.
func (e RegisterEntry) Marks() []Mark { return marks(e.Agreement.Signatures) }
