package directory

import (
	"context"

	"github.com/orynda/orynda/internal/storage"
)

// keptDocuments is how many of each kind of thing that pages of places name are kept decoded.
const keptDocuments = 2000

// kept holds what pages of places name.
type kept struct {
	enterprises *storage.Memory[Enterprise, *Enterprise]
	mentors     *storage.Memory[Mentor, *Mentor]
	colleges    *storage.Memory[College, *College]
}

func (s *Service) makePages() {
	s.pages = kept{
		enterprises: storage.NewMemory(s.enterprises, keptDocuments), mentors: storage.NewMemory(s.mentors, keptDocuments),
		colleges: storage.NewMemory(s.colleges, keptDocuments),
	}
}

// Enterprises reads several enterprises at once, by id, for pages of places; those that don't exist are left out. They are shared with other readers and must
// not be changed (storage.Memory).
func (s *Service) Enterprises(ctx context.Context, ids ...string) (map[string]*Enterprise, error) {
	return s.pages.enterprises.GetMany(ctx, ids...)
}

// Mentors reads several mentors at once, by id; those that don't exist are left out. They are shared, as those of Enterprises.
func (s *Service) Mentors(ctx context.Context, ids ...string) (map[string]*Mentor, error) {
	return s.pages.mentors.GetMany(ctx, ids...)
}

// Colleges reads several colleges at once, by id; those that don't exist are left out. They are shared, as those of Enterprises.
func (s *Service) Colleges(ctx context.Context, ids ...string) (map[string]*College, error) {
	return s.pages.colleges.GetMany(ctx, ids...)
}
