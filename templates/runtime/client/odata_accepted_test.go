package client

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/callgen/callgen/templates/runtime/codec"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// later answers requests by path, the first answer of each path first; the last one stays.
func later(answers map[string][]reply40) wire {
	return func(req *http.Request) (int, http.Header, string) {
		at := strings.TrimPrefix(req.URL.Path, "/beta")
		list := answers[at]
		if len(list) == 0 {
			return 404, nil, `{}`
		}
		if len(list) > 1 {
			answers[at] = list[1:]
		}
		h := make(http.Header)
		for name, value := range list[0].header {
			h.Set(name, value)
		}
		if list[0].contentType != "" {
			h.Set("Content-Type", list[0].contentType)
		}
		return max(list[0].status, 0), h, list[0].body
	}
}

func accepted(name, link, wait string) reply40 {
	return reply40{status: 202, header: map[string]string{name: link, "Retry-After": wait}}
}

func TestODataAsync(t *testing.T) {
	inner := wireLines("HTTP/1.1 200 OK\nContent-Type: application/json\n\n") + `{"ID":"A"}`
	for name, test := range map[string]struct {
		monitor []reply40
		first   reply40
		took    time.Duration
		want    string
	}{
		"4.0":                  {[]reply40{accepted("Location", "monitor", "7"), {status: 200, contentType: "application/http", body: inner}}, accepted("Location", "monitor", "3"), 10 * time.Second, ""},
		"4.01":                 {[]reply40{{status: 202}, {status: 200, header: map[string]string{"AsyncResult": "200"}, body: `{"ID":"A"}`}}, accepted("Location", "https://graph.microsoft.com/beta/monitor", ""), 2500 * time.Millisecond, ""},
		"unwrapped":            {[]reply40{{status: 200, body: `{"ID":"A"}`}}, accepted("Location", "monitor", "1"), time.Second, ""},
		"failed, 4.0":          {[]reply40{{status: 200, contentType: "application/http", body: wireLines("HTTP/1.1 409 Conflict\n\n") + `{"error":{"code":"late"}}`}}, accepted("Location", "monitor", ""), time.Second, "late"},
		"failed, 4.01":         {[]reply40{{status: 200, header: map[string]string{"AsyncResult": "409"}, body: `{"error":{"code":"late"}}`}}, accepted("Location", "monitor", ""), time.Second, "409 Conflict: late"},
		"gone":                 {[]reply40{{status: 404}}, accepted("Location", "monitor", ""), time.Second, "404"},
		"broken":               {[]reply40{{status: 200, contentType: "application/http", body: "x"}}, accepted("Location", "monitor", ""), time.Second, "does not contain an answer"},
		"moved":                {[]reply40{accepted("Location", "other", "1")}, accepted("Location", "monitor", "1"), 2500 * time.Millisecond, ""},
		"in the clear":         {nil, accepted("Location", "http://contoso.example/x", ""), time.Second, "GET http://contoso.example: it would be sent in the clear"},
		"operation":            {[]reply40{{status: 200, body: `{"status":"Moving"}`}, {status: 200, body: `{"status":"succeeded","resourceLocation":"Customers"}`}}, accepted("Operation-Location", "monitor", "1"), 2500 * time.Millisecond, ""},
		"operation, location":  {[]reply40{{status: 200, body: `{"status":"Succeeded"}`}}, reply40{status: 202, header: map[string]string{"Azure-AsyncOperation": "monitor", "Location": "Customers"}}, time.Second, ""},
		"operation, failed":    {[]reply40{{status: 200, body: `{"status":"Failed","error":{"code":"late"}}`}}, accepted("Operation-Location", "monitor", ""), time.Second, "late"},
		"operation, cancelled": {[]reply40{{status: 200, body: `{"status":"Canceled"}`}}, accepted("Operation-Location", "monitor", ""), time.Second, "the operation has ended: Canceled"},
		"long":                 {[]reply40{{status: 200, body: `{"ID":"A"}`}}, accepted("Location", "monitor", "100000"), 5 * time.Minute, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := graph(later(map[string][]reply40{"/calls": {test.first}, "/monitor": test.monitor, "/other": {{status: 200, body: `{"ID":"A"}`}}, "/Customers": {{status: 200, body: `{"ID":"A"}`}}}), WithRetry(RetryPolicy{}))
				begun := time.Now()
				v, err := fetched[*customer](t.Context(), r, "POST", nil, []RequestOption{Prefer("respond-async")})
				assert.Nil(t, v)
				var later *AcceptedError
				require.ErrorAs(t, err, &later)
				assert.Regexp(t, "^https?://", later.Monitor)
				assert.ErrorContains(t, err, "the service carries it out later: Await returns its result")
				v, err = Await[*customer](t.Context(), r.client, err)
				assert.Equal(t, test.took, time.Since(begun))
				if test.want != "" {
					assert.ErrorContains(t, err, test.want)
					return
				}
				require.NoError(t, err)
				assert.Equal(t, "A", v.ID)
			})
		})
	}
}

func TestAwaitReturnsWhatTheRequestWould(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		answers := func(body string) wire {
			return later(map[string][]reply40{"/calls": {accepted("Location", "monitor", "")}, "/monitor": {{status: 200, body: body}}})
		}
		asked := func(r *resource) error {
			return r.send(t.Context(), "POST", nil, []RequestOption{Prefer("respond-async, wait=5")})
		}
		r := graph(answers(`{"value":[{"ID":"A"}],"@nextLink":"calls?2"}`))
		page, err := Await[*Page[*customer]](t.Context(), r.client, asked(r))
		require.NoError(t, err)
		assert.Equal(t, "A", page.Value[0].ID)
		assert.Equal(t, "https://graph.microsoft.com/beta/calls?2", page.NextLink)
		r = graph(answers(`{"value":5}`))
		n, err := Await[int64](t.Context(), r.client, asked(r))
		require.NoError(t, err)
		assert.EqualValues(t, 5, n)
		r = graph(answers(``))
		_, err = Await[struct{}](t.Context(), r.client, asked(r))
		assert.NoError(t, err)
		r = graph(answers(`{"@type":"#shop.vipCustomer"}`))
		_, err = fetchedPageOf[anyCustomer](t.Context(), answering(`{"value":[]}`), "GET", nil, customers, nil)
		require.NoError(t, err)
		v, err := Await[anyCustomer](t.Context(), r.client, asked(r))
		require.NoError(t, err)
		assert.IsType(t, (*vipCustomer)(nil), v)
		r = graph(answers(`{}`))
		_, err = Await[codec.Value](t.Context(), r.client, asked(r))
		assert.ErrorContains(t, err, "does not say which types it can hold")

		other := errors.New("other")
		_, err = Await[struct{}](t.Context(), r.client, other)
		assert.Equal(t, other, err)
		_, err = Await[struct{}](t.Context(), r.client, nil)
		assert.ErrorContains(t, err, "there is no request to wait for")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second/2)
		defer cancel()
		_, err = Await[struct{}](ctx, r.client, asked(r))
		assert.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

// TestAcceptedWithoutAMonitor is about services, such as Graph, whose actions are answered with
// status 202 and carried out.
func TestAcceptedWithoutAMonitor(t *testing.T) {
	r := graph(func(*http.Request) (int, http.Header, string) { return 202, nil, `` })
	assert.NoError(t, r.send(t.Context(), "POST", nil, nil))
	assert.NoError(t, r.send(t.Context(), "POST", nil, []RequestOption{Prefer("respond-async")}))
	_, err := get(t, r)
	assert.True(t, IsNoContent(err))
	located := graph(func(*http.Request) (int, http.Header, string) {
		return 202, http.Header{"Location": {"operations/1"}}, ``
	})
	assert.NoError(t, located.send(t.Context(), "POST", nil, nil), "nothing was promised")
	_, err = get(t, located)
	assert.ErrorAs(t, err, new(*AcceptedError), "the content comes later")
	assert.True(t, IsNoContent(err))
	full := graph(func(*http.Request) (int, http.Header, string) {
		return 202, http.Header{"Location": {"operations/1"}}, `{"id":"1"}`
	})
	v, err := get(t, full)
	require.NoError(t, err, "a service that answers at once")
	assert.Equal(t, "1", v.ID)
}

func TestBatchesThatAreCarriedOutLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := graph(later(map[string][]reply40{
			"/$batch": {accepted("Location", "monitor0", "")},
			"/monitor0": {{status: 202}, {status: 200, header: map[string]string{"AsyncResult": "200"},
				body: `{"responses":[{"id":"1","status":200,"body":{"ID":"A"}}],"@nextLink":"rest"}`}},
			"/rest":     {accepted("Location", "monitor1", "1")},
			"/monitor1": {{status: 200, header: map[string]string{"AsyncResult": "200"}, body: `{"responses":[{"id":"2","status":202,"headers":{"location":"/beta/monitor2"}},{"id":"3","status":204}]}`}},
			"/monitor2": {{status: 200, body: `{"ID":"N"}`}},
		}), WithBatchFormat(JSONBatch), WithRequestOptions(Prefer("respond-async")))
		b := newBatchOfThree(r)
		require.NoError(t, b.batch.Send(t.Context()))
		v, err := b.read.Result()
		require.NoError(t, err)
		assert.Equal(t, "A", v.ID)
		_, err = b.made.Result()
		v, err = Await[*customer](t.Context(), r.client, err)
		require.NoError(t, err)
		assert.Equal(t, "N", v.ID)
		_, err = b.changed.Result()
		assert.NoError(t, err)
	})
}
