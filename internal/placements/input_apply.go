package placements

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/id"
)

// badInput is understood input that can't be: Unprocessable bad_request with every field.
func badInput(fields []errs.Field) error {
	if len(fields) == 0 {
		return nil
	}
	return errs.New(errs.Unprocessable, "bad_request").WithFields(fields...)
}

// apply puts an input onto a place and gives every field that can't be: too long, unknown, of someone else, or of the other regime.
func (s *Service) apply(ctx context.Context, look *lookup, p *Placement, in *Input) ([]errs.Field, error) {
	var bad []errs.Field
	for i, name := range in.Clear {
		empty, ok := clearers(p)[name]
		if !ok || in.says(name) {
			bad = append(bad, errs.Field{Field: fmt.Sprintf("clear[%d]", i), Code: "not_allowed"})
			continue
		}
		empty()
	}
	in.put(p)
	trim(p)
	bad = append(bad, s.applyTrade(p, in)...)
	if in.Workplaces != nil {
		bad = append(bad, s.applyWorkplaces(p, *in.Workplaces)...)
	}
	bad = append(bad, checkLimits(p)...)
	people, err := s.checkPeople(ctx, look, p, in)
	return append(bad, people...), err
}

// trim cuts blanks around what people typed, so that a blank isn't a text.
func trim(p *Placement) {
	for _, t := range []*i18n.Text{&p.Title, &p.Summary, &p.Tasks} {
		*t = i18n.Text{KK: strings.TrimSpace(t.KK), RU: strings.TrimSpace(t.RU), EN: strings.TrimSpace(t.EN)}
	}
	p.Conditions = strings.TrimSpace(p.Conditions)
	p.ExternalReference = strings.TrimSpace(p.ExternalReference)
}

// trade is what a place trains, as the reference knows it.
type trade struct {
	qualification string // the code as it is kept: a qualification's, or the specialty's where no qualification is known
	specialty     string
	programme     string
	level         Level // "" where the reference doesn't know it
}

// tradeOf reads the codes of a place by its regime; ok is false for unknown ones.
func tradeOf(p *Placement, ref *directory.Reference) (trade, bool) {
	if p.Regime == R361 {
		g, ok := ref.Programme(p.ProgrammeCode)
		return trade{programme: g.Code, level: Bachelor}, ok
	}
	t, ok := ref.Trade(p.QualificationCode)
	return trade{qualification: t.Code, specialty: t.SpecialtyCode, level: Level(t.Level)}, ok
}

// applyTrade takes the codes in the form the reference writes them.
func (s *Service) applyTrade(p *Placement, in *Input) []errs.Field {
	take(&p.QualificationCode, in.QualificationCode)
	take(&p.ProgrammeCode, in.ProgrammeCode)
	if p.QualificationCode == "" {
		p.SpecialtyCode = ""
	}
	var bad []errs.Field
	other, field, code := p.ProgrammeCode, "programme_code", p.QualificationCode
	if p.Regime == R361 {
		other, field, code = p.QualificationCode, "qualification_code", p.ProgrammeCode
	}
	if other != "" {
		bad = append(bad, errs.Field{Field: field, Code: "code_of_other_regime"})
	}
	if code == "" {
		return bad
	}
	t, ok := tradeOf(p, s.d.Reference)
	if !ok {
		wrong := "qualification_code"
		if p.Regime == R361 {
			wrong = "programme_code"
		}
		return append(bad, errs.Field{Field: wrong, Code: "unknown_code"})
	}
	if p.Regime == R361 {
		p.ProgrammeCode = t.programme
	} else {
		p.QualificationCode, p.SpecialtyCode = t.qualification, t.specialty
	}
	return bad
}

// applyWorkplaces replaces the list, keeping the ids of workplaces that stay: those that are named, and those that are the same but for the id.
func (s *Service) applyWorkplaces(p *Placement, list []WorkplaceInput) []errs.Field {
	var bad []errs.Field
	left := slices.Clone(p.Workplaces)
	next := make([]Workplace, 0, len(list))
	for i, in := range list {
		w, fields := s.workplace(in, fmt.Sprintf("workplaces[%d]", i))
		bad = append(bad, fields...)
		at := slices.IndexFunc(left, func(old Workplace) bool {
			if in.ID != "" {
				return old.ID == in.ID
			}
			same := w
			same.ID = old.ID
			return same == old
		})
		switch {
		case at >= 0:
			w.ID = left[at].ID
			left = slices.Delete(left, at, at+1)
		case in.ID != "":
			bad = append(bad, errs.Field{Field: fmt.Sprintf("workplaces[%d].id", i), Code: "unknown_workplace"})
		default:
			w.ID = id.New("wpl")
		}
		next = append(next, w)
	}
	p.Workplaces = nil
	if len(next) > 0 {
		p.Workplaces = next
	}
	return bad
}

// workplace resolves the town; a point that isn't given is the town's own.
func (s *Service) workplace(in WorkplaceInput, path string) (Workplace, []errs.Field) {
	w := Workplace{Region: in.Region, City: in.City, Address: strings.TrimSpace(in.Address), Kind: in.Kind}
	var bad []errs.Field
	if _, ok := s.d.Reference.Region(in.Region); !ok && in.Region != "" {
		return w, append(bad, errs.Field{Field: path + ".region", Code: "unknown_region"})
	}
	if in.City == "" {
		return w, nil
	}
	city, ok := s.d.Reference.City(in.Region, in.City)
	if !ok {
		code := "unknown_city"
		if _, elsewhere := s.d.Reference.City("", in.City); elsewhere {
			code = "city_not_in_region"
		}
		return w, append(bad, errs.Field{Field: path + ".city", Code: code})
	}
	w.Region, w.City, w.Lat, w.Lon = city.Region, city.Key(), city.Lat, city.Lon
	take(&w.Lat, in.Lat)
	take(&w.Lon, in.Lon)
	return w, nil
}

// checkPeople looks up the mentor and the colleges where the input names them, or changes the regime that they must fit.
func (s *Service) checkPeople(ctx context.Context, look *lookup, p *Placement, in *Input) ([]errs.Field, error) {
	var bad []errs.Field
	if in.MentorID != nil && p.MentorID != "" {
		m, err := look.mentor(ctx, p.MentorID)
		if err != nil {
			return nil, err
		}
		if m == nil || m.EnterpriseID != p.EnterpriseID || m.State() != directory.StateActive {
			bad = append(bad, errs.Field{Field: "mentor_id", Code: "unknown_mentor"})
		}
	}
	if in.Colleges == nil && in.Regime == nil {
		return bad, nil
	}
	for i, collegeID := range p.Colleges {
		c, err := look.college(ctx, collegeID)
		if err != nil {
			return nil, err
		}
		switch {
		case c == nil:
			bad = append(bad, errs.Field{Field: fmt.Sprintf("colleges[%d]", i), Code: "unknown_college"})
		case c.Regime() != string(p.Regime):
			bad = append(bad, errs.Field{Field: fmt.Sprintf("colleges[%d]", i), Code: "college_of_other_regime"})
		}
	}
	return bad, nil
}
