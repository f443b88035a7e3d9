package archtest

import (
	"go/ast"
	"go/token"
	"strings"
	"testing"
)

// Every exported name says what it promises. A group of constants or variables may say it once, for all of them, and an interface for its methods: those that
// a domain declares for a lower service repeat that service's own.
func TestExportedNamesAreDocumented(t *testing.T) {
	tr := load(t)
	for _, s := range tr.files {
		if s.generated || s.test || s.file.Name.Name == "main" {
			continue
		}
		for _, d := range s.file.Decls {
			for _, n := range undocumented(d) {
				t.Errorf("%s: %s has no doc comment: say what it promises and which errors come back", tr.at(s, n.node), n.name)
			}
		}
	}
}

// nameless is an exported name without a comment.
type nameless struct {
	name string
	node ast.Node
}

func undocumented(d ast.Decl) []nameless {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && exportedReceiver(d) && empty(d.Doc) {
			return []nameless{{d.Name.Name, d}}
		}
	case *ast.GenDecl:
		var out []nameless
		for _, spec := range d.Specs {
			out = append(out, undocumentedSpec(d, spec)...)
		}
		return out
	}
	return nil
}

func undocumentedSpec(d *ast.GenDecl, spec ast.Spec) []nameless {
	var out []nameless
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		if spec.Name.IsExported() && empty(spec.Doc) && (len(d.Specs) > 1 || empty(d.Doc)) {
			out = append(out, nameless{spec.Name.Name, spec})
		}
	case *ast.ValueSpec:
		for _, name := range spec.Names {
			if name.IsExported() && empty(spec.Doc) && empty(spec.Comment) && empty(d.Doc) {
				out = append(out, nameless{name.Name, name})
			}
		}
	}
	return out
}

// exportedReceiver reports whether a method belongs to an exported type; a function does.
func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	expr := d.Recv.List[0].Type
	for {
		switch e := expr.(type) {
		case *ast.StarExpr:
			expr = e.X
		case *ast.IndexExpr:
			expr = e.X
		case *ast.IndexListExpr:
			expr = e.X
		case *ast.Ident:
			return e.IsExported()
		default:
			return false
		}
	}
}

// empty reports whether a comment says nothing to a reader: directives for tools don't count.
func empty(doc *ast.CommentGroup) bool { return doc == nil || strings.TrimSpace(doc.Text()) == "" }

// Every package says what it is, what it promises and where its limits are.
func TestPackagesAreDocumented(t *testing.T) {
	tr := load(t)
	commented, first := map[string]bool{}, map[string]source{}
	for _, s := range tr.files {
		if s.test {
			continue
		}
		if _, ok := first[s.dir]; !ok {
			first[s.dir] = s
		}
		commented[s.dir] = commented[s.dir] || !empty(s.file.Doc)
	}
	for dir, s := range first {
		if !commented[dir] {
			t.Errorf("%s: package %s has no package comment", dir, s.file.Name.Name)
		}
	}
}

// The walk must see what is missing, or it proves nothing.
func TestUndocumentedSeesWhatIsMissing(t *testing.T) {
	name := ast.NewIdent("Thing")
	silent := &ast.GenDecl{Tok: token.TYPE, Specs: []ast.Spec{&ast.TypeSpec{Name: name, Type: ast.NewIdent("int")}}}
	if len(undocumented(silent)) != 1 {
		t.Error("a type without a comment passes")
	}
	spoken := &ast.GenDecl{Tok: token.TYPE, Doc: &ast.CommentGroup{List: []*ast.Comment{{Text: "// Thing is one."}}}, Specs: silent.Specs}
	if len(undocumented(spoken)) != 0 {
		t.Error("a documented type fails")
	}
	if len(undocumented(&ast.FuncDecl{Name: name, Type: &ast.FuncType{}})) != 1 {
		t.Error("a function without a comment passes")
	}
}
