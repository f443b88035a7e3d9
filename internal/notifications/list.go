package notifications

import (
	"context"
	"slices"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/storage"
)

// Said is a notice in one language.
type Said struct {
	ID        string
	EventType string
	Group     Group
	Title     string
	Text      string // one or two sentences
	Path      string // of the site's page, to which the site adds the language; "" for none
	CreatedAt time.Time
	ReadAt    time.Time // zero: unread
}

// ListNotices gives the actor's notices in a language, newest first, all or the unread ones only. Errors: unauthorized, email_unverified, bad_cursor.
func (s *Service) ListNotices(ctx context.Context, by accounts.Actor, lang i18n.Lang, unread bool, after storage.Cursor, limit int) (storage.Page[Said], error) {
	if err := s.d.Policy.Permit(by, "listMyNotices", accounts.Self); err != nil {
		return storage.Page[Said]{}, err
	}
	mine := storage.Eq("person", by.PersonID)
	if unread {
		mine = storage.Eq("unread", by.PersonID)
	}
	page, err := s.notices.Page(ctx, storage.Where(mine).ByDesc("created").From(after).Take(limit))
	if err != nil {
		return storage.Page[Said]{}, err
	}
	out, words := storage.Page[Said]{Items: make([]Said, len(page.Items)), Next: page.Next}, s.words()
	for i, n := range page.Items {
		title, text, path, err := words.notice(ctx, lang, n)
		if err != nil {
			return storage.Page[Said]{}, err
		}
		out.Items[i] = Said{n.ID, n.EventType, GroupOf(n.Template), title, text, path, n.CreatedAt, n.ReadAt}
	}
	return out, nil
}

// CountUnread counts the actor's unread notices by one look into an index: cheap enough for every page. Errors: unauthorized, email_unverified.
func (s *Service) CountUnread(ctx context.Context, by accounts.Actor) (int, error) {
	if err := s.d.Policy.Permit(by, "listMyNotices", accounts.Self); err != nil {
		return 0, err
	}
	n, err := s.notices.Count(ctx, storage.Where(storage.Eq("unread", by.PersonID)))
	return int(n), err
}

// readBatch is how many notices are marked in one transaction.
const readBatch = 100

// MarkRead marks some of the actor's notices as read and gives the number that stay unread. Ids of others, or of notices that are gone, are passed over.
// Errors: unauthorized, email_unverified.
func (s *Service) MarkRead(ctx context.Context, by accounts.Actor, ids ...string) (int, error) {
	if err := s.d.Policy.Permit(by, "markNoticesRead", accounts.Self); err != nil {
		return 0, err
	}
	if err := s.markRead(ctx, by.PersonID, ids); err != nil {
		return 0, err
	}
	return s.CountUnread(ctx, by)
}

// MarkAllRead marks what the actor has as read and gives the number that stays unread: what came while it ran. Errors: unauthorized, email_unverified.
func (s *Service) MarkAllRead(ctx context.Context, by accounts.Actor) (int, error) {
	if err := s.d.Policy.Permit(by, "markNoticesRead", accounts.Self); err != nil {
		return 0, err
	}
	unread := storage.Where(storage.Eq("unread", by.PersonID), storage.Lte("created", s.d.Clock.Now())).By("created").Take(readBatch)
	for {
		batch, err := s.notices.Find(ctx, unread)
		if err != nil {
			return 0, err
		}
		ids := make([]string, len(batch))
		for i, n := range batch {
			ids[i] = n.ID
		}
		if err := s.markRead(ctx, by.PersonID, ids); err != nil {
			return 0, err
		}
		if len(batch) < readBatch {
			return s.CountUnread(ctx, by)
		}
	}
}

func (s *Service) markRead(ctx context.Context, personID string, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	now, ordered := s.d.Clock.Now(), slices.Sorted(slices.Values(ids)) // in one order, so that two of these never wait for each other
	return s.d.DB.Tx(ctx, func(ctx context.Context) error {
		for _, id := range slices.Compact(ordered) {
			n, err := s.notices.Lock(ctx, id)
			if storage.IsNotFound(err) {
				continue
			}
			if err != nil {
				return err
			}
			if n.PersonID != personID || !n.ReadAt.IsZero() {
				continue
			}
			n.ReadAt = now
			if err := s.notices.Save(ctx, n); err != nil {
				return err
			}
		}
		return nil
	})
}

// Records gives a person's notices, looks and choices for the export of everything that is kept about the person.
func (s *Service) Records(ctx context.Context, personID string) ([]accounts.Record, error) {
	var out []accounts.Record
	err := s.notices.Each(ctx, storage.Where(storage.Eq("person", personID)).By("created"), func(n *Notice) error {
		data := map[string]any{"event": n.EventType, "subject_id": n.Subject, "read": !n.ReadAt.IsZero()}
		out = append(out, accounts.Record{Kind: "notice", ID: n.ID, CreatedAt: n.CreatedAt, Data: data})
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = s.looks.Each(ctx, storage.Where(storage.Eq("person", personID)), func(l *Look) error {
		out = append(out, accounts.Record{Kind: "look", ID: l.ID, CreatedAt: l.At, Data: map[string]any{"at": l.At}})
		return nil
	})
	if err != nil {
		return nil, err
	}
	c, err := s.chosen.Get(ctx, personID)
	if storage.IsNotFound(err) {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	data := map[string]any{}
	for _, one := range c.Chosen {
		data[string(one.Group)] = string(one.When)
	}
	return append(out, accounts.Record{Kind: "notice_choices", ID: personID, CreatedAt: c.UpdatedAt, Data: data}), nil
}

// Erase deletes a person's notices, looks and choices, in the caller's transaction.
func (s *Service) Erase(ctx context.Context, p *accounts.Person) error {
	list, err := s.notices.Find(ctx, storage.Where(storage.Eq("person", p.ID)))
	if err != nil {
		return err
	}
	for _, n := range list {
		if err := s.notices.Delete(ctx, n.ID); err != nil && !storage.IsNotFound(err) {
			return err
		}
	}
	looks, err := s.looks.Find(ctx, storage.Where(storage.Eq("person", p.ID)))
	if err != nil {
		return err
	}
	for _, l := range looks {
		if err := s.looks.Delete(ctx, l.ID); err != nil && !storage.IsNotFound(err) {
			return err
		}
	}
	if err := s.chosen.Delete(ctx, p.ID); err != nil && !storage.IsNotFound(err) {
		return err
	}
	return nil
}

// Notice is one of the actor's notices in a language: errs.NotFound when there is none. Errors: unauthorized, email_unverified.
func (s *Service) Notice(ctx context.Context, by accounts.Actor, lang i18n.Lang, noticeID string) (Said, error) {
	if err := s.d.Policy.Permit(by, "listMyNotices", accounts.Self); err != nil {
		return Said{}, err
	}
	n, err := s.notices.Get(ctx, noticeID)
	if err != nil {
		return Said{}, err
	}
	if n.PersonID != by.PersonID {
		return Said{}, errs.Missing("notice")
	}
	title, text, path, err := s.words().notice(ctx, lang, n)
	return Said{n.ID, n.EventType, GroupOf(n.Template), title, text, path, n.CreatedAt, n.ReadAt}, err
}
