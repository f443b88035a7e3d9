package httpapi

import (
	"context"

	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/notifications"
)

// NotificationsAPI answers the operations tagged notifications.
type NotificationsAPI struct {
	Notifications *notifications.Service
}

// ListMyNotices answers listMyNotices.
func (a *NotificationsAPI) ListMyNotices(ctx context.Context, r apigen.ListMyNoticesRequestObject) (apigen.ListMyNoticesResponseObject, error) {
	c, n, err := cursorOf(r.Params.Cursor, r.Params.Limit)
	if err != nil {
		return nil, err
	}
	page, err := a.Notifications.ListNotices(ctx, httpd.Actor(ctx), httpd.Lang(ctx), deref(r.Params.Unread), c, n)
	if err != nil {
		return nil, err
	}
	unread, err := a.Notifications.CountUnread(ctx, httpd.Actor(ctx))
	if err != nil {
		return nil, err
	}
	out := apigen.ListMyNotices200JSONResponse{Items: make([]apigen.Notice, len(page.Items)), NextCursor: some(page.Next.String()), Unread: unread}
	for i, one := range page.Items {
		out.Items[i] = apigen.Notice{
			ID: one.ID, CreatedAt: one.CreatedAt, Event: one.EventType, Group: apigen.NoticeGroup(one.Group), Title: one.Title, Text: one.Text,
			Path: some(one.Path), ReadAt: some(one.ReadAt),
		}
	}
	return out, nil
}

// MarkNoticesRead answers markNoticesRead.
func (a *NotificationsAPI) MarkNoticesRead(ctx context.Context, r apigen.MarkNoticesReadRequestObject) (apigen.MarkNoticesReadResponseObject, error) {
	var unread int
	var err error
	if deref(r.Body.All) {
		unread, err = a.Notifications.MarkAllRead(ctx, httpd.Actor(ctx))
	} else {
		unread, err = a.Notifications.MarkRead(ctx, httpd.Actor(ctx), deref(r.Body.Ids)...)
	}
	if err != nil {
		return nil, err
	}
	return apigen.MarkNoticesRead200JSONResponse{Unread: unread}, nil
}

// GetNoticeChoices answers getNoticeChoices.
func (a *NotificationsAPI) GetNoticeChoices(ctx context.Context, _ apigen.GetNoticeChoicesRequestObject) (apigen.GetNoticeChoicesResponseObject, error) {
	v, err := a.Notifications.Choices(ctx, httpd.Actor(ctx), httpd.Lang(ctx))
	if err != nil {
		return nil, err
	}
	return apigen.GetNoticeChoices200JSONResponse(noticeChoices(v)), nil
}

// SetNoticeChoices answers setNoticeChoices.
func (a *NotificationsAPI) SetNoticeChoices(ctx context.Context, r apigen.SetNoticeChoicesRequestObject) (apigen.SetNoticeChoicesResponseObject, error) {
	expect, err := httpd.Expected(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	in := make([]notifications.Choice, len(r.Body.Choices))
	for i, one := range r.Body.Choices {
		in[i] = notifications.Choice{Group: notifications.Group(one.Group), When: notifications.When(one.When)}
	}
	v, err := a.Notifications.SetChoices(ctx, httpd.Actor(ctx), httpd.Lang(ctx), in, expect)
	if err != nil {
		return nil, err
	}
	return apigen.SetNoticeChoices200JSONResponse(noticeChoices(v)), nil
}

func noticeChoices(v notifications.ChoicesView) apigen.NoticeChoices {
	out := apigen.NoticeChoices{Version: v.Version, Groups: make([]apigen.NoticeGroupChoice, len(v.Groups))}
	for i, g := range v.Groups {
		options := make([]apigen.NoticeWhen, len(g.Options))
		for n, w := range g.Options {
			options[n] = apigen.NoticeWhen(w)
		}
		out.Groups[i] = apigen.NoticeGroupChoice{
			Group: apigen.NoticeGroup(g.Group), Name: g.Name, Text: g.Text, When: apigen.NoticeWhen(g.When), Options: options, Fixed: g.Fixed,
		}
	}
	return out
}
