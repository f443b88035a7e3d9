package finding

import (
	"context"
	"sync"
	"time"

	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/search"
)

const (
	// boardLife is how long a board is shown before it is made anew.
	boardLife = time.Second
	// boardKept is how long it is shown while no new one can be made.
	boardKept = 10 * time.Minute
)

// Board is where free seats are: of all published places that have some.
type Board struct {
	Places  int            // with a free seat
	Regions map[string]int // free seats by the region's code; a place in two regions counts in both
	Trades  []Trade        // most free seats first
}

// Trade is one specialty with its free seats.
type Trade struct {
	Code  string
	Name  i18n.Text
	Seats int
}

// board keeps the last one.
type board struct {
	mu   sync.Mutex
	at   time.Time
	last *Board
}

// Board gives the free seats by region and by trade, as they were at most a second ago. What it gives is shared with other readers and must not be
// changed. While the engine doesn't answer, the last board stays for some minutes; then the error is Unavailable search_unavailable.
func (s *Service) Board(ctx context.Context) (*Board, error) {
	s.board.mu.Lock()
	defer s.board.mu.Unlock()
	if s.board.last != nil && time.Since(s.board.at) < boardLife {
		return s.board.last, nil
	}
	found, err := s.guard.search(ctx, search.Query{PerPage: 1, Seats: search.AllSeats()})
	if outage(err) && s.board.last != nil && time.Since(s.board.at) < boardKept {
		return s.board.last, nil
	}
	if err != nil {
		return nil, err
	}
	out := &Board{Places: found.Total, Regions: map[string]int{}}
	for _, c := range found.Seats[search.SeatsRegion] {
		out.Regions[c.Value] = c.Count
	}
	for _, c := range found.Seats[search.SeatsSpecialty] {
		if t, ok := s.d.Reference.Specialty(c.Value); ok {
			out.Trades = append(out.Trades, Trade{Code: c.Value, Name: t.Name, Seats: c.Count})
		}
	}
	s.board.at, s.board.last = time.Now(), out
	return out, nil
}
