package apptest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/app"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/indexing"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/search"
	"github.com/orynda/orynda/internal/search/embedded"
	"github.com/orynda/orynda/internal/search/searchtest"
	"github.com/orynda/orynda/internal/storage/sqlitedb"
)

// BenchmarkPlaces measures a program with 20,000 places, each figure beside what lies below it: search over HTTP, how soon a change is found, and the start.
func BenchmarkPlaces(b *testing.B) {
	dir := b.TempDir()
	cfg := app.Config{Addr: "127.0.0.1:0", DataDir: dir, SecretsFile: filepath.Join(dir, "keys.json"), PublicURL: "http://127.0.0.1"}
	began := time.Now()
	a := startBench(b, cfg)
	say("%d places made, indexed and served in %s", searchtest.BenchPlaces(), time.Since(began).Round(100*time.Millisecond))
	b.Run("lag", func(b *testing.B) {
		for b.Loop() {
			benchLag(b, "http://"+a.Addr())
		}
	})
	must(b, a.Stop(b.Context()))
	binary := buildProgram(b)
	b.Run("start", func(b *testing.B) {
		for b.Loop() {
			benchStart(b, binary, dir)
		}
	})
	b.Run("search", func(b *testing.B) {
		engine := embeddedCopy(b, dir)
		p := startProgram(b, binary, dir)
		defer p.stop(b)
		for b.Loop() {
			benchSearch(b, "embedded", p.base, func(ctx context.Context, q search.Query) error {
				_, err := engine.Search(ctx, q)
				return err
			})
		}
	})
	b.Run("pages", func(b *testing.B) {
		p := startProgram(b, binary, dir)
		defer p.stop(b)
		for b.Loop() {
			benchPages(b, p.base)
		}
	})
	b.Run("meilisearch", func(b *testing.B) {
		for b.Loop() {
			benchMeilisearch(b, cfg)
		}
	})
}

func startBench(b *testing.B, cfg app.Config) *app.App {
	b.Helper()
	a, err := app.StartDemo(b.Context(), cfg, app.DemoOptions{
		Places: searchtest.BenchPlaces(), Seed: 1, Options: app.Options{Limits: httpd.Limits{SignIn: 1e6, Codes: 1e6, Writes: 1e6}},
	})
	must(b, err)
	return a
}

// embeddedCopy is a second index over the same places: the engine without the program around it.
func embeddedCopy(b *testing.B, dir string) search.Engine {
	b.Helper()
	db, err := sqlitedb.Open(b.Context(), filepath.Join(dir, "orynda.db"))
	must(b, err)
	defer db.Close(context.Background()) // only read
	reference, err := directory.LoadReference()
	must(b, err)
	d := newDomains(b, db)
	engine := embedded.New(indexing.Lexicon(reference))
	must(b, engine.Rebuild(b.Context(), func(yield func(search.Document, error) bool) {
		err := d.placements.EachPublic(b.Context(), func(p placements.PublicPlace) error {
			if !yield(indexing.Document(reference, p), nil) {
				return context.Canceled
			}
			return nil
		})
		if err != nil {
			yield(search.Document{}, err)
		}
	}))
	return engine
}

// question is a kind of search: as it is asked over HTTP, and as the engine hears it.
type question struct {
	name  string
	words []string // asked in turn; none asks without words
	query url.Values
	plain search.Query
	some  []search.Facet // groups to count; none: all
}

func questions() []question {
	trades := []string{"электрик", "сварщик", "дәнекерлеуші", "повар", "аспаз", "бухгалтер", "слесарь", "механик", "аграрий", "welder", "тігінші", "медсестра"}
	return []question{
		{name: "a word", words: trades},
		{name: "a word, six groups of counts", words: trades, some: []search.Facet{search.FacetRegion, search.FacetSpecialty, search.FacetLevel, search.FacetTimeModel,
			search.FacetPaid, search.FacetLanguage}},
		{name: "a beginning of 2 or 3 letters", words: []string{"эл", "сва", "дән", "по", "мех", "бух", "we", "тік"}},
		{name: "a typing error", words: []string{"сварщк", "электирк", "дәнекерлуші", "бухгалтр", "механк", "медсстра", "слесрь", "weldre"}},
		{name: "another spelling or keyboard", words: []string{"svarshik", "danekerleushi", "cdfhobr", "'ktrnhbr", "тигинши", "gjdfh", "kurylysshy", "elektrikter"}},
		{name: "a trade and a town", words: []string{"сварщик караганда", "повар в Алматы", "электрик Астана", "Шымкентте тігінші", "welder karaganda"}},
		{name: "nothing", words: []string{"космонавт", "гороскоп", "ыщвалпр", "qwertyuiop"}},
		{name: "words, two filters", words: []string{"слесарь по ремонту", "электромонтер по обслуживанию", "помощник повара", "техник по ремонту"},
			query: url.Values{"region": {"350000000"}, "level": {"worker"}}, plain: search.Query{Regions: []string{"350000000"}, Levels: []string{"worker"}}},
		{name: "everything, newest first", query: url.Values{"sort": {"newest"}}, plain: search.Query{Sort: search.Newest}},
		{name: "50 km around, nearest first", query: url.Values{"near": {"49.8,73.1"}, "radius_km": {"50"}, "sort": {"distance"}},
			plain: search.Query{Near: &search.Point{Lat: 49.8, Lon: 73.1}, RadiusKM: 50, Sort: search.Distance}},
	}
}

// nth gives the n-th question of a kind.
func (q question) nth(n int) (path string, plain search.Query) {
	plain = q.plain
	plain.Facets, plain.PerPage = search.Facets(), search.DefaultPerPage
	values := url.Values{}
	for k, v := range q.query {
		values[k] = v
	}
	if len(q.some) > 0 {
		plain.Facets = q.some
		for _, f := range q.some {
			values.Add("facets", string(f))
		}
	}
	if len(q.words) > 0 {
		plain.Text = q.words[n%len(q.words)]
		values.Set("q", plain.Text)
	}
	return "/api/v1/placements?" + values.Encode(), plain
}

// benchSearch asks each kind over HTTP and below it, in turns, then from 8 clients. Every answer has its twenty places and all facets.
func benchSearch(b *testing.B, name, base string, below func(ctx context.Context, q search.Query) error) {
	const asked = 400
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16, DisableCompression: true}}
	for _, q := range questions() {
		over, under := make([]time.Duration, 0, asked), make([]time.Duration, 0, asked)
		for i := range asked + 20 {
			path, plain := q.nth(i)
			askOver := func() time.Duration { return took(b, func() error { return fetch(client, base+path) }) }
			askBelow := func() time.Duration { return took(b, func() error { return below(b.Context(), plain) }) }
			var o, u time.Duration
			if i/max(1, len(q.words))%2 == 0 { // who asks second finds the server's memory warm
				o, u = askOver(), askBelow()
			} else {
				u, o = askBelow(), askOver()
			}
			if i >= 20 { // the first ones warm up
				over, under = append(over, o), append(under, u)
			}
		}
		o, u := figuresOf(over, time.Second), figuresOf(under, time.Second)
		rate := parallelRate(b, func(i int) error { path, _ := q.nth(i); return fetch(client, base+path) })
		without := parallelRate(b, func(i int) error { _, plain := q.nth(i); return below(b.Context(), plain) })
		say("search, %s, %s\n  over HTTP  p50 %-9s p95 %-9s p99 %s\n  below      p50 %-9s p95 %-9s p99 %s\n  8 clients  %.0f requests/s, below %.0f/s",
			name, q.name, rounded(o.p50), rounded(over[len(over)*95/100]), rounded(o.p99), rounded(u.p50), rounded(under[len(under)*95/100]), rounded(u.p99), rate, without)
		b.ReportMetric(float64(o.p50.Microseconds()), "µs-p50:"+slug(q.name))
		b.ReportMetric(float64(o.p99.Microseconds()), "µs-p99:"+slug(q.name))
	}
}

// took measures one call.
func took(b *testing.B, call func() error) time.Duration {
	b.Helper()
	at := time.Now()
	must(b, call())
	return time.Since(at)
}

func slug(s string) string {
	out := []rune(s)
	for i, r := range out {
		if r == ' ' || r == ',' {
			out[i] = '_'
		}
	}
	return string(out)
}

// fetch reads one answer.
func fetch(client *http.Client, address string) error {
	res, err := client.Get(address)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		body, err := io.ReadAll(res.Body)
		return errors.Join(fmt.Errorf("%s: %s: %s", address, res.Status, body), err)
	}
	_, err = io.Copy(io.Discard, res.Body) // a client that keeps the answer would take time that is not the program's
	return err
}

// parallelRate is how many questions are answered a second with 8 clients.
func parallelRate(b *testing.B, ask func(i int) error) float64 {
	b.Helper()
	const askers, period = 8, 2 * time.Second
	var n atomic.Int64
	var failed atomic.Pointer[error]
	var all sync.WaitGroup
	at := time.Now()
	for c := range askers {
		all.Go(func() {
			for i := c; time.Since(at) < period; i++ {
				if err := ask(i); err != nil {
					failed.Store(&err)
					return
				}
				n.Add(1)
			}
		})
	}
	all.Wait()
	if err := failed.Load(); err != nil {
		b.Fatal(*err)
	}
	return float64(n.Load()) / time.Since(at).Seconds()
}

// lagChanges is how many changes benchLag makes.
const lagChanges = 200

// benchLag changes a place's title over HTTP and asks until the new word is found (I10).
func benchLag(b *testing.B, base string) {
	c := &Client{t: b, base: base, lang: "ru", checker: loadContract(b), http: &http.Client{Timeout: time.Minute}}
	c.token = c.Post("/api/v1/auth/login", Doc{"email": "hr@saryarqa-energo.demo.orynda.kz", "password": "orynda-demo"}).S("access_token")
	enterprise := organisationOf(c, "enterprise")
	place := c.Get("/api/v1/enterprises/" + enterprise + "/placements?state=published&limit=1").Items("items")[0].S("id")
	lags := make([]time.Duration, 0, lagChanges)
	for i := range lagChanges {
		word := fmt.Sprintf("проба%dпроба", 1000+i)
		c.Patch("/api/v1/placements/"+place, Doc{"title": Doc{"kk": "Электрик " + word, "ru": "Электрик " + word}})
		at := time.Now()
		address := base + "/api/v1/placements?per_page=1&full=include&q=" + url.QueryEscape(word)
		for {
			total, err := totalOf(address)
			must(b, err)
			if total > 0 {
				break
			}
			if time.Since(at) > 5*time.Second {
				b.Fatalf("%s is not found after %s", word, time.Since(at))
			}
			time.Sleep(time.Millisecond)
		}
		lags = append(lags, time.Since(at))
	}
	f := figuresOf(lags, time.Second)
	say("from the answer of a change to its being found, %d changes\n  p50 %-9s p99 %s", lagChanges, rounded(f.p50), rounded(f.p99))
	b.ReportMetric(float64(f.p50.Milliseconds()), "ms-p50")
	b.ReportMetric(float64(f.p99.Milliseconds()), "ms-p99")
}

// totalOf is how many places a search finds.
func totalOf(address string) (int, error) {
	res, err := http.Get(address) // the address is the benchmark's own
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	var answer struct {
		Total int `json:"total"`
	}
	err = json.NewDecoder(res.Body).Decode(&answer)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", address, res.Status)
	}
	return answer.Total, err
}

// moduleRoot is where go.mod lies.
func moduleRoot(tb testing.TB) string {
	tb.Helper()
	dir, err := os.Getwd()
	must(tb, err)
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			tb.Fatal("no go.mod above")
		}
		dir = filepath.Dir(dir)
	}
}
