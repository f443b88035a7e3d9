package apptest

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"
)

// benchStart builds the program and starts it as a process on a filled data folder, three times: seconds until /readyz answers, and the memory then.
func benchStart(b *testing.B, dir string) {
	binary := filepath.Join(b.TempDir(), "orynda")
	build := exec.CommandContext(b.Context(), "go", "build", "-o", binary, "./cmd/orynda")
	build.Dir = moduleRoot(b)
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("go build: %v\n%s", err, out)
	}
	var took, resident, highest []float64
	for range rounds {
		t, now, peak := startOnce(b, binary, dir)
		took, resident, highest = append(took, t.Seconds()), append(resident, now), append(highest, peak)
	}
	slices.Sort(took)
	slices.Sort(resident)
	slices.Sort(highest)
	mid := rounds / 2
	say("start with %d places: ready after %.1f s, then %.0f MB resident, %.0f MB at most", benchPlaces, took[mid], resident[mid], highest[mid])
	b.ReportMetric(took[mid], "s-to-ready")
	b.ReportMetric(resident[mid], "MB-resident")
	b.ReportMetric(highest[mid], "MB-highest")
}

// startOnce runs the program until it is ready and ends it. Memory is in MB, 0 where the system doesn't tell.
func startOnce(b *testing.B, binary, dir string) (took time.Duration, resident, highest float64) {
	b.Helper()
	addr := freeAddr(b)
	var log bytes.Buffer
	cmd := exec.CommandContext(b.Context(), binary, "demo")
	cmd.Env = append(os.Environ(), "ORYNDA_ADDR="+addr, "ORYNDA_DATA_DIR="+dir)
	cmd.Stdout, cmd.Stderr = &log, &log
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 30 * time.Second
	at := time.Now()
	must(b, cmd.Start())
	for !ready(b.Context(), "http://"+addr+"/readyz") {
		if time.Since(at) > 2*time.Minute {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
			b.Fatalf("not ready after %s:\n%s", time.Since(at), log.String())
		}
		time.Sleep(5 * time.Millisecond)
	}
	took = time.Since(at)
	time.Sleep(time.Second) // what runs at the start, runs
	resident, highest = memoryOf(cmd.Process.Pid)
	must(b, cmd.Process.Signal(os.Interrupt))
	if err := cmd.Wait(); err != nil {
		b.Fatalf("%v\n%s", err, log.String())
	}
	return took, resident, highest
}

func freeAddr(tb testing.TB) string {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(tb, err)
	defer l.Close()
	return l.Addr().String()
}

func ready(ctx context.Context, address string) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return false
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	_ = res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// memoryOf reads what Linux tells of a process.
func memoryOf(pid int) (resident, highest float64) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, 0
	}
	kilobytes := func(name string) float64 {
		m := regexp.MustCompile(name + `:\s+(\d+) kB`).FindSubmatch(status)
		if m == nil {
			return 0
		}
		n, _ := strconv.ParseFloat(string(m[1]), 64) // digits
		return n / 1024
	}
	return kilobytes("VmRSS"), kilobytes("VmHWM")
}
