package client

import (
	"context"
	"iter"
)

// sendAt sends a request to a path and ignores the content of the answer.
func sendAt(ctx context.Context, c *Client, method, path string, body any, opts []RequestOption) error {
	return (&resource{client: c, path: path}).send(ctx, method, body, opts)
}

// fetchAt sends a request to a path and returns the JSON in the answer.
func fetchAt(ctx context.Context, c *Client, method, path string, body any, opts []RequestOption) ([]byte, error) {
	a, err := (&resource{client: c, path: path}).exchange(ctx, method, body, opts)
	if err != nil {
		return nil, err
	}
	data, err := a.content()
	if err != nil {
		return nil, err
	}
	return data, a.refusal()
}

// eachAt ranges over the collection at a path, whose items are not polymorphic.
func eachAt[T any](ctx context.Context, c *Client, path string, opts []RequestOption) iter.Seq2[T, error] {
	return each[T](ctx, &resource{client: c, path: path}, nil, opts)
}
