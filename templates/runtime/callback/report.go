package callback

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/callgen/callgen/templates/runtime/inbound"
)

// Limits on the reports for one request and on the length of texts in them.
const (
	maxCallbackReports = 20 // with an answer that makes the service repeat the request, and of others
	maxForeignText     = 256
	maxStackText       = 16 << 10
)

// ErrMoreFailures means that a request failed in more ways than are reported individually. The
// error says how many.
var ErrMoreFailures = errors.New("further failures of the same request are not reported individually")

// callbackReports collects the reports for one request, which may hold a million
// notifications.
type callbackReports struct {
	h      *NotificationHandler
	ctx    context.Context
	status int // answer to the whole request

	location string // of a redirect

	few   callbackReportCount
	grave callbackReportCount // failures that make the service repeat the request
}

// callbackReportCount counts reports of one kind.
type callbackReportCount struct{ made, omitted, status int }

func (r *callbackReports) add(err *CallbackError) {
	r.status = max(r.status, err.Status)
	if err.Status == http.StatusFound { // a decision, not a failure
		if to, ok := errors.AsType[*CallbackRedirect](err.Err); ok {
			r.location = to.URL
		}
		return
	}
	count := &r.few
	if err.Status >= http.StatusInternalServerError {
		count = &r.grave
	}
	if count.made >= maxCallbackReports {
		count.omitted++
		count.status = max(count.status, err.Status)
		return
	}
	count.made++
	r.h.report(r.ctx, err)
}

// end reports how many failures were omitted.
func (r *callbackReports) end() {
	for _, count := range []callbackReportCount{r.few, r.grave} {
		if count.omitted > 0 {
			r.h.report(r.ctx, &CallbackError{Status: count.status, Err: fmt.Errorf("%w: %d", ErrMoreFailures, count.omitted)})
		}
	}
}

// report logs a failure and passes it to OnError. Panics of either are contained.
func (h *NotificationHandler) report(ctx context.Context, err *CallbackError, more ...slog.Attr) {
	h.log(ctx, err, more...)
	if h.options.OnError == nil {
		return
	}
	if failure := contained(func() error { h.options.OnError(ctx, err); return nil }); failure != nil {
		h.logLine(ctx, slog.LevelError, "NotificationOptions.OnError panicked",
			slog.String("error", inbound.ErrorText(failure.Err)), slog.String("stack", inbound.CutText(string(failure.Stack), maxStackText)))
	}
}

// log logs a failure. Text of the sender is truncated, without the query of URLs.
func (h *NotificationHandler) log(ctx context.Context, err *CallbackError, more ...slog.Attr) {
	level := slog.LevelWarn
	if err.Status >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	attrs := append(more, slog.Int("status", err.Status), slog.String("error", inbound.ErrorText(err.Err)))
	if e := err.Event; e != nil {
		attrs = append(attrs, slog.String("change", inbound.CutText(e.ChangeType, maxForeignText)), slog.String("resource", e.resourceText()))
	}
	if err.Stack != nil {
		attrs = append(attrs, slog.String("stack", inbound.CutText(string(err.Stack), maxStackText)))
	}
	h.logLine(ctx, level, callbackMessage(err), attrs...)
}

// logLine passes a line to the logger, which may be the program's own.
func (h *NotificationHandler) logLine(ctx context.Context, level slog.Level, message string, attrs ...slog.Attr) {
	// There is nowhere to report the panic of a logger.
	_ = contained(func() error { h.options.Logger.LogAttrs(ctx, level, message, attrs...); return nil })
}

// callbackMessage returns the log message for the kind of an error.
func callbackMessage(err *CallbackError) string {
	switch {
	case err.Status == http.StatusUnauthorized || err.Status == http.StatusForbidden:
		return "callback refused"
	case err.Stack != nil: // checked first: errors.Is would call methods of the program's errors
		return "callback handler panicked"
	case err.Status == http.StatusAccepted:
		return "callback not handled"
	}
	return "callback failed"
}

// resourceText returns the subject of the event for the log: with bounded length and without
// the query of a URL, which can hold secrets.
func (e *CallbackEvent) resourceText() string {
	if text := e.Resource.String(); text != "" {
		return inbound.CutText(text, maxForeignText)
	}
	return inbound.CutText(pathOfResource(e.ResourceText), maxForeignText)
}
