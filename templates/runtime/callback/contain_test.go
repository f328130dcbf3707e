package callback

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime"
	"testing"
	"time"

	"github.com/callgen/callgen/templates/runtime/internal/models"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// evil panics in every method that something may call, with a value that does so too.
type evil struct{ _ int }

func (e *evil) Error() string        { panic(e) }
func (e *evil) String() string       { panic(e) }
func (e *evil) GoString() string     { panic(e) }
func (e *evil) Unwrap() error        { panic(e) }
func (e *evil) Is(error) bool        { panic(e) }
func (e *evil) As(any) bool          { panic(e) }
func (e *evil) LogValue() slog.Value { panic(e) }
func (e *evil) Temporary() bool      { panic(e) }
func (e *evil) Forbidden() bool      { panic(e) }

// evilStringer is no error.
type evilStringer struct{}

func (evilStringer) String() string { panic(evilStringer{}) }

// evilLogger panics at each line.
type evilLogger struct{ slog.Handler }

func (evilLogger) Enabled(context.Context, slog.Level) bool  { panic("logger") }
func (evilLogger) Handle(context.Context, slog.Record) error { panic("logger") }

// unwrapping panics when it is unwrapped, but not when it is printed.
type unwrapping struct{}

func (unwrapping) Error() string { return "a plain text" }
func (unwrapping) Unwrap() error { panic("unwrap") }

// TestWhatTheProgramsValuesDoIsContained: whatever functions return or panic with, the
// process goes on, the request is answered and the other functions are called.
func TestWhatTheProgramsValuesDoIsContained(t *testing.T) {
	itself := map[string]any{}
	itself["me"] = itself
	for name, fail := range map[string]func() error{
		"error":                      func() error { return new(evil) },
		"nil error pointer":          func() error { return (*evil)(nil) },
		"error behind one":           func() error { return errors.Join(new(evil), errors.New("x")) },
		"Unwrap":                     func() error { return unwrapping{} },
		"panic with error":           func() error { panic(new(evil)) },
		"panic with Stringer":        func() error { panic(evilStringer{}) },
		"panic with what has itself": func() error { panic(itself) },
		"panic with nil":             func() error { panic(nil) },
		"panic with func":            func() error { panic(func() {}) },
	} {
		for _, first := range []bool{false, true} {
			for _, logger := range []bool{false, true} {
				r := new(reports)
				options := NotificationOptions{AnswerFirst: first, Timeout: time.Minute, Verifier: verifierFunc(func(*http.Request) (string, error) { return "", nil })}
				options.OnError = func(ctx context.Context, err *CallbackError) {
					r.add(ctx, err)
					err.Status = 7 // no status at all
					_ = err.Error()
					panic(new(evil))
				}
				options.Logger = slog.New(slog.NewTextHandler(r, nil))
				if logger {
					options.Logger = slog.New(evilLogger{})
				}
				h := NewNotificationHandler(options)
				calls := 0
				h.OnCall(func(context.Context, *CallbackEvent, *models.Call) error { return fail() })
				h.OnCall(func(context.Context, *CallbackEvent, *models.Call) error { calls++; return nil })
				status := post(h, twoCalls).StatusCode
				require.NoError(t, h.Shutdown(t.Context()))
				assert.Equal(t, map[bool]int{true: 202, false: 500}[first], status, name)
				assert.Equal(t, 2, calls, name)
				errs, log := r.take()
				require.Len(t, errs, 2, name)
				assert.NotEmpty(t, errs[0].Error(), name)
				assert.Equal(t, logger, log == "", name)
			}
		}
	}
}

// TestVerifiersAreContained: the errors of a verifier, too.
func TestVerifiersAreContained(t *testing.T) {
	for name, c := range map[string]struct {
		verify func() error
		status int
	}{
		"error":  {func() error { return new(evil) }, 500},
		"unwrap": {func() error { return unwrapping{} }, 500},
		"panic":  {func() error { panic(new(evil)) }, 500},
	} {
		h, r := newTestHandler(NotificationOptions{AnswerFirst: true, Verifier: verifierFunc(func(*http.Request) (string, error) { return "", c.verify() })})
		h.OnEvent(func(context.Context, *CallbackEvent) error { t.Error("an unverified event is delivered"); return nil })
		assert.Equal(t, c.status, post(h, established).StatusCode, name)
		errs, log := r.take()
		require.Len(t, errs, 1, name)
		require.ErrorIs(t, errs[0], ErrNotificationPanic, name)
		assert.Contains(t, log, "level=ERROR", name)
	}
}

func TestPanicTexts(t *testing.T) {
	h, r := newTestHandler(NotificationOptions{})
	var with any
	h.OnCall(func(context.Context, *CallbackEvent, *models.Call) error { panic(with) })
	for _, c := range []struct {
		with any
		want string
	}{
		{"oh", "oh"}, {errors.New("wrong"), "wrong"}, {42, "42"}, {2 * time.Second, "2s"}, {models.CallState("held"), "held"},
		{struct{ a int }{}, "a value of type struct { a int }"}, {new(evil), "a value of type *callback.evil, without a text: its method panics"},
	} {
		with = c.with
		post(h, established)
		errs, _ := r.take()
		require.Len(t, errs, 1)
		assert.EqualError(t, errs[0].Err, "panic: "+c.want)
	}
}

// TestGoexitIsReported: a function that ends its goroutine ends the handling of the request,
// which is not silent.
func TestGoexitIsReported(t *testing.T) {
	h, r := newTestHandler(NotificationOptions{AnswerFirst: true, Timeout: time.Minute})
	h.OnCall(func(context.Context, *CallbackEvent, *models.Call) error { runtime.Goexit(); return nil })
	assert.Equal(t, http.StatusAccepted, post(h, twoCalls).StatusCode)
	require.NoError(t, h.Shutdown(t.Context()))
	errs, _ := r.take()
	require.Len(t, errs, 1)
	require.ErrorIs(t, errs[0], ErrNotificationPanic)
	assert.ErrorContains(t, errs[0], "Goexit")
}
