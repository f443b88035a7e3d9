package webui

import (
	"strings"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/web/pages/public"
	"github.com/orynda/orynda/web/ui"
)

// placesAPage is how many open places an enterprise's page shows at once.
const placesAPage = 10

// paragraphs are the parts of a text between its line ends, without empty ones.
func paragraphs(text string) []string {
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// blocks tells the lists of a text from its paragraphs: lines that begin with a dash or a dot are a list.
func blocks(text string) []public.Block {
	var out []public.Block
	for _, line := range paragraphs(text) {
		item := strings.TrimSpace(strings.TrimLeft(line, "-–—•*"))
		list := item != line && item != ""
		if !list {
			item = line
		}
		if n := len(out); n > 0 && out[n-1].List == list {
			out[n-1].Lines = append(out[n-1].Lines, item)
			continue
		}
		out = append(out, public.Block{List: list, Lines: []string{item}})
	}
	return out
}

// enterprisePage is what everybody may know of an enterprise, with its open places.
func (s *site) enterprisePage(v *visit) error {
	ctx, id := v.ctx(), v.param("id")
	e, err := s.Directory.ReadEnterprise(ctx, v.actor, id)
	if err != nil {
		return err
	}
	cursor, err := storage.ParseCursor(v.query("cursor"))
	if err != nil {
		return err
	}
	open, err := s.Placements.OpenOf(ctx, e.ID, cursor, placesAPage)
	if err != nil {
		return err
	}
	d := public.OrganisationData{
		ID: e.ID, Kind: string(accounts.KindEnterprise), Name: e.Name, Verified: verified(&e.Enterprise), Address: s.address(ctx, e.Region, e.City, e.Address),
		About: paragraphs(e.About), Website: website(e.Website), BIN: e.BIN, NoIndex: !verified(&e.Enterprise), Places: s.places(ctx, open.Items),
		State: ui.TOr(ctx, "", "state.enterprise."+string(e.State)),
	}
	if !e.VerifiedAt.IsZero() {
		d.VerifiedOn = v.say("site.public.enterprise.verified_on", "day", publicDay(ctx, e.VerifiedAt))
	}
	if e.HasRate {
		d.Answers = rateWords(ctx, e.ResponseRate, e.ResponseDays, e.ResponseRate > 0)
	}
	if !open.Next.IsZero() {
		d.Next = "/enterprises/" + e.ID + "?cursor=" + open.Next.String()
	}
	if v.actor.MemberOf(e.ID) {
		d.Desk = "/enterprises/" + e.ID + "/desk"
	}
	return v.show(public.Organisation(d))
}

// collegePage is what everybody may know of an institution, with the way to the places its students may take.
func (s *site) collegePage(v *visit) error {
	ctx := v.ctx()
	c, err := s.Directory.ReadCollege(ctx, v.actor, v.param("id"))
	if err != nil {
		return err
	}
	d := public.OrganisationData{
		ID: c.ID, Kind: string(accounts.KindCollege), Name: c.Name, Address: s.address(ctx, c.Region, c.City, c.Address), Website: website(c.Website), BIN: c.BIN,
		What: ui.TOr(ctx, "", "site.public.college_kind."+string(c.Kind)), Search: ask{}.clone().with("open_to_college", c.ID).path(resultsPage),
	}
	if v.actor.MemberOf(c.ID) {
		d.Desk = "/colleges/" + c.ID + "/desk"
	}
	return v.show(public.Organisation(d))
}

// chamberPage is what everybody may know of a chamber, with the way to the places of its region.
func (s *site) chamberPage(v *visit) error {
	ctx := v.ctx()
	c, err := s.Directory.ReadChamber(ctx, v.actor, v.param("id"))
	if err != nil {
		return err
	}
	d := public.OrganisationData{
		ID: c.ID, Kind: string(accounts.KindChamber), Name: c.Name, Address: s.address(ctx, c.Region, c.City, c.Address), Website: website(c.Website), BIN: c.BIN,
		What: v.say("site.public.chamber.what"), Search: ask{}.clone().with("region", c.Region).path(resultsPage),
	}
	if v.actor.MemberOf(c.ID) {
		d.Desk = "/chambers/" + c.ID + "/desk"
	}
	return v.show(public.Organisation(d))
}

// website is an address that may be linked: http or https only, whatever its owner wrote.
func website(address string) string {
	if strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://") {
		return address
	}
	return ""
}
