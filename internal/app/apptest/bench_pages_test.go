package apptest

import (
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"testing"
	"time"
)

// benchPages asks for results pages as strangers do: each another one (rendered with its search), the same one again and again (kept for a moment), and how
// long the first byte takes while 100 visitors ask at once.
func benchPages(b *testing.B, base string) {
	b.Helper()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 128, DisableCompression: true}}
	words := questions()[0].words
	page := func(n int) string {
		return base + "/ru/placements?" + url.Values{"q": {words[n%len(words)]}, "page": {strconv.Itoa(1 + n/len(words)%3)}, "n": {strconv.Itoa(n)}}.Encode()
	}
	must(b, fetch(client, page(0)))
	rendered := pagesPerSecond(b, client, 8, page)
	kept := pagesPerSecond(b, client, 8, func(int) string { return base + "/ru/placements?q=" + url.QueryEscape("сварщик") })
	first := firstBytes(b, client, 100, page)
	say("results pages, 8 visitors\n  rendered with search  %.0f pages/s\n  kept                  %.0f pages/s\n  first byte at 100 visitors  p50 %s  p99 %s",
		rendered, kept, rounded(first.p50), rounded(first.p99))
	b.ReportMetric(rendered, "pages/s-rendered")
	b.ReportMetric(kept, "pages/s-kept")
	b.ReportMetric(float64(first.p99.Milliseconds()), "ms-first-byte-p99")
}

func pagesPerSecond(b *testing.B, client *http.Client, visitors int, page func(n int) string) float64 {
	b.Helper()
	const period = 4 * time.Second
	var all sync.WaitGroup
	counts, failed := make([]int, visitors), make([]error, visitors)
	at := time.Now()
	for v := range visitors {
		all.Go(func() {
			for i := 0; time.Since(at) < period && failed[v] == nil; i++ {
				failed[v] = fetch(client, page(v+i*visitors))
				counts[v]++
			}
		})
	}
	all.Wait()
	sum := 0
	for v := range visitors {
		must(b, failed[v])
		sum += counts[v]
	}
	return float64(sum) / time.Since(at).Seconds()
}

// firstBytes measures how long the headers of an answer take.
func firstBytes(b *testing.B, client *http.Client, visitors int, page func(n int) string) figures {
	b.Helper()
	const each = 20
	var all sync.WaitGroup
	took, failed := make([][]time.Duration, visitors), make([]error, visitors)
	for v := range visitors {
		all.Go(func() {
			for i := range each {
				at := time.Now()
				res, err := client.Get(page(1000 + v + i*visitors))
				if err != nil {
					failed[v] = err
					return
				}
				took[v] = append(took[v], time.Since(at))
				_ = res.Body.Close()
			}
		})
	}
	all.Wait()
	var every []time.Duration
	for v := range visitors {
		must(b, failed[v])
		every = append(every, took[v]...)
	}
	return figuresOf(every, time.Second)
}
