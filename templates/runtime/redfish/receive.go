package redfish

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
)

// ReceiverOptions are options of [NewEventReceiver].
type ReceiverOptions struct {
	// Header and Secret are a header that each request of the controllers must have, and its
	// value: those in HttpHeaders of the subscription. Without them anyone who reaches the
	// receiver can send events.
	Header, Secret string

	MostOf int64        // bytes of a request; 0 for 1 MiB
	Log    *slog.Logger // is told of requests that were refused and functions that failed, without their content; may be nil
}

// EventReceiver is an [http.Handler] for what controllers send to those who have subscribed
// (DSP0266, "Subscribing to events"): events and reports of metrics. Its URL is the Destination of
// the subscription, an EventDestination that [CreateEntity] adds to the Subscriptions of the
// EventService. A controller sends again what was not answered with success.
type EventReceiver struct {
	options ReceiverOptions
	secret  func() string
	receive func(context.Context, *ControllerEvent) error
}

// NewEventReceiver returns a receiver that calls a function for each document. If the function
// returns an error or panics, the controller is told (503), and usually sends the document again.
// The function runs while the controller waits, and may run for several documents at the same time.
func NewEventReceiver(options ReceiverOptions, receive func(context.Context, *ControllerEvent) error) *EventReceiver {
	if options.MostOf <= 0 {
		options.MostOf = 1 << 20
	}
	secret := options.Secret
	options.Secret = ""
	return &EventReceiver{options: options, secret: func() string { return secret }, receive: receive}
}

// ServeHTTP implements [http.Handler].
func (r *EventReceiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	status, err := r.serve(w, req)
	if err != nil && r.options.Log != nil {
		r.options.Log.LogAttrs(req.Context(), slog.LevelWarn, "an event was not received",
			slog.String("from", req.RemoteAddr), slog.Int("status", status), slog.String("error", err.Error()))
	}
	w.WriteHeader(status)
}

// serve receives a document and returns the status of the answer.
func (r *EventReceiver) serve(w http.ResponseWriter, req *http.Request) (status int, err error) {
	if req.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return http.StatusMethodNotAllowed, fmt.Errorf("the method is %.20q", req.Method)
	}
	if !r.isKnown(req) {
		return http.StatusUnauthorized, errors.New("the request does not have the header of the subscription")
	}
	if t, _, _ := mime.ParseMediaType(req.Header.Get("Content-Type")); t != "application/json" && t != "" {
		return http.StatusUnsupportedMediaType, errors.New("the content is not JSON")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, r.options.MostOf))
	if err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return http.StatusRequestEntityTooLarge, err
		}
		return http.StatusBadRequest, err
	}
	e, err := newControllerEvent(body)
	if err != nil {
		return http.StatusBadRequest, err
	}
	if err := r.call(req.Context(), e); err != nil {
		return http.StatusServiceUnavailable, err
	}
	return http.StatusNoContent, nil
}

// isKnown reports whether a request has the header of the subscription.
func (r *EventReceiver) isKnown(req *http.Request) bool {
	if r.options.Header == "" {
		return true
	}
	got := req.Header.Get(r.options.Header)
	return subtle.ConstantTimeCompare([]byte(got), []byte(r.secret())) == 1
}

// call calls the function of the program.
func (r *EventReceiver) call(ctx context.Context, e *ControllerEvent) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the function has panicked: %v", p)
		}
	}()
	return r.receive(ctx, e)
}
