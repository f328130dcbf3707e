package client

import (
	"cmp"
	"net/http"
)

// AcceptedError is the error for a request that the service carries out later (202 Accepted),
// as it may if the request has [Prefer] respond-async.
type AcceptedError struct {
	Answer  *Error // the answer with status 202
	Monitor string // URL that tells how far the service is
}

// Error returns a one-line text with the request.
func (e *AcceptedError) Error() string {
	return e.Answer.Error() + ": the service carries it out later: Await returns its result"
}

// Unwrap returns the answer as an [*Error].
func (e *AcceptedError) Unwrap() error { return e.Answer }

// monitor returns the URL at which a service tells how far it is, or "".
func (a *answer) monitor() string {
	if a.resp.StatusCode != http.StatusAccepted {
		return ""
	}
	h := a.resp.Header
	return resolved(cameFrom(a.resp), cmp.Or(h.Get("Operation-Location"), h.Get("Azure-Asyncoperation"), h.Get("Location")))
}

// accepted returns an error if the service carries out the request later, as the caller asked.
func (c *Client) accepted(a *answer) error {
	if m := a.monitor(); m != "" && a.request.prefers("respond-async") {
		return &AcceptedError{a.error(nil), m}
	}
	return nil
}
