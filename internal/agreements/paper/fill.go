package paper

import (
	"fmt"
	"strings"
	"text/template"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/i18n"
)

// view is what a template sees: the data, and the language's labels for named choices.
type view struct {
	Data
	labels labels
}

// funcs are all that a template may call. None reads a clock, a file or the network.
func funcs(v view, lang i18n.Lang) template.FuncMap {
	return template.FuncMap{
		"must":    func(x any) (string, error) { return must(lang, x) },
		"from":    func(d cal.Day) (string, error) { return longDate(lang, "from", d) },
		"to":      func(d cal.Day) (string, error) { return longDate(lang, "to", d) },
		"of":      func(d cal.Day) (string, error) { return longDate(lang, "of", d) },
		"money":   func(n int64) string { return money(lang, n) },
		"count":   func(n int, forms ...string) (string, error) { return counted(lang, n, forms...) },
		"percent": func(part, whole int) (string, error) { return percent(lang, part, whole) },
		"label": func(group string, value any) (string, error) {
			s := v.labels[fmt.Sprintf("%s.%v", group, value)]
			if s == "" {
				return "", fmt.Errorf("no label for %s.%v", group, value)
			}
			return s, nil
		},
		"ref":   func(label string) string { return string(markRef) + label + string(markRefEnd) },
		"given": func(t i18n.Text) bool { return !t.IsZero() },
		"bare":  func(t i18n.Text) string { return strings.TrimRight(t.In(lang), " .;,") },
		"stop": func(i, length int) string {
			if i == length-1 {
				return "."
			}
			return ";"
		},
	}
}

// must turns what a template prints into text and fails on nothing.
func must(lang i18n.Lang, x any) (string, error) {
	s := ""
	switch v := x.(type) {
	case string:
		s = v
	case i18n.Text:
		s = v.In(lang)
	case cal.Day:
		return longDate(lang, "", v)
	case int:
		s = grouped(lang, int64(v))
	case int64:
		s = grouped(lang, v)
	default:
		return "", fmt.Errorf("a value of type %T can't be printed", x)
	}
	if strings.TrimSpace(s) == "" {
		return "", fmt.Errorf("the value is missing")
	}
	return held(s), nil
}

// blockKind says how a block is set.
type blockKind int

const (
	paragraph blockKind = iota
	title
	section
	clause
	item
	annex
	tableMark // a table by name; layout asks for its content
	note
)

// block is one piece of the text in reading order.
type block struct {
	kind   blockKind
	number string // "3." "3.1." "2)" or an annex's number
	name   string // label of a section or annex, name of a table
	text   string // with markBold inside
}

// fill executes a template and cuts the result into numbered blocks.
func (w *wording) fill(v view, lang i18n.Lang) ([]block, error) {
	tmpl, err := w.body.Clone()
	if err != nil {
		return nil, err
	}
	var out strings.Builder
	if err := tmpl.Funcs(funcs(v, lang)).Execute(&out, v); err != nil {
		return nil, fmt.Errorf("paper: %w", err)
	}
	blocks := number(cut(out.String()))
	return blocks, resolve(blocks)
}

// cut makes blocks of lines: a mark or an empty line begins a new one, any other line goes on with the one before.
func cut(text string) []block {
	var blocks []block
	open := false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" {
			open = false
			continue
		}
		if b, ok := opened(line); ok {
			blocks, open = append(blocks, b), b.kind != tableMark
			continue
		}
		if open {
			blocks[len(blocks)-1].text += " " + line
			continue
		}
		blocks, open = append(blocks, block{kind: paragraph, text: line}), true
	}
	return blocks
}

func opened(line string) (block, bool) {
	kinds := map[rune]blockKind{markTitle: title, markSection: section, markClause: clause, markItem: item, markAnnex: annex,
		markTable: tableMark, markNote: note}
	mark := []rune(line)[0]
	kind, ok := kinds[mark]
	if !ok {
		return block{}, false
	}
	b := block{kind: kind, text: strings.TrimSpace(strings.TrimPrefix(line, string(mark)))}
	if name, rest, found := strings.Cut(b.text, string(markLabel)); found {
		b.name, b.text = name, rest
	}
	if kind == tableMark {
		b.name, b.text = b.text, ""
	}
	return b, true
}

// number gives sections, clauses, items and annexes their numbers.
func number(blocks []block) []block {
	sections, clauses, items, annexes := 0, 0, 0, 0
	for i := range blocks {
		b := &blocks[i]
		switch b.kind {
		case section:
			sections, clauses, items = sections+1, 0, 0
			b.number = fmt.Sprintf("%d.", sections)
		case clause:
			clauses, items = clauses+1, 0
			b.number = fmt.Sprintf("%d.%d.", sections, clauses)
		case item:
			items++
			b.number = fmt.Sprintf("%d)", items)
		case annex:
			annexes++
			b.number = fmt.Sprint(annexes)
		}
	}
	return blocks
}

// resolve puts numbers in place of references.
func resolve(blocks []block) error {
	numbers := map[string]string{}
	for _, b := range blocks {
		if b.name != "" && b.kind != tableMark {
			numbers[b.name] = strings.TrimSuffix(b.number, ".")
		}
	}
	for i := range blocks {
		for strings.ContainsRune(blocks[i].text, markRef) {
			before, rest, _ := strings.Cut(blocks[i].text, string(markRef))
			name, after, _ := strings.Cut(rest, string(markRefEnd))
			if numbers[name] == "" {
				return fmt.Errorf("paper: reference to %q, which is no section or annex", name)
			}
			blocks[i].text = before + numbers[name] + after
		}
	}
	return nil
}
