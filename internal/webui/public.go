package webui

import (
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/search"
	"github.com/orynda/orynda/web/pages/public"
	"github.com/orynda/orynda/web/ui"
)

// publicState is what the public pages keep between requests: nothing that can't be made anew.
type publicState struct {
	cards  cards
	mapped mapped
}

// publicRoutes are the pages for everybody.
func (s *site) publicRoutes() {
	s.public("/", s.home)
	s.get("/suggest", s.suggest)
	s.public("/placements", s.searchPage)
	s.get("/placements.atom", s.atom)
	s.app.Get("/placements/:id/card.png", s.card)
	s.public("/placements/:id", s.place)
	s.public("/enterprises/:id", s.enterprisePage)
	s.get("/colleges/:id", s.collegePage)
	s.get("/chambers/:id", s.chamberPage)
	s.public("/about", s.about("general"))
	s.public("/about/students", s.about("students"))
	s.public("/about/organisations", s.about("organisations"))
	s.get("/verify", s.verifyField)
	s.get("/verify/:code", s.verifyCode)
	s.app.Get("/robots.txt", s.robots)
	s.app.Get("/sitemap.xml", s.sitemap)
	s.app.Get("/sitemap/:part", s.sitemapPart)
}

// mostTrades is how many trades stand beside the map.
const mostTrades = 12

// home is the search field, the map and the trades with their free seats, and the way.
func (s *site) home(v *visit) error {
	d := public.HomeData{}
	if err := s.board(v, &d); err != nil {
		return err
	}
	for _, key := range []string{"search", "interview", "selection", "agreement", "countersignature", "register"} {
		d.Steps = append(d.Steps, public.Step{Name: v.say("site.way." + key), Text: v.say("site.public.way." + key)})
	}
	return v.show(public.Home(d))
}

// board shows where free seats are; while nobody can count them, the regions only.
func (s *site) board(v *visit, d *public.HomeData) error {
	board, err := s.Finding.Board(v.ctx())
	if errs.KindOf(err) == errs.Unavailable {
		for _, r := range s.Reference.Regions() {
			d.Regions = append(d.Regions, public.Named{Path: "/placements?region=" + r.Code, Name: r.Name.In(v.lang)})
		}
		return nil
	}
	if err != nil {
		return err
	}
	for _, r := range s.Reference.Regions() {
		d.Tiles = append(d.Tiles, ui.Tile{
			Code: r.Code, Name: r.Name.In(v.lang), Short: r.Short.In(v.lang), Col: r.TileCol, Row: r.TileRow, Seats: board.Regions[r.Code],
			Link: ui.Link(v.ctx(), "/placements?region="+r.Code),
		})
	}
	for _, t := range board.Trades[:min(len(board.Trades), mostTrades)] {
		d.Trades = append(d.Trades, public.Trade{
			Path: "/placements?specialty=" + t.Code, Name: ui.In(v.ctx(), t.Name), Lang: ui.InLang(v.ctx(), t.Name), Seats: t.Seats,
		})
	}
	return nil
}

// suggest completes what is being typed, as a list of choices.
func (s *site) suggest(v *visit) error {
	found, err := s.Finding.Suggest(v.ctx(), v.query("q"), 0, httpd.Lang(v.ctx()))
	if err != nil {
		return err
	}
	var list []public.Suggestion
	for _, f := range found {
		list = append(list, public.Suggestion{
			Path: ui.Link(v.ctx(), suggestedPath(f.Kind, f.Value, f.PlacementID)), Label: f.Label, Marked: f.Highlight,
			Kind: v.say("site.public.kind." + string(f.Kind)), Seats: f.Count,
		})
	}
	return v.show(public.Suggestions(list))
}

// suggestedPath is where a completion leads, without language.
func suggestedPath(kind search.Kind, value, placementID string) string {
	switch kind {
	case search.KindPlacement:
		return "/placements/" + placementID
	case search.KindEnterprise:
		return "/enterprises/" + value
	}
	return ask{}.clone().with(string(kind), value).path("/placements")
}
