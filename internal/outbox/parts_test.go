package outbox

import (
	"testing"
	"time"
)

func TestBackoff(t *testing.T) {
	for n, want := range map[int]time.Duration{1: time.Second, 2: 3 * time.Second, 5: 81 * time.Second, 11: longestDelay, 500: longestDelay} {
		if got := backoff(n, 0); got != want {
			t.Errorf("backoff(%d, 0) = %v, want %v", n, got, want)
		}
		if got := backoff(n, 0.999); got < want/2 || got > want*51/100 {
			t.Errorf("backoff(%d, 0.999) = %v", n, got)
		}
	}
	var sum time.Duration
	for n := 1; n < MaxAttempts; n++ {
		sum += backoff(n, 0.5)
	}
	if sum < 9*time.Hour || sum > 12*time.Hour {
		t.Errorf("all attempts take %v; the documentation says about ten hours", sum)
	}
}

func TestPace(t *testing.T) {
	var p pace
	start := time.Unix(1000, 0)
	p.poll(start)
	if got := p.wait(start); got != pollEvery {
		t.Errorf("idle: %v", got)
	}
	now := start.Add(100 * time.Millisecond)
	p.hint(now)
	var looks []time.Duration
	hinted := now
	for range 6 {
		now = now.Add(p.wait(now))
		looks = append(looks, now.Sub(hinted))
		p.poll(now)
	}
	ms := time.Millisecond
	want := []time.Duration{3 * ms, 18 * ms, 50 * ms, 130 * ms, 380 * ms, 630 * ms}
	for i := range want {
		if looks[i] != want[i] {
			t.Fatalf("looks %v, want %v", looks, want)
		}
	}
}

// A stream of hints neither puts a poll off nor makes polls follow each other without a pause.
func TestPaceUnderAStreamOfHints(t *testing.T) {
	var p pace
	now := time.Unix(1000, 0)
	p.poll(now)
	polls := 0
	for range 1000 {
		now = now.Add(time.Millisecond)
		p.hint(now)
		if p.wait(now) == 0 {
			p.poll(now)
			polls++
		}
	}
	if polls < 50 || polls > 70 {
		t.Errorf("%d polls in a second", polls)
	}
}
