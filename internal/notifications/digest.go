package notifications

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/notifications/letter"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/storage"
)

// DigestHour is when the daily mails go out, in UTC+5.
const DigestHour = 8

// mostInDigest is how many notices one daily mail lists; the rest is counted, and stands on the site.
const mostInDigest = 50

// digestType is the event type of daily mails in the log.
const digestType = "digest"

// nextDigest is when the next daily mail after now goes out.
func nextDigest(now time.Time) time.Time {
	today := cal.DayOf(now)
	if at := today.Start().Add(DigestHour * time.Hour); now.Before(at) {
		return at
	}
	return today.Add(1).Start().Add(DigestHour * time.Hour)
}

// digestRun is one run over everybody. What an event still says is asked once, not for each of its readers.
type digestRun struct {
	*Service
	now       time.Time
	decisions map[string]Decision
	built     map[string][]message
}

// runDigests sends the daily mails that are due. One that fails doesn't hold up the others.
func (s *Service) runDigests(ctx context.Context, now time.Time) error {
	if now.In(cal.Zone()).Hour() < DigestHour {
		return nil // a run that comes late doesn't come at night
	}
	var people []string
	err := s.notices.Each(ctx, storage.Where(storage.Lte("due", now)).By("due"), func(n *Notice) error {
		people = append(people, n.PersonID)
		return nil
	})
	if err != nil {
		return err
	}
	slices.Sort(people)
	run := &digestRun{Service: s, now: now, decisions: map[string]Decision{}, built: map[string][]message{}}
	for _, d := range Decisions() {
		run.decisions[d.Type] = d
	}
	var failed []error
	for _, personID := range slices.Compact(people) {
		if err := ctx.Err(); err != nil {
			return errors.Join(append(failed, err)...)
		}
		if err := run.person(ctx, personID); err != nil {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

// person sends one person's daily mail: what waits, still stands and hasn't been read on the site. The log's entry of person and day makes it one a day:
// it is marked before sending, and what comes due after it waits for the next day.
func (r *digestRun) person(ctx context.Context, personID string) error {
	pending, err := r.notices.Find(ctx, storage.Where(storage.Eq("person", personID), storage.Lte("due", r.now)).By("created"))
	if err != nil || len(pending) == 0 {
		return err
	}
	to, standing, err := r.standing(ctx, personID, pending)
	if err != nil {
		return err
	}
	if len(standing) == 0 {
		return r.settle(ctx, pending, time.Time{})
	}
	day := cal.DayOf(r.now)
	ev := outbox.Event{ID: digestType + "|" + personID + "|" + string(day), Type: digestType, Subject: personID, At: r.now}
	begun, err := r.deliver(ctx, ev, digestType, personID, true, func() (Mail, error) { return r.digest(ctx, to, standing) })
	switch {
	case err != nil:
		return err // nothing was handed over: the next run tries again
	case begun:
		return r.settle(ctx, pending, time.Time{})
	}
	return r.settle(ctx, pending, nextDigest(r.now)) // today's is done, or somebody else is at it, who settles what it holds
}

// standing gives the reader, and what of the pending there still is to say now.
func (r *digestRun) standing(ctx context.Context, personID string, pending []*Notice) (to reader, out []message, err error) {
	found, err := r.Service.person(ctx, personID)
	if err != nil || len(found) == 0 {
		return reader{}, nil, err
	}
	chosen, err := r.choices(ctx, personID)
	if err != nil {
		return reader{}, nil, err
	}
	for _, n := range pending {
		if !n.ReadAt.IsZero() || chosen.When(GroupOf(n.Template)) == Never {
			continue
		}
		list, err := r.build(ctx, n.event())
		if err != nil {
			return reader{}, nil, err
		}
		at := slices.IndexFunc(list, func(m message) bool { return m.to.id == personID && m.template == n.Template })
		if at >= 0 {
			out = append(out, list[at])
		}
	}
	return found[0], out, nil
}

// build asks what an event says as things are now.
func (r *digestRun) build(ctx context.Context, ev outbox.Event) ([]message, error) {
	if list, known := r.built[ev.ID]; known {
		return list, nil
	}
	d, known := r.decisions[ev.Type]
	if !known || d.build == nil {
		return nil, nil // an event of an earlier version
	}
	list, err := d.build(r.Service, ctx, ev)
	if storage.IsNotFound(err) {
		list, err = nil, nil // what it was about is gone
	}
	if err == nil {
		r.built[ev.ID] = list
	}
	return list, err
}

// settle marks notices as done, or puts them off. What somebody else has settled meanwhile is left alone when it is put off.
func (r *digestRun) settle(ctx context.Context, pending []*Notice, due time.Time) error {
	ids := make([]string, len(pending))
	for i, n := range pending {
		ids[i] = n.ID
	}
	slices.Sort(ids)
	for batch := range slices.Chunk(ids, readBatch) {
		err := r.d.DB.Tx(ctx, func(ctx context.Context) error {
			for _, id := range batch {
				n, err := r.notices.Lock(ctx, id)
				switch {
				case storage.IsNotFound(err):
					continue
				case err != nil:
					return err
				case n.DueAt.IsZero(), !due.IsZero() && n.DueAt.After(r.now):
					continue
				}
				n.DueAt = due
				if due.IsZero() {
					n.Data = nil
				}
				if err := r.notices.Save(ctx, n); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// digest writes a daily mail: the groups in their order, in each the oldest first.
func (s *Service) digest(ctx context.Context, to reader, list []message) (Mail, error) {
	lang, words := to.lang, s.words()
	l := s.letter(lang, GroupDigest, stopping{person: to.id}, false)
	count := map[string]any{"Count": len(list)}
	l.Subject, l.Text = s.say(lang, "mail.digest.subject", count), s.say(lang, "mail.digest.text", count)
	listed := list
	if len(listed) > mostInDigest {
		listed = listed[:mostInDigest]
		l.Text += "\n\n" + s.say(lang, "mail.digest.more", map[string]any{"Count": len(list) - mostInDigest})
	}
	for _, rule := range GroupRules() {
		section := letter.Section{Title: s.say(lang, "notice.group."+string(rule.Group), nil)}
		for _, m := range listed {
			if GroupOf(m.template) != rule.Group {
				continue
			}
			n := &Notice{Template: m.template, Facts: m.facts, Path: m.path, WardID: m.to.wardID}
			title, text, path, err := words.notice(ctx, lang, n)
			if err != nil {
				return Mail{}, err
			}
			section.Items = append(section.Items, letter.Item{Title: title, Text: text, URL: s.url(lang, path)})
		}
		if len(section.Items) > 0 {
			l.Sections = append(l.Sections, section)
		}
	}
	s.leads(&l, lang, pathNotices)
	out, err := s.print(l.Letter, to)
	out.Stop = l.stop
	return out, err
}
