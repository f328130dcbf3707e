package client

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/callgen/callgen/templates/runtime/internal/models"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// paged answers pages of two, and says after the last one what follows it.
func paged(t *testing.T, asked *int, last string) *resource {
	return against(t, func(w http.ResponseWriter, req *http.Request) {
		*asked++
		here := "http://" + req.Host + req.URL.Path
		if n := req.URL.Query().Get("page"); n == "" {
			reply(w, 200, `{"value":[{"@odata.type":"#test.call","id":"1"},{"id":"2"}],"@odata.nextLink":"`+here+`?page=2"}`)
		} else {
			reply(w, 200, fmt.Sprintf(`{"value":[{"id":"3"}]%s}`, last))
		}
	})
}

func TestCollectionsAreReadPageByPage(t *testing.T) {
	asked := 0
	r := paged(t, &asked, "")
	var ids []string
	for v, err := range each[models.AnyEntity](t.Context(), r, models.EntityTypes, []RequestOption{Top(2)}) {
		require.NoError(t, err)
		ids = append(ids, v.AsEntity().ID)
		if len(ids) == 1 {
			assert.IsType(t, (*models.Call)(nil), v)
		}
	}
	assert.Equal(t, []string{"1", "2", "3"}, ids)
	assert.Equal(t, 2, asked)

	asked = 0
	for range each[*models.Call](t.Context(), r, nil, nil) {
		break
	}
	assert.Equal(t, 1, asked, "no request after an early stop")

	page := new(Page[models.AnyEntity])
	require.NoError(t, r.fetchPage(t.Context(), "GET", nil, page, models.EntityTypes, nil))
	ids = nil
	for v, err := range Rest(t.Context(), r.client, page) {
		require.NoError(t, err)
		ids = append(ids, v.AsEntity().ID)
	}
	assert.Equal(t, []string{"1", "2", "3"}, ids)
}

func TestHostileLinksAreNotFollowed(t *testing.T) {
	for link, want := range map[string]string{
		"https://evil.example/beta/calls":    "leads to https://evil.example, away from",
		"http://127.0.0.1:1/beta/calls":      "leads to http://127.0.0.1:1, away from",
		"//evil.example/beta/calls":          "away from",
		"/etc":                               "away from",
		"http://HOST/admin":                  "away from",
		"http://HOST/beta/../admin":          "away from",
		"http://HOST/beta/%2e%2e/admin":      "away from",
		"http://HOST@evil.example/beta/call": "away from",
		"%":                                  "malformed",
	} {
		asked := 0
		r := against(t, func(w http.ResponseWriter, req *http.Request) {
			asked++
			text, _ := json.Marshal(link)
			reply(w, 200, `{"value":[{"id":"1"}],"@odata.nextLink":`+strings.ReplaceAll(string(text), "HOST", req.Host)+`}`)
		})
		var last error
		for _, err := range each[*models.Call](t.Context(), r, nil, nil) {
			last = err
		}
		assert.ErrorContains(t, last, want, link)
		assert.Equal(t, 1, asked, link)
	}
}

func TestCircularLinks(t *testing.T) {
	r := against(t, func(w http.ResponseWriter, req *http.Request) {
		reply(w, 200, `{"value":[],"@odata.nextLink":"http://`+req.Host+`/beta/calls?again"}`)
	})
	var last error
	for _, err := range each[*models.Call](t.Context(), r, nil, nil) {
		last = err
	}
	assert.EqualError(t, last, "the pages of /calls lead in a circle")
}

func TestChanges(t *testing.T) {
	r := against(t, func(w http.ResponseWriter, req *http.Request) {
		here := "http://" + req.Host + req.URL.Path
		switch req.URL.RawQuery {
		case "":
			reply(w, 200, `{"value":[{"id":"1"}],"@odata.nextLink":"`+here+`?page=2"}`)
		case "page=2":
			reply(w, 200, `{"value":[{"id":"2","@removed":{"reason":"deleted"}}],"@odata.deltaLink":"`+here+`?token=1"}`)
		case "token=1":
			reply(w, 200, `{"value":[{"id":"3"}],"@odata.deltaLink":"`+here+`?token=2"}`)
		default:
			reply(w, 410, `{"error":{"code":"syncStateNotFound"}}`)
		}
	})
	collect := func(c *Changes[*models.Call]) (text string, err error) {
		for change, e := range c.All(t.Context()) {
			if e != nil {
				return text, e
			}
			text += change.Value.ID + change.Removed + " "
		}
		return text, nil
	}
	changes := changesOf[*models.Call](r, nil, nil)
	assert.Empty(t, changes.Link())
	text, err := collect(changes)
	require.NoError(t, err)
	assert.Equal(t, "1 2deleted ", text)
	stored := changes.Link()

	later := changesOf[*models.Call](r, nil, nil).Since(stored)
	text, err = collect(later)
	require.NoError(t, err)
	assert.Equal(t, "3 ", text)

	_, err = collect(changesOf[*models.Call](r, nil, nil).Since(later.Link()))
	assert.True(t, IsGone(err))
	_, err = collect(changesOf[*models.Call](r, nil, nil).Since("https://evil.example/beta/calls?token=1"))
	assert.ErrorContains(t, err, "away from")
}

// batchService answers the requests of batches one by one.
func batchService(t *testing.T, groups *[][]batchRequest, status func(r batchRequest) (int, string)) *Client {
	r := against(t, func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		var in struct{ Requests []batchRequest }
		assert.NoError(t, json.Unmarshal(body, &in))
		*groups = append(*groups, in.Requests)
		assert.Equal(t, "POST /beta/$batch", req.Method+" "+req.URL.Path)
		var out []map[string]any
		for i := len(in.Requests) - 1; i >= 0; i-- { // in any order
			code, answer := status(in.Requests[i])
			item := map[string]any{"id": in.Requests[i].ID, "status": code, "headers": map[string]string{"Retry-After": "0"}}
			if answer != "" {
				item["body"] = json.RawMessage(answer)
			}
			out = append(out, item)
		}
		text, _ := json.Marshal(map[string]any{"responses": out})
		reply(w, 200, string(text))
	})
	return r.client
}

func TestBatch(t *testing.T) {
	var groups [][]batchRequest
	client := batchService(t, &groups, func(r batchRequest) (int, string) {
		switch {
		case r.Method == "DELETE":
			return 204, ""
		case r.URL == "/calls/7":
			return 404, `{"error":{"code":"itemNotFound"}}`
		}
		return 200, `{"id":"` + r.URL[len("/calls/"):] + `"}`
	})
	calls := client.root().child("calls")
	b := client.NewBatch()
	var items []*BatchItem[*models.Call]
	for i := range 25 {
		items = append(items, AddToBatch(b, func(ctx context.Context) (*models.Call, error) {
			v := new(models.Call)
			return v, calls.key(fmt.Sprint(i)).fetch(ctx, "GET", nil, v, []RequestOption{IfMatch("e")})
		}))
	}
	gone := b.Add(func(ctx context.Context) error { return calls.key("1").send(ctx, "DELETE", nil, nil) }).After(items[1])
	orphan := b.Add(func(ctx context.Context) error { return calls.key("2").send(ctx, "DELETE", nil, nil) }).After(items[7])
	none := b.Add(func(context.Context) error { return nil })

	_, err := items[0].Result()
	assert.EqualError(t, err, "the batch was not sent")
	require.NoError(t, b.Send(t.Context()))
	for i, item := range items {
		v, err := item.Result()
		if i == 7 {
			assert.True(t, IsNotFound(err), "%v", err)
			assert.True(t, HasCode(err, "itemNotFound"))
			continue
		}
		require.NoError(t, err)
		assert.Equal(t, fmt.Sprint(i), v.ID)
	}
	_, err = gone.Result()
	assert.NoError(t, err)
	_, err = orphan.Result()
	refused, ok := err.(*Error)
	require.True(t, ok)
	assert.Equal(t, 424, refused.Status)
	_, err = none.Result()
	assert.ErrorContains(t, err, "made no request")
	require.Len(t, groups, 2)
	assert.Len(t, groups[0], 20)
	assert.Equal(t, "e", groups[0][0].Headers["If-Match"])
	assert.ErrorContains(t, b.Send(t.Context()), "sent already")
}

func TestBatchRepeatsWhatTheServiceWasTooBusyFor(t *testing.T) {
	var groups [][]batchRequest
	seen := map[string]int{}
	client := batchService(t, &groups, func(r batchRequest) (int, string) {
		seen[r.URL]++
		if r.URL == "/calls/2" && seen[r.URL] < 3 {
			return 429, `{"error":{"code":"TooManyRequests"}}`
		}
		return 200, `{}`
	})
	b := client.NewBatch()
	var last *BatchItem[struct{}]
	for _, id := range []string{"1", "2"} {
		last = b.Add(func(ctx context.Context) error {
			return client.root().child("calls").key(id).send(ctx, "GET", nil, nil)
		})
	}
	require.NoError(t, b.Send(t.Context()))
	_, err := last.Result()
	require.NoError(t, err)
	assert.Equal(t, map[string]int{"/calls/1": 1, "/calls/2": 3}, seen)
}
