package obs

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// watchTimeout bounds how long a scrape waits for all figures of one source.
const watchTimeout = 3 * time.Second

// Backlog is what waits in the outbox.
type Backlog struct {
	Waiting  int64     // deliveries that wait or are in progress
	Dead     int64     // dead letters
	OldestAt time.Time // when the oldest waiting event was emitted; zero when none waits
}

// WatchOutbox shows the outbox at each scrape: what waits, how old the oldest is by now, and the dead letters. now is the clock that
// stamps events. Call it once.
func (m *Metrics) WatchOutbox(now func() time.Time, read func(ctx context.Context) (Backlog, error)) {
	waiting := describe("outbox_waiting", "Deliveries that wait or are in progress.")
	dead := describe("outbox_dead_letters", "Deliveries that were set aside after their last attempt.")
	oldest := describe("outbox_oldest_seconds", "Age of the oldest event that waits; 0 when none waits.")
	m.watch("outbox", []*prometheus.Desc{waiting, dead, oldest}, func(ctx context.Context) ([]float64, error) {
		b, err := read(ctx)
		age := 0.0
		if !b.OldestAt.IsZero() {
			age = max(0, now().Sub(b.OldestAt).Seconds())
		}
		return []float64{float64(b.Waiting), float64(b.Dead), age}, err
	})
}

// WatchIndex shows at each scrape how far the search index is behind the store. Call it once.
func (m *Metrics) WatchIndex(read func(ctx context.Context) (lag time.Duration, err error)) {
	lag := describe("search_index_lag_seconds", "How far the search index is behind the store.")
	m.watch("index", []*prometheus.Desc{lag}, func(ctx context.Context) ([]float64, error) {
		d, err := read(ctx)
		return []float64{d.Seconds()}, err
	})
}

// SearchIndex is what the embedded search index holds.
type SearchIndex struct {
	Places int
	Dead   int   // replaced or deleted documents that wait for compaction
	Words  int   // different words
	Bytes  int64 // memory
}

// WatchSearch shows the embedded search index at each scrape. Call it once.
func (m *Metrics) WatchSearch(read func() SearchIndex) {
	m.watch("search", []*prometheus.Desc{
		describe("search_index_places", "Places in the embedded search index."),
		describe("search_index_dead_documents", "Replaced or deleted documents that wait for compaction."),
		describe("search_index_words", "Different words in the embedded search index."),
		describe("search_index_bytes", "Memory of the embedded search index, counted up from its lists."),
	}, func(context.Context) ([]float64, error) {
		s := read()
		return []float64{float64(s.Places), float64(s.Dead), float64(s.Words), float64(s.Bytes)}, nil
	})
}

func describe(name, help string) *prometheus.Desc {
	return prometheus.NewDesc("orynda_"+name, help, nil, nil)
}

func (m *Metrics) watch(source string, descs []*prometheus.Desc, read func(ctx context.Context) ([]float64, error)) {
	m.registry.MustRegister(&watched{
		descs: descs, read: read, failed: m.failures.WithLabelValues(source),
	})
}

// watched reads gauges from their source at each scrape.
type watched struct {
	descs  []*prometheus.Desc
	read   func(ctx context.Context) ([]float64, error)
	failed prometheus.Counter
}

// Describe implements prometheus.Collector.
func (w *watched) Describe(out chan<- *prometheus.Desc) {
	for _, d := range w.descs {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (w *watched) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), watchTimeout)
	defer cancel()
	values, err := w.read(ctx)
	if err != nil {
		w.failed.Inc()
		return
	}
	for i, d := range w.descs {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, values[i])
	}
}
