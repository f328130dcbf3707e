package client

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
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

// Faults that the client once had.

func TestTokensStayWhateverTheUsersRedirectDoes(t *testing.T) {
	var leaked atomic.Value
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		leaked.Store(r.Header.Get("Authorization"))
		reply(w, 200, `{"id":"1"}`)
	}))
	defer other.Close()
	r := against(t, func(w http.ResponseWriter, req *http.Request) { http.Redirect(w, req, other.URL, http.StatusFound) },
		WithHTTPClient(&http.Client{
			Transport: &http.Transport{DisableKeepAlives: true},
			CheckRedirect: func(req *http.Request, via []*http.Request) error {
				req.Header = via[0].Header.Clone()
				return nil
			},
		}))
	_, err := get(t, r)
	require.NoError(t, err)
	assert.Equal(t, "", leaked.Load())
}

func TestRedirectsThatLoseTheRequest(t *testing.T) {
	for _, status := range []int{301, 302, 303} {
		var methods []string
		r := against(t, func(w http.ResponseWriter, req *http.Request) {
			methods = append(methods, req.Method)
			if len(methods) == 1 {
				http.Redirect(w, req, "/beta/elsewhere", status)
				return
			}
			reply(w, 200, `{"id":"not created"}`)
		})
		for _, method := range []string{"POST", "PUT"} {
			methods = nil
			err := r.fetch(t.Context(), method, &models.Call{}, new(models.Call), nil)
			assert.ErrorContains(t, err, "would turn the "+method+" into a GET")
			assert.Equal(t, []string{method}, methods)
		}
	}

	n := 0
	r := against(t, func(w http.ResponseWriter, req *http.Request) {
		n++
		http.Redirect(w, req, "/beta/calls", http.StatusFound)
	})
	_, err := get(t, r)
	assert.ErrorContains(t, err, "was redirected 10 times")
	assert.Equal(t, 10, n, "a circle is not walked again")
}

func TestErrorsHideQueryValues(t *testing.T) {
	r := against(t, func(w http.ResponseWriter, _ *http.Request) { cut(w, "") })
	_, err := get(t, r, Where(codec.Property("name").Eq("private")))
	require.Error(t, err)
	assert.NotContains(t, err.Error(), "private")
	assert.ErrorIs(t, err, io.EOF)
}

func TestAnswersWithoutContent(t *testing.T) {
	status := 304
	r := against(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
	_, err := get(t, r, IfNoneMatch(`"1"`))
	assert.True(t, IsNotModified(err), "%v", err)

	status = 204
	for _, fetch := range []func() error{
		func() error { _, err := get(t, r); return err },
		func() error {
			_, err := r.fetchAny(t.Context(), "GET", nil, (*models.AnyEntity)(nil), models.EntityTypes, nil)
			return err
		},
		func() error { return r.fetchPage(t.Context(), "GET", nil, new(Page[*models.Call]), nil, nil) },
		func() error { _, err := fetchResult[int64](t.Context(), r, "GET", nil, nil); return err },
	} {
		err := fetch()
		refused, ok := errors.AsType[*Error](err)
		require.True(t, ok, "%v", err)
		assert.Equal(t, 204, refused.Status)
		assert.Equal(t, "the answer has no content", refused.Message)
	}
	assert.NoError(t, r.fetch(t.Context(), "PATCH", &models.Call{}, new(models.Call), nil))
	assert.NoError(t, r.send(t.Context(), "DELETE", nil, nil))
}

func TestJSONWithoutAContentType(t *testing.T) {
	r := against(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Type"] = nil
		_, _ = io.WriteString(w, `{"id":"1"}`)
	})
	v, err := get(t, r)
	require.NoError(t, err)
	assert.Equal(t, "1", v.ID)
}

func TestCutAnswersAreReadAgain(t *testing.T) {
	const half = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"id\":"
	n := 0
	r := against(t, func(w http.ResponseWriter, _ *http.Request) {
		if n++; n == 1 {
			cut(w, half)
			return
		}
		reply(w, 200, `{"id":"1"}`)
	})
	_, err := get(t, r)
	require.NoError(t, err)
	assert.Equal(t, 2, n)

	n = 0
	err = r.fetch(t.Context(), "POST", &models.Call{}, new(models.Call), nil)
	assert.ErrorContains(t, err, "the answer breaks off")
	assert.Equal(t, 1, n, "what it did is done")
}

func TestHugeRetryAfter(t *testing.T) {
	for _, after := range []string{"4294967296", "99999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"} {
		n := 0
		r := against(t, func(w http.ResponseWriter, _ *http.Request) {
			n++
			w.Header().Set("Retry-After", after)
			w.WriteHeader(429)
		})
		_, err := get(t, r)
		assert.True(t, IsThrottled(err))
		assert.Equal(t, 1, n, after)
	}
}

func TestCancelledWhileWaitingTellsWhatFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		r := graph(func(*http.Request) (int, http.Header, string) {
			time.AfterFunc(time.Second, cancel)
			return 429, http.Header{"Retry-After": {"30"}}, ``
		})
		err := r.send(ctx, "GET", nil, nil)
		assert.ErrorIs(t, err, context.Canceled)
		assert.True(t, IsThrottled(err), "%v", err)
	})
}

// slow takes its time to be read, and notes who reads it: the race detector looks on.
type slow struct {
	size, at int64
	reads    int
}

func (s *slow) Read(p []byte) (int, error) {
	time.Sleep(time.Millisecond)
	s.reads++
	if s.at >= s.size {
		return 0, io.EOF
	}
	n := min(int64(len(p)), s.size-s.at)
	s.at += n
	return int(n), nil
}

func (s *slow) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekStart:
		s.at = offset
	case io.SeekCurrent:
		s.at += offset
	default:
		s.at = s.size + offset
	}
	return s.at, nil
}

func TestUploadsAreReadByOneAttempt(t *testing.T) {
	n, got := 0, int64(0)
	r := against(t, func(w http.ResponseWriter, req *http.Request) {
		if n++; n < 3 { // answers before it has read the content
			w.Header().Set("Retry-After", "0")
			w.Header().Set("Connection", "close")
			w.WriteHeader(503)
			return
		}
		got, _ = io.Copy(io.Discard, req.Body)
		w.WriteHeader(204)
	})
	s := &slow{size: 8 << 20}
	require.NoError(t, r.upload(t.Context(), "text/plain", s, nil))
	s.reads++ // the caller's again
	assert.Equal(t, s.size, got)

	n = -10
	err := r.upload(t.Context(), "text/plain", s, nil)
	s.reads++
	assert.Error(t, err)
}

func TestUploadsFromAPipe(t *testing.T) {
	got := ""
	r := against(t, func(w http.ResponseWriter, req *http.Request) {
		data, _ := io.ReadAll(req.Body)
		got = string(data)
		w.WriteHeader(204)
	})
	in, out, err := os.Pipe()
	require.NoError(t, err)
	defer in.Close()
	_, err = out.WriteString("hello")
	require.NoError(t, err)
	require.NoError(t, out.Close())
	require.NoError(t, r.upload(t.Context(), "text/plain", in, nil))
	assert.Equal(t, "hello", got)
}

func TestLiteralsOfPointersAndForeignTypes(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	r := newClient("beta", nil, nil).root()
	assert.Equal(t, "/f(d=2026-01-02T03:04:05Z,e=2026-01-02,g=duration'PT1S')",
		strings.ReplaceAll(r.call("f", arg{"d", &at}, arg{"e", &codec.Date{Year: 2026, Month: 1, Day: 2}}, arg{"g", new(codec.DurationOf(time.Second))}).path, "%27", "'"))
}

func TestErrorBodiesOfUnusualShape(t *testing.T) {
	for name, body := range map[string]string{
		"details is an object": `{"error":{"code":"c","message":"m","details":{}}}`,
		"a detail is a number": `{"error":{"code":"c","message":"m","details":[5,{"code":5}]}}`,
		"byte order mark":      "\ufeff" + `{"error":{"code":"c","message":"m"}}`,
		"token service":        `{"error":"c","error_description":"m"}`,
		"inner is a list":      `{"error":{"code":"c","message":"m","innerError":[]}}`,
	} {
		r := against(t, func(w http.ResponseWriter, _ *http.Request) { reply(w, 400, body) })
		_, err := get(t, r)
		e, ok := errors.AsType[*Error](err)
		require.True(t, ok)
		assert.Equal(t, "c/m", e.Code+"/"+e.Message, name)
	}
	assert.True(t, HasCode(&Error{Details: []ErrorItem{{Code: "x"}}}, "X"))
}

// TestErrorsInOtherFormats are those of gateways, frameworks and earlier versions of OData, as
// they are sent.
func TestErrorsInOtherFormats(t *testing.T) {
	for name, a := range map[string]struct{ contentType, body, want string }{
		"SAP":              {contentJSON, `{"error":{"code":"/IWBEP/CM_MGW_RT/020","message":{"lang":"en","value":"Resource not found"},"innererror":{"transactionid":"4F2"}}}`, "/IWBEP/CM_MGW_RT/020: Resource not found"},
		"code is a number": {contentJSON, `{"error":{"code":404,"message":"m"}}`, "404: m"},
		"code is null":     {contentJSON, `{"error":{"code":null,"message":"m"}}`, "m"},
		"framework":        {contentJSON, `{"Message":"An error has occurred.","ExceptionMessage":"x"}`, "An error has occurred."},
		"problem":          {"application/problem+json", `{"type":"https://example.org/x","title":"Bad","detail":"because","status":400}`, "because"},
		"problem, title":   {"application/problem+json", `{"title":"Bad","status":400}`, "Bad"},
		"XML":              {"application/xml", `<?xml version="1.0"?><error xmlns="x"><code>005056</code><message xml:lang="en">No &quot;service&quot;</message></error>`, `005056: No "service"`},
		"for people":       {"text/html", "<html><head><TITLE>\n502 Bad Gateway</TITLE></head><body>x</body></html>", "502 Bad Gateway"},
		"plain":            {"text/plain; charset=utf-8", "No resource was found\nat all", "No resource was found"},
		"string":           {contentJSON, `"No resource was found"`, "No resource was found"},
		"capitals":         {contentJSON, `{"Error":{"Code":"c","Message":"m"}}`, "c: m"},
		"member twice":     {contentJSON, `{"error":{"code":"c","code":"d","message":"m"}}`, "d: m"},
		"list":             {contentJSON, `{"errors":[{"code":"c","message":"m"}]}`, "c: m"},
		"message":          {contentJSON, `{"message":"m","statusCode":401}`, "m"},
		"nothing":          {contentJSON, `{"a":1}`, ""},
		"cut off":          {contentJSON, `{"error":{"code":"c","mess`, ""},
		"tag cut off":      {"text/html", `<html><title>x`, ""},
		"bytes":            {"application/octet-stream", "\x00\xff", ""},
		"long":             {"text/plain", strings.Repeat("x", 9000), strings.Repeat("x", 500)},
	} {
		r := against(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", a.contentType)
			w.WriteHeader(400)
			_, _ = io.WriteString(w, a.body)
		})
		_, err := get(t, r)
		e, ok := errors.AsType[*Error](err)
		require.True(t, ok, name)
		assert.Equal(t, a.want, strings.TrimPrefix(e.Code+": "+e.Message, ": "), name)
		assert.Equal(t, a.body, string(e.Body), name)
	}
}

// TestPagesThatAreNone must not look like empty ones.
func TestPagesThatAreNone(t *testing.T) {
	for body, want := range map[string]string{
		`{"d":{"results":[{"id":"a"}]}}`: `is no page: it lacks "value" with a list, and has "d": {"results":[{"id":"a"}]}`,
		`{"value":{"id":"a"}}`:           `and has "value": {"id":"a"}`,
		`{"id":"a"}`:                     `and has "id": "a"`,
	} {
		r := against(t, func(w http.ResponseWriter, _ *http.Request) { reply(w, 200, body) })
		_, err := fetchedPage[*models.Call](t.Context(), r, "GET", nil, nil)
		assert.ErrorContains(t, err, want)
	}
	for _, body := range []string{`{}`, `{"value":null}`, `{"value":[]}`, `{"@odata.context":"x","@a.b":1,"value@a.b":2}`} {
		r := against(t, func(w http.ResponseWriter, _ *http.Request) { reply(w, 200, body) })
		_, err := fetchedPage[*models.Call](t.Context(), r, "GET", nil, nil)
		assert.NoError(t, err, body)
	}
}

func TestJSONThatIsLabelledAsText(t *testing.T) {
	for contentType, ok := range map[string]bool{"text/plain": true, "text/plain; charset=utf-8": true, "application/octet-stream": true, "text/json": true, "text/html": false, "image/png": false} {
		r := against(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			_, _ = io.WriteString(w, "\ufeff {\"id\":\"a\"}")
		})
		v, err := get(t, r)
		if !ok {
			assert.ErrorContains(t, err, "is not JSON but", contentType)
			continue
		}
		require.NoError(t, err, contentType)
		assert.Equal(t, "a", v.ID, contentType)
	}
}

func TestErrorTextIsOneLine(t *testing.T) {
	forged := "a\r\nlevel=ERROR forged\x1b[31m\u202e\u2028" + strings.Repeat("x", 50_000)
	message, err := json.Marshal(forged)
	require.NoError(t, err)
	r := against(t, func(w http.ResponseWriter, _ *http.Request) {
		reply(w, 400, `{"error":{"code":"c","message":`+string(message)+`}}`)
	})
	_, err = get(t, r)
	e, ok := errors.AsType[*Error](err)
	require.True(t, ok)
	assert.Equal(t, forged, e.Message, "as it was sent")
	assert.NotRegexp(t, `[\x00-\x1f\x{202e}\x{2028}]`, e.Error())
	assert.Less(t, len(e.Error()), 3000)
}

func TestRemovedItemsWithoutAReason(t *testing.T) {
	r := against(t, func(w http.ResponseWriter, _ *http.Request) {
		reply(w, 200, `{"value":[{"id":"1","@removed":{}},{"id":"2","@removed":{"reason":5}},{"id":"3","@removed":null},{"id":"4"}],"@odata.deltaLink":"?1"}`)
	})
	var gone []string
	for c, err := range changesOf[*models.Call](r, nil, nil).All(t.Context()) {
		require.NoError(t, err)
		gone = append(gone, c.Removed)
	}
	assert.Equal(t, []string{"removed", "removed", "removed", ""}, gone)
}

func TestDeltaLinkIsKeptUntilThereIsANewOne(t *testing.T) {
	fail := false
	r := against(t, func(w http.ResponseWriter, req *http.Request) {
		if fail {
			w.WriteHeader(400)
			return
		}
		reply(w, 200, `{"value":[{"id":"1"}],"@odata.deltaLink":"http://`+req.Host+`/beta/calls?token=1"}`)
	})
	changes := changesOf[*models.Call](r, nil, nil)
	for _, err := range changes.All(t.Context()) {
		require.NoError(t, err)
	}
	stored := changes.Link()
	require.Contains(t, stored, "token=1")
	for range changes.All(t.Context()) {
		break // early
	}
	assert.Equal(t, stored, changes.Link())
	fail = true
	for _, err := range changes.All(t.Context()) {
		require.Error(t, err)
	}
	assert.Equal(t, stored, changes.Link())
}

func TestResultsOfEveryKind(t *testing.T) {
	body := ""
	r := against(t, func(w http.ResponseWriter, _ *http.Request) { reply(w, 200, body) })
	body = `{"value":"INF"}`
	f, err := fetchResult[float64](t.Context(), r, "GET", nil, nil)
	require.NoError(t, err)
	assert.True(t, math.IsInf(f, 1))
	body = `{"value":"12"}`
	n, err := fetchResult[int64](t.Context(), r, "GET", nil, nil)
	require.NoError(t, err)
	assert.Equal(t, int64(12), n)
	body = `{"value":null}`
	s, err := fetchResult[string](t.Context(), r, "GET", nil, nil)
	require.NoError(t, err)
	assert.Empty(t, s)
	body = `{"value":"2026-01-02"}`
	d, err := fetchResult[codec.Date](t.Context(), r, "GET", nil, nil)
	require.NoError(t, err)
	assert.Equal(t, codec.Date{Year: 2026, Month: 1, Day: 2}, d)
	body = `{"value":{"a":1}}`
	u, err := fetchResult[codec.Untyped](t.Context(), r, "GET", nil, nil)
	require.NoError(t, err)
	assert.JSONEq(t, `{"a":1}`, string(u))
	body = `{"value":[1,2]}`
	list, err := fetchResult[[]int32](t.Context(), r, "GET", nil, nil)
	require.NoError(t, err)
	assert.Equal(t, []int32{1, 2}, list)

	body = `{"other":1}`
	_, err = fetchResult[int64](t.Context(), r, "GET", nil, nil)
	assert.ErrorContains(t, err, "the answer from /calls has no value")
	body = `{"value":"x"}`
	_, err = fetchResult[int64](t.Context(), r, "GET", nil, nil)
	assert.ErrorContains(t, err, "does not fit")
}

func TestLinksNearTheBase(t *testing.T) {
	c := newClient("beta", nil, nil)
	for _, link := range []string{"https://graph.microsoft.com:443/beta/calls?x=1", "https://GRAPH.microsoft.com/beta/calls"} {
		_, err := c.ownLink(c.base, link)
		assert.NoError(t, err, link)
	}
	for _, link := range []string{
		"https://graph.microsoft.com/beta/..", "https://graph.microsoft.com/beta/x/../../y", "https://graph.microsoft.com/beta/%2e%2e",
		"https://graph.microsoft.com/betamax", "https://graph.microsoft.com:444/beta/calls", "http://graph.microsoft.com/beta/calls",
	} {
		_, err := c.ownLink(c.base, link)
		assert.Error(t, err, link)
	}
}

func TestBatchDependentsOfThrottledRequests(t *testing.T) {
	for _, items := range []int{2, 25} { // in one group, and in the next
		var groups [][]batchRequest
		client := batchService(t, &groups, func(r batchRequest) (int, string) {
			first := len(groups) == 1
			switch {
			case first && r.URL == "/calls/first":
				return 429, `{}`
			case first && len(r.DependsOn) > 0:
				return 424, `{}`
			}
			return 200, `{}`
		})
		calls := client.root().child("calls")
		b := client.NewBatch()
		at := func(id string) func(context.Context) error {
			return func(ctx context.Context) error { return calls.key(id).send(ctx, "GET", nil, nil) }
		}
		first := b.Add(at("first"))
		for range items - 2 {
			b.Add(at("other"))
		}
		last := b.Add(at("last")).After(first)
		require.NoError(t, b.Send(t.Context()))
		_, err := first.Result()
		assert.NoError(t, err)
		_, err = last.Result()
		assert.NoError(t, err, items)
	}
}

func TestBatchRefusesWhatItCannotSend(t *testing.T) {
	var groups [][]batchRequest
	client := batchService(t, &groups, func(batchRequest) (int, string) { return 200, `{}` })
	send := func(c *Client) func(context.Context) error {
		return func(ctx context.Context) error { return c.root().child("a").send(ctx, "POST", nil, nil) }
	}
	b := client.NewBatch()
	one := b.Add(send(client))
	two := b.Add(send(client)).After(one)
	one.After(two)
	assert.ErrorContains(t, b.Send(t.Context()), "wait for each other")
	_, err := one.Result()
	assert.ErrorContains(t, err, "wait for each other")
	assert.Empty(t, groups)

	b = client.NewBatch()
	foreign := b.Add(send(newClient("beta", nil, nil)))
	require.NoError(t, b.Send(t.Context()))
	_, err = foreign.Result()
	assert.ErrorContains(t, err, "another client")
	assert.Empty(t, groups)
}

func TestBatchContentIsDecoded(t *testing.T) {
	r := against(t, func(w http.ResponseWriter, _ *http.Request) {
		reply(w, 200, `{"responses":[
			{"id":"1","status":200,"headers":{"Content-Type":"image/png"},"body":"aGVsbG8="},
			{"id":"2","status":200,"headers":{"Content-Type":"text/plain"},"body":"42"},
			{"id":"3","status":200,"headers":{"Content-Type":"text/plain"},"body":42},
			{"id":"4","status":304,"headers":{}}]}`)
	})
	b := r.client.NewBatch()
	content := AddToBatch(b, func(ctx context.Context) (string, error) {
		s, err := r.open(ctx, nil)
		if err != nil {
			return "", err
		}
		defer s.Close()
		data, err := io.ReadAll(s)
		return string(data), err
	})
	quoted := AddToBatch(b, func(ctx context.Context) (int64, error) { return r.count(ctx, nil) })
	number := AddToBatch(b, func(ctx context.Context) (int64, error) { return r.count(ctx, nil) })
	unchanged := b.Add(func(ctx context.Context) error { return r.send(ctx, "GET", nil, nil) })
	require.NoError(t, b.Send(t.Context()))
	text, err := content.Result()
	require.NoError(t, err)
	assert.Equal(t, "hello", text)
	for _, item := range []*BatchItem[int64]{quoted, number} {
		n, err := item.Result()
		require.NoError(t, err)
		assert.Equal(t, int64(42), n)
	}
	_, err = unchanged.Result()
	assert.True(t, IsNotModified(err), "%v", err)
}
