// Package errs is the one error type that crosses package borders.
//
// An [Error] says what kind of failure it is, carries a stable machine code that clients may switch on,
// and lists the fields at fault. It carries no sentence: the sentence is looked up in the catalogues by
// code, in the reader's language, by the edge that answers. Any other error is internal: its text is for
// the log and never reaches a client.
//
// Limits: Params and Field params end up in sentences shown to people, so they never hold personal data.
package errs

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Kind groups codes by how a caller should react. Edges map a kind to a transport status.
type Kind int

// The kinds. Internal is the zero value on purpose: what nobody classified stays inside.
const (
	Internal         Kind = iota // a bug or an outage; the text stays in the log (500)
	Invalid                      // malformed input; the request can't be understood (400)
	Unauthorized                 // nobody is signed in, or the sign-in is no longer valid (401)
	Forbidden                    // the actor is known and may not do this (403)
	NotFound                     // it does not exist, or the actor may not know that it does (404)
	Conflict                     // true a moment ago, no longer: somebody else was first (409)
	Gone                         // it existed and is closed for good (410)
	Stale                        // an edit was based on an older version (412)
	TooLarge                     // the input is longer than the documented limit (413)
	UnsupportedMedia             // a body in a form that isn't accepted (415)
	Unprocessable                // understood, and a rule forbids it (422)
	RateLimited                  // too many tries; RetryAfter says when (429)
	NotImplemented               // promised by the contract, not built yet (501)
	Unavailable                  // a dependency or the load forbids it for now (503)
)

// Error is a failure with a stable code. Build it with the constructors below.
type Error struct {
	Kind       Kind
	Code       string         // snake_case, stable, documented in the contract
	Params     map[string]any // values for the sentence of Code; never personal data
	Fields     []Field        // what to mend, all of it at once
	RetryAfter time.Duration  // for RateLimited and Unavailable
	cause      error
}

// Field is one thing to mend.
type Field struct {
	Field  string         // path in the request as the contract names it: "workplaces[0].city", "row 12, column iin"
	Code   string         // snake_case, stable
	Params map[string]any // values for the sentence of Code; never personal data
	Rule   string         // name of the legal rule that failed, if it is one
	Source string         // its paragraph, e.g. "R50 10"
}

// Error implements error with the code, the fields and the cause: text for logs, not for people.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Code)
	for _, f := range e.Fields {
		fmt.Fprintf(&b, " [%s: %s]", f.Field, f.Code)
	}
	if e.cause != nil {
		b.WriteString(": ")
		b.WriteString(e.cause.Error())
	}
	return b.String()
}

// Unwrap gives the cause, if there is one.
func (e *Error) Unwrap() error { return e.cause }

// Is reports whether target is an *Error of the same kind and code, so that errors.Is(err, ErrX) works for
// package-level sentinels built by the constructors.
func (e *Error) Is(target error) bool {
	var t *Error
	return errors.As(target, &t) && t.Kind == e.Kind && t.Code == e.Code
}

// New makes an error of a kind with a code.
func New(kind Kind, code string) *Error { return &Error{Kind: kind, Code: code} }

// With returns a copy that carries one more value for its sentence.
func (e *Error) With(name string, value any) *Error {
	c := *e
	c.Params = make(map[string]any, len(e.Params)+1)
	for k, v := range e.Params {
		c.Params[k] = v
	}
	c.Params[name] = value
	return &c
}

// WithFields returns a copy that lists these fields after those it has.
func (e *Error) WithFields(fields ...Field) *Error {
	c := *e
	c.Fields = append(append([]Field(nil), e.Fields...), fields...)
	return &c
}

// WithCause returns a copy that keeps the cause for the log.
func (e *Error) WithCause(err error) *Error {
	c := *e
	c.cause = err
	return &c
}

// After returns a copy that says when to try again.
func (e *Error) After(d time.Duration) *Error {
	c := *e
	c.RetryAfter = d
	return &c
}

// InvalidFields is the answer to malformed input: 400 bad_request with every bad field. It is nil without fields.
func InvalidFields(fields []Field) error {
	if len(fields) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Code: "bad_request", Fields: fields}
}

// Missing is NotFound for a kind of thing ("placement" gives code placement_not_found).
func Missing(thing string) *Error { return New(NotFound, thing+"_not_found") }

// KindOf gives the kind of the first *Error in err's chain, Internal if there is none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// CodeOf gives the code of the first *Error in err's chain, "internal" if there is none, "" for nil.
func CodeOf(err error) string {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return "internal"
}

// Has reports whether err has this code.
func Has(err error, code string) bool { return err != nil && CodeOf(err) == code }
