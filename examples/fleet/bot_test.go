package fleet

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/fleet"
	"github.com/callgen/callgen/generated/communications"
	"github.com/callgen/callgen/generated/communicationstest"
)

const callback = "https://bot.contoso.com/callback"

// long is how long a test waits for what must happen.
const long = 30 * time.Second

// instance is a bot in this process that can die: nothing of it gets out any more then.
type instance struct {
	*Bot
	conn *nats.Conn
	dead atomic.Bool
}

var errDead = errors.New("the instance is dead")

func (i *instance) die() {
	i.dead.Store(true)
	i.conn.Close()
}

// world is a service, servers, and instances behind a proxy.
type world struct {
	t       *testing.T
	service *communicationstest.Service
	server  *server.Server
	next    atomic.Uint64

	mu        sync.Mutex
	instances []*instance
	allowed   map[string]int // how often an action may be sent, by call and action
}

func newWorld(t *testing.T, options ...communicationstest.Option) *world {
	s, err := server.NewServer(&server.Options{DontListen: true, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true})
	require.NoError(t, err)
	s.Start()
	require.True(t, s.ReadyForConnections(long))
	service, err := communicationstest.NewService(append(options, communicationstest.InMemory())...)
	require.NoError(t, err)
	w := &world{t: t, service: service, server: s, allowed: make(map[string]int)}
	service.Connect(w)
	t.Cleanup(w.end)
	return w
}

func (w *world) end() {
	ctx, cancel := context.WithTimeout(context.Background(), long)
	defer cancel()
	for _, i := range w.all() {
		err := i.Close(ctx)
		if !i.dead.Load() {
			assert.NoError(w.t, err)
		}
		i.conn.Close()
	}
	w.service.Close()
	w.server.Shutdown()
	w.server.WaitForShutdown()
}

// start starts an instance.
func (w *world) start(options fleet.Options) *instance {
	conn, err := nats.Connect("", nats.InProcessServer(w.server), nats.MaxReconnects(-1))
	require.NoError(w.t, err)
	log := slog.New(slog.DiscardHandler)
	i := &instance{conn: conn}
	options.Conn, options.Lease, options.Logger = conn, 2*time.Second, log
	ctx, cancel := context.WithTimeout(w.t.Context(), long)
	defer cancel()
	f, err := fleet.Start(ctx, options)
	require.NoError(w.t, err)
	transport := w.service.Transport()
	client := w.service.Client(communications.WithHTTPClient(&http.Client{Transport: mortal{i, transport}}))
	i.Bot = newBot(f, client, callback, communications.AllowUnverified(), log)
	i.resumed = func(s *communications.CallSession, r *communications.CallResume) {
		w.note(s.ID() + "subscribeToTone")
		for _, o := range r.Uncertain {
			w.note(s.ID() + o.Action())
		}
	}
	require.NoError(w.t, fleet.Serve(f, i.Calls))
	w.mu.Lock()
	w.instances = append(w.instances, i)
	w.mu.Unlock()
	return i
}

// mortal is the way of an instance to the service.
type mortal struct {
	of *instance
	to http.RoundTripper
}

func (m mortal) RoundTrip(r *http.Request) (*http.Response, error) {
	if m.of.dead.Load() {
		return nil, errDead
	}
	response, err := m.to.RoundTrip(r)
	if m.of.dead.Load() {
		return nil, errDead
	}
	return response, err
}

func (w *world) all() []*instance {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]*instance(nil), w.instances...)
}

// ServeHTTP is the proxy.
func (w *world) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	var living []*instance
	for _, i := range w.all() {
		if !i.dead.Load() {
			living = append(living, i)
		}
	}
	if len(living) == 0 {
		http.Error(rw, "no instance", http.StatusBadGateway)
		return
	}
	i := living[int(w.next.Add(1))%len(living)]
	i.Handler.ServeHTTP(rw, r)
	if i.dead.Load() {
		panic(http.ErrAbortHandler) // its answer is lost
	}
}

// requests counts the actions of a name in a call that were sent.
func (w *world) requests(id, end string) int {
	n := 0
	for _, r := range w.service.Requests() {
		if r.Method == http.MethodPost && strings.Contains(r.Path, id) && strings.HasSuffix(r.Path, end) {
			n++
		}
	}
	return n
}

// until waits until a condition holds.
func (w *world) until(what string, holds func() bool) bool {
	for end := time.Now().Add(long); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if holds() {
			return true
		}
	}
	assert.Fail(w.t, "it has not come to this: "+what)
	return false
}

// note allows an action once more: somebody asks for it, it is reported as uncertain, or, of
// what may be repeated after a takeover, there was one.
func (w *world) note(what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.allowed[what]++
}

// story is what somebody does who calls. It reports that the call has ended as it should.
func (w *world) story() (id string, ended bool) {
	id, err := w.service.Incoming(callback, &communications.IdentitySet{User: &communications.Identity{DisplayName: new("John")}})
	if !assert.NoError(w.t, err) {
		return id, false
	}
	w.note(id + "subscribeToTone")
	var pressed time.Time
	if !w.until("the bot plays to "+id, func() bool {
		if time.Since(pressed) > 6*time.Second && w.service.Press(id, 0, communications.ToneTone1) == nil { // people ask again
			pressed = time.Now()
			w.note(id + "playPrompt")
		}
		return w.requests(id, "/playPrompt") > 0
	}) {
		return id, false
	}
	return id, w.press(id, communications.TonePound) && w.until("the bot hangs up "+id, func() bool { _, there := w.service.Call(id); return !there })
}

// press presses a key as soon as the bot listens.
func (w *world) press(id string, tone communications.Tone) bool {
	return w.until("the bot listens to "+id, func() bool { return w.service.Press(id, 0, tone) == nil })
}

// stories lets many call at once, and checks that each call went as it should.
func (w *world) stories(n int, meanwhile func()) {
	var all sync.WaitGroup
	ids := make([]string, n)
	for i := range n {
		all.Go(func() { ids[i], _ = w.story() })
	}
	meanwhile()
	all.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, id := range ids {
		for _, action := range []string{"playPrompt", "subscribeToTone"} {
			sent := w.requests(id, "/"+action)
			assert.LessOrEqual(w.t, sent, w.allowed[id+action], "%s of %s", action, id)
		}
	}
	assert.Empty(w.t, w.service.Problems())
}

// TestShared: two instances share calls whose notifications come twice and out of order.
func TestShared(t *testing.T) {
	w := newWorld(t, communicationstest.Disordered(1))
	a, b := w.start(fleet.Options{}), w.start(fleet.Options{})
	w.stories(20, func() {})
	owned := func(i *instance) uint64 { return i.Fleet.Metrics().Delivered }
	assert.Positive(t, owned(a))
	assert.Positive(t, owned(b))
	w.until("nothing is left", func() bool { return len(a.Fleet.Status().Calls) == 0 && len(b.Fleet.Status().Calls) == 0 })
	assert.Len(t, a.Fleet.Status().Instances, 2)
}

// TestInstanceDies: the others go on with the calls of an instance that dies, and a new one comes.
func TestInstanceDies(t *testing.T) {
	w := newWorld(t, communicationstest.Disordered(2))
	first, second := w.start(fleet.Options{}), w.start(fleet.Options{})
	w.stories(30, func() {
		w.until("the first has calls", func() bool { return first.Fleet.Metrics().Owned > 3 })
		first.die()
		third := w.start(fleet.Options{})
		w.until("its calls are taken over", func() bool {
			return second.Fleet.Metrics().TakenOver+third.Fleet.Metrics().TakenOver > 0
		})
	})
}

// TestDrain: an instance that is told to end hands its calls over at once.
func TestDrain(t *testing.T) {
	w := newWorld(t)
	first := w.start(fleet.Options{})
	var ids []string
	for range 10 {
		id, err := w.service.Incoming(callback, &communications.IdentitySet{})
		require.NoError(t, err)
		ids = append(ids, id)
	}
	w.until("the bot listens", func() bool {
		n := 0
		for _, id := range ids {
			n += w.requests(id, "/subscribeToTone")
		}
		return n == len(ids)
	})
	second := w.start(fleet.Options{})
	w.until("they know of each other", func() bool {
		return len(second.Fleet.Status().Instances) == 2 && len(first.Fleet.Status().Instances) == 2
	})
	require.NoError(t, first.Close(t.Context()))
	w.until("the second has all calls", func() bool { return len(second.Calls.All()) == len(ids) })
	assert.Zero(t, second.Fleet.Metrics().TakenOver, "none was waited for")
	for _, id := range ids {
		w.press(id, communications.TonePound)
		w.until("the second hangs up", func() bool { _, there := w.service.Call(id); return !there })
		assert.Equal(t, 1, w.requests(id, "/subscribeToTone"))
	}
	first.dead.Store(true)
}

// TestRebalance: an instance that comes later gets calls of the first.
func TestRebalance(t *testing.T) {
	w := newWorld(t)
	first := w.start(fleet.Options{})
	for range 12 {
		_, err := w.service.Incoming(callback, &communications.IdentitySet{})
		require.NoError(t, err)
	}
	w.until("the first has them", func() bool { return first.Fleet.Metrics().Owned == 12 })
	second := w.start(fleet.Options{})
	w.until("the second has some", func() bool { return len(second.Calls.All()) >= 3 })
	assert.Positive(t, first.Fleet.Metrics().HandedOver)
}

func TestStore(t *testing.T) {
	w := newWorld(t)
	i := w.start(fleet.Options{Name: "other"})
	f, err := fleet.Start(t.Context(), fleet.Options{Conn: i.conn, Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	defer f.Close(t.Context())
	store := fleet.NewCallStore[communications.StoredCall](f, fleet.StoreErrors{
		NotStored: communications.ErrCallNotStored, Stored: communications.ErrCallStored, Revision: communications.ErrCallRevision,
	})
	assert.NoError(t, communications.CheckCallStore(t.Context(), store))
	_, err = store.Save(t.Context(), communications.StoredCall{ID: "x", Data: make([]byte, 2<<20), Expires: time.Now().Add(time.Hour)})
	assert.ErrorContains(t, err, "max_payload")
	_, err = store.Save(t.Context(), communications.StoredCall{ID: strings.Repeat("x", 300), Expires: time.Now().Add(time.Hour)})
	assert.ErrorContains(t, err, "300 bytes")
}
