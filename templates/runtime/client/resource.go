package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// resource is the immutable address of a request builder. The functions that derive one are
// not inlined, because a large package calls them thousands of times: see address.go.
type resource struct {
	client *Client
	path   string // relative to the base URL, escaped
	uncast string // the path without the type at its end, "" if it does not end with a cast
	query  string // parameters that a function in the path refers to
	err    error
}

// send sends a request and ignores the content of the answer.
func (r *resource) send(ctx context.Context, method string, body any, opts []RequestOption) error {
	a, err := r.exchange(ctx, method, body, opts)
	if err != nil {
		return err
	}
	if err := a.isReadable(); err != nil {
		return err
	}
	return a.refusal()
}

// fetch sends a request and decodes the answer.
func (r *resource) fetch(ctx context.Context, method string, body any, to codec.Value, opts []RequestOption) error {
	a, err := r.exchange(ctx, method, body, opts)
	if err != nil {
		return err
	}
	return a.value(func(data []byte) (codec.Value, error) { return to, codec.Unmarshal(data, to, a.request.decoding...) })
}

// fetched is like fetch with a new value of a struct's pointer type, which it returns.
//
//go:noinline
func fetched[P codec.Value](ctx context.Context, r *resource, method string, body any, opts []RequestOption) (P, error) {
	var none P
	to := reflect.New(reflect.TypeFor[P]().Elem()).Interface().(P)
	if err := r.fetch(ctx, method, body, to, opts); err != nil {
		return none, err
	}
	return to, nil
}

// fetchedPage is like fetchedPageOf for items that are not polymorphic.
//
//go:noinline
func fetchedPage[T any](ctx context.Context, r *resource, method string, body any, opts []RequestOption) (*Page[T], error) {
	return fetchedPageOf[T](ctx, r, method, body, nil, opts)
}

// fetchedPageOf is like fetchPage with a new page. If the answer is interrupted it returns
// both the page and an error.
func fetchedPageOf[T any](ctx context.Context, r *resource, method string, body any, listed *codec.TypeList, opts []RequestOption) (*Page[T], error) {
	to := new(Page[T])
	err := r.fetchPage(ctx, method, body, to, listed, opts)
	if err != nil && to.Value == nil {
		return nil, err
	}
	if changes := tracking(reflect.TypeFor[T](), r, listed, opts); changes != nil {
		changes.link = to.DeltaLink
	}
	return to, err
}

// fetchAny sends a request and decodes the answer into the type that it names.
func (r *resource) fetchAny(ctx context.Context, method string, body, pointer any, listed *codec.TypeList, opts []RequestOption) (codec.Value, error) {
	a, err := r.exchange(ctx, method, body, opts)
	if err != nil {
		return nil, withTypes(err, listed)
	}
	var v codec.Value
	err = a.value(func(data []byte) (_ codec.Value, err error) {
		v, err = codec.UnmarshalAny(data, pointer, listed, a.request.decoding)
		return v, err
	})
	if err != nil {
		return nil, withTypes(err, listed)
	}
	return v, nil
}

// fetchPage sends a request and decodes the answer into a page. If the service fails in the
// middle of it, the page holds the items before the error.
func (r *resource) fetchPage(ctx context.Context, method string, body, page any, listed *codec.TypeList, opts []RequestOption) error {
	a, err := r.exchange(ctx, method, body, opts)
	if err == nil {
		err = a.page(page, listed)
	}
	return withTypes(err, listed)
}

// result is the object around a value that is not a struct.
type result[T any] struct {
	AdditionalData codec.AdditionalData `json:"-"`
	Value          T                    `json:"value"`
}

// fetchResult sends a request and returns the value in the answer, or the zero value if it is
// null.
//
//go:noinline
func fetchResult[T any](ctx context.Context, r *resource, method string, body any, opts []RequestOption) (T, error) {
	a, err := r.exchange(ctx, method, body, opts)
	if err != nil {
		var none T
		return none, err
	}
	return resultIn[T](a)
}

// resultIn returns the value in an answer, or the zero value if it is null.
func resultIn[T any](a *answer) (T, error) {
	if codec.IsScalar(reflect.TypeFor[T]()) || reflect.TypeFor[T]() == reflect.TypeFor[string]() {
		var single result[*T]
		err := a.result(&single, &single.AdditionalData, func() bool { return single.Value != nil })
		if single.Value == nil {
			single.Value = new(T)
		}
		return *single.Value, err
	}
	var other result[T] // an enum, a collection or arbitrary JSON
	err := a.result(&other, &other.AdditionalData, func() bool { return !reflect.ValueOf(other.Value).IsZero() })
	return other.Value, err
}

// result decodes the object around a value, which must be present and fit its type.
func (a *answer) result(to any, ad *codec.AdditionalData, set func() bool) error {
	if err := a.envelope(to, nil); err != nil {
		return err
	}
	if len(ad.Mismatched()) > 0 {
		raw, _ := ad.Get("value")
		return fmt.Errorf("the value in the answer from %s does not fit its type: %.100s", a.request.path, raw)
	}
	if _, kept := ad.Get("value"); !kept && !set() {
		return fmt.Errorf("the answer from %s has no value", a.request.path)
	}
	return nil
}

// count returns the number of items in the collection.
func (r *resource) count(ctx context.Context, opts []RequestOption) (int64, error) {
	r = r.child("$count")
	req := r.request(http.MethodGet, opts)
	req.accept = "text/plain"
	a, err := r.client.read(ctx, req)
	if err != nil {
		return 0, err
	}
	if err := a.refusal(); err != nil {
		return 0, err
	}
	if a.isEmpty() {
		return 0, a.noContent()
	}
	n, err := strconv.ParseInt(string(bytes.TrimSpace(a.data)), 10, 64)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("the answer from %s is not a number", r.path)
	}
	return n, nil
}

// refs ranges over the URLs in a collection of references, page by page.
func (r *resource) refs(ctx context.Context, opts []RequestOption) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		at := r.child("$ref")
		pages := pager{resource: at, opts: opts}
		for more := true; more; {
			page := new(Page[json.RawMessage])
			failed := pages.next(ctx, page, nil, &page.NextLink)
			from := linkBase(pages.from, &page.AdditionalData)
			for _, raw := range page.Value {
				to, err := at.referred(from, raw)
				if !yield(to, err) {
					return
				}
			}
			if failed != nil {
				yield("", failed)
				return
			}
			more = page.NextLink != ""
		}
	}
}

// ref returns the URL in a single reference.
func (r *resource) ref(ctx context.Context, opts []RequestOption) (string, error) {
	at := r.child("$ref")
	a, err := at.exchange(ctx, http.MethodGet, nil, opts)
	if err != nil {
		return "", err
	}
	data, err := a.content()
	if err != nil {
		return "", err
	}
	if err := a.refusal(); err != nil {
		return "", err
	}
	return at.referred(cameFrom(a.resp), data)
}

// referred returns the URL in a reference (OData JSON Format, "Entity Reference"). It
// identifies an entity and may name any host, so it is not followed.
func (r *resource) referred(from *url.URL, reference []byte) (string, error) {
	var to entityReference
	if err := codec.DecodeEnvelope(reference, &to, nil); err != nil {
		return "", fmt.Errorf("the answer from %s: %w", r.path, err)
	}
	if raw, ok := to.AdditionalData.Get("@odata.id"); ok && to.ID == "" {
		return "", fmt.Errorf("the answer from %s: the @odata.id of the reference is %.100s", r.path, raw)
	}
	if to.ID == "" {
		return "", fmt.Errorf("the reference in the answer from %s has no @odata.id", r.path)
	}
	return resolved(linkBase(from, &to.AdditionalData), to.ID), nil
}

// entityReference is a reference to an entity.
type entityReference struct {
	AdditionalData codec.AdditionalData `json:"-"`
	ID             string               `json:"@odata.id"`
}

// addRef adds a reference to a collection of them.
func (r *resource) addRef(ctx context.Context, url string, opts []RequestOption) error {
	return r.child("$ref").reference(ctx, http.MethodPost, url, opts)
}

// setRef sets a single reference.
func (r *resource) setRef(ctx context.Context, url string, opts []RequestOption) error {
	return r.child("$ref").reference(ctx, http.MethodPut, url, opts)
}

func (r *resource) reference(ctx context.Context, method, to string, opts []RequestOption) error {
	data, err := json.Marshal(map[string]string{"@odata.id": r.absolute(to)})
	if err != nil {
		return err
	}
	req := r.request(method, opts)
	req.body, req.contentType = data, r.client.jsonType()
	return r.client.done(ctx, req)
}

// removeRef removes a reference.
func (r *resource) removeRef(ctx context.Context, opts []RequestOption) error {
	return r.child("$ref").send(ctx, http.MethodDelete, nil, opts)
}

// removeRefTo removes a reference from a collection of them, by the URL of its entity.
func (r *resource) removeRefTo(ctx context.Context, url string, opts []RequestOption) error {
	at := r.child("$ref")
	at.query += "&$id=" + queryEscape(at.absolute(url))
	return at.send(ctx, http.MethodDelete, nil, opts)
}

// absolute returns the URL of an entity that is given from the service root.
func (r *resource) absolute(to string) string {
	if strings.HasPrefix(to, "/") && r.client.err == nil {
		return r.client.base.String() + to
	}
	return to
}

// open reads a stream; one that is null is an error for which IsNull reports true.
func (r *resource) open(ctx context.Context, opts []RequestOption) (*Stream, error) {
	return r.client.stream(ctx, r.request(http.MethodGet, opts))
}

// stream sends a request whose answer is a stream.
func (c *Client) stream(ctx context.Context, req *request) (*Stream, error) {
	req.accept = "*/*"
	resp, err := c.do(ctx, req)
	if err != nil {
		return nil, err
	}
	link, err := streamElsewhere(req, resp)
	if err == nil && link != "" {
		elsewhere := *req
		elsewhere.link, elsewhere.budget = link, nil
		req = &elsewhere
		resp, err = c.do(ctx, req)
	}
	if err != nil {
		return nil, err
	}
	return c.streamed(ctx, req, resp)
}

var errNoContent = errors.New("there is no content to send: pass a reader")

// put replaces a stream. Content that can seek is sent again if the service is busy.
func (r *resource) put(ctx context.Context, contentType string, content io.Reader, opts []RequestOption) (*answer, error) {
	if content == nil {
		return nil, errNoContent
	}
	sent, err := newContent(content)
	if err != nil {
		return nil, err
	}
	defer sent.end(ctx)
	req := r.request(http.MethodPut, opts)
	req.content, req.contentType = sent, contentType
	return r.client.answered(ctx, req)
}

// upload is put for an answer that is not wanted.
func (r *resource) upload(ctx context.Context, contentType string, content io.Reader, opts []RequestOption) error {
	_, err := r.put(ctx, contentType, content, opts)
	return err
}

const contentJSON = "application/json"

// request starts a request for the resource.
func (r *resource) request(method string, opts []RequestOption) *request {
	req := &request{
		method: method, path: r.path, aliases: r.query, err: r.err, accept: r.client.jsonType(), header: make(http.Header),
		decoding: r.client.decoding, enumTypes: r.client.service.enumTypes,
	}
	for _, list := range [][]RequestOption{r.client.options, opts} {
		for _, opt := range list {
			opt(req)
		}
	}
	return req
}

// exchange sends a request with an optional JSON body and returns the answer.
func (r *resource) exchange(ctx context.Context, method string, body any, opts []RequestOption) (*answer, error) {
	req := r.request(method, opts)
	if body != nil {
		data, err := r.client.encodeBody(body)
		if err != nil {
			return nil, err
		}
		req.body, req.contentType = data, r.client.jsonType()
	}
	return r.client.read(ctx, req)
}

// done sends a request whose answer may have any content except an HTML page, which does not
// come from the service.
func (c *Client) done(ctx context.Context, r *request) error {
	_, err := c.answered(ctx, r)
	return err
}

// answered is done for an answer that may be of use.
func (c *Client) answered(ctx context.Context, r *request) (*answer, error) {
	a, err := c.read(ctx, r)
	if err != nil {
		return nil, err
	}
	if got := mediaType(a.resp.Header.Get("Content-Type")); got == "text/html" && !a.isEmpty() && mediaType(r.contentType) != got {
		return nil, a.isReadable()
	}
	return a, a.refusal()
}
