package client

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"reflect"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// A Builder is any request builder. [GetProperty] and the functions like it address a single
// property of what it leads to (OData URL conventions, "Addressing a Property").
type Builder interface{ resource() *resource }

// GetProperty reads one property. T is the type of its value: string for a field of type
// *string, []string for a collection, *Address for a complex type, which may be the base type
// of what is there. A property can be a path, see [Property.Path].
func GetProperty[T any](ctx context.Context, of Builder, p codec.Property, opts ...RequestOption) (T, error) {
	at := of.resource().child(p.String())
	var none T
	if !isStructPointer[T]() {
		return fetchResult[T](ctx, at, http.MethodGet, nil, opts)
	}
	to := reflect.New(reflect.TypeFor[T]().Elem()).Interface()
	if err := at.fetch(ctx, http.MethodGet, nil, to.(codec.Value), opts); err != nil {
		return none, err
	}
	return to.(T), nil
}

// SetProperty replaces the value of one property. See [GetProperty] for T.
func SetProperty[T any](ctx context.Context, of Builder, p codec.Property, value T, opts ...RequestOption) error {
	at := of.resource().child(p.String())
	body, err := propertyBody(at.client, value)
	if err != nil {
		return fmt.Errorf("PUT %s: %w", at.path, err)
	}
	req := at.request(http.MethodPut, opts)
	req.body, req.contentType = body, at.client.jsonType()
	return at.client.done(ctx, req)
}

// ClearProperty sets one property to null.
func ClearProperty(ctx context.Context, of Builder, p codec.Property, opts ...RequestOption) error {
	return of.resource().child(p.String()).send(ctx, http.MethodDelete, nil, opts)
}

// OpenProperty reads the value of one property as it is, without JSON around it ($value).
func OpenProperty(ctx context.Context, of Builder, p codec.Property, opts ...RequestOption) (*Stream, error) {
	return of.resource().child(p.String()).child("$value").open(ctx, opts)
}

// UploadProperty replaces the value of one property by content as it is ($value).
func UploadProperty(ctx context.Context, of Builder, p codec.Property, contentType string, content io.Reader, opts ...RequestOption) error {
	return of.resource().child(p.String()).child("$value").upload(ctx, contentType, content, opts)
}

// isStructPointer reports whether T is the pointer to a generated struct.
func isStructPointer[T any]() bool {
	t := reflect.TypeFor[T]()
	return t.Kind() == reflect.Pointer && t.Implements(reflect.TypeFor[codec.Value]())
}

// propertyBody returns the JSON of a single property.
func propertyBody[T any](c *Client, value T) ([]byte, error) {
	if v, ok := any(value).(codec.Value); ok {
		return c.encodeBody(v)
	}
	rt := reflect.TypeFor[T]()
	switch {
	case codec.IsScalar(rt), rt == reflect.TypeFor[string]():
		return c.encodeBody(&result[*T]{Value: &value})
	case rt.Kind() == reflect.Slice && reflect.ValueOf(value).IsNil():
		value = reflect.MakeSlice(rt, 0, 0).Interface().(T)
	case reflect.ValueOf(&value).Elem().IsZero():
		return nil, fmt.Errorf("there is no value to set: ClearProperty sets null")
	}
	return c.encodeBody(&result[T]{Value: value})
}
