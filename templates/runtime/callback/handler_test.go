package callback

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/callgen/callgen/templates/runtime/codec"
	"github.com/callgen/callgen/templates/runtime/internal/models"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// verifierFunc makes a function a Verifier.
type verifierFunc func(*http.Request) (string, error)

func (f verifierFunc) VerifyCallback(r *http.Request) (string, error) { return f(r) }

// secretToken is in every request of these tests, and in no log.
const secretToken = "eyJsecret"

// reports collects what a handler reports and logs.
type reports struct {
	mu   sync.Mutex
	errs []*CallbackError
	log  bytes.Buffer
}

func (r *reports) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.log.Write(p)
}

func (r *reports) add(_ context.Context, err *CallbackError) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.errs = append(r.errs, err)
}

// take returns what was reported since the last call, and the log.
func (r *reports) take() ([]*CallbackError, string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	errs, log := r.errs, r.log.String()
	r.errs = nil
	r.log.Reset()
	return errs, log
}

// newTestHandler returns a handler that accepts everybody unless options say otherwise.
func newTestHandler(options NotificationOptions) (*NotificationHandler, *reports) {
	r := new(reports)
	if options.Verifier == nil {
		options.Verifier = verifierFunc(func(*http.Request) (string, error) { return "contoso", nil })
	}
	options.Logger = slog.New(slog.NewTextHandler(r, nil))
	if options.OnError == nil {
		options.OnError = r.add
	}
	return NewNotificationHandler(options), r
}

func notificationRequest(body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/api/calls", strings.NewReader(body))
	if body == "" {
		r.Body = http.NoBody
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+secretToken)
	return r
}

// post serves a request and returns the answer.
func post(h http.Handler, body string) *http.Response {
	return serve(h, notificationRequest(body))
}

func serve(h http.Handler, r *http.Request) *http.Response {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

const established = `{"@odata.type":"#test.notices","value":[{"changeType":"updated","resourceUrl":"/communications/calls/c1",` +
	`"resourceData":{"@odata.type":"#test.call","state":"established","id":"c1"}}]}`

func TestTypedDispatch(t *testing.T) {
	h, r := newTestHandler(NotificationOptions{})
	var got []string
	say := func(format string, a ...any) { got = append(got, fmt.Sprintf(format, a...)) }
	h.OnEvent(func(_ context.Context, e *CallbackEvent) error {
		say("event %s %s of %s, %T", e.ChangeType, e.Resource, e.TenantID, e.Notification)
		return nil
	})
	h.OnCall(func(_ context.Context, e *CallbackEvent, c *models.Call) error {
		say("call %s %s", e.Resource.CallID, c.State)
		return nil
	})
	h.OnCall(func(_ context.Context, _ *CallbackEvent, c *models.Call) error { say("again %s", c.ID); return nil })
	h.OnAttendees(func(_ context.Context, e *CallbackEvent, list []*Attendee) error {
		say("attendees %d whole %v", len(list), e.Whole())
		return nil
	})
	h.OnAttendeeChanges(func(_ context.Context, _ *CallbackEvent, c *AttendeeChanges) error {
		say("changes %d: %d", *c.Sequence, len(c.Attendees))
		return nil
	})
	h.OnOperation(func(_ context.Context, _ *CallbackEvent, o AnyOperation) error {
		say("operation %T %s", o, o.AsOperation().ID)
		return nil
	})
	h.OnPlayOperation(func(_ context.Context, e *CallbackEvent, o *PlayOperation) error {
		say("play %s", e.Resource.ItemID)
		return nil
	})
	h.OnUnknown(func(_ context.Context, _ *CallbackEvent, v codec.Value) error { say("unknown %T", v); return nil })
	resp := post(h, `{"value":[
		{"changeType":"updated","resourceUrl":"/communications/calls/c1","resourceData":{"@odata.type":"#test.call","state":"hold","id":"c1"}},
		{"changeType":"updated","resource":"/app/calls/c1/participants","resourceData":[
			{"@odata.type":"#test.attendee","id":"a"},{"@odata.type":"#test.attendee","id":"b"}]},
		{"changeType":"updated","resourceUrl":"/communications/calls/c1/participants","resourceData":[]},
		{"changeType":"deleted","resourceUrl":"/communications/calls/c1/participants","resourceData":[{"@odata.type":"#test.attendee","id":"a"}]},
		{"changeType":"updated","resourceUrl":"/communications/calls/c1/participants","resource":"/app/calls/old/participants","resourceData":[
			{"@odata.type":"#test.attendeeChanges","sequenceNumber":7,"participants":[{"id":"a"}]}]},
		{"changeType":"deleted","resourceUrl":"/communications/calls/c1/operations/o1","resourceData":{"@odata.type":"#test.playOperation","id":"o1"}},
		{"changeType":"deleted","resourceUrl":"/communications/calls/c1/operations/o2","resourceData":{"@odata.type":"#test.operation","id":"o2"}},
		{"changeType":"created","resourceUrl":"/communications/calls/c1/new","resourceData":[{"@odata.type":"#test.brandNew"},null]},
		{"changeType":"deleted","resourceUrl":"/communications/calls/c1"}
	]}`)
	assert.Equal(t, http.StatusAccepted, resp.StatusCode)
	var rest []string
	for _, s := range got {
		if !strings.HasPrefix(s, "event ") {
			rest = append(rest, s)
		}
	}
	assert.Equal(t, []string{
		"call c1 hold", "again c1",
		"attendees 2 whole true",
		"attendees 0 whole true",
		"attendees 1 whole false",
		"changes 7: 1",
		"operation *callback.PlayOperation o1", "play o1",
		"operation *callback.Operation o2",
		"unknown *models.Entity", "unknown <nil>",
		"call c1 ", "again c1",
	}, rest)
	assert.Len(t, got, len(rest)+9)
	assert.Equal(t, "event updated /communications/calls/c1 of contoso, *callback.Notice", got[0])
	errs, log := r.take()
	assert.Empty(t, errs)
	assert.Empty(t, log)
}

func TestNilFunctionsAreNotAdded(t *testing.T) {
	h, _ := newTestHandler(NotificationOptions{})
	h.OnEvent(nil)
	h.OnCall(nil)
	h.OnAttendees(nil)
	h.OnUnknown(nil)
	assert.Equal(t, http.StatusAccepted, post(h, established).StatusCode)
}

func TestWithoutVerifierEverythingIsRefused(t *testing.T) {
	r := new(reports)
	h := NewNotificationHandler(NotificationOptions{Logger: slog.New(slog.NewTextHandler(r, nil)), OnError: r.add})
	h.OnEvent(func(context.Context, *CallbackEvent) error { t.Error("an unverified event is delivered"); return nil })
	resp := post(h, established)
	assert.Equal(t, http.StatusUnauthorized, resp.StatusCode)
	assert.Equal(t, "Bearer", resp.Header.Get("WWW-Authenticate"))
	errs, log := r.take()
	require.Len(t, errs, 1)
	assert.Contains(t, log, "AllowUnverified()")
	assert.Contains(t, log, "remote=192.0.2.1:1234")
	assert.NotContains(t, log, secretToken)
}

func TestAllowUnverified(t *testing.T) {
	h, r := newTestHandler(NotificationOptions{Verifier: AllowUnverified()})
	_, log := r.take()
	assert.Contains(t, log, "accepted from anyone")
	tenants := []string{}
	h.OnCall(func(_ context.Context, e *CallbackEvent, _ *models.Call) error {
		tenants = append(tenants, e.TenantID)
		return nil
	})
	request := notificationRequest(established)
	request.Header.Del("Authorization")
	assert.Equal(t, http.StatusAccepted, serve(h, request).StatusCode)
	assert.Equal(t, []string{""}, tenants)
}

// verifyError is an error as the module callbackauth returns it.
type verifyError struct{ temporary, forbidden bool }

func (verifyError) Error() string     { return "the verifier says why" }
func (e verifyError) Temporary() bool { return e.temporary }
func (e verifyError) Forbidden() bool { return e.forbidden }

func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		err    error
		status int
	}{
		"not genuine":   {verifyError{}, 401},
		"plain":         {errors.New("the verifier says why"), 401},
		"forbidden":     {verifyError{forbidden: true}, 403},
		"no keys":       {fmt.Errorf("the verifier says why: %w", verifyError{temporary: true}), 503},
		"cancelled":     {fmt.Errorf("the verifier says why: %w", context.Canceled), 503},
		"too late":      {fmt.Errorf("the verifier says why: %w", context.DeadlineExceeded), 503},
		"network error": {fmt.Errorf("the verifier says why: %w", &url.Error{Op: "Get", Err: &net.DNSError{IsTemporary: true}}), 503},
	} {
		h, r := newTestHandler(NotificationOptions{Verifier: verifierFunc(func(*http.Request) (string, error) { return "evil", c.err })})
		h.OnEvent(func(context.Context, *CallbackEvent) error { t.Error("an unverified event is delivered"); return nil })
		request := notificationRequest("")
		request.Body = io.NopCloser(readerFunc(func([]byte) (int, error) { t.Error("an unverified body is read"); return 0, io.EOF }))
		resp := serve(h, request)
		assert.Equal(t, c.status, resp.StatusCode, name)
		assert.Equal(t, c.status == 503, resp.Header.Get("Retry-After") != "", name)
		body, _ := io.ReadAll(resp.Body)
		assert.NotContains(t, string(body), "says why", "strangers learn nothing")
		errs, log := r.take()
		require.Len(t, errs, 1, name)
		require.ErrorIs(t, errs[0], c.err, name)
		assert.Contains(t, log, "says why", name)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestRequestsThatTheServiceDoesNotMake(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*http.Request)
		status int
		why    string
	}{
		"GET":             {func(r *http.Request) { r.Method = http.MethodGet }, 405, "GET"},
		"PUT":             {func(r *http.Request) { r.Method = http.MethodPut }, 405, "PUT"},
		"no content type": {func(r *http.Request) { r.Header.Del("Content-Type") }, 415, "content type"},
		"form":            {func(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") }, 415, "form"},
		"text":            {func(r *http.Request) { r.Header.Set("Content-Type", "text/plain; application/json") }, 415, "text"},
		"charset":         {func(r *http.Request) { r.Header.Set("Content-Type", "application/json; charset=utf-16") }, 415, "utf-16"},
		"gzip":            {func(r *http.Request) { r.Header.Set("Content-Encoding", "gzip") }, 415, "gzip"},
		"too large":       {func(r *http.Request) { setBody(r, `{"x":"`+strings.Repeat("a", 1000)+`"}`) }, 413, "1008 bytes"},
		"too large, stream": {func(r *http.Request) {
			setBody(r, `{"x":"`+strings.Repeat("a", 1000)+`"}`)
			r.ContentLength = -1
		}, 413, "too large"},
		"half a body":  {func(r *http.Request) { r.Body = io.NopCloser(io.MultiReader(strings.NewReader("{"), failingReader{})) }, 400, "torn"},
		"not JSON":     {func(r *http.Request) { setBody(r, "<xml/>") }, 400, "object"},
		"an array":     {func(r *http.Request) { setBody(r, "[]") }, 400, "object"},
		"half of JSON": {func(r *http.Request) { setBody(r, established[:100]) }, 400, ""},
		"twice":        {func(r *http.Request) { setBody(r, `{"value":[],"value":[]}`) }, 400, "twice"},
		"not UTF-8":    {func(r *http.Request) { setBody(r, "{\"value\":\"\xff\"}") }, 400, "UTF-8"},
		"deep":         {func(r *http.Request) { setBody(r, `{"v":`+strings.Repeat("[", 400)+strings.Repeat("]", 400)+"}") }, 202, "no notification"},
		"no body":      {func(r *http.Request) { r.Body = http.NoBody }, 202, "no notification"},
		"nil body":     {func(r *http.Request) { r.Body = nil }, 202, "no notification"},
		"blank body":   {func(r *http.Request) { setBody(r, " \n ") }, 202, "no notification"},
		"blank, no content type": {func(r *http.Request) {
			setBody(r, "")
			r.Header.Del("Content-Type")
		}, 202, "no notification"},
		"empty object":          {func(r *http.Request) { setBody(r, "{}") }, 202, "no notification"},
		"no notifications":      {func(r *http.Request) { setBody(r, `{"value":[]}`) }, 202, "no notification"},
		"value is not a list":   {func(r *http.Request) { setBody(r, `{"value":5}`) }, 202, "no notification"},
		"a null notification":   {func(r *http.Request) { setBody(r, `{"value":[null]}`) }, 202, "holds no data"},
		"data is not an object": {func(r *http.Request) { setBody(r, `{"value":[{"resourceData":"x"}]}`) }, 202, "holds no data"},
		"no data":               {func(r *http.Request) { setBody(r, `{"value":[{"resourceUrl":"/app/calls/1"}]}`) }, 202, "holds no data"},
		"data is null":          {func(r *http.Request) { setBody(r, `{"value":[{"resourceData":null}]}`) }, 202, "holds no data"},
		"unknown type":          {func(r *http.Request) { setBody(r, `{"value":[{"resourceData":{"@odata.type":"#a.b"}}]}`) }, 202, "no function handles"},
		"a type nobody wants":   {func(r *http.Request) { setBody(r, established) }, 202, "test.call"},
		"unknown resource":      {func(r *http.Request) { setBody(r, strings.Replace(established, "/calls/", "/nothing/", 1)) }, 202, "which call"},
		"resource is a number":  {func(r *http.Request) { setBody(r, `{"value":[{"resourceUrl":5}]}`) }, 202, "which call"},
	} {
		h, r := newTestHandler(NotificationOptions{MaxBody: 1000})
		request := notificationRequest(established)
		c.change(request)
		resp := serve(h, request)
		assert.Equal(t, c.status, resp.StatusCode, name)
		assert.Equal(t, c.status == 405, resp.Header.Get("Allow") == "POST", name)
		errs, log := r.take()
		require.NotEmpty(t, errs, name)
		assert.Contains(t, log, c.why, name)
		assert.Contains(t, errors.Join(joined(errs)...).Error(), c.why, name)
		assert.NotContains(t, log, secretToken, name)
	}
	for _, contentType := range []string{"application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8;odata.metadata=minimal"} {
		h, r := newTestHandler(NotificationOptions{})
		h.OnCall(func(context.Context, *CallbackEvent, *models.Call) error { return nil })
		request := notificationRequest(established)
		request.Header.Set("Content-Type", contentType)
		assert.Equal(t, http.StatusAccepted, serve(h, request).StatusCode, contentType)
		errs, _ := r.take()
		assert.Empty(t, errs)
	}
}

func setBody(r *http.Request, body string) {
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
}

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, errors.New("torn") }

func joined(errs []*CallbackError) []error {
	var all []error
	for _, err := range errs {
		all = append(all, err)
	}
	return all
}

const twoCalls = `{"value":[` +
	`{"changeType":"updated","resourceUrl":"/communications/calls/c1","resourceData":{"@odata.type":"#test.call","id":"c1"}},` +
	`{"changeType":"updated","resourceUrl":"/communications/calls/c2","resourceData":{"@odata.type":"#test.call","id":"c2"}}]}`

func TestErrorsAndPanicsAreContained(t *testing.T) {
	wrong := errors.New("database is down")
	for name, c := range map[string]struct {
		fail func() error
		is   error
	}{
		"error":       {func() error { return wrong }, wrong},
		"panic":       {func() error { panic("oh") }, ErrNotificationPanic},
		"index":       {func() error { var none []error; return none[len(twoCalls)] }, ErrNotificationPanic},
		"abort":       {func() error { panic(http.ErrAbortHandler) }, ErrNotificationPanic},
		"panic error": {func() error { panic(wrong) }, ErrNotificationPanic},
	} {
		h, r := newTestHandler(NotificationOptions{})
		var seen []string
		h.OnCall(func(_ context.Context, _ *CallbackEvent, call *models.Call) error {
			if call.ID == "c1" {
				return c.fail()
			}
			return nil
		})
		h.OnCall(func(_ context.Context, _ *CallbackEvent, c *models.Call) error { seen = append(seen, c.ID); return nil })
		assert.Equal(t, http.StatusInternalServerError, post(h, twoCalls).StatusCode, name)
		assert.Equal(t, []string{"c1", "c2"}, seen, "%s: the others are called all the same", name)
		errs, log := r.take()
		require.Len(t, errs, 1, name)
		require.ErrorIs(t, errs[0], c.is, name)
		assert.Equal(t, "c1", errs[0].Event.Resource.CallID, name)
		assert.Contains(t, errs[0].Error(), "updated /communications/calls/c1", name)
		assert.Equal(t, c.is == ErrNotificationPanic, errs[0].Stack != nil, name)
		assert.Contains(t, log, "level=ERROR", name)
		assert.NotContains(t, log, secretToken, name)
	}
}

func TestPanicsElsewhereAreContained(t *testing.T) {
	h, r := newTestHandler(NotificationOptions{Verifier: verifierFunc(func(*http.Request) (string, error) { panic("verifier") })})
	assert.Equal(t, http.StatusInternalServerError, post(h, established).StatusCode)
	errs, _ := r.take()
	require.Len(t, errs, 1)
	require.ErrorIs(t, errs[0], ErrNotificationPanic)

	h, r = newTestHandler(NotificationOptions{OnError: func(context.Context, *CallbackError) { panic("hook") }})
	assert.Equal(t, http.StatusAccepted, post(h, established).StatusCode)
	_, log := r.take()
	assert.Contains(t, log, "OnError panicked")

	h, r = newTestHandler(NotificationOptions{})
	h.decode = func([]byte, []codec.Option) ([]*CallbackEvent, error) { panic("decoder") }
	assert.Equal(t, http.StatusInternalServerError, post(h, established).StatusCode)
	errs, _ = r.take()
	require.ErrorIs(t, errs[0], ErrNotificationPanic)

	h, _ = newTestHandler(NotificationOptions{})
	h.OnEvent(func(context.Context, *CallbackEvent) error { panic("event") })
	assert.Equal(t, http.StatusInternalServerError, post(h, established).StatusCode)
}

func TestTimeIsLimited(t *testing.T) { synctest.Test(t, testTimeIsLimited) }

func testTimeIsLimited(t *testing.T) {
	h, r := newTestHandler(NotificationOptions{})
	calls := 0
	h.OnCall(func(ctx context.Context, _ *CallbackEvent, _ *models.Call) error {
		calls++
		<-ctx.Done()
		return nil
	})
	resp := post(h, twoCalls)
	assert.Equal(t, http.StatusServiceUnavailable, resp.StatusCode)
	assert.NotEmpty(t, resp.Header.Get("Retry-After"))
	assert.Equal(t, 1, calls, "what there is no time for is left to the repetition")
	errs, _ := r.take()
	require.Len(t, errs, 1)
	require.ErrorIs(t, errs[0], context.DeadlineExceeded)
	assert.ErrorContains(t, errs[0], "1 of 2")

	// The end of the request's own context ends the work too.
	h, r = newTestHandler(NotificationOptions{})
	ctx, cancel := context.WithCancel(t.Context())
	h.OnCall(func(ctx context.Context, _ *CallbackEvent, _ *models.Call) error {
		cancel()
		<-ctx.Done()
		return ctx.Err()
	})
	serve(h, notificationRequest(twoCalls).WithContext(ctx))
	errs, _ = r.take()
	require.Len(t, errs, 2)
	require.ErrorIs(t, errs[1], context.Canceled)
}

// TestSlowBodies sends half a body over a real connection and waits.
func TestSlowBodies(t *testing.T) {
	h, r := newTestHandler(NotificationOptions{Timeout: 30 * time.Millisecond})
	server := httptest.NewServer(h)
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	require.NoError(t, err)
	defer conn.Close()
	fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
	answer, err := io.ReadAll(conn)
	require.NoError(t, err)
	assert.Contains(t, string(answer), "408 Request Timeout")
	errs, _ := r.take()
	require.Len(t, errs, 1)
}

// deadlines is a writer that notes the deadlines for reading that are set.
type deadlines struct {
	*httptest.ResponseRecorder
	set []time.Time
}

func (d *deadlines) SetReadDeadline(t time.Time) error {
	d.set = append(d.set, t)
	return nil
}

func TestTimeForReading(t *testing.T) {
	h, _ := newTestHandler(NotificationOptions{Timeout: time.Hour})
	w := &deadlines{ResponseRecorder: httptest.NewRecorder()}
	h.ServeHTTP(w, notificationRequest(established))
	require.Len(t, w.set, 2)
	assert.WithinDuration(t, time.Now().Add(time.Hour), w.set[0], time.Minute)
	assert.Zero(t, w.set[1], "a deadline that stays would end the request's context, and the next request")

	w = &deadlines{ResponseRecorder: httptest.NewRecorder()}
	request := notificationRequest("")
	request.Body = io.NopCloser(failingReader{})
	h.ServeHTTP(w, request)
	assert.Len(t, w.set, 1, "the server must not wait for the rest of a body that failed")

	w = &deadlines{ResponseRecorder: httptest.NewRecorder()}
	server := &http.Server{ReadTimeout: time.Second}
	h.ServeHTTP(w, notificationRequest(established).WithContext(context.WithValue(t.Context(), http.ServerContextKey, server)))
	assert.Empty(t, w.set, "the server's own limit holds")
}

func TestAnswerFirst(t *testing.T) {
	h, r := newTestHandler(NotificationOptions{AnswerFirst: true, Workers: 2, Timeout: time.Minute})
	let := make(chan struct{})
	var busy, most, done atomic.Int32
	h.OnCall(func(ctx context.Context, _ *CallbackEvent, _ *models.Call) error {
		n := busy.Add(1)
		defer busy.Add(-1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		<-let
		done.Add(1)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return errors.New("too late to say so")
	})
	for range 2 {
		assert.Equal(t, http.StatusAccepted, post(h, established).StatusCode)
	}
	assert.Zero(t, done.Load(), "the answer does not wait")

	// A request that finds no place waits for one until its time is up.
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	resp := serve(h, notificationRequest(established).WithContext(ctx))
	assert.Equal(t, http.StatusServiceUnavailable, resp.StatusCode)
	errs, _ := r.take()
	require.Len(t, errs, 1)
	require.ErrorIs(t, errs[0], ErrNotificationBusy)
	require.NotErrorIs(t, errs[0], ErrNotificationShutdown)
	require.ErrorIs(t, errs[0], context.DeadlineExceeded)

	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() { assert.Equal(t, http.StatusAccepted, post(h, established).StatusCode) })
	}
	close(let)
	wg.Wait()
	require.NoError(t, h.Shutdown(t.Context()))
	assert.EqualValues(t, 12, done.Load(), "shutdown waits for all that was accepted")
	assert.LessOrEqual(t, most.Load(), int32(2))
	errs, _ = r.take()
	assert.Len(t, errs, 12, "failures after the answer are reported")

	resp = post(h, established)
	assert.Equal(t, http.StatusServiceUnavailable, resp.StatusCode)
	assert.EqualValues(t, 12, done.Load())
	errs, _ = r.take()
	require.Len(t, errs, 1)
	require.ErrorIs(t, errs[0], ErrNotificationShutdown)
	require.NotErrorIs(t, errs[0], ErrNotificationBusy)
	require.NoError(t, h.Shutdown(t.Context()), "shutting down twice does no harm")

	assert.Equal(t, http.StatusBadRequest, post(NewNotificationHandler(NotificationOptions{
		AnswerFirst: true, Verifier: AllowUnverified(), Logger: slog.New(slog.DiscardHandler),
	}), "{").StatusCode, "what cannot be decoded is known before the answer")
}

func TestShutdownEndsWorkThatTakesTooLong(t *testing.T) {
	for _, first := range []bool{true, false} {
		h, r := newTestHandler(NotificationOptions{AnswerFirst: first, Timeout: time.Minute})
		begun, ended := make(chan struct{}), make(chan struct{})
		h.OnCall(func(ctx context.Context, _ *CallbackEvent, _ *models.Call) error {
			close(begun)
			<-ctx.Done()
			return ctx.Err()
		})
		go func() {
			post(h, established)
			close(ended)
		}()
		<-begun
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
		defer cancel()
		require.ErrorIs(t, h.Shutdown(ctx), context.DeadlineExceeded)
		<-ended
		require.NoError(t, h.Shutdown(t.Context()), "the work has ended")
		errs, _ := r.take()
		require.Len(t, errs, 1)
		require.ErrorIs(t, errs[0], context.Canceled)
	}
}

// TestShutdownIsNotBusy: a shutdown ends the wait for a place, and what is not handled
// because of it says so.
func TestShutdownIsNotBusy(t *testing.T) {
	h, r := newTestHandler(NotificationOptions{AnswerFirst: true, Workers: 1, Timeout: time.Minute})
	begun := make(chan struct{}, 2)
	h.OnCall(func(ctx context.Context, _ *CallbackEvent, _ *models.Call) error {
		begun <- struct{}{}
		<-ctx.Done()
		return nil
	})
	require.Equal(t, http.StatusAccepted, post(h, twoCalls).StatusCode)
	<-begun
	waits := make(chan int)
	verified := make(chan struct{})
	h.options.Verifier = verifierFunc(func(*http.Request) (string, error) { close(verified); return "contoso", nil })
	go func() { waits <- post(h, established).StatusCode }()
	<-verified
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, h.Shutdown(ctx), context.Canceled)
	assert.Equal(t, http.StatusServiceUnavailable, <-waits)
	require.NoError(t, h.Shutdown(t.Context()))
	errs, _ := r.take()
	require.Len(t, errs, 2)
	for _, err := range errs {
		require.ErrorIs(t, err, ErrNotificationShutdown)
		require.NotErrorIs(t, err, ErrNotificationBusy)
	}
}

// TestMutatedNotifications changes notifications in one to four places, ten thousand
// times, and sends every third with a token that is refused.
func TestMutatedNotifications(t *testing.T) {
	docs := []string{established, twoCalls, rosterDelta(3, attendee("a", 3), attendee("b", 2))}
	var verified bool
	h, r := newTestHandler(NotificationOptions{Verifier: verifierFunc(func(*http.Request) (string, error) {
		if !verified {
			return "", errors.New("refused")
		}
		return "contoso", nil
	})})
	roster, tracker := NewRoster(), NewCallTracker(100, 0)
	h.OnEvent(func(_ context.Context, e *CallbackEvent) error {
		if !verified {
			t.Error("an unverified event is delivered")
		}
		roster.Apply(e)
		return nil
	})
	h.OnCall(func(_ context.Context, e *CallbackEvent, c *models.Call) error {
		tracker.Observe(e, c)
		return nil
	})
	random := rand.New(rand.NewPCG(1, 2))
	counts := map[int]int{}
	for n := range 10_000 {
		verified = n%3 > 0
		b := []byte(docs[n%len(docs)])
		for range 1 + random.IntN(4) {
			at := random.IntN(len(b))
			switch random.IntN(4) {
			case 0:
				b[at] = byte(random.IntN(256))
			case 1:
				b = append(b[:at], b[at+1:]...)
			case 2:
				b = append(b[:at], append([]byte(`"{}[],:0nl`[random.IntN(10):][:1]), b[at:]...)...)
			default:
				end := min(len(b), at+random.IntN(20))
				b = append(b[:end], b[at:]...)
			}
		}
		status := post(h, string(b)).StatusCode
		counts[status]++
		if verified && status != 202 && status != 400 || !verified && status != 401 {
			t.Fatalf("%d for %q", status, b)
		}
	}
	errs, _ := r.take()
	for _, err := range errs {
		require.Nil(t, err.Stack)
	}
	assert.Equal(t, 3334, counts[401])
	assert.Greater(t, counts[202], 1000)
	assert.Greater(t, counts[400], 1000)
}

func TestConcurrentRequests(t *testing.T) {
	h, r := newTestHandler(NotificationOptions{})
	var calls atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if status := post(h, twoCalls).StatusCode; status != http.StatusAccepted {
					t.Errorf("%d", status)
				}
			}
		})
	}
	wg.Go(func() {
		for range 20 {
			h.OnCall(func(context.Context, *CallbackEvent, *models.Call) error { calls.Add(1); return nil })
		}
	})
	wg.Wait()
	calls.Store(0)
	post(h, twoCalls)
	assert.EqualValues(t, 40, calls.Load(), "no function is lost")
	_, _ = r.take()
}

func TestEventsOfNilValues(t *testing.T) {
	e := newCallbackEvent(noticeTypes(), (*Notice)(nil), "updated", nil, new("x"), codec.Many((*Attendee)(nil), &Attendee{}))
	assert.Nil(t, e.Notification)
	assert.Nil(t, e.Values[0])
	assert.NotNil(t, e.Values[1])
	assert.Equal(t, "x", e.ResourceText)
	e = newCallbackEvent(noticeTypes(), &Notice{}, "updated", new("/nothing"), new("/app/calls/1"), codec.One[models.AnyEntity](&models.Call{}))
	assert.Equal(t, CallResource{CallID: "1"}, e.Resource, "the one that can be read")
	assert.Equal(t, "/app/calls/1", e.ResourceText)
}
