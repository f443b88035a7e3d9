package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/orynda/orynda/internal/app/demo/corpus"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements"
)

// postBatch is how many places one transaction writes.
const postBatch = 200

// spreadDays is over how many days before the present the first places were posted.
const spreadDays = 21

// seedPlaces posts the corpus' places, a batch at a time.
func (w *world) seedPlaces(ctx context.Context) error {
	w.past.present()
	for w.state.Posted < w.state.Places {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := min(postBatch, w.state.Places-w.state.Posted)
		if err := w.post(ctx, n, spreadDays, false); err != nil {
			return err
		}
		w.report("places", w.state.Posted, w.state.Places)
	}
	return w.tx(ctx, "places", func(context.Context) error { return nil })
}

// post posts the next n places of the corpus, over the last so many days, with their mentors and the enterprises that come into use.
func (w *world) post(ctx context.Context, n, spread int, announce bool) error {
	from, now := w.state.Posted, w.Clock.Now()
	list := make([]corpus.Place, n)
	for i := range list {
		list[i] = w.corpus.Place(from + i)
	}
	return w.tx(ctx, "", func(ctx context.Context) error {
		if err := w.employ(ctx, list); err != nil {
			return err
		}
		mentors, err := w.mentors(ctx, list)
		if err != nil {
			return err
		}
		batch := make([]placements.Posting, n)
		for i, p := range list {
			at := now.Add(-time.Duration(mix(p.Index)%max(1, spread)) * 24 * time.Hour)
			batch[i] = placements.Posting{EnterpriseID: w.refs.get(corpusRef(p.Enterprise)), In: w.posting(p, cal.DayOf(now), mentors[i].ID), At: at}
		}
		if _, err := w.Placements.Seed(ctx, batch, announce); err != nil {
			return err
		}
		return w.state.note(ctx, w.DB, func(s *state) { s.Posted = from + n })
	})
}

func corpusRef(i int) string { return fmt.Sprintf("corpus:%d", i) }

// mix spreads neighbouring numbers.
func mix(i int) int { return int((uint64(i)*0x9e3779b97f4a7c15 + 0x632be59bd9b4e019) >> 40) }

// employ makes the enterprises of places that aren't there yet, as if they had been here all the time.
func (w *world) employ(ctx context.Context, list []corpus.Place) error {
	var names []string
	var inputs []directory.NewEnterprise
	known := map[int]bool{}
	for _, p := range list {
		if known[p.Enterprise] || w.refs.get(corpusRef(p.Enterprise)) != "" {
			continue
		}
		known[p.Enterprise] = true
		names = append(names, corpusRef(p.Enterprise))
		inputs = append(inputs, corpusEnterprise(w.corpus.Enterprise(p.Enterprise)))
	}
	made, err := w.Directory.ImportEnterprises(ctx, system(), inputs)
	if err != nil {
		return err
	}
	for i, e := range made {
		w.refs.set(names[i], e.ID)
	}
	return nil
}

// mentors makes one for each place.
func (w *world) mentors(ctx context.Context, list []corpus.Place) ([]*directory.Mentor, error) {
	inputs := make([]directory.NewMentor, len(list))
	for i, p := range list {
		inputs[i] = directory.NewMentor{EnterpriseID: w.refs.get(corpusRef(p.Enterprise)), MentorInput: directory.MentorInput{
			FullName: p.Mentor.Full(), Position: p.MentorPosition, ExperienceYears: ptr(5 + mix(p.Index)%20),
			OrderNumber: fmt.Sprintf("%d-ө", 10+p.Index%90), OrderDate: w.state.Today.Add(-60), Languages: p.Languages,
		}}
	}
	return w.Directory.ImportMentors(ctx, system(), inputs)
}

// posting is the form of a corpus place, posted today.
func (w *world) posting(p corpus.Place, today cal.Day, mentorID string) placements.Input {
	in := w.form(p, mentorID)
	applyBy, starts, ends := p.Dates(today)
	in.ApplyBy, in.StartsOn, in.EndsOn = &applyBy, &starts, &ends
	in.Colleges = ptr(w.openTo(p))
	if len(p.Questions) > 0 {
		in.Questions = &p.Questions
	}
	return in
}

// openTo is the colleges of a place: the region's one where citizens may apply, and for some of the others; else all.
func (w *world) openTo(p corpus.Place) []string {
	if !p.OpenToCitizens && mix(p.Index+1)%10 >= 3 {
		return nil
	}
	for _, c := range w.corpus.Colleges() {
		isUniversity := directory.CollegeKind(c.Kind) == directory.University
		if isUniversity == (p.Regime == corpus.RegimeR361) && (isUniversity || c.Region == p.Region) {
			return []string{w.refs.get(collegeRef(c.Slug))}
		}
	}
	return nil
}

// form is all of a place but dates, colleges and questions.
func (w *world) form(p corpus.Place, mentorID string) placements.Input {
	modules := make([]placements.Module, len(p.Modules))
	for i, m := range p.Modules {
		modules[i] = placements.Module{Name: m.Name, Hours: m.Hours, EnterpriseHours: m.EnterpriseHours}
	}
	languages := make([]i18n.Lang, len(p.Languages))
	for i, l := range p.Languages {
		languages[i] = i18n.Lang(l)
	}
	in := placements.Input{
		Regime: ptr(placements.Regime(p.Regime)), Title: &p.Title, Summary: &p.Summary, Tasks: &p.Tasks, Modules: &modules,
		Level: ptr(placements.Level(p.Level)), Seats: &p.Seats,
		Workplaces: &[]placements.WorkplaceInput{{
			Region: p.Region, City: p.City.RU, Address: p.Address, Lat: &p.Lat, Lon: &p.Lon, Kind: placements.WorkplaceKind(p.WorkplaceKind),
		}},
		TimeModel: ptr(placements.TimeModel(p.TimeModel)), WeeklyHours: &p.WeeklyHours,
		Compensation: &placements.Compensation{Kind: placements.PayKind(p.CompensationKind), Amount: p.Amount},
		Insurance:    &placements.Insurance{Taken: &p.InsuranceOn},
		Benefits:     &placements.Benefits{Meals: p.Meals, Dormitory: p.Dormitory, Transport: p.Transport, Clothing: p.Clothing},
		Languages:    &languages, MinAge: &p.MinAge, Hazardous: &p.Hazardous, MentorID: &mentorID,
		OpenToCitizens: &p.OpenToCitizens, AutoOffer: &p.AutoOffer,
	}
	if p.Regime == corpus.RegimeR361 {
		in.ProgrammeCode = &p.ProgrammeCode
	} else {
		in.QualificationCode = &p.QualificationCode
	}
	return in
}
