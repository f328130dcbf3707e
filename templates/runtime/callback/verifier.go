package callback

import (
	"context"
	"errors"
	"net/http"
)

// A Verifier authenticates the sender of a callback. The module callbackauth provides one.
//
// VerifyCallback returns the tenant id in the request's token. It is called before anything
// else in the request is looked at, and must not read the body. An error is answered 401, with
// two exceptions: 403 if the error has a method Forbidden() bool that returns true; 503, after
// which the service repeats the request, if it has a method Temporary() bool that returns true
// or is a context error.
type Verifier interface {
	VerifyCallback(r *http.Request) (tenantID string, err error)
}

// AllowUnverified returns a [Verifier] that accepts every request and returns no tenant id.
// Use it in tests, or where something else authenticates the sender: anyone who knows the
// bot's address could otherwise send it forged notifications.
func AllowUnverified() Verifier { return unverified{} }

type unverified struct{}

func (unverified) VerifyCallback(*http.Request) (string, error) { return "", nil }

// refusingVerifier is used if no verifier is set.
type refusingVerifier struct{}

func (refusingVerifier) VerifyCallback(*http.Request) (string, error) {
	return "", errors.New("no Verifier is set, so no callback is accepted: " +
		"set NotificationOptions.Verifier (the module callbackauth has a ready one), or to AllowUnverified()")
}

// refusalStatus returns the HTTP status for a verifier's error.
func refusalStatus(err error) int {
	if t, ok := errors.AsType[interface {
		error
		Temporary() bool
	}](err); ok && t.Temporary() {
		return http.StatusServiceUnavailable
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return http.StatusServiceUnavailable
	}
	if f, ok := errors.AsType[interface {
		error
		Forbidden() bool
	}](err); ok && f.Forbidden() {
		return http.StatusForbidden
	}
	return http.StatusUnauthorized
}
