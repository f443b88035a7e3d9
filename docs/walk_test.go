package docs_test

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/app"
)

// What the README tells to type works, as typed, against a demo that has just been started.
func TestWalk(t *testing.T) {
	for _, tool := range []string{"bash", "curl", "python3"} {
		if _, err := exec.LookPath(tool); err != nil {
			const text = "the walk by hand was NOT run: "
			if os.Getenv("CI") == "true" {
				t.Fatal(text + err.Error())
			}
			t.Skip(text + err.Error())
		}
	}
	dir := t.TempDir()
	a, err := app.StartDemo(t.Context(), app.Config{Addr: "127.0.0.1:0", DataDir: dir, PublicURL: "http://127.0.0.1"}, app.DemoOptions{Places: 20, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	students := []string{"student@demo.orynda.kz"}
	if !testing.Short() {
		students = append(students, "student2@demo.orynda.kz") // a second walk works, too
	}
	for _, student := range students {
		cmd := exec.CommandContext(ctx, "bash", "walk.sh", "http://"+a.Addr(), student)
		cmd.Env = append(os.Environ(), "TMPDIR="+dir, "no_proxy=127.0.0.1")
		cmd.WaitDelay = 5 * time.Second
		out, err := cmd.CombinedOutput()
		t.Logf("%s\n%s", student, out)
		if err != nil {
			t.Fatalf("docs/walk.sh for %s: %v", student, err)
		}
		for _, want := range []string{"concluded", `"valid":true`, `"document_matches":true`} {
			if !strings.Contains(strings.ReplaceAll(string(out), `": `, `":`), want) {
				t.Errorf("docs/walk.sh for %s doesn't show %s", student, want)
			}
		}
	}
}
