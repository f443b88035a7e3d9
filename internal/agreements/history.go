package agreements

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/audit"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/storage"
)

// RevisionView is a revision written for a reader.
type RevisionView struct {
	Revision *Revision
	Current  bool
	Changes  []ReadableChange
}

// ListRevisions gives what changed from one revision to the next, newest first, in the reader's language (listRevisions).
func (s *Service) ListRevisions(ctx context.Context, by accounts.Actor, agreementID string, lang i18n.Lang, after storage.Cursor, limit int) (storage.Page[*RevisionView], error) {
	var page storage.Page[*RevisionView]
	a, _, err := s.permitted(ctx, by, "listRevisions", agreementID)
	if err != nil {
		return page, err
	}
	got, err := s.revisions.Page(ctx, storage.Where(storage.Eq("agreement", a.ID)).ByDesc("number").From(after).Take(limit))
	if err != nil {
		return page, err
	}
	page.Next = got.Next
	for _, r := range got.Items {
		v := &RevisionView{Revision: r, Current: r.Number == a.Revision}
		for _, c := range r.Changes {
			readable, err := s.readable(c, lang)
			if err != nil {
				return page, err
			}
			v.Changes = append(v.Changes, readable)
		}
		page.Items = append(page.Items, v)
	}
	return page, nil
}

// TimelineEntry is one step of an agreement's life, from the trail.
type TimelineEntry struct {
	ID       string
	At       time.Time
	Kind     string
	Party    Party
	PersonID string
	Person   string
	Revision int
	State    State
	Reason   string
	Text     string
	Hash     string // the entry's link in the hash chain
}

// Timeline gives every step since the draft, oldest first, in the reader's language (getTimeline). It is the agreement's trail in readable form.
func (s *Service) Timeline(ctx context.Context, by accounts.Actor, agreementID string, lang i18n.Lang, after storage.Cursor, limit int) (storage.Page[TimelineEntry], error) {
	var page storage.Page[TimelineEntry]
	a, _, err := s.permitted(ctx, by, "getTimeline", agreementID)
	if err != nil {
		return page, err
	}
	all, err := s.Trail.Entries(ctx, "agreement:"+a.ID)
	if err != nil {
		return page, err
	}
	from := 0
	if !after.IsZero() {
		n, err := strconv.Atoi(strings.TrimPrefix(after.ID, "seq_"))
		if err != nil || n < 0 || after.Value != nil {
			return page, errs.New(errs.Invalid, "bad_cursor").WithFields(errs.Field{Field: "cursor", Code: "bad_cursor"})
		}
		from = min(n, len(all))
	}
	if limit <= 0 {
		limit = 20
	}
	names := map[string]string{}
	for i := from; i < len(all) && len(page.Items) < limit; i++ {
		entry, err := s.timelineEntry(ctx, a, all[i], lang, names)
		if err != nil {
			return page, err
		}
		page.Items = append(page.Items, entry)
	}
	if end := from + len(page.Items); end < len(all) {
		page.Next = storage.Cursor{ID: fmt.Sprintf("seq_%d", end)}
	}
	return page, nil
}

// timelineEntry writes one entry of the trail. The sentence is agreement.step.<kind> with the party's word; a reason is the agreement's note.
func (s *Service) timelineEntry(ctx context.Context, a *Agreement, r audit.Recorded, lang i18n.Lang, names map[string]string) (TimelineEntry, error) {
	out := TimelineEntry{
		ID: fmt.Sprintf("evt_%s_%d", strings.TrimPrefix(a.ID, "agr_"), r.Seq), At: r.At, Kind: strings.TrimPrefix(r.Action, "agreement."),
		Party: Party(r.Data["party"]), State: State(r.Data["state"]), Hash: r.Hash, Reason: a.note(r.Data["note"]),
	}
	out.Revision, _ = strconv.Atoi(r.Data["revision"])
	if out.Reason == "" && r.Data["reason"] != "" && s.Catalogue.Has("agreement.reason."+r.Data["reason"]) {
		out.Reason = s.Catalogue.Say(lang, "agreement.reason."+r.Data["reason"], nil)
	}
	if r.Actor != "" && !strings.HasPrefix(r.Actor, "system:") {
		out.PersonID = r.Actor
		if _, known := names[r.Actor]; !known {
			p, err := found(s.Accounts.Person(ctx, r.Actor))
			if err != nil {
				return out, err
			}
			if p != nil {
				names[r.Actor] = p.FullName
			}
		}
		out.Person = names[r.Actor]
	}
	party := s.Catalogue.Say(lang, "agreement.party."+string(out.Party), nil)
	out.Text = s.Catalogue.Say(lang, "agreement.step."+out.Kind, map[string]any{"Party": party})
	return out, nil
}
