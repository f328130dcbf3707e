package runtime

import (
	"fmt"
	"reflect"
	"sync"
)

// This file encodes and decodes what requests carry beside entities: the parameters of
// operations, and the objects around collections.

// Page is a part of a collection, as the service sends it.
//
// AdditionalData has the members beside it, such as "@odata.context".
type Page[T any] struct {
	AdditionalData AdditionalData `json:"-"`
	Value          []T            `json:"value,omitempty"`
	Count          *int64         `json:"@odata.count,omitempty"`     // of the whole collection, if it was asked for
	NextLink       string         `json:"@odata.nextLink,omitempty"`  // "" on the last page
	DeltaLink      string         `json:"@odata.deltaLink,omitempty"` // on the last page of changes
}

// envelopes are the descriptors of structs that are not values of the service.
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
	t.types = types
	stored, _ := envelopes.LoadOrStore(rt.Elem(), t)
	return stored.(*typ), nil
}

// encodeBody encodes what a request sends: a value, or parameters, or nothing.
func encodeBody(body any) ([]byte, error) {
	if v, ok := body.(Value); ok {
		if isNil(v) {
			return nil, fmt.Errorf("a nil %T cannot be sent", v)
		}
		return encodeValue(v, true)
	}
	t, err := envelope(body, nil)
	if err != nil {
		return nil, err
	}
	e := encoder{sending: true}
	out, err := e.object(nil, t, pointee(body), declaredPosition)
	if err != nil {
		return nil, extendPath(err, "$")
	}
	return out, nil
}

// decodeEnvelope decodes the object around a collection or a value into the struct that
// v points at. types lists what a polymorphic value can be.
func decodeEnvelope(data []byte, v any, types *typeList) error {
	t, err := envelope(v, types)
	if err != nil {
		return err
	}
	d := t.decoder(data, nil)
	if err := d.document(t, pointee(v)); err != nil {
		return err
	}
	t.release(d)
	return nil
}
