package httpapi

import (
	"time"

	"github.com/oapi-codegen/runtime/types"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements"
)

// createInput reads the fields of a new place.
func createInput(b *apigen.CreatePlacementRequest) placements.Input {
	return placements.Input{
		Regime: (*placements.Regime)(&b.Regime), Title: textIn(&b.Title), Summary: textIn(b.Summary), Tasks: textIn(b.Tasks), Conditions: b.Conditions,
		Modules: modulesIn(b.Modules), QualificationCode: b.QualificationCode, ProgrammeCode: b.ProgrammeCode, Level: (*placements.Level)(b.Level),
		Skills: b.Skills, Seats: b.Seats, Workplaces: workplacesIn(b.Workplaces), StartsOn: dayOrNil(b.StartsOn), EndsOn: dayOrNil(b.EndsOn),
		ApplyFrom: dayOrNil(b.ApplyFrom), ApplyBy: dayOrNil(b.ApplyBy), TimeModel: (*placements.TimeModel)(b.TimeModel), WeeklyHours: b.WeeklyHours,
		NightWork: b.NightWork, Compensation: compensationIn(b.Compensation), Insurance: insuranceIn(b.Insurance), Benefits: benefitsIn(b.Benefits),
		Languages: languagesIn(b.Languages), MinAge: b.MinAge, Hazardous: b.Hazardous, MentorID: b.MentorID, Colleges: b.Colleges,
		OpenToCitizens: b.OpenToCitizens, AutoOffer: b.AutoOffer, ExternalReference: b.ExternalReference, Questions: b.Questions,
	}
}

// updateInput reads the fields that are to change.
func updateInput(b *apigen.UpdatePlacementRequest) placements.Input {
	in := placements.Input{
		Regime: (*placements.Regime)(b.Regime), Title: textIn(b.Title), Summary: textIn(b.Summary), Tasks: textIn(b.Tasks), Conditions: b.Conditions,
		Modules: modulesIn(b.Modules), QualificationCode: b.QualificationCode, ProgrammeCode: b.ProgrammeCode, Level: (*placements.Level)(b.Level),
		Skills: b.Skills, Seats: b.Seats, Workplaces: workplacesIn(b.Workplaces), StartsOn: dayOrNil(b.StartsOn), EndsOn: dayOrNil(b.EndsOn),
		ApplyFrom: dayOrNil(b.ApplyFrom), ApplyBy: dayOrNil(b.ApplyBy), TimeModel: (*placements.TimeModel)(b.TimeModel), WeeklyHours: b.WeeklyHours,
		NightWork: b.NightWork, Compensation: compensationIn(b.Compensation), Insurance: insuranceIn(b.Insurance), Benefits: benefitsIn(b.Benefits),
		Languages: languagesIn(b.Languages), MinAge: b.MinAge, Hazardous: b.Hazardous, MentorID: b.MentorID, Colleges: b.Colleges,
		OpenToCitizens: b.OpenToCitizens, AutoOffer: b.AutoOffer, ExternalReference: b.ExternalReference, Questions: b.Questions,
	}
	for _, field := range deref(b.Clear) {
		in.Clear = append(in.Clear, string(field))
	}
	return in
}

func textIn(t *apigen.Text) *i18n.Text {
	if t == nil {
		return nil
	}
	return &i18n.Text{KK: deref(t.Kk), RU: deref(t.Ru), EN: deref(t.En)}
}

func modulesIn(list *[]apigen.PlacementModule) *[]placements.Module {
	if list == nil {
		return nil
	}
	out := make([]placements.Module, 0, len(*list))
	for _, m := range *list {
		out = append(out, placements.Module{Name: *textIn(&m.Name), Hours: m.Hours, EnterpriseHours: m.EnterpriseHours})
	}
	return &out
}

func workplacesIn(list *[]apigen.PlacementWorkplaceInput) *[]placements.WorkplaceInput {
	if list == nil {
		return nil
	}
	out := make([]placements.WorkplaceInput, 0, len(*list))
	for _, w := range *list {
		out = append(out, placements.WorkplaceInput{
			ID: deref(w.ID), Region: w.Region, City: w.City, Address: deref(w.Address), Lat: w.Lat, Lon: w.Lon,
			Kind: placements.WorkplaceKind(deref(w.Kind)),
		})
	}
	return &out
}

func compensationIn(c *apigen.PlacementCompensation) *placements.Compensation {
	if c == nil {
		return nil
	}
	return &placements.Compensation{Kind: placements.PayKind(c.Kind), Amount: deref(c.Amount)}
}

func insuranceIn(i *apigen.PlacementInsurance) *placements.Insurance {
	if i == nil {
		return nil
	}
	return &placements.Insurance{Taken: &i.Taken, Note: deref(i.Note)}
}

func benefitsIn(b *apigen.PlacementBenefits) *placements.Benefits {
	if b == nil {
		return nil
	}
	return &placements.Benefits{Meals: deref(b.Meals), Dormitory: deref(b.Dormitory), Transport: deref(b.Transport), Clothing: deref(b.Clothing)}
}

func languagesIn(list *[]apigen.PlacementLanguage) *[]i18n.Lang {
	if list == nil {
		return nil
	}
	out := make([]i18n.Lang, 0, len(*list))
	for _, l := range *list {
		out = append(out, i18n.Lang(l))
	}
	return &out
}

// dayOrNil reads a day of a request.
func dayOrNil(d *types.Date) *cal.Day {
	if d == nil {
		return nil
	}
	day := cal.Day(d.Format(time.DateOnly))
	return &day
}
