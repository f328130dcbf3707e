package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// RetryPolicy says how often and how long to retry a request that failed because the service
// was busy (429, 503, 504) or the connection broke. Permanent failures are not retried:
// untrusted certificates, unknown hosts, invalid headers, refused redirects.
//
// A request that is not idempotent, such as one that creates an entity, is retried only if the
// service did not accept it: after 429, and after 503 with a Retry-After. If an answer breaks
// off, only a GET is sent again.
//
// The policy covers a request, or a [Batch], as a whole: it is sent once and at most Attempts
// more times, whatever the failures.
type RetryPolicy struct {
	Attempts int           // retries after the first attempt; 0 disables retries
	Base     time.Duration // first wait; it doubles with each retry and is shortened at random
	MaxWait  time.Duration // limit for all waits of a request together; a Retry-After beyond it is an error at once
}

// DefaultRetry returns a policy of up to four retries within two minutes.
func DefaultRetry() RetryPolicy {
	return RetryPolicy{Attempts: 4, Base: time.Second, MaxWait: 2 * time.Minute}
}

// failure is the kind of a failure. It decides whether a request is retried.
type failure int

const (
	failureFinal       failure = iota // it would fail again
	failureBroken                     // the connection broke: the service may have the request
	failureCut                        // the answer broke off: the service has carried out the request
	failureThrottled                  // 429: the service did not accept the request
	failureUnavailable                // 503: the same, if there is a Retry-After
	failureLate                       // 504: the service may still be working on it
)

// repeats reports whether a request can be sent again without doing something twice; stated
// means that the service sent a Retry-After.
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

// failureOf returns the kind of failure for an error or a status.
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

// isHopeless reports whether connecting would fail again: because of the two sides, not
// because of the network between them.
func isHopeless(err error) bool {
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return dns.IsNotFound && !dns.IsTemporary
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && (op.Op == "remote error" || op.Op == "local error") {
		return !strings.HasSuffix(op.Error(), "internal error") // TLS refused the other side
	}
	return isError[*tls.CertificateVerificationError](err) || isError[x509.UnknownAuthorityError](err) || isError[x509.HostnameError](err) ||
		isError[x509.CertificateInvalidError](err) || isError[tls.RecordHeaderError](err) || isError[*net.AddrError](err) || isError[net.UnknownNetworkError](err)
}

// isUnconnected reports whether an error means that a request found no connection. After a
// redirect the service has seen it.
func isUnconnected(req *http.Request, err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	if !ok || op.Op != "dial" {
		return false
	}
	at, ok := errors.AsType[*url.Error](err)
	return ok && at.URL == req.URL.Redacted()
}

func isError[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// budget holds the retries that are left for a request.
type budget struct {
	policy   RetryPolicy
	repeated int
	waited   time.Duration
}

// next returns how long to wait before the next attempt, and whether there is one. The
// service's Retry-After is honoured; if it is too long there is no further attempt.
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

// spend waits and uses up one attempt.
func (b *budget) spend(ctx context.Context, wait time.Duration) error {
	b.repeated++
	b.waited += wait
	return sleep(ctx, wait)
}

// jitter returns a random wait whose limit doubles with each attempt (full jitter).
func (p RetryPolicy) jitter(attempt int) time.Duration {
	longest := min(max(p.Base, 1), time.Hour) << min(attempt, 10)
	return time.Duration(rand.Int64N(int64(longest)))
}

// retryAfter reads the Retry-After header, which holds seconds or a date.
func retryAfter(h http.Header, now time.Time) (time.Duration, bool) {
	text := h.Get("Retry-After")
	seconds, err := strconv.ParseUint(text, 10, 31)
	if err == nil || errors.Is(err, strconv.ErrRange) { // out of range is the longest wait possible
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
