package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/interviews"
	"github.com/orynda/orynda/internal/placements"
)

// slotDays is how far ahead interview times are offered.
const slotDays = 14

// lane is a part of the day of one interviewer.
type lane struct {
	interviewer string
	room        string // "" for a video call
	link        string
	from, to    string
}

// lanes lists the parts of the day that the demo's own interviews use, best first.
func (w *world) lanes(enterprise string) []lane {
	hours := [][2]string{{"10:00", "12:00"}, {"14:00", "16:00"}, {"16:00", "18:00"}, {"08:00", "10:00"}}
	var out []lane
	for _, h := range hours {
		for i, email := range interviewersOf(enterprise) {
			l := lane{interviewer: w.refs.get(personRef(email)), from: h[0], to: h[1], link: fmt.Sprintf("https://video.demo.orynda.kz/%s-%d", enterprise, i+1)}
			if enterprise == saryarqa && i == 0 {
				l.room = w.refs.get(roomRef(saryarqa, 2))
			}
			out = append(out, l)
		}
	}
	return out
}

// topUpSlots offers interview times on every coming weekday for the places that the demo made.
func (w *world) topUpSlots(ctx context.Context) error {
	for _, o := range owns() {
		by, err := w.actor(ctx, hrOf(o.ref))
		if err != nil {
			return err
		}
		views, err := w.published(ctx, o.ref)
		if err != nil {
			return err
		}
		for i, v := range views {
			if err := w.topUpPlace(ctx, by, v.Place, w.lanes(o.ref), i); err != nil {
				return err
			}
		}
	}
	return nil
}

// topUpPlace fills the weekdays without a free time, beginning with another lane for each place.
func (w *world) topUpPlace(ctx context.Context, by accounts.Actor, p *placements.Placement, lanes []lane, at int) error {
	for i := range lanes {
		missing, err := w.daysWithout(ctx, by, p.ID)
		if err != nil || len(missing) == 0 {
			return err
		}
		l := lanes[(at+i)%len(lanes)]
		if err := w.offer(ctx, by, p.ID, l, missing); err != nil {
			return err
		}
	}
	return nil
}

// daysWithout lists the coming weekdays on which a place has no free interview time.
func (w *world) daysWithout(ctx context.Context, by accounts.Actor, placementID string) ([]cal.Day, error) {
	first := w.today().Add(1)
	f := interviews.SlotFilter{From: first.Start(), To: first.Add(slotDays).Start(), Limit: 100}
	free := map[cal.Day]bool{}
	for {
		page, err := w.Interviews.ListSlots(ctx, by, placementID, f)
		if err != nil {
			return nil, err
		}
		for _, v := range page.Items {
			if v.State == interviews.SlotOpen {
				free[cal.DayOf(v.Slot.StartsAt)] = true
			}
		}
		if f.Cursor = page.Next; page.Next.IsZero() {
			break
		}
	}
	var out []cal.Day
	for d := first; d < first.Add(slotDays); d = d.Add(1) {
		if weekday := d.Weekday(); weekday != time.Saturday && weekday != time.Sunday && !free[d] {
			out = append(out, d)
		}
	}
	return out, nil
}

// offer makes a lane's times on some days; what is taken by another place is left out.
func (w *world) offer(ctx context.Context, by accounts.Actor, placementID string, l lane, days []cal.Day) error {
	first, last := days[0], days[len(days)-1]
	wanted := map[cal.Day]bool{}
	for _, d := range days {
		wanted[d] = true
	}
	pattern := &interviews.Pattern{
		Weekdays: []int{1, 2, 3, 4, 5}, From: l.from, To: l.to, Length: 30 * time.Minute, Buffer: 10 * time.Minute, FirstDay: first, LastDay: last,
	}
	for d := first; d <= last; d = d.Add(1) {
		if !wanted[d] {
			pattern.Except = append(pattern.Except, d)
		}
	}
	in := interviews.NewSlots{
		Pattern: pattern, Capacity: 1, Form: interviews.ByVideo, InterviewerID: l.interviewer, Link: l.link,
		Instructions: "Жеке куәлігіңізді дайындап қойыңыз. Приготовьте удостоверение личности.",
	}
	if l.room != "" {
		in.Form, in.RoomID, in.Link = interviews.InPerson, l.room, ""
	}
	_, _, err := w.Interviews.CreateSlots(ctx, by, placementID, in)
	return err
}
