package httpapi

import (
	"bytes"
	"context"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/interviews"
	"github.com/orynda/orynda/internal/selection"
)

// InterviewsAPI answers the operations tagged interviews: slots and calendars here, bookings and scorecards in interviews_bookings.go, what is answered in
// interviews_view.go.
type InterviewsAPI struct {
	Service   *interviews.Service
	Reference *directory.Reference
	Catalogue *i18n.Catalogue
	PublicURL string // of the installation, for calendar feeds
}

// CreateSlots answers createSlots.
func (a *InterviewsAPI) CreateSlots(ctx context.Context, r apigen.CreateSlotsRequestObject) (apigen.CreateSlotsResponseObject, error) {
	made, skipped, err := a.Service.CreateSlots(ctx, httpd.Actor(ctx), r.ID, newSlots(r.Body))
	if err != nil {
		return nil, err
	}
	out := apigen.CreateSlots201JSONResponse{Items: a.slots(ctx, made), Skipped: []apigen.SkippedSlot{}}
	for _, s := range skipped {
		out.Skipped = append(out.Skipped, apigen.SkippedSlot{StartsAt: s.StartsAt, EndsAt: s.EndsAt, Code: apigen.SkippedSlotCode(s.Reason)})
	}
	return out, nil
}

// newSlots reads an offer of times.
func newSlots(b *apigen.CreateSlotsRequest) interviews.NewSlots {
	in := interviews.NewSlots{
		StartsAt: deref(b.StartsAt), EndsAt: deref(b.EndsAt), Buffer: minutes(deref(b.BufferMin)), Capacity: deref(b.Capacity),
		Notice: time.Duration(deref(b.NoticeHours)) * time.Hour, Horizon: deref(b.HorizonDays),
		Form: interviews.Form(b.Form), InterviewerID: deref(b.InterviewerID), RoomID: deref(b.RoomID), Link: deref(b.Link),
		Phone: deref(b.Phone), Instructions: deref(b.Instructions),
	}
	if p := b.Pattern; p != nil {
		in.Pattern = &interviews.Pattern{
			Weekdays: p.Weekdays, From: p.From, To: p.To, Length: minutes(p.LengthMin), Buffer: minutes(deref(p.BufferMin)),
			FirstDay: dayIn(&p.FirstDay), LastDay: dayIn(&p.LastDay),
		}
		for _, d := range deref(p.ExceptDays) {
			in.Pattern.Except = append(in.Pattern.Except, cal.Day(d.Format(time.DateOnly)))
		}
		for _, o := range deref(p.OtherHours) {
			in.Pattern.Other = append(in.Pattern.Other, interviews.DayHours{Day: dayIn(&o.Day), From: o.From, To: o.To})
		}
	}
	return in
}

func minutes(n int) time.Duration { return time.Duration(n) * time.Minute }

// ListSlots answers listSlots.
func (a *InterviewsAPI) ListSlots(ctx context.Context, r apigen.ListSlotsRequestObject) (apigen.ListSlotsResponseObject, error) {
	p := r.Params
	c, n, err := cursorOf(p.Cursor, p.Limit)
	if err != nil {
		return nil, err
	}
	f := interviews.SlotFilter{From: deref(p.From), To: deref(p.To), Cursor: c, Limit: n}
	for _, s := range deref(p.State) {
		f.States = append(f.States, interviews.SlotState(s))
	}
	page, err := a.Service.ListSlots(ctx, httpd.Actor(ctx), r.ID, f)
	if err != nil {
		return nil, err
	}
	return apigen.ListSlots200JSONResponse{Items: a.slots(ctx, page.Items), NextCursor: some(page.Next.String())}, nil
}

// GetSlot answers getSlot.
func (a *InterviewsAPI) GetSlot(ctx context.Context, r apigen.GetSlotRequestObject) (apigen.GetSlotResponseObject, error) {
	v, err := a.Service.GetSlot(ctx, httpd.Actor(ctx), r.ID)
	if err != nil {
		return nil, err
	}
	return apigen.GetSlot200JSONResponse(a.slot(ctx, v)), nil
}

// CancelSlot answers cancelSlot.
func (a *InterviewsAPI) CancelSlot(ctx context.Context, r apigen.CancelSlotRequestObject) (apigen.CancelSlotResponseObject, error) {
	v, err := a.Service.CancelSlot(ctx, httpd.Actor(ctx), r.ID, deref(r.Body.Reason))
	if err != nil {
		return nil, err
	}
	return apigen.CancelSlot200JSONResponse(a.slot(ctx, v)), nil
}

// HoldSlot answers holdSlot.
func (a *InterviewsAPI) HoldSlot(ctx context.Context, r apigen.HoldSlotRequestObject) (apigen.HoldSlotResponseObject, error) {
	h, err := a.Service.HoldSlot(ctx, httpd.Actor(ctx), r.ID, r.Body.ApplicationID)
	if err != nil {
		return nil, err
	}
	return apigen.HoldSlot201JSONResponse{
		ID: h.HoldID, State: apigen.HoldStateActive, Version: h.Version, CreatedAt: h.CreatedAt, SlotID: h.SlotID, PlacementID: h.PlacementID,
		ApplicationID: h.ApplicationID, StudentID: h.StudentID, StartsAt: h.StartsAt, EndsAt: h.EndsAt, ExpiresAt: h.ExpiresAt,
	}, nil
}

// GetBookingCalendar answers getBookingCalendar.
func (a *InterviewsAPI) GetBookingCalendar(ctx context.Context, r apigen.GetBookingCalendarRequestObject) (apigen.GetBookingCalendarResponseObject, error) {
	file, err := a.Service.BookingCalendar(ctx, httpd.Actor(ctx), r.ID, httpd.Lang(ctx), a.Catalogue.Say)
	if err != nil {
		return nil, err
	}
	return apigen.GetBookingCalendar200TextCalendarResponse{Body: bytes.NewReader(file), ContentLength: int64(len(file))}, nil
}

// CreateCalendarFeed answers createCalendarFeed.
func (a *InterviewsAPI) CreateCalendarFeed(ctx context.Context, _ apigen.CreateCalendarFeedRequestObject) (apigen.CreateCalendarFeedResponseObject, error) {
	f, token, err := a.Service.CreateFeed(ctx, httpd.Actor(ctx))
	if err != nil {
		return nil, err
	}
	return apigen.CreateCalendarFeed201JSONResponse{
		ID: f.ID, State: apigen.CalendarFeedStateActive, Version: f.Version, CreatedAt: f.CreatedAt,
		URL: strings.TrimSuffix(a.PublicURL, "/") + "/api/v1/calendar/" + token + ".ics",
	}, nil
}

// GetCalendarFeed answers getCalendarFeed.
func (a *InterviewsAPI) GetCalendarFeed(ctx context.Context, r apigen.GetCalendarFeedRequestObject) (apigen.GetCalendarFeedResponseObject, error) {
	file, err := a.Service.FeedCalendar(ctx, strings.TrimSuffix(r.Token, ".ics"), a.Catalogue.Say)
	if err != nil {
		return nil, err
	}
	return apigen.GetCalendarFeed200TextCalendarResponse{Body: bytes.NewReader(file), ContentLength: int64(len(file))}, nil
}

// scorecard maps a scorecard for those who may see it.
func scorecard(c *interviews.Scorecard) apigen.Scorecard {
	out := apigen.Scorecard{
		ID: c.ID, State: apigen.Recorded, Version: c.Version, CreatedAt: c.CreatedAt, BookingID: c.BookingID, ApplicationID: c.ApplicationID,
		PlacementID: c.PlacementID, StudentID: c.StudentID, RecordedBy: some(c.RecordedBy), Criteria: []apigen.ScorecardCriterion{},
		Average: c.Average, Recommendation: apigen.Recommendation(c.Recommendation), Note: some(c.Note),
	}
	for _, one := range c.Criteria {
		out.Criteria = append(out.Criteria, apigen.ScorecardCriterion{Name: one.Name, Score: one.Score})
	}
	return out
}

// newScorecard reads an outcome.
func newScorecard(b *apigen.RecordScorecardRequest) interviews.NewScorecard {
	in := interviews.NewScorecard{Recommendation: selection.Recommendation(b.Recommendation), Note: deref(b.Note)}
	for _, one := range b.Criteria {
		in.Criteria = append(in.Criteria, interviews.Criterion{Name: one.Name, Score: one.Score})
	}
	return in
}
