// Package docs_test keeps the documents true: what they quote, link to and name is there.
package docs_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/orynda/orynda/internal/app"
)

// documents gives the texts that people read, by their path from this folder.
func documents(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, pattern := range []string{"../*.md", "*.md", "decisions/*.md"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			out[path] = read(t, path)
		}
	}
	if len(out) < 20 {
		t.Fatalf("only %d documents found", len(out))
	}
	return out
}

func read(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// The walk in the README is docs/walk.sh, part by part and nothing else.
func TestReadmeShowsTheWalk(t *testing.T) {
	var shown []string
	for _, m := range regexp.MustCompile("(?s)```bash\n(.*?)\n```").FindAllStringSubmatch(read(t, "../README.md"), -1) {
		shown = append(shown, strings.TrimSpace(m[1]))
	}
	_, walk, _ := strings.Cut(read(t, "walk.sh"), "set -euo pipefail\n")
	parts := regexp.MustCompile(`(?m)^# --- .*$`).Split(walk, -1)[1:]
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	if !slices.Equal(shown, parts) {
		for i := range max(len(shown), len(parts)) {
			if i >= len(shown) || i >= len(parts) || shown[i] != parts[i] {
				t.Fatalf("part %d of the walk differs between README.md (%d parts) and docs/walk.sh (%d parts)", i+1, len(shown), len(parts))
			}
		}
	}
}

// Links lead somewhere.
func TestLinksResolve(t *testing.T) {
	links := regexp.MustCompile(`\]\(([^)#]+)(?:#[^)]*)?\)`)
	for path, text := range documents(t) {
		for _, m := range links.FindAllStringSubmatch(text, -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), m[1])); err != nil {
				t.Errorf("%s links to %s, which isn't there", path, m[1])
			}
		}
	}
}

// Folders and files that a document names are there.
func TestNamedPathsExist(t *testing.T) {
	quoted := regexp.MustCompile("`((?:internal|cmd|api|web|deploy|docs)/[A-Za-z0-9_./-]+)`")
	for path, text := range documents(t) {
		for _, m := range quoted.FindAllStringSubmatch(text, -1) {
			if _, err := os.Stat(filepath.Join("..", m[1])); err != nil {
				t.Errorf("%s names %s, which isn't there", path, m[1])
			}
		}
	}
}

// The README names every setting, and no document names one that there isn't.
func TestSettingsAreThoseOfTheProgram(t *testing.T) {
	var help bytes.Buffer
	app.PrintSettings(&help)
	variable := regexp.MustCompile(`ORYNDA_[A-Z_]+[A-Z]`)
	known := variable.FindAllString(help.String(), -1)
	for _, name := range known {
		if !strings.Contains(read(t, "../README.md"), "`"+name+"`") {
			t.Errorf("README.md doesn't name %s", name)
		}
	}
	for path, text := range documents(t) {
		for _, name := range variable.FindAllString(text, -1) {
			if !slices.Contains(known, name) && !strings.HasPrefix(name, "ORYNDA_TEST") {
				t.Errorf("%s names %s, which is no setting", path, name)
			}
		}
	}
}

// What a reader is told to make can be made.
func TestMakeTargetsExist(t *testing.T) {
	targets := regexp.MustCompile(`(?m)^\.PHONY: ([a-z-]+)$`).FindAllStringSubmatch(read(t, "../Makefile"), -1)
	for path, text := range documents(t) {
		for _, m := range regexp.MustCompile("`make ([a-z-]+)`").FindAllStringSubmatch(text, -1) {
			if !slices.ContainsFunc(targets, func(target []string) bool { return target[1] == m[1] }) {
				t.Errorf("%s names make %s, which the Makefile doesn't have", path, m[1])
			}
		}
	}
}

// Paths of the API in the documents are those of the contract.
func TestOperationsExist(t *testing.T) {
	contract := read(t, "../api/openapi.yaml")
	for path, text := range documents(t) {
		for _, m := range regexp.MustCompile("`(?:GET|POST|PATCH|PUT|DELETE) (/api/v1/[^`? ]*)`").FindAllStringSubmatch(text, -1) {
			if !strings.Contains(contract, "\n  "+m[1]+":\n") {
				t.Errorf("%s names %s, which the contract doesn't have", path, m[1])
			}
		}
	}
}

// Every decision is numbered, has its parts and stands in the index with its title and status.
func TestDecisionsAreIndexed(t *testing.T) {
	index := read(t, "decisions/README.md")
	number := 0
	err := filepath.WalkDir("decisions", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "README.md" {
			return err
		}
		number++
		text := read(t, path)
		title := regexp.MustCompile(`\A# (\d{4}) (.+)\n`).FindStringSubmatch(text)
		status := regexp.MustCompile(`\nStatus: (.+)\n`).FindStringSubmatch(text)
		if title == nil || status == nil || !strings.HasPrefix(d.Name(), title[1]+"-") {
			t.Errorf("%s: no title with its number, or no status", path)
			return nil
		}
		if row := "| [" + title[1] + "](" + d.Name() + ") | " + title[2] + " | " + status[1] + " |"; !strings.Contains(index, row) {
			t.Errorf("decisions/README.md lacks the row %s", row)
		}
		for _, part := range []string{"Context", "Decision", "Alternatives", "Consequences"} {
			if !strings.Contains(text, "\n## "+part+"\n\n") {
				t.Errorf("%s has no part %q", path, part)
			}
		}
		return nil
	})
	if err != nil || number == 0 {
		t.Fatalf("%d decisions: %v", number, err)
	}
}
