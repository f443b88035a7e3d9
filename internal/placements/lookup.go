package placements

import (
	"context"

	"golang.org/x/sync/errgroup"

	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/storage"
)

// lookup asks the directory, each thing once: an import names the same mentor five thousand times. It is for one operation, by one
// caller. What doesn't exist is nil.
type lookup struct {
	directory   Directory
	enterprises map[string]*directory.Enterprise
	mentors     map[string]*directory.Mentor
	colleges    map[string]*directory.College
	chambers    map[string]*directory.Chamber // by region
	rates       map[string]Rate               // by enterprise
	readRate    func(ctx context.Context, enterpriseID string) (Rate, error)
}

func (s *Service) lookup() *lookup {
	return &lookup{
		directory:   s.d.Directory,
		enterprises: map[string]*directory.Enterprise{},
		mentors:     map[string]*directory.Mentor{},
		colleges:    map[string]*directory.College{},
		chambers:    map[string]*directory.Chamber{},
		rates:       map[string]Rate{},
		readRate:    s.ResponseRate,
	}
}

// once reads through a map; an absence is remembered as nil.
func once[T any](ctx context.Context, known map[string]*T, id string, read func(context.Context, string) (*T, error)) (*T, error) {
	if id == "" {
		return nil, nil
	}
	if v, ok := known[id]; ok {
		return v, nil
	}
	v, err := read(ctx, id)
	if storage.IsNotFound(err) {
		v, err = nil, nil
	}
	if err == nil {
		known[id] = v
	}
	return v, err
}

func (l *lookup) enterprise(ctx context.Context, id string) (*directory.Enterprise, error) {
	return once(ctx, l.enterprises, id, l.directory.Enterprise)
}

func (l *lookup) mentor(ctx context.Context, id string) (*directory.Mentor, error) {
	return once(ctx, l.mentors, id, l.directory.Mentor)
}

func (l *lookup) college(ctx context.Context, id string) (*directory.College, error) {
	return once(ctx, l.colleges, id, l.directory.College)
}

func (l *lookup) chamber(ctx context.Context, region string) (*directory.Chamber, error) {
	return once(ctx, l.chambers, region, l.directory.ChamberOf)
}

func (l *lookup) rate(ctx context.Context, enterpriseID string) (Rate, error) {
	if r, ok := l.rates[enterpriseID]; ok {
		return r, nil
	}
	r, err := l.readRate(ctx, enterpriseID)
	if err == nil {
		l.rates[enterpriseID] = r
	}
	return r, err
}

// together reads several things at the same time. It must not be called in a transaction, which is for one reader.
func together(reads ...func() error) error {
	var all errgroup.Group
	for _, read := range reads {
		all.Go(read)
	}
	return all.Wait()
}

// learn reads at once what the views of some places show of others.
func (s *Service) learn(ctx context.Context, l *lookup, places []*Placement) error {
	var enterprises, mentors []string
	for _, p := range places {
		enterprises = append(enterprises, p.EnterpriseID)
		if p.MentorID != "" {
			mentors = append(mentors, p.MentorID)
		}
	}
	var foundEnterprises map[string]*directory.Enterprise
	var foundMentors map[string]*directory.Mentor
	var stats map[string]*Stats
	err := together(
		func() (err error) { foundEnterprises, err = l.directory.Enterprises(ctx, enterprises...); return err },
		func() (err error) { foundMentors, err = l.directory.Mentors(ctx, mentors...); return err },
		func() (err error) { stats, err = s.shownStats.GetMany(ctx, enterprises...); return err },
	)
	if err != nil {
		return err
	}
	for _, id := range enterprises {
		l.enterprises[id], l.rates[id] = foundEnterprises[id], Rate{}
		if st := stats[id]; st != nil {
			l.rates[id] = st.rate()
		}
	}
	for _, id := range mentors {
		l.mentors[id] = foundMentors[id]
	}
	return nil
}
