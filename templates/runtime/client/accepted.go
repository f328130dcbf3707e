package client

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// AcceptedError is the error for a request that the service carries out later (202 Accepted):
// because the request has [Prefer] respond-async, or because the answer has a monitor in place
// of the content that was asked for. [Await] returns the result.
type AcceptedError struct {
	Answer  *Error // the answer with status 202
	Monitor string // URL that tells how far the service is

	operation bool                                 // the monitor describes an operation
	result    string                               // URL of the result of an operation, if it does not say it
	look      func(*answer) (more bool, err error) // of a service that tells more; may be nil
}

// Error returns a one-line text with the request.
func (e *AcceptedError) Error() string {
	return e.Answer.Error() + ": the service carries it out later: Await returns its result"
}

// Unwrap returns the answer as an [*Error].
func (e *AcceptedError) Unwrap() error { return e.Answer }

// pending returns the error for an answer with the URL of a monitor, or nil.
func (a *answer) pending() *AcceptedError {
	if a.resp.StatusCode != http.StatusAccepted {
		return nil
	}
	h, from := a.resp.Header, cameFrom(a.resp)
	location := resolved(from, h.Get("Location"))
	other := resolved(from, cmp.Or(h.Get("Operation-Location"), h.Get("Azure-Asyncoperation")))
	switch {
	case other != "":
		return &AcceptedError{Answer: a.error(nil), Monitor: other, operation: true, result: location}
	case location != "":
		return &AcceptedError{Answer: a.error(nil), Monitor: location}
	}
	return nil
}

// accepted returns an error if the service carries out the request later, as the caller asked.
func (a *answer) accepted() error {
	if p := a.pending(); p != nil && a.request.prefers("respond-async") {
		return p
	}
	return nil
}

// Await waits until the service has carried out a request and returns its result. The error is
// the one that the request returned; if it is no [*AcceptedError], Await returns it. T is what
// the request would have returned: a pointer to a struct, an interface such as AnyX, a *[Page],
// a scalar, or struct{} for a request without result. Of an AnyX the program has decoded one, as
// for [Follow].
//
// Between two looks at the monitor it waits for as long as [WaitFor].
func Await[T any](ctx context.Context, c *Client, err error, opts ...RequestOption) (T, error) {
	var none T
	accepted, ok := errors.AsType[*AcceptedError](err)
	if !ok {
		return none, cmp.Or(err, errors.New("there is no request to wait for: pass its error to Await"))
	}
	a, err := c.await(ctx, accepted, opts)
	if err != nil {
		return none, err
	}
	return decoded[T](a)
}

// await polls the monitor of a request until it is carried out, and returns the answer to it.
func (c *Client) await(ctx context.Context, p *AcceptedError, opts []RequestOption) (*answer, error) {
	wait := pauses{}
	hint := p.Answer.RetryAfter
	for {
		if err := wait.next(ctx, hint); err != nil {
			return nil, err
		}
		r := c.root().request(http.MethodGet, append(opts[:len(opts):len(opts)], linked(p.Monitor)))
		a, err := c.read(ctx, r)
		if err != nil {
			return nil, err
		}
		hint, _ = retryAfter(a.resp.Header, time.Now())
		more := a.resp.StatusCode == http.StatusAccepted
		if more {
			p.Monitor = cmp.Or(resolved(cameFrom(a.resp), a.resp.Header.Get("Location")), p.Monitor)
		}
		if p.look != nil {
			if more, err = p.look(a); err != nil || !more {
				return a, err
			}
		}
		if more {
			continue
		}
		if a, err = c.unwrapped(a); err != nil {
			return nil, err
		}
		done, result, err := a.progress(p)
		switch {
		case err != nil:
			return nil, err
		case !done:
			continue
		case result == "":
			return a, nil
		}
		return c.read(ctx, c.root().request(http.MethodGet, append(opts[:len(opts):len(opts)], linked(result))))
	}
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

// progress reads the answer of a monitor that describes an operation, as those do that come in
// Operation-Location and Azure-AsyncOperation. It returns where the result is, "" for the
// answer itself.
func (a *answer) progress(p *AcceptedError) (done bool, result string, err error) {
	var operation struct {
		Status           string
		ResourceLocation string
		Error            json.RawMessage
	}
	if a.resp.Header.Get("Asyncresult") != "" || json.Unmarshal(a.data, &operation) != nil || operation.Status == "" {
		return true, "", nil
	}
	switch {
	case !OperationDone(operation.Status):
		return !p.operation && !isRunning(operation.Status), "", nil
	case operation.Error != nil && string(operation.Error) != "null":
		return true, "", a.error(a.data)
	}
	switch lowerASCII(operation.Status) {
	case "failed", "canceled", "cancelled":
		return true, "", newError(a.request, a.resp, a.data, "the operation has ended: "+operation.Status)
	}
	return true, cmp.Or(resolved(cameFrom(a.resp), operation.ResourceLocation), p.result), nil
}

// isRunning reports whether a status means that an operation has not ended, rather than being a
// property of the result that has the same name.
func isRunning(status string) bool {
	switch lowerASCII(status) {
	case "notstarted", "running", "inprogress", "accepted", "pending", "queued", "waiting":
		return true
	}
	return false
}

// readFinal is like read, and waits for an answer that comes later.
func (c *Client) readFinal(ctx context.Context, r *request) (*answer, error) {
	a, err := c.read(ctx, r)
	if accepted, ok := errors.AsType[*AcceptedError](err); ok {
		return c.await(ctx, accepted, nil)
	}
	if err != nil {
		return nil, err
	}
	if p := a.pending(); p != nil {
		return c.await(ctx, p, nil)
	}
	return a, nil
}

// decoded decodes an answer into a value of type T.
func decoded[T any](a *answer) (T, error) {
	var to T
	rt := reflect.TypeFor[T]()
	switch v := any(&to).(type) {
	case *struct{}:
		return to, a.refusal()
	case *T:
		if rt.Kind() == reflect.Interface {
			return decodedAny[T](a)
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
	return to, a.page(to, nil)
}

// decodedAny decodes an answer into the type that it names.
func decodedAny[T any](a *answer) (to T, err error) {
	if err := knownTypes[T](); err != nil {
		return to, err
	}
	err = a.value(func(data []byte) (codec.Value, error) {
		v, err := codec.UnmarshalAny(data, (*T)(nil), nil, a.request.decoding)
		to, _ = v.(T)
		return v, err
	})
	return to, err
}
