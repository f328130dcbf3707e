package client

import (
	"context"
	"io"
	"net/http"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// createdMedia adds a media entity, whose content is a stream, to a collection and returns it
// as the service created it.
//
//go:noinline
func createdMedia[T codec.Value](ctx context.Context, r *resource, contentType string, content io.Reader, types *codec.TypeList, opts []RequestOption) (T, error) {
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
	return fetchedAs[T](ctx, r, http.MethodPost, nil, types, append(opts[:len(opts):len(opts)], send))
}
