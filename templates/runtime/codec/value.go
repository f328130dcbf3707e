// Package codec is the part of the runtime that every generated package has: the JSON
// codec, and the types that the models are made of. It imports nothing of ours, and it
// names to packages client and callback what they need of it in the file bridge.go.
package codec

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// Value is implemented by a pointer to every generated struct.
//
// ODataType returns the qualified name of the struct's entity or complex type,
// without a leading "#". It is a constant of the Go type; the @odata.type text that
// a decoded value came with is kept in its AdditionalData.
type Value interface {
	ODataType() string
	json.Marshaler
	json.Unmarshaler
}

// Option changes how [Unmarshal] and its relatives read a document.
type Option func(*decoder)

// Strict makes a declared member whose JSON does not fit its declared type an
// error. Without it such a member is kept raw and listed by
// [AdditionalData.Mismatched].
func Strict() Option {
	return func(d *decoder) { d.strict = true }
}

// Depths of nesting: what is accepted unless MaxDepth says otherwise, and the most
// that MaxDepth can ask for, which keeps a decode well within a goroutine's stack.
const (
	defaultDepth = 1000
	limitDepth   = 250_000
)

// MaxDepth sets how deep objects and arrays may nest; the default is 1,000 and
// the most is 250,000. Deeper documents are refused.
func MaxDepth(n int) Option {
	return func(d *decoder) { d.maxDepth = min(n, limitDepth) }
}

// Unmarshal decodes a JSON object into v, whose Go type says what is expected,
// whatever @odata.type the object has. What v held before is discarded.
//
// Nothing in the object is lost: see [AdditionalData]. The value does not hold on to
// data. Its strings share a few allocations, which live as long as any of them;
// [Clone] detaches a value.
//
// The error is a [*DecodeError] when data is not one valid JSON object, names a
// member twice (see [AllowDuplicateNames]) or nests too deep; *v is then its zero value.
func Unmarshal(data []byte, v Value, opts ...Option) error {
	t, err := typeOfValue(v)
	if err != nil {
		return err
	}
	obj := refOf(v)
	if isNilRef(obj) {
		return fmt.Errorf("a nil %T cannot be decoded into", v)
	}
	d := t.decoder(data, opts)
	resetStruct(t, obj)
	if err := d.document(t, obj); err != nil {
		resetStruct(t, obj)
		return err
	}
	t.release(d)
	return nil
}

// Marshal encodes v as JSON.
//
// A value that was built in Go gets its @odata.type at the top and wherever the
// reader could not know the type from the schema; a decoded value gets the one it
// came with, or none. Properties come in the order of the schema, what
// AdditionalData holds after them. It is an error if v contains itself or holds
// something that JSON cannot express.
func Marshal(v Value) ([]byte, error) { return encodeValue(v, false) }

// encodeValue is Marshal, for a request if sending.
func encodeValue(v Value, sending bool) ([]byte, error) {
	t, ok, err := typeToEncode(v)
	if err != nil {
		return nil, err
	}
	if !ok {
		return []byte("null"), nil
	}
	e := newEncoder()
	e.sending = sending
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

// AppendJSON appends the JSON encoding of v to dst, as [Marshal] writes it.
// It returns dst unchanged when there is an error.
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

// typeToEncode returns the descriptor of what v points at; false when v is nil.
func typeToEncode(v Value) (*typ, bool, error) {
	if v == nil {
		return nil, false, nil
	}
	t, err := typeOfValue(v)
	return t, err == nil && !isNilRef(refOf(v)), err
}

// typeName returns the qualified name within the text of an @odata.type:
// "#ns.t", "ns.t" or "…$metadata#ns.t".
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
