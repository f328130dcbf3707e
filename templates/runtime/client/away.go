package client

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// This file is about requests to URLs that the service gave for one purpose, such as that of
// an upload session or a monitor, which may be on any host. Whoever has such a URL may use it,
// so that the requests bear no token, no cookies and none of the options of the client's every
// request; errors and the log show the host alone. Redirects are left to the caller.

// awayRequest starts a request to a URL that the service gave, with the options of this request
// only.
func (c *Client) awayRequest(method, link string, opts []RequestOption) *request {
	r := &request{method: method, path: "to a URL that the service gave", accept: c.jsonType(), header: make(http.Header), decoding: c.decoding}
	for _, opt := range opts {
		opt(r)
	}
	u, err := url.Parse(link)
	switch {
	case link == "":
		r.err = errors.New("there is no URL: the service sends it with the session or the operation")
	case err != nil:
		r.err = fmt.Errorf("the URL is malformed: %w", withoutURL(err))
	default:
		r.away, r.path = u, u.Scheme+"://"+codec.Printable(u.Host)
	}
	return r
}

// checkAway refuses a request away from the service that would be sent in the clear, unless all
// is, and headers that authorize.
func (c *Client) checkAway(r *request) error {
	u := r.away
	plain := u.Scheme == "http" && c.base.Scheme == "http" && (c.tokens == nil && c.auth == nil || isLoopback(u.Hostname()))
	switch {
	case u.Host == "" || u.User != nil || u.Opaque != "" || u.Scheme != "https" && u.Scheme != "http":
		return fmt.Errorf("%s %s: the URL is no https URL with a host alone", r.method, r.path)
	case u.Scheme == "http" && !plain:
		return fmt.Errorf("%s %s: it would be sent in the clear: the service must give an https URL", r.method, r.path)
	case r.header.Get("Authorization") != "" || r.header.Get("Cookie") != "":
		return fmt.Errorf("%s %s: the request must not have the headers Authorization and Cookie: the URL is the authorization", r.method, r.path)
	}
	return nil
}

// awayHTTP returns the HTTP client for requests away from the service. It follows no redirects
// and has no cookies.
func (c *Client) awayHTTP() *http.Client {
	own := *c.http
	own.Jar = nil
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &own
}

// isRedirect reports whether an answer sends the client elsewhere.
func isRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// isOurs reports whether a URL is the service's own, so that requests to it bear a token.
func (c *Client) isOurs(link string) bool {
	u, err := url.Parse(link)
	return err == nil && (c.linksByPath || c.isOwn(u) && (c.service.anywhere || c.isUnderBase(u.Path)))
}
