// Package admin holds the pages of the platform's administrator: institutions, undelivered work, the search index, the audit trail. They show ids
// and codes only: the administrator sees no personal data.
package admin

import (
	"context"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/indexing"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/web/ui"
)

// tabs are the sisters of an administrator's page.
func tabs(ctx context.Context, at string) []ui.Tab {
	var out []ui.Tab
	for _, t := range []struct{ at, path string }{
		{"home", "/admin"}, {"colleges", "/admin/colleges"}, {"chambers", "/admin/chambers"}, {"outbox", "/admin/outbox"}, {"dead", "/admin/dead"},
		{"searches", "/admin/searches"},
	} {
		out = append(out, ui.Tab{Path: t.path, Label: ui.T(ctx, "site.admin.tab."+t.at), Current: t.at == at})
	}
	return out
}

// Home is the state of the installation.
type Home struct {
	Backlog       outbox.Backlog
	IndexReady    bool
	IndexCount    int
	IndexName     string
	Rebuild       *indexing.Request // the one the reader asked for; nil for none
	SealNumber    int64
	SealedAt      time.Time
	Version       string
	RulesVersion  string
	Storage       string
	Demo          bool
	Organisations []ui.Row
}

func rebuildBadge(s indexing.RequestState) string {
	switch s {
	case indexing.Done:
		return "good"
	case indexing.Failed:
		return "bad"
	}
	return "wait"
}

// Organisation is one institution in a list.
type Organisation struct {
	ID, Name, Kind, Region, City, BIN string
}

// Organisations is the list of colleges or chambers.
type Organisations struct {
	At   string // colleges, chambers
	Q    string
	Rows []Organisation
	Next string
}

// New is the form of a new institution.
type New struct {
	At      string
	Form    *ui.Form
	Cities  []ui.Option
	Regions []ui.Option
}

// Label is the name of a field.
func Label(ctx context.Context, field string) string {
	return ui.TOr(ctx, field, "site.admin.f."+field)
}

func field(ctx context.Context, n New, name, most string) ui.Control {
	return ui.Control{Form: n.Form, Name: name, Label: Label(ctx, name), Hint: ui.TOr(ctx, "", "site.admin.h."+name), MaxLength: most}
}

func chosen(ctx context.Context, c ui.Control, list []ui.Option) ui.Control {
	c.Options, c.Empty = list, ui.T(ctx, "site.people.choose")
	return c
}

func kinds(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, k := range []string{"tvet", "post_secondary", "training_centre", "university"} {
		out = append(out, ui.Option{Value: k, Label: ui.T(ctx, "site.public.college_kind."+k)})
	}
	return out
}

// Outbox is the list of deliveries.
type Outbox struct {
	Dead    bool // the list of dead letters
	State   string
	Backlog outbox.Backlog
	Items   []*outbox.Delivery
	Next    string
}

func (o Outbox) states() []string {
	if o.Dead {
		return []string{"dead", "retried"}
	}
	return []string{"", "waiting", "in_progress", "delivered", "dead"}
}

func (o Outbox) at() string {
	if o.Dead {
		return "dead"
	}
	return "outbox"
}

func (o Outbox) path(state string) string {
	if state == "" {
		return "/admin/" + o.at()
	}
	return "/admin/" + o.at() + "?state=" + state
}

func deliveryBadge(s outbox.State) string {
	switch s {
	case outbox.Delivered:
		return "good"
	case outbox.Dead:
		return "bad"
	}
	return "wait"
}

func numeric(c ui.Control) ui.Control {
	c.InputMode = "numeric"
	return c
}

func worded(c ui.Control, lang string) ui.Control {
	c.Lang = lang
	return c
}

func listed(c ui.Control, list []ui.Option) ui.Control {
	c.Options = list
	return c
}

// parts divides a name behind its dots and lines: "agreement.code_issued" has three.
func parts(name string) []string {
	return strings.Split(strings.ReplaceAll(strings.ReplaceAll(name, ".", ".\n"), "_", "_\n"), "\n")
}
