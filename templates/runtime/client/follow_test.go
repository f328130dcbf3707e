package client

import (
	"context"
	"fmt"
	"net/http"
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

// at answers requests by method and path below /beta.
func at(answers map[string]string) wire {
	return func(req *http.Request) (int, http.Header, string) {
		body, ok := answers[req.Method+" "+strings.TrimPrefix(req.URL.Path, "/beta")]
		if !ok {
			return 404, nil, `{}`
		}
		return 200, nil, body
	}
}

func linked1(t *testing.T, data string) *models.Call {
	t.Helper()
	v := new(models.Call)
	require.NoError(t, codec.Unmarshal([]byte(data), v))
	return v
}

func TestLinksAreFollowedByAddress(t *testing.T) {
	c := graph(at(map[string]string{
		"GET /a": `{"id":"a"}`, "GET /deep": `{"list":[{"id":"x"},{"id":"y~/"}],"a/b":{"id":"z"}}`,
	})).client
	for data, want := range map[string]string{
		`{"@odata.id":"/beta/a"}`: "a", `{"@odata.id":"a","@odata.etag":"W/1"}`: "a", `{"@odata.id":"https://graph.microsoft.com/beta/a"}`: "a",
		`{"@odata.id":"/beta/gone","id":"here"}`: "here", `{"subject":"here"}`: "", `{"unknown":1,"@odata.id":"/beta/gone","id":"kept"}`: "kept",
		`{"@odata.id":"/beta/deep#/list/1"}`: "y~/", `{"@odata.id":"/beta/deep#/a~1b"}`: "z",
	} {
		v, err := FollowLink(t.Context(), c, linked1(t, data))
		require.NoError(t, err, data)
		assert.Equal(t, want, v.ID, data)
	}
	for data, want := range map[string]string{
		`{}`: "the service did not send it", `{"@odata.id":5}`: "the service did not send it", `{"@odata.id":"/beta/b"}`: "404",
		`{"@odata.id":"https://evil.example/beta/a"}`: "leads to https://evil.example",
		`{"@odata.id":"/beta/deep#/list/7"}`:          `has nothing at /list/7: there is no item "7"`,
		`{"@odata.id":"/beta/deep#/other"}`:           `there is no member "other"`,
	} {
		_, err := FollowLink(t.Context(), c, linked1(t, data))
		assert.ErrorContains(t, err, want, data)
	}
	_, err := FollowLink(t.Context(), c, (*models.Call)(nil))
	assert.EqualError(t, err, "there is no link to follow: the service did not send it")
	v, err := FollowLink(t.Context(), c, LinkTo[*models.Call]("/beta/a"))
	require.NoError(t, err)
	assert.Equal(t, "a", v.ID)
	assert.Nil(t, LinkTo[codec.Value]("/beta/a"))
}

// busy counts the requests that a service has at the same time.
type busy struct {
	mu        sync.Mutex
	now, most int
}

func (b *busy) during(f func()) {
	b.mu.Lock()
	b.now++
	b.most = max(b.most, b.now)
	b.mu.Unlock()
	f()
	b.mu.Lock()
	b.now--
	b.mu.Unlock()
}

func TestManyLinksAreFollowedInOrder(t *testing.T) {
	for want, opts := range map[int][]RequestOption{defaultAtOnce: nil, 1: {AtOnce(1)}, 7: {AtOnce(7)}} {
		synctest.Test(t, func(t *testing.T) {
			var b busy
			c := graph(func(req *http.Request) (status int, _ http.Header, body string) {
				id := req.URL.Path[strings.LastIndexByte(req.URL.Path, '/')+1:]
				b.during(func() {
					if id == "3" {
						time.Sleep(time.Minute) // the others overtake it
					}
					time.Sleep(time.Second)
				})
				if id == "5" {
					return 404, nil, `{}`
				}
				return 200, nil, `{"id":"` + id + `"}`
			}).client
			var links []*models.Call
			for i := range 20 {
				links = append(links, LinkTo[*models.Call](fmt.Sprint("/beta/", i)))
			}
			i := 0
			for v, err := range FollowLinks(t.Context(), c, links, opts...) {
				if i == 5 {
					assert.True(t, IsNotFound(err))
				} else if assert.NoError(t, err) {
					assert.Equal(t, fmt.Sprint(i), v.ID)
				}
				i++
			}
			assert.Equal(t, 20, i)
			assert.Equal(t, want, b.most)
		})
	}
}

func TestFollowingEndsWithItsLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sent atomic.Int32
		links := []*models.Call{LinkTo[*models.Call]("1"), LinkTo[*models.Call]("2"), LinkTo[*models.Call]("3"), LinkTo[*models.Call]("4"), LinkTo[*models.Call]("5")}
		c := graph(func(req *http.Request) (int, http.Header, string) {
			sent.Add(1)
			if !strings.HasSuffix(req.URL.Path, "/1") {
				<-req.Context().Done()
			}
			return 200, nil, `{"id":"1"}`
		}, WithRetry(RetryPolicy{})).client
		for _, err := range FollowLinks(t.Context(), c, links, AtOnce(2)) {
			if err == nil {
				break
			}
		}
		assert.LessOrEqual(t, sent.Load(), int32(2), "those under way are cancelled and waited for")

		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		n := 0
		for range FollowLinks(ctx, c, links) {
			n++
		}
		assert.Equal(t, 1, n)
		for _, err := range FollowLinks(t.Context(), c, links[:1], AtOnce(0)) {
			assert.ErrorContains(t, err, "pass a positive number to AtOnce")
		}
		for range FollowLinks[*models.Call](t.Context(), c, nil) {
			t.Error("there is nothing to follow")
		}
	})
}

// store is a service with one entity that has an ETag.
type store struct {
	etag    int
	answer  bool // changes with content
	inBody  bool // the ETag, too
	seen    []string
	pending bool
}

func (s *store) serve(req *http.Request) (int, http.Header, string) {
	h := http.Header{"Etag": {fmt.Sprintf(`"%d"`, s.etag)}}
	body := `{"@odata.id":"/beta/calls/1","id":"1"}`
	if s.inBody {
		h, body = http.Header{}, fmt.Sprintf(`{"@odata.id":"/beta/calls/1","@odata.etag":"\"%d\"","id":"1"}`, s.etag)
	}
	s.seen = append(s.seen, req.Method+" "+req.Header.Get("If-Match"))
	switch match := req.Header.Get("If-Match"); {
	case req.Method == http.MethodGet:
		return 200, h, body
	case s.pending:
		h.Set("Location", "/beta/monitor")
		return 202, h, `{"@odata.type":"#Task.Task"}`
	case match != "" && match != "*" && match != fmt.Sprintf(`"%d"`, s.etag):
		return 412, nil, `{}`
	case req.Method == http.MethodPost:
		h.Set("Location", "/beta/calls/1")
		if !s.answer {
			return 201, h, ``
		}
		return 201, h, body
	}
	s.etag++
	h = http.Header{"Etag": {fmt.Sprintf(`"%d"`, s.etag)}}
	if !s.answer {
		return 204, h, ``
	}
	return 200, h, `{"@odata.id":"/beta/calls/1","id":"1","subject":"new"}`
}

func TestEntitiesAreChangedIfTheyAreAsTheyWereRead(t *testing.T) {
	ctx := t.Context()
	for _, s := range []*store{{}, {inBody: true}, {answer: true}} {
		c := graph(s.serve).client
		v, err := Follow[*models.Call](ctx, c, "/beta/calls/1")
		require.NoError(t, err)
		changed, err := UpdateEntity(ctx, c, v, &models.Call{Subject: new("new")})
		require.NoError(t, err)
		assert.Equal(t, []string{"GET ", `PATCH "0"`}, s.seen)
		assert.Equal(t, `"1"`, LinksOf(changed, "").ETag)
		assert.Equal(t, s.answer, changed.Subject != nil)
		_, err = UpdateEntity(ctx, c, v, &models.Call{Subject: new("late")})
		assert.True(t, IsPreconditionFailed(err), "%v", err)
		_, err = UpdateEntity(ctx, c, v, &models.Call{Subject: new("late")}, IfMatch("*"))
		assert.NoError(t, err)
		assert.True(t, IsPreconditionFailed(DeleteEntity(ctx, c, changed)))
		assert.NoError(t, DeleteEntity(ctx, c, LinkTo[*models.Call]("/beta/calls/1")))
		made, err := CreateEntity(ctx, c, LinkTo[*models.Entity]("/beta/calls"), &models.Call{Subject: new("x")})
		require.NoError(t, err)
		assert.Contains(t, LinksOf(made, "").ID, "/beta/calls/1")

		s.pending = true
		_, err = UpdateEntity(ctx, c, v, v)
		assert.ErrorAs(t, err, new(*AcceptedError))
		_, err = CreateEntity(ctx, c, v, v)
		assert.ErrorAs(t, err, new(*AcceptedError))
		assert.ErrorAs(t, DeleteEntity(ctx, c, v), new(*AcceptedError))
	}
	_, err := UpdateEntity(ctx, graph(new(store).serve).client, &models.Call{}, &models.Call{})
	assert.EqualError(t, err, `the entity has no "@odata.id": read it first, or pass LinkTo of its link`)
}

// turning is an Authorizer whose credentials are numbers.
type turning struct {
	now     atomic.Int32
	renewed atomic.Int32
	fails   error
}

func (c *turning) Authorize(_ context.Context, req *http.Request) error {
	req.Header.Set("X-Number", fmt.Sprint(c.now.Load()))
	return nil
}

func (c *turning) Renew(_ context.Context, refused *http.Request) (bool, error) {
	if refused.Header.Get("X-Number") == fmt.Sprint(c.now.Load()) {
		c.renewed.Add(1)
		c.now.Add(1)
	}
	return c.fails == nil, c.fails
}

func TestCredentialsAreRenewedOnce(t *testing.T) {
	wanted, sent := "1", 0
	serve := func(req *http.Request) (int, http.Header, string) {
		if sent++; req.Header.Get("X-Number") != wanted {
			return 401, nil, `{}`
		}
		return 200, nil, `{"id":"a"}`
	}
	auth := new(turning)
	c := graph(serve, WithAuthorizer(auth)).client
	_, err := Follow[*models.Call](t.Context(), c, "a")
	require.NoError(t, err)
	assert.Equal(t, 2, sent)
	wanted = "never"
	_, err = Follow[*models.Call](t.Context(), c, "a")
	assert.True(t, IsUnauthorized(err), "%v", err)
	assert.Equal(t, 4, sent)
	assert.EqualValues(t, 2, auth.renewed.Load())
	auth.fails = context.DeadlineExceeded
	_, err = Follow[*models.Call](t.Context(), c, "a")
	assert.ErrorIs(t, err, context.DeadlineExceeded)
}

func TestBasicAuth(t *testing.T) {
	auth := BasicAuth("admin", "s3cret")
	c := graph(func(req *http.Request) (int, http.Header, string) {
		user, password, _ := req.BasicAuth()
		if user != "admin" || password != "s3cret" {
			return 500, nil, `{}`
		}
		return 401, nil, `{}`
	}, WithAuthorizer(auth)).client
	_, err := Follow[*models.Call](t.Context(), c, "a")
	assert.True(t, IsUnauthorized(err), "%v", err)
	assert.NotContains(t, fmt.Sprintf("%v %+v %#v %+v", auth, auth, auth, *auth.(*basicAuth)), "s3cret")
	clear := newClient("beta", nil, []ClientOption{WithBaseURL("http://bmc.example"), WithAuthorizer(auth)})
	_, err = Follow[*models.Call](t.Context(), clear, "a")
	assert.ErrorContains(t, err, "would send tokens in the clear")
	_, err = Follow[*models.Call](t.Context(), graph(nil, WithAuthorizer(BasicAuth("", ""))).client, "a")
	assert.ErrorContains(t, err, "no credentials: the user has no name")
}

func TestQueryOptionsAreAddedToLinks(t *testing.T) {
	var asked []string
	c := graph(func(req *http.Request) (int, http.Header, string) {
		asked = append(asked, req.Method+" "+req.URL.RequestURI())
		if len(asked) == 1 {
			return http.StatusTooManyRequests, nil, `{}`
		}
		return http.StatusOK, nil, `{"id":"a"}`
	}).client
	v := linked1(t, `{"@odata.id":"/beta/a"}`)
	_, err := FollowLink(t.Context(), c, v, Query("$expand", ".($levels=1)"))
	require.NoError(t, err)
	_, err = Follow[*models.Call](t.Context(), c, "a?x=1", Select("id"))
	require.NoError(t, err)
	_, err = UpdateEntity(t.Context(), c, v, new(models.Call), Select("id"))
	require.NoError(t, err)
	assert.Equal(t, []string{"GET /beta/a?$expand=.%28%24levels%3D1%29", "GET /beta/a?$expand=.%28%24levels%3D1%29", "GET /beta/a?x=1&$select=id", "PATCH /beta/a?$select=id"}, asked)
}
