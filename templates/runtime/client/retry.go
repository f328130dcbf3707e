package client

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

// RetryPolicy says how often a request is repeated that the service was too busy for,
// or that did not reach it: answers 429, 503 and 504, and broken connections.
//
// A request that is not idempotent, such as one that creates something, is repeated only
// when the service says that it did not accept it: after 429, and after 503 with a
// Retry-After.
type RetryPolicy struct {
	Attempts int           // after the first one; 0 repeats nothing
	Base     time.Duration // of the waits, which double and are shortened at random
	MaxWait  time.Duration // all waits of a request together
}

// DefaultRetry repeats a request up to four times, within two minutes.
func DefaultRetry() RetryPolicy {
	return RetryPolicy{Attempts: 4, Base: time.Second, MaxWait: 2 * time.Minute}
}

// next returns how long to wait before the next attempt, and whether there is one. The
// service's Retry-After is honoured; if it is too long, its error is returned at once.
func (p RetryPolicy) next(ctx context.Context, r *request, resp *http.Response, err error, attempt int, waited time.Duration) (time.Duration, bool) {
	if attempt >= p.Attempts || !r.replays() || ctx.Err() != nil {
		return 0, false
	}
	if _, ok := errors.AsType[*finalError](err); ok {
		return 0, false
	}
	var after time.Duration
	var stated bool
	if resp != nil {
		after, stated = retryAfter(resp.Header, time.Now())
	}
	if !mayRepeat(r.method, resp, stated) {
		return 0, false
	}
	wait := after
	if !stated {
		wait = p.jitter(attempt)
	}
	if wait > p.MaxWait-waited {
		return 0, false
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < wait {
		return 0, false
	}
	return wait, true
}

// jitter returns a random wait, of up to twice as long each time (full jitter).
func (p RetryPolicy) jitter(attempt int) time.Duration {
	longest := min(max(p.Base, 1), time.Hour) << min(attempt, 10)
	return time.Duration(rand.Int64N(int64(longest)))
}

// mayRepeat reports whether a request that failed can be made again without doing
// something twice.
func mayRepeat(method string, resp *http.Response, stated bool) bool {
	idempotent := method != http.MethodPost && method != http.MethodPatch
	if resp == nil {
		return idempotent
	}
	switch resp.StatusCode {
	case http.StatusTooManyRequests:
		return true
	case http.StatusServiceUnavailable:
		return idempotent || stated
	case http.StatusGatewayTimeout:
		return idempotent
	}
	return false
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
