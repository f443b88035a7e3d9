package searchtest

import (
	"embed"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/search"
)

// The files are an extract of the classifier and of the list of towns.
//
//go:embed testdata/*.csv
var files embed.FS

// world is what places are made of.
type world struct {
	trades     []trade
	programmes []search.Term
	towns      []search.Workplace
}

type trade struct {
	level                    string
	qualification, specialty search.Term
}

func rows(name string) [][]string {
	f, err := files.Open("testdata/" + name)
	if err != nil {
		panic(err)
	}
	defer func() { _ = f.Close() }()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		panic(err)
	}
	return all[1:]
}

func newWorld() world {
	var w world
	for _, r := range rows("trades.csv") {
		w.trades = append(w.trades, trade{
			level:         r[1],
			qualification: search.Term{Code: r[0], Names: i18n.Text{KK: r[2], RU: r[3], EN: r[4]}, Synonyms: synonyms(r[0])},
			specialty:     search.Term{Code: r[5], Names: i18n.Text{KK: r[6], RU: r[7], EN: r[8]}},
		})
	}
	for _, r := range rows("programmes.csv") {
		w.programmes = append(w.programmes, search.Term{Code: r[0], Names: i18n.Text{KK: r[1], RU: r[2], EN: r[3]}})
	}
	for _, r := range rows("towns.csv") {
		lat, _ := strconv.ParseFloat(r[7], 64)
		lon, _ := strconv.ParseFloat(r[8], 64)
		town := search.Workplace{
			Region: r[0], RegionNames: i18n.Text{KK: r[1], RU: r[2], EN: r[3]},
			City: r[5], CityNames: i18n.Text{KK: r[4], RU: r[5], EN: r[6]}, Point: &search.Point{Lat: lat, Lon: lon},
		}
		if r[9] != "" {
			town.Aliases = strings.Split(r[9], "|")
		}
		w.towns = append(w.towns, town)
	}
	return w
}

// Lexicon knows the trades, programmes and towns of the corpus.
func Lexicon() *search.Lexicon {
	w := newWorld()
	var out []search.Entry
	seen := map[string]bool{}
	add := func(kind search.Kind, value string, names i18n.Text, also []string, at *search.Point) {
		if key := string(kind) + value; value != "" && !seen[key] {
			seen[key] = true
			out = append(out, search.Entry{Kind: kind, Value: value, Names: names, Also: also, Point: at})
		}
	}
	for _, t := range w.trades {
		add(search.KindQualification, t.qualification.Code, t.qualification.Names, t.qualification.Synonyms, nil)
		add(search.KindSpecialty, t.specialty.Code, t.specialty.Names, t.specialty.Synonyms, nil)
	}
	for _, p := range w.programmes {
		add(search.KindProgramme, p.Code, p.Names, nil, nil)
	}
	for _, p := range w.towns {
		add(search.KindCity, p.City, p.CityNames, p.Aliases, p.Point)
		add(search.KindRegion, p.Region, p.RegionNames, nil, nil)
	}
	return search.NewLexicon(out)
}

func synonyms(code string) []string {
	switch code {
	case "07150501":
		return []string{"сварщик", "электросварщик", "дәнекерлеуші", "welder"}
	case "07130101":
		return []string{"электрик", "электрші"}
	default:
		return nil
	}
}

// BenchPlaces is how many places benchmarks make: 20,000, or what ORYNDA_TEST_BENCH_PLACES says. docs/performance.md speaks of 20,000 and 100,000.
func BenchPlaces() int {
	if n, err := strconv.Atoi(os.Getenv("ORYNDA_TEST_BENCH_PLACES")); err == nil && n > 0 {
		return n
	}
	return 20_000
}

// Corpus makes n places, always the same ones: every trade of the extract, several regions, posted in one, two or three languages.
func Corpus(n int) []search.Document {
	w := newWorld()
	out := make([]search.Document, 0, n)
	for i := range n {
		out = append(out, w.place(i))
	}
	return out
}

func (w world) place(n int) search.Document {
	r := rand.New(rand.NewPCG(uint64(n), 7))
	t := w.trades[n%len(w.trades)]
	e := enterprises()[r.IntN(len(enterprises()))]
	starts := cal.NewDay(2027, 1, 11).Add(7 * r.IntN(40))
	d := search.Document{
		ID: fmt.Sprintf("plc_%016x%016x", r.Uint64(), n), Reference: "OR-" + crockford(r),
		EnterpriseID: fmt.Sprintf("ent_%032x", e.number), EnterpriseName: e.name,
		Specialty: t.specialty, Qualification: t.qualification, Regime: "r50", Level: t.level,
		TimeModel: pick(r, "block", "parallel"), WeeklyHours: pick(r, 12, 18, 24, 30, 36, 40), StartsOn: starts,
		EndsOn: starts.Add(30 + r.IntN(200)), ApplyBy: starts.Add(-14 - r.IntN(60)),
		PublishedAt: time.Date(2026, 9, 1, 6, 0, 0, 0, time.UTC).Add(time.Duration(r.IntN(80*24*60)) * time.Minute),
		Languages:   pick(r, []string{"kk"}, []string{"ru"}, []string{"kk", "ru"}, []string{"kk", "ru", "en"}),
		Dormitory:   r.IntN(4) == 0, MinAge: pick(r, 14, 16, 18), Hazardous: r.IntN(5) == 0, OpenToCitizens: r.IntN(3) == 0,
		Seats: 1 + r.IntN(6), Applicants: r.IntN(25),
	}
	d.Under18 = d.MinAge < 18 && !d.Hazardous && d.WeeklyHours <= 36
	if r.IntN(5) > 0 {
		d.SeatsFree = 1 + r.IntN(d.Seats)
	}
	if n%8 == 7 {
		d.Regime, d.Level, d.Programme = "r361", "bachelor", w.programmes[r.IntN(len(w.programmes))]
		d.Specialty, d.Qualification = search.Term{}, search.Term{}
	}
	switch r.IntN(4) {
	case 0:
		d.CompensationKind = "none"
	case 1:
		d.CompensationKind, d.CompensationAmount = "total", int64(100+50*r.IntN(12))*1000
	default:
		d.CompensationKind, d.CompensationAmount = "monthly", int64(20+5*r.IntN(25))*1000
	}
	for range r.IntN(4) {
		d.Colleges = append(d.Colleges, fmt.Sprintf("col_%d", r.IntN(6)))
	}
	w.settle(r, &d)
	write(r, &d, t)
	return d
}

// settle gives a place its workplaces: mostly one, some two or three, some without a known point.
func (w world) settle(r *rand.Rand, d *search.Document) {
	for range pick(r, 1, 1, 1, 1, 2, 3) {
		town := w.towns[r.IntN(len(w.towns))]
		if r.IntN(10) == 0 {
			town.Point = nil
		} else {
			town.Point = &search.Point{Lat: town.Point.Lat + (r.Float64()-0.5)/10, Lon: town.Point.Lon + (r.Float64()-0.5)/10}
		}
		d.Workplaces = append(d.Workplaces, town)
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
