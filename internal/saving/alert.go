package saving

import (
	"context"
	"errors"
	"net/url"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/finding"
	"github.com/orynda/orynda/internal/finding/questions"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/search"
	"github.com/orynda/orynda/internal/storage"
)

// What an alert says.
const (
	MostListed  = 10   // places that it names
	MostCounted = 1000 // places that it counts
)

// alertPage is how many places are asked for at once: most searches have fewer news.
const alertPage = 20

// Jobs lists what runs by the clock.
func Jobs(s *Service) []outbox.Job {
	return []outbox.Job{{Name: "saving.alerts", Every: 5 * time.Minute, Run: s.runAlerts}}
}

// News is what a search finds that it hasn't told of.
type News struct {
	Search *Search
	Places []*placements.View // newest first, at most MostListed
	Count  int                // at most MostCounted
	Newest time.Time          // when the newest of them was published; zero without any
}

// News gives what a saved search finds among the places published after since and up to until. Errors: saved_search_not_found, and those of
// finding.Service.Find.
func (s *Service) News(ctx context.Context, searchID string, since, until time.Time) (News, error) {
	one, err := s.Search(ctx, searchID)
	if err != nil {
		return News{}, err
	}
	return s.news(ctx, one, since, until)
}

// news asks page by page, newest first, until a place is old enough.
func (s *Service) news(ctx context.Context, one *Search, since, until time.Time) (News, error) {
	out := News{Search: one}
	values, err := url.ParseQuery(one.Query)
	if err != nil {
		return out, err
	}
	q, _ := questions.Read(values)
	q.Sort, q.PerPage = search.Newest, alertPage
	for q.Page = 1; ; q.Page++ {
		page, err := s.d.Finder.Find(ctx, q, i18n.KK)
		if err != nil {
			return out, err
		}
		if page.Degraded { // what isn't asked for would be told as news
			return out, errs.New(errs.Unavailable, "search_unavailable")
		}
		if done := out.take(page, since, until); done || q.Page*alertPage >= page.Total {
			return out, nil
		}
	}
}

// take adds the new ones of a page and reports whether no further page is needed.
func (n *News) take(page *finding.Page, since, until time.Time) (done bool) {
	for _, item := range page.Items {
		at := item.View.Place.PublishedAt
		switch {
		case !at.After(since) || n.Count >= MostCounted:
			return true
		case at.After(until):
			continue
		}
		if n.Count++; n.Count <= MostListed {
			n.Places = append(n.Places, item.View)
		}
		if at.After(n.Newest) {
			n.Newest = at
		}
	}
	return false
}

// runAlerts lets every search that is due tell what is new. One that fails doesn't hold up the others; while the search doesn't answer none is asked.
func (s *Service) runAlerts(ctx context.Context, now time.Time) error {
	if now.In(cal.Zone()).Hour() < AlertHour {
		return nil // a run that comes late doesn't come at night
	}
	var due []*Search
	err := s.searches.Each(ctx, storage.Where(storage.Lte("due", now)).By("due"), func(one *Search) error {
		due = append(due, one)
		return nil
	})
	if err != nil {
		return err
	}
	var failed []error
	for _, one := range due {
		if ctx.Err() != nil {
			break
		}
		if err := s.alert(ctx, one, now); err != nil {
			failed = append(failed, err)
			if errs.KindOf(err) == errs.Unavailable {
				break
			}
		}
	}
	return errors.Join(append(failed, ctx.Err())...)
}

// alert asks, and then moves the search on and tells of the news in one transaction: whatever happens, it tells once a period. A question that can't be asked any
// more (its town is no longer known) tells nothing.
func (s *Service) alert(ctx context.Context, one *Search, now time.Time) error {
	news, err := s.news(ctx, one, one.Told, now)
	if errs.KindOf(err) == errs.Invalid {
		s.d.Log.WarnContext(ctx, "a saved search can't be asked", "search", one.ID, "code", errs.CodeOf(err))
		news, err = News{}, nil
	}
	if err != nil {
		return err
	}
	return s.d.DB.Tx(ctx, func(ctx context.Context) error {
		if err := hold(ctx); err != nil {
			return err
		}
		held, err := s.searches.Lock(ctx, one.ID)
		if storage.IsNotFound(err) {
			return nil
		}
		if err != nil || !held.Due(now) || !held.Told.Equal(one.Told) {
			return err // switched off, or another run was here
		}
		since := held.Told
		held.Alerted(news.Newest, now)
		if err := s.searches.Save(ctx, held); err != nil || news.Count == 0 {
			return err
		}
		return s.d.Box.Emit(ctx, EventMatched, held.ID, map[string]string{"since": since.Format(time.RFC3339Nano), "until": news.Newest.Format(time.RFC3339Nano)})
	})
}

// hold makes a transaction in the run of a job take effect only while its lease holds.
func hold(ctx context.Context) error {
	if _, running := outbox.Fence(ctx); !running {
		return nil
	}
	return outbox.Hold(ctx)
}
