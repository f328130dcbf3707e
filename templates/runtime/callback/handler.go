// Package callback is the part of the runtime that receives the service's notifications and
// tracks the state that they report.
package callback

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/callgen/callgen/templates/runtime/codec"
	"github.com/callgen/callgen/templates/runtime/inbound"
)

// Defaults of NotificationOptions.
const (
	defaultCallbackBody    = 4 << 20
	defaultCallbackTimeout = 30 * time.Second
	defaultCallbackWorkers = 16
)

// NotificationOptions configures a [NotificationHandler]. The zero value refuses every request
// because it has no Verifier.
type NotificationOptions struct {
	// Verifier authenticates the sender of a request. If it is nil, every request is answered
	// 401; see [AllowUnverified].
	Verifier Verifier
	// MaxBody is the maximum size of a request body in bytes, by default 4 MiB.
	MaxBody int64
	// Decoding sets how notifications are decoded, such as [AllowDuplicateNames] for a
	// sender that repeats members.
	Decoding []codec.Option
	// Timeout limits the time for a request, from its header to the return of the functions
	// that handle it; by default 30 seconds. The server's own timeouts apply as well.
	Timeout time.Duration
	// AnswerFirst answers 202 as soon as the notifications are decoded, and handles them
	// afterwards. Later failures are reported, but the service does not repeat the request.
	AnswerFirst bool
	// Workers limits how many requests are handled at the same time after their answers, if
	// AnswerFirst is set; by default 16. Further requests wait for a free worker and are
	// answered 503 when their time is up.
	Workers int
	// Logger logs failures; by default slog.Default(). Tokens, bodies and the query of a
	// resourceUrl are never logged, other text of the sender is truncated. For one request at
	// most 20 failures that make the service repeat it are logged, and 20 others; a last line
	// for each counts the rest as [ErrMoreFailures].
	Logger *slog.Logger
	// OnError, if set, is called with each failure that is logged. It runs on the goroutine
	// that handles the request, so calls may be concurrent.
	OnError func(ctx context.Context, err *CallbackError)
}

// NotificationHandler is an http.Handler that receives the service's notifications and calls
// the functions added with its On methods. The functions are called one after the other within
// a request, but requests are handled concurrently, so they must be safe for concurrent use.
// The service may send notifications out of order and more than once.
//
// It answers
//
//   - 202 when all notifications have been handled, or no function handles them;
//   - 302 when a function returns a [CallbackRedirect];
//   - 400, 405, 408, 413 and 415 for malformed requests;
//   - 401 and 403 when the [Verifier] refuses the sender;
//   - 500 when a function returns an error or panics;
//   - 503 when the time is up, all workers are busy, the sender's keys cannot be fetched, a
//     function returns ErrNotificationBusy, or after Shutdown.
//
// After 500 and 503 the service repeats the whole request, so functions that have succeeded
// are called again. A panic ends only the function that panics.
type NotificationHandler struct {
	options NotificationOptions
	decode  func(data []byte, opts []codec.Option) ([]*CallbackEvent, error)
	routes  atomic.Pointer[callbackRoutes]
	gate    *callbackGate
}

// newNotificationHandler returns a handler that decodes notifications with the given function.
// Generated code calls it.
func newNotificationHandler(options NotificationOptions, decode func([]byte, []codec.Option) ([]*CallbackEvent, error)) *NotificationHandler {
	if options.Logger == nil {
		options.Logger = slog.Default()
	}
	if options.MaxBody <= 0 {
		options.MaxBody = defaultCallbackBody
	}
	if options.Timeout <= 0 {
		options.Timeout = defaultCallbackTimeout
	}
	if options.Workers <= 0 {
		options.Workers = defaultCallbackWorkers
	}
	switch options.Verifier.(type) {
	case nil:
		options.Verifier = refusingVerifier{}
	case unverified:
		options.Logger.Warn("callbacks are accepted from anyone: NotificationOptions.Verifier is AllowUnverified()")
	}
	h := &NotificationHandler{options: options, decode: decode, gate: newCallbackGate(options.Workers)}
	h.routes.Store(new(callbackRoutes))
	return h
}

// Shutdown refuses new requests with 503 and waits until all accepted notifications have been
// handled. If ctx ends first, Shutdown cancels the contexts of running functions and returns
// ctx's error. Call it after the server's own Shutdown.
func (h *NotificationHandler) Shutdown(ctx context.Context) error { return h.gate.shutdown(ctx) }

// ServeHTTP handles one request of the service.
func (h *NotificationHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, end := h.gate.work(r.Context(), h.options.Timeout)
	defer end()
	r = r.WithContext(ctx)
	if !h.gate.enter() {
		h.answer(w, r, &CallbackError{Status: http.StatusServiceUnavailable, Err: ErrNotificationShutdown})
		return
	}
	defer h.gate.leave()
	var events []*CallbackEvent
	var refused *CallbackError
	if failure := contained(func() error {
		events, refused = h.accept(w, r)
		return nil
	}); failure != nil {
		refused = failure
	}
	switch {
	case refused != nil:
		h.answer(w, r, refused)
	case h.options.AnswerFirst:
		h.handleLater(w, r, events)
	default:
		status, location := h.handle(ctx, events)
		if status == http.StatusFound {
			w.Header().Set("Location", location)
		}
		respondCallback(w, status)
	}
}

// accept returns the events of a request.
func (h *NotificationHandler) accept(w http.ResponseWriter, r *http.Request) ([]*CallbackEvent, *CallbackError) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return nil, &CallbackError{Status: http.StatusMethodNotAllowed, Err: fmt.Errorf("method %.20q, not POST", r.Method)}
	}
	tenant, err := h.options.Verifier.VerifyCallback(r)
	if err != nil {
		return nil, &CallbackError{Status: refusalStatus(err), Err: fmt.Errorf("the sender is refused: %w", err)}
	}
	data, refused := readCallback(w, r, h.options.MaxBody)
	if refused != nil {
		return nil, refused
	}
	events, err := h.decode(data, h.options.Decoding)
	if err != nil {
		return nil, &CallbackError{Status: http.StatusBadRequest, Err: err}
	}
	if len(events) == 0 {
		return nil, &CallbackError{Status: http.StatusAccepted, Err: ErrEmptyNotification}
	}
	origin := callbackOrigin(r.Header)
	for i, e := range events {
		origin.Index = i
		e.TenantID, e.Origin = tenant, origin
	}
	return events, nil
}

// handle handles the events and returns one status for all of them, with the address of a
// redirect.
func (h *NotificationHandler) handle(ctx context.Context, events []*CallbackEvent) (status int, location string) {
	reports := &callbackReports{h: h, ctx: ctx, status: http.StatusAccepted}
	ended := false
	defer func() {
		if !ended {
			reports.add(&CallbackError{Status: http.StatusInternalServerError, Err: fmt.Errorf("%w: runtime.Goexit", ErrNotificationPanic)})
			reports.end()
		}
	}()
	if failure := contained(func() error { h.handleEach(ctx, events, reports); return nil }); failure != nil {
		reports.add(failure)
	}
	reports.end()
	ended = true
	return reports.status, reports.location
}

// handleEach handles the events one by one until the time is up.
func (h *NotificationHandler) handleEach(ctx context.Context, events []*CallbackEvent, reports *callbackReports) {
	for i, e := range events {
		if ctx.Err() != nil {
			reports.add(&CallbackError{
				Status: http.StatusServiceUnavailable, Event: e,
				Err: fmt.Errorf("%d of %d notifications are not handled: %w", len(events)-i, len(events), context.Cause(ctx)),
			})
			return
		}
		if e.Resource.CallID == "" {
			reports.add(&CallbackError{Status: http.StatusAccepted, Event: e, Err: ErrUnknownResource})
		}
		h.dispatch(ctx, e, reports.add)
	}
}

// handleLater answers 202 and handles the events afterwards.
func (h *NotificationHandler) handleLater(w http.ResponseWriter, r *http.Request, events []*CallbackEvent) {
	if err := h.gate.place(r.Context()); err != nil {
		h.answer(w, r, &CallbackError{Status: http.StatusServiceUnavailable, Err: err})
		return
	}
	h.gate.more()
	ctx, end := h.gate.work(context.WithoutCancel(r.Context()), h.options.Timeout)
	go func() {
		defer h.gate.leave()
		defer h.gate.free()
		defer end()
		h.handle(ctx, events)
	}()
	respondCallback(w, http.StatusAccepted)
}

// answer reports a failure and answers with its status.
func (h *NotificationHandler) answer(w http.ResponseWriter, r *http.Request, err *CallbackError) {
	status := err.Status // before OnError, which may modify err
	h.report(r.Context(), err, slog.String("remote", inbound.CutText(r.RemoteAddr, maxForeignText)))
	respondCallback(w, status)
}

// respondCallback answers with a status and no reason: the sender may be anyone.
func respondCallback(w http.ResponseWriter, status int) {
	switch status {
	case http.StatusAccepted, http.StatusFound:
		w.WriteHeader(status)
		return
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", "Bearer")
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", "1")
	}
	http.Error(w, http.StatusText(status), status)
}
