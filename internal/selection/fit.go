package selection

import (
	"math"
	"strings"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/placements/rules"
)

// Fit says at a glance how an applicant fits a place. A nil field means that it can't be said.
type Fit struct {
	Trade      *bool    // the place's qualification belongs to the applicant's specialty (R50 9), or the programme is the same
	Dates      *bool    // no other training of the applicant overlaps
	AgeRule    *bool    // age, hours and conditions go together on the first day
	DistanceKM *float64 // from the college to the nearest workplace, whole kilometres
}

// fit compares an applicant with a place; sheet holds the applicant's matches, nil without any.
func (s *Service) fit(app *Application, p *placements.Placement, who seen, sheet *StudentSheet) *Fit {
	f := &Fit{}
	if e := who.shown.Enrolment; e != nil {
		f.Trade = sameTrade(p, e.SpecialtyCode, e.QualificationCode, e.ProgrammeCode)
	}
	free := true
	if sheet != nil {
		for _, m := range sheet.Matches {
			free = free && (m.MatchID == app.MatchID || !cal.Overlap(m.From, m.To, p.StartsOn, p.EndsOn))
		}
	}
	f.Dates = &free
	if who.birth != "" {
		r := rules.InForce(cal.DayOf(s.Clock.Now()))
		fails := r.CheckHours(p.Regime, rules.WorkTime{
			Age: cal.Age(who.birth, p.StartsOn), Weekly: p.WeeklyHours, Night: p.NightWork, Hazardous: p.Hazardous,
		}, "age")
		ok := len(fails) == 0
		f.AgeRule = &ok
	}
	if who.college != nil {
		f.DistanceKM = s.distance(who.college.Region, who.college.City, p)
	}
	return f
}

// tradeDigits are the digits of a classifier's code that name the specialty; a printed prefix (3W, 4S, 5AB) stands before the last eight.
const tradeDigits = 6

func tradeOf(code string) string {
	if len(code) < 8 {
		return ""
	}
	return code[len(code)-8:][:tradeDigits]
}

// sameTrade compares the place's trade with the studies, nil where one of them isn't known. It is what the profile rule asks at ready (R50 9;
// R361 13).
func sameTrade(p *placements.Placement, specialty, qualification, programme string) *bool {
	var place, studies string
	if p.Regime == placements.R361 {
		place, studies = p.ProgrammeCode, programme
	} else {
		if specialty == "" {
			specialty = qualification
		}
		place, studies = tradeOf(p.QualificationCode), tradeOf(specialty)
	}
	if place == "" || studies == "" {
		return nil
	}
	same := strings.EqualFold(place, studies)
	return &same
}

// distance is the way from a city to the nearest workplace, nil where the city isn't known or no workplace has coordinates.
func (s *Service) distance(region, city string, p *placements.Placement) *float64 {
	from, ok := s.Reference.City(region, city)
	if !ok {
		return nil
	}
	var best *float64
	for _, w := range p.Workplaces {
		if w.Lat == 0 && w.Lon == 0 {
			continue
		}
		km := math.Round(greatCircle(from.Lat, from.Lon, w.Lat, w.Lon))
		if best == nil || km < *best {
			best = &km
		}
	}
	return best
}

// greatCircle is the distance of two points in kilometres (haversine).
func greatCircle(lat1, lon1, lat2, lon2 float64) float64 {
	const radius, degree = 6371.0, math.Pi / 180
	dLat, dLon := (lat2-lat1)*degree, (lon2-lon1)*degree
	h := math.Pow(math.Sin(dLat/2), 2) + math.Cos(lat1*degree)*math.Cos(lat2*degree)*math.Pow(math.Sin(dLon/2), 2)
	return 2 * radius * math.Asin(math.Min(1, math.Sqrt(h)))
}
