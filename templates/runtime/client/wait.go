package client

import (
	"context"
	"net/http"
	"time"
)

// WaitFor asks for something again and again until done reports true, and returns it.
// Between two requests it waits, a second at first and then longer and longer, up to
// half a minute, or as long as the service asks for with Retry-After, up to five minutes.
// It ends with the error of get, or of the context. Its use is to wait for an operation that
// takes the service a while:
//
//	op, err := WaitFor(ctx, func(ctx context.Context) (AnyCommsOperation, error) {
//		return call.Operations().ByID(id).Get(ctx)
//	}, func(op AnyCommsOperation) bool { return OperationDone(op.AsCommsOperation().Status) })
//
// An operation that failed has ended, and is no error of WaitFor: look at its status.
func WaitFor[T any](ctx context.Context, get func(context.Context) (T, error), done func(T) bool) (T, error) {
	const most, mostAsked = 30 * time.Second, 5 * time.Minute
	for wait := time.Second; ; wait = min(wait*3/2, most) {
		var hint time.Duration
		v, err := get(context.WithValue(ctx, retryAfterKey{}, &hint))
		if err != nil || done(v) {
			return v, err
		}
		if err := sleep(ctx, max(wait, min(hint, mostAsked))); err != nil {
			return v, err
		}
	}
}

// OperationDone reports whether a status, in any letter case, is one of an operation that has
// ended, well or not: completed, succeeded, failed, skipped, canceled or cancelled. A status
// that it does not know is one of an operation that goes on.
func OperationDone[S ~string](status S) bool {
	switch lowerASCII(string(status)) {
	case "completed", "succeeded", "failed", "skipped", "canceled", "cancelled":
		return true
	}
	return false
}

// retryAfterKey is under which a context has where to note how long the service wants
// the client to wait before it asks again.
type retryAfterKey struct{}

func noteRetryAfter(ctx context.Context, h http.Header) {
	if hint, ok := ctx.Value(retryAfterKey{}).(*time.Duration); ok {
		*hint, _ = retryAfter(h, time.Now())
	}
}
