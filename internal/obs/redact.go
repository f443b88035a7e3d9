package obs

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"reflect"
	"regexp"
	"strings"
)

// Hidden stands in a log where a value was.
const Hidden = "***"

// NewLogger writes one line of JSON per entry to w, from level on, through [Redact].
func NewLogger(w io.Writer, level slog.Leveler) *slog.Logger {
	return slog.New(Redact(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level})))
}

// Redact puts a filter before a handler that keeps personal data and secrets out of the log (domain.md I11):
//
//   - an attribute whose key is, or ends in, a sensitive word ([Sensitive]) loses its value, also in groups, in maps and in the
//     fields of structs;
//   - in texts and errors, the message included, mail addresses, numbers of twelve digits (IIN, BIN), phone numbers of Kazakhstan and access
//     tokens are masked.
//
// It is a net under the rule that such values aren't logged in the first place: a name in a free text isn't recognised.
func Redact(h slog.Handler) slog.Handler { return &redactor{next: h, mask: newMasker()} }

type redactor struct {
	next slog.Handler
	mask masker
}

// Enabled implements slog.Handler.
func (r *redactor) Enabled(ctx context.Context, l slog.Level) bool { return r.next.Enabled(ctx, l) }

// Handle implements slog.Handler.
func (r *redactor) Handle(ctx context.Context, rec slog.Record) error {
	clean := slog.NewRecord(rec.Time, rec.Level, r.mask.text(rec.Message), rec.PC)
	rec.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(r.mask.attr(a))
		return true
	})
	return r.next.Handle(ctx, clean)
}

// WithAttrs implements slog.Handler.
func (r *redactor) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &redactor{next: r.next.WithAttrs(r.mask.all(attrs)), mask: r.mask}
}

// WithGroup implements slog.Handler.
func (r *redactor) WithGroup(name string) slog.Handler {
	return &redactor{next: r.next.WithGroup(name), mask: r.mask}
}

// Sensitive reports whether values under this key stay out of logs: the key, in snake_case or camelCase, is one of the sensitive words
// or ends in one ("student_iin", "accessToken").
func Sensitive(key string) bool {
	key = snake(key)
	for _, word := range sensitiveWords() {
		if key == word || strings.HasSuffix(key, "_"+word) {
			return !harmless(key)
		}
	}
	return false
}

func sensitiveWords() []string {
	return []string{
		"iin", "bin", "password", "passwd", "secret", "token", "tokens", "code", "phone", "birth_date", "birthdate", "address", "email", "mail",
		"authorization", "cookie", "set_cookie", "full_name", "guardian", "ward", "text", "body", "motivation", "credentials", "smtp_url",
		"mongodb_uri", "key", "dsn",
	}
}

// harmless keys end in a sensitive word and say nothing of a person: operators need them.
func harmless(key string) bool {
	switch key {
	case "error_code", "status_code", "problem_code", "exit_code", "message_key", "text_key", "listen_address", "server_address":
		return true
	}
	return false
}

// snake writes camelCase and kebab-case keys in snake_case.
func snake(key string) string {
	var b strings.Builder
	lower := false
	for _, r := range key {
		switch {
		case r >= 'A' && r <= 'Z':
			if lower {
				b.WriteByte('_')
			}
			b.WriteRune(r + 'a' - 'A')
			lower = false
			continue
		case r == '-' || r == '.' || r == ' ':
			r = '_'
		}
		b.WriteRune(r)
		lower = r != '_'
	}
	return b.String()
}

func (m masker) all(attrs []slog.Attr) []slog.Attr {
	out := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		out[i] = m.attr(a)
	}
	return out
}

func (m masker) attr(a slog.Attr) slog.Attr {
	if Sensitive(a.Key) {
		return slog.String(a.Key, Hidden)
	}
	v := a.Value.Resolve()
	switch v.Kind() {
	case slog.KindGroup:
		return slog.Attr{Key: a.Key, Value: slog.GroupValue(m.all(v.Group())...)}
	case slog.KindString:
		return slog.String(a.Key, m.text(v.String()))
	case slog.KindAny:
		return slog.Any(a.Key, m.any(v.Any()))
	}
	return slog.Attr{Key: a.Key, Value: v}
}

// any cleans what loggers would print whole. A value that can't be read by its JSON form is left out rather than trusted.
func (m masker) any(value any) any {
	if value == nil {
		return nil
	}
	if err, ok := value.(error); ok {
		return m.text(err.Error())
	}
	switch kind := reflect.Indirect(reflect.ValueOf(value)).Kind(); kind {
	case reflect.Struct, reflect.Map, reflect.Slice, reflect.Array, reflect.String:
	case reflect.Invalid:
		return nil
	default:
		return value
	}
	data, err := json.Marshal(value)
	if err != nil {
		return Hidden
	}
	var tree any
	if json.Unmarshal(data, &tree) != nil {
		return Hidden
	}
	return m.tree(tree)
}

func (m masker) tree(node any) any {
	switch n := node.(type) {
	case map[string]any:
		for k, v := range n {
			if Sensitive(k) {
				n[k] = Hidden
				continue
			}
			n[k] = m.tree(v)
		}
	case []any:
		for i, v := range n {
			n[i] = m.tree(v)
		}
	case string:
		return m.text(n)
	}
	return node
}

// newMasker compiles the patterns of personal data and secrets inside texts. Ids have letters and underscores around their digits and
// don't match. A password in an address comes first, before its end is taken for a mail address.
func newMasker() masker {
	return masker{
		url: regexp.MustCompile(`://[^/\s:@]+:[^/\s@]+@`),
		rest: regexp.MustCompile(strings.Join([]string{
			`[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+`,
			`\b[0-9]{12}\b`,
			`\+7[ (-]*[0-9]{3}[ )-]*[0-9]{3}[ -]?[0-9]{2}[ -]?[0-9]{2}\b`,
			`\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+`,
			`(?i:\bbearer) [A-Za-z0-9._~+/=-]+`,
		}, "|")),
	}
}

// masker replaces what the patterns find.
type masker struct{ url, rest *regexp.Regexp }

func (m masker) text(s string) string {
	return m.rest.ReplaceAllString(m.url.ReplaceAllString(s, "://"+Hidden+":"), Hidden)
}
