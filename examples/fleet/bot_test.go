package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/fleet"
	"github.com/callgen/callgen/generated/communications"
	"github.com/callgen/callgen/generated/communicationstest"
)

// long is how long a test waits for what must happen.
const long = 30 * time.Second

// instance is a bot in this process that can die: nothing of it gets out any more then.
type instance struct {
	*bot
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
	tally   *tally
	next    atomic.Uint64

	keepAlive time.Duration

	mu         sync.Mutex
	instances  []*instance
	complaints []string       // of the instances
	allowed    map[string]int // how often an action may be sent, by call and action
}

func newWorld(t *testing.T, options ...communicationstest.Option) *world {
	s, err := server.NewServer(&server.Options{DontListen: true, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true})
	require.NoError(t, err)
	s.Start()
	require.True(t, s.ReadyForConnections(long))
	service, err := communicationstest.NewService(append(options, communicationstest.InMemory())...)
	require.NoError(t, err)
	w := &world{t: t, service: service, server: s, tally: newTally(service), allowed: make(map[string]int)}
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
	log := slog.New(slog.NewJSONHandler(linesTo(w.saw), nil))
	i := &instance{conn: conn}
	options.Conn, options.Lease, options.Logger = conn, 2*time.Second, log
	ctx, cancel := context.WithTimeout(w.t.Context(), long)
	defer cancel()
	f, err := fleet.Start(ctx, options)
	require.NoError(w.t, err)
	transport := w.service.Transport()
	client := w.service.Client(communications.WithHTTPClient(&http.Client{Transport: mortal{i, transport}}))
	i.bot = newBot(f, client, callback, communications.AllowUnverified(), log, w.keepAlive)
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

// saw is told what the instances log.
func (w *world) saw(l line) {
	if l.Err != "" {
		w.mu.Lock()
		w.complaints = append(w.complaints, l.Err)
		w.mu.Unlock()
	}
	switch l.Text {
	case "perhaps again":
		w.note(l.Call, l.Action)
	case "call resumed":
		for _, action := range l.Actions {
			w.note(l.Call, action)
		}
	}
}

// complained reports whether an instance has logged an error.
func (w *world) complained(text string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.ContainsFunc(w.complaints, func(c string) bool { return strings.Contains(c, text) })
}

// linesTo passes what a logger writes to a function.
type linesTo func(line)

func (f linesTo) Write(text []byte) (int, error) {
	var l line
	err := json.Unmarshal(text, &l)
	if err == nil {
		f(l)
	}
	return len(text), err
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

// note allows an action once more: somebody asks for it, it is reported as uncertain, or the
// function that does it is called again.
func (w *world) note(call, action string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.allowed[call+"/"+action]++
}

// press presses a key as soon as the bot listens.
func (w *world) press(id string, tone communications.Tone) bool {
	return w.until("the bot listens to "+id, func() bool { return w.service.Press(id, 0, tone) == nil })
}

// stories lets many call at once, and checks that each call went as it should.
func (w *world) stories(n int, meanwhile func()) {
	ctx, cancel := context.WithTimeout(w.t.Context(), 2*long)
	defer cancel()
	var all sync.WaitGroup
	ids := make([]string, n)
	for i := range n {
		c := &caller{service: w.service, tally: w.tally, again: 6 * time.Second, asked: w.note}
		all.Go(func() {
			var err error
			ids[i], err = c.call(ctx, 1, false)
			assert.NoError(w.t, err)
		})
	}
	meanwhile()
	all.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, id := range ids {
		assert.LessOrEqual(w.t, w.tally.count(id, "playPrompt"), w.allowed[id+"/playPrompt"], "playPrompt of %s", id)
		assert.LessOrEqual(w.t, w.tally.count(id, "subscribeToTone"), 1+w.allowed[id+"/subscribeToTone"], "subscribeToTone of %s", id)
	}
	assert.Empty(w.t, w.service.Problems())
}

// TestShared: two instances share calls whose notifications come twice and out of order.
func TestShared(t *testing.T) {
	t.Parallel()
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
	t.Parallel()
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
	t.Parallel()
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
			n += w.tally.count(id, "subscribeToTone")
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
		// The service gives up a tone that the closed instance has refused several times: whoever
		// calls presses again.
		w.press(id, communications.TonePound)
		pressed := time.Now()
		w.until("the second hangs up", func() bool {
			if time.Since(pressed) > 5*time.Second {
				_ = w.service.Press(id, 0, communications.TonePound) // an error if the call has ended
				pressed = time.Now()
			}
			_, there := w.service.Call(id)
			return !there
		})
		assert.Equal(t, 1, w.tally.count(id, "subscribeToTone"))
	}
	first.dead.Store(true)
}

// TestRebalance: an instance that comes later gets calls of the first.
func TestRebalance(t *testing.T) {
	t.Parallel()
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
	t.Parallel()
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

// TestKeepAlive: over a takeover no call is without a keepalive for more than two periods.
func TestKeepAlive(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.keepAlive = 6 * time.Second // longer than a takeover may take
	first := w.start(fleet.Options{})
	var ids []string
	for range 10 {
		id, err := w.service.Incoming(callback, &communications.IdentitySet{})
		require.NoError(t, err)
		ids = append(ids, id)
	}
	w.until("all calls are kept alive", func() bool { return w.count(ids, "keepAlive") >= len(ids) })
	second := w.start(fleet.Options{})
	w.until("they know of each other", func() bool { return len(first.Fleet.Status().Instances) == 2 })
	first.die()
	w.until("they are kept alive by another", func() bool { return len(second.Calls.All()) == len(ids) && w.count(ids, "keepAlive") >= 3*len(ids) })
	last := make(map[string]time.Time)
	for _, e := range w.service.Log() {
		if e.Kind != communicationstest.KindRequest || actionOf(e) != "keepAlive" {
			continue
		}
		if before, ok := last[e.CallID]; ok {
			assert.Less(t, e.Time.Sub(before), 2*w.keepAlive, "call %s", e.CallID)
		}
		last[e.CallID] = e.Time
	}
}

// count counts an action in calls.
func (w *world) count(ids []string, action string) int {
	n := 0
	for _, id := range ids {
		n += w.tally.count(id, action)
	}
	return n
}

// TestOtherVersions: what another version has stored is reported, and other calls go on.
func TestOtherVersions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.start(fleet.Options{Name: "versions"})
	store := fleet.NewCallStore[communications.StoredCall](i.Fleet, fleet.StoreErrors{
		NotStored: communications.ErrCallNotStored, Stored: communications.ErrCallStored, Revision: communications.ErrCallRevision,
	})
	_, err := store.Save(t.Context(), communications.StoredCall{ID: "newer", Data: []byte(`{"version":99}`), Expires: time.Now().Add(time.Hour)})
	require.NoError(t, err)
	require.NoError(t, i.Fleet.Append(t.Context(), "newest", "", true, []byte(`{"version":99}`)))
	w.until("they are reported", func() bool {
		return w.complained("the stored session has version 99, and this program reads version 1: let its call end, or delete it") &&
			w.complained("the stored notification has version 99, and this program reads version 1")
	})
	w.stories(3, func() {})
}

// TestLog: the log of a fleet is one.
func TestLog(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.start(fleet.Options{Name: "other"})
	f, err := fleet.Start(t.Context(), fleet.Options{Conn: i.conn, Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	defer f.Close(t.Context())
	js, err := jetstream.New(i.conn)
	require.NoError(t, err)
	stream, err := js.Stream(t.Context(), "callgen-log")
	require.NoError(t, err)
	read := func(ctx context.Context, callID string) (list [][]byte, err error) {
		info, err := stream.Info(ctx)
		if err != nil {
			return nil, err
		}
		for n := max(info.State.FirstSeq, 1); n <= info.State.LastSeq; n++ {
			m, err := stream.GetMsg(ctx, n)
			if err != nil {
				return nil, err
			}
			token := strings.TrimPrefix(m.Subject, "callgen.log.")
			if id, _ := hex.DecodeString(strings.TrimPrefix(token, "x")); token == "p"+callID || string(id) == callID {
				list = append(list, m.Data)
			}
		}
		return list, nil
	}
	assert.NoError(t, communications.CheckCallLog(t.Context(), f, read))
}
