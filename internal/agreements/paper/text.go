package paper

import (
	"strings"

	"github.com/orynda/orynda/internal/i18n"
)

// PieceKind is what a piece of an agreement's text is.
type PieceKind string

// The kinds of pieces, in the words of the layout.
const (
	TitlePiece     PieceKind = "title"
	SectionPiece   PieceKind = "section"
	ClausePiece    PieceKind = "clause"
	ItemPiece      PieceKind = "item"
	AnnexPiece     PieceKind = "annex"
	NotePiece      PieceKind = "note"
	ParagraphPiece PieceKind = "paragraph"
	TablePiece     PieceKind = "table"
)

// Piece is one block of an agreement's text in reading order, for screens. A table has Heads (none for pairs of a label and its value) and Rows.
type Piece struct {
	Kind   PieceKind
	Number string // "3.", "3.1.", "2)", or an annex's with its word
	Runs   []Run
	Heads  []string
	Rows   [][]string
}

// Run is a stretch of text of one weight.
type Run struct {
	Text string
	Bold bool
}

// Text gives the wording of one language version as it is printed, with the requisites of the parties at its end, and without what only paper needs: the head and
// foot of pages, the code to scan, lines to sign by hand. Its errors are those of [Renderer.Agreement].
func (r *Renderer) Text(d Data, lang i18n.Lang) ([]Piece, error) {
	d, err := tidy(d)
	if err != nil {
		return nil, err
	}
	f := faults{faces: r.faces}
	if f.agreement(d); f.err() != nil {
		return nil, f.err()
	}
	all, err := r.versions(d, []i18n.Lang{lang})
	if err != nil {
		return nil, err
	}
	v := all[0]
	var out []Piece
	for _, b := range v.blocks {
		p, err := v.piece(b, d)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return append(out, v.requisites(d)...), nil
}

func (v version) piece(b block, d Data) (Piece, error) {
	kinds := map[blockKind]PieceKind{
		title: TitlePiece, section: SectionPiece, clause: ClausePiece, item: ItemPiece, annex: AnnexPiece, note: NotePiece, paragraph: ParagraphPiece,
	}
	p := Piece{Kind: kinds[b.kind], Number: b.number, Runs: runs(b.text)}
	switch b.kind {
	case annex:
		p.Number = v.labels.with("annex.name", "n", b.number)
	case tableMark:
		t, err := v.table(b.name, d)
		if err != nil {
			return p, err
		}
		return tablePiece(t), nil
	}
	return p, nil
}

func tablePiece(t table) Piece {
	p := Piece{Kind: TablePiece, Rows: t.rows}
	if t.headed() {
		for _, c := range t.columns {
			p.Heads = append(p.Heads, c.head)
		}
	}
	return p
}

// requisites are the parties' blocks of the common page in one language.
func (v version) requisites(d Data) []Piece {
	j := joint{v}
	out := []Piece{{Kind: AnnexPiece, Runs: runs(v.labels["doc.common"])}}
	add := func(role string, rows [][]string) {
		out = append(out, Piece{Kind: SectionPiece, Runs: runs(j.say(role))}, tablePiece(pairs(rows)))
	}
	add("role.college", j.organisation(d.College))
	add("role.enterprise", j.organisation(d.Enterprise))
	add("role.student", j.student(d.Student))
	if d.Guardian != nil {
		add("role.guardian", j.guardian(*d.Guardian))
	}
	return out
}

// runs cuts a text at the marks that switch bold on and off.
func runs(text string) []Run {
	var out []Run
	for i, part := range strings.Split(text, string(markBold)) {
		if part != "" {
			out = append(out, Run{Text: part, Bold: i%2 == 1})
		}
	}
	return out
}
