package selection

import (
	"time"

	"github.com/orynda/orynda/internal/storage"
)

// Ranking is the enterprise's order of a place's interviewed applicants. Without one, the order follows from the scorecards.
type Ranking struct {
	ID           string          `json:"id"` // the place's id
	Version      int64           `json:"version"`
	CreatedAt    time.Time       `json:"created_at"`
	Applications []string        `json:"applications"`
	Changes      []RankingChange `json:"changes"` // oldest first
}

// RankingChange is one reordering with its reason.
type RankingChange struct {
	At           time.Time `json:"at"`
	By           string    `json:"by"` // person id
	Reason       string    `json:"reason"`
	Applications []string  `json:"applications"`
}

// MostChanges is how many reorderings are kept with their lists; the trail keeps that there were more.
const MostChanges = 100

// change keeps one reordering.
func (r *Ranking) change(c RankingChange) {
	r.Applications = c.Applications
	r.Changes = append(r.Changes, c)
	if extra := len(r.Changes) - MostChanges; extra > 0 {
		r.Changes = r.Changes[extra:]
	}
}

// Identity implements storage.Document.
func (r *Ranking) Identity() (string, *int64) { return r.ID, &r.Version }

// Keys implements storage.Document.
func (r *Ranking) Keys() storage.Keys { return nil }
