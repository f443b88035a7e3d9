package mongodb

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"unicode/utf8"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// codec stores bodies as BSON by their json tags, so that what comes back is what JSON would have brought back: the engines
// must agree. Types that write themselves as JSON or text (json.RawMessage among them) are kept as that JSON.
//
// One difference is the driver's: under omitempty a pointer to a zero time comes back as nil.
type codec struct{ registry *bson.Registry }

func newCodec() codec {
	r := bson.NewRegistry()
	// The driver looks a type's own codec up first (time.Time has one), then these, then the codec of its kind.
	for _, t := range []reflect.Type{reflect.TypeFor[json.Marshaler](), reflect.TypeFor[encoding.TextMarshaler]()} {
		r.RegisterInterfaceEncoder(t, bson.ValueEncoderFunc(encodeJSON))
	}
	for _, t := range []reflect.Type{reflect.TypeFor[json.Unmarshaler](), reflect.TypeFor[encoding.TextUnmarshaler]()} {
		r.RegisterInterfaceDecoder(t, bson.ValueDecoderFunc(decodeJSON))
	}
	r.RegisterKindEncoder(reflect.String, bson.ValueEncoderFunc(encodeString))
	return codec{r}
}

func (c codec) encode(body any) (bson.Raw, error) {
	var buf bytes.Buffer
	enc := bson.NewEncoder(bson.NewDocumentWriter(&buf))
	enc.SetRegistry(c.registry)
	enc.UseJSONStructTags()
	if err := enc.Encode(body); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

func (c codec) decode(body bson.Raw, into any) error {
	dec := bson.NewDecoder(bson.NewDocumentReader(bytes.NewReader(body)))
	dec.SetRegistry(c.registry)
	dec.UseJSONStructTags()
	return dec.Decode(into)
}

// encodeString replaces what isn't UTF-8, as encoding/json does.
func encodeString(_ bson.EncodeContext, w bson.ValueWriter, v reflect.Value) error {
	s := v.String()
	if !utf8.ValidString(s) {
		s = string([]rune(s))
	}
	return w.WriteString(s)
}

// encodeJSON stores a value as JSON text. Pointers are followed, because what they point to may have a codec of its own.
func encodeJSON(ec bson.EncodeContext, w bson.ValueWriter, v reflect.Value) error {
	if v.Kind() != reflect.Pointer {
		if v.CanAddr() { // the methods may want the pointer
			v = v.Addr()
		}
		text, err := json.Marshal(v.Interface())
		if err != nil {
			return err
		}
		return w.WriteString(string(text))
	}
	if v.IsNil() {
		return w.WriteNull()
	}
	enc, err := ec.LookupEncoder(v.Type().Elem())
	if err != nil {
		return err
	}
	return enc.EncodeValue(ec, w, v.Elem())
}

// decodeJSON is the reverse of encodeJSON.
func decodeJSON(dc bson.DecodeContext, r bson.ValueReader, v reflect.Value) error {
	if r.Type() == bson.TypeNull {
		v.SetZero()
		return r.ReadNull()
	}
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		dec, err := dc.LookupDecoder(v.Type().Elem())
		if err != nil {
			return err
		}
		return dec.DecodeValue(dc, r, v.Elem())
	}
	if r.Type() != bson.TypeString || !v.CanAddr() {
		return fmt.Errorf("mongodb: %s is stored as %s", v.Type(), r.Type())
	}
	text, err := r.ReadString()
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(text), v.Addr().Interface())
}
