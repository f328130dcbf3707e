package client

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/callgen/callgen/templates/runtime/codec"
	"github.com/callgen/callgen/templates/runtime/internal/models"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// quick repeats at once.
var quick = RetryPolicy{Attempts: 3, Base: time.Millisecond, MaxWait: time.Minute}

var secret = TokenSourceFunc(func(_ context.Context, scope string) (string, error) { return "secret for " + scope, nil })

// against returns the resource /calls of a service.
func against(t *testing.T, handler http.HandlerFunc, opts ...ClientOption) *resource {
	t.Helper()
	noGoroutineIsLeft(t)
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	transport := new(http.Transport)
	t.Cleanup(transport.CloseIdleConnections)
	all := append([]ClientOption{
		WithBaseURL(server.URL + "/beta"), WithRetry(quick), WithHTTPClient(&http.Client{Transport: transport}),
	}, opts...)
	return newClient("beta", secret, all).root().child("calls")
}

// noGoroutineIsLeft compares the goroutines after a test with those before it.
func noGoroutineIsLeft(t *testing.T) {
	before := runtime.NumGoroutine()
	t.Cleanup(func() {
		for range 500 {
			if runtime.NumGoroutine() <= before {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		stacks := make([]byte, 1<<16)
		t.Errorf("goroutines are left:\n%s", stacks[:runtime.Stack(stacks, true)])
	})
}

func reply(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", contentJSON)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

func get(t *testing.T, r *resource, opts ...RequestOption) (*models.Call, error) {
	t.Helper()
	return fetched[*models.Call](t.Context(), r, http.MethodGet, nil, opts)
}

func TestPageOfOneType(t *testing.T) {
	r := against(t, func(w http.ResponseWriter, _ *http.Request) {
		reply(w, 200, `{"@odata.count":3,"value":[{"id":"1"},{"id":"2"}],"@odata.nextLink":"x"}`)
	})
	page, err := fetchedPage[*models.Call](t.Context(), r, http.MethodGet, nil, nil)
	require.NoError(t, err)
	require.Len(t, page.Value, 2)
	assert.Equal(t, "2", page.Value[1].ID)
	assert.EqualValues(t, 3, *page.Count)
	gone := against(t, func(w http.ResponseWriter, _ *http.Request) { reply(w, 404, `{}`) })
	page, err = fetchedPage[*models.Call](t.Context(), gone, http.MethodGet, nil, nil)
	assert.True(t, IsNotFound(err))
	assert.Nil(t, page)
}

func TestRequestHeaders(t *testing.T) {
	var got http.Header
	r := against(t, func(w http.ResponseWriter, req *http.Request) { got = req.Header; reply(w, 200, `{"id":"1"}`) },
		WithUserAgent("bot/1"), WithRequestOptions(IncludeUnknownEnumMembers()))
	v, err := get(t, r, MaxPageSize(5), IfMatch(`W/"1"`), ConsistencyEventual())
	require.NoError(t, err)
	assert.Equal(t, "1", v.ID)
	assert.Equal(t, "Bearer secret for https://graph.microsoft.com/.default", got.Get("Authorization"))
	assert.Equal(t, "bot/1 callgen-go", got.Get("User-Agent"))
	assert.Equal(t, "application/json", got.Get("Accept"))
	assert.Equal(t, "include-unknown-enum-members, odata.maxpagesize=5", got.Get("Prefer"))
	assert.Equal(t, `W/"1"`, got.Get("If-Match"))
	assert.Equal(t, "eventual", got.Get("Consistencylevel"))
	assert.Regexp(t, `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`, got.Get("Client-Request-Id"))
}

func TestClouds(t *testing.T) {
	for _, c := range []struct {
		cloud      Cloud
		url, scope string
	}{
		{GlobalCloud(), "https://graph.microsoft.com/beta", "https://graph.microsoft.com/.default"},
		{USGovernmentCloud(), "https://graph.microsoft.us/beta", "https://graph.microsoft.us/.default"},
		{USDefenseCloud(), "https://dod-graph.microsoft.us/beta", "https://dod-graph.microsoft.us/.default"},
		{ChinaCloud(), "https://microsoftgraph.chinacloudapi.cn/beta", "https://microsoftgraph.chinacloudapi.cn/.default"},
	} {
		client := newClient("beta", secret, []ClientOption{WithCloud(c.cloud)})
		require.NoError(t, client.err)
		assert.Equal(t, c.url, client.base.String())
		assert.Equal(t, c.scope, client.cloud.Scope)
	}
	assert.Equal(t, "https://graph.microsoft.com/v1.0", newClient("beta", nil, []ClientOption{WithVersion("v1.0")}).base.String())
}

func TestWrongOptionsAreErrorsOfRequests(t *testing.T) {
	for base, want := range map[string]string{
		"http://graph.example":     `the base URL "http://graph.example" would send tokens in the clear: use https`,
		"graph.example":            `the base URL "graph.example" is not an http or https URL`,
		"https://u:p@host/":        "the base URL has a query, a fragment or a user: remove it",
		"https://host/beta?x=1":    "the base URL has a query, a fragment or a user: remove it",
		"https://host/%zz":         "the base URL is malformed",
		"ftp://graph.microsoft.us": "is not an http or https URL",
	} {
		_, err := get(t, newClient("beta", secret, []ClientOption{WithBaseURL(base)}).root())
		assert.ErrorContains(t, err, want, base)
	}
	assert.NoError(t, newClient("beta", secret, []ClientOption{WithBaseURL("http://127.0.0.1:1/beta")}).err)
	assert.NoError(t, newClient("beta", nil, []ClientOption{WithBaseURL("http://mock.example")}).err)
}

// TestBusyServices is about which requests are repeated after which answers.
func TestBusyServices(t *testing.T) {
	for _, c := range []struct {
		method string
		status int
		after  string
		again  bool
	}{
		{"GET", 429, "", true}, {"GET", 503, "", true}, {"GET", 504, "", true}, {"GET", 500, "", false}, {"GET", 404, "", false},
		{"PUT", 503, "", true}, {"DELETE", 504, "0", true},
		{"POST", 429, "", true}, {"POST", 503, "0", true}, {"POST", 503, "", false}, {"POST", 504, "0", false},
		{"PATCH", 429, "0", true}, {"PATCH", 504, "", false},
		{"GET", 429, "Thu, 01 Jan 1970 00:00:00 GMT", true}, {"GET", 429, "nonsense", true},
	} {
		t.Run(fmt.Sprint(c.method, c.status, c.after), func(t *testing.T) {
			var count atomic.Int32
			var bodies []string
			r := against(t, func(w http.ResponseWriter, req *http.Request) {
				body, _ := io.ReadAll(req.Body)
				bodies = append(bodies, string(body))
				if count.Add(1) == 1 {
					if c.after != "" {
						w.Header().Set("Retry-After", c.after)
					}
					reply(w, c.status, `{"error":{"code":"busy","message":"later"}}`)
					return
				}
				reply(w, 200, `{"id":"1"}`)
			})
			var body any
			if c.method != "GET" && c.method != "DELETE" {
				body = &models.Call{Subject: new("s")}
			}
			err := r.fetch(t.Context(), c.method, body, new(models.Call), nil)
			if !c.again {
				refused, ok := errors.AsType[*Error](err)
				require.True(t, ok, "%v", err)
				assert.Equal(t, c.status, refused.Status)
				assert.Equal(t, int32(1), count.Load())
				return
			}
			require.NoError(t, err)
			assert.Equal(t, int32(2), count.Load())
			assert.Equal(t, bodies[0], bodies[1], "the body is sent again")
		})
	}
}

func TestRetriesEnd(t *testing.T) {
	var count atomic.Int32
	busy := func(after string) http.HandlerFunc {
		count.Store(0)
		return func(w http.ResponseWriter, _ *http.Request) {
			count.Add(1)
			w.Header().Set("Retry-After", after)
			reply(w, 429, `{"error":{"code":"TooManyRequests"}}`)
		}
	}
	_, err := get(t, against(t, busy("0")))
	assert.True(t, IsThrottled(err))
	assert.Equal(t, int32(4), count.Load(), "one and three more")

	_, err = get(t, against(t, busy("3600")))
	refused, ok := errors.AsType[*Error](err)
	require.True(t, ok)
	assert.Equal(t, time.Hour, refused.RetryAfter)
	assert.Equal(t, int32(1), count.Load(), "longer than all waits may be")

	ctx, cancel := context.WithTimeout(t.Context(), 29*time.Second)
	defer cancel()
	err = against(t, busy("30")).send(ctx, "GET", nil, nil)
	assert.True(t, IsThrottled(err), "the deadline comes before the service would answer")

	_, err = get(t, against(t, busy("0"), WithRetry(RetryPolicy{})))
	assert.True(t, IsThrottled(err))
	assert.Equal(t, int32(1), count.Load())
}

func TestCancelledWhileWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		r := graph(func(*http.Request) (int, http.Header, string) {
			time.AfterFunc(time.Second, cancel)
			return 503, http.Header{"Retry-After": {"30"}}, `{}`
		})
		begun := time.Now()
		assert.ErrorIs(t, r.send(ctx, "GET", nil, nil), context.Canceled)
		assert.Equal(t, time.Second, time.Since(begun))
	})
}

// cut breaks the connection, before or within the answer.
func cut(w http.ResponseWriter, within string) {
	conn, buf, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	_, _ = buf.WriteString(within)
	_ = buf.Flush()
	_ = conn.Close()
}

func TestBrokenConnections(t *testing.T) {
	var count atomic.Int32
	once := func(w http.ResponseWriter, _ *http.Request) {
		if count.Add(1) == 1 {
			cut(w, "")
			return
		}
		reply(w, 200, `{}`)
	}
	_, err := get(t, against(t, once))
	require.NoError(t, err, "what is idempotent is repeated")

	count.Store(0)
	err = against(t, once).fetch(t.Context(), "POST", &models.Call{}, new(models.Call), nil)
	assert.Error(t, err)
	assert.Equal(t, int32(1), count.Load(), "what creates something may have been accepted")

	r := against(t, func(w http.ResponseWriter, _ *http.Request) {
		cut(w, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"id\":")
	})
	_, err = get(t, r)
	assert.ErrorContains(t, err, "the answer breaks off: unexpected EOF")
}

func TestSlowBodyAndDeadline(t *testing.T) {
	stop := make(chan struct{})
	r := against(t, func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Content-Type", contentJSON)
		_, _ = io.WriteString(w, `{"id":`)
		w.(http.Flusher).Flush()
		select {
		case <-req.Context().Done():
		case <-stop:
		}
	})
	defer close(stop)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	assert.ErrorIs(t, r.fetch(ctx, "GET", nil, new(models.Call), nil), context.DeadlineExceeded)
}

func TestUnusableAnswers(t *testing.T) {
	html := against(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<html>sign in</html>")
	})
	_, err := get(t, html)
	refused, ok := errors.AsType[*Error](err)
	require.True(t, ok)
	assert.Equal(t, `the answer is not JSON but "text/html"`, refused.Message)
	assert.Equal(t, "<html>sign in</html>", string(refused.Body))

	huge := against(t, func(w http.ResponseWriter, _ *http.Request) {
		reply(w, 200, `{"id":"`+strings.Repeat("x", 2000)+`"}`)
	}, WithResponseLimit(1000))
	_, err = get(t, huge)
	assert.EqualError(t, err, "GET /calls: the answer has more than 1000 bytes: raise the limit with WithResponseLimit")

	broken := against(t, func(w http.ResponseWriter, _ *http.Request) { reply(w, 200, `{"id":`) })
	_, err = get(t, broken)
	var decode *codec.DecodeError
	assert.ErrorAs(t, err, &decode)

	empty := against(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) })
	_, err = get(t, empty)
	assert.EqualError(t, err, "GET /calls: 204 No Content: the answer has no content")
}

func TestTokensStayWithTheHost(t *testing.T) {
	var leaked atomic.Bool
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		leaked.Store(r.Header.Get("Authorization") != "")
		reply(w, 200, `{"id":"elsewhere"}`)
	}))
	defer other.Close()
	r := against(t, func(w http.ResponseWriter, req *http.Request) {
		http.Redirect(w, req, other.URL+"/x", http.StatusTemporaryRedirect)
	})
	v, err := get(t, r)
	require.NoError(t, err)
	assert.Equal(t, "elsewhere", v.ID)
	assert.False(t, leaked.Load())
}

func TestTokenErrorsAreNotRepeated(t *testing.T) {
	asked := 0
	none := errors.New("no secret is configured")
	r := against(t, func(w http.ResponseWriter, _ *http.Request) { reply(w, 200, `{}`) })
	r.client.tokens = TokenSourceFunc(func(context.Context, string) (string, error) { asked++; return "", none })
	_, err := get(t, r)
	assert.ErrorIs(t, err, none)
	assert.Equal(t, 1, asked)
}

func TestLogHasNoSecrets(t *testing.T) {
	var log bytes.Buffer
	r := against(t, func(w http.ResponseWriter, _ *http.Request) { reply(w, 404, `{"error":{"message":"body text"}}`) },
		WithLogger(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	_, err := get(t, r, Search("private"))
	assert.True(t, IsNotFound(err))
	assert.Contains(t, log.String(), "method=GET path=/calls attempt=1")
	assert.Contains(t, log.String(), "status=404")
	for _, hidden := range []string{"secret", "private", "body text"} {
		assert.NotContains(t, log.String(), hidden)
	}
}

func TestErrors(t *testing.T) {
	for body, check := range map[string]func(e *Error){
		`{"error":{"code":"itemNotFound","message":"no call","target":"id","details":[{"code":"a","message":"b"}],
			"innerError":{"code":"callEnded","date":"2026-01-02T03:04:05","request-id":"r1","client-request-id":"c1","innererror":{"code":"deep"}}}}`: func(e *Error) {
			assert.Equal(t, "GET /calls: 404 Not Found: itemNotFound: no call (request-id r1)", e.Error())
			assert.Equal(t, "c1", e.ClientRequestID)
			assert.Equal(t, []ErrorItem{{Code: "a", Message: "b"}}, e.Details)
			assert.Equal(t, "2026-01-02T03:04:05", e.Inner.Date)
			assert.True(t, HasCode(e, "DEEP") && HasCode(e, "callEnded") && HasCode(e, "itemnotfound"))
			assert.False(t, HasCode(e, "other"))
		},
		`{"error":{"code":8523,"message":null}}`: func(e *Error) { assert.Equal(t, "8523", e.Code) },
		`{"error":"plain"}`:                      func(e *Error) { assert.Equal(t, "plain", e.Code) },
		`{"error":{"code":`:                      func(e *Error) { assert.Equal(t, `{"error":{"code":`, string(e.Body)) },
		`<html></html>`:                          func(e *Error) { assert.Equal(t, "<html></html>", string(e.Body)) },
		``: func(e *Error) {
			assert.Equal(t, "GET /calls: 404 Not Found", e.Error())
			assert.NotEmpty(t, e.ClientRequestID)
		},
		`{"error":{"innerError":` + strings.Repeat(`{"innerError":`, 5000) + `1` + strings.Repeat(`}`, 5000) + `}}`: func(e *Error) {
			depth := 0
			for i := e.Inner; i != nil; i = i.Inner {
				depth++
			}
			assert.LessOrEqual(t, depth, mostInner+1)
		},
	} {
		r := against(t, func(w http.ResponseWriter, _ *http.Request) { reply(w, 404, body) })
		_, err := get(t, r)
		e, ok := errors.AsType[*Error](err)
		require.True(t, ok, "%v", err)
		check(e)
	}
	for status, is := range map[int]func(error) bool{
		401: IsUnauthorized, 403: IsForbidden, 404: IsNotFound, 409: IsConflict, 410: IsGone, 412: IsPreconditionFailed, 429: IsThrottled,
	} {
		assert.True(t, is(fmt.Errorf("wrapped: %w", &Error{Status: status})))
		assert.False(t, is(&Error{Status: 400}))
		assert.False(t, is(errors.New("x")))
	}
}

func TestPaths(t *testing.T) {
	var got string
	r := against(t, func(w http.ResponseWriter, req *http.Request) { got = req.RequestURI; reply(w, 200, `{}`) })
	for want, at := range map[string]*resource{
		"/beta/calls/a%2Fb%20c%3F":                              r.key("a/b c?"),
		"/beta/calls/x/graph.f()":                               r.key("x").call("graph.f"),
		"/beta/calls/f(a='it''s%20%2F',b=2,c=true)":             r.call("f", arg{"a", new("it's /")}, arg{"b", new(int32(2))}, arg{"c", true}),
		"/beta/calls/f(a='x')":                                  r.call("f", arg{"a", "x"}, arg{"b", (*string)(nil)}, arg{"e", models.CallState("")}),
		"/beta/calls/f(ids=@ids)?@ids=%5B%22a%22%2C%22b%22%5D":  r.call("f", arg{"ids", []string{"a", "b"}}),
		"/beta/calls(appId='1')":                                r.call("", arg{"appId", "1"}),
		"/beta/calls/f(d=2026-01-02T03:04:05Z,s='established')": r.call("f", arg{"d", time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}, arg{"s", models.CallState("established")}),
	} {
		_, err := get(t, at)
		require.NoError(t, err)
		assert.Equal(t, want, strings.ReplaceAll(strings.ReplaceAll(got, "%27", "'"), "%40", "@"))
	}
	for _, id := range []string{"", ".", ".."} {
		_, err := get(t, r.key(id))
		assert.ErrorContains(t, err, "cannot be the key of an entity")
	}
}

func TestCount(t *testing.T) {
	r := against(t, func(w http.ResponseWriter, req *http.Request) {
		assert.Equal(t, "/beta/calls/$count", req.URL.Path)
		assert.Equal(t, "text/plain", req.Header.Get("Accept"))
		w.Header().Set("Content-Type", "text/plain")
		_, _ = io.WriteString(w, "\ufeff42")
	})
	n, err := r.count(t.Context(), nil)
	require.NoError(t, err)
	assert.Equal(t, int64(42), n)
}

func TestStreams(t *testing.T) {
	var count atomic.Int32
	var sent []string
	r := against(t, func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		sent = append(sent, fmt.Sprint(req.ContentLength, " ", string(body)))
		if count.Add(1)%2 == 1 {
			reply(w, 503, `{}`)
			return
		}
		w.Header().Set("Content-Type", "image/png")
		_, _ = w.Write(append([]byte(req.Method+req.Header.Get("Content-Type")), body...))
	})
	s, err := r.open(t.Context(), nil)
	require.NoError(t, err)
	data, err := io.ReadAll(s)
	require.NoError(t, err)
	require.NoError(t, s.Close())
	assert.Equal(t, "GET", string(data))
	assert.Equal(t, "image/png", s.ContentType)

	content := strings.NewReader("a png")
	_, err = content.Seek(2, io.SeekStart)
	require.NoError(t, err)
	require.NoError(t, r.upload(t.Context(), "image/png", content, nil), "a seeker is sent again")
	assert.Equal(t, []string{"0 ", "0 ", "3 png", "3 png"}, sent, "from where it stood, with its length")
	err = r.upload(t.Context(), "image/png", io.MultiReader(strings.NewReader("png")), nil)
	refused, ok := errors.AsType[*Error](err)
	require.True(t, ok, "what cannot be read twice is sent once: %v", err)
	assert.Equal(t, 503, refused.Status)
}

func TestReferences(t *testing.T) {
	var got []string
	r := against(t, func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		got = append(got, req.Method+" "+req.URL.Path+" "+string(body))
		w.WriteHeader(204)
	})
	require.NoError(t, r.addRef(t.Context(), "/directoryObjects/1", nil))
	require.NoError(t, r.setRef(t.Context(), "https://graph.microsoft.com/beta/x", nil))
	require.NoError(t, r.key("1").removeRef(t.Context(), nil))
	assert.Equal(t, []string{
		`POST /beta/calls/$ref {"@odata.id":"` + r.client.base.String() + `/directoryObjects/1"}`,
		`PUT /beta/calls/$ref {"@odata.id":"https://graph.microsoft.com/beta/x"}`,
		`DELETE /beta/calls/1/$ref `,
	}, got)
}

// TestReadReferences reads references, on two pages, and such that are not as they should be.
func TestReadReferences(t *testing.T) {
	answers := map[string]string{
		"/beta/calls/$ref":   `{"value":[{"@odata.id":"https://x/1"},{"@odata.id":"https://x/2"}],"@odata.nextLink":"BASE/calls/$ref?$skiptoken=2"}`,
		"$skiptoken=2":       `{"value":[{"@odata.id":"https://x/3"},{"id":"4"},{"@odata.id":"https://x/5"}]}`,
		"/beta/calls/1/$ref": `{"@odata.context":"c","@odata.id":"https://x/9"}`,
		"/beta/calls/2/$ref": `{"@odata.id":7}`,
	}
	base := ""
	r := against(t, func(w http.ResponseWriter, req *http.Request) {
		answer := answers[req.URL.Path]
		if req.URL.RawQuery != "" {
			answer = answers[req.URL.RawQuery]
		}
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, strings.ReplaceAll(answer, "BASE", base))
	})
	base = r.client.base.String()
	var got []string
	var failed error
	for url, err := range r.refs(t.Context(), nil) {
		got, failed = append(got, url), cmp.Or(failed, err)
	}
	assert.Equal(t, []string{"https://x/1", "https://x/2", "https://x/3", "", "https://x/5"}, got)
	assert.EqualError(t, failed, "the reference in the answer from /calls/$ref has no @odata.id")

	for range r.refs(t.Context(), nil) {
		break // and no panic
	}
	one, err := r.key("1").ref(t.Context(), nil)
	require.NoError(t, err)
	assert.Equal(t, "https://x/9", one)
	_, err = r.key("2").ref(t.Context(), nil)
	assert.ErrorContains(t, err, "the answer from /calls/2/$ref: ")
}

func TestWaitFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := 0
		v, err := WaitFor(t.Context(), func(context.Context) (int, error) { n++; return n, nil }, func(v int) bool { return v == 2 })
		require.NoError(t, err)
		assert.Equal(t, 2, v)

		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		_, err = WaitFor(ctx, func(context.Context) (int, error) { return 0, nil }, func(int) bool { return false })
		assert.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

func TestAnswersThatAreNotStructs(t *testing.T) {
	body := ""
	r := against(t, func(w http.ResponseWriter, _ *http.Request) { reply(w, 200, body) })
	body = `{"@odata.context":"c","value":["a","b"]}`
	list, err := fetchResult[[]string](t.Context(), r, "GET", nil, nil)
	require.NoError(t, err)
	assert.Equal(t, []string{"a", "b"}, list)

	body = `{"value":"established"}`
	state, err := fetchResult[models.CallState](t.Context(), r, "GET", nil, nil)
	require.NoError(t, err)
	assert.Equal(t, models.CallState("established"), state)

	body = `{"value":{}}`
	_, err = fetchResult[bool](t.Context(), r, "GET", nil, nil)
	assert.ErrorContains(t, err, "the answer from /calls")
}

func TestPolymorphicAnswers(t *testing.T) {
	body := `{"id":"1","@odata.type":"#test.call"}`
	r := against(t, func(w http.ResponseWriter, _ *http.Request) { reply(w, 200, body) })
	v, err := r.fetchAny(t.Context(), "GET", nil, (*models.AnyEntity)(nil), models.EntityTypes, nil)
	require.NoError(t, err)
	assert.IsType(t, (*models.Call)(nil), v)

	body = `[]`
	_, err = r.fetchAny(t.Context(), "GET", nil, (*models.AnyEntity)(nil), models.EntityTypes, nil)
	assert.ErrorContains(t, err, "a JSON object is expected")

	_, err = r.fetchAny(t.Context(), "POST", (*models.Call)(nil), (*models.AnyEntity)(nil), models.EntityTypes, nil)
	assert.EqualError(t, err, "a nil *models.Call cannot be sent")
}
