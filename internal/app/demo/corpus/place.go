package corpus

import (
	"slices"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/i18n"
)

// Place makes the i-th place, i from 0. Places 0 to len(Codes())-1 have every code once, and so do the next as many; after that common
// trades are more frequent. Regions follow each other, but a trade that lives in some regions only (oil, ore, iron) stays in them.
func (c *Corpus) Place(i int) Place {
	if i < 0 {
		i = 0
	}
	return c.make(newRNG(c.seed, streamPlace, i), i, c.codes[c.codeAt(i)], "")
}

// PlaceOf makes a place of this code in this region, different for each i; ok is false for a code or region that is not known. The
// demo world uses it where it needs a certain place. Its draws are its own, so it is no copy of a Place(i).
func (c *Corpus) PlaceOf(i int, code, region string) (p Place, ok bool) {
	n, known := c.by[code]
	if _, has := c.d.byRegion[region]; !known || !has {
		return Place{}, false
	}
	i = max(0, i)
	return c.make(newRNG(c.seed^uint64(n+1)<<32, streamPlaceOf, i), i, c.codes[n], region), true // n is an index
}

// codeAt is the code of the i-th place: a different walk through all codes in each round.
func (c *Corpus) codeAt(i int) int {
	n := len(c.codes)
	if i < 2*n {
		return walk(newRNG(c.seed, streamOrder, i/n), i%n, n)
	}
	i -= 2 * n
	return c.bag[walk(newRNG(c.seed, streamOrder, 2+i/len(c.bag)), i%len(c.bag), len(c.bag))]
}

// walk gives the j-th of n numbers in a mixed order in which each comes once: steps of a length that has no divisor in common with n.
func walk(r *rng, j, n int) int {
	from, step := r.n(n), max(1, n*3/8+r.n(n/4)) // long steps, so that neighbours in the data don't come one after the other
	for gcd(step, n) != 1 {
		step++
	}
	return (from + j*step) % n
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func (c *Corpus) make(r *rng, i int, s slot, at string) Place {
	p := Place{
		Index: i, Regime: s.Regime, Level: s.Level, Family: s.Family, Industry: s.fam.Industry, Hazardous: s.hazard,
	}
	if s.Regime == RegimeR361 {
		p.ProgrammeCode = s.Code.Code
	} else {
		p.QualificationCode = s.Code.Code
	}
	reg := c.regionFor(r, i, s, at)
	p.Region = c.d.regions[reg].KATO
	ent, town := c.workplace(r, &p, i, reg)
	c.setAgeAndHours(r, &p, s)
	c.setPay(r, &p, s)
	langs := postedIn(r, c.d.regions[reg])
	p.Languages = workLanguages(r, langs)
	c.setModules(r, &p, s, langs)
	setDates(r, &p, s)
	setRest(r, &p)
	c.setPeople(r, &p, s, langs)
	c.write(r, &p, s, ent, town, langs)
	return p
}

func (c *Corpus) regionFor(r *rng, i int, s slot, at string) int {
	switch {
	case at != "":
		return c.d.byRegion[at]
	case len(s.fam.Regions) > 0:
		return c.d.byRegion[pick(r, s.fam.Regions)]
	default:
		return i % len(c.d.regions)
	}
}

// workplace chooses the enterprise and where in its region the place is: mostly in its own town.
func (c *Corpus) workplace(r *rng, p *Place, i, reg int) (Enterprise, city) {
	in := c.d.orgs.index[p.Industry]
	// The more places, the more enterprises of a kind: a small world shouldn't have an enterprise for each place.
	rounds := 1 + min(i, maxRounds*roundEvery)/roundEvery
	p.Enterprise = c.enterpriseIndex(r.n(min(rounds, maxRounds)), in, reg)
	ent := c.Enterprise(p.Enterprise)
	towns := c.d.regions[reg].Cities
	town := slices.IndexFunc(towns, func(t city) bool { return t.Name.RU == ent.City.RU })
	p.Address, p.Lat, p.Lon = ent.Address, ent.Lat, ent.Lon
	if r.chance(20) {
		town = r.n(len(towns))
		p.Address = c.street(r, r.chance(35))
		p.Lat, p.Lon = jitter(r, towns[town])
	}
	p.City = towns[town].Name.Text
	p.WorkplaceKind = KindWorkplace
	if r.chance(18) {
		p.WorkplaceKind = KindTrainingCentre
	}
	return ent, towns[town]
}

// setAgeAndHours keeps the weekly hours within the age limits (24 from 14, 36 from 16 and at hazardous places, 40 from 18).
func (c *Corpus) setAgeAndHours(r *rng, p *Place, s slot) {
	p.MinAge = 16
	if len(s.fam.MinAges) > 0 {
		p.MinAge = pick(r, s.fam.MinAges)
	}
	switch {
	case p.Hazardous:
		p.MinAge = 18
	case s.Regime == RegimeR361:
		p.MinAge = pick(r, []int{16, 18, 18})
	}
	limit := 40
	switch {
	case p.MinAge < 16:
		limit = 24
	case p.MinAge < 18 || p.Hazardous:
		limit = 36
	}
	p.TimeModel = TimeBlock
	hours := []int{24, 30, 32, 36, 36, 40}
	if r.chance(55) {
		p.TimeModel = TimeParallel
		hours = []int{12, 14, 16, 18, 18, 21, 24, 24}
	}
	p.WeeklyHours = min(pick(r, hours), limit)
}

// setPay chooses what the enterprise pays; amounts in whole thousands as people set them.
func (c *Corpus) setPay(r *rng, p *Place, s slot) {
	none := s.fam.NonePct
	if s.Regime == RegimeR361 {
		none /= 3 // universities are warned at "none"
	}
	if r.chance(none) {
		p.CompensationKind = PayNone
		return
	}
	lo, hi := s.fam.Pay[0]/5000, s.fam.Pay[1]/5000
	p.Amount = int64(r.between(lo, hi)) * 5000
	p.CompensationKind = PayMonthly
	if r.chance(18) {
		p.CompensationKind = PayTotal
		p.Amount = min(p.Amount+int64(r.between(2, 8))*5000, 120_000)
	}
}

// postedIn chooses the languages of the posting by the habits of the region.
func postedIn(r *rng, reg region) []i18n.Lang {
	switch d := r.n(100); {
	case d < reg.KK:
		return []i18n.Lang{i18n.KK}
	case d < reg.KK+reg.RU:
		return []i18n.Lang{i18n.RU}
	case d < reg.KK+reg.RU+(100-reg.KK-reg.RU)*45/100:
		return []i18n.Lang{i18n.KK, i18n.RU}
	default:
		return i18n.Langs()
	}
}

func workLanguages(r *rng, posted []i18n.Lang) []string {
	if len(posted) == 1 {
		return []string{string(posted[0])}
	}
	switch d := r.n(100); {
	case d < 20:
		return []string{"kk"}
	case d < 35:
		return []string{"ru"}
	case d < 92 || len(posted) < 3:
		return []string{"kk", "ru"}
	default:
		return []string{"kk", "ru", "en"}
	}
}

// setModules names two to four modules; the enterprise's part of each is over the limit of the regime, not only their sum.
func (c *Corpus) setModules(r *rng, p *Place, s slot, langs []i18n.Lang) {
	pool := s.modules
	sizes := [...]int{60, 72, 72, 90, 96, 108, 120, 144, 144, 168, 180, 216}
	for _, at := range r.some(r.between(2, 4), len(pool)) {
		m := Module{Hours: sizes[r.n(len(sizes))]}
		share := r.between(60, 80)
		if p.Regime == RegimeR361 {
			share = r.between(40, 60)
		}
		m.EnterpriseHours = (m.Hours*share/100 + 6) / 6 * 6 // whole six-hour days, never below the share
		for _, l := range langs {
			set(&m.Name, l, exact(pool[at].Text, l))
		}
		p.Modules = append(p.Modules, m)
	}
}

// maxWeeks is the longest training, about an academic year.
const maxWeeks = 40

// setDates derives the length from the hours at the enterprise, so that hours, weeks and modules agree. What doesn't fit into a year is
// left out: two modules always fit.
func setDates(r *rng, p *Place, s slot) {
	weeks := p.weeks()
	for ; weeks > maxWeeks; weeks = p.weeks() {
		p.Modules = p.Modules[:len(p.Modules)-1]
	}
	p.DurationDays = max(3, weeks)*7 - 2 // Monday to Saturday
	p.ApplyOffsetDays = r.between(10, 90)
	p.StartOffsetDays = p.ApplyOffsetDays + r.between(14, 45)
	p.StartMonths = s.fam.Months
}

// weeks is how long the hours at the enterprise take.
func (p *Place) weeks() int {
	total := 0
	for _, m := range p.Modules {
		total += m.EnterpriseHours
	}
	return (total + p.WeeklyHours - 1) / p.WeeklyHours
}

func setRest(r *rng, p *Place) {
	p.Seats = pick(r, []int{1, 1, 2, 2, 2, 3, 3, 4, 4, 5, 6, 8, 10, 12})
	p.Meals = r.chance(45)
	p.Dormitory = r.chance(18)
	p.Transport = r.chance(25)
	p.Clothing = r.chance(40) || p.Hazardous
	p.InsuranceOn = r.chance(35) || p.Hazardous
	p.OpenToCitizens = p.Regime == RegimeR50 && r.chance(25)
	p.AutoOffer = r.chance(50)
}

func (c *Corpus) setPeople(r *rng, p *Place, s slot, langs []i18n.Lang) {
	p.Mentor = c.name(r)
	p.MentorPosition = exact(s.fam.Mentor.Text, langs[0])
}

// Dates turns the offsets into days for a place that is posted today: apply_by, the first and the last day of training. Training starts
// on a Monday; a seasonal trade waits for its season, at most a year.
func (p Place) Dates(today cal.Day) (applyBy, starts, ends cal.Day) {
	applyBy = today.Add(p.ApplyOffsetDays)
	starts = today.Add(p.StartOffsetDays)
	for range 366 {
		_, month, _ := starts.Date()
		season := len(p.StartMonths) == 0 || slices.Contains(p.StartMonths, int(month))
		if season && starts.Weekday() == 1 {
			break
		}
		starts = starts.Add(1)
	}
	return applyBy, starts, starts.Add(p.DurationDays - 1)
}
