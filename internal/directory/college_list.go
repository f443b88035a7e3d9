package directory

import (
	"context"
	"slices"

	"github.com/orynda/orynda/internal/storage"
)

// CollegeFilter narrows the list of institutions.
type CollegeFilter struct {
	Q      string // words of a name in any language or script
	Region string
	Kind   CollegeKind
}

// ListColleges lists institutions for anyone (listColleges), by name, or by fit when asked with Q.
func (s *Service) ListColleges(ctx context.Context, f CollegeFilter, after storage.Cursor, limit int) (Page[*CollegeView], error) {
	q := storage.Query{}.By("name")
	if f.Region != "" {
		q.Where = append(q.Where, storage.Eq("region", f.Region))
	}
	if f.Kind != "" {
		q.Where = append(q.Where, storage.Eq("kind", f.Kind))
	}
	page, err := listNamed(ctx, s.colleges, q, f.Q, after, limit, func(c *College) (string, []string) {
		return c.ID, append([]string{c.Name}, texts(c.LegalNames)...)
	})
	out := Page[*CollegeView]{Next: page.Next}
	for _, c := range page.Items {
		out.Items = append(out.Items, &CollegeView{College: *c})
	}
	return out, err
}

// ListChambers lists the chambers for anyone (listChambers), by name, or by fit when asked with q.
func (s *Service) ListChambers(ctx context.Context, q, region string, after storage.Cursor, limit int) (Page[*Chamber], error) {
	query := storage.Query{}.By("name")
	if region != "" {
		query.Where = append(query.Where, storage.Eq("region", region))
	}
	return listNamed(ctx, s.chambers, query, q, after, limit, func(c *Chamber) (string, []string) {
		names := append([]string{c.Name}, texts(c.LegalNames)...)
		if r, ok := s.ref.Region(c.Region); ok {
			names = append(append(names, texts(r.Name)...), texts(r.Short)...)
		}
		return c.ID, names
	})
}

// document is what listNamed needs of a stored type.
type document[T any] interface {
	*T
	storage.Document
}

// listNamed pages through a collection in the store's order, or, when words are asked for, ranks all of it here: there are as many
// institutions as the country has.
func listNamed[T any, P document[T]](
	ctx context.Context, of *storage.Collection[T, P], q storage.Query, words string, after storage.Cursor, limit int,
	names func(P) (id string, names []string),
) (Page[P], error) {
	ask := newQuestion(words)
	if ask.empty {
		page, err := of.Page(ctx, q.From(after).Take(limit))
		return Page[P]{Items: page.Items, Next: page.Next}, err
	}
	all, err := of.Find(ctx, q)
	if err != nil {
		return Page[P]{}, err
	}
	fits := make(map[string]int, len(all))
	kept := slices.DeleteFunc(all, func(p P) bool {
		id, n := names(p)
		fits[id] = ask.fit(newEntry(nil, n, nil))
		return fits[id] == 0
	})
	key := func(p P) string { id, _ := p.Identity(); return id }
	// The store gave them by name: a stable sort keeps that among equals.
	slices.SortStableFunc(kept, func(a, b P) int { return fits[key(b)] - fits[key(a)] })
	return pageOf(kept, key, after, limit)
}
