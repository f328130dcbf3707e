package client

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
)

// An Authorizer puts credentials into requests, for a service that takes others than the
// bearer tokens of a [TokenSource]. It must be safe for concurrent use.
type Authorizer interface {
	// Authorize adds credentials to the header of a request to the service. It is called for
	// every attempt, and must not read the body or change anything else.
	Authorize(ctx context.Context, req *http.Request) error

	// Renew is called when the service has answered a request with 401 (Unauthorized). It
	// reports whether there are other credentials now; the request is then sent again, once.
	// Requests that were sent at the same time are refused together, and only the first of
	// them should cause a renewal: compare the header of the refused one.
	Renew(ctx context.Context, refused *http.Request) (bool, error)
}

// WithAuthorizer makes requests carry the credentials of a, for the service only: a redirect to
// another scheme, host or port does not get them.
func WithAuthorizer(a Authorizer) ClientOption { return func(c *Client) { c.auth = a } }

// BasicAuth returns an [Authorizer] with a name and a password (RFC 7617).
func BasicAuth(user, password string) Authorizer {
	return &basicAuth{user, func() string { return password }}
}

// basicAuth keeps its password in a function, so that no formatting prints it.
type basicAuth struct {
	user     string
	password func() string
}

// Authorize implements [Authorizer].
func (b *basicAuth) Authorize(_ context.Context, req *http.Request) error {
	if b.user == "" {
		return errors.New("the user has no name")
	}
	req.SetBasicAuth(b.user, b.password())
	return nil
}

// Renew implements [Authorizer]: there are no other credentials.
func (b *basicAuth) Renew(context.Context, *http.Request) (bool, error) { return false, nil }

// renewed reports whether a refused request is to be sent again because there are other
// credentials. The answer is read before, so that its connection can be used for them.
func (c *Client) renewed(ctx context.Context, r *request, req *http.Request, resp *http.Response) (bool, error) {
	if resp.StatusCode != http.StatusUnauthorized || c.auth == nil || r.renewed || r.away != nil {
		return false, nil
	}
	r.renewed = true
	told, _ := readUpTo(resp.Body, mostOfError-1)
	_ = resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(told))
	again, err := c.auth.Renew(ctx, req)
	if again = again && err == nil && r.replays(); again || err != nil {
		r.content.end(ctx)
	}
	return again, err
}
