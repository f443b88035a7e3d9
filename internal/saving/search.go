package saving

import (
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/storage"
)

// Limits of saved searches.
const (
	MostSearches = 10   // of one person
	MostName     = 80   // characters
	MostQuery    = 4000 // bytes of the question as an address carries it
)

// AlertHour is from when on alerts go out, in UTC+5; a run that comes later in the day still sends them, one at night doesn't.
const AlertHour = 8

// Alerts is how often a search tells what is new.
type Alerts string

// The choices.
const (
	Off    Alerts = "off"
	Daily  Alerts = "daily"
	Weekly Alerts = "weekly" // on Mondays
)

// AllAlerts lists the choices.
func AllAlerts() []Alerts { return []Alerts{Off, Daily, Weekly} }

// Search is one saved search of one person.
type Search struct {
	ID        string    `json:"id"`
	Version   int64     `json:"version"`
	CreatedAt time.Time `json:"created_at"`
	PersonID  string    `json:"person_id"`
	Name      string    `json:"name"`  // given by the person
	Query     string    `json:"query"` // the question as an address carries it: questions.Read reads it
	Alerts    Alerts    `json:"alerts"`
	Told      time.Time `json:"told"`                // places that were published up to then aren't new
	DueAt     time.Time `json:"due_at,omitzero"`     // when the next alert may go out; zero: alerts are off
	AlertedAt time.Time `json:"alerted_at,omitzero"` // when the last one went out; zero: none has
}

// Identity implements storage.Document.
func (s *Search) Identity() (string, *int64) { return s.ID, &s.Version }

// Keys implements storage.Document.
func (s *Search) Keys() storage.Keys {
	return storage.Keys{"person": s.PersonID, "created": s.CreatedAt, "due": s.DueAt}
}

// Choose sets how often the search tells what is new, and reports whether that changed anything. Alerts that are switched on tell what is published from then on.
func (s *Search) Choose(a Alerts, now time.Time) bool {
	if a == s.Alerts {
		return false
	}
	if s.Alerts == Off {
		s.Told = now
	}
	s.Alerts, s.DueAt = a, NextAlert(a, now)
	return true
}

// NextAlert is when the first alert after now may go out; zero for none.
func NextAlert(a Alerts, now time.Time) time.Time {
	day := cal.DayOf(now)
	if !now.Before(alertOf(day)) {
		day = day.Add(1)
	}
	switch a {
	case Daily:
		return alertOf(day)
	case Weekly:
		return alertOf(day.Add((8 - int(day.Weekday())) % 7))
	}
	return time.Time{}
}

func alertOf(day cal.Day) time.Time { return day.Start().Add(AlertHour * time.Hour) }

// Due reports whether the search may tell now what is new.
func (s *Search) Due(now time.Time) bool { return !s.DueAt.IsZero() && !s.DueAt.After(now) }

// Alerted notes that news up to the newest place were told now; a zero newest that there were none. Either way the next alert waits for the next period.
func (s *Search) Alerted(newest, now time.Time) {
	s.DueAt = NextAlert(s.Alerts, now)
	if !newest.IsZero() {
		s.Told, s.AlertedAt = newest, now
	}
}
