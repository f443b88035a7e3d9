package httpd

import (
	"context"
	"strconv"
	"strings"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
)

type requestKey struct{}

// request is what a context carries about its request.
type request struct {
	id      string
	lang    i18n.Lang
	address string
	actor   accounts.Actor
}

func requestOf(ctx context.Context) *request {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		return r
	}
	return &request{lang: i18n.KK}
}

// Actor is who makes the request; nobody without a token.
func Actor(ctx context.Context) accounts.Actor { return requestOf(ctx).actor }

// Lang is the language the client asked for, Kazakh by default.
func Lang(ctx context.Context) i18n.Lang { return requestOf(ctx).lang }

// SignedIn makes the actor the one of the request, for an edge with a sign-in of its own (the site's cookie).
func SignedIn(ctx context.Context, actor accounts.Actor) { requestOf(ctx).actor = actor }

// Speak sets the language of the request, for an edge whose addresses name it.
func Speak(ctx context.Context, lang i18n.Lang) { requestOf(ctx).lang = lang }

// RequestID names the request in answers and logs.
func RequestID(ctx context.Context) string { return requestOf(ctx).id }

// Address is the client's address, for limits; behind trusted proxies the one they forward.
func Address(ctx context.Context) string { return requestOf(ctx).address }

// Expected reads an If-Match header (RFC 9110 13.1.1) as the version the client saw: 0 for none and for "*". Anything but one of our ETags
// ("7" in quotes) is errs.Invalid.
func Expected(header *string) (int64, error) {
	if header == nil || *header == "" || *header == "*" {
		return 0, nil
	}
	v, err := strconv.ParseInt(strings.Trim(strings.TrimPrefix(*header, "W/"), `"`), 10, 64)
	if err != nil || v < 1 {
		return 0, errs.InvalidFields([]errs.Field{{Field: "If-Match", Code: "bad_format"}})
	}
	return v, nil
}

// ETag writes a version as an entity tag.
func ETag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }
