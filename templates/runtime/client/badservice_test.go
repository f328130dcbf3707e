package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/callgen/callgen/templates/runtime/codec"
	"github.com/callgen/callgen/templates/runtime/internal/models"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// badAnswer is an answer of the bad service, with the outcomes of a GET of one entity, of
// ranging over a collection, of the entity in a batch, of a function that returns a number,
// and of an upload.
type badAnswer struct {
	name        string
	status      int
	contentType string
	body        string
	more        map[string]string // headers

	single, page, batch, function, upload string
}

const (
	jsonType = "application/json"
	// In a body: the connection ends here.
	hangsUp = "\x00"
)

// The outcomes. An error of the service is its status and code, preceded by the items read
// before it.
const (
	fine      = "fine"
	empty     = "no content"
	notJSON   = "not JSON"
	malformed = "malformed"
	noValue   = "no value"
	noPage    = "no page"
	misfit    = "misfit"
	breaksOff = "breaks off"
	unread    = "sent, not understood"
	redirects = "refused redirect"
	tooLarge  = "too large"
)

// TestBadService gives each answer to each kind of request.
func TestBadService(t *testing.T) {
	noGoroutineIsLeft(t)
	var now atomic.Pointer[badAnswer]
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		_, _ = io.Copy(io.Discard, req.Body)
		if strings.HasSuffix(req.URL.Path, "/$batch") {
			now.Load().answerInBatch(w)
			return
		}
		now.Load().answer(w)
	}))
	defer server.Close()
	transport := new(http.Transport)
	defer transport.CloseIdleConnections()
	r := newClient("beta", secret, []ClientOption{
		WithBaseURL(server.URL + "/beta"), WithHTTPClient(&http.Client{Transport: transport}), WithResponseLimit(1 << 16),
		WithRetry(RetryPolicy{Attempts: 1, Base: time.Microsecond, MaxWait: time.Second}),
	}).root().child("calls")

	require.GreaterOrEqual(t, len(badAnswers()), 60)
	for _, a := range badAnswers() {
		now.Store(&a)
		got := badAnswer{
			name: a.name, status: a.status, contentType: a.contentType, body: a.body, more: a.more,
			single: single(t, r), page: paging(t, r), batch: inBatch(t, r), function: function(t, r), upload: uploading(t, r),
		}
		assert.Equal(t, a, got)
	}
}

func (a *badAnswer) answer(w http.ResponseWriter) {
	body, cutOff := strings.CutSuffix(a.body, hangsUp)
	if cutOff {
		cut(w, fmt.Sprintf("HTTP/1.1 %d X\r\nContent-Type: %s\r\nContent-Length: 9999\r\n\r\n%s", a.status, a.contentType, body))
		return
	}
	w.Header()["Content-Type"] = []string{a.contentType}
	if a.contentType == "" {
		w.Header()["Content-Type"] = nil
	}
	for name, value := range a.more {
		w.Header().Set(name, value)
	}
	w.WriteHeader(a.status)
	_, _ = io.WriteString(w, body)
}

// answerInBatch answers a batch of one, with the body as it is, JSON or not.
func (a *badAnswer) answerInBatch(w http.ResponseWriter) {
	headers := map[string]string{}
	if a.contentType != "" {
		headers["Content-Type"] = a.contentType
	}
	for name, value := range a.more {
		headers[name] = value
	}
	text, _ := json.Marshal(headers)
	body, cutOff := strings.CutSuffix(a.body, hangsUp)
	item := fmt.Sprintf(`{"responses":[{"id":"1","status":%d,"headers":%s`, a.status, text)
	if body != "" {
		item += `,"body":` + body
	}
	if !cutOff {
		item += `}]}`
	}
	reply(w, 200, item)
}

func single(t *testing.T, r *resource) string {
	_, err := get(t, r)
	return outcome(err)
}

func paging(t *testing.T, r *resource) string {
	var parts []string
	items := 0
	for v, err := range each[*models.Call](t.Context(), r, nil, nil) {
		if err == nil {
			assert.NotNil(t, v)
			items++
			continue
		}
		parts = append(parts, outcome(err))
	}
	if items > 0 || parts == nil {
		parts = append([]string{fmt.Sprint(items)}, parts...)
	}
	return strings.Join(parts, ", ")
}

func inBatch(t *testing.T, r *resource) string {
	b := r.client.NewBatch()
	item := AddToBatch(b, func(ctx context.Context) (*models.Call, error) { return fetched[*models.Call](ctx, r, "GET", nil, nil) })
	sent := b.Send(t.Context())
	_, err := item.Result()
	assert.Falsef(t, sent != nil && err == nil, "%v", sent)
	return outcome(err)
}

func function(t *testing.T, r *resource) string {
	_, err := fetchResult[int64](t.Context(), r, "GET", nil, nil)
	return outcome(err)
}

func uploading(t *testing.T, r *resource) string {
	return outcome(r.upload(t.Context(), "image/png", strings.NewReader("png"), nil))
}

// outcome is what an error says, in short.
func outcome(err error) string {
	e, ok := errors.AsType[*Error](err)
	_, isDecode := errors.AsType[*codec.DecodeError](err)
	switch {
	case err == nil:
		return fine
	case IsNoContent(err):
		return empty
	case ok && strings.HasPrefix(e.Message, "the answer is not JSON") && e.Code == "":
		return notJSON
	case ok:
		return strings.TrimSpace(fmt.Sprint(e.Status, " ", e.Code))
	case errors.Is(err, errUnread):
		return unread
	case isDecode:
		return malformed
	}
	for text, short := range map[string]string{
		"has no value": noValue, "does not fit its type": misfit, "breaks off": breaksOff, "redirects": redirects,
		"raise the limit with WithResponseLimit": tooLarge, "is null": "null item", "circle": "circle", "away from": "foreign link", "is not understood": "odd link", "is no page": noPage,
	} {
		if strings.Contains(err.Error(), text) {
			return short
		}
	}
	return err.Error()
}

// ways makes the outcomes of a row shorter to write.
func (a badAnswer) gives(single, page, batch, function, upload string) badAnswer {
	a.single, a.page, a.batch, a.function, a.upload = single, page, batch, function, upload
	return a
}

func says(name string, status int, contentType, body string) badAnswer {
	return badAnswer{name: name, status: status, contentType: contentType, body: body}
}

func (a badAnswer) with(name, value string) badAnswer {
	a.more = map[string]string{name: value}
	return a
}

// badAnswers is the table. Each row is an answer, and after it what comes of it as
//
//	single, page, batch, function, upload
func badAnswers() []badAnswer {
	const failure = `{"error":{"code":"x","message":"m"}}`
	deep := strings.Repeat(`{"a":`, 2000) + `1` + strings.Repeat(`}`, 2000)
	return []badAnswer{
		// What is right, to compare with.
		says("entity", 200, jsonType, `{"id":"1"}`).gives(fine, noPage, fine, noValue, fine),
		says("page", 200, jsonType, `{"value":[{"id":"1"},{"id":"2"}]}`).gives(fine, "2", fine, misfit, fine),
		says("number", 200, jsonType, `{"value":5}`).gives(fine, noPage, fine, fine, fine),
		says("created", 201, jsonType, `{"id":"1"}`).gives(fine, noPage, fine, noValue, fine),
		says("accepted", 202, jsonType, `{"id":"1"}`).gives(fine, noPage, fine, noValue, fine),
		says("JSON of a kind", 200, "application/vnd.x+json; charset=utf-8", `{"id":"1"}`).gives(fine, noPage, fine, noValue, fine),
		says("no type", 200, "", `{"id":"1"}`).gives(fine, noPage, fine, noValue, fine),

		// Errors inside a success.
		says("error", 200, jsonType, failure).gives("200 x", "200 x", "200 x", "200 x", "200 x"),
		says("error, created", 201, jsonType, failure).gives("201 x", "201 x", "201 x", "201 x", "201 x"),
		says("error with a context", 200, jsonType, `{"@odata.context":"c","error":{"code":"x"}}`).gives("200 x", "200 x", "200 x", "200 x", "200 x"),
		says("error as text", 200, jsonType, `{"error":"x","error_description":"m"}`).gives("200 x", "200 x", "200 x", "200 x", "200 x"),
		says("error without a code", 200, jsonType, `{"error":{}}`).gives("200", "200", "200", "200", "200"),
		says("error of a type", 200, "text/plain", `{"error":{"code":"x"}}`).gives("200 x", "200 x", "200 x", "200 x", "200 x"),
		says("error after items", 200, jsonType, `{"value":[{"id":"1"}],"error":{"code":"x"}}`).gives(fine, "1, 200 x", fine, "200 x", fine),
		says("error before items", 200, jsonType, `{"error":{"code":"x"},"value":[{"id":"1"}]}`).gives(fine, "1, 200 x", fine, "200 x", fine),
		says("error after a number", 200, jsonType, `{"value":5,"error":{"code":"x"}}`).gives(fine, "200 x", fine, "200 x", fine),
		says("error as item", 200, jsonType, `{"value":[{"id":"1"},`+failure+`]}`).gives(fine, "1, 200 x", fine, misfit, fine),
		says("error that is null", 200, jsonType, `{"id":"1","error":null}`).gives(fine, noPage, fine, noValue, fine),
		says("error beside properties", 200, jsonType, `{"id":"1","error":{"code":"x"}}`).gives(fine, "200 x", fine, "200 x", fine),
		says("spliced between items", 200, jsonType, `{"value":[{"id":"1"},{"id":"2"}`+failure).gives("200 x", "2, 200 x", "200 x", "200 x", "200 x"),
		says("spliced into an item", 200, jsonType, `{"value":[{"id":"1"},{"id":"2","a":null`+failure).gives("200 x", "1, 200 x", "200 x", "200 x", "200 x"),
		says("spliced into text", 200, jsonType, `{"value":[{"id":"1"},{"id":"2`+failure).gives("200 x", "1, 200 x", "200 x", "200 x", "200 x"),
		says("spliced into an entity", 200, jsonType, `{"id":"1","subject":`+failure).gives("200 x", "200 x", "200 x", "200 x", "200 x"),
		says("spliced, then silence", 200, jsonType, `{"value":[{"id":"1"},`+failure+hangsUp).gives("200 x", "1, 200 x", "200 x", "200 x", "200 x"),

		// No content, and content that does not count.
		says("nothing", 200, jsonType, ``).gives(empty, empty, empty, empty, fine),
		says("nothing, created", 201, jsonType, ``).gives(empty, empty, empty, empty, fine),
		says("nothing, accepted", 202, "", ``).gives(empty, empty, empty, empty, fine),
		says("no content", 204, "", ``).gives(empty, empty, empty, empty, fine),
		says("nothing of a type", 200, "text/html", ``).gives(empty, empty, empty, empty, fine),
		says("white space", 200, jsonType, " \r\n\t").gives(empty, empty, unread, empty, fine),
		says("null", 200, jsonType, `null`).gives(malformed, malformed, empty, malformed, fine),
		says("empty object", 200, jsonType, `{}`).gives(fine, "0", fine, noValue, fine),

		// Odd items and values.
		says("null as item", 200, jsonType, `{"value":[{"id":"1"},null,{"id":"3"}]}`).gives(fine, "2, null item", fine, misfit, fine),
		says("nulls as items", 200, jsonType, `{"value":[null,null]}`).gives(fine, "null item, null item", fine, misfit, fine),
		says("null as value", 200, jsonType, `{"value":null}`).gives(fine, "0", fine, fine, fine),
		says("number as text", 200, jsonType, `{"value":"5"}`).gives(fine, noPage, fine, fine, fine),
		says("text as value", 200, jsonType, `{"value":"five"}`).gives(fine, noPage, fine, misfit, fine),
		says("object as value", 200, jsonType, `{"value":{}}`).gives(fine, noPage, fine, misfit, fine),
		says("text as item", 200, jsonType, `{"value":[{"id":"1"},"x"]}`).gives(fine, noPage, fine, misfit, fine),
		says("circle", 200, jsonType, `{"value":[{"id":"1"}],"@odata.nextLink":"calls"}`).gives(fine, "2, circle", fine, misfit, fine),
		says("foreign link", 200, jsonType, `{"value":[{"id":"1"}],"@odata.nextLink":"https://evil.example/beta/calls"}`).gives(fine, "1, foreign link", fine, misfit, fine),
		says("number as link", 200, jsonType, `{"value":[{"id":"1"}],"@odata.nextLink":5}`).gives(fine, "1, odd link", fine, misfit, fine),

		// What is not JSON, or not right.
		says("page for people", 200, "text/html", `<p>sign in</p>`).gives(notJSON, notJSON, notJSON, notJSON, notJSON),
		says("page for people, as JSON", 200, jsonType, `<p>sign in</p>`).gives(malformed, malformed, malformed, malformed, fine),
		says("XML", 200, "application/xml", `<a></a>`).gives(notJSON, notJSON, notJSON, notJSON, fine),
		says("invalid type", 200, "what/ever;;", `{"id":"1"}`).gives(notJSON, notJSON, notJSON, notJSON, fine),
		says("malformed parameter", 200, "application/json; charset", `{"id":"1"}`).gives(fine, noPage, fine, noValue, fine),
		says("list", 200, jsonType, `[]`).gives(malformed, malformed, malformed, malformed, fine),
		says("text", 200, jsonType, `"x"`).gives(malformed, malformed, malformed, malformed, fine),
		says("two documents", 200, jsonType, `{"id":"1"}{"id":"2"}`).gives(malformed, malformed, unread, malformed, fine),
		says("member twice", 200, jsonType, `{"id":"1","id":"2"}`).gives(malformed, malformed, malformed, malformed, fine),
		says("broken", 200, jsonType, `{"value":[{"id":"1"},`).gives(malformed, malformed, unread, malformed, fine),
		says("comma too many", 200, jsonType, `{"id":"1",}`).gives(malformed, malformed, unread, malformed, fine),
		says("too deep", 200, jsonType, deep).gives(malformed, malformed, malformed, malformed, fine),
		says("byte order mark", 200, jsonType, "\ufeff"+`{"id":"1"}`).gives(fine, noPage, malformed, noValue, fine),
		says("too large", 200, jsonType, `{"id":"`+strings.Repeat("x", 1<<16)+`"}`).gives(tooLarge, tooLarge, unread, tooLarge, tooLarge),
		says("silence", 200, jsonType, `{"id":"1",`+hangsUp).gives(breaksOff, breaksOff, unread, breaksOff, breaksOff),
		says("silence at once", 200, jsonType, hangsUp).gives(breaksOff, breaksOff, empty, breaksOff, breaksOff),

		// Refusals.
		says("not found", 404, jsonType, failure).gives("404 x", "404 x", "404 x", "404 x", "404 x"),
		says("not found, no body", 404, "", ``).gives("404", "404", "404", "404", "404"),
		says("not found, for people", 404, "text/html", `<p>gone</p>`).gives("404", "404", "404", "404", "404"),
		says("not found, broken", 404, jsonType, `{"error":{"code":"x"`).gives("404", "404", "404", "404", "404"),
		says("busy", 429, jsonType, failure).gives("429 x", "429 x", "429 x", "429 x", "429 x"),
		says("busy for ever", 503, jsonType, failure).with("Retry-After", "4294967296").gives("503 x", "503 x", "503 x", "503 x", "503 x"),
		says("gateway", 504, "text/html", `<p>late</p>`).gives("504", "504", "504", "504", "504"),
		says("fault", 500, jsonType, failure+hangsUp).gives("500 x", "500 x", "500 x", "500 x", "500 x"),
		says("not modified", 304, "", ``).gives("304", "304", "304", "304", "304"),
		says("multiple choices", 300, jsonType, `{}`).gives("300", "300", "300", "300", "300"),
		says("redirect without a target", 302, "", ``).gives("302", "302", "302", "302", "302"),
		says("redirect to another scheme", 307, "", ``).with("Location", "ftp://x/y").gives(redirects, redirects, "307", redirects, "307"),
		says("unknown status", 599, jsonType, failure).gives("599 x", "599 x", "599 x", "599 x", "599 x"),
	}
}
