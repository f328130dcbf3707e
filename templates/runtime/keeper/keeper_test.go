package keeper

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/templates/runtime/client"
	"github.com/callgen/callgen/templates/runtime/model"
	"github.com/callgen/callgen/templates/runtime/notification"
)

type object = map[string]any

// service has subscriptions, without a network.
type service struct {
	mu       sync.Mutex
	all      map[string]object
	made     int
	requests []string
	bodies   []object
	status   int           // of every answer, if set
	grants   time.Duration // how long subscriptions last, if set
	silent   bool          // renewals are answered without content
	before   func()        // called before a subscription is created, as a handshake is
}

func (s *service) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	path := strings.TrimPrefix(r.URL.Path, "/beta")
	s.requests = append(s.requests, r.Method+" "+path)
	body := object{}
	if r.Body != nil {
		data, _ := io.ReadAll(r.Body)
		_ = json.Unmarshal(data, &body)
	}
	s.bodies = append(s.bodies, maps.Clone(body))
	answer := func(status int, v any) (*http.Response, error) {
		data, _ := json.Marshal(v)
		if v == nil {
			data = nil
		}
		return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(bytes.NewReader(data)), Request: r}, nil
	}
	refused := func(status int) (*http.Response, error) {
		return answer(status, object{"error": object{"code": "refused", "message": "as the test wants"}})
	}
	if s.status != 0 {
		return refused(s.status)
	}
	rest, _ := strings.CutPrefix(path, "/subscriptions")
	id, action, _ := strings.Cut(strings.Trim(rest, "/"), "/")
	if id == "" {
		if s.before != nil {
			s.before()
		}
		s.made++
		id = fmt.Sprint("s", s.made)
		s.all[id] = body
		body["id"] = id
		s.grant(body)
		return answer(201, body)
	}
	sub, ok := s.all[id]
	switch {
	case !ok:
		return refused(404)
	case action == "reauthorize":
		return answer(204, nil)
	case r.Method == http.MethodDelete:
		delete(s.all, id)
		return answer(204, nil)
	}
	for k, v := range body {
		sub[k] = v
	}
	s.grant(sub)
	if s.silent {
		return answer(204, nil)
	}
	return answer(200, sub)
}

func (s *service) grant(sub object) {
	if s.grants != 0 {
		sub["expirationDateTime"] = time.Now().Add(s.grants).UTC().Format(time.RFC3339)
	}
}

// asked returns the requests since the last call, and forgets them.
func (s *service) asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.requests
	s.requests = nil
	return list
}

// subscription returns what there is under an id, nil for nothing.
func (s *service) subscription(id string) object {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.all[id])
}

// remove ends a subscription.
func (s *service) remove(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, id)
}

func (s *service) set(status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status = status
}

func (s *service) last() object {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bodies[len(s.bodies)-1]
}

// bench is a keeper in a bubble, with the service and what it was told.
type bench struct {
	*SubscriptionKeeper
	service *service
	store   SubscriptionStore

	mu     sync.Mutex
	resync []string
	errors []error
}

func newBench(t *testing.T, s *service, store SubscriptionStore, change func(*KeeperOptions)) *bench {
	b := &bench{service: s, store: store}
	options := KeeperOptions{
		Store: store, Logger: slog.New(slog.DiscardHandler),
		OnResync: func(_ context.Context, key string, sub *model.Subscription, why ResyncReason) {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.resync = append(b.resync, key+" "+sub.ID+" "+string(why))
		},
		OnError: func(_ context.Context, _ string, err error) {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.errors = append(b.errors, err)
		},
	}
	if change != nil {
		change(&options)
	}
	c := model.NewClient(client.TokenSourceFunc(func(context.Context, string) (string, error) { return "t", nil }),
		client.WithBaseURL("https://graph.invalid/beta"), client.WithHTTPClient(&http.Client{Transport: s}), client.WithRetry(client.RetryPolicy{}))
	b.SubscriptionKeeper = NewSubscriptionKeeper(c, options)
	return b
}

func newService() *service { return &service{all: make(map[string]object)} }

func (b *bench) resyncs() []string {
	synctest.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	list := b.resync
	b.resync = nil
	return list
}

func wanted() *model.Subscription {
	return &model.Subscription{Resource: new("/users/1/messages"), ChangeType: new("created"), NotificationURL: new("https://bot.contoso.com/changes")}
}

// failures returns what was reported.
func (b *bench) failures() error {
	synctest.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	return errors.Join(b.errors...)
}

const day = 24 * time.Hour

func TestKeeperRenews(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, newService(), nil, nil)
		require.NoError(t, b.Keep(t.Context(), "mail", wanted(), 3*day))
		body := b.service.last()
		assert.Equal(t, "/users/1/messages", body["resource"])
		assert.Len(t, body["clientState"], 26)
		assert.Equal(t, time.Now().Add(3*day).UTC().Format(time.RFC3339), body["expirationDateTime"])
		time.Sleep(30 * day)
		assert.Empty(t, b.resyncs())
		requests := b.service.asked()
		assert.Equal(t, "POST /subscriptions", requests[0])
		assert.InDelta(t, 15, len(requests)-1, 1, "every two days, or a little sooner")
		for _, r := range requests[1:] {
			assert.Equal(t, "PATCH /subscriptions/s1", r)
		}
		got, ok := b.Subscription("mail")
		assert.True(t, ok)
		assert.Equal(t, "s1", got.ID)
		require.NoError(t, b.Close(t.Context()))
		assert.ErrorIs(t, b.Keep(t.Context(), "mail", wanted(), day), ErrKeeperClosed)
		assert.NotNil(t, b.service.subscription("s1"), "it stays")
	})
}

// TestKeeperGoesByTheAnswer: the service may let a subscription last for less than was asked for.
func TestKeeperGoesByTheAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService()
		s.grants = time.Hour
		b := newBench(t, s, nil, nil)
		require.NoError(t, b.Keep(t.Context(), "presence", wanted(), 3*day))
		time.Sleep(10 * time.Hour)
		assert.Empty(t, b.resyncs())
		assert.InDelta(t, 15, len(s.asked()), 2)
		require.NoError(t, b.Close(t.Context()))
	})
}

func TestKeeperOutlivesOutages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, newService(), nil, nil)
		require.NoError(t, b.Keep(t.Context(), "mail", wanted(), 3*day))
		b.service.set(500)
		time.Sleep(2*day + 12*time.Hour)
		assert.Error(t, b.failures())
		assert.LessOrEqual(t, len(b.service.asked()), 12*15+15, "not more than one in five minutes")
		b.service.set(0)
		time.Sleep(10 * time.Minute)
		assert.Empty(t, b.resyncs(), "it was in time")
		assert.Equal(t, []string{"PATCH /subscriptions/s1"}, b.service.asked())

		b.service.set(500)
		time.Sleep(4 * day)
		b.service.set(0)
		time.Sleep(10 * time.Minute)
		assert.Equal(t, []string{"mail s2 expired"}, b.resyncs())
		require.NoError(t, b.Close(t.Context()))
	})
}

func TestKeeperCreatesAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, newService(), nil, nil)
		require.NoError(t, b.Keep(t.Context(), "mail", wanted(), 3*day))
		before := b.service.last()["clientState"]
		b.service.remove("s1")
		time.Sleep(3 * day)
		assert.Equal(t, []string{"mail s2 removed"}, b.resyncs())
		states, err := b.ClientStates(t.Context(), "s2")
		require.NoError(t, err)
		require.Len(t, states, 1)
		assert.NotEqual(t, before, states[0])
		states, err = b.ClientStates(t.Context(), "s1")
		require.NoError(t, err)
		assert.Empty(t, states, "the old one is unknown")
		require.NoError(t, b.Close(t.Context()))
	})
}

func TestKeeperAndTheLifeOfSubscriptions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, newService(), nil, nil)
		require.NoError(t, b.Keep(t.Context(), "mail", wanted(), 3*day))
		b.service.asked()
		tell := func(id, event string) []string {
			require.NoError(t, b.HandleLifecycle(t.Context(), &notification.ChangeEvent{SubscriptionID: id, Lifecycle: event}))
			synctest.Wait()
			return b.service.asked()
		}
		assert.Equal(t, []string{"POST /subscriptions/s1/reauthorize"}, tell("s1", "reauthorizationRequired"))
		assert.Empty(t, b.resyncs())
		assert.Empty(t, tell("s1", "missed"))
		assert.Equal(t, []string{"mail s1 missed"}, b.resyncs())
		for _, event := range []string{"reauthorizationRequired", "missed", "subscriptionRemoved"} {
			assert.Empty(t, tell("another", event))
			assert.Empty(t, tell("", event))
		}
		assert.Empty(t, tell("s1", "unheard of"))
		b.service.remove("s1")
		assert.Equal(t, []string{"POST /subscriptions"}, tell("s1", "subscriptionRemoved"))
		assert.Equal(t, []string{"mail s2 removed"}, b.resyncs())
		assert.Empty(t, tell("s1", "subscriptionRemoved"), "told twice")
		b.service.remove("s2")
		assert.Equal(t, []string{"POST /subscriptions/s2/reauthorize", "POST /subscriptions"}, tell("s2", "reauthorizationRequired"))
		time.Sleep(3*day - time.Hour)
		assert.Equal(t, []string{"PATCH /subscriptions/s3"}, b.service.asked())
		require.NoError(t, b.Close(t.Context()))
	})
}

// TestKeeperTakesOver: a new process takes over what is stored, as long as it is alive and wanted.
func TestKeeperTakesOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, store := newService(), new(MemorySubscriptionStore)
		again := func(want *model.Subscription) (requests, resyncs []string) {
			b := newBench(t, s, store, nil)
			require.NoError(t, b.Keep(t.Context(), "mail", want, 3*day))
			resyncs = b.resyncs()
			require.NoError(t, b.Close(t.Context()))
			return s.asked(), resyncs
		}
		requests, resyncs := again(wanted())
		assert.Equal(t, []string{"POST /subscriptions"}, requests)
		assert.Empty(t, resyncs)
		time.Sleep(day)
		requests, resyncs = again(wanted())
		assert.Equal(t, []string{"PATCH /subscriptions/s1"}, requests)
		assert.Empty(t, resyncs)

		rotated := wanted()
		rotated.EncryptionCertificate, rotated.EncryptionCertificateID = new("bmV3"), new("next")
		requests, resyncs = again(rotated)
		assert.Equal(t, []string{"PATCH /subscriptions/s1"}, requests)
		assert.Equal(t, "next", s.last()["encryptionCertificateId"], "another certificate does not need another subscription")
		assert.Empty(t, resyncs)

		other := wanted()
		other.ChangeType = new("created,updated")
		requests, resyncs = again(other)
		assert.Equal(t, []string{"POST /subscriptions", "DELETE /subscriptions/s1"}, requests)
		assert.Equal(t, []string{"mail s2 replaced"}, resyncs)

		time.Sleep(4 * day)
		requests, resyncs = again(other)
		assert.Equal(t, []string{"POST /subscriptions"}, requests)
		assert.Equal(t, []string{"mail s3 expired"}, resyncs)

		s.remove("s3")
		requests, resyncs = again(other)
		assert.Equal(t, []string{"PATCH /subscriptions/s3", "POST /subscriptions"}, requests)
		assert.Equal(t, []string{"mail s4 removed"}, resyncs)
	})
}

// TestKeeperOfASilentService: OnResync always gets a subscription.
func TestKeeperOfASilentService(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, store := newService(), new(MemorySubscriptionStore)
		s.silent = true
		first := newBench(t, s, store, nil)
		require.NoError(t, first.Keep(t.Context(), "mail", wanted(), 3*day))
		require.NoError(t, first.Close(t.Context()))
		b := newBench(t, s, store, nil)
		require.NoError(t, b.Keep(t.Context(), "mail", wanted(), 3*day))
		got, ok := b.Subscription("mail")
		require.True(t, ok)
		assert.Equal(t, "s1 /users/1/messages", got.ID+" "+*got.Resource)
		require.NoError(t, b.HandleLifecycle(t.Context(), &notification.ChangeEvent{SubscriptionID: "s1", Lifecycle: "missed"}))
		assert.Equal(t, []string{"mail s1 missed"}, b.resyncs())
		time.Sleep(10 * day)
		assert.Empty(t, b.resyncs())
		require.NoError(t, b.Close(t.Context()))
	})
}

func TestKeeperReplacesWhatIsWanted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, newService(), nil, func(o *KeeperOptions) { o.ClientState = "common" })
		require.NoError(t, b.Keep(t.Context(), "mail", wanted(), 3*day))
		other := wanted()
		other.Resource = new("/users/2/messages")
		require.NoError(t, b.Keep(t.Context(), "mail", other, day))
		assert.Equal(t, []string{"POST /subscriptions", "POST /subscriptions", "DELETE /subscriptions/s1"}, b.service.asked())
		assert.Equal(t, "common", b.service.subscription("s2")["clientState"])
		time.Sleep(20 * time.Hour)
		assert.Equal(t, []string{"PATCH /subscriptions/s2"}, b.service.asked(), "one goroutine, by the new lifetime")

		b.service.set(403)
		assert.ErrorContains(t, b.Keep(t.Context(), "mail", wanted(), day), "cannot be created")
		b.service.set(0)
		time.Sleep(day)
		requests := b.service.asked()
		require.GreaterOrEqual(t, len(requests), 2)
		assert.Equal(t, []string{"POST /subscriptions", "PATCH /subscriptions/s2"}, requests[:2], "the one before goes on")
		require.NoError(t, b.Drop(t.Context(), "mail"))
		assert.Nil(t, b.service.subscription("s2"))
		_, ok := b.Subscription("mail")
		assert.False(t, ok)
		time.Sleep(30 * day)
		b.service.asked()
		require.NoError(t, b.Keep(t.Context(), "mail", wanted(), day))
		assert.Equal(t, []string{"POST /subscriptions"}, b.service.asked(), "nothing is stored of the one before")
		require.NoError(t, b.Close(t.Context()))
	})
}

// TestClientStateOfTheFirstNotification: the service may notify before it has answered.
func TestClientStateOfTheFirstNotification(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService()
		b := newBench(t, s, nil, nil)
		var pending []string
		s.before = func() { pending, _ = b.ClientStates(context.Background(), "s1") }
		require.NoError(t, b.Keep(t.Context(), "mail", wanted(), day))
		states, err := b.ClientStates(t.Context(), "s1")
		require.NoError(t, err)
		assert.Equal(t, pending, states)
		assert.Len(t, states, 1)
		states, err = b.ClientStates(t.Context(), "")
		require.NoError(t, err)
		assert.Empty(t, states)
		require.NoError(t, b.Close(t.Context()))
	})
}

type brokenStore struct{ MemorySubscriptionStore }

func (*brokenStore) Save(context.Context, StoredSubscription) error { return errors.New("no disk") }

func TestKeeperFaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, newService(), new(brokenStore), func(o *KeeperOptions) {
			o.OnResync = func(context.Context, string, *model.Subscription, ResyncReason) { panic("ours") }
		})
		assert.ErrorContains(t, b.Keep(t.Context(), "", wanted(), day), "needs a key")
		assert.ErrorContains(t, b.Keep(t.Context(), "a", nil, day), "needs a key")
		assert.ErrorContains(t, b.Keep(t.Context(), "a", wanted(), 0), "needs a key")
		require.NoError(t, b.Keep(t.Context(), "a", wanted(), day))
		require.NoError(t, b.HandleLifecycle(t.Context(), &notification.ChangeEvent{SubscriptionID: "s1", Lifecycle: "missed"}))
		synctest.Wait()
		all := b.failures()
		assert.ErrorContains(t, all, "no disk")
		assert.ErrorContains(t, all, "OnResync panicked")
		b.service.set(403)
		assert.ErrorContains(t, b.Keep(t.Context(), "b", wanted(), day), "refused")
		require.NoError(t, b.Close(t.Context()))
	})
}

func TestCheckSubscriptionStore(t *testing.T) {
	assert.NoError(t, CheckSubscriptionStore(t.Context(), new(MemorySubscriptionStore)))
	assert.ErrorContains(t, CheckSubscriptionStore(t.Context(), new(brokenStore)), "no disk")
	assert.ErrorContains(t, CheckSubscriptionStore(t.Context(), new(forgetful)), "Load returns")
}

type forgetful struct{ MemorySubscriptionStore }

func (f *forgetful) Save(ctx context.Context, s StoredSubscription) error {
	s.ClientState = ""
	return f.MemorySubscriptionStore.Save(ctx, s)
}

// handClock stands still until it is moved.
type handClock struct {
	mu     sync.Mutex
	now    time.Time
	timers map[*handTimer]bool
}

type handTimer struct {
	at time.Time
	f  func()
}

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *handClock) AfterFunc(d time.Duration, f func()) func() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	timer := &handTimer{c.now.Add(d), f}
	c.timers[timer] = true
	return func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		stopped := c.timers[timer]
		delete(c.timers, timer)
		return stopped
	}
}

// move moves the clock and calls what is due.
func (c *handClock) move(d time.Duration) {
	c.mu.Lock()
	c.now = c.now.Add(d)
	var due []func()
	for timer := range c.timers {
		if !timer.at.After(c.now) {
			due = append(due, timer.f)
			delete(c.timers, timer)
		}
	}
	c.mu.Unlock()
	for _, f := range due {
		f()
	}
}

// TestKeeperGoesByItsClock: no time but that of the clock matters.
func TestKeeperGoesByItsClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clock := &handClock{now: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), timers: make(map[*handTimer]bool)}
		b := newBench(t, newService(), nil, func(o *KeeperOptions) { o.Clock = clock })
		require.NoError(t, b.Keep(t.Context(), "mail", wanted(), 3*day))
		assert.Equal(t, "2030-01-04T00:00:00Z", b.service.last()["expirationDateTime"])
		synctest.Wait()
		b.service.asked()
		clock.move(day)
		synctest.Wait()
		assert.Empty(t, b.service.asked())
		clock.move(day)
		synctest.Wait()
		assert.Equal(t, []string{"PATCH /subscriptions/s1"}, b.service.asked())
		assert.Equal(t, "2030-01-06T00:00:00Z", b.service.last()["expirationDateTime"])
		require.NoError(t, b.Close(t.Context()))
	})
}
