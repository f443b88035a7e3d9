package webui

import (
	"slices"
	"strings"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/web/pages/enterprise"
	"github.com/orynda/orynda/web/ui"
)

// enterpriseRoutes are the pages of an enterprise's people. They stand before the public ones, because /enterprises/new would be read as the page
// of an enterprise with that id.
func (s *site) enterpriseRoutes() {
	s.own("/enterprises/new", s.enterpriseNewPage)
	s.change("/enterprises/new", s.enterpriseNew)
	s.own("/enterprises/:id/profile", s.enterpriseProfilePage)
	s.change("/enterprises/:id/profile", s.enterpriseProfile)
	s.change("/enterprises/:id/submit", s.enterpriseSubmit)
	s.own("/enterprises/:id/desk", s.enterpriseDesk)
	s.own("/enterprises/:id/placements", s.enterprisePlaces)
	s.own("/enterprises/:id/placements/new", s.postingNewPage)
	s.change("/enterprises/:id/placements/new", s.postingNew)
	s.own("/enterprises/:id/import", s.importPage)
	s.own("/enterprises/:id/import/template.csv", s.importTemplate)
	s.change("/enterprises/:id/import", s.importFile)
	s.peopleRoutes()
	s.own("/placements/:id/edit", s.postingPage)
	s.change("/placements/:id/edit", s.posting)
	s.change("/placements/:id/publish", s.placePublish)
	s.change("/placements/:id/pause", s.placePause)
	s.change("/placements/:id/resume", s.placeResume)
	s.change("/placements/:id/clone", s.placeClone)
	s.own("/placements/:id/close", s.placeClosePage)
	s.change("/placements/:id/close", s.placeClose)
	s.own("/placements/:id/filings", s.placeFilings)
}

// enterpriseOf reads an enterprise for its members, with the head of its pages; for others there is none.
func (s *site) enterpriseOf(v *visit, at string) (*directory.EnterpriseView, enterprise.Head, error) {
	id := v.param("id")
	if !v.actor.MemberOf(id) {
		return nil, enterprise.Head{}, errs.New(errs.NotFound, "not_found")
	}
	e, err := s.Directory.ReadEnterprise(v.ctx(), v.actor, id)
	if err != nil {
		return nil, enterprise.Head{}, err
	}
	return e, enterpriseHead(v, &e.Enterprise, at), nil
}

func enterpriseHead(v *visit, e *directory.Enterprise, at string) enterprise.Head {
	rel := v.actor.RelationsTo(accounts.KindEnterprise, e.ID)
	return enterprise.Head{
		ID: e.ID, Name: e.Name, State: e.State, At: at,
		Hires: slices.Contains(rel, accounts.EnterpriseHR), Runs: slices.Contains(rel, accounts.EnterpriseAdmin),
	}
}

// ownPlaceOf reads a place for the members of its enterprise; for others there is none.
func (s *site) ownPlaceOf(v *visit) (*placements.View, enterprise.Head, error) {
	view, err := s.Placements.Get(v.ctx(), v.actor, v.param("id"))
	if err != nil {
		return nil, enterprise.Head{}, err
	}
	if view.Gone || !view.Inner {
		return nil, enterprise.Head{}, errs.Missing("placement")
	}
	return view, enterpriseHead(v, view.Enterprise, "placements"), nil
}

// mustHire refuses those who may look but not change: errs.Forbidden forbidden.
func mustHire(h enterprise.Head) error {
	if !h.Hires {
		return errs.New(errs.Forbidden, "forbidden")
	}
	return nil
}

// cursor is where a list goes on.
func (v *visit) cursor() (storage.Cursor, error) { return storage.ParseCursor(v.query("cursor")) }

// cityValue joins region and city for a selection, because a city alone may be of two regions.
func cityValue(region, city string) string {
	if region == "" || city == "" {
		return ""
	}
	return region + "/" + city
}

func cityParts(value string) (region, city string) {
	region, city, _ = strings.Cut(value, "/")
	return region, city
}

// cityOptions are the towns by name in the page's language.
func (s *site) cityOptions(v *visit) []ui.Option {
	var out []ui.Option
	for _, c := range s.Reference.FindCities("", "", v.lang) {
		label := c.Name.In(v.lang)
		if r, ok := s.Reference.Region(c.Region); ok && r.Name.In(v.lang) != label {
			label += " · " + r.Name.In(v.lang)
		}
		out = append(out, ui.Option{Value: cityValue(c.Region, c.Key()), Label: label})
	}
	return out
}
