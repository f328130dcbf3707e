package client

import (
	"context"
	"net/http"
	"time"
)

// WaitFor polls get until done reports true and returns the last value; it returns early if
// get fails or ctx is done. It waits a second at first and then longer, up to half a minute,
// or as long as the service asks for with Retry-After, up to five minutes. Use it to wait for
// an operation that continues in the background:
//
//	op, err := WaitFor(ctx, func(ctx context.Context) (AnyCommsOperation, error) {
//		return call.Operations().ByID(id).Get(ctx)
//	}, func(op AnyCommsOperation) bool { return OperationDone(op.AsCommsOperation().Status) })
//
// A failed operation is done and not an error of WaitFor: check its status.
func WaitFor[T any](ctx context.Context, get func(context.Context) (T, error), done func(T) bool) (T, error) {
	wait := pauses{}
	for {
		var hint time.Duration
		v, err := get(context.WithValue(ctx, retryAfterKey{}, &hint))
		if err != nil || done(v) {
			return v, err
		}
		if err := wait.next(ctx, hint); err != nil {
			return v, err
		}
	}
}

// pauses are the waits between two looks at something that takes its time.
type pauses struct{ last time.Duration }

// next waits, longer each time or for as long as the service asks, within bounds.
func (p *pauses) next(ctx context.Context, asked time.Duration) error {
	const first, most, mostAsked = time.Second, 30 * time.Second, 5 * time.Minute
	p.last = max(first, min(p.last*3/2, most))
	return sleep(ctx, max(p.last, min(asked, mostAsked)))
}

// OperationDone reports whether status says that an operation has ended: completed, succeeded,
// failed, skipped, canceled or cancelled, in any letter case. It returns false for any other
// status.
func OperationDone[S ~string](status S) bool {
	switch lowerASCII(string(status)) {
	case "completed", "succeeded", "failed", "skipped", "canceled", "cancelled":
		return true
	}
	return false
}

// retryAfterKey is the context key for the place to record a Retry-After.
type retryAfterKey struct{}

func noteRetryAfter(ctx context.Context, h http.Header) {
	if hint, ok := ctx.Value(retryAfterKey{}).(*time.Duration); ok {
		*hint, _ = retryAfter(h, time.Now())
	}
}
