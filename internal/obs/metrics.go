package obs

import (
	"context"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// Metrics are the figures of one copy of the program. Make it with [NewMetrics]; its methods are safe for parallel use.
type Metrics struct {
	registry *prometheus.Registry

	requests *prometheus.CounterVec
	took     *prometheus.HistogramVec
	inFlight prometheus.Gauge

	jobRuns  *prometheus.CounterVec
	jobTook  *prometheus.HistogramVec
	jobLast  *prometheus.GaugeVec
	mails    *prometheus.CounterVec
	dropped  prometheus.Counter
	tx       *prometheus.CounterVec
	txTook   *prometheus.HistogramVec
	retries  *prometheus.CounterVec
	failures *prometheus.CounterVec
}

// NewMetrics makes a registry of its own with these figures and those of Go and the process. version names the build.
func NewMetrics(version string) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: counters("http_requests_total", "Answered requests.", "method", "route", "status"),
		took:     histograms("http_request_duration_seconds", "Time to answer a request.", requestBuckets(), "method", "route"),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{Name: "orynda_http_requests_in_flight", Help: "Requests being answered."}),
		jobRuns:  counters("job_runs_total", "Runs of scheduled jobs by this copy.", "job", "outcome"),
		jobTook:  histograms("job_duration_seconds", "Time of a run of a job.", jobBuckets(), "job"),
		jobLast:  gauges("job_last_success_timestamp_seconds", "When this copy last finished the job well.", "job"),
		mails:    counters("mails_total", "Mails by what became of them: sent, refused, failed.", "outcome"),
		dropped: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "orynda_search_questions_dropped_total", Help: "Questions that the log of what is searched for didn't keep.",
		}),
		tx:       counters("storage_transactions_total", "Transactions.", "engine", "outcome"),
		txTook:   histograms("storage_transaction_duration_seconds", "Time of a transaction with its retries.", txBuckets(), "engine"),
		retries:  counters("storage_transaction_retries_total", "Further runs of transactions that met others.", "engine"),
		failures: counters("scrape_failures_total", "Sources that gave no figure at a scrape.", "source"),
	}
	build := gauges("build_info", "Always 1; the version of the program is the label.", "version")
	build.WithLabelValues(version).Set(1)
	m.registry.MustRegister(
		m.requests, m.took, m.inFlight, m.jobRuns, m.jobTook, m.jobLast, m.mails, m.dropped, m.tx, m.txTook, m.retries, m.failures, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return m
}

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: "orynda_" + name, Help: help}, labels)
}

func gauges(name, help string, labels ...string) *prometheus.GaugeVec {
	return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "orynda_" + name, Help: help}, labels)
}

func histograms(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "orynda_" + name, Help: help, Buckets: buckets}, labels)
}

func requestBuckets() []float64 {
	return []float64{.001, .003, .005, .01, .015, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 20}
}

func txBuckets() []float64 {
	return []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 5, 20}
}

func jobBuckets() []float64 { return []float64{.005, .01, .05, .1, .5, 1, 5, 15, 60, 300, 900} }

// Unmatched is the route of requests that no route took. The path itself would make a series of each address a stranger tries.
const Unmatched = "unmatched"

// Begin counts a request that begins, and gives the function to call with its route pattern and status at its end. An empty route is
// [Unmatched].
func (m *Metrics) Begin(method string) (end func(route string, status int)) {
	start := time.Now()
	m.inFlight.Inc()
	return func(route string, status int) {
		m.inFlight.Dec()
		if route == "" || status == 404 && route == "/" {
			route = Unmatched
		}
		method := knownMethod(method)
		m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
		m.took.WithLabelValues(method, route).Observe(time.Since(start).Seconds())
	}
}

// knownMethod keeps what strangers invent as methods out of the labels.
func knownMethod(method string) string {
	switch method {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS":
		return method
	}
	return "other"
}

// Job makes a job's function count its runs and their time.
func (m *Metrics) Job(name string, run func(ctx context.Context, now time.Time) error) func(ctx context.Context, now time.Time) error {
	return func(ctx context.Context, now time.Time) error {
		start := time.Now()
		err := run(ctx, now)
		m.jobTook.WithLabelValues(name).Observe(time.Since(start).Seconds())
		m.jobRuns.WithLabelValues(name, outcome(err)).Inc()
		if err == nil {
			m.jobLast.WithLabelValues(name).SetToCurrentTime()
		}
		return err
	}
}

// Mail counts a mail by what became of it: "sent", "refused" or "failed".
func (m *Metrics) Mail(outcome string) { m.mails.WithLabelValues(outcome).Inc() }

// QuestionsDropped counts questions that the log of what is searched for didn't keep.
func (m *Metrics) QuestionsDropped(n int) { m.dropped.Add(float64(n)) }

func outcome(err error) string {
	if err != nil {
		return "failed"
	}
	return "ok"
}
