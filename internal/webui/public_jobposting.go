package webui

import (
	"context"
	"encoding/json"
	"html"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/web/ui"
)

// jobPosting is a place as schema.org's JobPosting: only what the page shows. encoding/json writes < and > as escapes, so that no text can end
// the element it stands in.
func (s *site) jobPosting(ctx context.Context, v *placements.View) string {
	p := v.Place
	doc := map[string]any{
		"@context": "https://schema.org/", "@type": "JobPosting", "title": ui.In(ctx, p.Title), "description": jobDescription(ctx, p),
		"datePosted": string(cal.DayOf(p.PublishedAt)), "validThrough": p.ApplyBy.End().Add(-time.Second).In(cal.Zone()).Format(time.RFC3339),
		"employmentType": "INTERN", "directApply": true, "url": ui.Of(ctx).PublicURL + ui.Link(ctx, "/placements/"+p.ID),
		"identifier":         map[string]any{"@type": "PropertyValue", "name": "Orynda", "value": p.Reference},
		"hiringOrganization": map[string]any{"@type": "Organization", "name": v.Enterprise.Name, "sameAs": ui.Of(ctx).PublicURL + ui.Link(ctx, "/enterprises/"+p.EnterpriseID)},
		"workHours":          ui.T(ctx, "value.weekly_hours", "Count", p.WeeklyHours), "jobStartDate": string(p.StartsOn), "totalJobOpenings": v.Sheet.Free(),
	}
	var at []any
	for _, w := range p.Workplaces {
		at = append(at, s.jobLocation(ctx, w))
	}
	doc["jobLocation"] = at
	if p.Compensation.Kind == placements.PayMonthly {
		doc["baseSalary"] = map[string]any{
			"@type": "MonetaryAmount", "currency": "KZT", "value": map[string]any{"@type": "QuantitativeValue", "value": p.Compensation.Amount, "unitText": "MONTH"},
		}
	}
	data, err := json.Marshal(doc)
	if err != nil {
		return "" // texts and numbers always marshal
	}
	return string(data)
}

func (s *site) jobLocation(ctx context.Context, w placements.Workplace) map[string]any {
	lang := ui.Of(ctx).Lang
	address := map[string]any{"@type": "PostalAddress", "addressCountry": "KZ", "addressLocality": s.Reference.CityName(w.Region, w.City, lang)}
	if w.Address != "" {
		address["streetAddress"] = w.Address
	}
	if r, ok := s.Reference.Region(w.Region); ok {
		address["addressRegion"] = r.Name.In(lang)
	}
	return map[string]any{"@type": "Place", "address": address}
}

// jobDescription is summary and tasks as the plain HTML that search engines ask for.
func jobDescription(ctx context.Context, p *placements.Placement) string {
	var out strings.Builder
	for _, line := range append([]string{ui.In(ctx, p.Summary)}, paragraphs(ui.In(ctx, p.Tasks))...) {
		out.WriteString("<p>" + html.EscapeString(line) + "</p>")
	}
	return out.String()
}
