// Package ui holds what the pages of the site are made of: the frame around every page, and the components that look.md names (the seat, the
// way, the clock, forms and their errors). Components are templ functions; they get their data as arguments and what belongs to the page being
// written (language, reader, sentences) from the context, where the edge puts it with [With].
//
// # Contract
//
//   - Every text comes from the catalogues by [T]; a component never holds a word of a language.
//   - Everything works without script: a component is a link, a form or text first.
//   - No inline script and no inline style, because the site's policy forbids both.
//   - Names, addresses, numbers of documents and codes are marked translate="no": they stay as their owners wrote them.
package ui

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/notifications/dates"
)

// Page is what the components know about the page being written. It is made for one request and not shared.
type Page struct {
	Lang      i18n.Lang
	Catalogue *i18n.Catalogue
	Path      string // of this page without its language, with the question: "/placements?q=welder"
	PublicURL string // how people reach the program, without a slash at the end
	Now       time.Time
	Reader    *Reader       // nil for nobody
	CSRF      func() string // the proof that goes into every form that changes something; nil where there are none
	Notice    string        // what the step before said, already in the reader's language; "" for nothing
	NoticeBad bool          // the step before was refused
	Demo      *Demo         // nil outside the demo
	Assets    func(name string) string
}

// Reader is who is signed in.
type Reader struct {
	PersonID string
	Name     string
	Email    string
	Proved   bool // the mail address
	Student  bool // has what students and citizens have: applications of their own
	Guardian bool
	Admin    bool // of the platform
	Homes    []Home
	Unread   int // notices
}

// Home is an organisation the reader acts for.
type Home struct {
	ID, Name string
	Kind     string // enterprise, college, chamber
	Roles    []string
}

// Demo is the bar that only the demo has.
type Demo struct {
	Accounts []DemoAccount
	Current  string // the address that is signed in
}

// DemoAccount is one account that the bar switches to.
type DemoAccount struct{ Email, Key string }

type pageKey struct{}

// With gives a context whose components write this page.
func With(ctx context.Context, p *Page) context.Context { return context.WithValue(ctx, pageKey{}, p) }

// Of is the page that is being written. Outside of one, as in the gallery's tests, it is an empty page in Kazakh without sentences.
func Of(ctx context.Context) *Page {
	if p, ok := ctx.Value(pageKey{}).(*Page); ok {
		return p
	}
	return &Page{Lang: i18n.KK}
}

// T says a sentence of the catalogues in the page's language. Values follow as pairs of name and value; the value named Count, a whole
// number, chooses the plural form.
func T(ctx context.Context, key string, pairs ...any) string {
	p := Of(ctx)
	if p.Catalogue == nil {
		return key
	}
	return p.Catalogue.Say(p.Lang, key, values(pairs))
}

// TOr says the first of the keys that the catalogues know, else the last text as it is.
func TOr(ctx context.Context, fallback string, keys ...string) string {
	p := Of(ctx)
	for _, key := range keys {
		if p.Catalogue != nil && p.Catalogue.Has(key) {
			return p.Catalogue.Say(p.Lang, key, nil)
		}
	}
	return fallback
}

func values(pairs []any) map[string]any {
	if len(pairs) == 0 {
		return nil
	}
	out := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		if name, ok := pairs[i].(string); ok {
			out[name] = pairs[i+1]
		}
	}
	return out
}

// Lang is the language of the page, for attributes.
func Lang(ctx context.Context) string { return string(Of(ctx).Lang) }

// Link is the address of a page in the page's language: Link(ctx, "/placements") is "/kk/placements".
func Link(ctx context.Context, path string) string { return "/" + Lang(ctx) + path }

// LinkIn is the address of this page in another language.
func LinkIn(ctx context.Context, lang i18n.Lang) string { return "/" + string(lang) + Of(ctx).Path }

// Asset is the address of a file of the site, with a mark of its content, so that browsers may keep it for ever.
func Asset(ctx context.Context, name string) string {
	if p := Of(ctx); p.Assets != nil {
		return p.Assets(name)
	}
	return "/static/" + name
}

// In gives a text in the page's language, or in one that there is.
func In(ctx context.Context, t i18n.Text) string { return t.In(Of(ctx).Lang) }

// InLang is the language in which [In] gives the text, for the lang attribute of what stands there.
func InLang(ctx context.Context, t i18n.Text) string {
	for _, l := range []i18n.Lang{Of(ctx).Lang, i18n.KK, i18n.RU, i18n.EN} {
		if t.Has(l) {
			return string(l)
		}
	}
	return Lang(ctx)
}

// Day writes a calendar day as people do.
func Day(ctx context.Context, d cal.Day) string { return dates.Day(Of(ctx).Lang, d) }

// Span writes the first and the last day of something.
func Span(ctx context.Context, from, to cal.Day) string {
	return Day(ctx, from) + " – " + Day(ctx, to)
}

// Moment writes an instant as people do, in Kazakhstan's time.
func Moment(ctx context.Context, t time.Time) string { return dates.Moment(Of(ctx).Lang, t) }

// Short writes day, month and time, without the year.
func Short(ctx context.Context, t time.Time) string { return dates.Short(Of(ctx).Lang, t) }

// Until writes a deadline: an instant, or a day that it includes.
func Until(ctx context.Context, t time.Time) string { return dates.Until(Of(ctx).Lang, t) }

// Today is the calendar day of the page.
func Today(ctx context.Context) cal.Day { return cal.DayOf(Of(ctx).Now) }

// Money writes tenge with narrow no-break spaces: "60 000 ₸".
func Money(amount int) string { return Number(amount) + "\u202f₸" }

// Number writes a whole number in groups of three with narrow no-break spaces.
func Number(n int) string {
	sign := ""
	if n < 0 {
		sign, n = "\u2212", -n
	}
	digits := strconv.Itoa(n)
	var out strings.Builder
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out.WriteString("\u202f")
		}
		out.WriteByte(digits[i])
	}
	return sign + out.String()
}

// Source writes where a rule stands ("R50 13, 25.4; R361 6") as people cite it. What it doesn't know it leaves as it is.
func Source(ctx context.Context, source string) string {
	var out []string
	for _, one := range strings.Split(source, ";") {
		one = strings.TrimSpace(one)
		for _, act := range [][2]string{{"R50 ", "r50"}, {"R361 ", "r361"}, {"Labour Code ", "labour_code"}, {"Civil Code ", "civil_code"}} {
			if paragraphs, ok := strings.CutPrefix(one, act[0]); ok {
				one = T(ctx, "site.source."+act[1], "paragraphs", paragraphs)
			}
		}
		out = append(out, one)
	}
	return strings.Join(out, "; ")
}

// Meta is what a page says about itself in its head.
type Meta struct {
	Title       string // without the name of the site
	Description string
	NoIndex     bool   // personal and changing pages
	Canonical   string // path without language; "" for this page's path without its question
	Image       string // address of the picture for previews; "" for the site's own
	JSONLD      string // structured data as JSON, made by encoding/json; "" for none
	Wide        bool   // tables and boards take the whole width
	Feed        string // address of an Atom feed of this page; "" for none
}
