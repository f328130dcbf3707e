// Package callback is the part of the runtime that takes the service's notifications, and
// keeps what they say in order.
package callback

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"
)

// What holds unless NotificationOptions says otherwise.
const (
	defaultCallbackBody    = 4 << 20
	defaultCallbackTimeout = 30 * time.Second
	defaultCallbackWorkers = 16
)

// NotificationOptions says how a [NotificationHandler] works. The zero value refuses
// every request, as it has no Verifier.
type NotificationOptions struct {
	// Verifier checks who sent a request. Without one every request is answered 401;
	// see [AllowUnverified].
	Verifier Verifier
	// MaxBody is the size of the largest request that is read, in bytes. 0 = 4 MiB.
	MaxBody int64
	// Timeout is the time for a request, from its header to the end of the functions
	// that handle it. 0 = 30 seconds. The server's own timeouts hold besides.
	Timeout time.Duration
	// AnswerFirst answers 202 as soon as the notifications are decoded, and handles them
	// afterwards. What fails then is reported, but the service does not repeat it.
	AnswerFirst bool
	// Workers is how many requests are handled at a time after their answers, if
	// AnswerFirst is set. 0 = 16. A request that finds no place waits for one, and is
	// answered 503 when its time is up.
	Workers int
	// Logger gets what fails. nil = slog.Default(). Neither tokens nor bodies are logged, nor
	// the query of a resourceUrl; other texts of the sender are cut. A request that holds
	// many notifications gets at most 20 lines of those for which the service repeats it,
	// 20 of others, and for each of these one that counts the rest as [ErrMoreFailures].
	Logger *slog.Logger
	// OnError gets what is logged too, if set. It is called on the goroutine that works on
	// the request, sometimes on several at once.
	OnError func(ctx context.Context, err *CallbackError)
}

// NotificationHandler is the http.Handler that the service's notifications are sent to.
// The functions that its On methods add are called with what the notifications hold, one
// after the other within a request, and on as many goroutines as there are requests: they
// must be safe for concurrent use. The service sends notifications out of order and more
// than once.
//
// It answers
//
//   - 202 when all notifications are handled, or there is nothing to handle them;
//   - 400, 405, 408, 413 and 415 when a request is not what the service sends;
//   - 401 and 403 when the [Verifier] refuses the sender;
//   - 500 when a function returns an error or panics;
//   - 503 when there is no time left, all workers are busy, the keys of the sender are not
//     to be had, or after Shutdown.
//
// At 500 and 503 the service repeats the whole request, so that functions that did
// their work are called again. A panic ends no more than the function that panics.
type NotificationHandler struct {
	options NotificationOptions
	decode  func(data []byte) ([]*CallbackEvent, error)
	routes  atomic.Pointer[callbackRoutes]
	gate    *callbackGate
}

// newNotificationHandler returns a handler whose notifications are decoded by a
// function. Generated code calls it.
func newNotificationHandler(options NotificationOptions, decode func([]byte) ([]*CallbackEvent, error)) *NotificationHandler {
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

// Shutdown refuses new requests with 503 and waits until all notifications that were
// taken are handled. When ctx ends first, it cancels the contexts of the functions
// that still work and returns ctx's error. Call it after the server's own Shutdown.
func (h *NotificationHandler) Shutdown(ctx context.Context) error { return h.gate.shutdown(ctx) }

// ServeHTTP takes one request of the service.
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
		respondCallback(w, h.handle(ctx, events))
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
	events, err := h.decode(data)
	if err != nil {
		return nil, &CallbackError{Status: http.StatusBadRequest, Err: err}
	}
	if len(events) == 0 {
		return nil, &CallbackError{Status: http.StatusAccepted, Err: ErrEmptyNotification}
	}
	for _, e := range events {
		e.TenantID = tenant
	}
	return events, nil
}

// handle hands events over and returns the status for all of them.
func (h *NotificationHandler) handle(ctx context.Context, events []*CallbackEvent) int {
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
	return reports.status
}

// handleEach hands events over one by one, until there is no time left.
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

// handleLater answers 202 and hands the events over afterwards.
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
	status := err.Status // which OnError must not change
	h.report(r.Context(), err, slog.String("remote", cutCallbackText(r.RemoteAddr, maxForeignText)))
	respondCallback(w, status)
}

// respondCallback answers with a status, without saying why: who asks may be anyone.
func respondCallback(w http.ResponseWriter, status int) {
	switch status {
	case http.StatusAccepted:
		w.WriteHeader(status)
		return
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", "Bearer")
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", "1")
	}
	http.Error(w, http.StatusText(status), status)
}
