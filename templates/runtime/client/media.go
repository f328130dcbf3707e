package client

import (
	"context"
	"io"
	"net/http"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// uploaded replaces a stream of an entity and returns the entity, which is empty if the service
// answers without it.
//
//go:noinline
func uploaded[T codec.Value](ctx context.Context, r *resource, contentType string, content io.Reader, listed *codec.TypeList, opts []RequestOption) (T, error) {
	var none T
	a, err := r.put(ctx, contentType, content, opts)
	if err != nil {
		return none, err
	}
	if !isJSON(a.resp.Header.Get("Content-Type")) {
		a.data = nil // the stream itself, as some services send it
	}
	if listed == nil {
		return decoded[T](a, nil)
	}
	err = a.value(func(data []byte) (codec.Value, error) {
		v, err := codec.UnmarshalAny(data, (*T)(nil), listed, a.request.decoding)
		none, _ = v.(T)
		return v, err
	})
	return none, err
}

// createdMedia adds a media entity, whose content is a stream, to a collection and returns it
// as the service created it.
//
//go:noinline
func createdMedia[T codec.Value](ctx context.Context, r *resource, contentType string, content io.Reader, listed *codec.TypeList, opts []RequestOption) (T, error) {
	var none T
	if content == nil {
		return none, errNoContent
	}
	sent, err := newContent(content)
	if err != nil {
		return none, err
	}
	defer sent.end(ctx)
	send := func(req *request) { req.content, req.contentType = sent, contentType }
	return fetchedAs[T](ctx, r, http.MethodPost, nil, listed, append(opts[:len(opts):len(opts)], send))
}
