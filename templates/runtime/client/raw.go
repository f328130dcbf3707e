package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// Do sends a request that the package has no method for, with everything that the client does
// for others: tokens, repetition, limits, logging, errors as [*Error]. The path is one from the
// root of the service, such as "/me/drive/root:/a b.txt:/children?$top=5", whose segments are
// escaped where they must be; a URL has to be below that of the service.
//
// The body is nil for none, a generated struct, the parameters of an operation, a
// [json.RawMessage], an [io.Reader] or []byte for content as it is (application/octet-stream
// unless [Header] Content-Type says otherwise), or anything else that encoding/json encodes.
//
// T is what the answer holds: a pointer to a generated struct, an interface such as AnyX (see
// [Polymorphic]), a *[Page], a scalar or a slice in the member value, struct{} for nothing,
// [json.RawMessage] for the JSON as it came, *[Stream] for content that is not JSON, or any other
// struct, pointer or map that encoding/json decodes.
func Do[T any](ctx context.Context, c *Client, method, path string, body any, opts ...RequestOption) (T, error) {
	var none T
	at, err := c.at(path)
	if err != nil {
		return none, fmt.Errorf("%s: %w", method, err)
	}
	req := at.request(method, opts)
	done, err := c.setBody(ctx, req, body)
	if err != nil {
		return none, fmt.Errorf("%s %s: %w", method, at.path, err)
	}
	defer done()
	if rt := reflect.TypeFor[T](); rt == reflect.TypeFor[*Stream]() {
		s, err := c.stream(ctx, req)
		to, _ := any(s).(T)
		return to, err
	} else if rt == reflect.TypeFor[struct{}]() {
		return none, c.done(ctx, req)
	}
	a, err := c.read(ctx, req)
	if err != nil {
		return none, err
	}
	if isGenerated(reflect.TypeFor[T]()) {
		return decoded[T](a, nil)
	}
	return plain[T](a)
}

// Next reads the page of a collection that a link leads to, such as [Page].NextLink, which may
// have been stored; [Rest] ranges over it and the pages after it. T is as for [Follow]. The
// option [FromLink] does the same for the requests of a builder.
func Next[T any](ctx context.Context, c *Client, link string, opts ...RequestOption) (*Page[T], error) {
	if link == "" {
		return nil, errors.New("there is no link: the last page of a collection has none")
	}
	if err := knownTypes[T](); err != nil {
		return nil, err
	}
	return fetchedPageOf[T](ctx, c.root(), http.MethodGet, nil, nil, append(opts[:len(opts):len(opts)], linked(link)))
}

// FromLink makes a request follow a link that the service gave, which may have been stored, in
// place of its own path and query: List and All go on from the NextLink of an earlier page. The
// link must lead to the service.
func FromLink(link string) RequestOption {
	return func(r *request) {
		if r.link = link; link == "" {
			r.err = errors.New("there is no link: the last page of a collection has none")
		}
	}
}

// Polymorphic tells [Follow], [Next], [Rest], [ChangesSince] and [Do] which types an interface
// AnyX can hold, given the function that decodes it, before anything else has decoded one:
//
//	Next[AnyX](ctx, client, link, Polymorphic(UnmarshalAnyX))
//
// These functions know types by name only, so that a program links only those that it uses. The
// requests of builders need it not.
func Polymorphic[T codec.Value](unmarshal func([]byte, ...codec.Option) (T, error)) RequestOption {
	_, _ = unmarshal([]byte("{}")) // which makes the types known
	return func(*request) {}
}

// at returns the resource at a path or URL of the service, which may have a query.
func (c *Client) at(path string) (*resource, error) {
	if c.err != nil {
		return nil, c.err
	}
	if before, _, _ := strings.Cut(path, "?"); !strings.Contains(before, "://") {
		path = c.base.String() + "/" + strings.TrimLeft(path, "/")
	}
	u, err := url.Parse(path)
	switch {
	case err != nil:
		return nil, fmt.Errorf("the path is malformed: %w", withoutURL(err))
	case !c.isOwn(u) || !c.isUnderBase(u.Path):
		return nil, fmt.Errorf("the path leads to %s, away from %s: another version or service needs a client of its own", codec.Printable(bareLink(u)), c.base)
	case slices.ContainsFunc(strings.Split(u.Path, "/"), isDots):
		return nil, errors.New(`the path has a segment "." or "..", which leads to another one`)
	case u.Fragment != "":
		return nil, errors.New(`the path has a fragment: write "#" as %23`)
	}
	at := &resource{client: c, path: strings.TrimPrefix(u.EscapedPath(), c.base.EscapedPath())}
	if u.RawQuery != "" {
		at.query = "&" + strings.ReplaceAll(u.RawQuery, " ", "%20")
	}
	return at, nil
}

// isDots reports whether a segment of a path stands for another one.
func isDots(segment string) bool { return segment == "." || segment == ".." }

// bareLink returns a URL without what may be confidential.
func bareLink(u *url.URL) string { return u.Scheme + "://" + u.Host + u.Path }

// setBody sets the body of a request. The function that it returns must be called after the
// request.
func (c *Client) setBody(ctx context.Context, req *request, body any) (done func(), err error) {
	done = func() {}
	req.contentType = c.jsonType()
	switch v := body.(type) {
	case nil:
		req.contentType = ""
	case json.RawMessage:
		req.body = v
	case []byte:
		return c.setBody(ctx, req, bytes.NewReader(v))
	case io.Reader:
		if req.contentType = req.header.Get("Content-Type"); req.contentType == "" {
			req.contentType = "application/octet-stream"
		}
		req.content, err = newContent(v)
		done = func() { req.content.end(ctx) }
	case codec.Value:
		req.body, err = c.encodeBody(v)
	default:
		if parameters := parametersOf(body); parameters != nil {
			req.body, err = c.encodeBody(parameters)
		} else {
			req.body, err = json.Marshal(body)
		}
	}
	return done, err
}

// parametersOf returns a pointer to the parameters of an operation, nil for anything else.
func parametersOf(body any) any {
	v := reflect.ValueOf(body)
	if v.Kind() == reflect.Pointer {
		if v.IsNil() || !hasBag(v.Type().Elem()) {
			return nil
		}
		return body
	}
	if !hasBag(v.Type()) {
		return nil
	}
	copied := reflect.New(v.Type())
	copied.Elem().Set(v)
	return copied.Interface()
}

// hasBag reports whether a type is a struct that begins with its AdditionalData.
func hasBag(rt reflect.Type) bool {
	return rt.Kind() == reflect.Struct && rt.NumField() > 0 && rt.Field(0).Type == reflect.TypeFor[codec.AdditionalData]()
}

// isGenerated reports whether answers are decoded into a type as by the methods of builders.
func isGenerated(rt reflect.Type) bool {
	switch rt.Kind() {
	case reflect.Interface:
		return rt.NumMethod() > 0
	case reflect.Pointer:
		return rt.Implements(reflect.TypeFor[codec.Value]()) || itemOf(rt) != nil
	case reflect.Struct, reflect.Map:
		return codec.IsScalar(rt)
	}
	return rt != reflect.TypeFor[json.RawMessage]()
}

// plain decodes an answer by encoding/json.
func plain[T any](a *answer) (to T, err error) {
	data, err := a.content()
	if err == nil {
		err = a.refusal()
	}
	if err == nil {
		err = json.Unmarshal(data, &to)
	}
	if err != nil && a.request != nil {
		var failed *Error
		if !errors.As(err, &failed) {
			err = fmt.Errorf("the answer from %s: %w", a.request.path, err)
		}
	}
	return to, err
}
