package indexing

import (
	"slices"

	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/search"
)

// Document is what the index holds of a published place. Nothing in it is personal.
func Document(ref *directory.Reference, in placements.PublicPlace) search.Document {
	p := in.Place
	d := search.Document{
		ID: p.ID, Reference: p.Reference, Title: p.Title, Summary: p.Summary, Tasks: p.Tasks,
		EnterpriseID: p.EnterpriseID, EnterpriseName: in.Enterprise.Name,
		Regime: string(p.Regime), Level: string(p.Level), TimeModel: string(p.TimeModel),
		WeeklyHours: p.WeeklyHours, StartsOn: p.StartsOn, EndsOn: p.EndsOn, ApplyBy: p.ApplyBy, PublishedAt: p.PublishedAt,
		Colleges: slices.Clone(p.Colleges), MinAge: p.MinAge, Under18: in.FitsMinors, OpenToCitizens: p.OpenToCitizens, Hazardous: p.Hazardous,
		Seats: in.Sheet.Seats, SeatsFree: in.Sheet.Free(), Applicants: in.Sheet.Live,
		Revision: search.Revision{Place: p.Version, Sheet: in.Sheet.Version},
	}
	for _, m := range p.Modules {
		d.Modules = append(d.Modules, m.Name)
	}
	for _, l := range p.Languages {
		d.Languages = append(d.Languages, string(l))
	}
	d.CompensationKind, d.CompensationAmount = string(p.Compensation.Kind), p.Compensation.Amount
	d.Dormitory = p.Benefits.Dormitory
	addTerms(&d, ref, p)
	for _, w := range p.Workplaces {
		d.Workplaces = append(d.Workplaces, workplace(ref, w))
	}
	return d
}

// addTerms names the trade in three languages, with the everyday words for it.
func addTerms(d *search.Document, ref *directory.Reference, p *placements.Placement) {
	if q, ok := ref.Qualification(p.QualificationCode); ok && p.QualificationCode != p.SpecialtyCode {
		d.Qualification = search.Term{Code: q.Code, Names: q.Name, Synonyms: q.Synonyms.All()}
	}
	if s, ok := ref.Specialty(p.SpecialtyCode); ok {
		d.Specialty = search.Term{Code: s.Code, Names: s.Name, Synonyms: s.Synonyms.All()}
	}
	if pr, ok := ref.Programme(p.ProgrammeCode); ok {
		d.Programme = search.Term{Code: pr.Code, Names: pr.Name, Synonyms: pr.Synonyms.All()}
	}
}

func workplace(ref *directory.Reference, w placements.Workplace) search.Workplace {
	out := search.Workplace{Region: w.Region, City: w.City}
	out.CityNames.RU = w.City
	if r, ok := ref.Region(w.Region); ok {
		out.RegionNames = r.Name
		out.RegionAliases = slices.Clone(r.Aliases)
	}
	if c, ok := ref.City(w.Region, w.City); ok {
		out.City, out.CityNames = c.Key(), c.Name
		out.Aliases = append(out.Aliases, c.Aliases...)
	}
	if w.Lat != 0 || w.Lon != 0 {
		out.Point = &search.Point{Lat: w.Lat, Lon: w.Lon}
	}
	return out
}
