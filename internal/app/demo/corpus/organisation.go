package corpus

import (
	"math"
	"strconv"
	"strings"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/i18n"
)

const (
	maxRounds  = 3   // enterprises of one industry in one region that places may name
	roundEvery = 700 // places before one more enterprise of each kind comes into use
)

// EnterpriseTotal is how many enterprises places may name: indexes are below it.
func (c *Corpus) EnterpriseTotal() int {
	return maxRounds * len(c.d.orgs.Industries) * len(c.d.regions)
}

func (c *Corpus) enterpriseIndex(round, industry, region int) int {
	return (round*len(c.d.orgs.Industries)+industry)*len(c.d.regions) + region
}

// Enterprises makes the first n enterprises: one of each industry in each region, then the next of each.
func (c *Corpus) Enterprises(n int) []Enterprise {
	out := make([]Enterprise, max(0, n))
	for i := range out {
		out[i] = c.Enterprise(i)
	}
	return out
}

// Enterprise makes the enterprise with this index, from 0. Names are unique below EnterpriseTotal, BIN and IIN far beyond.
func (c *Corpus) Enterprise(i int) Enterprise {
	i = max(0, i)
	o, regions := &c.d.orgs, c.d.regions
	reg := i % len(regions)
	in := i / len(regions) % len(o.Industries)
	round := i / len(regions) / len(o.Industries)
	r := newRNG(c.seed, streamEnterprise, i)
	ind := &o.Industries[in]
	e := Enterprise{Index: i, Industry: ind.ID, Region: regions[reg].KATO}

	// Within an industry each (word, pattern) pair comes once: a walk through all pairs, from a start that differs by industry.
	pair := walk(newRNG(c.seed, streamEnterprise, -1-in), reg+round*len(regions), len(o.Stems)*len(ind.Names))
	stem, pattern := o.Stems[pair%len(o.Stems)], ind.Names[pair/len(o.Stems)]
	form := pick(r, ind.Forms)
	short := i18n.Text{}
	for _, l := range i18n.Langs() {
		s := vars{"s": exact(stem.Text, l)}.fill(exact(pattern.Text, l))
		set(&short, l, s)
		set(&e.Name, l, vars{"n": s}.fill(exact(o.Forms[form].Text, l)))
	}
	e.NameLine = short.RU + " (демо)"
	e.Slug = slug(short.EN) + "-" + strconv.Itoa(i)
	town := regions[reg].Cities[c.homeTown(r, regions[reg])]
	e.City = town.Name.Text
	e.Address = c.street(r, r.chance(35))
	e.Lat, e.Lon = jitter(r, town)
	e.Head, e.HeadPost = c.name(r), pick(r, c.d.general.HeadPosts).RU
	if form == "sole" {
		e.HeadPost = "индивидуальный предприниматель"
		e.IIN = c.IIN(i/360, soleBirth(i), e.Head.Female)
		return e
	}
	e.BIN = c.bin(i)
	return e
}

// soleBirth spreads the owners' birth days, so that their numbers never meet.
func soleBirth(i int) cal.Day { return cal.NewDay(1968, 1, 1).Add(i % 360 * 31) }

// homeTown is the region's centre for six of ten.
func (c *Corpus) homeTown(r *rng, reg region) int {
	if r.chance(60) {
		return 0
	}
	return r.n(len(reg.Cities))
}

// street makes an address line, the Kazakh way or the Russian way.
func (c *Corpus) street(r *rng, kazakh bool) string {
	s, house := pick(r, c.d.names.Streets), strconv.Itoa(r.between(1, 140))
	if r.chance(15) {
		house += pick(r, []string{"/1", "/2", "А", "Б"})
	}
	if kazakh {
		return s[0] + " көшесі, " + house
	}
	return "ул. " + s[1] + ", " + house
}

// jitter is a point within about three kilometres of the town's centre, to four decimals (some ten metres).
func jitter(r *rng, t city) (lat, lon float64) {
	at := func(mid, spread float64) float64 {
		return math.Round((mid+spread*(float64(r.n(2001))/1000-1))*1e4) / 1e4
	}
	return at(t.Lat, 0.025), at(t.Lon, 0.038)
}

// slug makes a part of a mail address from an English name.
func slug(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}

// Colleges makes the invented colleges, one in each region at least, and the training centre and universities that the demo accounts
// belong to. The first of each region comes first, in the order of Regions.
func (c *Corpus) Colleges() []College {
	out := make([]College, 0, len(c.d.orgs.Colleges))
	for i, row := range c.d.orgs.Colleges {
		r := newRNG(c.seed, streamCollege, i)
		reg := c.d.regions[c.d.byRegion[row.Region]]
		out = append(out, College{
			Index: i, Name: row.Name.Text, NameLine: row.Name.RU + " (демо)", Slug: row.Slug, Kind: row.Kind,
			Region: reg.KATO, City: reg.Cities[row.City].Name.Text, Address: c.street(r, r.chance(35)),
			BIN: c.bin(1_000_000 + i), Head: c.name(r),
		})
	}
	return out
}
