package client

import (
	"context"
	"io"
	"iter"
	"time"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// This file is not emitted. It gives the packages above this one exported names for what they
// need of it.

func SendAt(ctx context.Context, c *Client, method, path string, body any, opts []RequestOption) error {
	return sendAt(ctx, c, method, path, body, opts)
}

func FetchAt(ctx context.Context, c *Client, method, path string, body any, opts []RequestOption) ([]byte, error) {
	return fetchAt(ctx, c, method, path, body, opts)
}

func IsUnsent(err error) bool { return isUnsent(err) }

func EachAt[T any](ctx context.Context, c *Client, path string, opts []RequestOption) iter.Seq2[T, error] {
	return eachAt[T](ctx, c, path, opts)
}

func NewControllerClient(base string, opts []ClientOption) *Client {
	return newControllerClient(base, opts)
}

func ExchangeAt(ctx context.Context, c *Client, method, link string, body any, opts []RequestOption) (*Response, []byte, error) {
	return exchangeAt(ctx, c, method, link, body, opts)
}

func BareOption(name string) RequestOption { return bareOption(name) }

func WithoutQuery() RequestOption { return withoutQuery() }

func OpenAt(ctx context.Context, c *Client, link string, opts []RequestOption) (*Stream, error) {
	return openAt(ctx, c, link, opts)
}

func PostAt(ctx context.Context, c *Client, link, contentType string, from io.Reader, opts []RequestOption) (*Response, []byte, error) {
	return postAt(ctx, c, link, contentType, from, opts)
}

type TaskLook = taskLook

func AwaitAt(ctx context.Context, c *Client, monitor string, first time.Duration, look TaskLook, opts []RequestOption) (*Response, []byte, error) {
	return awaitAt(ctx, c, monitor, first, look, opts)
}

func AdditionalText(v codec.Value, name codec.Property) string { return additionalText(v, name) }

func MayPass(err error) bool { return mayPass(err) }

func PausedFor(ctx context.Context, n int, asked time.Duration) error {
	return pausedFor(ctx, n, asked)
}

func EncodedBody(c *Client, body any) ([]byte, error) { return encodedBody(c, body) }

// What follows is for the models in tests, which generated code writes otherwise. Nothing that
// is emitted can use it.

// NewTestClient returns a client of a service at an address.
func NewTestClient(tokens TokenSource, opts ...ClientOption) *Client {
	return newClient("beta", tokens, opts)
}
