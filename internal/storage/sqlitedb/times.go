package sqlitedb

import (
	"encoding/json"
	"reflect"
	"sync"
	"time"

	"github.com/orynda/orynda/internal/cal"
)

// decoder reads bodies. JSON keeps nanoseconds and zones, which the port doesn't promise and MongoDB doesn't store, so it cuts the
// times of what it read: no code can come to rely on more in one engine than in the other.
type decoder struct {
	timed  sync.Map // reflect.Type → bool: whether its values can hold a time
	fields sync.Map // reflect.Type of a struct → []int: where
}

func (d *decoder) decode(body []byte, into any) error {
	if err := json.Unmarshal(body, into); err != nil {
		return err
	}
	d.cut(reflect.ValueOf(into))
	return nil
}

// cut trims the times in v and in what v leads to.
func (d *decoder) cut(v reflect.Value) {
	if !d.holdsTime(v.Type()) {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			d.cut(v.Elem())
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			d.cut(v.Index(i))
		}
	case reflect.Map:
		d.cutMap(v)
	case reflect.Struct:
		d.cutStruct(v)
	}
}

func (d *decoder) cutStruct(v reflect.Value) {
	if v.Type() == reflect.TypeFor[time.Time]() {
		v.Set(reflect.ValueOf(cal.Trim(v.Interface().(time.Time))))
		return
	}
	for _, i := range d.timedFields(v.Type()) {
		d.cut(v.Field(i))
	}
}

// timedFields are the places of a struct's exported fields that can hold a time.
func (d *decoder) timedFields(t reflect.Type) []int {
	if known, ok := d.fields.Load(t); ok {
		return known.([]int)
	}
	var out []int
	for i := range t.NumField() {
		if f := t.Field(i); f.IsExported() && d.holdsTime(f.Type) {
			out = append(out, i)
		}
	}
	d.fields.Store(t, out)
	return out
}

// cutMap writes the values back, because those in a map can't be changed in place.
func (d *decoder) cutMap(v reflect.Value) {
	for _, key := range v.MapKeys() {
		value := reflect.New(v.Type().Elem()).Elem()
		value.Set(v.MapIndex(key))
		d.cut(value)
		v.SetMapIndex(key, value)
	}
}

// holdsTime looks a type up once: most have no time, and blobs are long.
func (d *decoder) holdsTime(t reflect.Type) bool {
	if known, ok := d.timed.Load(t); ok {
		return known.(bool)
	}
	holds := leadsToTime(t, map[reflect.Type]bool{})
	d.timed.Store(t, holds)
	return holds
}

// leadsToTime searches a type; seen keeps it from going round in types that contain themselves.
func leadsToTime(t reflect.Type, seen map[reflect.Type]bool) bool {
	if t == reflect.TypeFor[time.Time]() {
		return true
	}
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return leadsToTime(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() && leadsToTime(f.Type, seen) {
				return true
			}
		}
	}
	return false
}
