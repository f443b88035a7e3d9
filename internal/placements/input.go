package placements

import (
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/i18n"
)

// Input is what a form or request says of a place: nil leaves a field as it is, an empty list empties it. It goes on top of a draft at every step, so
// it may be as unfinished as it likes.
type Input struct {
	Regime            *Regime
	Title             *i18n.Text
	Summary           *i18n.Text
	Tasks             *i18n.Text
	Conditions        *string
	Modules           *[]Module
	QualificationCode *string // Cyrillic look-alikes and a missing prefix are understood
	ProgrammeCode     *string
	Level             *Level
	Skills            *[]string
	Seats             *int
	Workplaces        *[]WorkplaceInput
	StartsOn          *cal.Day
	EndsOn            *cal.Day
	ApplyFrom         *cal.Day
	ApplyBy           *cal.Day
	TimeModel         *TimeModel
	WeeklyHours       *int
	NightWork         *bool
	Compensation      *Compensation
	Insurance         *Insurance
	Benefits          *Benefits
	Languages         *[]i18n.Lang
	MinAge            *int
	Hazardous         *bool
	MentorID          *string
	Colleges          *[]string
	OpenToCitizens    *bool
	AutoOffer         *bool
	ExternalReference *string
	Questions         *[]string
	Clear             []string // optional fields to empty, by their names in the contract
}

// WorkplaceInput is a workplace as it is sent.
type WorkplaceInput struct {
	ID      string // of a workplace of this place to keep; "" for a new one
	Region  string
	City    string // by any of its names
	Address string
	Lat     *float64 // the town's own where nil
	Lon     *float64
	Kind    WorkplaceKind
}

// take sets a field where the input says something.
func take[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}

// takeList copies a list, an empty one as none, so that equal places compare equal.
func takeList[T any](field *[]T, value *[]T) {
	if value == nil {
		return
	}
	*field = nil
	if len(*value) > 0 {
		*field = append(*field, *value...)
	}
}

// put takes over everything that needs no look-up.
func (in *Input) put(p *Placement) {
	take(&p.Regime, in.Regime)
	take(&p.Title, in.Title)
	take(&p.Summary, in.Summary)
	take(&p.Tasks, in.Tasks)
	take(&p.Conditions, in.Conditions)
	takeList(&p.Modules, in.Modules)
	take(&p.Level, in.Level)
	takeList(&p.Skills, in.Skills)
	take(&p.Seats, in.Seats)
	take(&p.StartsOn, in.StartsOn)
	take(&p.EndsOn, in.EndsOn)
	take(&p.ApplyFrom, in.ApplyFrom)
	take(&p.ApplyBy, in.ApplyBy)
	take(&p.TimeModel, in.TimeModel)
	take(&p.WeeklyHours, in.WeeklyHours)
	take(&p.NightWork, in.NightWork)
	take(&p.Compensation, in.Compensation)
	take(&p.Insurance, in.Insurance)
	take(&p.Benefits, in.Benefits)
	takeList(&p.Languages, in.Languages)
	take(&p.MinAge, in.MinAge)
	take(&p.Hazardous, in.Hazardous)
	take(&p.MentorID, in.MentorID)
	takeList(&p.Colleges, in.Colleges)
	take(&p.OpenToCitizens, in.OpenToCitizens)
	take(&p.AutoOffer, in.AutoOffer)
	take(&p.ExternalReference, in.ExternalReference)
	takeList(&p.Questions, in.Questions)
}

// clearers empty the optional fields by their names.
func clearers(p *Placement) map[string]func() {
	return map[string]func(){
		"summary":            func() { p.Summary = i18n.Text{} },
		"tasks":              func() { p.Tasks = i18n.Text{} },
		"conditions":         func() { p.Conditions = "" },
		"qualification_code": func() { p.QualificationCode, p.SpecialtyCode = "", "" },
		"programme_code":     func() { p.ProgrammeCode = "" },
		"level":              func() { p.Level = "" },
		"seats":              func() { p.Seats = 0 },
		"starts_on":          func() { p.StartsOn = "" },
		"ends_on":            func() { p.EndsOn = "" },
		"apply_from":         func() { p.ApplyFrom = "" },
		"apply_by":           func() { p.ApplyBy = "" },
		"time_model":         func() { p.TimeModel = "" },
		"weekly_hours":       func() { p.WeeklyHours = 0 },
		"compensation":       func() { p.Compensation = Compensation{} },
		"insurance":          func() { p.Insurance = Insurance{} },
		"min_age":            func() { p.MinAge = 0 },
		"mentor_id":          func() { p.MentorID = "" },
		"external_reference": func() { p.ExternalReference = "" },
	}
}

// says reports whether the input gives a value to one of the fields that can be emptied.
func (in *Input) says(field string) bool {
	return map[string]bool{
		"summary": in.Summary != nil, "tasks": in.Tasks != nil, "conditions": in.Conditions != nil,
		"qualification_code": in.QualificationCode != nil, "programme_code": in.ProgrammeCode != nil, "level": in.Level != nil,
		"seats": in.Seats != nil, "starts_on": in.StartsOn != nil, "ends_on": in.EndsOn != nil, "apply_from": in.ApplyFrom != nil,
		"apply_by": in.ApplyBy != nil, "time_model": in.TimeModel != nil, "weekly_hours": in.WeeklyHours != nil,
		"compensation": in.Compensation != nil, "insurance": in.Insurance != nil, "min_age": in.MinAge != nil,
		"mentor_id": in.MentorID != nil, "external_reference": in.ExternalReference != nil,
	}[field]
}
