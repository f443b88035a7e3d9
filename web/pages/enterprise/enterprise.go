// Package enterprise holds the pages of an enterprise's people: registering it, its desk, its places and the form that posts them, its mentors,
// rooms, signatories and members, imports and filings. Selecting among applicants has pages of its own.
package enterprise

import (
	"context"
	"strings"

	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/web/ui"
)

// Head is what every page of an enterprise begins with.
type Head struct {
	ID, Name string
	State    directory.EnterpriseState
	At       string // which of the sisters this page is: desk, placements, people, profile, or "" for none
	Hires    bool   // the reader posts places and answers applications
	Runs     bool   // the reader changes the profile and the members
}

func (h Head) path(rest string) string { return "/enterprises/" + h.ID + rest }

func (h Head) tabs(ctx context.Context) []ui.Tab {
	var out []ui.Tab
	for _, at := range []string{"desk", "placements", "people", "profile"} {
		out = append(out, ui.Tab{Path: h.path("/" + at), Label: ui.T(ctx, "site.enterprise.tab."+at), Current: at == h.At})
		if at == "placements" {
			out = append(out, ui.AgreementsTab(ctx))
		}
	}
	return out
}

// stateBadge is the kind of badge of an enterprise's state.
func stateBadge(s directory.EnterpriseState) string {
	switch s {
	case directory.EnterpriseVerified:
		return "good"
	case directory.EnterpriseRefused:
		return "bad"
	case directory.EnterpriseSubmitted:
		return "wait"
	}
	return ""
}

func placeBadge(s placements.State) string {
	switch s {
	case placements.Published:
		return "good"
	case placements.Paused, placements.Selecting:
		return "wait"
	}
	return ""
}

// PlaceState says where a place stands, a closed one with its reason.
func PlaceState(ctx context.Context, p *placements.Placement) string {
	word := ui.T(ctx, "state.placement."+string(p.State))
	if p.State == placements.Closed && p.ClosedReason != "" {
		word += ": " + strings.ToLower(ui.T(ctx, "state.placement.closed."+string(p.ClosedReason)))
	}
	return word
}

// PlacePath is where a place is read: the public page, and for a draft the form.
func PlacePath(p *placements.Placement) string {
	if p.State == placements.Draft {
		return "/placements/" + p.ID + "/edit"
	}
	return "/placements/" + p.ID
}

// seatsOf counts the squares of a place: open offers hold, matches take.
func seatsOf(v *placements.View) ui.Seats {
	taken := len(v.Sheet.Taken)
	held := 0
	if v.SeatUse {
		held = min(v.Offers, taken)
	}
	return ui.Seats{Free: v.Sheet.Free(), Taken: taken - held, Held: held}
}

// Label is the name of a field of these pages' forms; figures in it count rows from 0: "modules.0.hours".
func Label(ctx context.Context, field string) string {
	var words []string
	row := ""
	for _, part := range strings.Split(field, ".") {
		if part != "" && strings.Trim(part, "0123456789") == "" {
			row = part
			continue
		}
		words = append(words, part)
	}
	name := strings.Join(words, ".")
	text := ui.TOr(ctx, name, "site.enterprise.f."+name)
	if lang := words[len(words)-1]; len(words) > 1 && (lang == "kk" || lang == "ru" || lang == "en") {
		text = ui.T(ctx, "site.enterprise.f."+strings.Join(words[:len(words)-1], ".")) + ", " + ui.T(ctx, "site.enterprise.in."+lang)
	}
	if row != "" {
		text += " " + ui.T(ctx, "site.enterprise.row", "n", rowNumber(row))
	}
	return text
}

func rowNumber(index string) int {
	n := 0
	for _, c := range index {
		n = n*10 + int(c-'0')
	}
	return n + 1
}

// Difference is one value before and after.
type Difference struct{ Label, Before, After string }

// text writes a list of texts that may lack the page's language.
func text(ctx context.Context, t i18n.Text) string { return ui.In(ctx, t) }
