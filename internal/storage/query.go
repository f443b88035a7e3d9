package storage

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"github.com/orynda/orynda/internal/errs"
)

// Op is how a condition compares.
type Op string

// The comparisons.
const (
	OpEq     Op = "="
	OpIn     Op = "in"
	OpLt     Op = "<"
	OpLte    Op = "<="
	OpGt     Op = ">"
	OpGte    Op = ">="
	OpHas    Op = "has"    // a Strings key holds one of the values
	OpAbsent Op = "absent" // the key has no value
)

// KeyID is the name under which conditions compare the identifier itself, with OpEq and OpIn.
const KeyID = "_id"

// Cond is one condition on a declared key, or on [KeyID]. All conditions of a query hold together.
type Cond struct {
	Key    string
	Op     Op
	Values []any
}

// Eq matches documents whose key equals value.
func Eq(key string, value any) Cond { return Cond{Key: key, Op: OpEq, Values: []any{value}} }

// In matches documents whose key equals one of the values; none match an empty list.
func In[V any](key string, values ...V) Cond {
	c := Cond{Key: key, Op: OpIn, Values: make([]any, len(values))}
	for i, v := range values {
		c.Values[i] = v
	}
	return c
}

// Has matches documents whose Strings key holds one of the values.
func Has(key string, values ...string) Cond {
	c := In(key, values...)
	c.Op = OpHas
	return c
}

// Lt matches keys below value. Absent keys never match a comparison.
func Lt(key string, value any) Cond { return Cond{Key: key, Op: OpLt, Values: []any{value}} }

// Lte matches keys up to value.
func Lte(key string, value any) Cond { return Cond{Key: key, Op: OpLte, Values: []any{value}} }

// Gt matches keys above value.
func Gt(key string, value any) Cond { return Cond{Key: key, Op: OpGt, Values: []any{value}} }

// Gte matches keys from value on.
func Gte(key string, value any) Cond { return Cond{Key: key, Op: OpGte, Values: []any{value}} }

// Absent matches documents without a value under key.
func Absent(key string) Cond { return Cond{Key: key, Op: OpAbsent} }

// Query selects documents. Results come in the order of Sort, then by id in the same direction; without Sort by id. Documents whose
// sort key is absent are left out. Limit 0 means all.
type Query struct {
	Where []Cond
	Sort  string // a declared String or Int key; "" sorts by id
	Desc  bool
	After Cursor
	Limit int
	Bare  bool // for [Engine.Find]: ids and versions only, Found.Decode is nil
}

// Where makes a query of conditions.
func Where(conds ...Cond) Query { return Query{Where: conds} }

// By sorts ascending by a key.
func (q Query) By(key string) Query { q.Sort, q.Desc = key, false; return q }

// ByDesc sorts descending by a key ("" for the id: newest first).
func (q Query) ByDesc(key string) Query { q.Sort, q.Desc = key, true; return q }

// Take limits the number of results.
func (q Query) Take(n int) Query { q.Limit = n; return q }

// From goes on after a cursor.
func (q Query) From(c Cursor) Query { q.After = c; return q }

// MaxSortKey is how long a text may be, in bytes, by which pages are sorted: [Collection.Page] fails after a document with a longer one, as its cursor
// wouldn't fit a URL beside all else. maxCursor is what it makes at most, in letters.
const (
	MaxSortKey = 1000
	maxCursor  = 2048
)

// Cursor is the place after a document in the order of a query. The zero Cursor is the beginning.
type Cursor struct {
	Value any // the sort key's normalised value; nil when sorted by id
	ID    string
}

// IsZero reports whether c is the beginning.
func (c Cursor) IsZero() bool { return c.ID == "" }

type cursorJSON struct {
	T *[]byte `json:"t,omitempty"` // a text's bytes: signs that JSON escapes would lengthen it sixfold
	N *int64  `json:"n,omitempty"`
	I string  `json:"i"`
}

// String writes the cursor as an opaque URL-safe text, "" for the beginning.
func (c Cursor) String() string {
	if c.IsZero() {
		return ""
	}
	j := cursorJSON{I: c.ID}
	switch v := c.Value.(type) {
	case string:
		text := []byte(v)
		j.T = &text
	case int64:
		j.N = &v
	}
	b, _ := json.Marshal(j) // strings and numbers always marshal
	return base64.RawURLEncoding.EncodeToString(b)
}

// ParseCursor reads what String wrote; anything else is errs.Invalid (code bad_cursor).
func ParseCursor(s string) (Cursor, error) {
	if s == "" {
		return Cursor{}, nil
	}
	bad := errs.New(errs.Invalid, "bad_cursor").WithFields(errs.Field{Field: "cursor", Code: "bad_cursor"})
	if len(s) > maxCursor {
		return Cursor{}, bad
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return Cursor{}, bad
	}
	var j cursorJSON
	if json.Unmarshal(b, &j) != nil || j.I == "" || (j.T != nil && j.N != nil) {
		return Cursor{}, bad
	}
	c := Cursor{ID: j.I}
	if j.T != nil {
		c.Value = string(*j.T)
	}
	if j.N != nil {
		c.Value = *j.N
	}
	return c, nil
}

// key finds a declared key.
func (s Spec) key(name string) (Key, bool) {
	for _, k := range s.Keys {
		if k.Name == name {
			return k, true
		}
	}
	return Key{}, false
}

// Normalise checks keys against the declaration and gives them as string, int64 and []string, leaving out the absent. An
// undeclared name or a value of the wrong kind is a programming mistake and comes back as an internal error.
func (s Spec) Normalise(keys Keys) (Keys, error) {
	out := make(Keys, len(keys))
	for name, v := range keys {
		k, ok := s.key(name)
		if !ok {
			return nil, fmt.Errorf("storage: %s has no key %q", s.Name, name)
		}
		n, err := normalise(k.Kind, v)
		if err != nil {
			return nil, fmt.Errorf("storage: %s.%s: %w", s.Name, name, err)
		}
		if n != nil {
			out[name] = n
		}
	}
	return out, nil
}

// Checked gives the query with normalised values, or an internal error when it names undeclared keys, compares what can't be
// compared, or sorts by a Strings key. A cursor that doesn't fit the order is errs.Invalid.
func (s Spec) Checked(q Query) (Query, error) {
	where := make([]Cond, len(q.Where))
	for i, c := range q.Where {
		n, err := s.checkedCond(c)
		if err != nil {
			return q, err
		}
		where[i] = n
	}
	q.Where = where
	wantString := false
	if q.Sort != "" {
		k, ok := s.key(q.Sort)
		if !ok || k.Kind == Strings {
			return q, fmt.Errorf("storage: %s can't be sorted by %q", s.Name, q.Sort)
		}
		wantString = k.Kind == String
	}
	if !q.After.IsZero() && !cursorFits(q, wantString) {
		return q, errs.New(errs.Invalid, "bad_cursor").WithFields(errs.Field{Field: "cursor", Code: "bad_cursor"})
	}
	return q, nil
}

func cursorFits(q Query, wantString bool) bool {
	switch q.After.Value.(type) {
	case nil:
		return q.Sort == ""
	case string:
		return q.Sort != "" && wantString
	case int64:
		return q.Sort != "" && !wantString
	default:
		return false
	}
}

func (s Spec) checkedCond(c Cond) (Cond, error) {
	k, ok := s.key(c.Key)
	if c.Key == KeyID {
		k, ok = Key{Name: KeyID}, c.Op == OpEq || c.Op == OpIn
	}
	if !ok {
		return c, fmt.Errorf("storage: %s has no key %q for %q", s.Name, c.Key, c.Op)
	}
	if (k.Kind == Strings) != (c.Op == OpHas) && c.Op != OpAbsent {
		return c, fmt.Errorf("storage: %s.%s can't be compared with %q", s.Name, c.Key, c.Op)
	}
	kind := k.Kind
	if kind == Strings {
		kind = String
	}
	values := make([]any, len(c.Values))
	for i, v := range c.Values {
		n, err := normalise(kind, v)
		if err != nil {
			return c, fmt.Errorf("storage: %s.%s: %w", s.Name, c.Key, err)
		}
		if n == nil {
			n = "" // an absent value equals no document; the empty string is never stored
			if kind == Int {
				return c, fmt.Errorf("storage: %s.%s compared with nothing", s.Name, c.Key)
			}
		}
		values[i] = n
	}
	c.Values = values
	return c, nil
}

// normalise gives string, int64, []string or nil for absent.
func normalise(kind Kind, v any) (any, error) {
	if v == nil {
		return nil, nil
	}
	if t, ok := v.(time.Time); ok {
		if kind != Int {
			return nil, fmt.Errorf("a time needs an Int key")
		}
		if t.IsZero() {
			return nil, nil
		}
		return t.UnixMilli(), nil
	}
	rv := reflect.ValueOf(v)
	switch {
	case kind == String && rv.Kind() == reflect.String:
		if rv.Len() == 0 {
			return nil, nil
		}
		return rv.String(), nil
	case kind == Int && rv.CanInt():
		return rv.Int(), nil
	case kind == Int && rv.Kind() == reflect.Bool:
		if rv.Bool() {
			return int64(1), nil
		}
		return int64(0), nil
	case kind == Strings && rv.Kind() == reflect.Slice && rv.Type().Elem().Kind() == reflect.String:
		return normaliseStrings(rv), nil
	}
	return nil, fmt.Errorf("%T doesn't fit the key's kind", v)
}

// normaliseStrings drops empty and repeated values, keeping the order.
func normaliseStrings(rv reflect.Value) any {
	seen := make(map[string]bool, rv.Len())
	var out []string
	for i := range rv.Len() {
		s := rv.Index(i).String()
		if s != "" && !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}
