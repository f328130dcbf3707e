package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// RetryPolicy says how often a request is repeated that the service was too busy for,
// or that did not reach it: answers 429, 503 and 504, and broken connections. What cannot
// get better is not repeated: certificates that are not accepted, hosts that are not
// known, headers that cannot be sent, redirects that are refused.
//
// A request that is not idempotent, such as one that creates something, is repeated only
// when the service says that it did not accept it: after 429, and after 503 with a
// Retry-After. An answer that breaks off is asked for again if the request is a GET.
//
// The policy is for the whole of a request, or of a [Batch], whatever it fails at: it is
// made once and at most Attempts times more.
type RetryPolicy struct {
	Attempts int           // after the first one; 0 repeats nothing
	Base     time.Duration // of the waits, which double and are shortened at random
	MaxWait  time.Duration // all waits of a request together; a Retry-After beyond it is an error at once
}

// DefaultRetry repeats a request up to four times, within two minutes.
func DefaultRetry() RetryPolicy {
	return RetryPolicy{Attempts: 4, Base: time.Second, MaxWait: 2 * time.Minute}
}

// failure is the kind of what a request failed at, which decides whether it is repeated.
type failure int

const (
	failureFinal       failure = iota // it will fail again
	failureBroken                     // the connection: nobody knows whether the service has it
	failureCut                        // the answer, which breaks off: the service has done it
	failureThrottled                  // 429: the service has not accepted it
	failureUnavailable                // 503: nor this, if it says when to come again
	failureLate                       // 504: the service may still be at it
)

// repeats reports whether a request can be made again without doing something twice.
// Stated says that the service has told when.
func (f failure) repeats(method string, stated bool) bool {
	idempotent := method != http.MethodPost && method != http.MethodPatch
	switch f {
	case failureThrottled:
		return true
	case failureUnavailable:
		return idempotent || stated
	case failureBroken, failureLate:
		return idempotent
	case failureCut:
		return method == http.MethodGet
	}
	return false
}

// failureOf returns the kind of an attempt's failure: an error, or a status.
func failureOf(status int, err error) failure {
	switch {
	case err != nil && (!ofCarrier(err) || isHopeless(err)):
		return failureFinal
	case err != nil:
		return failureBroken
	case status == http.StatusTooManyRequests:
		return failureThrottled
	case status == http.StatusServiceUnavailable:
		return failureUnavailable
	case status == http.StatusGatewayTimeout:
		return failureLate
	}
	return failureFinal
}

// isHopeless reports whether a connection fails for good: for what the two sides are, and
// not for what is between them.
func isHopeless(err error) bool {
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return dns.IsNotFound && !dns.IsTemporary
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && (op.Op == "remote error" || op.Op == "local error") {
		return !strings.HasSuffix(op.Error(), "internal error") // what TLS does not accept
	}
	return isError[*tls.CertificateVerificationError](err) || isError[x509.UnknownAuthorityError](err) || isError[x509.HostnameError](err) ||
		isError[x509.CertificateInvalidError](err) || isError[tls.RecordHeaderError](err) || isError[*net.AddrError](err) || isError[net.UnknownNetworkError](err)
}

func isError[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// budget is what is left for repeating a request.
type budget struct {
	policy   RetryPolicy
	repeated int
	waited   time.Duration
}

// next returns how long to wait before the next attempt, and whether there is one. The
// service's Retry-After is honoured; if it is too long there is none.
func (b *budget) next(ctx context.Context, method string, f failure, h http.Header) (time.Duration, bool) {
	if b.repeated >= b.policy.Attempts || ctx.Err() != nil {
		return 0, false
	}
	wait, stated := retryAfter(h, time.Now())
	if !f.repeats(method, stated) {
		return 0, false
	}
	if !stated {
		wait = b.policy.jitter(b.repeated)
	}
	if wait > b.policy.MaxWait-b.waited {
		return 0, false
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < wait {
		return 0, false
	}
	return wait, true
}

// spend waits, and takes an attempt out of the budget.
func (b *budget) spend(ctx context.Context, wait time.Duration) error {
	b.repeated++
	b.waited += wait
	return sleep(ctx, wait)
}

// jitter returns a random wait, of up to twice as long each time (full jitter).
func (p RetryPolicy) jitter(attempt int) time.Duration {
	longest := min(max(p.Base, 1), time.Hour) << min(attempt, 10)
	return time.Duration(rand.Int64N(int64(longest)))
}

// retryAfter reads the Retry-After header: seconds or a date.
func retryAfter(h http.Header, now time.Time) (time.Duration, bool) {
	text := h.Get("Retry-After")
	seconds, err := strconv.ParseUint(text, 10, 31)
	if err == nil || errors.Is(err, strconv.ErrRange) { // then it is the largest there is
		return time.Duration(seconds) * time.Second, true
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(at.Sub(now), 0), true
	}
	return 0, false
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
