package paper

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"text/template"
	"text/template/parse"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/i18n"
)

//go:embed texts/*.txt
var textFiles embed.FS

// Markup of a template, after its header and a line "===":
//
//	# title             ## [label] section         + clause          - item
//	= [label] annex     @table                     > small note      **bold**
//
// Every other line goes on with the block before it; an empty line ends a block. Sections, clauses, items and annexes are numbered here, and
// {{ref "label"}} gives the number of a section or annex. Go's text/template runs first: what it prints must not be empty (see guard), and
// the functions of [funcs] are all it can call.

// wording is one template file: the text of one version in one language, with what a reader must know about where it comes from.
type wording struct {
	id       string  // "r50-1"
	labels   string  // the file of short labels that goes with it, "labels-1"
	source   string  // the act the text follows
	edition  cal.Day // the edition of that act the text was written against
	reviewer string  // the lawyer who compared it, in words
	status   string  // what the paper says about the text's standing
	body     *template.Template
}

// Marks that the loader puts in place of markup. They are private-use characters, which [faults.characters] refuses in data, so that no
// value can pass for markup.
const (
	markTitle   = '\ue000'
	markSection = '\ue001'
	markClause  = '\ue002'
	markItem    = '\ue003'
	markAnnex   = '\ue004'
	markTable   = '\ue005'
	markNote    = '\ue006'
	markLabel   = '\ue007' // ends the label of a section, annex or table
	markBold    = '\ue010' // switches bold on and off
	markRef     = '\ue020' // opens a reference
	markRefEnd  = '\ue021' // closes it
)

// library holds every version of the wording and of the labels.
type library struct {
	wordings map[string]map[i18n.Lang]*wording
	labels   map[string]map[i18n.Lang]labels
}

func loadLibrary(fsys fs.FS) (*library, error) {
	lib := &library{wordings: map[string]map[i18n.Lang]*wording{}, labels: map[string]map[i18n.Lang]labels{}}
	files, err := fs.Glob(fsys, "texts/*.txt")
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		raw, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, err
		}
		if err := lib.add(path.Base(file), string(raw)); err != nil {
			return nil, fmt.Errorf("paper: %s: %w", file, err)
		}
	}
	return lib, lib.complete()
}

// add reads one file named <id>.<lang>.txt.
func (lib *library) add(name, raw string) error {
	parts := strings.Split(name, ".")
	if len(parts) != 3 {
		return fmt.Errorf("the name is not <id>.<language>.txt")
	}
	lang, ok := i18n.ParseLang(parts[1])
	if !ok {
		return fmt.Errorf("unknown language %q", parts[1])
	}
	if strings.HasPrefix(name, "labels-") {
		l, err := parseLabels(raw)
		if err != nil {
			return err
		}
		put(lib.labels, parts[0], lang, l)
		return nil
	}
	w, err := parseWording(parts[0], lang, raw)
	if err != nil {
		return err
	}
	put(lib.wordings, parts[0], lang, w)
	return nil
}

func put[T any](m map[string]map[i18n.Lang]T, id string, lang i18n.Lang, v T) {
	if m[id] == nil {
		m[id] = map[i18n.Lang]T{}
	}
	m[id][lang] = v
}

// complete makes sure that each version exists in all three languages and that its labels do.
func (lib *library) complete() error {
	for id, byLang := range lib.wordings {
		for _, lang := range i18n.Langs() {
			if byLang[lang] == nil {
				return fmt.Errorf("paper: template %s lacks %s", id, lang)
			}
			if lib.labels[byLang[lang].labels] == nil {
				return fmt.Errorf("paper: template %s.%s names unknown labels %q", id, lang, byLang[lang].labels)
			}
		}
	}
	for id, byLang := range lib.labels {
		for _, lang := range i18n.Langs() {
			for key := range byLang[i18n.KK] {
				if byLang[lang][key] == "" {
					return fmt.Errorf("paper: %s.%s lacks %q", id, lang, key)
				}
			}
			if len(byLang[lang]) != len(byLang[i18n.KK]) {
				return fmt.Errorf("paper: %s.%s has labels that %s.kk lacks", id, lang, id)
			}
		}
	}
	return nil
}

const headerEnd = "\n===\n"

func parseWording(id string, lang i18n.Lang, raw string) (*wording, error) {
	head, body, found := strings.Cut(raw, headerEnd)
	if !found {
		return nil, fmt.Errorf("no line === after the header")
	}
	meta, err := parseLabels(head)
	if err != nil {
		return nil, err
	}
	for _, key := range []string{"id", "language", "labels", "source", "edition", "reviewer", "status"} {
		if meta[key] == "" {
			return nil, fmt.Errorf("the header lacks %q", key)
		}
	}
	if meta["id"] != id || meta["language"] != string(lang) || !cal.Day(meta["edition"]).Valid() {
		return nil, fmt.Errorf("the header doesn't fit the file's name, or its edition is not a day")
	}
	tmpl, err := template.New(id + "." + string(lang)).Funcs(funcs(view{}, lang)).Parse(marked(body))
	if err != nil {
		return nil, err
	}
	guard(tmpl.Root)
	return &wording{id: id, labels: meta["labels"], source: meta["source"], edition: cal.Day(meta["edition"]), reviewer: meta["reviewer"],
		status: meta["status"], body: tmpl}, nil
}

// marked replaces the markup at line starts and the bold signs of a template by marks.
func marked(body string) string {
	starts := []struct {
		sign string
		mark rune
	}{{"## ", markSection}, {"# ", markTitle}, {"+ ", markClause}, {"- ", markItem}, {"= ", markAnnex}, {"@", markTable}, {"> ", markNote}}
	label := regexp.MustCompile(`^\[([a-z0-9]+)\] `)
	lines := strings.Split(body, "\n")
	for i, line := range lines {
		for _, s := range starts {
			rest, ok := strings.CutPrefix(line, s.sign)
			if !ok {
				continue
			}
			if s.mark == markSection || s.mark == markAnnex {
				rest = label.ReplaceAllString(rest, "$1"+string(markLabel))
			}
			lines[i] = string(s.mark) + rest
			break
		}
	}
	return held(strings.ReplaceAll(strings.Join(lines, "\n"), "**", string(markBold)))
}

// held puts no-break spaces where a line must not end: after № and the short words of addresses, before a dash.
func held(s string) string {
	return strings.NewReplacer("№ ", "№"+nbsp, " — ", nbsp+"— ", " – ", nbsp+"– ", "No. {", "No."+nbsp+"{",
		"БИН {", "БИН"+nbsp+"{", "ИИН {", "ИИН"+nbsp+"{", "БСН {", "БСН"+nbsp+"{", "ЖСН {", "ЖСН"+nbsp+"{", "BIN {", "BIN"+nbsp+"{", "IIN {", "IIN"+nbsp+"{",
		"г. ", "г."+nbsp, "ул. ", "ул."+nbsp, "д. ", "д."+nbsp, "кв. ", "кв."+nbsp, " қ.", nbsp+"қ.", "4) ", "4)"+nbsp).Replace(s)
}

// guard appends the function must to everything a template prints, so that an empty value stops the paper instead of leaving a blank.
func guard(node parse.Node) {
	switch n := node.(type) {
	case *parse.ListNode:
		if n == nil {
			return
		}
		for _, child := range n.Nodes {
			guard(child)
		}
	case *parse.IfNode:
		guard(n.List)
		guard(n.ElseList)
	case *parse.RangeNode:
		guard(n.List)
		guard(n.ElseList)
	case *parse.WithNode:
		guard(n.List)
		guard(n.ElseList)
	case *parse.ActionNode:
		if len(n.Pipe.Decl) == 0 {
			n.Pipe.Cmds = append(n.Pipe.Cmds, &parse.CommandNode{NodeType: parse.NodeCommand, Pos: n.Pos,
				Args: []parse.Node{parse.NewIdentifier("must").SetPos(n.Pos)}})
		}
	}
}

// labels are the short texts of tables, requisites, page heads and the signature sheet, by key.
type labels map[string]string

// parseLabels reads lines "key = value"; empty lines and lines that begin with # are skipped.
func parseLabels(raw string) (labels, error) {
	out := labels{}
	for line := range strings.Lines(raw) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, value, found := strings.Cut(line, " = ")
		if !found {
			return nil, fmt.Errorf("not a line key = value: %q", line)
		}
		if out[key] != "" {
			return nil, fmt.Errorf("key %q stands twice", key)
		}
		out[key] = held(value)
	}
	return out, nil
}
