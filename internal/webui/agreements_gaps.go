package webui

import (
	"slices"
	"strings"

	"github.com/orynda/orynda/internal/agreements"
	pages "github.com/orynda/orynda/web/pages/agreements"
	"github.com/orynda/orynda/web/ui"
)

// gapsOf says what is missing, the reader's own first, each with the way to where it is mended.
func (v *visit) gapsOf(r *reading) []pages.Gaps {
	var own, others []pages.Gaps
	for _, party := range []agreements.Party{agreements.ByStudent, agreements.ByGuardian, agreements.ByEnterprise, agreements.ByCollege, agreements.ByChamber} {
		g := pages.Gaps{Who: v.say("agreement.party." + string(party)), Mine: r.mine(party)}
		for _, one := range r.Gaps {
			if one.Party == party {
				g.List = append(g.List, v.gap(r, one))
			}
		}
		switch {
		case len(g.List) == 0:
		case g.Mine:
			own = append(own, g)
		default:
			others = append(others, g)
		}
	}
	return append(own, others...)
}

func (v *visit) gap(r *reading, g agreements.Gap) pages.Gap {
	key := "field." + g.Field.Code
	if !v.site.Catalogue.Has(key) {
		key = "error." + g.Field.Code
	}
	pairs := []any{}
	for name, value := range g.Field.Params {
		pairs = append(pairs, name, value)
	}
	out := pages.Gap{Message: v.say(key, pairs...), Source: g.Field.Source}
	if g.Field.Code == "requisites_missing" {
		out.Message = v.say("site.agreements.requisite", "what", v.say("site.agreements.requisite."+lastPart(g.Field.Field)))
	}
	path, inDraft := mendPath(r.Agreement, g)
	if path != "" && r.mine(g.Party) && (!inDraft || slices.Contains(r.draftSides(), g.Party)) {
		out.Link = ui.Link(v.ctx(), path)
	}
	return out
}

// mendPath is where a gap is mended: a field of the draft, or the record that the agreement reads.
func mendPath(a *agreements.Agreement, g agreements.Gap) (path string, inDraft bool) {
	field := g.Field.Field
	switch {
	case g.Field.Code == "guardian_missing":
		return "/profile/guardian", false
	case g.Field.Code == "guardian_unconfirmed" && g.Party == agreements.ByCollege, g.Field.Code == "enrolment_unconfirmed":
		return "/colleges/" + a.CollegeID + "/desk", false
	case strings.HasPrefix(field, "parties.enterprise"), field == "signatories" && g.Party == agreements.ByEnterprise:
		return "/enterprises/" + a.EnterpriseID + "/desk", false
	case strings.HasPrefix(field, "parties.college"), field == "signatories":
		return "/colleges/" + a.CollegeID + "/desk", false
	case g.Field.Code == "under_age", g.Field.Code == "overlapping_match", field == "chamber_id":
		return "", false
	case strings.HasPrefix(field, "parties."):
		return "/profile", false
	}
	return "/agreements/" + a.ID + "/draft?side=" + string(g.Party) + "#f-" + formName(field), true
}

// formName is the form's own name of a field of the contract: plan[1].hours is plan-1-hours.
func formName(field string) string {
	switch field {
	case "curriculum":
		return "curriculum-title"
	case "enrolment":
		return "enrolment-order_number"
	case "languages":
		return "english"
	}
	return strings.NewReplacer("[", "-", "]", "", ".", "-").Replace(field)
}

func lastPart(field string) string { return field[strings.LastIndex(field, ".")+1:] }
