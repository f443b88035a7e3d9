package directory

import "context"

// Enterprises reads several enterprises at once, by id, for pages of places; those that don't exist are left out.
func (s *Service) Enterprises(ctx context.Context, ids ...string) (map[string]*Enterprise, error) {
	return s.enterprises.GetMany(ctx, ids...)
}

// Mentors reads several mentors at once, by id; those that don't exist are left out.
func (s *Service) Mentors(ctx context.Context, ids ...string) (map[string]*Mentor, error) {
	return s.mentors.GetMany(ctx, ids...)
}

// Colleges reads several colleges at once, by id; those that don't exist are left out.
func (s *Service) Colleges(ctx context.Context, ids ...string) (map[string]*College, error) {
	return s.colleges.GetMany(ctx, ids...)
}
