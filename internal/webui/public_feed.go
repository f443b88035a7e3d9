package webui

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/search"
	"github.com/orynda/orynda/web/ui"
)

// robots keeps machines out of what is personal or has no end.
func (s *site) robots(c *fiber.Ctx) error {
	var out strings.Builder
	out.WriteString("User-agent: *\n")
	for _, l := range i18n.Langs() {
		for _, path := range []string{
			"/me", "/account", "/profile", "/applications", "/offers", "/bookings", "/agreements", "/signing", "/invitations", "/notices", "/admin", "/signin", "/saved",
			"/suggest", "/placements?", "/verify/", "/placements/*/apply", "/enterprises/*/desk", "/colleges/*/desk", "/chambers/*/desk", "/demo",
		} {
			out.WriteString("Disallow: /" + string(l) + path + "\n")
		}
	}
	out.WriteString("Disallow: /api/\nSitemap: " + s.PublicURL + "/sitemap.xml\n")
	c.Set(fiber.HeaderContentType, "text/plain; charset=utf-8")
	c.Set(fiber.HeaderCacheControl, "public, max-age=3600")
	return c.SendString(out.String())
}

const (
	sitemapLife = 10 * time.Minute
	// sitemapPlaces is how many places a part of the sitemap holds: each has an address in three languages, and a file holds at most 50,000.
	sitemapPlaces = 5000
)

// mapped is the list of published places that the sitemap was last made of.
type mapped struct {
	mu     sync.Mutex
	at     time.Time
	places []mappedPlace
}

type mappedPlace struct {
	path    string
	changed time.Time
}

// mappedPlaces reads the published places, at most once in ten minutes.
func (s *site) mappedPlaces(c *fiber.Ctx) ([]mappedPlace, error) {
	s.kept.mapped.mu.Lock()
	defer s.kept.mapped.mu.Unlock()
	if s.kept.mapped.places != nil && time.Since(s.kept.mapped.at) < sitemapLife {
		return s.kept.mapped.places, nil
	}
	list := []mappedPlace{}
	err := s.Placements.EachPublic(c.UserContext(), func(p placements.PublicPlace) error {
		list = append(list, mappedPlace{"/placements/" + p.Place.ID, p.Place.UpdatedAt})
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.kept.mapped.at, s.kept.mapped.places = time.Now(), list
	return list, nil
}

// sitemap names all pages for everybody; with many places it is an index of parts.
func (s *site) sitemap(c *fiber.Ctx) error {
	places, err := s.mappedPlaces(c)
	if err != nil {
		return err
	}
	if len(places) <= sitemapPlaces {
		return s.sendMap(c, append(fixedPages(), places...))
	}
	var out strings.Builder
	out.WriteString(xml.Header + `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`)
	for part := 0; part*sitemapPlaces < len(places); part++ {
		out.WriteString("<sitemap><loc>" + escaped(s.PublicURL+"/sitemap/"+strconv.Itoa(part+1)+".xml") + "</loc></sitemap>")
	}
	out.WriteString("</sitemapindex>")
	return sendXML(c, "application/xml", out.String())
}

// sitemapPart is one part of a long sitemap.
func (s *site) sitemapPart(c *fiber.Ctx) error {
	places, err := s.mappedPlaces(c)
	if err != nil {
		return err
	}
	name, isXML := strings.CutSuffix(c.Params("part"), ".xml")
	part, err := strconv.Atoi(name)
	if err != nil || !isXML || part < 1 || (part-1)*sitemapPlaces >= len(places) {
		return errs.New(errs.NotFound, "not_found")
	}
	list := places[(part-1)*sitemapPlaces : min(part*sitemapPlaces, len(places))]
	if part == 1 {
		list = append(fixedPages(), list...)
	}
	return s.sendMap(c, list)
}

func fixedPages() []mappedPlace {
	var out []mappedPlace
	for _, path := range []string{"/", "/placements", "/about", "/about/students", "/about/organisations", "/verify"} {
		out = append(out, mappedPlace{path: path})
	}
	return out
}

func (s *site) sendMap(c *fiber.Ctx, list []mappedPlace) error {
	var out strings.Builder
	out.WriteString(xml.Header + `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">`)
	for _, p := range list {
		var twins strings.Builder
		for _, l := range i18n.Langs() {
			fmt.Fprintf(&twins, `<xhtml:link rel="alternate" hreflang="%s" href="%s"/>`, l, escaped(s.PublicURL+"/"+string(l)+p.path))
		}
		for _, l := range i18n.Langs() {
			out.WriteString("<url><loc>" + escaped(s.PublicURL+"/"+string(l)+p.path) + "</loc>")
			if !p.changed.IsZero() {
				out.WriteString("<lastmod>" + p.changed.UTC().Format(time.RFC3339) + "</lastmod>")
			}
			out.WriteString(twins.String() + "</url>")
		}
	}
	out.WriteString("</urlset>")
	return sendXML(c, "application/xml", out.String())
}

func escaped(text string) string {
	var out strings.Builder
	if err := xml.EscapeText(&out, []byte(text)); err != nil {
		return "" // a builder takes everything
	}
	return out.String()
}

func sendXML(c *fiber.Ctx, kind, text string) error {
	c.Set(fiber.HeaderContentType, kind+"; charset=utf-8")
	c.Set(fiber.HeaderCacheControl, "public, max-age=600")
	return c.SendString(text)
}

// The parts of an Atom feed (RFC 4287).
type (
	atomFeed struct {
		XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		Lang    string      `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
		ID      string      `xml:"id"`
		Title   string      `xml:"title"`
		Updated string      `xml:"updated"`
		Author  atomAuthor  `xml:"author"`
		Links   []atomLink  `xml:"link"`
		Entries []atomEntry `xml:"entry"`
	}
	atomAuthor struct {
		Name string `xml:"name"`
	}
	atomLink struct {
		Rel  string `xml:"rel,attr"`
		Type string `xml:"type,attr,omitempty"`
		Href string `xml:"href,attr"`
	}
	atomEntry struct {
		ID        string     `xml:"id"`
		Title     string     `xml:"title"`
		Published string     `xml:"published"`
		Updated   string     `xml:"updated"`
		Author    atomAuthor `xml:"author"`
		Links     []atomLink `xml:"link"`
		Summary   string     `xml:"summary"`
	}
)

// atom is a search as a feed: the newest places that it finds.
func (s *site) atom(v *visit) error {
	a := v.asked().without("sort", "").without(wholeParam, "")
	q := a.question()
	q.Sort = search.Newest
	found, err := s.Quietly.Find(v.ctx(), q, v.lang)
	if err != nil {
		return err
	}
	if found.Degraded { // what isn't asked for would be taken for new
		return errs.New(errs.Unavailable, "search_unavailable")
	}
	ctx, home := v.ctx(), s.PublicURL
	self := home + ui.Link(ctx, a.path("/placements.atom"))
	feed := atomFeed{
		Lang: string(v.lang), ID: self, Title: feedTitle(v, a), Author: atomAuthor{"Orynda"}, Updated: cal.DayOf(ui.Of(ctx).Now).Start().UTC().Format(time.RFC3339),
		Links: []atomLink{{"self", "application/atom+xml", self}, {"alternate", "text/html", home + ui.Link(ctx, a.path(resultsPage))}},
	}
	var newest time.Time
	for _, item := range found.Items {
		p := item.View.Place
		link := home + ui.Link(ctx, "/placements/"+p.ID)
		if p.UpdatedAt.After(newest) {
			newest = p.UpdatedAt
			feed.Updated = newest.UTC().Format(time.RFC3339)
		}
		feed.Entries = append(feed.Entries, atomEntry{
			ID: link, Title: ui.In(ctx, p.Title), Published: p.PublishedAt.UTC().Format(time.RFC3339), Updated: p.UpdatedAt.UTC().Format(time.RFC3339),
			Author: atomAuthor{item.View.Enterprise.Name}, Links: []atomLink{{"alternate", "text/html", link}},
			Summary: strings.Join([]string{s.cityOf(ctx, p), payWords(ctx, p.Compensation), ui.In(ctx, p.Summary)}, " · "),
		})
	}
	out, err := xml.Marshal(feed)
	if err != nil {
		return err
	}
	return sendXML(v.c, "application/atom+xml", xml.Header+string(out))
}

func feedTitle(v *visit, a ask) string {
	title := "Orynda · " + v.say("site.public.results.title")
	if q := a.first("q"); q != "" {
		title += " · " + q
	}
	return title
}
