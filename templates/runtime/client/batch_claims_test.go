package client

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// claimsDesk is a token source whose tokens are named by the claims that they were asked for.
type claimsDesk struct{ asked []string }

func (*claimsDesk) Token(context.Context, string) (string, error) { return "old", nil }

func (d *claimsDesk) TokenWithClaims(_ context.Context, _, claims string) (string, error) {
	d.asked = append(d.asked, claims)
	return claims, nil
}

// wary is a service with batches that wants claims for some of the requests, by path.
type wary struct {
	wants map[string]string
	sent  []string // token and ids of each batch
}

func (w *wary) serve(req *http.Request) (int, http.Header, string) {
	var in struct{ Requests []batchRequest }
	_ = json.NewDecoder(req.Body).Decode(&in)
	token := strings.TrimPrefix(req.Header.Get("Authorization"), "Bearer ")
	var ids, items []string
	status := make(map[string]int)
	for _, one := range in.Requests {
		ids = append(ids, one.ID)
		wants := w.wants[one.URL]
		header := "{}"
		switch {
		case wants != "" && wants != token:
			status[one.ID] = 401
			header = `{"WWW-Authenticate":` + strconv.Quote(`Bearer error="insufficient_claims", claims="`+base64.StdEncoding.EncodeToString([]byte(wants))+`"`) + `}`
		case slices.ContainsFunc(one.DependsOn, func(id string) bool { return status[id] >= 400 }):
			status[one.ID] = 424
		default:
			status[one.ID] = 204
		}
		items = append(items, fmt.Sprintf(`{"id":%q,"status":%d,"headers":%s}`, one.ID, status[one.ID], header))
	}
	w.sent = append(w.sent, token+" "+strings.Join(ids, ","))
	return 200, nil, `{"responses":[` + strings.Join(items, ",") + `]}`
}

// send sends a batch of a request for each path.
func (w *wary) send(t *testing.T, tokens TokenSource, paths []string, tie func(*Batch, []*BatchItem[struct{}]), opts ...ClientOption) ([]*BatchItem[struct{}], error) {
	r := graph(w.serve, opts...)
	r.client.tokens = tokens
	b := r.client.NewBatch()
	var items []*BatchItem[struct{}]
	for _, path := range paths {
		items = append(items, b.Add(func(ctx context.Context) error { return r.client.root().child(path).send(ctx, "DELETE", nil, nil) }))
	}
	if tie != nil {
		tie(b, items)
	}
	return items, b.Send(t.Context())
}

func TestClaimsChallengesInABatch(t *testing.T) {
	const a, b = `{"a":1}`, `{"b":1}`
	after := func(_ *Batch, items []*BatchItem[struct{}]) { items[1].After(items[0]) }
	for name, c := range map[string]struct {
		wants map[string]string
		paths []string
		tie   func(*Batch, []*BatchItem[struct{}])
		opts  []ClientOption
		sent  []string
		asked []string
	}{
		"one of three":          {map[string]string{"/y": a}, []string{"x", "y", "z"}, nil, nil, []string{"old 1,2,3", a + " 2"}, []string{a}},
		"two with the same":     {map[string]string{"/x": a, "/z": a}, []string{"x", "y", "z"}, nil, nil, []string{"old 1,2,3", a + " 1,3"}, []string{a}},
		"two with different":    {map[string]string{"/x": a, "/y": b}, []string{"x", "y"}, nil, nil, []string{"old 1,2", a + " 1", b + " 2"}, []string{a, b}},
		"one depends on it":     {map[string]string{"/x": a}, []string{"x", "y"}, after, nil, []string{"old 1,2", a + " 1", "old 2"}, []string{a}},
		"both, one after other": {map[string]string{"/x": a, "/y": a}, []string{"x", "y"}, after, nil, []string{"old 1,2", a + " 1,2"}, []string{a}},
		"more than a request has": {map[string]string{"/x": a}, slices.Repeat([]string{"x"}, 21), nil, nil,
			[]string{"old 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20", "old 21", a + " 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20", a + " 21"}, []string{a}},
		"together": {map[string]string{"y": a}, []string{"x", "y", "z"}, func(b *Batch, items []*BatchItem[struct{}]) { b.Atomic(items[0], items[1]) },
			[]ClientOption{WithBatchFormat(JSONBatch)}, []string{"old 1,2,3", a + " 1,2"}, []string{a}},
	} {
		t.Run(name, func(t *testing.T) {
			service, tokens := &wary{wants: c.wants}, new(claimsDesk)
			items, err := service.send(t, tokens, c.paths, c.tie, c.opts...)
			require.NoError(t, err)
			for _, item := range items {
				_, err := item.Result()
				assert.NoError(t, err)
			}
			assert.Equal(t, c.sent, service.sent)
			assert.Equal(t, c.asked, tokens.asked)
		})
	}
}

// insatiable wants the claims again, whatever the token is.
type insatiable struct{ claimsDesk }

func (i *insatiable) TokenWithClaims(ctx context.Context, scope, claims string) (string, error) {
	_, err := i.claimsDesk.TokenWithClaims(ctx, scope, claims)
	return "not good enough", err
}

func TestClaimsOfABatchAreAskedForOnce(t *testing.T) {
	service, tokens := &wary{wants: map[string]string{"/x": `{"a":1}`}}, new(insatiable)
	items, err := service.send(t, tokens, []string{"x", "y"}, nil)
	require.NoError(t, err)
	_, err = items[0].Result()
	assert.True(t, IsUnauthorized(err), "%v", err)
	_, err = items[1].Result()
	assert.NoError(t, err)
	assert.Equal(t, []string{"old 1,2", "not good enough 1"}, service.sent)
}

func TestBatchWithoutClaimsSource(t *testing.T) {
	service := &wary{wants: map[string]string{"/x": `{"a":1}`}}
	items, err := service.send(t, secret, []string{"x", "y"}, nil)
	require.NoError(t, err)
	_, err = items[0].Result()
	assert.True(t, IsUnauthorized(err), "%v", err)
	assert.Len(t, service.sent, 1)
}

func TestBatchWhoseSourceHasNoTokenForClaims(t *testing.T) {
	service := &wary{wants: map[string]string{"/x": `{"a":1}`}}
	items, err := service.send(t, new(refusing), []string{"x", "y"}, nil)
	assert.ErrorIs(t, err, errSignIn)
	_, err = items[0].Result()
	assert.ErrorIs(t, err, errSignIn)
	assert.ErrorContains(t, err, "the service refused the token of the request, and it was not sent with another")
	_, err = items[1].Result()
	assert.NoError(t, err)
	assert.Len(t, service.sent, 1)
}

// TestChallengedContentIsNotInABatch: a batch takes no streams, so each of its requests can be
// sent again.
func TestChallengedContentIsNotInABatch(t *testing.T) {
	r := graph(nil)
	b := r.client.NewBatch()
	item := b.Add(func(ctx context.Context) error {
		return r.upload(ctx, "text/plain", io.MultiReader(strings.NewReader("x")), nil)
	})
	assert.NoError(t, b.Send(t.Context()))
	_, err := item.Result()
	assert.ErrorContains(t, err, "streams cannot be sent in a batch")
}
