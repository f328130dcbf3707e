package notification

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/callgen/callgen/templates/runtime/inbound"
)

// Errors of a [ChangeHandler].
var (
	// ErrChangeRefused means that a notification is not delivered, since nothing shows that the
	// service sent it.
	ErrChangeRefused = errors.New("the notification is refused")
	// ErrChangeSealed means that encrypted content cannot be opened: its key, signature or padding
	// is wrong. The error does not say which.
	ErrChangeSealed = errors.New("the encrypted content cannot be opened")
	// ErrChangeKey means that a [ChangeKeySource] has no key of the certificate that a notification
	// names.
	ErrChangeKey = errors.New("there is no key of the certificate")
	// ErrChangePanic means that a function panicked.
	ErrChangePanic = errors.New("a function panicked")
	// ErrChangeBusy means that too much is queued.
	ErrChangeBusy = errors.New("too many notifications are queued")
	// ErrChangeShutdown means that the handler was shut down.
	ErrChangeShutdown = errors.New("the handler is shut down")
	// ErrChangeUnhandled means that no function handles a notification.
	ErrChangeUnhandled = errors.New("no function handles the notification")
	// ErrMoreChangeFailures counts the refusals of a request that are not reported individually.
	ErrMoreChangeFailures = errors.New("further failures of the same request are not reported individually")
)

// ChangeError is a failure to handle a request or a notification.
type ChangeError struct {
	Event *ChangeEvent // nil if the error is about a whole request
	Err   error
	Stack []byte // of a panic
}

// Error returns the text of the error, without secrets of the notification.
func (e *ChangeError) Error() string {
	if e.Event == nil {
		return "change notification: " + inbound.ErrorText(e.Err)
	}
	return "change notification of " + inbound.PrintableText(inbound.CutText(e.Event.SubscriptionID, maxChangeText)) + ": " + inbound.ErrorText(e.Err)
}

// Unwrap returns the cause of the error.
func (e *ChangeError) Unwrap() error { return e.Err }

// Limits of what is reported of one request.
const (
	maxChangeReports = 20
	maxChangeText    = 256
	maxChangeStack   = 16 << 10
)

// changeStatusError is an error that has a status of its own.
type changeStatusError struct {
	status int
	err    error
}

func (e *changeStatusError) Error() string { return e.err.Error() }
func (e *changeStatusError) Unwrap() error { return e.err }

// changeStatus returns the status that answers an error of a request.
func changeStatus(err error) int {
	if e, ok := errors.AsType[*changeStatusError](err); ok {
		return e.status
	}
	return http.StatusServiceUnavailable
}

// containedChange calls f and returns its error, or its panic as an error.
func containedChange(f func() error) (failure *ChangeError) {
	defer func() {
		if p := recover(); p != nil {
			failure = &ChangeError{Stack: debug.Stack(), Err: fmt.Errorf("%w: %s", ErrChangePanic, inbound.PanicText(p))}
		}
	}()
	if err := f(); err != nil {
		return &ChangeError{Err: err}
	}
	return nil
}

// report logs a failure and passes it to OnError. Panics of either are contained.
func (h *ChangeHandler) report(ctx context.Context, err *ChangeError, more ...slog.Attr) {
	level := slog.LevelError
	if errors.Is(err.Err, ErrChangeRefused) || errors.Is(err.Err, ErrChangeUnhandled) {
		level = slog.LevelWarn
	}
	attrs := append(more, slog.String("error", inbound.ErrorText(err.Err)))
	if e := err.Event; e != nil {
		attrs = append(attrs, slog.String("subscription", inbound.CutText(e.SubscriptionID, maxChangeText)),
			slog.String("change", inbound.CutText(e.ChangeType+e.Lifecycle, maxChangeText)))
	}
	if err.Stack != nil {
		attrs = append(attrs, slog.String("stack", inbound.CutText(string(err.Stack), maxChangeStack)))
	}
	_ = containedChange(func() error { h.options.Logger.LogAttrs(ctx, level, "change notification", attrs...); return nil })
	if h.options.OnError != nil {
		_ = containedChange(func() error { h.options.OnError(ctx, err); return nil })
	}
}

// changeReports reports the refusals of a request, and counts those that are too many.
type changeReports struct {
	h             *ChangeHandler
	ctx           context.Context
	made, omitted int
}

func (r *changeReports) add(e *ChangeEvent, err error) {
	if r.made == maxChangeReports {
		r.omitted++
		return
	}
	r.made++
	r.h.report(r.ctx, &ChangeError{Event: e, Err: err})
}

func (r *changeReports) end() {
	if r.omitted > 0 {
		r.h.report(r.ctx, &ChangeError{Err: fmt.Errorf("%w: %d", ErrMoreChangeFailures, r.omitted)})
	}
}
