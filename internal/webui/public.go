package webui

import (
	"strconv"

	"github.com/orynda/orynda/internal/finding"
	"github.com/orynda/orynda/internal/search"
	"github.com/orynda/orynda/web/pages/public"
	"github.com/orynda/orynda/web/ui"
)

// publicRoutes are the pages for everybody.
func (s *site) publicRoutes() {
	s.get("/", s.home)
}

// home is the search field, the map and the trades.
func (s *site) home(v *visit) error {
	found, err := s.Finding.Find(v.ctx(), finding.Question{PerPage: 1}, v.lang)
	if err != nil {
		return err
	}
	seats := map[string]int{}
	for _, f := range found.Facets {
		if f.Name == search.FacetRegion {
			for _, value := range f.Values {
				seats[value.Value] = value.Count
			}
		}
	}
	var tiles []ui.Tile
	for _, r := range s.Reference.Regions() {
		tiles = append(tiles, ui.Tile{
			Code: r.Code, Name: r.Name.In(v.lang), Short: r.Short.In(v.lang), Col: r.TileCol, Row: r.TileRow, Seats: seats[r.Code],
			Link: ui.Link(v.ctx(), "/placements?region="+r.Code),
		})
	}
	return v.show(public.Home(public.HomeData{Tiles: tiles, Total: strconv.Itoa(found.Total)}))
}
