package archtest

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// mostLines is how long a hand-written file may be. Where functions and files stay short, a reader finds things by name.
const mostLines = 500

// No file grows past what one reads in a sitting.
func TestFilesStayShort(t *testing.T) {
	for _, s := range load(t).files {
		if !s.generated && s.lines > mostLines {
			t.Errorf("%s has %d lines, more than %d: split it by topic (noun_verb.go)", s.path, s.lines, mostLines)
		}
	}
}

// Nothing happens before main: work in init can't be ordered, tested or refused.
func TestNoInit(t *testing.T) {
	tr := load(t)
	for _, s := range tr.files {
		if s.generated {
			continue
		}
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s: func init; do the work where app wires it, or in a constructor", tr.at(s, f))
			}
		}
	}
}

// keptVariables are the package variables that there must be, with the reason.
func keptVariables() map[string]string {
	return map[string]string{
		"internal/storage/storagetest/server.go process": "a test process has one mongod, whoever asks first",
	}
}

// No package has state: it would be shared by requests, by tests and by two programs in one process. Assertions, embedded files and tests' own values are none.
func TestNoPackageState(t *testing.T) {
	tr := load(t)
	for _, s := range tr.files {
		if s.generated || s.test {
			continue
		}
		for _, d := range s.file.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.VAR {
				continue
			}
			for _, spec := range g.Specs {
				v := spec.(*ast.ValueSpec)
				name := v.Names[0].Name
				if name == "_" || embeds(g, v) || isError(v) || keptVariables()[s.path+" "+name] != "" {
					continue
				}
				t.Errorf("%s: package variable %s; hand it down from the constructor, or make it a function or a constant", tr.at(s, v), name)
			}
		}
	}
}

// embeds reports whether a variable is an embedded file.
func embeds(g *ast.GenDecl, v *ast.ValueSpec) bool {
	for _, doc := range []*ast.CommentGroup{g.Doc, v.Doc} {
		if doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:embed") }) {
			return true
		}
	}
	return false
}

// isError reports whether a variable is an error made once, which nobody changes.
func isError(v *ast.ValueSpec) bool {
	name := v.Names[0].Name
	return strings.HasPrefix(name, "err") || strings.HasPrefix(name, "Err")
}

// Whatever is left to do stands in an issue, where it is seen.
func TestNothingPutOff(t *testing.T) {
	tr := load(t)
	words := regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|HA` + `CK)\b`)
	for _, s := range tr.files {
		for _, group := range s.file.Comments {
			for _, c := range group.List {
				if word := words.FindString(c.Text); word != "" {
					t.Errorf("%s: %s in a comment; finish it or open an issue", tr.at(s, c), word)
				}
			}
		}
	}
}
