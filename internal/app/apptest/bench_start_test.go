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

	"github.com/orynda/orynda/internal/search/searchtest"
)

// buildProgram makes the program as the README does.
func buildProgram(b *testing.B) string {
	b.Helper()
	binary := filepath.Join(b.TempDir(), "orynda")
	build := exec.CommandContext(b.Context(), "go", "build", "-o", binary, "./cmd/orynda")
	build.Dir = moduleRoot(b)
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("go build: %v\n%s", err, out)
	}
	return binary
}

// benchStart starts the program as a process on a filled data folder, three times: seconds until /readyz answers, and the memory then.
func benchStart(b *testing.B, binary, dir string) {
	var took, resident, highest []float64
	for range rounds {
		p := startProgram(b, binary, dir)
		time.Sleep(time.Second) // what runs at the start, runs
		now, peak := memoryOf(p.cmd.Process.Pid)
		p.stop(b)
		took, resident, highest = append(took, p.took.Seconds()), append(resident, now), append(highest, peak)
	}
	slices.Sort(took)
	slices.Sort(resident)
	slices.Sort(highest)
	mid := rounds / 2
	say("start with %d places: ready after %.1f s, then %.0f MB resident, %.0f MB at most", searchtest.BenchPlaces(), took[mid], resident[mid], highest[mid])
	b.ReportMetric(took[mid], "s-to-ready")
	b.ReportMetric(resident[mid], "MB-resident")
	b.ReportMetric(highest[mid], "MB-highest")
}

// program is the program as a process of its own.
type program struct {
	cmd  *exec.Cmd
	base string
	took time.Duration // until it was ready
	log  bytes.Buffer
}

// startProgram starts it and waits until it is ready.
func startProgram(b *testing.B, binary, dir string) *program {
	b.Helper()
	addr := freeAddr(b)
	p := &program{base: "http://" + addr, cmd: exec.CommandContext(b.Context(), binary, "demo")}
	p.cmd.Env = append(os.Environ(), "ORYNDA_ADDR="+addr, "ORYNDA_DATA_DIR="+dir)
	p.cmd.Stdout, p.cmd.Stderr = &p.log, &p.log
	at := time.Now()
	must(b, p.cmd.Start())
	for !ready(b.Context(), p.base+"/readyz") {
		if time.Since(at) > 2*time.Minute {
			_ = p.cmd.Process.Kill()
			_ = p.cmd.Wait()
			b.Fatalf("not ready after %s:\n%s", time.Since(at), p.log.String())
		}
		time.Sleep(5 * time.Millisecond)
	}
	p.took = time.Since(at)
	return p
}

func (p *program) stop(b *testing.B) {
	b.Helper()
	must(b, p.cmd.Process.Signal(os.Interrupt))
	if err := p.cmd.Wait(); err != nil {
		b.Fatalf("%v\n%s", err, p.log.String())
	}
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
