package callback

import (
	"context"
	"errors"
	"net/http"
)

// Verifier checks who sent a callback. The module callbackauth has a ready one.
//
// VerifyCallback returns the id of the tenant that the request's token names. It is
// called before anything else of the request is looked at, and must not read the body.
// Its error leads to 401; to 403 if it has a method Forbidden() bool that says true;
// to 503, so that the service repeats the notification, if it has a method
// Temporary() bool that says true or is that of a context.
type Verifier interface {
	VerifyCallback(r *http.Request) (tenantID string, err error)
}

// AllowUnverified returns a [Verifier] that accepts every request, whoever sent it,
// and names no tenant. Use it where something else checks the sender, or in a test:
// anyone who finds the address of a bot can make such a bot believe anything.
func AllowUnverified() Verifier { return unverified{} }

type unverified struct{}

func (unverified) VerifyCallback(*http.Request) (string, error) { return "", nil }

// refusingVerifier stands in where no verifier was given.
type refusingVerifier struct{}

func (refusingVerifier) VerifyCallback(*http.Request) (string, error) {
	return "", errors.New("no Verifier is set, so no callback is accepted: " +
		"set NotificationOptions.Verifier (the module callbackauth has a ready one), or to AllowUnverified()")
}

// refusalStatus returns the status that a verifier's error leads to.
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
