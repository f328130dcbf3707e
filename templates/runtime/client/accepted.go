package client

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strconv"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// AcceptedError is the error for a request that the service carries out later (202 Accepted):
// because the request has [Prefer] respond-async, or because the answer has a monitor in place
// of the content that was asked for. [Await] returns the result, [MonitorOf] follows it.
type AcceptedError struct {
	Answer  *Error // the answer with status 202
	Monitor string // URL that tells how far the service is; it can be stored, see [NewMonitor]

	laterResult
}

// laterResult is what is known of a request that is carried out later.
type laterResult struct {
	operation bool            // the monitor describes an operation
	result    string          // URL of the result of an operation, if it does not say it
	types     *codec.TypeList // what a polymorphic result can be
}

// Error returns a one-line text with the request.
func (e *AcceptedError) Error() string {
	return e.Answer.Error() + ": the service carries it out later: Await returns its result"
}

// Unwrap returns the answer as an [*Error].
func (e *AcceptedError) Unwrap() error { return e.Answer }

// withTypes notes what the result of a request can be, if the service carries it out later.
func withTypes(err error, listed *codec.TypeList) error {
	if later, ok := errors.AsType[*AcceptedError](err); ok {
		later.types = listed
	}
	return err
}

// pending returns the error for an answer with the URL of a monitor, or nil.
func (a *answer) pending() *AcceptedError {
	if a.resp.StatusCode != http.StatusAccepted {
		return nil
	}
	h := a.resp.Header
	location := a.link(h.Get("Location"))
	other := a.link(operationLocation(h))
	switch {
	case other != "":
		if m := a.request.method; location == "" && (m == http.MethodPut || m == http.MethodPatch) {
			location = cameFrom(a.resp).String() // the result of a change is what was changed
		}
		return &AcceptedError{a.error(nil), other, laterResult{operation: true, result: location}}
	case location != "":
		return &AcceptedError{a.error(nil), location, laterResult{}}
	}
	return nil
}

// operationLocation returns the link to the description of an operation.
func operationLocation(h http.Header) string {
	return cmp.Or(h.Get("Operation-Location"), h.Get("Azure-Asyncoperation"))
}

// link returns a link in an answer as an absolute URL.
func (a *answer) link(text string) string { return a.client.location(cameFrom(a.resp), text) }

// accepted returns an error if the service carries out the request later, as the caller asked.
func (a *answer) accepted() error {
	if p := a.pending(); p != nil && a.request.prefers("respond-async") {
		return p
	}
	return nil
}

// Await waits until the service has carried out a request and returns its result. The error is
// the one that the request returned; if it is no [*AcceptedError], Await returns it. T is what
// the request would have returned, see [Monitor].
func Await[T any](ctx context.Context, c *Client, err error, opts ...RequestOption) (T, error) {
	m, err := MonitorOf[T](c, err)
	if err != nil {
		var none T
		return none, err
	}
	return m.Wait(ctx, opts...)
}

// unwrapped returns the answer that the answer of a monitor contains (OData, "Asynchronous
// Requests"): as a body of type application/http, or as the body, with its status in a header.
func (c *Client) unwrapped(a *answer) (*answer, error) {
	resp := a.resp
	if mediaType(resp.Header.Get("Content-Type")) == "application/http" {
		inner, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(a.data)), nil)
		if err == nil {
			a.data, err = io.ReadAll(inner.Body)
			inner.Body.Close()
		}
		if err != nil {
			return nil, fmt.Errorf("the answer from %s does not contain an answer: %w", a.request.path, err)
		}
		inner.Request = resp.Request
		a.resp = inner
	} else if status, err := strconv.Atoi(resp.Header.Get("Asyncresult")); err == nil {
		inner := *resp
		inner.StatusCode = status
		a.resp = &inner
	}
	if !isSuccess(a.resp.StatusCode) {
		return nil, newError(a.request, a.resp, a.data, "")
	}
	return a, nil
}

// readFinal is like read, and waits for an answer that comes later.
func (c *Client) readFinal(ctx context.Context, r *request) (*answer, error) {
	a, err := c.read(ctx, r)
	later, ok := errors.AsType[*AcceptedError](err)
	if err != nil && !ok {
		return nil, err
	}
	if later == nil {
		later = a.pending()
	}
	if later == nil {
		return a, nil
	}
	m := &monitor{client: c, url: later.Monitor, laterResult: later.laterResult, hint: later.Answer.RetryAfter}
	return m.await(ctx, nil)
}

// decoded decodes an answer into a value of type T.
func decoded[T any](a *answer, listed *codec.TypeList) (T, error) {
	var to T
	rt := reflect.TypeFor[T]()
	switch v := any(&to).(type) {
	case *struct{}:
		return to, a.refusal()
	case *T:
		if rt.Kind() == reflect.Interface {
			return decodedAny[T](a, listed)
		}
		if rt.Kind() != reflect.Pointer {
			return resultIn[T](a)
		}
		made := reflect.New(rt.Elem())
		*v = made.Interface().(T)
	}
	if value, ok := any(to).(codec.Value); ok {
		err := a.value(func(data []byte) (codec.Value, error) {
			return value, codec.Unmarshal(data, value, a.request.decoding...)
		})
		return to, err
	}
	item := itemOf(rt)
	if item == nil {
		return plain[T](a)
	}
	if listed == nil {
		if err := knownItems(to, item); err != nil {
			return to, err
		}
	}
	return to, a.page(to, listed)
}

// decodedAny decodes an answer into the type that it names.
func decodedAny[T any](a *answer, listed *codec.TypeList) (to T, err error) {
	if listed == nil {
		if err := knownTypes[T](); err != nil {
			return to, err
		}
	}
	err = a.value(func(data []byte) (codec.Value, error) {
		v, err := codec.UnmarshalAny(data, (*T)(nil), listed, a.request.decoding)
		to, _ = v.(T)
		return v, err
	})
	return to, err
}
