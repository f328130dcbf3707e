package client

import (
	"context"
	"iter"
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

// What follows is for the models in tests, which generated code writes otherwise. Nothing that
// is emitted can use it.

// NewTestClient returns a client of a service at an address.
func NewTestClient(tokens TokenSource, opts ...ClientOption) *Client {
	return newClient("beta", tokens, opts)
}
