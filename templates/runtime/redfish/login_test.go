package redfish

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/callgen/callgen/templates/runtime/client"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sessions is a service with sessions.
type sessions struct {
	mu     sync.Mutex
	n      int // sessions made
	open   map[string]bool
	seen   []string
	refuse int // status of logins
	cut    int // how many logins are cut
}

func (s *sessions) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = append(s.seen, req.Method+" "+req.URL.Path)
	var login struct{ UserName, Password string }
	_ = json.Unmarshal(body, &login)
	if req.Method == http.MethodPost && s.cut > 0 {
		s.cut--
		cut(w)
	}
	switch {
	case req.URL.Path == "/redfish/v1/":
		answer(w, 200, `{"Links":{"Sessions":{"@odata.id":"/redfish/v1/Here"}}}`)
	case req.Method == http.MethodPost && req.URL.Path == "/redfish/v1/Here":
		if s.refuse != 0 || login.Password != "s3cret" {
			answer(w, max(s.refuse, 401), `{"error":{"code":"Base.1.0.Denied","message":"denied","secret":"`+login.Password+`"}}`)
			return
		}
		s.n++
		token := fmt.Sprint("token-", s.n)
		s.open[token] = true
		answer(w, 201, `{}`, authToken, token, "Location", fmt.Sprint("/redfish/v1/Here/", s.n))
	case !s.open[req.Header.Get(authToken)]:
		answer(w, 401, `{}`)
	case req.Method == http.MethodDelete:
		delete(s.open, req.Header.Get(authToken))
		answer(w, 204, ``)
	default:
		answer(w, 200, `{"Id":"1","token":"`+req.Header.Get(authToken)+`"}`)
	}
}

// end ends every session, as a controller does that has restarted.
func (s *sessions) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.open)
}

func connect(ctx context.Context, s http.Handler, change func(*ControllerOptions)) (*Controller, error) {
	o := ControllerOptions{URL: "https://bmc.example", User: "admin", Password: "s3cret", HTTPClient: &http.Client{Transport: direct{s}}}
	if change != nil {
		change(&o)
	}
	return Connect(ctx, o)
}

func TestSessionsAreRenewedOnceForAll(t *testing.T) {
	for _, serial := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			s := &sessions{open: make(map[string]bool)}
			var log bytes.Buffer
			c, err := connect(t.Context(), s, func(o *ControllerOptions) {
				o.Serial = serial
				o.Client = append(o.Client, client.WithLogger(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))))
			})
			require.NoError(t, err)
			assert.Equal(t, 1, s.n)
			for range 3 {
				s.end()
				var all sync.WaitGroup
				for range 20 {
					all.Go(func() {
						v, err := client.Follow[*system](t.Context(), c.Client, "/redfish/v1/Systems/1")
						if assert.NoError(t, err) {
							assert.Equal(t, "1", v.ID)
						}
					})
				}
				all.Wait()
			}
			assert.Equal(t, 4, s.n, "once for all that are refused together")
			require.NoError(t, c.Close(t.Context()))
			assert.Empty(t, s.open, "logged out")
			_, err = client.Follow[*system](t.Context(), c.Client, "/redfish/v1/Systems/1")
			assert.ErrorContains(t, err, "the controller is closed: connect again")
			require.NoError(t, c.Close(t.Context()), "a second time")
			assert.NotContains(t, log.String(), "s3cret")
			assert.NotContains(t, log.String(), "token-")
			for _, verb := range []string{"%v", "%+v", "%#v"} {
				assert.NotContains(t, fmt.Sprintf(verb, *c.login), "s3cret")
				assert.NotContains(t, fmt.Sprintf(verb, c), "s3cret")
			}
		})
	}
}

func TestARefusedPasswordIsNotTriedAgain(t *testing.T) {
	s := &sessions{open: make(map[string]bool), refuse: 401}
	_, err := connect(t.Context(), s, nil)
	require.ErrorContains(t, err, "logging in as admin: ")
	assert.ErrorContains(t, err, "it is not tried again, which could lock the account")
	assert.True(t, client.IsUnauthorized(err))
	assert.NotContains(t, fmt.Sprintf("%v %+v %#v", err, err, err), "s3cret")

	s.refuse = 0
	c, err := connect(t.Context(), s, nil)
	require.NoError(t, err)
	s.refuse = 403
	s.end()
	logins := func() (n int) {
		for _, line := range s.seen {
			if line == "POST /redfish/v1/Here" {
				n++
			}
		}
		return n
	}
	before := logins()
	for range 5 {
		_, err = client.Follow[*system](t.Context(), c.Client, "/redfish/v1/Systems/1")
		assert.ErrorContains(t, err, "logging in as admin")
	}
	assert.Equal(t, before+1, logins())
}

func TestLoginsThatAreCutAreRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &sessions{open: make(map[string]bool), cut: 2}
		c, err := connect(t.Context(), s, nil)
		require.NoError(t, err)
		require.NoError(t, c.Close(t.Context()))
		s.cut = 3
		_, err = connect(t.Context(), s, nil)
		assert.ErrorContains(t, err, "logging in as admin")
		s.cut = 1
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		_, err = connect(ctx, s, nil)
		assert.Error(t, err)
	})
}

func TestConnecting(t *testing.T) {
	basic := func(w http.ResponseWriter, req *http.Request) {
		if user, password, _ := req.BasicAuth(); user != "admin" || password != "s3cret" {
			answer(w, 401, `{}`)
			return
		}
		answer(w, 200, `{}`)
	}
	c, err := connect(t.Context(), http.HandlerFunc(basic), func(o *ControllerOptions) { o.Basic = true })
	require.NoError(t, err)
	require.NoError(t, c.Close(t.Context()))
	_, err = connect(t.Context(), http.HandlerFunc(basic), func(o *ControllerOptions) { o.User = "" })
	assert.True(t, client.IsUnauthorized(err), "%v", err)
	for address, want := range map[string]string{
		"": "has no address", "bmc": "has no address", "ftp://x": "has no address", "https://proxy/bmc7": "has no path",
		"http://bmc.example": "use https",
	} {
		_, err := connect(t.Context(), http.HandlerFunc(basic), func(o *ControllerOptions) { o.URL, o.Basic = address, true })
		assert.ErrorContains(t, err, want, address)
	}
	for _, address := range []string{"https://bmc/", "https://bmc/redfish/v1", "https://bmc:8443/redfish/v1/"} {
		_, err := connect(t.Context(), http.HandlerFunc(basic), func(o *ControllerOptions) { o.URL, o.Basic = address, true })
		assert.NoError(t, err, address)
	}
	tokenless := func(w http.ResponseWriter, _ *http.Request) { answer(w, 201, `{}`) }
	_, err = connect(t.Context(), http.HandlerFunc(tokenless), nil)
	assert.ErrorContains(t, err, "without X-Auth-Token: use ControllerOptions.Basic")
	_, err = Connect(t.Context(), ControllerOptions{URL: "https://bmc", Fingerprint: "12:34"})
	assert.ErrorContains(t, err, "64 hexadecimal digits")
}

func TestSlowControllersGetOneRequestAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		now, most := 0, 0
		var at []time.Duration
		begun := time.Now()
		count := func(by int) {
			mu.Lock()
			defer mu.Unlock()
			if now += by; by > 0 {
				at = append(at, time.Since(begun))
			}
			most = max(most, now)
		}
		handler := http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			if req.Header.Get("Accept") == eventStreamType {
				w.Header().Set("Content-Type", eventStreamType)
				w.(http.Flusher).Flush()
				<-req.Context().Done()
				return
			}
			count(1)
			time.Sleep(time.Second)
			count(-1)
			answer(w, 200, `{"Id":"1"}`)
		})
		c, err := connect(t.Context(), handler, func(o *ControllerOptions) { o.User, o.Serial, o.Pace = "", true, 3*time.Second })
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		var streams sync.WaitGroup
		streams.Go(func() {
			for range StreamEvents(ctx, c.Client, "/redfish/v1/SSE", StreamOptions{}) {
				t.Error("there are no events")
			}
		})
		synctest.Wait()
		links := []*system{client.LinkTo[*system]("/redfish/v1/1"), client.LinkTo[*system]("/redfish/v1/2"), client.LinkTo[*system]("/redfish/v1/3")}
		for _, err := range client.FollowLinks(t.Context(), c.Client, links) {
			assert.NoError(t, err)
		}
		assert.Equal(t, 1, most)
		for i, d := range at {
			if i > 0 {
				assert.GreaterOrEqual(t, d-at[i-1], 3*time.Second)
			}
		}
		gone, end := context.WithCancel(t.Context())
		end()
		_, err = client.Follow[*system](gone, c.Client, "/redfish/v1/1")
		assert.ErrorIs(t, err, context.Canceled)
		cancel()
		streams.Wait()
	})
}

func TestOptionsAreCheckedBeforeAnythingIsSent(t *testing.T) {
	sent := false
	_, err := connect(t.Context(), http.HandlerFunc(func(http.ResponseWriter, *http.Request) { sent = true }), func(o *ControllerOptions) { o.URL = "https://x/y" })
	assert.Error(t, err)
	assert.False(t, sent)
	assert.False(t, strings.Contains(err.Error(), "s3cret"))
}
