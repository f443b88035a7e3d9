package httpd

import (
	"math"
	"strconv"
	"time"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
)

// Problem is the body of every refusal (RFC 9457), with a stable code and the fields to mend.
type Problem struct {
	Type      string `json:"type"`
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Detail    string `json:"detail"`
	Code      string `json:"code"`
	RequestID string `json:"request_id"`
	// CurrentVersion comes with stale_version.
	CurrentVersion int64          `json:"current_version,omitempty"`
	Errors         []ProblemField `json:"errors,omitempty"`
}

// ProblemField is one thing to mend.
type ProblemField struct {
	Field   string `json:"field"`
	Code    string `json:"code"`
	Message string `json:"message"`
	Rule    string `json:"rule,omitempty"`
	Source  string `json:"source,omitempty"`
}

// NewProblem says an error in a language. The type is a relative reference that ends in the code.
func NewProblem(e *errs.Error, cat *i18n.Catalogue, lang i18n.Lang, requestID string) Problem {
	p := Problem{
		Type:      "/problems/" + e.Code,
		Title:     cat.Say(lang, "kind."+kindName(e.Kind), nil),
		Status:    Status(e.Kind),
		Detail:    sentence(cat, lang, "error."+e.Code, "error."+kindName(e.Kind), e.Params),
		Code:      e.Code,
		RequestID: requestID,
	}
	if v, ok := e.Params["current_version"].(int64); ok {
		p.CurrentVersion = v
	}
	for _, f := range e.Fields {
		p.Errors = append(p.Errors, ProblemField{
			Field: f.Field, Code: f.Code, Rule: f.Rule, Source: f.Source,
			Message: sentence(cat, lang, "field."+f.Code, "error."+f.Code, f.Params),
		})
	}
	return p
}

// sentence says key, or the fallback where the catalogue has no such key.
func sentence(cat *i18n.Catalogue, lang i18n.Lang, key, fallback string, params map[string]any) string {
	if !cat.Has(key) {
		key = fallback
	}
	return cat.Say(lang, key, params)
}

// Status is the HTTP status of a kind.
func Status(k errs.Kind) int {
	switch k {
	case errs.Invalid:
		return 400
	case errs.Unauthorized:
		return 401
	case errs.Forbidden:
		return 403
	case errs.NotFound:
		return 404
	case errs.Conflict:
		return 409
	case errs.Gone:
		return 410
	case errs.Stale:
		return 412
	case errs.TooLarge:
		return 413
	case errs.UnsupportedMedia:
		return 415
	case errs.Unprocessable:
		return 422
	case errs.RateLimited:
		return 429
	case errs.NotImplemented:
		return 501
	case errs.Unavailable:
		return 503
	default:
		return 500
	}
}

// kindName is the kind's word in catalogue keys.
func kindName(k errs.Kind) string {
	names := map[errs.Kind]string{
		errs.Internal: "internal", errs.Invalid: "bad_request", errs.Unauthorized: "unauthorized", errs.Forbidden: "forbidden",
		errs.NotFound: "not_found", errs.Conflict: "conflict", errs.Gone: "gone", errs.Stale: "stale_version", errs.TooLarge: "payload_too_large", errs.UnsupportedMedia: "unsupported_media_type",
		errs.Unprocessable: "unprocessable", errs.RateLimited: "rate_limited", errs.NotImplemented: "not_implemented_yet", errs.Unavailable: "busy",
	}
	return names[k]
}

// seconds writes a Retry-After value, rounded up.
func seconds(d time.Duration) string { return strconv.Itoa(int(math.Ceil(d.Seconds()))) }
