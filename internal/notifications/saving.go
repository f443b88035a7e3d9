package notifications

import (
	"context"
	"net/url"
	"time"

	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/saving"
	"github.com/orynda/orynda/internal/search"
	"github.com/orynda/orynda/internal/storage"
)

// newestFirst is a question as an address carries it, the newest first.
func newestFirst(query string) string {
	values, err := url.ParseQuery(query)
	if err != nil {
		return query // it was written by Encode
	}
	values.Set("sort", string(search.Newest))
	return values.Encode()
}

// searchMatched tells the owner of a saved search what was published since it told last, as things are now: what has closed meanwhile isn't told.
func (s *Service) searchMatched(ctx context.Context, ev outbox.Event) ([]message, error) {
	since, err := time.Parse(time.RFC3339, ev.Data["since"])
	if err != nil {
		return nil, err
	}
	until, err := time.Parse(time.RFC3339, ev.Data["until"])
	if err != nil {
		return nil, err
	}
	news, err := s.d.Saved.News(ctx, ev.Subject, since, until)
	if storage.IsNotFound(err) {
		return nil, nil // deleted meanwhile
	}
	if err != nil || news.Count == 0 || news.Search.Alerts == saving.Off {
		return nil, err
	}
	to, err := s.person(ctx, news.Search.PersonID)
	m := message{
		template: ev.Type, path: page(pathSaved, news.Search.ID), stops: news.Search.ID,
		facts: []Fact{aboutSearch(news.Search.ID), counted("news", "new_places", news.Count), number("more", news.Count-len(news.Places))},
		leads: pathSearch + "?" + newestFirst(news.Search.Query),
	}
	for _, v := range news.Places {
		m.listed = append(m.listed, v.Place.ID)
	}
	return each(to, m), err
}
