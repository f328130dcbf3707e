// Package notification is the part of the runtime that receives change notifications: what the
// service posts for the subscriptions of a program, to any of its resources.
package notification

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

// Defaults of ChangeOptions.
const (
	defaultChangeBody        = 4 << 20
	defaultChangeBatch       = 1000
	defaultChangeTimeout     = 10 * time.Second
	defaultChangeWorkTimeout = 30 * time.Second
	defaultChangeWorkers     = 16
	defaultChangeQueue       = 10_000
	defaultChangeQueueBytes  = 64 << 20
	defaultChangeRemembered  = 10_000
)

// ChangeOptions configures a [ChangeHandler]. The zero value delivers nothing, because it knows
// no client state.
type ChangeOptions struct {
	// ClientStates returns the secrets that a notification of a subscription may have as its
	// clientState, none if the subscription is unknown; see [FixedClientStates], and
	// [SubscriptionKeeper] in packages that have subscriptions. They are compared in constant
	// time. An error is answered 503, after which the service repeats the request.
	ClientStates func(ctx context.Context, subscriptionID string) ([]string, error)
	// Keys finds the private keys of the certificates that encrypt resource data, such as a
	// [ChangeKeyring]. Without it encrypted notifications are refused.
	Keys ChangeKeySource
	// Verifier verifies the validation tokens of encrypted notifications. Without it they are
	// refused; see [AllowUnverifiedChanges].
	Verifier ChangeVerifier
	// MaxBody is the maximum size of a request body in bytes, by default 4 MiB.
	MaxBody int64
	// MaxBatch is the maximum number of notifications in a request, by default 1,000.
	MaxBatch int
	// Decoding sets how notifications and their resources are decoded.
	Decoding []codec.Option
	// Timeout limits the time for a request until its answer, by default 10 seconds.
	Timeout time.Duration
	// WorkTimeout limits the time for the functions of one notification, by default 30 seconds.
	WorkTimeout time.Duration
	// HandleFirst answers 202 when all notifications of a request have been handled, and 503 if
	// a function fails or the Timeout is up. The service then repeats the whole request. It is
	// for functions that only store what they get. Otherwise 202 is answered as soon as the
	// notifications are in memory; one that a function fails to handle is reported and lost.
	HandleFirst bool
	// Workers limits how many notifications are handled at the same time, by default 16.
	Workers int
	// MaxQueued and MaxQueuedBytes limit the notifications in memory that are not handled yet,
	// by default 10,000 and 64 MiB. More are answered 503.
	MaxQueued      int
	MaxQueuedBytes int64
	// Logger logs failures and refused notifications; by default slog.Default(). Client states,
	// tokens, keys and data are never logged. At most 20 refusals of a request are logged.
	Logger *slog.Logger
	// OnError, if set, is called with each failure that is logged, possibly concurrently.
	OnError func(ctx context.Context, err *ChangeError)
}

// ChangeHandler is an http.Handler that receives the change notifications of any subscriptions,
// at their notificationUrl and lifecycleNotificationUrl, and calls the functions added with
// [OnChange], [ChangeHandler.OnEvent] and [ChangeHandler.OnLifecycle].
//
// Notifications of a subscription are handled one after the other, in the order in which their
// requests arrive and in which a request has them; those of different subscriptions are handled
// at the same time. The service itself does not promise an order, and may send a notification
// more than once. A repeated one is left out if it can be recognised: by its id, or because its
// encrypted content is the same.
//
// It answers
//
//   - 200 with the validation token when a subscription is created;
//   - 202 for notifications, genuine or not: a stranger does not learn which check failed;
//   - 400, 405, 408, 413 and 415 for malformed requests;
//   - 503 when keys or client states are unavailable, too much is queued, or after Shutdown,
//     and for functions that fail if HandleFirst is set. The service repeats these requests.
//
// A notification is delivered only if its clientState is right. Encrypted resource data is
// delivered only if in addition every validation token of the request is genuine, one of them is
// of the notification's tenant, and its signature is right. Other members, such as changeType and
// resource, are protected by nothing but the clientState: the service signs none of them.
type ChangeHandler struct {
	options ChangeOptions
	routes  atomic.Pointer[changeRoutes]
	lanes   *changeLanes
	seen    changeMemory
}

// NewChangeHandler returns a handler of change notifications. Add functions to it before or
// while it is served.
func NewChangeHandler(options ChangeOptions) *ChangeHandler {
	orUsual(&options.MaxBody, defaultChangeBody)
	orUsual(&options.MaxBatch, defaultChangeBatch)
	orUsual(&options.Timeout, defaultChangeTimeout)
	orUsual(&options.WorkTimeout, defaultChangeWorkTimeout)
	orUsual(&options.Workers, defaultChangeWorkers)
	orUsual(&options.MaxQueued, defaultChangeQueue)
	orUsual(&options.MaxQueuedBytes, defaultChangeQueueBytes)
	if options.Logger == nil {
		options.Logger = slog.Default()
	}
	if options.ClientStates == nil {
		options.ClientStates = FixedClientStates()
	}
	if _, ok := options.Verifier.(unverifiedChanges); ok {
		options.Logger.Warn("encrypted notifications are accepted without their tokens: ChangeOptions.Verifier is AllowUnverifiedChanges()")
	}
	h := &ChangeHandler{options: options, seen: changeMemory{most: defaultChangeRemembered}}
	h.lanes = newChangeLanes(options.Workers, options.MaxQueued, options.MaxQueuedBytes)
	h.routes.Store(new(changeRoutes))
	return h
}

// orUsual sets an option to its default unless it is positive.
func orUsual[T int | int64 | time.Duration](option *T, usual T) {
	if *option <= 0 {
		*option = usual
	}
}

// Shutdown refuses new requests with 503 and waits until all accepted notifications have been
// handled. If ctx ends first, Shutdown cancels the contexts of running functions, drops what is
// queued and returns ctx's error. Call it after the server's own Shutdown.
func (h *ChangeHandler) Shutdown(ctx context.Context) error { return h.lanes.shutdown(ctx) }

// ServeHTTP handles one request of the service.
func (h *ChangeHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		h.refuse(w, r, http.StatusMethodNotAllowed, fmt.Errorf("method %.20q, not POST", r.Method))
		return
	}
	if changeHandshake(w, r) {
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), h.options.Timeout)
	defer cancel()
	r = r.WithContext(ctx)
	data, status, err := inbound.Read(w, r, h.options.MaxBody)
	if err != nil {
		h.refuse(w, r, status, err)
		return
	}
	var batch *changeBatch
	if failure := containedChange(func() error {
		batch, err = h.receive(ctx, data)
		return nil
	}); failure != nil {
		err = failure
	}
	switch {
	case err != nil:
		h.refuse(w, r, changeStatus(err), err)
	case h.options.HandleFirst && !batch.wait(ctx):
		respondChange(w, http.StatusServiceUnavailable) // the failure is reported where it happens
	default:
		respondChange(w, http.StatusAccepted)
	}
}

// refuse reports why a whole request is refused, and answers it.
func (h *ChangeHandler) refuse(w http.ResponseWriter, r *http.Request, status int, err error) {
	h.report(r.Context(), &ChangeError{Err: err}, slog.Int("status", status), slog.String("remote", inbound.CutText(r.RemoteAddr, maxChangeText)))
	respondChange(w, status)
}

// respondChange answers with a status and no reason: the sender may be anyone.
func respondChange(w http.ResponseWriter, status int) {
	switch status {
	case http.StatusAccepted:
		w.WriteHeader(status)
		return
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", "1")
	}
	http.Error(w, http.StatusText(status), status)
}
