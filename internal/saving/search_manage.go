package saving

import (
	"context"
	"errors"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/audit/plain"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/finding"
	"github.com/orynda/orynda/internal/finding/questions"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/storage"
)

// Input is what a person says of a search to save.
type Input struct {
	Name   string
	Query  string // as an address carries it, with or without the question mark
	Alerts Alerts // "": Off
}

// SaveSearch saves a search of the actor (createSavedSearch). Errors: unauthorized, email_unverified; bad_request with the fields required, too_long, bad_format,
// unknown_value, unknown_field and personal_data on name, alerts and query.<parameter>; what finding.Service.Find refuses; Conflict saved_search_known
// (the same question is saved) and saved_searches_limit.
func (s *Service) SaveSearch(ctx context.Context, by accounts.Actor, in Input) (*Search, error) {
	if err := s.permit(by, "createSavedSearch"); err != nil {
		return nil, err
	}
	if in.Alerts == "" {
		in.Alerts = Off
	}
	name, bad := readName(in.Name)
	query, question, wrong := readQuery(in.Query)
	if bad = append(append(bad, checkAlerts(in.Alerts)...), wrong...); len(bad) > 0 {
		return nil, errs.InvalidFields(bad)
	}
	question.PerPage = 1
	if _, err := s.d.Finder.Find(ctx, question, i18n.KK); err != nil {
		return nil, err // what can't be asked can't be saved
	}
	now := s.d.Clock.Now()
	fresh := &Search{ID: id.New("srh"), CreatedAt: now, PersonID: by.PersonID, Name: name, Query: query, Alerts: Off, Told: now}
	fresh.Choose(in.Alerts, now)
	err := s.add(ctx, by, func(ctx context.Context) error {
		have, err := s.searchesOf(ctx, by.PersonID)
		switch {
		case err != nil:
			return err
		case slices.ContainsFunc(have, func(one *Search) bool { return one.Query == query }):
			return errs.New(errs.Conflict, "saved_search_known")
		case len(have) >= MostSearches:
			return errs.New(errs.Conflict, "saved_searches_limit").With("max", MostSearches)
		}
		return s.searches.Insert(ctx, fresh)
	})
	if err != nil {
		return nil, err
	}
	return fresh, nil
}

// Searches lists the actor's saved searches, the oldest first (listSavedSearches). Errors: unauthorized, email_unverified.
func (s *Service) Searches(ctx context.Context, by accounts.Actor) ([]*Search, error) {
	if err := s.permit(by, "listSavedSearches"); err != nil {
		return nil, err
	}
	return s.searchesOf(ctx, by.PersonID)
}

func (s *Service) searchesOf(ctx context.Context, personID string) ([]*Search, error) {
	return s.searches.Find(ctx, storage.Where(storage.Eq("person", personID)).By("created"))
}

// OwnSearch is one of the actor's saved searches. Errors: unauthorized, email_unverified, saved_search_not_found.
func (s *Service) OwnSearch(ctx context.Context, by accounts.Actor, searchID string) (*Search, error) {
	if err := s.permit(by, "listSavedSearches"); err != nil {
		return nil, err
	}
	return owned(by.PersonID)(s.Search(ctx, searchID))
}

// Search reads a saved search, for messages about it: saved_search_not_found when it is gone.
func (s *Service) Search(ctx context.Context, searchID string) (*Search, error) {
	one, err := s.searches.Get(ctx, searchID)
	if storage.IsNotFound(err) {
		return nil, errs.Missing("saved_search")
	}
	return one, err
}

// owned passes a search on to its owner; to anybody else it isn't there.
func owned(personID string) func(one *Search, err error) (*Search, error) {
	return func(one *Search, err error) (*Search, error) {
		if storage.IsNotFound(err) || err == nil && one.PersonID != personID {
			return nil, errs.Missing("saved_search")
		}
		return one, err
	}
}

// Change is what may be changed of a saved search; nil leaves it.
type Change struct {
	Name   *string
	Alerts *Alerts
}

// UpdateSearch changes one of the actor's saved searches (updateSavedSearch). expect is the version the actor saw, 0 for any. Errors: unauthorized, email_unverified,
// saved_search_not_found, stale_version; fields as for SaveSearch.
func (s *Service) UpdateSearch(ctx context.Context, by accounts.Actor, searchID string, c Change, expect int64) (*Search, error) {
	if err := s.permit(by, "updateSavedSearch"); err != nil {
		return nil, err
	}
	var name string
	var bad []errs.Field
	if c.Name != nil {
		name, bad = readName(*c.Name)
	}
	if c.Alerts != nil {
		bad = append(bad, checkAlerts(*c.Alerts)...)
	}
	if len(bad) > 0 {
		return nil, errs.InvalidFields(bad)
	}
	return s.change(ctx, by.PersonID, searchID, func(one *Search) (bool, error) {
		if expect != 0 && expect != one.Version {
			return false, errs.New(errs.Stale, "stale_version").With("current_version", one.Version)
		}
		changed := c.Name != nil && name != one.Name
		if changed {
			one.Name = name
		}
		if c.Alerts != nil {
			changed = one.Choose(*c.Alerts, s.d.Clock.Now()) || changed
		}
		return changed, nil
	})
}

// StopAlerts switches the alerts of a person's search off, without signing in: the caller has proved by a sealed link that the person asks for it. A repeat is
// fine, and so is a search that is gone.
func (s *Service) StopAlerts(ctx context.Context, personID, searchID string) error {
	_, err := s.change(ctx, personID, searchID, func(one *Search) (bool, error) { return one.Choose(Off, s.d.Clock.Now()), nil })
	if storage.IsNotFound(err) {
		return nil
	}
	return err
}

// change changes a person's search in a transaction of its own.
func (s *Service) change(ctx context.Context, personID, searchID string, step func(one *Search) (changed bool, err error)) (*Search, error) {
	var out *Search
	err := s.d.DB.Tx(ctx, func(ctx context.Context) error {
		one, err := owned(personID)(s.searches.Lock(ctx, searchID))
		if err != nil {
			return err
		}
		out = one
		changed, err := step(one)
		if err != nil || !changed {
			return err
		}
		return s.searches.Save(ctx, one)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// ForgetSearch deletes one of the actor's saved searches (deleteSavedSearch). Errors: unauthorized, email_unverified, saved_search_not_found.
func (s *Service) ForgetSearch(ctx context.Context, by accounts.Actor, searchID string) error {
	if err := s.permit(by, "deleteSavedSearch"); err != nil {
		return err
	}
	return s.d.DB.Tx(ctx, func(ctx context.Context) error {
		one, err := owned(by.PersonID)(s.searches.Lock(ctx, searchID))
		if err != nil {
			return err
		}
		return s.searches.Delete(ctx, one.ID)
	})
}

func readName(text string) (name string, bad []errs.Field) {
	name = strings.Join(strings.Fields(text), " ")
	switch {
	case name == "":
		return "", []errs.Field{{Field: "name", Code: "required"}}
	case utf8.RuneCountInString(name) > MostName:
		return "", []errs.Field{{Field: "name", Code: "too_long", Params: map[string]any{"max": MostName}}}
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return "", []errs.Field{{Field: "name", Code: "bad_format"}}
	case plain.Personal(name):
		return "", []errs.Field{{Field: "name", Code: "personal_data"}}
	}
	return name, nil
}

func checkAlerts(a Alerts) []errs.Field {
	if slices.Contains(AllAlerts(), a) {
		return nil
	}
	return []errs.Field{{Field: "alerts", Code: "unknown_value", Params: map[string]any{"allowed": "off, daily, weekly"}}}
}

// readQuery reads a question and writes it in its one form. The page somebody looked at isn't part of it.
func readQuery(text string) (query string, q finding.Question, bad []errs.Field) {
	sent, err := url.ParseQuery(strings.TrimPrefix(text, "?"))
	if err != nil || !utf8.ValidString(text) {
		return "", q, []errs.Field{{Field: "query", Code: "bad_format"}}
	}
	sent.Del("page")
	sent.Del("per_page")
	values := questions.Normal(sent)
	if near := values.Get("near"); near != "" {
		values.Set("near", roughly(near))
	}
	q, _ = questions.Read(values)
	_, bad = questions.Read(sent)
	for i := range bad {
		bad[i].Field = "query." + bad[i].Field
	}
	for _, name := range []string{"q", "city"} {
		if plain.Personal(values.Get(name)) {
			bad = append(bad, errs.Field{Field: "query." + name, Code: "personal_data"})
		}
	}
	if query = values.Encode(); len(query) > MostQuery {
		bad = append(bad, errs.Field{Field: "query", Code: "too_long", Params: map[string]any{"max": MostQuery}})
	}
	return query, q, bad
}

// roughly rounds a point to a hundredth of a degree, about a kilometre: enough for the nearest places, too little for a home.
func roughly(near string) string {
	lat, lon, found := strings.Cut(near, ",")
	x, err := strconv.ParseFloat(strings.TrimSpace(lat), 64)
	y, wrong := strconv.ParseFloat(strings.TrimSpace(lon), 64)
	if !found || errors.Join(err, wrong) != nil {
		return near // the finder refuses it
	}
	short := func(v float64) string { return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64) }
	return short(x) + "," + short(y)
}
