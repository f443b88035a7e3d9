package accounts

import (
	"context"
	"slices"
	"time"

	"github.com/orynda/orynda/internal/storage"
)

// Record is one thing that a domain keeps about a person.
type Record struct {
	Kind      string // application, booking, offer, agreement …
	ID        string
	CreatedAt time.Time
	Data      map[string]any // the fields it has in the API
}

// Export is everything kept about one person.
type Export struct {
	GeneratedAt time.Time
	Me          *Me
	Sessions    []*Session
	Records     []Record // oldest first
}

// ExportMe gathers everything kept about the signed-in person (exportMe), ten times a day: errs.RateLimited rate_limited beyond.
func (s *Service) ExportMe(ctx context.Context, by Actor) (*Export, error) {
	if err := s.policy.Permit(by, "exportMe", self(by)...); err != nil {
		return nil, err
	}
	if err := s.countExport(ctx, by.PersonID); err != nil {
		return nil, err
	}
	me, err := s.me(ctx, by.PersonID)
	if err != nil {
		return nil, err
	}
	out := &Export{GeneratedAt: s.clock.Now(), Me: me}
	if out.Sessions, err = s.sessions.Find(ctx, s.liveSessions(me.Person)); err != nil {
		return nil, err
	}
	if out.Records, err = s.ownRecords(ctx, by.PersonID); err != nil {
		return nil, err
	}
	for _, list := range s.Records {
		more, err := list(ctx, by.PersonID)
		if err != nil {
			return nil, err
		}
		out.Records = append(out.Records, more...)
	}
	slices.SortStableFunc(out.Records, func(a, b Record) int { return a.CreatedAt.Compare(b.CreatedAt) })
	return out, nil
}

func (s *Service) countExport(ctx context.Context, personID string) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		retry, err := s.takeQuota(ctx, exportQuota(), personID)
		if err == nil && retry > 0 {
			return rateLimited(retry)
		}
		return err
	})
}

// ownRecords lists the invitations the person accepted and the passkeys.
func (s *Service) ownRecords(ctx context.Context, personID string) ([]Record, error) {
	accepted, err := s.invitations.Find(ctx, storage.Where(storage.Eq("accepted_by", personID)))
	if err != nil {
		return nil, err
	}
	passkeys, err := s.passkeysOf(ctx, personID)
	if err != nil {
		return nil, err
	}
	out := make([]Record, 0, len(accepted)+len(passkeys))
	for _, k := range passkeys {
		data := map[string]any{"name": k.Name, "synced": k.Synced, "suspect": k.Suspect()}
		if !k.LastUsedAt.IsZero() {
			data["last_used_at"] = k.LastUsedAt
		}
		out = append(out, Record{Kind: "passkey", ID: k.ID, CreatedAt: k.CreatedAt, Data: data})
	}
	for _, inv := range accepted {
		out = append(out, Record{Kind: "invitation", ID: inv.ID, CreatedAt: inv.CreatedAt, Data: map[string]any{
			"state": string(inv.State), "role": string(inv.Role), "organisation_id": inv.OrganisationID,
			"email": inv.Email, "accepted_at": inv.AcceptedAt,
		}})
	}
	return out, nil
}
