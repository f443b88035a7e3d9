package archtest

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// module is the path that every import of our own begins with.
const module = "github.com/orynda/orynda/"

// source is one Go file of the repository.
type source struct {
	path      string // from the root, with slashes
	dir       string // its package's folder, the same way
	test      bool   // *_test.go
	generated bool
	lines     int
	file      *ast.File
}

// imports gives the import paths of a file.
func (s source) imports() []string {
	out := make([]string, 0, len(s.file.Imports))
	for _, spec := range s.file.Imports {
		if path, err := strconv.Unquote(spec.Path.Value); err == nil {
			out = append(out, path)
		}
	}
	return out
}

// tree is all Go files of the repository, those of modules below the root's too.
type tree struct {
	root  string
	fset  *token.FileSet
	files []source
	mods  map[string]string // the text of each go.mod by its path from the root
}

// load reads the repository from its root, which is two folders up.
func load(t *testing.T) *tree {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil {
		t.Fatalf("no go.mod two folders up: %v", err)
	}
	tr := &tree{root: root, fset: token.NewFileSet(), mods: map[string]string{}}
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != root && skipped(d.Name()):
			return filepath.SkipDir
		case d.Name() == "go.mod":
			return tr.addMod(path)
		case d.IsDir() || filepath.Ext(path) != ".go":
			return nil
		}
		return tr.add(path)
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(tr.files) < 100 {
		t.Fatalf("only %d Go files found under %s: the tests of this package look at the wrong place", len(tr.files), root)
	}
	return tr
}

// skipped names the folders that hold no source of ours.
func skipped(name string) bool {
	return name == "testdata" || name == "bin" || name == "dist" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")
}

func (tr *tree) add(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	file, err := parser.ParseFile(tr.fset, path, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	rel, err := filepath.Rel(tr.root, path)
	if err != nil {
		return err
	}
	rel = filepath.ToSlash(rel)
	tr.files = append(tr.files, source{
		path: rel, dir: filepath.ToSlash(filepath.Dir(rel)), test: strings.HasSuffix(rel, "_test.go"), generated: ast.IsGenerated(file),
		lines: bytes.Count(text, []byte("\n")), file: file,
	})
	return nil
}

func (tr *tree) addMod(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	rel, err := filepath.Rel(tr.root, path)
	if err != nil {
		return err
	}
	tr.mods[filepath.ToSlash(rel)] = string(text)
	return nil
}

// at says where a node is, from the root.
func (tr *tree) at(s source, n ast.Node) string {
	return s.path + ":" + strconv.Itoa(tr.fset.Position(n.Pos()).Line)
}

// under reports whether a folder is another one or lies in it.
func under(dir, parent string) bool { return dir == parent || strings.HasPrefix(dir, parent+"/") }
