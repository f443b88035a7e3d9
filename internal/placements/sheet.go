package placements

import (
	"slices"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/storage"
)

// Sheet is the owner document of a place: its seats, its open applications, its state. Take it with [Service.LockSheet] before
// anything that depends on them, and write it back with [Service.SaveSheet].
type Sheet struct {
	ID        string   `json:"id"` // the placement's
	Version   int64    `json:"version"`
	State     State    `json:"state"`
	Seats     int      `json:"seats"`
	ApplyFrom cal.Day  `json:"apply_from"`
	ApplyBy   cal.Day  `json:"apply_by"`
	StartsOn  cal.Day  `json:"starts_on"`
	EndsOn    cal.Day  `json:"ends_on"`
	Taken     []string `json:"taken,omitempty"` // ids of the offers that hold a seat: open offers and active matches
	Live      int      `json:"live"`            // live applications
	Concluded int      `json:"concluded"`       // agreements concluded on these seats
	Reminded  int      `json:"reminded"`        // days before the deadline of the last reminder, 0 before the first

	seen mark // as it was last read or written: what SaveSheet compares with
}

// mark is what the search index shows of a sheet.
type mark struct {
	State State
	Free  int
	Live  int
}

// Identity implements storage.Document.
func (sh *Sheet) Identity() (string, *int64) { return sh.ID, &sh.Version }

// Keys implements storage.Document. "remind" is the day of the next reminder.
func (sh *Sheet) Keys() storage.Keys {
	return storage.Keys{"state": sh.State, "apply_by": sh.ApplyBy, "starts_on": sh.StartsOn, "remind": sh.remindOn()}
}

func sheetSpec() storage.Spec {
	return storage.Spec{
		Name: "placement_sheets",
		Keys: []storage.Key{{Name: "state"}, {Name: "apply_by"}, {Name: "starts_on"}, {Name: "remind"}},
		Indexes: []storage.Index{
			{Name: "apply_by", Keys: []string{"state", "apply_by"}},
			{Name: "starts_on", Keys: []string{"state", "starts_on"}},
			{Name: "remind", Keys: []string{"remind"}},
		},
	}
}

func newSheet(p *Placement) *Sheet {
	sh := &Sheet{ID: p.ID}
	sh.mirror(p)
	sh.seen = sh.mark()
	return sh
}

// mirror takes over what the sheet repeats of its place. A later deadline is reminded of anew.
func (sh *Sheet) mirror(p *Placement) {
	if sh.ApplyBy != p.ApplyBy {
		sh.Reminded = 0
	}
	sh.State, sh.Seats = p.State, p.Seats
	sh.ApplyFrom, sh.ApplyBy, sh.StartsOn, sh.EndsOn = p.ApplyFrom, p.ApplyBy, p.StartsOn, p.EndsOn
}

func (sh *Sheet) mark() mark { return mark{State: sh.State, Free: sh.Free(), Live: sh.Live} }

// Free counts the seats that neither an open offer nor an active match takes.
func (sh *Sheet) Free() int { return max(0, sh.Seats-len(sh.Taken)) }

// CanApply says whether an application is taken now. The errors: Conflict placement_not_open (a draft, paused, selecting, closed, or the
// deadline has passed), Unprocessable not_open_yet (before apply_from), Conflict applications_full (ten live ones per free seat).
func (sh *Sheet) CanApply(now time.Time) error {
	today := cal.DayOf(now)
	switch {
	case sh.State != Published || today > sh.ApplyBy:
		return errs.New(errs.Conflict, "placement_not_open")
	case sh.ApplyFrom != "" && today < sh.ApplyFrom:
		return errs.New(errs.Unprocessable, "not_open_yet").With("from", string(sh.ApplyFrom))
	case sh.Live >= LivePerSeat*sh.Free():
		return errs.New(errs.Conflict, "applications_full")
	}
	return nil
}

// TakeSeat gives a seat to an offer; an offer that holds one already keeps it. The errors: Conflict placement_closed (also for a draft, which
// has no seats to give), Conflict no_free_seat (I2).
func (sh *Sheet) TakeSeat(offerID string) error {
	switch {
	case sh.State == Closed || sh.State == Draft:
		return errs.New(errs.Conflict, "placement_closed")
	case slices.Contains(sh.Taken, offerID):
		return nil
	case sh.Free() == 0:
		return errs.New(errs.Conflict, "no_free_seat")
	}
	sh.Taken = append(sh.Taken, offerID)
	return nil
}

// FreeSeat takes the seat back from an offer, also on a closed place; an offer without one is no error.
func (sh *Sheet) FreeSeat(offerID string) {
	sh.Taken = slices.DeleteFunc(sh.Taken, func(held string) bool { return held == offerID })
}

// Filled reports whether every seat has a concluded agreement.
func (sh *Sheet) Filled() bool { return sh.Seats > 0 && sh.Concluded >= sh.Seats }

// remindOn is the day of the next reminder of the deadline, "" when none is left.
func (sh *Sheet) remindOn() cal.Day {
	if (sh.State != Published && sh.State != Paused) || sh.ApplyBy == "" {
		return ""
	}
	switch sh.Reminded {
	case 0:
		return sh.ApplyBy.Add(-firstReminder)
	case firstReminder:
		return sh.ApplyBy.Add(-lastReminder)
	}
	return ""
}

// Remind notes the reminder that is due and gives how many days before the deadline it stands for; ok is false when none is due. Of two that
// are due at once only the later one is given.
func (sh *Sheet) Remind(now time.Time) (days int, ok bool) {
	today := cal.DayOf(now)
	due := sh.remindOn()
	if due == "" || today < due || today > sh.ApplyBy {
		return 0, false
	}
	days = firstReminder
	if today >= sh.ApplyBy.Add(-lastReminder) {
		days = lastReminder
	}
	sh.Reminded = days
	return days, true
}
