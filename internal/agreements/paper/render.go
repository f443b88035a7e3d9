package paper

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/orynda/orynda/internal/i18n"
)

// Renderer makes papers. It is safe for parallel use and never changes after [New].
type Renderer struct {
	faces   [2]*face
	library *library
}

// New reads the fonts and every version of the wording built into the program. It fails when a font lacks a character that some wording, a
// Kazakh name or an amount needs, or when a version lacks a language, so that a broken build stops at its start and not at a signature.
func New() (*Renderer, error) {
	faces, err := loadFaces()
	if err != nil {
		return nil, err
	}
	lib, err := loadLibrary(textFiles)
	if err != nil {
		return nil, err
	}
	r := &Renderer{faces: faces, library: lib}
	if missing := r.undrawable(); missing != "" {
		return nil, fmt.Errorf("paper: the built-in font lacks %s", missing)
	}
	return r, nil
}

// kazakh is what the papers need besides the characters of their wording.
const kazakh = "АаӘәБбВвГгҒғДдЕеЁёЖжЗзИиЙйКкҚқЛлМмНнҢңОоӨөПпРрСсТтУуҰұҮүФфХхҺһЦцЧчШшЩщЪъЫыІіЬьЭэЮюЯя₸№«»—–0123456789" + nbsp + thin

// undrawable lists the characters that the fonts can't draw, "" when there are none.
func (r *Renderer) undrawable() string {
	needed := map[rune]bool{}
	note := func(s string) {
		for _, c := range s {
			// The marks of the loader never reach a page.
			if c != '\n' && (c < markTitle || c > markRefEnd) {
				needed[c] = true
			}
		}
	}
	note(kazakh)
	for _, byLang := range r.library.wordings {
		for _, w := range byLang {
			note(w.body.Root.String() + w.source + w.reviewer + w.status)
		}
	}
	for _, byLang := range r.library.labels {
		for _, l := range byLang {
			for _, s := range l {
				note(s)
			}
		}
	}
	var missing []string
	for _, c := range slices.Sorted(maps.Keys(needed)) {
		if !r.faces[regular].draws(c) || !r.faces[bold].draws(c) {
			missing = append(missing, fmt.Sprintf("U+%04X", c))
		}
	}
	return strings.Join(missing, ", ")
}

// TemplateVersion gives the wording that new drafts of a regime use, "" for an unknown regime. Papers of older drafts keep theirs.
func TemplateVersion(regime Regime) string {
	switch regime {
	case R50:
		return "r50-1"
	case R361:
		return "r361-1"
	default:
		return ""
	}
}

// Agreement renders the document that the parties sign: every language version and the common page. The errors are document_unprintable
// (422) with every field at fault, coded required, not_allowed, bad_format, unknown_value, too_small,
// too_large, too_long or document_character (a character the font lacks, in Params as U+XXXX); any other error is a fault of the templates.
func (r *Renderer) Agreement(d Data) ([]byte, error) {
	langs := []i18n.Lang{i18n.KK, i18n.RU}
	if d.English {
		langs = i18n.Langs()
	}
	return r.render(d, langs, false)
}

// Copy renders an unsigned copy in one language, marked as such on every page. English is possible even when the signed document has none.
// The errors are those of [Renderer.Agreement].
func (r *Renderer) Copy(d Data, lang i18n.Lang) ([]byte, error) {
	return r.render(d, []i18n.Lang{lang}, true)
}

func (r *Renderer) render(d Data, langs []i18n.Lang, copyOnly bool) ([]byte, error) {
	pages, versions, err := r.layout(d, langs, copyOnly)
	if err != nil {
		return nil, err
	}
	title := joint(versions).each(func(v version) string { return v.labels.with("doc.title", "number", tidyText(d.Number)) })
	return r.write(pages, properties{title: title, lang: string(langs[0]), made: d.RenderedAt})
}

// layout checks the data and sets the pages.
func (r *Renderer) layout(d Data, langs []i18n.Lang, copyOnly bool) ([]*page, []version, error) {
	d, err := tidy(d)
	if err != nil {
		return nil, nil, err
	}
	f := faults{faces: r.faces}
	if f.agreement(d); f.err() != nil {
		return nil, nil, f.err()
	}
	versions, err := r.versions(d, langs)
	if err != nil {
		return nil, nil, err
	}
	flow := &flow{faces: r.faces}
	for _, v := range versions {
		if err := flow.setVersion(d, v, copyOnly); err != nil {
			return nil, nil, err
		}
	}
	flow.setRequisites(d, versions, copyOnly)
	flow.furnish()
	return flow.pages, versions, nil
}

// SignatureSheet renders the sheet that lists who signed, when, how and with what assurance, as an unsigned copy for reference. Its errors
// are those of [Renderer.Agreement].
func (r *Renderer) SignatureSheet(s SheetData) ([]byte, error) {
	pages, j, err := r.layoutSheet(s)
	if err != nil {
		return nil, err
	}
	title := j.say("sheet.title") + " №\u00a0" + tidyText(s.Number)
	return r.write(pages, properties{title: title, lang: string(j[0].lang), made: s.RenderedAt})
}

func (r *Renderer) layoutSheet(s SheetData) ([]*page, joint, error) {
	s, err := tidy(s)
	if err != nil {
		return nil, nil, err
	}
	f := faults{faces: r.faces}
	if f.sheet(s); f.err() != nil {
		return nil, nil, f.err()
	}
	var j joint
	for _, lang := range i18n.Langs() {
		if lang != i18n.EN || s.English {
			j = append(j, version{lang: lang, labels: r.library.labels[sheetLabels][lang]})
		}
	}
	flow := &flow{faces: r.faces}
	flow.setSheet(s, j)
	flow.furnish()
	return flow.pages, j, nil
}

// sheetLabels are the labels of the signature sheet, which is made anew each time and so has no older version to keep.
const sheetLabels = "labels-1"

// furnish gives every page its head and foot, when their number is known.
func (f *flow) furnish() {
	all := f.pages
	for i, p := range all {
		f.pages = all[:i+1]
		f.small(p.head, marginLeft, 19-2*leading(sizeSmall), textWidth)
		f.add(op{kind: opLine, x: marginLeft, y: 19.5, w: textWidth, tone: edge})
		f.add(op{kind: opLine, x: marginLeft, y: pageHeight - 18, w: textWidth, tone: edge})
		f.small(p.foot, marginLeft, pageHeight-16.5, textWidth-20)
		number := fmt.Sprintf("%d / %d", i+1, len(all))
		w := f.measure(span{number, regular}, sizeSmall)
		f.small(number, pageWidth-marginRight-w, pageHeight-16.5, w+1)
	}
}

// small sets a head or foot in at most two lines.
func (f *flow) small(text string, x, y, width float64) {
	lines := f.wrap([]span{{text, regular}}, sizeSmall, width)
	if y < marginTop && len(lines) == 1 {
		y += leading(sizeSmall) // a head stands on its rule
	}
	for i, l := range lines {
		if i == 2 {
			break
		}
		f.draw(l, x, y+float64(i)*leading(sizeSmall), sizeSmall, muted)
	}
}
