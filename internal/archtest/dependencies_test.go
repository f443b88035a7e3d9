package archtest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every module that the tree imports is in docs/dependencies.md with its licence and a decision, and nothing else is.
func TestDependenciesAreDecided(t *testing.T) {
	tr := load(t)
	mod, err := os.ReadFile(filepath.Join(tr.root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	table, err := os.ReadFile(filepath.Join(tr.root, "docs", "dependencies.md"))
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, m := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\| .+ \\| (.+) \\| \\[\\d{4}\\]").FindAllStringSubmatch(string(table), -1) {
		listed[m[1]] = true
		if strings.Contains(m[2], "GPL") {
			t.Errorf("%s is under %s", m[1], m[2])
		}
	}
	used := usedModules(tr, string(mod))
	for module, by := range used {
		if !listed[module] {
			t.Errorf("%s (%s) has no row in docs/dependencies.md: write a decision, and its licence", module, by)
		}
	}
	for module := range listed {
		if used[module] == "" {
			t.Errorf("docs/dependencies.md lists %s, which nothing imports", module)
		}
	}
}

// usedModules gives the modules of go.mod that a file imports, with one such file, and its tools.
func usedModules(tr *tree, mod string) map[string]string {
	required := regexp.MustCompile(`(?m)^(?:require )?\s*([a-z][\w./-]+\.[\w./-]+) v\S+`).FindAllStringSubmatch(mod, -1)
	used := map[string]string{}
	note := func(path, by string) {
		best := ""
		for _, m := range required {
			if under(path, m[1]) && len(m[1]) > len(best) {
				best = m[1]
			}
		}
		if best != "" {
			used[best] = by
		}
	}
	for _, s := range tr.files {
		for _, path := range s.imports() {
			note(path, s.path)
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^tool (\S+)`).FindAllStringSubmatch(mod, -1) {
		note(m[1], "go.mod, tool")
	}
	return used
}
