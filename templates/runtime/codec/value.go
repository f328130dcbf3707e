// Package codec is the part of the runtime in every generated package: the JSON codec and the
// types of model fields. It imports no other package of this module; bridge.go gives exported
// names to what packages client and callback use.
package codec

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// Value is implemented by pointers to all generated structs.
//
// ODataType returns the qualified name of the struct's entity or complex type, without a
// leading "#". It depends only on the Go type; the @odata.type that a value was received with
// is in its AdditionalData.
type Value interface {
	ODataType() string
	json.Marshaler
	json.Unmarshaler
}

// An Option changes how [Unmarshal] and the other decoding functions read a document.
type Option func(*decoder)

// Strict makes it an error if the JSON of a declared member does not fit its type. Without it
// such members are kept as JSON and listed by [AdditionalData.Mismatched].
func Strict() Option {
	return func(d *decoder) { d.strict = true }
}

// Limits on nesting: the default, and the maximum for MaxDepth, at which decoding stays well
// within a goroutine's stack.
const (
	defaultDepth = 1000
	limitDepth   = 250_000
)

// MaxDepth sets how deep objects and arrays may be nested; the default is 1,000, the maximum
// 250,000. Deeper documents are refused.
func MaxDepth(n int) Option {
	return func(d *decoder) { d.maxDepth = min(n, limitDepth) }
}

// Unmarshal decodes a JSON object into v, whatever its @odata.type; the Go type of v
// determines the result. Previous contents of v are discarded.
//
// Nothing in the object is lost: see [AdditionalData]. The value does not reference data. Its
// short strings share allocations of 2 KB with each other and with those of other documents,
// which live as long as any of them; use [Clone] to detach a value.
//
// The error is a [*DecodeError] if data is not one valid JSON object, repeats a member name
// (see [AllowDuplicateNames]) or is nested too deep; *v is then its zero value.
func Unmarshal(data []byte, v Value, opts ...Option) error {
	t, err := typeOfValue(v)
	if err != nil {
		return err
	}
	obj := refOf(v)
	if isNilRef(obj) {
		return fmt.Errorf("a nil %T cannot be decoded into", v)
	}
	d := newDecoder(data, opts)
	resetStruct(t, obj)
	if err := d.document(t, obj); err != nil {
		resetStruct(t, obj)
		return err
	}
	d.release()
	return nil
}

// Marshal encodes v as JSON.
//
// A value built in Go gets its @odata.type at the top level and wherever the schema does not
// determine the type; a decoded value keeps the one it was received with, or none. Properties
// are in the order of the schema, followed by AdditionalData. Marshal returns an error if v
// contains itself or a value that JSON cannot represent.
func Marshal(v Value) ([]byte, error) { return encodeValue(v, nil) }

// encodeValue is Marshal; the format is that of the body of a request, otherwise nil.
func encodeValue(v Value, format *wireFormat) ([]byte, error) {
	t, ok, err := typeToEncode(v)
	if err != nil {
		return nil, err
	}
	if !ok {
		return []byte("null"), nil
	}
	e := newEncoder()
	if e.sending = format != nil; e.sending && *format != (wireFormat{}) {
		e.format = format
	}
	buf, err := e.top(e.scratch[:0], t, v)
	if err != nil {
		return nil, err
	}
	out := make([]byte, len(buf))
	copy(out, buf)
	e.scratch = buf
	e.release()
	return out, nil
}

// AppendJSON appends the JSON encoding of v to dst, as [Marshal] encodes it. If it fails, it
// returns dst unchanged.
func AppendJSON(dst []byte, v Value) ([]byte, error) {
	t, ok, err := typeToEncode(v)
	if err != nil {
		return dst, err
	}
	if !ok {
		return append(dst, "null"...), nil
	}
	e := newEncoder()
	buf, err := e.top(dst, t, v)
	if err != nil {
		return dst, err
	}
	e.release()
	return buf, nil
}

// typeToEncode returns the descriptor of the struct that v points at; it reports false if v is
// nil.
func typeToEncode(v Value) (*typ, bool, error) {
	if v == nil {
		return nil, false, nil
	}
	t, err := typeOfValue(v)
	return t, err == nil && !isNilRef(refOf(v)), err
}

// typeName returns the qualified name in an @odata.type: "#ns.t", "ns.t" or "…$metadata#ns.t".
func typeName(text string) string {
	return text[strings.LastIndexByte(text, '#')+1:]
}

// typeOfValue returns the descriptor of the struct that v points at.
func typeOfValue(v Value) (*typ, error) {
	rt := reflect.TypeOf(v)
	if rt == nil {
		return nil, notGenerated(v)
	}
	address := reflect.ValueOf(rt).Pointer()
	place := &recent[(address>>5^address>>11)%uintptr(len(recent))]
	if t := place.Load(); t != nil && t.pointer == rt {
		return t, nil
	}
	if rt.Kind() != reflect.Pointer || rt.Elem().Kind() != reflect.Struct {
		return nil, notGenerated(v)
	}
	t, err := typeFor(rt.Elem())
	if err == nil {
		place.Store(t)
	}
	return t, err
}

func notGenerated(v Value) error { return fmt.Errorf("%T is not a pointer to a generated struct", v) }

func isNil(v Value) bool {
	p := reflect.ValueOf(v)
	return p.Kind() == reflect.Pointer && p.IsNil()
}
