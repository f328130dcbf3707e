package callback

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Bounds of what is said of one request, and of the texts in it.
const (
	maxCallbackReports = 20 // of those that the service repeats the request for, and of others
	maxForeignText     = 256
	maxErrorText       = 2 << 10
	maxStackText       = 16 << 10
)

// ErrMoreFailures: a request failed in more ways than are reported one by one. The error
// says in how many.
var ErrMoreFailures = errors.New("more failures of the same request are not reported one by one")

// callbackReports are what is reported of the notifications of one request, which may be
// a million.
type callbackReports struct {
	h      *NotificationHandler
	ctx    context.Context
	status int // for the whole request
	few    callbackReportCount
	grave  callbackReportCount // those that the service repeats the request for
}

// callbackReportCount counts reports of a kind.
type callbackReportCount struct{ made, omitted, status int }

func (r *callbackReports) add(err *CallbackError) {
	r.status = max(r.status, err.Status)
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

// end reports how much was not reported.
func (r *callbackReports) end() {
	for _, count := range []callbackReportCount{r.few, r.grave} {
		if count.omitted > 0 {
			r.h.report(r.ctx, &CallbackError{Status: count.status, Err: fmt.Errorf("%w: %d", ErrMoreFailures, count.omitted)})
		}
	}
}

// report logs a failure and hands it to OnError. Neither can end more than itself.
func (h *NotificationHandler) report(ctx context.Context, err *CallbackError, more ...slog.Attr) {
	h.log(ctx, err, more...)
	if h.options.OnError == nil {
		return
	}
	if failure := contained(func() error { h.options.OnError(ctx, err); return nil }); failure != nil {
		h.logLine(ctx, slog.LevelError, "NotificationOptions.OnError panicked",
			slog.String("error", callbackErrorText(failure.Err)), slog.String("stack", cutCallbackText(string(failure.Stack), maxStackText)))
	}
}

// log logs a failure. What the sender wrote is cut, and never has the query of a URL.
func (h *NotificationHandler) log(ctx context.Context, err *CallbackError, more ...slog.Attr) {
	level := slog.LevelWarn
	if err.Status >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	attrs := append(more, slog.Int("status", err.Status), slog.String("error", callbackErrorText(err.Err)))
	if e := err.Event; e != nil {
		attrs = append(attrs, slog.String("change", cutCallbackText(e.ChangeType, maxForeignText)), slog.String("resource", e.resourceText()))
	}
	if err.Stack != nil {
		attrs = append(attrs, slog.String("stack", cutCallbackText(string(err.Stack), maxStackText)))
	}
	h.logLine(ctx, level, callbackMessage(err), attrs...)
}

// logLine hands a line to the logger, which may be one of the program's own.
func (h *NotificationHandler) logLine(ctx context.Context, level slog.Level, message string, attrs ...slog.Attr) {
	// There is nobody left to tell of a logger that panics.
	_ = contained(func() error { h.options.Logger.LogAttrs(ctx, level, message, attrs...); return nil })
}

// callbackMessage says what kind of failure an error is.
func callbackMessage(err *CallbackError) string {
	switch {
	case err.Status == http.StatusUnauthorized || err.Status == http.StatusForbidden:
		return "callback refused"
	case err.Stack != nil: // errors.Is would call methods of the program's errors
		return "callback handler panicked"
	case err.Status == http.StatusAccepted:
		return "callback not handled"
	}
	return "callback failed"
}

// resourceText returns what the event is about as it may be logged: without the query of
// a URL, which can hold secrets, and of bounded length.
func (e *CallbackEvent) resourceText() string {
	if text := e.Resource.String(); text != "" {
		return cutCallbackText(text, maxForeignText)
	}
	return cutCallbackText(pathOfResource(e.ResourceText), maxForeignText)
}

// printableCallbackText quotes a text unless it is one plain word.
func printableCallbackText(text string) string {
	if text == "" || strings.ContainsFunc(text, func(r rune) bool { return r == '"' || r == ' ' || !strconv.IsPrint(r) }) {
		return strconv.Quote(text)
	}
	return text
}

// cutCallbackText returns a text of at most so many bytes and a mark that something is missing.
func cutCallbackText(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return strings.Clone(text[:most]) + "…"
}
