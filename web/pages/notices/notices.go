// Package notices holds the pages of what the system told its reader, and of what it shall tell by mail.
package notices

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/web/ui"
)

// Notice is one notice, said in the reader's language.
type Notice struct {
	ID, Title, Text string
	Path            string // of its page, without language; "" for none
	At              time.Time
	Unread          bool
}

// ListData is a part of the list.
type ListData struct {
	Items      []Notice
	UnreadOnly bool
	Next       string // address of the next part, "" at the end
}

// Group is one group of messages with what may be chosen for it.
type Group struct {
	Key, Name, Text, When string
	Options               []string
	Fixed                 bool
}

// ChoicesData is what its reader chose.
type ChoicesData struct {
	Version string
	Groups  []Group
	Locale  string // of the mails
}

// StopData is the link at the foot of a mail.
type StopData struct {
	Token, Name string
	Stopped     bool
}

func whens(ctx context.Context, g Group) []ui.Option {
	var out []ui.Option
	for _, when := range g.Options {
		out = append(out, ui.Option{Value: when, Label: ui.T(ctx, "notice.when."+when)})
	}
	return out
}

func languages(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, l := range i18n.Langs() {
		out = append(out, ui.Option{Value: string(l), Lang: string(l), Label: ui.Of(ctx).Catalogue.Say(l, "language.name", nil)})
	}
	return out
}
