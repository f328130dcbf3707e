package client

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/callgen/callgen/templates/runtime/internal/models"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// batched sends a request that creates a call and one that reads a call, of which the first
// is answered well and the second with an item.
func batched(t *testing.T, responses string) (made, read *BatchItem[*models.Call], err error) {
	r := answering(responses)
	b := r.client.NewBatch()
	made = AddToBatch(b, func(ctx context.Context) (*models.Call, error) {
		return fetched[*models.Call](ctx, r, "POST", &models.Call{}, nil)
	})
	read = AddToBatch(b, func(ctx context.Context) (*models.Call, error) {
		return fetched[*models.Call](ctx, r.key("2"), "GET", nil, nil)
	})
	return made, read, b.Send(t.Context())
}

const made1 = `{"id":"1","status":201,"headers":{"Content-Type":"application/json"},"body":{"id":"made"}}`

// TestOddItemsInABatch tests batches with one malformed answer. The requests were made
// anyway, and the other answers must not be lost.
func TestOddItemsInABatch(t *testing.T) {
	const unread = "the request was sent, but its answer was not understood"
	for _, c := range []struct{ name, responses, want string }{
		{"markup", `[` + made1 + `,{"id":"2","status":503,"headers":{"Content-Type":"text/html"},"body":<p>busy</p>}]}`, "503 Service Unavailable"},
		{"markup first", `[{"id":"2","status":503,"headers":{"Content-Type":"text/html"},"body":<p>},{"id":"9"</p>},` + made1 + `]}`, "503 Service Unavailable"},
		{"markup, success", `[{"id":"2","status":200,"headers":{"Content-Type":"text/html"},"body":<p>hello</p>},` + made1 + `]}`, `the answer is not JSON but "text/html"`},
		{"plain text", `[` + made1 + `,{"id":"2","status":502,"body":Bad gateway}]}`, "502 Bad Gateway"},
		{"number as header", `[` + made1 + `,{"id":"2","status":429,"headers":{"Retry-After":1000},"body":null}]}`, "429 Too Many Requests"},
		{"list as header", `[` + made1 + `,{"id":"2","status":200,"headers":{"Vary":["a","b"]},"body":{"id":"2"}}]}`, ""},
		{"odd headers", `[` + made1 + `,{"id":"2","status":200,"headers":{"A":null,"B":true,"C":{"d":1},"D":[]},"body":{"id":"2"}}]}`, ""},
		{"headers is a list", `[` + made1 + `,{"id":"2","status":200,"headers":[],"body":{"id":"2"}}]}`, ""},
		{"no headers", `[` + made1 + `,{"id":"2","status":200,"body":{"id":"2"}}]}`, ""},
		{"status as text", `[` + made1 + `,{"id":"2","status":"200","body":{"id":"2"}}]}`, ""},
		{"id as number", `[` + strings.Replace(made1, `"1"`, `1`, 1) + `,{"id":2,"status":200,"body":{"id":"2"}}]}`, ""},
		{"other letters", `[` + made1 + `,{"ID":"2","Status":200,"Body":{"id":"2"}}]}`, ""},
		{"null as body", `[` + made1 + `,{"id":"2","status":200,"body":null}]}`, "the answer has no content"},
		{"no body", `[` + made1 + `,{"id":"2","status":204}]}`, "the answer has no content"},
		{"error inside", `[` + made1 + `,{"id":"2","status":200,"body":{"error":{"code":"backendFailure"}}}]}`, "backendFailure"},
		{"no status", `[` + made1 + `,{"id":"2","body":{"id":"2"}}]}`, unread},
		{"odd status", `[` + made1 + `,{"id":"2","status":"fine","body":{"id":"2"}}]}`, unread},
		{"status 0", `[` + made1 + `,{"id":"2","status":0,"body":{"id":"2"}}]}`, unread},
		{"null as item", `[` + made1 + `,null]}`, unread + ": the answer to the batch does not include it"},
		{"text as item", `[` + made1 + `,"x",[],{"id":"2","status":200,"body":{"id":"2"}}]}`, ""},
		{"lacking", `[` + made1 + `]}`, unread + ": the answer to the batch does not include it"},
		{"twice", `[` + made1 + `,{"id":"2","status":200,"body":{"id":"2"}},{"id":"2","status":404}]}`, ""},
		{"foreign", `[{"id":"7","status":404},` + made1 + `,{"id":"2","status":200,"body":{"id":"2"}}]}`, ""},
		{"cut in the body", `[` + made1 + `,{"id":"2","status":200,"body":{"id":"2"`, unread},
		{"cut after the body", `[` + made1 + `,{"id":"2","status":200,"body":{"id":"2"}`, ""},
		{"cut in the status", `[` + made1 + `,{"id":"2","status":2`, unread},
		{"cut before the item", `[` + made1 + `,`, unread},
		{"cut markup", `[` + made1 + `,{"id":"2","status":503,"body":<p>bus`, "503 Service Unavailable"},
		{"broken, with items of its own", `[{"id":"2","status":200,"body":{"value":[{"id":"1"},{"id":"1","status":"busy"},<p>]}},` + made1 + `]}`, unread},
		{"cut after a refusal", `[` + made1 + `,{"id":"7","status":404,"body":{"error":{"code":"itemNotFound","message":"m"}}}`, unread + ": the answer to the batch does not include it"},
		{"error spliced in", `[` + made1 + `,{"id":"2","status":200,"body":{"id":"2","subject":"ab{"error":{"code":"backendFailure","message":"m"}}`, "backendFailure"},
	} {
		made, read, err := batched(t, `{"responses":`+c.responses)
		assert.NoError(t, err, c.name)
		one, err := made.Result()
		if assert.NoError(t, err, "%s: the call was made", c.name) {
			assert.Equal(t, "made", one.ID, c.name)
		}
		two, err := read.Result()
		if c.want != "" {
			assert.ErrorContains(t, err, c.want, c.name)
			assert.NotContains(t, err.Error(), "not sent", c.name)
			continue
		}
		if assert.NoError(t, err, c.name) {
			assert.Equal(t, "2", two.ID, c.name)
		}
	}
}

// TestBatchesThatWereSent is about answers that say nothing of the items: a request that was
// sent never says that it was not.
func TestBatchesThatWereSent(t *testing.T) {
	for _, c := range []struct {
		status int
		body   string
		want   string
	}{
		{200, ``, "the request was sent, but its answer was not understood"},
		{200, `{`, "the request was sent, but its answer was not understood"},
		{200, `[]`, "the request was sent, but its answer was not understood"},
		{200, `{"responses":{}}`, "the request was sent, but its answer was not understood"},
		{200, `<html>`, "the request was sent, but its answer was not understood"},
		{200, `{"error":{"code":"backendFailure"}}`, "the request was sent, but its answer was not understood: POST /$batch: 200 OK: backendFailure"},
		{400, `{"error":{"code":"BadRequest"}}`, "the service refused the whole batch: POST /$batch: 400 Bad Request: BadRequest"},
		{500, ``, "the service refused the whole batch: POST /$batch: 500 Internal Server Error"},
	} {
		r := graph(func(*http.Request) (int, http.Header, string) { return c.status, nil, c.body })
		b := r.client.NewBatch()
		item := b.Add(func(ctx context.Context) error { return r.send(ctx, "POST", nil, nil) })
		assert.Error(t, b.Send(t.Context()))
		_, err := item.Result()
		assert.ErrorContains(t, err, c.want)
		assert.NotContains(t, err.Error(), "not sent")
	}
	broken := against(t, func(w http.ResponseWriter, _ *http.Request) { cut(w, "") })
	b := broken.client.NewBatch()
	item := b.Add(func(ctx context.Context) error { return broken.send(ctx, "POST", nil, nil) })
	assert.Error(t, b.Send(t.Context()))
	_, err := item.Result()
	assert.ErrorContains(t, err, "the request was sent, but its answer was not understood")

	unsent := graph(nil)
	unsent.client.tokens = TokenSourceFunc(func(context.Context, string) (string, error) { return "", io.ErrNoProgress })
	b = unsent.client.NewBatch()
	item = b.Add(func(ctx context.Context) error { return unsent.send(ctx, "POST", nil, nil) })
	assert.Error(t, b.Send(t.Context()))
	_, err = item.Result()
	assert.ErrorContains(t, err, "the batch was not sent")
	assert.ErrorIs(t, err, io.ErrNoProgress)
}

// TestBatchesThatAreRepeatedInVain tests requests that the service was too busy for and
// that cannot be sent again: they were sent anyway.
func TestBatchesThatAreRepeatedInVain(t *testing.T) {
	asked := 0
	r := graph(func(req *http.Request) (int, http.Header, string) {
		if asked++; asked > 2 {
			return 500, nil, ``
		}
		var in struct{ Requests []batchRequest }
		body, err := io.ReadAll(req.Body)
		assert.NoError(t, err)
		assert.NoError(t, json.Unmarshal(body, &in))
		var items []string
		for _, one := range in.Requests {
			items = append(items, `{"id":"`+one.ID+`","status":429,"headers":{"Retry-After":"0"}}`)
		}
		return 200, nil, `{"responses":[` + strings.Join(items, ",") + `]}`
	})
	b := r.client.NewBatch()
	var items []*BatchItem[struct{}]
	for range 25 {
		items = append(items, b.Add(func(ctx context.Context) error { return r.send(ctx, "GET", nil, nil) }))
	}
	assert.ErrorContains(t, b.Send(t.Context()), "500 Internal Server Error")
	assert.Equal(t, 3, asked, "two groups, and the first one again")
	for _, item := range items {
		_, err := item.Result()
		assert.ErrorContains(t, err, "500 Internal Server Error")
		assert.NotContains(t, err.Error(), "not sent")
	}
}

func TestContentInABatch(t *testing.T) {
	want := "\xfb\xff\xfe?>~"
	content := []byte(want)
	for _, c := range []struct{ contentType, body, want string }{
		{"image/png", quote(base64.StdEncoding.EncodeToString(content)), want},
		{"image/png", quote(base64.RawStdEncoding.EncodeToString(content)), want},
		{"image/png", quote(base64.URLEncoding.EncodeToString(content)), want},
		{"image/png", quote(base64.RawURLEncoding.EncodeToString(content)), want},
		{"image/png", `"YQ=="`, "a"}, {"image/png", `"YQ"`, "a"}, {"image/png", `""`, ""}, {"image/png", `null`, ""},
		{"text/plain; charset=utf-8", `"YQ=="`, "YQ=="}, {"TEXT/plain", `"a b"`, "a b"},
		{"application/json", `"YQ=="`, `"YQ=="`}, {"application/problem+json", `{"a":1}`, `{"a":1}`},
		{"image/png", `"not base64!"`, "error"}, {"application/octet-stream", `"abcde"`, "error"},
	} {
		r := answering(`{"responses":[{"id":"1","status":200,"headers":{"content-type":` + quote(c.contentType) + `},"body":` + c.body + `}]}`)
		b := r.client.NewBatch()
		item := AddToBatch(b, func(ctx context.Context) (string, error) {
			s, err := r.open(ctx, nil)
			if err != nil {
				return "", err
			}
			data, err := io.ReadAll(s)
			return string(data), err
		})
		require.NoError(t, b.Send(t.Context()))
		got, err := item.Result()
		if c.want == "error" {
			assert.ErrorContains(t, err, "is neither base64 nor base64url", c.body)
			continue
		}
		require.NoError(t, err, c.body)
		assert.Equal(t, c.want, got, c.body)
	}
	made, read, err := batched(t, `{"responses":[`+made1+`,{"id":"2","status":404,"headers":{"Content-Type":"application/xml"},"body":"<error/>"}]}`)
	require.NoError(t, err)
	_, err = made.Result()
	assert.NoError(t, err)
	_, err = read.Result()
	assert.True(t, IsNotFound(err), "a refusal needs no content: %v", err)
}
