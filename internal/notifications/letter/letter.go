// Package letter lays out mails: one [Letter] as plain text and as HTML that says the same.
//
// The text is the master. The HTML has no tables, no pictures and nothing remote; its styles stand at the elements, because mail programs
// keep no others. Everything that comes from outside is escaped.
package letter

import (
	_ "embed"
	"html/template"
	"strings"
)

//go:embed letter.html
var page string

// Letter is what a mail says. All texts are in one language, and finished.
type Letter struct {
	Lang     string
	Subject  string
	Site     string // address of the site in the reader's language
	Name     string // of the site, in a few words
	Hello    string
	Copy     string    // for whom this is a copy; may be empty
	Text     string    // paragraphs, parted by an empty line; in each, lines
	Code     string    // a code that the text shows; may be empty
	Sections []Section // of a daily mail
	Button   Link      // to the page where to act; may be empty
	Open     string    // the line of the plain text that leads there
	Foot     []Foot
}

// Section is a heading with its entries.
type Section struct {
	Title string
	Items []Item
}

// Item is one entry of a daily mail.
type Item struct {
	Title string
	Text  string
	URL   string // may be empty
}

// Link is a word that leads somewhere.
type Link struct{ Label, URL string }

// Foot is a line at the end of the mail: a sentence, or a label with an address.
type Foot struct {
	Text string
	URL  string // may be empty
}

// Plain writes the letter as text.
func (l Letter) Plain() string {
	var out strings.Builder
	paragraph := func(text string) {
		if text != "" {
			out.WriteString(text + "\n\n")
		}
	}
	paragraph(l.Hello)
	paragraph(l.Copy)
	paragraph(l.Text)
	for _, s := range l.Sections {
		paragraph(strings.ToUpper(s.Title))
		for _, item := range s.Items {
			paragraph(strings.TrimSuffix("- "+item.Title+"\n  "+strings.Join(filled(item.Text, item.URL), "\n  "), "\n  "))
		}
	}
	paragraph(l.Open)
	out.WriteString("-- \n" + l.Name + ": " + l.Site + "\n")
	for _, f := range l.Foot {
		out.WriteString(f.Text)
		if f.URL != "" {
			out.WriteString(": " + f.URL)
		}
		out.WriteString("\n")
	}
	return out.String()
}

func filled(texts ...string) []string {
	var out []string
	for _, t := range texts {
		if t != "" {
			out = append(out, t)
		}
	}
	return out
}

// Block is one paragraph of the text: lines of sentences, or a list of labels with values.
type Block struct {
	Lines []string
	Facts []Fact
}

// Fact is one line "label: value".
type Fact struct {
	Label, Value string
	URL          string // the value again, when it is an address
}

// longestLabel is how long the beginning of a line may be, in characters, to be a label.
const longestLabel = 40

// Blocks parts the text into paragraphs. The first is always made of sentences; a later one whose lines all begin with a label is a list.
func (l Letter) Blocks() []Block {
	var out []Block
	for i, paragraph := range strings.Split(l.Text, "\n\n") {
		lines := strings.Split(paragraph, "\n")
		facts := factsOf(lines)
		if i > 0 && facts != nil {
			out = append(out, Block{Facts: facts})
			continue
		}
		if l.Code != "" {
			for n := range lines {
				lines[n] = strings.TrimSuffix(lines[n], " "+l.Code) // shown large below
			}
		}
		out = append(out, Block{Lines: lines})
	}
	return out
}

func factsOf(lines []string) []Fact {
	out := make([]Fact, 0, len(lines))
	for _, line := range lines {
		label, value, found := strings.Cut(line, ": ")
		if !found || len([]rune(label)) > longestLabel || strings.ContainsAny(label, ".?") {
			return nil
		}
		f := Fact{Label: label, Value: value}
		if strings.HasPrefix(value, "https://") && !strings.ContainsAny(value, " \t") {
			f.URL = value
		}
		out = append(out, f)
	}
	return out
}

// Seats are the nine squares of the mark, the middle one filled.
func (l Letter) Seats() [3][3]bool { return [3][3]bool{1: {1: true}} }

// Press makes HTML. Make it with [New]; it is safe for parallel use.
type Press struct{ page *template.Template }

// New reads the layout, which is built in.
func New() *Press { return &Press{template.Must(template.New("letter").Parse(page))} }

// HTML writes the letter as a page.
func (p *Press) HTML(l Letter) (string, error) {
	var out strings.Builder
	err := p.page.Execute(&out, l)
	return out.String(), err
}
