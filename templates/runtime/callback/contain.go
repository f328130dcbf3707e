package callback

import (
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"

	"github.com/callgen/callgen/templates/runtime/inbound"
)

// This file confines panics of the program's code, which may come from any method of its
// values.

// contained calls f and returns its error, or its panic as an error.
func contained(f func() error) (failure *CallbackError) {
	defer func() {
		if p := recover(); p != nil {
			failure = &CallbackError{
				Status: http.StatusInternalServerError, Stack: debug.Stack(),
				Err: fmt.Errorf("%w: %s", ErrNotificationPanic, inbound.PanicText(p)),
			}
		}
	}()
	if err := f(); err != nil {
		return &CallbackError{Status: answerTo(err), Err: err}
	}
	return nil
}

// answerTo returns the status that answers a function's error.
func answerTo(err error) int {
	if _, ok := errors.AsType[*CallbackRedirect](err); ok {
		return http.StatusFound
	}
	if errors.Is(err, ErrNotificationBusy) || errors.Is(err, ErrNotificationShutdown) {
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}
