package placements

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/placements/rules"
	"github.com/orynda/orynda/internal/storage"
)

// seedBatch is how many places Seed writes in one transaction.
const seedBatch = 200

// Posting is one place for [Service.Seed].
type Posting struct {
	EnterpriseID string
	In           Input
	At           time.Time // when it was published; now where it is zero
}

// Seed writes published places with their filings in batches: for demo data. Each goes through the same checks as [Service.Create] and
// [Service.Publish]; the first that fails ends the work, batches before it stay. With announce each place emits its events; without, nobody is told and
// the caller rebuilds the index. It gives the ids in the order of the postings.
func (s *Service) Seed(ctx context.Context, batch []Posting, announce bool) ([]string, error) {
	look := s.lookup()
	ids := make([]string, 0, len(batch))
	for chunk := range slices.Chunk(batch, seedBatch) {
		var places []*Placement
		for i, posting := range chunk {
			p, err := s.seedPlace(ctx, look, posting)
			if err != nil {
				return ids, fmt.Errorf("place %d: %w", len(ids)+i+1, err)
			}
			places = append(places, p)
		}
		if err := s.seedChunk(ctx, look, places, announce); err != nil {
			return ids, err
		}
		for _, p := range places {
			ids = append(ids, p.ID)
		}
	}
	return ids, nil
}

// seedPlace makes and checks one published place.
func (s *Service) seedPlace(ctx context.Context, look *lookup, in Posting) (*Placement, error) {
	p := &Placement{EnterpriseID: in.EnterpriseID}
	bad, err := s.apply(ctx, look, p, &in.In)
	if err != nil {
		return nil, err
	}
	if len(bad) > 0 {
		return nil, badInput(bad)
	}
	now := in.At
	if now.IsZero() {
		now = s.d.Clock.Now()
	}
	begin(p, "", cal.Trim(now))
	r := rules.InForce(cal.DayOf(now))
	fields, err := s.judge(ctx, look, p, func(f facts) []errs.Field {
		return CheckPublish(p, f.enterprise, f.mentor, s.d.Reference, cal.DayOf(now), r)
	})
	if err != nil {
		return nil, err
	}
	if err := refused(fields); err != nil {
		return nil, err
	}
	fillIn(p, s.d.Reference, r)
	return p, p.Publish(r.Version, p.CreatedAt)
}

// seedChunk writes one batch: the chambers' counters first, each once.
func (s *Service) seedChunk(ctx context.Context, look *lookup, places []*Placement, announce bool) error {
	return s.withReference(ctx, func(ctx context.Context) error {
		references, err := s.freeReferences(ctx, len(places))
		if err != nil {
			return err
		}
		filings, err := s.seedFilings(ctx, look, places)
		if err != nil {
			return err
		}
		for i, p := range places {
			p.Reference, p.Version = references[i], 0
			if err := s.insert(ctx, p); err != nil {
				return err
			}
			for _, f := range filings[p.ID] {
				if err := s.filings.Insert(ctx, f); err != nil {
					return err
				}
			}
			if err := s.announceSeed(ctx, p, filings[p.ID], announce); err != nil {
				return err
			}
		}
		return nil
	})
}

// seedFilings makes the filings of a batch and writes the counters they take their numbers from.
func (s *Service) seedFilings(ctx context.Context, look *lookup, places []*Placement) (map[string][]*Filing, error) {
	out := map[string][]*Filing{}
	counters := map[string]*counter{}
	for _, p := range places {
		p.Chambers = nil
		for _, region := range p.Regions() {
			c, err := look.chamber(ctx, region)
			if err != nil {
				return nil, err
			}
			if c == nil {
				return nil, errs.New(errs.Unprocessable, "no_chamber").With("region", region)
			}
			year, _, _ := dayOf(p.PublishedAt)
			key := counterID(c.ID, year)
			if counters[key] == nil {
				if counters[key], err = s.counters.LockOrNew(ctx, key, &counter{ID: key}); err != nil {
					return nil, err
				}
			}
			counters[key].Last++
			number := filingNumber(region, year, counters[key].Last)
			due := s.d.Reference.WorkingHours(p.PublishedAt, filingHours)
			out[p.ID] = append(out[p.ID], newFiling(p, c.ID, region, number, p.PublishedAt, due))
			p.Chambers = append(p.Chambers, c.ID)
		}
	}
	for _, key := range sortedCounters(counters) {
		if err := s.counters.Save(ctx, counters[key]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func sortedCounters(m map[string]*counter) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func (s *Service) announceSeed(ctx context.Context, p *Placement, filings []*Filing, announce bool) error {
	by := accounts.SystemActor("demo")
	data := map[string]string{"rules": p.Check.Rules}
	if err := s.note(ctx, by, EventPublished, p.ID, data); err != nil || !announce {
		return err
	}
	if err := s.d.Box.Emit(ctx, EventChanged, p.ID, nil); err != nil {
		return err
	}
	if err := s.d.Box.Emit(ctx, EventPublished, p.ID, data); err != nil {
		return err
	}
	for _, f := range filings {
		if err := s.d.Box.Emit(ctx, EventFiled, f.ID, map[string]string{"placement": p.ID, "chamber": f.ChamberID}); err != nil {
			return err
		}
	}
	return nil
}

// CountByState counts the places in a state; the demo world tops up its published ones by it.
func (s *Service) CountByState(ctx context.Context, state State) (int64, error) {
	return s.places.Count(ctx, storage.Where(storage.Eq("state", state)))
}
