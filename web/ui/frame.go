package ui

import (
	"context"
	"strings"

	"github.com/orynda/orynda/internal/i18n"
)

// title is what stands in the window: the page, then the site.
func title(ctx context.Context, m Meta) string {
	if m.Title == "" {
		return "Orynda · " + T(ctx, "site.title")
	}
	return m.Title + " · Orynda"
}

// canonical is the one address of a page in a language.
func canonical(ctx context.Context, m Meta, lang i18n.Lang) string {
	path := m.Canonical
	if path == "" {
		path, _, _ = strings.Cut(Of(ctx).Path, "?")
	}
	return Of(ctx).PublicURL + "/" + string(lang) + path
}

// current reports whether a way in the head leads to where the reader is.
func current(ctx context.Context, path string) bool {
	here, _, _ := strings.Cut(Of(ctx).Path, "?")
	return here == path || strings.HasPrefix(here, path+"/")
}

// homePath is where somebody who acts for an organisation begins.
func homePath(h Home) string {
	switch h.Kind {
	case "college":
		return "/colleges/" + h.ID + "/desk"
	case "chamber":
		return "/chambers/" + h.ID + "/desk"
	}
	return "/enterprises/" + h.ID + "/desk"
}

// firstName is the second word of a full name as it is written here (family name first), or the only one.
func firstName(full string) string {
	words := strings.Fields(full)
	if len(words) > 1 {
		return words[1]
	}
	return full
}

func short(l i18n.Lang) string {
	switch l {
	case i18n.KK:
		return "Қаз"
	case i18n.RU:
		return "Рус"
	}
	return "Eng"
}

// languageName is a language's name in itself.
func (p *Page) languageName(l i18n.Lang) string {
	if p.Catalogue == nil {
		return string(l)
	}
	return p.Catalogue.Say(l, "language.name", nil)
}
