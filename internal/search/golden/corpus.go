package golden

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/indexing"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/search"
)

// Places is the size of the corpus that the questions are judged on.
const Places = 20_000

// Corpus makes n places, always the same ones: every trade of the reference data, cities by their population, posted in one, two or three languages.
func Corpus(t testing.TB, ref *directory.Reference, n int) []search.Document {
	t.Helper()
	w := newWorld(t, ref)
	out := make([]search.Document, 0, n)
	for i := range n {
		out = append(out, indexing.Document(ref, w.place(i)))
	}
	return out
}

// trade is what a place trains for: a qualification, a specialty that has none, or a university field.
type trade struct {
	code, specialty, programme string
	level                      placements.Level
	name                       i18n.Text
	titles                     titles
	phrases                    phrases
}

// group is the first two digits of the classifier: what kind of enterprise trains for it.
func (t trade) group() string {
	if t.programme != "" {
		return t.programme[2:4]
	}
	return digits(t.code)[:2]
}

// digits is a code of the classifier without the prefix of its level.
func digits(code string) string { return code[max(0, len(code)-8):] }

// world is what places are made of.
type world struct {
	ref        *directory.Reference
	trades     []trade // as often as enterprises train for them
	fields     []trade // of universities
	cities     []directory.City
	people     []int // population of cities up to and with each
	employers  []employer
	employerAt map[string][]int // by group
}

func newWorld(t testing.TB, ref *directory.Reference) *world {
	t.Helper()
	w := &world{ref: ref, employerAt: map[string][]int{}}
	known := loadTitles(t)
	w.addTrades(known, loadPhrases(t))
	for code := range known {
		if !slices.ContainsFunc(slices.Concat(w.trades, w.fields), func(t trade) bool { return t.code+t.programme == code }) {
			t.Fatalf("titles.csv: places are posted under no code %s", code)
		}
	}
	w.addCities()
	w.addEmployers()
	return w
}

// usual is how much more often a trade is posted that enterprises have everyday titles for.
const usual = 3

func (w *world) addTrades(known map[string]titles, all []phrase) {
	add := func(t trade) {
		t.titles = known[t.code+t.programme]
		times := 1
		if len(t.titles.RU) > 0 {
			times = usual
		}
		for range times {
			w.trades = append(w.trades, t)
		}
	}
	trained := map[string]bool{}
	for _, q := range w.ref.Qualifications() {
		trained[q.SpecialtyCode] = true
		level := placements.Worker
		if q.Level == string(placements.Specialist) {
			level = placements.Specialist
		}
		add(trade{code: q.Code, specialty: q.SpecialtyCode, level: level, name: q.Name, phrases: phrasesOf(all, digits(q.Code))})
	}
	for _, s := range w.ref.Specialties() {
		if !trained[s.Code] {
			add(trade{code: s.Code, specialty: s.Code, level: placements.Specialist, name: s.Name, phrases: phrasesOf(all, s.Code)})
		}
	}
	for _, p := range w.ref.Programmes() {
		w.fields = append(w.fields, trade{
			programme: p.Code, level: placements.Bachelor, name: p.Name, titles: known[p.Code], phrases: phrasesOf(all, p.Code),
		})
	}
}

func (w *world) addCities() {
	total := 0
	for _, c := range w.ref.Cities() {
		thousands, known := population()[c.Name.RU]
		if !known {
			thousands = 20 // a new city of the reference data is a small one
		}
		total += thousands
		w.cities, w.people = append(w.cities, c), append(w.people, total)
	}
}

// city draws a city by its population.
func (w *world) city(r *rand.Rand) int {
	at := r.IntN(w.people[len(w.people)-1])
	return slices.IndexFunc(w.people, func(up int) bool { return at < up })
}

// place makes the n-th place.
func (w *world) place(n int) placements.PublicPlace {
	r := rand.New(rand.NewPCG(uint64(n), 2026))
	t := w.trades[r.IntN(len(w.trades))]
	regime := placements.R50
	if n%12 == 7 {
		t, regime = w.fields[r.IntN(len(w.fields))], placements.R361
	}
	e := w.employer(r, t.group())
	starts := cal.NewDay(2027, 1, 11).Add(7 * r.IntN(40))
	p := &placements.Placement{
		ID: fmt.Sprintf("plc_%016x%016x", r.Uint64(), n), Reference: "OR-" + crockford(r), State: placements.Published, EnterpriseID: e.id,
		Regime: regime, QualificationCode: t.code, SpecialtyCode: t.specialty, ProgrammeCode: t.programme, Level: t.level,
		TimeModel: pick(r, placements.Block, placements.Parallel), WeeklyHours: pick(r, 12, 18, 24, 30, 36), MinAge: pick(r, 15, 16, 18),
		StartsOn: starts, EndsOn: starts.Add(30 + r.IntN(200)), ApplyBy: starts.Add(-14 - r.IntN(60)),
		PublishedAt: time.Date(2026, 9, 1, 6, 0, 0, 0, time.UTC).Add(time.Duration(r.IntN(80*24*60)) * time.Minute),
		Languages:   pick(r, []i18n.Lang{i18n.KK}, []i18n.Lang{i18n.RU}, []i18n.Lang{i18n.KK, i18n.RU}),
		Seats:       1 + r.IntN(6), OpenToCitizens: r.IntN(4) == 0, Benefits: placements.Benefits{Dormitory: r.IntN(4) == 0},
		Compensation: placements.Compensation{Kind: placements.PayMonthly, Amount: int64(30+5*r.IntN(25)) * 1000},
	}
	w.settle(r, p, e)
	write(r, p, t)
	s := &placements.Sheet{ID: p.ID, State: p.State, Seats: p.Seats, Live: r.IntN(20)}
	if r.IntN(12) == 0 { // all seats are taken
		for i := range p.Seats {
			s.Taken = append(s.Taken, fmt.Sprintf("off_%d", i))
		}
	}
	return placements.PublicPlace{Place: p, Sheet: s, Enterprise: &directory.Enterprise{ID: e.id, Name: e.name}, FitsMinors: p.MinAge < 18}
}

// settle gives a place its workplace, mostly in its enterprise's own city, and a second one now and then.
func (w *world) settle(r *rand.Rand, p *placements.Placement, e employer) {
	for i := range pick(r, 1, 1, 1, 1, 1, 1, 1, 2) {
		c := w.cities[e.city]
		if i > 0 || r.IntN(10) >= 6 {
			c = w.cities[w.city(r)]
		}
		p.Workplaces = append(p.Workplaces, placements.Workplace{
			Region: c.Region, City: c.Key(), Lat: c.Lat + (r.Float64()-0.5)/10, Lon: c.Lon + (r.Float64()-0.5)/10, Kind: placements.AtWorkplace,
		})
	}
}

func crockford(r *rand.Rand) string {
	b := make([]byte, 6)
	for i := range b {
		b[i] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[r.IntN(32)]
	}
	return string(b)
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

// population is how many people live in the cities of the reference data, in thousands, roughly as of 2023: only the proportions matter.
func population() map[string]int {
	return map[string]int{
		"Алматы": 2160, "Астана": 1350, "Шымкент": 1190, "Актобе": 560, "Караганда": 515, "Тараз": 425, "Усть-Каменогорск": 330, "Павлодар": 330,
		"Атырау": 300, "Семей": 320, "Кызылорда": 340, "Актау": 265, "Костанай": 255, "Уральск": 240, "Туркестан": 210, "Петропавловск": 220,
		"Кокшетау": 150, "Темиртау": 180, "Талдыкорган": 150, "Экибастуз": 140, "Жезказган": 90, "Жанаозен": 85, "Балхаш": 78, "Рудный": 125,
		"Сатпаев": 70, "Кентау": 75, "Каскелен": 90, "Конаев": 55, "Риддер": 48, "Степногорск": 60, "Аксу": 45, "Кульсары": 65, "Сарань": 45,
		"Шахтинск": 38, "Лисаковск": 37, "Аркалык": 35, "Щучинск": 45, "Талгар": 55, "Арысь": 45, "Сарыагаш": 45, "Байконыр": 40, "Косшы": 45,
		"Жаркент": 45, "Аягоз": 38, "Шу": 39, "Аксай": 36, "Житикара": 34, "Кандыагаш": 35, "Хромтау": 30, "Алтай": 33, "Абай": 27, "Приозёрск": 14,
		"Курчатов": 12,
	}
}
