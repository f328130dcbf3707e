package client

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// This file restricts the redirects that the caller's HTTP client follows.

// withoutLeaks returns a copy of an HTTP client that follows redirects by the rules of
// checkRedirect, whatever its own CheckRedirect does, and that distinguishes errors of the
// transport from its own.
func withoutLeaks(h *http.Client) *http.Client {
	if h == nil {
		h = http.DefaultClient
	}
	user := h.CheckRedirect
	own := *h
	own.CheckRedirect = func(req *http.Request, via []*http.Request) error {
		if token := via[0].Header["Authorization"]; token != nil && !isAway(req, via) {
			req.Header["Authorization"] = token // net/http takes another spelling of the host for another host
		}
		if err := askUser(user, req, via); err != nil {
			return err
		}
		return checkRedirect(req, via)
	}
	transport := h.Transport
	if transport == nil {
		transport = http.DefaultTransport
	}
	own.Transport = carrier{transport}
	return &own
}

// askUser calls the CheckRedirect of the caller's HTTP client.
func askUser(user func(*http.Request, []*http.Request) error, req *http.Request, via []*http.Request) error {
	const most = 10
	if user != nil {
		return user(req, via)
	}
	if len(via) >= most {
		return fmt.Errorf("the request was redirected %d times", most)
	}
	return nil
}

// checkRedirect refuses a redirect that would change the request or send its secrets
// elsewhere. A download may be redirected to another origin, as Graph does; it then takes only
// the headers of a download.
func checkRedirect(req *http.Request, via []*http.Request) error {
	first := via[0]
	to := originOf(req.URL)
	switch {
	case req.Method != first.Method:
		return fmt.Errorf("the service redirects it in a way that would turn the %s into a %s", first.Method, req.Method)
	case to.scheme != "http" && to.scheme != "https" || to.host == "":
		return fmt.Errorf("the service redirects it to %s, which is not an http or https URL", codec.Printable(to.scheme+"://"+req.URL.Host))
	case to.scheme == "http" && slices.ContainsFunc(via, func(r *http.Request) bool { return r.URL.Scheme == "https" }):
		return fmt.Errorf("the service redirects it from https to http://%s, where anyone could read it", codec.Printable(req.URL.Host))
	}
	if !isAway(req, via) {
		return nil
	}
	if req.Method != http.MethodGet && req.Method != http.MethodHead || hasBody(req) {
		return fmt.Errorf("the service redirects the %s to %s://%s, another origin: only downloads may lead there; "+
			"if that is the service, give its URL with WithBaseURL", req.Method, to.scheme, codec.Printable(req.URL.Host))
	}
	req.Header = ofDownload(req.Header)
	return nil
}

// isAway reports whether a redirect leads to another origin or comes back from one: a path
// chosen by another origin is not the service's.
func isAway(req *http.Request, via []*http.Request) bool {
	return slices.ContainsFunc(append(via[1:len(via):len(via)], req), func(r *http.Request) bool {
		return r.URL.User != nil || originOf(r.URL) != originOf(via[0].URL)
	})
}

func hasBody(req *http.Request) bool { return req.Body != nil && req.Body != http.NoBody }

// ofDownload returns the headers that another origin may see.
func ofDownload(all http.Header) http.Header {
	kept := make(http.Header)
	for _, name := range []string{"Accept", "Range", "If-Range"} {
		if values := all[name]; len(values) > 0 {
			kept[name] = slices.Clone(values)
		}
	}
	return kept
}

// carrier marks errors of the transport. Other errors come from the HTTP client, which refused
// a redirect or could not read it; they would occur again.
type carrier struct{ http.RoundTripper }

// RoundTrip implements [http.RoundTripper].
func (c carrier) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := c.RoundTripper.RoundTrip(req)
	if _, ok := err.(tls.RecordHeaderError); ok || err == nil {
		return resp, err // http.Client uses it
	}
	return resp, &carrierError{err}
}

// carrierError is an error of a transport.
type carrierError struct{ error }

// Unwrap returns the error itself.
func (e *carrierError) Unwrap() error { return e.error }

// ofCarrier reports whether an error came from the transport. The HTTP client replaces the
// error when its own timeout expires.
func ofCarrier(err error) bool {
	if _, ok := errors.AsType[*carrierError](err); ok {
		return true
	}
	timeout, ok := errors.AsType[net.Error](err)
	return ok && timeout.Timeout()
}
