package callback

import (
	"fmt"
	"net/http"
	"reflect"
	"runtime/debug"
)

// This file keeps what values of the program do, which may panic in any of their methods,
// from ending more than themselves.

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
		return &CallbackError{Status: http.StatusInternalServerError, Err: err}
	}
	return nil
}

// callbackPanicText returns what a panic says. Only plain values are printed by fmt, which
// neither survives methods that panic with values whose methods panic, nor values that
// contain themselves.
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

// callbackErrorText returns the text of an error, of bounded length.
func callbackErrorText(err error) string {
	if err == nil {
		return "no error"
	}
	return callbackMethodText(err, err.Error)
}

// callbackMethodText returns what a method of a value returns, or that it panics.
func callbackMethodText(of any, method func() string) (text string) {
	defer func() {
		if recover() != nil {
			text = fmt.Sprintf("a value of type %T, whose text cannot be had: its method panics", of)
		}
	}()
	return cutCallbackText(method(), maxErrorText)
}
