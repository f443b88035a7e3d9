package placements

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements/rules"
)

// codeAt says which argument of a call is a code.
func codeAt(name string) (int, bool) {
	at, ok := map[string]int{
		"New": 1, "fail": 3, "Fail": 3, "FailWith": 3, "posting": 2, "cellError": 2, "add": 1,
	}[name]
	return at, ok
}

// codesOf finds every code that a file can answer with.
func codesOf(t *testing.T, path string) map[string]bool {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	take := func(e ast.Expr) {
		if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if s, err := strconv.Unquote(lit.Value); err == nil && s != "" && !strings.ContainsAny(s, " .[") {
				out[s] = true
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch v := n.(type) {
		case *ast.KeyValueExpr:
			if k, ok := v.Key.(*ast.Ident); ok && k.Name == "Code" {
				take(v.Value)
			}
		case *ast.CallExpr:
			name := ""
			switch f := v.Fun.(type) {
			case *ast.Ident:
				name = f.Name
			case *ast.SelectorExpr:
				name = f.Sel.Name
			}
			if at, ok := codeAt(name); ok && at < len(v.Args) {
				take(v.Args[at])
			}
			if name == "fail" && len(v.Args) == 2 {
				take(v.Args[1])
			}
		}
		return true
	})
	return out
}

func TestEveryCodeHasASentence(t *testing.T) {
	cat, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob("*.go")
	more, _ := filepath.Glob("rules/*.go")
	n := 0
	for _, path := range append(files, more...) {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		for code := range codesOf(t, path) {
			n++
			if !cat.Has("error."+code) && !cat.Has("field."+code) {
				t.Errorf("%s: %s has no sentence", path, code)
			}
		}
	}
	if n < 60 {
		t.Errorf("only %d codes were found: the search is broken", n)
	}
	for _, name := range rules.Names() {
		if !cat.Has("rule."+name) || !cat.Has("rule."+name+".sentence") {
			t.Errorf("rule %s has no words", name)
		}
	}
	for _, s := range []State{Draft, Published, Paused, Selecting, Closed} {
		if !cat.Has("state.placement." + string(s)) {
			t.Errorf("state %s has no word", s)
		}
	}
	for _, r := range []ClosedReason{Filled, Expired, Withdrawn, TakenDown} {
		if !cat.Has("state.placement.closed." + string(r)) {
			t.Errorf("reason %s has no word", r)
		}
	}
	for _, s := range []FilingState{Filed, Accepted, Remarks} {
		if !cat.Has("state.filing." + string(s)) {
			t.Errorf("filing state %s has no word", s)
		}
	}
}
