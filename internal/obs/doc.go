// Package obs is what operators see: logs without personal data, and figures for Prometheus.
//
// [NewLogger] and [Redact] filter every log entry. [Metrics] counts requests, background work and transactions; it is handed
// down by the composition root, not found in a global. Its labels are route patterns, names of jobs and engines, never ids: the number
// of series is fixed by the program, and no series names a person.
//
// Limits: gauges of the outbox and the index are read from their sources at each scrape, with a deadline; a source that fails leaves
// its gauges out of that scrape and is counted in orynda_scrape_failures_total.
package obs
