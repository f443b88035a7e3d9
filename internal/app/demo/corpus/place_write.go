package corpus

import (
	"slices"

	"github.com/orynda/orynda/internal/i18n"
)

// draft is what was chosen for the texts of one place, before it is said in a language.
type draft struct {
	title, summary, closing line
	hasClosing              bool
	taskHead, termHead      line
	tasks, terms            []line
	layout                  int
}

// write chooses lines once and says them in every language of the posting, so that the versions tell the same.
func (c *Corpus) write(r *rng, p *Place, s slot, ent Enterprise, town city, langs []i18n.Lang) {
	d := c.choose(r, p, s)
	for _, l := range langs {
		v := placeVars(l, p, s.Trade, ent, town)
		set(&p.Title, l, c.title(v, l, d.title, s.Trade))
		set(&p.Summary, l, summary(v, l, d))
		set(&p.Tasks, l, v.fill(body(d.layout, exact(d.taskHead.Text, l), exact(d.termHead.Text, l), texts(d.tasks, l), texts(d.terms, l))))
	}
	v := placeVars(langs[0], p, s.Trade, ent, town)
	for _, q := range c.questions(r, s) {
		p.Questions = append(p.Questions, v.fill(exact(q.Text, langs[0])))
	}
}

func (c *Corpus) choose(r *rng, p *Place, s slot) draft {
	g := &c.d.general
	d := draft{
		summary:    pick(r, s.summaries),
		closing:    pick(r, s.closings),
		hasClosing: r.chance(65),
		taskHead:   pick(r, g.TaskHeads),
		termHead:   pick(r, g.TermHeads),
		layout:     r.n(layouts),
	}
	d.title = pick(r, s.titles)
	if r.chance(25) {
		d.title = pick(r, s.anyTitles)
	}
	pool := s.tasks
	for _, at := range r.some(r.between(3, 5), len(pool)) {
		d.tasks = append(d.tasks, pool[at])
	}
	d.terms = c.terms(r, p, s)
	return d
}

// terms are the conditions: what the fields say, in words, and what only words say.
func (c *Corpus) terms(r *rng, p *Place, s slot) []line {
	g := &c.d.general
	var out []line
	add := func(ok bool, pool []line) {
		if ok && len(pool) > 0 {
			out = append(out, pick(r, pool))
		}
	}
	add(p.TimeModel == TimeBlock, g.Block)
	add(p.TimeModel == TimeParallel, g.Parallel)
	add(p.CompensationKind == PayNone, g.PayNone)
	add(p.CompensationKind == PayMonthly, g.PayMonthly)
	add(p.CompensationKind == PayTotal, g.PayTotal)
	add(r.chance(55), s.terms)
	add(p.Hazardous, g.Hazard)
	add(!p.Hazardous && p.MinAge < 18 && r.chance(40), g.Young)
	add(p.Clothing && !p.Hazardous, g.Clothing)
	add(p.Meals, g.Meals)
	add(p.Transport, g.Transport)
	add(p.Dormitory, g.Dormitory)
	add(p.WorkplaceKind == KindTrainingCentre, g.CentreNotes)
	add(r.chance(45), g.Mentoring)
	add(r.chance(45), g.WorkLang[p.Languages[0]+twoLanguages(p.Languages)])
	reg := c.d.regions[c.d.byRegion[p.Region]]
	add(r.chance(30) && p.City == reg.Cities[0].Name.Text, reg.Notes) // notes speak of the region's centre
	add(r.chance(40), g.Apply)
	return out
}

// twoLanguages is "+" when the work is done in both Kazakh and Russian.
func twoLanguages(langs []string) string {
	if slices.Contains(langs, "kk") && slices.Contains(langs, "ru") {
		return "+"
	}
	return ""
}

// title says the pattern; one that came out too long gives way to the trade's name alone.
func (c *Corpus) title(v vars, l i18n.Lang, pattern line, trade i18n.Text) string {
	if t := v.fill(exact(pattern.Text, l)); length(t) <= MaxTitle {
		return t
	}
	return upper(exact(trade, l))
}

// summary adds the closing sentence where it was chosen, or needed for the least length, and has room.
func summary(v vars, l i18n.Lang, d draft) string {
	s := v.fill(exact(d.summary.Text, l))
	with := s + " " + v.fill(exact(d.closing.Text, l))
	if (d.hasClosing || length(s) < MinSummary) && length(with) <= MaxSummary {
		return with
	}
	return s
}

func texts(list []line, l i18n.Lang) []string {
	out := make([]string, len(list))
	for i, t := range list {
		out[i] = exact(t.Text, l)
	}
	return out
}

// questions are none, one of the family's, or one of the family's and a general one.
func (c *Corpus) questions(r *rng, s slot) []line {
	var out []line
	if r.chance(70) {
		out = append(out, pick(r, s.questions))
	}
	if r.chance(35) {
		out = append(out, pick(r, s.anyQuestions))
	}
	return out
}
