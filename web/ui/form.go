package ui

import (
	"context"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"
)

// Form is a form as it is shown: what was typed, and what is wrong with it. The zero value is an empty form without errors.
type Form struct {
	Values  url.Values
	Problem string            // what is wrong with the whole, in the reader's language
	Errors  []FieldError      // in the order of the fields
	Labels  map[string]string // names of fields for the summary, where the control is not made by a component of this package
}

// FieldError is one thing to mend.
type FieldError struct {
	Field   string
	Message string
	Source  string // paragraph of the Rules it rests on; "" for none
}

// NewForm is a form that begins with these values.
func NewForm(values url.Values) *Form { return &Form{Values: values} }

// Value is what stands in a field.
func (f *Form) Value(name string) string {
	if f == nil {
		return ""
	}
	return f.Values.Get(name)
}

// All is what stands in the fields of one name.
func (f *Form) All(name string) []string {
	if f == nil {
		return nil
	}
	return f.Values[name]
}

// Has reports whether a choice is among those made.
func (f *Form) Has(name, value string) bool { return slices.Contains(f.All(name), value) }

// Version is the version of the record that the form was filled in on, from its hidden field; 0 for none.
func (f *Form) Version() int64 {
	n, err := strconv.ParseInt(f.Value("version"), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// Set puts a value into a field.
func (f *Form) Set(name, value string) {
	if f.Values == nil {
		f.Values = url.Values{}
	}
	f.Values.Set(name, value)
}

// Failed reports whether anything is wrong.
func (f *Form) Failed() bool { return f != nil && (f.Problem != "" || len(f.Errors) > 0) }

// Error is what is wrong with a field, "" when nothing is.
func (f *Form) Error(name string) string {
	if f == nil {
		return ""
	}
	for _, e := range f.Errors {
		if e.Field == name {
			return e.Message
		}
	}
	return ""
}

// Control is one field of a form. Its label is always seen.
type Control struct {
	Form         *Form
	Name         string
	Label        string
	Hint         string
	Type         string // of an input; "" is text
	Required     bool
	Autocomplete string
	InputMode    string
	Lang         string // of what is to be typed; "" for the page's
	Min, Max     string
	MaxLength    string
	Rows         string // of a text area
	Accept       string // of a file
	Placeholder  string
	Options      []Option // of a selection or a group
	Empty        string   // first, empty choice of a selection; "" for none
	Multiple     bool     // boxes instead of one choice
	Value        string   // instead of the form's
}

// Option is one choice.
type Option struct {
	Value, Label, Hint string
	Lang               string // of the label; "" for the page's
	Disabled           bool
}

// Required is the control as one that must be filled in.
func Required(c Control) Control {
	c.Required = true
	return c
}

// Typed is the control as an input of a type.
func Typed(c Control, kind string) Control {
	c.Type = kind
	return c
}

// Limited is the control with the most characters it takes.
func Limited(c Control, most string) Control {
	c.MaxLength = most
	return c
}

// ID is the control's id in the document.
func (c Control) ID() string { return "f-" + c.Name }

// value is what stands in the control. What was once typed as a password is never shown again.
func (c Control) value() string {
	switch {
	case c.Type == "password" || c.Type == "file":
		return ""
	case c.Form != nil && c.Form.Values.Has(c.Name):
		return c.Form.Value(c.Name)
	}
	return c.Value
}

func (c Control) chosen(value string) bool {
	if c.Form != nil && c.Form.Values.Has(c.Name) {
		return c.Form.Has(c.Name, value)
	}
	return c.Value == value
}

// describedBy names the hint and the error of a control for screen readers.
func (c Control) describedBy() string {
	out := ""
	if c.Hint != "" {
		out = c.ID() + "-hint"
	}
	if c.Form.Error(c.Name) != "" {
		if out != "" {
			out += " "
		}
		out += c.ID() + "-error"
	}
	return out
}

// attributes are those that depend on the state of the form.
func (c Control) attributes() templ.Attributes {
	out := templ.Attributes{}
	if by := c.describedBy(); by != "" {
		out["aria-describedby"] = by
	}
	if c.Form.Error(c.Name) != "" {
		out["aria-invalid"] = "true"
	}
	return out
}

func (c Control) inputType() string {
	if c.Type == "" {
		return "text"
	}
	return c.Type
}

// Options makes choices of pairs of value and label.
func Options(pairs ...string) []Option {
	var out []Option
	for i := 0; i+1 < len(pairs); i += 2 {
		out = append(out, Option{Value: pairs[i], Label: pairs[i+1]})
	}
	return out
}

// YesNo are the two answers.
func YesNo(ctx context.Context) []Option {
	return Options("true", T(ctx, "site.yes"), "false", T(ctx, "site.no"))
}

// proof is the token of the page's forms.
func (p *Page) proof() string {
	if p.CSRF == nil {
		return ""
	}
	return p.CSRF()
}
