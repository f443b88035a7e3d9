package archtest

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every module that the tree imports is in docs/dependencies.md with its licence and a decision, and nothing else is.
func TestDependenciesAreDecided(t *testing.T) {
	tr := load(t)
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
	used := usedModules(tr)
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

// A module below the root's has the root's versions of what both require: what it measures is what the program runs.
func TestNestedModulesFollow(t *testing.T) {
	tr := load(t)
	roots := requirements(tr.mods["go.mod"])
	for path, mod := range tr.mods {
		for module, version := range requirements(mod) {
			if want, shared := roots[module]; shared && version != want {
				t.Errorf("%s requires %s %s, the program %s: go get it at the program's version there and go mod tidy", path, module, version, want)
			}
		}
	}
}

// requirements gives the modules that a go.mod requires, with their versions; not our own.
func requirements(mod string) map[string]string {
	out := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^(?:require )?\s*([a-z][\w./-]+\.[\w./-]+) (v\S+)`).FindAllStringSubmatch(mod, -1) {
		if m[1]+"/" != module {
			out[m[1]] = m[2]
		}
	}
	return out
}

// usedModules gives the modules of all go.mod that a file imports, with one such file, and their tools.
func usedModules(tr *tree) map[string]string {
	required := map[string]string{}
	for _, mod := range tr.mods {
		maps.Copy(required, requirements(mod))
	}
	used := map[string]string{}
	note := func(path, by string) {
		best := ""
		for module := range required {
			if under(path, module) && len(module) > len(best) {
				best = module
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
	for path, mod := range tr.mods {
		for _, m := range regexp.MustCompile(`(?m)^tool (\S+)`).FindAllStringSubmatch(mod, -1) {
			note(m[1], path+", tool")
		}
	}
	return used
}
