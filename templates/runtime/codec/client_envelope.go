package codec

import (
	"fmt"
	"reflect"
	"sync"
)

// This file encodes and decodes the JSON of requests and answers other than entities, for
// package client: the parameters of operations and the objects around collections.

// envelopes holds the descriptors of structs that are not values of the service.
var envelopes sync.Map // reflect.Type → *typ

// envelope returns the descriptor of the struct that v points at.
func envelope(v any, types *typeList) (*typ, error) {
	rt := reflect.TypeOf(v)
	if rt == nil || rt.Kind() != reflect.Pointer || rt.Elem().Kind() != reflect.Struct {
		return nil, fmt.Errorf("%T is not a pointer to the parameters of an operation", v)
	}
	if t, ok := envelopes.Load(rt.Elem()); ok {
		return t.(*typ), nil
	}
	t, err := describe(rt.Elem(), "", types)
	if err != nil {
		return nil, err
	}
	t.types, t.isEnvelope = types, true
	stored, _ := envelopes.LoadOrStore(rt.Elem(), t)
	return stored.(*typ), nil
}

// encodeSent encodes a value that a request sends.
func encodeSent(v Value, format wireFormat) ([]byte, error) { return encodeValue(v, &format) }

// encodeEnvelope encodes the parameters that v points at.
func encodeEnvelope(v any, format wireFormat) ([]byte, error) {
	t, err := envelope(v, nil)
	if err != nil {
		return nil, err
	}
	e := encoder{sending: true, format: &format}
	out, err := e.object(nil, t, pointee(v), declaredPosition)
	if err != nil {
		return nil, extendPath(err, "$")
	}
	return out, nil
}

// decodeEnvelope decodes the object around a collection or a value into the struct that v
// points at; types lists the possible types of a polymorphic value.
func decodeEnvelope(data []byte, v any, types *typeList, opts ...Option) error {
	t, err := envelope(v, types)
	if err != nil {
		return err
	}
	d := newDecoder(data, opts)
	if err := d.document(t, pointee(v)); err != nil {
		return err
	}
	d.release()
	return nil
}

// envelopeTypes returns the possible types of the polymorphic values in the struct that v
// points at, if it has been decoded.
func envelopeTypes(v any) (*typeList, error) {
	t, err := envelope(v, nil)
	if err != nil {
		return nil, err
	}
	return t.types, nil
}

// additionalOf returns the AdditionalData of a value, or nil if it is not a generated struct.
func additionalOf(v Value) *AdditionalData {
	t, err := typeOfValue(v)
	if err != nil {
		return nil
	}
	return additional(t, refOf(v))
}

// isScalar reports whether a property of a Go type is a pointer to it.
func isScalar(rt reflect.Type) bool { return pointerCodecFor(rt) != nil }
