package asking

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/finding"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/search"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

func TestMain(m *testing.M) { os.Exit(storagetest.Main(m)) }

// world is the service on one engine.
type world struct {
	t *testing.T
	*Service
	now     time.Time
	dropped atomic.Int64
}

func onEngines(t *testing.T, test func(t *testing.T, w *world)) {
	for _, engine := range storagetest.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) { test(t, newWorld(t, engine.Open(t))) })
	}
}

func newWorld(t *testing.T, db storage.Engine) *world {
	t.Helper()
	if err := storage.Ensure(t.Context(), db, Specs()...); err != nil {
		t.Fatal(err)
	}
	policy, err := accounts.NewPolicy(Grants())
	if err != nil {
		t.Fatal(err)
	}
	reference, err := directory.LoadReference()
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, now: time.Date(2026, 11, 23, 5, 17, 42, 0, time.UTC)}
	w.Service = New(Deps{
		DB: db, Clock: cal.ClockFunc(func() time.Time { return w.now }), Policy: policy, Log: slog.New(slog.DiscardHandler), Reference: reference, Catalogue: catalogue,
		Dropped: func(n int) { w.dropped.Add(int64(n)) },
	})
	return w
}

// answer is one of so many places, whose words name things or not.
func answer(found int, named ...finding.Term) *finding.Page {
	return &finding.Page{Total: found, Understood: finding.Understood{Terms: named}}
}

// ask notes a question so many times, and writes it.
func (w *world) ask(times int, q finding.Question, found int) {
	for range times {
		w.Note(q, answer(found), i18n.RU)
	}
	w.Flush(w.t.Context())
}

// kept are all rows.
func (w *world) kept() []*Row {
	w.t.Helper()
	rows, err := w.rows.Find(w.t.Context(), storage.Query{})
	if err != nil {
		w.t.Fatal(err)
	}
	return rows
}

func admin() accounts.Actor {
	return accounts.Actor{PersonID: "psn_1", EmailProved: true, Memberships: []accounts.Membership{{OrganisationID: accounts.PlatformID, Kind: accounts.KindPlatform, Role: accounts.RoleAdmin}}}
}

func TestWhatIsKept(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		yes := true
		w.ask(3, finding.Question{
			Text: "  сварщик \n ночью ", City: "Қарағанды", Specialty: []string{"4S07150500"}, Qualification: []string{"nothing"}, Paid: &yes,
			Near: &search.Point{Lat: 49.80194, Lon: 73.15212}, RadiusKM: 10, Sort: search.Newest, Full: search.FullExclude,
		}, 0)
		rows := w.kept()
		if len(rows) != 1 {
			t.Fatalf("%d rows, want one for three like questions", len(rows))
		}
		r := rows[0]
		if r.Text != "сварщик ночью" || r.Count != 3 || r.Found != 0 || r.Lang != "ru" || r.Lat != 49.8 || r.Lon != 73.2 ||
			!slices.Equal(r.Filters, []string{"city", "near", "radius_km", "specialty", "qualification", "paid"}) ||
			!slices.Equal(r.Regions, []string{"350000000"}) || !slices.Equal(r.Trades, []string{"07150500"}) || !r.Hour.Equal(w.now.Truncate(time.Hour)) {
			t.Errorf("%+v", r)
		}
		raw, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		for _, precise := range []string{"49.80", "73.15", "05:17", "17:42"} {
			if strings.Contains(string(raw), precise) {
				t.Errorf("%s is kept: %s", precise, raw)
			}
		}
	})
}

// What the words name counts like a filter.
func TestWordsNameRegionsAndTrades(t *testing.T) {
	w := newWorld(t, storagetest.Engines(t)[0].Open(t))
	w.Note(finding.Question{Text: "сварщик караганда қызылорда облысы"}, answer(
		0, finding.Term{Kind: search.KindQualification, Value: "4S07150501"}, finding.Term{Kind: search.KindCity, Value: "Қарағанды"},
		finding.Term{Kind: search.KindRegion, Value: "430000000"}, finding.Term{Kind: search.KindWord, Text: "ночью"},
	), i18n.RU)
	w.Flush(t.Context())
	r := w.kept()[0]
	if !slices.Equal(r.Regions, []string{"350000000", "430000000"}) || !slices.Equal(r.Trades, []string{"07150500"}) || len(r.Filters) != 0 {
		t.Errorf("%+v", r)
	}
}

func TestWhatIsNotKept(t *testing.T) {
	w := newWorld(t, storagetest.Engines(t)[0].Open(t))
	for _, text := range []string{"иванов 990101300123", "aigerim@example.kz", "+7 701 234 56 78", "\xff\xfe", " "} {
		w.ask(1, finding.Question{Text: text, Region: []string{"350000000"}}, 0)
	}
	for _, r := range w.kept() {
		if r.Text != "" || len(r.Regions) != 1 {
			t.Errorf("%+v", r)
		}
	}
	before := len(w.kept())
	w.ask(1, finding.Question{Text: "welder", Page: 2}, 0)
	if len(w.kept()) != before {
		t.Error("a later page is kept")
	}
	w.ask(1, finding.Question{Text: strings.Repeat("ә", 5000)}, 0)
	rows := w.kept()
	if n := len([]rune(rows[len(rows)-1].Text)); n != MaxText {
		t.Errorf("%d characters are kept", n)
	}
}

func TestWhatIsTypedCountsOnce(t *testing.T) {
	w := newWorld(t, storagetest.Engines(t)[0].Open(t))
	for _, text := range []string{"св", "", "свар", "слес", "сварщ", "сварщик", "слесарь", "сварщик"} {
		w.Note(finding.Question{Text: text}, answer(1), i18n.RU)
	}
	w.Note(finding.Question{Text: "слес", Region: []string{"350000000"}}, answer(1), i18n.RU)
	w.Note(finding.Question{Text: "слесарь"}, answer(1), i18n.KK)
	w.Flush(t.Context())
	var got []string
	for _, r := range w.kept() {
		got = append(got, fmt.Sprintf("%s %s %d%v", r.Lang, r.Text, r.Count, r.Regions))
	}
	slices.Sort(got)
	want := []string{"kk слесарь 1[]", "ru  1[]", "ru слес 1[350000000]", "ru слесарь 1[]", "ru сварщик 2[]"}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	slow := []question{{text: "св", since: time.Unix(0, 0)}, {text: "сварщик", since: time.Unix(6, 0)}}
	if kept := grown(slow); len(kept) != 2 {
		t.Errorf("after six seconds somebody still types: %+v", kept)
	}
}

// What may still grow waits; what has settled is written.
func TestWhatMayGrowWaits(t *testing.T) {
	w := newWorld(t, storagetest.Engines(t)[0].Open(t))
	w.Note(finding.Question{Text: "св"}, answer(1), i18n.RU)
	if taken := w.take(time.Now().Add(-settle)); len(taken) != 0 {
		t.Errorf("taken at once: %+v", taken)
	}
	w.Note(finding.Question{Text: "сварщик"}, answer(1), i18n.RU)
	if taken := w.take(time.Now()); len(taken) != 1 || taken[0].text != "сварщик" {
		t.Errorf("%+v", taken)
	}
}

func TestFloodsAreBounded(t *testing.T) {
	w := newWorld(t, storagetest.Engines(t)[0].Open(t))
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for n := range mostPending / 4 {
				w.Note(finding.Question{Text: fmt.Sprint(n % 50), MaxWeeklyHours: i}, answer(1), i18n.RU)
			}
		})
	}
	all.Wait()
	w.Flush(t.Context())
	if w.dropped.Load() != mostPending {
		t.Errorf("%d questions are dropped, want %d", w.dropped.Load(), mostPending)
	}
	w.written = mostRows - 1
	before := len(w.kept())
	w.Note(finding.Question{Text: "one"}, answer(1), i18n.RU)
	w.Note(finding.Question{Text: "two"}, answer(1), i18n.RU)
	w.Flush(t.Context())
	if len(w.kept()) != before+1 || w.dropped.Load() != mostPending+1 {
		t.Errorf("the day's bound: %d rows more, %d dropped", len(w.kept())-before, w.dropped.Load())
	}
}

func TestReport(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.ask(3, finding.Question{Text: "Бортпроводник"}, 0)
		w.ask(4, finding.Question{Text: "бортпроводник", Region: []string{"350000000"}}, 0)
		w.ask(Least-1, finding.Question{Text: "мой сосед"}, 0)
		w.ask(9, finding.Question{Text: "сварщик"}, 12)
		w.ask(6, finding.Question{Specialty: []string{"07150500"}, Near: &search.Point{Lat: 49.8, Lon: 73.1}}, 0)
		w.now = w.now.Add(20 * 24 * time.Hour)
		w.ask(5, finding.Question{Text: "=cmd|' /C calc'!A0", Region: []string{"710000000"}}, 0)

		r, err := w.NothingFound(ctx, admin(), Wanted{}, i18n.EN)
		if err != nil {
			t.Fatal(err)
		}
		if r.Days != 30 || r.InVain != 3+4+4+6+5 || len(r.Texts) != 2 || r.Texts[0] != (Line{"бортпроводник", "бортпроводник", 7}) || len(r.Regions) != 2 ||
			r.Regions[0].Value != "350000000" || r.Regions[0].Count != 10 || r.Regions[0].Label == "350000000" || len(r.Trades) != 1 || r.Trades[0].Count != 6 {
			t.Errorf("%+v", r)
		}
		if r, err := w.NothingFound(ctx, admin(), Wanted{Days: 7}, i18n.EN); err != nil || r.InVain != 5 {
			t.Errorf("a week: %+v, %v", r, err)
		}
		if r, err := w.NothingFound(ctx, admin(), Wanted{Region: "350000000"}, i18n.EN); err != nil || r.InVain != 10 || len(r.Texts) != 0 {
			t.Errorf("a region: %+v, %v", r, err)
		}
		if r, err := w.NothingFound(ctx, admin(), Wanted{Trade: "4S07150500"}, i18n.EN); err != nil || r.InVain != 6 {
			t.Errorf("a trade: %+v, %v", r, err)
		}
		name, body, err := w.File(r, i18n.RU)
		if err != nil || name != "nothing-found-30.csv" || !strings.Contains(string(body), ";бортпроводник;7") || strings.Contains(string(body), ";=cmd") || strings.Contains(string(body), "asking.") ||
			strings.Contains(string(body), "сосед") {
			t.Errorf("%s, %v\n%s", name, err, body)
		}
	})
}

func TestWhoReadsTheReport(t *testing.T) {
	w := newWorld(t, storagetest.Engines(t)[0].Open(t))
	for code, by := range map[string]accounts.Actor{"unauthorized": {}, "forbidden": {PersonID: "psn_2", EmailProved: true}} {
		if _, err := w.NothingFound(t.Context(), by, Wanted{}, i18n.EN); !errs.Has(err, code) {
			t.Errorf("%v, want %s", err, code)
		}
	}
	if _, err := w.NothingFound(t.Context(), admin(), Wanted{Days: 8, Region: "1", Trade: "x"}, i18n.EN); !errs.Has(err, "bad_request") {
		t.Errorf("%v", err)
	}
}

func TestOldQuestionsGo(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		for i := range writeBatch + 20 {
			w.Note(finding.Question{Text: fmt.Sprintf("%03d word", i)}, answer(1), i18n.RU)
		}
		w.Flush(t.Context())
		w.now = w.now.Add(KeepLog)
		w.ask(1, finding.Question{Text: "new"}, 1)
		run := func(now time.Time) {
			t.Helper()
			if err := Jobs(w.Service)[0].Run(t.Context(), now); err != nil {
				t.Fatal(err)
			}
		}
		if run(w.now.Add(-time.Hour)); len(w.kept()) != writeBatch+21 {
			t.Errorf("%d rows, none is old enough yet", len(w.kept()))
		}
		if run(w.now.Add(time.Hour)); len(w.kept()) != 1 {
			t.Errorf("%d rows, want the new one", len(w.kept()))
		}
	})
}

func TestRunWritesTheRestAtItsEnd(t *testing.T) {
	w := newWorld(t, storagetest.Engines(t)[0].Open(t))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { w.Run(ctx); close(done) }()
	w.Note(finding.Question{Text: "welder"}, answer(1), i18n.RU)
	cancel()
	<-done
	if len(w.kept()) != 1 {
		t.Errorf("%d rows", len(w.kept()))
	}
}

// BenchmarkNote is what an answer pays.
func BenchmarkNote(b *testing.B) {
	w := New(Deps{Clock: cal.System()})
	q, a := finding.Question{Text: "сварщик караганда", Region: []string{"350000000"}}, answer(1)
	for b.Loop() {
		if len(w.pending) == mostPending {
			w.pending = w.pending[:0]
		}
		w.Note(q, a, i18n.RU)
	}
}
