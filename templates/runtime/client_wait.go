package runtime

import (
	"context"
	"time"
)

// WaitFor asks for something again and again until done reports true, and returns it.
// Between two requests it waits, a second at first and then longer and longer, up to
// half a minute. It ends with the error of get, or of the context. Its use is to wait
// for an operation that takes the service a while:
//
//	op, err := WaitFor(ctx, func(ctx context.Context) (AnyCommsOperation, error) {
//		return call.Operations().ByID(id).Get(ctx)
//	}, func(op AnyCommsOperation) bool { return op.AsCommsOperation().Status.Is("completed") })
func WaitFor[T any](ctx context.Context, get func(context.Context) (T, error), done func(T) bool) (T, error) {
	const most = 30 * time.Second
	for wait := time.Second; ; wait = min(wait*3/2, most) {
		v, err := get(ctx)
		if err != nil || done(v) {
			return v, err
		}
		if err := sleep(ctx, wait); err != nil {
			return v, err
		}
	}
}
