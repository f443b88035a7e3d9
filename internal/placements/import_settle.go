package placements

import (
	"context"
	"strconv"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/audit"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/storage"
)

func (s *Service) noteImport(ctx context.Context, a accounts.Actor, imp *Import, rows int) error {
	err := s.d.Trail.Append(ctx, audit.Entry{
		Stream: "organisation:" + imp.EnterpriseID, Action: EventImported, Actor: a.ID(), Session: a.SessionID,
		Data: map[string]string{"import": imp.ID, "rows": strconv.Itoa(rows), "sha256": imp.Hash},
	})
	if err != nil {
		return err
	}
	return s.d.Box.Emit(ctx, EventImported, imp.ID, map[string]string{"enterprise": imp.EnterpriseID})
}

// onImported settles the rows of a completed import.
func (s *Service) onImported(ctx context.Context, ev outbox.Event) error {
	return s.settleImport(ctx, ev.Subject)
}

// settleImport makes the rows of a completed import ordinary drafts, in batches. Readers see no difference; it may be broken off and repeated.
func (s *Service) settleImport(ctx context.Context, importID string) error {
	return s.eachMarked(ctx, importID, ImportCompleted, func(ctx context.Context, imp *Import, stored *Placement) error {
		sheet, err := s.LockSheet(ctx, stored.ID)
		if err != nil {
			return err
		}
		p, err := s.places.Lock(ctx, stored.ID)
		if err != nil {
			return err
		}
		if p.Import == nil || p.Import.ID != imp.ID {
			return nil // changed by its enterprise meanwhile, which settled it
		}
		action := actionDrafted
		if !p.Import.New {
			action = actionChanged
		}
		p = p.withMark()
		sheet.mirror(p)
		if err := s.sheets.Save(ctx, sheet); err != nil {
			return err
		}
		if err := s.places.Save(ctx, p); err != nil {
			return err
		}
		return s.note(ctx, accounts.Actor{PersonID: imp.By}, action, p.ID, map[string]string{"import": imp.ID})
	})
}

// dropImport removes what a broken-off import wrote: first it stops being the running one, then its rows go in batches.
func (s *Service) dropImport(ctx context.Context, importID string) error {
	err := s.d.DB.Tx(ctx, func(ctx context.Context) error {
		imp, err := s.imports.Lock(ctx, importID)
		if err != nil || imp.State != ImportRunning {
			return err
		}
		imp.State, imp.UpdatedAt = ImportDropped, s.d.Clock.Now()
		return s.imports.Save(ctx, imp)
	})
	if err != nil {
		return err
	}
	return s.eachMarked(ctx, importID, ImportDropped, func(ctx context.Context, imp *Import, stored *Placement) error {
		if _, err := s.LockSheet(ctx, stored.ID); err != nil {
			return err
		}
		p, err := s.places.Lock(ctx, stored.ID)
		if err != nil || p.Import == nil || p.Import.ID != imp.ID {
			return err
		}
		if !p.Import.New {
			p.Import = nil
			return s.places.Save(ctx, p)
		}
		if err := s.sheets.Delete(ctx, p.ID); err != nil {
			return err
		}
		return s.places.Delete(ctx, p.ID)
	})
}

// eachMarked runs step for every place that an import still marks, a batch a transaction, while the import is in this state; when none is left the import is settled.
func (s *Service) eachMarked(ctx context.Context, importID string, state ImportState, step func(ctx context.Context, imp *Import, stored *Placement) error) error {
	for {
		left := 0
		err := s.d.DB.Tx(ctx, func(ctx context.Context) error {
			imp, err := s.imports.Lock(ctx, importID)
			if err != nil {
				return missing(err, "import")
			}
			left = 0
			if imp.State != state || imp.Settled {
				return nil
			}
			list, err := s.places.Find(ctx, storage.Where(storage.Eq("import", importID)).Take(importBatch))
			if err != nil {
				return err
			}
			left = len(list)
			for _, p := range list {
				if err := step(ctx, imp, p); err != nil {
					return err
				}
			}
			if left > 0 {
				return nil
			}
			imp.Settled = true
			return s.imports.Save(ctx, imp)
		})
		if err != nil || left == 0 {
			return err
		}
	}
}

// runImports finishes what was broken off: completed imports are settled, forgotten ones dropped.
func (s *Service) runImports(ctx context.Context, now time.Time) error {
	open, err := s.imports.Find(ctx, storage.Where(storage.In("open", ImportRunning, ImportCompleted, ImportDropped)))
	if err != nil {
		return err
	}
	for _, imp := range open {
		switch {
		case imp.State == ImportCompleted:
			err = s.settleImport(ctx, imp.ID)
		case imp.State == ImportDropped, imp.forgotten(now):
			err = s.dropImport(ctx, imp.ID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
