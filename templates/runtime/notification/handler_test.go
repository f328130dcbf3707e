package notification

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestHandshake(t *testing.T) {
	s := newService(t, nil)
	ask := func(query string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/changes?"+query, http.NoBody))
		return w
	}
	token := "Validation: Testing client application reachability for subscription Request-Id: 25460460-0d8b"
	w := ask("validationToken=" + url.QueryEscape(token))
	assert.Equal(t, 200, w.Code)
	assert.Equal(t, token, w.Body.String())
	assert.Equal(t, "text/plain; charset=utf-8", w.Header().Get("Content-Type"))
	assert.Equal(t, "nosniff", w.Header().Get("X-Content-Type-Options"))
	assert.Equal(t, "&lt;script&gt;", ask("validationToken=%3Cscript%3E").Body.String())
	for _, query := range []string{
		"validationToken=", "validationToken=a&validationToken=b", "validationToken=a%0d%0aSet-Cookie:b", "validationToken=%ff",
		"validationToken=" + strings.Repeat("a", 3000), "validationToken=a&x=" + strings.Repeat("a", 9000),
	} {
		assert.Equal(t, 400, ask(query).Code, "%.40s", query)
	}
	get := httptest.NewRecorder()
	s.ServeHTTP(get, httptest.NewRequest(http.MethodGet, "/changes?validationToken=a", nil))
	assert.Equal(t, 405, get.Code)
}

func TestOpenNotifications(t *testing.T) {
	s := newService(t, nil)
	var subjects []string
	OnChange(s.ChangeHandler, func(_ context.Context, e *ChangeEvent, m *Message) error {
		subjects = append(subjects, m.ID+" "+e.ChangeType)
		return nil
	})
	assert.Equal(t, 202, post(s, body(t, nil, change(nil), change(object{"changeType": "deleted"}), nil)).Code)
	got := s.delivered()
	require.Len(t, got, 2)
	e := got[0]
	assert.Equal(t, []any{sub, tenant, "created", "Users('1')/Messages('m')", "Microsoft.Graph.Message", "m", false},
		[]any{e.SubscriptionID, e.TenantID, e.ChangeType, e.Resource, e.Type, e.ID, e.Encrypted})
	assert.Equal(t, time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC), e.Expires.UTC())
	assert.JSONEq(t, `{"@odata.type":"#Microsoft.Graph.Message","@odata.id":"Users('1')/Messages('m')","id":"m"}`, string(e.Data))
	assert.Equal(t, []string{"m created", "m deleted"}, subjects)
	assert.Empty(t, s.failures())
}

func TestClientStates(t *testing.T) {
	s := newService(t, func(o *ChangeOptions) { o.ClientStates = FixedClientStates("old", secret, "") })
	for _, state := range []any{"", "x", secret + " ", secret[1:], strings.ToUpper(secret), nil, 5, []string{secret}} {
		assert.Equal(t, 202, post(s, body(t, nil, change(object{"clientState": state}))).Code)
		assert.Empty(t, s.delivered(), "%v", state)
		assert.Len(t, s.failures(), 1, "%v", state)
	}
	post(s, body(t, nil, change(object{"clientState": "old"}), change(nil)))
	assert.Len(t, s.delivered(), 2)
	assert.NotContains(t, s.log.String(), secret)

	none := newService(t, func(o *ChangeOptions) { o.ClientStates = nil })
	post(none, body(t, nil, change(nil)))
	assert.Empty(t, none.delivered())

	asked := 0
	failing := newService(t, func(o *ChangeOptions) {
		o.ClientStates = func(context.Context, string) ([]string, error) {
			asked++
			return nil, errors.New("no database")
		}
	})
	w := post(failing, body(t, nil, change(nil)))
	assert.Equal(t, 503, w.Code)
	assert.Equal(t, 1, asked)
	assert.NotContains(t, w.Body.String(), "database")
}

func TestLifecycle(t *testing.T) {
	s := newService(t, nil)
	var got []string
	s.OnLifecycle(func(_ context.Context, e *ChangeEvent) error {
		got = append(got, e.Lifecycle)
		return nil
	})
	life := func(event string) object {
		return change(object{"lifecycleEvent": event, "changeType": nil, "resource": nil, "resourceData": nil})
	}
	post(s, body(t, nil, life("missed"), life("subscriptionRemoved"), life("reauthorizationRequired"), life("another")))
	assert.Equal(t, []string{ChangeMissed, ChangeSubscriptionRemoved, ChangeReauthorizationRequired, "another"}, got)
	assert.Empty(t, s.delivered(), "they are no changes")
	assert.Empty(t, s.failures())

	deaf := newService(t, nil)
	post(deaf, body(t, nil, life("missed")))
	assert.ErrorIs(t, deaf.errors[0], ErrChangeUnhandled)
}

func TestRepeated(t *testing.T) {
	s := newService(t, nil)
	one := body(t, nil, change(object{"id": "n1"}), change(object{"id": "n1"}), change(object{"id": "n2"}))
	post(s, one)
	post(s, one)
	assert.Len(t, s.delivered(), 2, "by their ids")
	plain := body(t, nil, change(nil))
	post(s, plain)
	post(s, plain)
	assert.Len(t, s.delivered(), 2, "nothing says that they are not two changes")

	rich := body(t, []string{"genuine"}, change(object{"encryptedContent": sealed(t, &testKeys()[0].PublicKey, "cert", []byte(`{"id":"m"}`))}))
	post(s, rich)
	post(s, rich)
	assert.Len(t, s.delivered(), 1, "by their content")

	failing := newService(t, nil)
	fails := true
	failing.OnEvent(func(context.Context, *ChangeEvent) error {
		if fails {
			return errors.New("no disk")
		}
		return nil
	})
	assert.Equal(t, 503, post(failing, one).Code)
	fails = false
	assert.Equal(t, 202, post(failing, one).Code)
	assert.Len(t, failing.delivered(), 5, "what failed is delivered again: all three, and the two of them that differ")
}

func TestMemoryIsBounded(t *testing.T) {
	m := changeMemory{most: 2}
	for i := range byte(4) {
		m.add([32]byte{i})
	}
	assert.False(t, m.has([32]byte{1}))
	assert.True(t, m.has([32]byte{2}))
	assert.True(t, m.has([32]byte{3}))
	assert.Len(t, m.known, 2)
}

func TestMalformedRequests(t *testing.T) {
	s := newService(t, func(o *ChangeOptions) { o.MaxBody, o.MaxBatch = 100<<10, 10 })
	eleven := make([]any, 11)
	for i := range eleven {
		eleven[i] = change(nil)
	}
	for text, want := range map[string]int{
		"":                        202,
		"{}":                      202,
		`{"value":[]}`:            202,
		`{"value":[null]}`:        202,
		`{"value":{}}`:            202,
		`{"value":5}`:             202,
		"[]":                      400,
		"{":                       400,
		`{"value":[5]}`:           400,
		`{"value":[],"value":[]}`: 400,
		`{"value":[{"clientState":"a","clientState":"b"}]}`:                       400,
		`{"value":[` + strings.TrimSuffix(strings.Repeat("{},", 400), ",") + `]}`: 413,
		string(body(t, nil, eleven...)):                                           413,
		strings.Repeat(" ", 200<<10):                                              413,
	} {
		w := post(s, []byte(text))
		assert.Equal(t, want, w.Code, "%.40s", text)
		assert.NotContains(t, w.Body.String(), "notification", "%.40s", text)
	}
	r := httptest.NewRequest(http.MethodPost, "/changes", strings.NewReader("{}"))
	r.Header.Set("Content-Type", "text/plain")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	assert.Equal(t, 415, w.Code)
	assert.Empty(t, s.delivered())
}

// TestOrder: notifications of a subscription keep their order, and do not wait for those of
// another one.
func TestOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, func(o *ChangeOptions) { o.HandleFirst, o.Workers = false, 4 })
		var mu sync.Mutex
		var got []string
		s.OnEvent(func(ctx context.Context, e *ChangeEvent) error {
			if e.ID == "slow" {
				time.Sleep(time.Second)
			}
			mu.Lock()
			defer mu.Unlock()
			got = append(got, e.SubscriptionID+e.ID)
			return nil
		})
		data := func(of, id string) object {
			return change(object{"subscriptionId": of, "resourceData": object{"id": id}})
		}
		start := time.Now()
		assert.Equal(t, 202, post(s, body(t, nil, data("a", "slow"), data("b", "1"), data("a", "1"))).Code)
		assert.Equal(t, 202, post(s, body(t, nil, data("a", "2"), data("b", "2"))).Code)
		assert.Zero(t, time.Since(start), "the answers wait for nothing")
		require.NoError(t, s.Shutdown(t.Context()))
		assert.Equal(t, []string{"b1", "b2", "aslow", "a1", "a2"}, got)
		assert.Equal(t, 503, post(s, body(t, nil, data("a", "3"))).Code)
	})
}

func TestBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, func(o *ChangeOptions) { o.HandleFirst, o.MaxQueued = false, 3 })
		s.OnEvent(func(ctx context.Context, _ *ChangeEvent) error { <-ctx.Done(); return ctx.Err() })
		three := body(t, nil, change(nil), change(nil), change(nil))
		assert.Equal(t, 202, post(s, three).Code)
		w := post(s, body(t, nil, change(nil)))
		assert.Equal(t, 503, w.Code)
		assert.Equal(t, "1", w.Header().Get("Retry-After"))
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		assert.Len(t, s.delivered(), 3, "each had its time")
		assert.Equal(t, 202, post(s, three).Code)

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		assert.ErrorIs(t, s.Shutdown(ctx), context.DeadlineExceeded)
		synctest.Wait()
		assert.Len(t, s.delivered(), 1, "the others are not begun")
	})
}

// TestHandleFirst: the answer waits for the functions, up to its time.
func TestHandleFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, nil)
		s.OnEvent(func(ctx context.Context, e *ChangeEvent) error {
			time.Sleep(time.Duration(len(e.ID)) * time.Second)
			return nil
		})
		of := func(id string) []byte { return body(t, nil, change(object{"resourceData": object{"id": id}})) }
		start := time.Now()
		assert.Equal(t, 202, post(s, of("1234")).Code)
		assert.Equal(t, 4*time.Second, time.Since(start))
		assert.Equal(t, 503, post(s, of("123456789012")).Code)
		assert.Equal(t, 14*time.Second, time.Since(start))
		require.NoError(t, s.Shutdown(t.Context()))
	})
}

func TestFunctionsAreContained(t *testing.T) {
	s := newService(t, nil)
	s.OnEvent(func(context.Context, *ChangeEvent) error { panic("a panic of ours") })
	assert.Equal(t, 503, post(s, body(t, nil, change(nil))).Code)
	assert.ErrorIs(t, s.errors[0], ErrChangePanic)
	assert.NotEmpty(t, s.errors[0].Stack)

	exits := newService(t, func(o *ChangeOptions) { o.Workers = 1 })
	exits.OnEvent(func(_ context.Context, e *ChangeEvent) error {
		if e.ID == "exit" {
			runtime.Goexit()
		}
		return nil
	})
	assert.Equal(t, 503, post(exits, body(t, nil, change(object{"resourceData": object{"id": "exit"}}), change(nil))).Code)
	assert.Equal(t, 202, post(exits, body(t, nil, change(nil))).Code)
	assert.Len(t, exits.delivered(), 3)
	require.NoError(t, exits.Shutdown(t.Context()))

	for name, change1 := range map[string]func(*ChangeOptions){
		"client states": func(o *ChangeOptions) {
			o.ClientStates = func(context.Context, string) ([]string, error) { panic("a") }
		},
		"on error": func(o *ChangeOptions) {
			o.ClientStates, o.OnError = nil, func(context.Context, *ChangeError) { panic("b") }
		},
	} {
		assert.NotPanics(t, func() { post(newService(t, change1), body(t, nil, change(nil))) }, name)
	}
}

func TestReportsAreBounded(t *testing.T) {
	s := newService(t, nil)
	all := make([]any, 500)
	for i := range all {
		all[i] = change(object{"clientState": fmt.Sprint("guess ", i)})
	}
	post(s, body(t, nil, all...))
	texts := s.failures()
	assert.Len(t, texts, maxChangeReports+1)
	assert.Contains(t, texts[maxChangeReports], "480")
	assert.False(t, slices.ContainsFunc(texts, func(s string) bool { return strings.Contains(s, "guess") }))
}

// TestBatch: a request of many notifications is delivered whole.
func TestBatch(t *testing.T) {
	s := newService(t, nil)
	all := make([]any, 1000)
	for i := range all {
		all[i] = change(object{"subscriptionId": fmt.Sprint(i % 7), "resourceData": object{"id": fmt.Sprint(i)}})
	}
	assert.Equal(t, 202, post(s, body(t, nil, all...)).Code)
	seen := make(map[string]bool)
	for _, e := range s.delivered() {
		seen[e.ID] = true
	}
	assert.Len(t, seen, 1000)
}
