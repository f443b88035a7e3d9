package placements

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/storage"
)

// referenceTries is how often a new reference number is drawn. With 20,000 places one draw in 50,000 is taken.
const referenceTries = 8

// Create makes a draft for an enterprise. It may be as unfinished as it likes: only regime and title are needed. The errors: NotFound
// enterprise_not_found, Unprocessable bad_request with every field that is too long, unknown or of the other regime, Conflict
// external_reference_taken.
func (s *Service) Create(ctx context.Context, a accounts.Actor, enterpriseID string, in Input) (*View, error) {
	if _, err := s.d.Directory.Enterprise(ctx, enterpriseID); err != nil {
		return nil, missing(err, "enterprise")
	}
	rel := append(a.RelationsTo(accounts.KindEnterprise, enterpriseID), accounts.Visible)
	if err := s.d.Policy.Permit(a, "createPlacement", rel...); err != nil {
		return nil, err
	}
	p := &Placement{EnterpriseID: enterpriseID}
	bad, err := s.apply(ctx, s.lookup(), p, &in)
	if err != nil {
		return nil, err
	}
	if p.Regime == "" {
		bad = append(bad, errs.Field{Field: "regime", Code: "required"})
	}
	if p.Title.IsZero() {
		bad = append(bad, errs.Field{Field: "title", Code: "required"})
	}
	if len(bad) > 0 {
		return nil, badInput(bad)
	}
	if err := s.addDraft(ctx, a, p); err != nil {
		return nil, err
	}
	return s.view(ctx, a, p)
}

// addDraft stores a new draft under a reference number that nobody has.
func (s *Service) addDraft(ctx context.Context, a accounts.Actor, p *Placement) error {
	return s.withReference(ctx, func(ctx context.Context) error {
		reference, err := s.freeReference(ctx)
		if err != nil {
			return err
		}
		begin(p, reference, s.d.Clock.Now())
		if err := s.insert(ctx, p); err != nil {
			return err
		}
		return s.note(ctx, a, actionDrafted, p.ID, map[string]string{"reference": p.Reference})
	})
}

// begin makes p a new draft.
func begin(p *Placement, reference string, now time.Time) {
	p.ID, p.Version, p.Reference, p.State = id.New("plc"), 0, reference, Draft
	p.CreatedAt, p.UpdatedAt = now, now
}

func (s *Service) insert(ctx context.Context, p *Placement) error {
	if err := s.sheets.Insert(ctx, newSheet(p)); err != nil {
		return err
	}
	return s.places.Insert(ctx, p)
}

// withReference runs fn in a transaction of its own, and again when somebody else took its reference number in the same moment: inside one
// transaction there is no trying again.
func (s *Service) withReference(ctx context.Context, fn func(ctx context.Context) error) error {
	var err error
	for range referenceTries {
		if err = s.d.DB.Tx(ctx, fn); !storage.ConflictOn(err, "reference") || s.d.DB.InTx(ctx) {
			break
		}
	}
	return named(err)
}

// freeReference draws numbers until one is free in what the transaction sees.
func (s *Service) freeReference(ctx context.Context) (string, error) {
	for range referenceTries {
		reference := newReference()
		n, err := s.places.Count(ctx, storage.Where(storage.Eq("reference", reference)))
		if err != nil {
			return "", err
		}
		if n == 0 {
			return reference, nil
		}
	}
	return "", errs.New(errs.Unavailable, "busy")
}

// Clone copies every field of a place in any state into a new draft with its own id, reference number and workplace ids; the enterprise's own
// reference stays with the old one. Dates are copied too: those that have passed are named when the draft is published.
func (s *Service) Clone(ctx context.Context, a accounts.Actor, placementID string) (*View, error) {
	old, err := s.Placement(ctx, placementID)
	if err != nil {
		return nil, err
	}
	if err := s.d.Policy.Permit(a, "clonePlacement", s.RelationsTo(a, old)...); err != nil {
		return nil, err
	}
	p := blankCopy(old)
	if err := s.addDraft(ctx, a, p); err != nil {
		return nil, err
	}
	return s.view(ctx, a, p)
}

// blankCopy keeps what is posted and drops what happened.
func blankCopy(old *Placement) *Placement {
	p := old.clone()
	p.PublishedAt, p.ClosedAt, p.ClosedReason, p.CloseComment, p.PausedFor = time.Time{}, time.Time{}, "", "", ""
	p.ExternalReference, p.ImportID, p.Chambers, p.Check = "", "", nil, Check{}
	for i := range p.Workplaces {
		p.Workplaces[i].ID = id.New("wpl")
	}
	return p
}
