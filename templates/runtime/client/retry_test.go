package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/callgen/callgen/templates/runtime/internal/models"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// failing is a transport that fails.
type failing struct {
	err   error
	tried *int
}

func (f failing) RoundTrip(*http.Request) (*http.Response, error) {
	*f.tried++
	return nil, f.err
}

// TestWhatCannotGetBetterIsNotRepeated is about the errors of connections.
func TestWhatCannotGetBetterIsNotRepeated(t *testing.T) {
	op := func(name string, err error) error { return &net.OpError{Op: name, Net: "tcp", Err: err} }
	for _, c := range []struct {
		err   error
		again bool
	}{
		{io.EOF, true}, {io.ErrUnexpectedEOF, true}, {errors.New("http: server closed idle connection"), true},
		{op("dial", syscall.ECONNREFUSED), true}, {op("read", syscall.ECONNRESET), true}, {op("write", syscall.EPIPE), true},
		{&net.DNSError{Err: "server misbehaving", IsTemporary: true}, true}, {&net.DNSError{Err: "timeout", IsTimeout: true}, true},
		{op("remote error", errors.New("tls: internal error")), true},

		{op("dial", &net.DNSError{Err: "no such host", IsNotFound: true}), false},
		{&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, false},
		{x509.UnknownAuthorityError{}, false}, {x509.HostnameError{Certificate: new(x509.Certificate), Host: "x"}, false},
		{x509.CertificateInvalidError{Cert: new(x509.Certificate), Reason: x509.Expired}, false},
		{tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, false},
		{op("remote error", errors.New("tls: handshake failure")), false}, {op("remote error", errors.New("tls: bad certificate")), false},
		{op("dial", &net.AddrError{Err: "missing port in address"}), false}, {net.UnknownNetworkError("x"), false},
	} {
		for _, err := range []error{c.err, fmt.Errorf("wrapped: %w", c.err)} {
			tried := 0
			r := graph(nil, WithHTTPClient(&http.Client{Transport: failing{err, &tried}}))
			_, got := get(t, r)
			assert.ErrorIs(t, got, c.err)
			assert.Equal(t, map[bool]int{true: 4, false: 1}[c.again], tried, "%v", err)
		}
	}
}

// silent is a transport that waits for the end of the request.
type silent struct{ tried *int }

func (s silent) RoundTrip(req *http.Request) (*http.Response, error) {
	*s.tried++
	<-req.Context().Done()
	return nil, req.Context().Err()
}

func TestTheTimeoutOfTheUsersClientIsOfAnAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tried := 0
		r := graph(nil, WithHTTPClient(&http.Client{Transport: silent{&tried}, Timeout: time.Minute}))
		_, err := get(t, r)
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, 4, tried)

		tried = 0
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		assert.ErrorIs(t, r.send(ctx, "GET", nil, nil), context.DeadlineExceeded)
		assert.Equal(t, 1, tried)
	})
}

func TestCertificatesThatAreNotAccepted(t *testing.T) {
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	s.StartTLS()
	defer s.Close()
	synchronous := func(base string, h *http.Client) error {
		_, err := get(t, newClient("beta", nil, []ClientOption{WithBaseURL(base), WithHTTPClient(h), WithRetry(RetryPolicy{Attempts: 3, Base: time.Hour, MaxWait: 24 * time.Hour})}).root())
		return err
	}
	err := synchronous(s.URL, &http.Client{Transport: new(http.Transport)})
	assert.ErrorAs(t, err, new(*tls.CertificateVerificationError), "unknown")
	err = synchronous(strings.Replace(s.URL, "127.0.0.1", "localhost", 1), s.Client())
	assert.ErrorAs(t, err, new(x509.HostnameError), "of another host")

	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	err = synchronous(strings.Replace(plain.URL, "http:", "https:", 1), &http.Client{Transport: new(http.Transport)})
	assert.ErrorIs(t, err, http.ErrSchemeMismatch)
}

func TestRequestsThatCannotBeMadeAreNotMade(t *testing.T) {
	for name, opt := range map[string]RequestOption{
		`"" is not a valid header name`:                                  Header("", "x"),
		`"X Y" is not a valid header name`:                               Header("X Y", "x"),
		`"X\n" is not a valid header name`:                               Header("X\n", "x"),
		`"\u00dc" is not a valid header name`:                            Header("Ü", "x"),
		`the value of the header If-Match has a control character`:       IfMatch("secret\r\nEvil: 1"),
		`the value of the header Prefer has a control character`:         Prefer("a\x00"),
		"the value of the header Authorization has a control character,": nil,
	} {
		asked := 0
		r := graph(func(*http.Request) (int, http.Header, string) { asked++; return 200, nil, `{}` })
		var opts []RequestOption
		if opt != nil {
			opts = append(opts, opt)
		} else {
			r.client.tokens = TokenSourceFunc(func(context.Context, string) (string, error) { return "secret\n", nil })
		}
		_, err := get(t, r, opts...)
		assert.ErrorContains(t, err, strings.ReplaceAll(name, `\u00dc`, "Ü"))
		assert.NotContains(t, err.Error(), "secret")
		assert.Zero(t, asked)
	}
	r := graph(func(*http.Request) (int, http.Header, string) { t.Error("made"); return 200, nil, `{}` })
	assert.ErrorContains(t, r.send(t.Context(), "BAD METHOD", nil, nil), "invalid method")
}

func TestRedirectsThatCannotBeReadAreNotRepeated(t *testing.T) {
	asked := 0
	r := graph(func(*http.Request) (int, http.Header, string) {
		asked++
		return 302, http.Header{"Location": {"https://%zz"}}, ""
	})
	_, err := get(t, r)
	assert.ErrorContains(t, err, "Location")
	assert.Equal(t, 1, asked)
}

// TestOneBudget is about requests that fail in more than one way.
func TestOneBudget(t *testing.T) {
	const half = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"id\":"
	var asked atomic.Int32
	r := against(t, func(w http.ResponseWriter, _ *http.Request) {
		switch asked.Add(1) % 3 {
		case 0:
			cut(w, half)
		case 1:
			cut(w, "")
		default:
			w.WriteHeader(503)
		}
	}, WithRetry(RetryPolicy{Attempts: 6, Base: time.Millisecond, MaxWait: time.Minute}))
	_, err := get(t, r)
	assert.Error(t, err)
	assert.Equal(t, int32(7), asked.Load(), "one and six more")

	asked.Store(0)
	busy := against(t, func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1)%2 == 1 {
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(429)
			return
		}
		reply(w, 200, `{"responses":[{"id":"1","status":429,"headers":{"Retry-After":"0"}}]}`)
	})
	b := busy.client.NewBatch()
	item := b.Add(func(ctx context.Context) error { return busy.send(ctx, "GET", nil, nil) })
	_ = b.Send(t.Context())
	_, err = item.Result()
	assert.True(t, IsThrottled(err), "%v", err)
	assert.Equal(t, int32(4), asked.Load(), "of the batch and of its items")
}

func TestRetryAfterIsObeyedUpToABound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for after, want := range map[string]time.Duration{"0": 0, "30": 30 * time.Second, "121": -1, "4294967296": -1, "Fri, 31 Dec 9999 23:59:59 GMT": -1} {
			asked, begun := 0, time.Now()
			r := graph(func(*http.Request) (int, http.Header, string) {
				if asked++; asked == 1 {
					return 429, http.Header{"Retry-After": {after}}, ""
				}
				return 200, nil, `{}`
			}, WithRetry(DefaultRetry()))
			_, err := get(t, r)
			if want < 0 {
				assert.True(t, IsThrottled(err))
				assert.Zero(t, time.Since(begun), "longer than all waits may be")
				continue
			}
			require.NoError(t, err)
			assert.Equal(t, want, time.Since(begun), after)
		}
	})
}

func TestWaitForObeysRetryAfterUpToABound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for after, want := range map[string]time.Duration{
			"": time.Second, "0": time.Second, "2": 2 * time.Second, "299": 299 * time.Second, "301": 5 * time.Minute,
			"4294967296": 5 * time.Minute, "Fri, 31 Dec 9999 23:59:59 GMT": 5 * time.Minute,
		} {
			r := graph(func(*http.Request) (int, http.Header, string) {
				return 200, http.Header{"Retry-After": {after}}, `{"id":"1"}`
			})
			n, begun := 0, time.Now()
			v, err := WaitFor(t.Context(), func(ctx context.Context) (*models.Call, error) {
				n++
				return fetched[*models.Call](ctx, r, "GET", nil, nil)
			}, func(*models.Call) bool { return n == 2 })
			require.NoError(t, err)
			assert.Equal(t, "1", v.ID)
			assert.Equal(t, want, time.Since(begun), after)
		}
	})
}

func TestWaitForAnOperation(t *testing.T) {
	for _, status := range []string{"completed", "Completed", "FAILED", "failed", "succeeded", "Succeeded", "skipped", "canceled", "Cancelled"} {
		assert.True(t, OperationDone(models.CallState(status)), status)
	}
	for _, status := range []string{"", "running", "notStarted", "unknownFutureValue", "inProgress", "fail\u017fed", "notCompleted"} {
		assert.False(t, OperationDone(status), status)
	}
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		r := graph(func(*http.Request) (int, http.Header, string) {
			if asked++; asked < 3 {
				return 200, nil, `{"state":"Running"}`
			}
			return 200, nil, `{"state":"Failed"}`
		})
		op, err := WaitFor(t.Context(), func(ctx context.Context) (*models.Call, error) {
			return fetched[*models.Call](ctx, r, "GET", nil, nil)
		}, func(op *models.Call) bool { return OperationDone(op.State) })
		require.NoError(t, err, "it has ended")
		assert.Equal(t, models.CallState("Failed"), op.State)
	})
}
