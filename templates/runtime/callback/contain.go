package callback

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"runtime/debug"
)

// This file confines panics of the program's code, which may come from any method of its
// values.

// contained calls f and returns its error, or its panic as an error.
func contained(f func() error) (failure *CallbackError) {
	defer func() {
		if p := recover(); p != nil {
			failure = &CallbackError{
				Status: http.StatusInternalServerError, Stack: debug.Stack(),
				Err: fmt.Errorf("%w: %s", ErrNotificationPanic, callbackPanicText(p)),
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

// callbackPanicText describes a panic. Only plain values are printed with fmt, which fails on
// values that contain themselves and on methods that panic with values whose methods panic.
func callbackPanicText(p any) string {
	switch p := p.(type) {
	case error:
		return callbackErrorText(p)
	case fmt.Stringer:
		return callbackMethodText(p, p.String)
	}
	switch reflect.TypeOf(p).Kind() {
	case reflect.String, reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr, reflect.Float32, reflect.Float64:
		return callbackMethodText(p, func() string { return fmt.Sprint(p) })
	}
	return fmt.Sprintf("a value of type %T", p)
}

// callbackErrorText returns the text of an error, with bounded length.
func callbackErrorText(err error) string {
	if err == nil {
		return "no error"
	}
	return callbackMethodText(err, err.Error)
}

// callbackMethodText returns the result of a method of a value, or a text that says that it
// panicked.
func callbackMethodText(of any, method func() string) (text string) {
	defer func() {
		if recover() != nil {
			text = fmt.Sprintf("a value of type %T, without a text: its method panics", of)
		}
	}()
	return cutCallbackText(method(), maxErrorText)
}
