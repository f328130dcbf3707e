package fleet_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/fleet"
)

// serverWith starts a server that listens on loopback.
func serverWith(t *testing.T, options *server.Options) *server.Server {
	t.Helper()
	options.Host, options.Port, options.NoSigs, options.NoLog = "127.0.0.1", server.RANDOM_PORT, true, true
	if options.JetStream {
		options.StoreDir = t.TempDir()
	}
	s, err := server.NewServer(options)
	require.NoError(t, err)
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	require.True(t, s.ReadyForConnections(long))
	return s
}

// startError returns why an instance does not start within a moment.
func startError(t *testing.T, options fleet.Options) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	options.Logger = slog.New(slog.DiscardHandler)
	f, err := fleet.Start(ctx, options)
	if err == nil {
		_ = f.Close(t.Context())
	}
	return err
}

// TestTwoFleets: fleets of different names on the same servers know nothing of each other.
func TestTwoFleets(t *testing.T) {
	t.Parallel()
	conn := connect(t, single(t).ClientURL())
	f, a := join(t, fleet.Options{Conn: conn, Name: "one"})
	g, b := join(t, fleet.Options{Conn: conn, Name: "one-calls"})
	say(t, f, "x", "1", "begin")
	say(t, g, "y", "1", "begin")
	until(t, "each has its call", func() bool { return has([]string{"x"}, a) && has([]string{"y"}, b) })
	for _, one := range []*fleet.Fleet{f, g} {
		assert.Len(t, one.Status().Instances, 1)
		assert.Len(t, one.Status().Calls, 1)
	}
}

// TestNotLetIn: what the servers say is passed on.
func TestNotLetIn(t *testing.T) {
	t.Parallel()
	retry := []nats.Option{nats.RetryOnFailedConnect(true), nats.MaxReconnects(-1), nats.ReconnectWait(50 * time.Millisecond)}
	dial := func(url string, options ...nats.Option) *nats.Conn {
		conn, err := nats.Connect(url, append(options, retry...)...)
		require.NoError(t, err)
		t.Cleanup(conn.Close)
		return conn
	}
	locked := serverWith(t, &server.Options{JetStream: true, Username: "bot", Password: "right"})
	assert.ErrorContains(t, startError(t, fleet.Options{Conn: dial(locked.ClientURL(), nats.UserInfo("bot", "wrong"))}), "Authorization Violation")
	assert.ErrorContains(t, startError(t, fleet.Options{Conn: dial(locked.ClientURL(), nats.UserInfo("bot", "right"), nats.Secure())}), "secure connection not available")
	assert.ErrorContains(t, startError(t, fleet.Options{Conn: dial("nats://127.0.0.1:1")}), "the connection is reconnecting")
	plain := serverWith(t, &server.Options{})
	assert.ErrorContains(t, startError(t, fleet.Options{Conn: dial(plain.ClientURL())}), "do the servers have JetStream")
	few := serverWith(t, &server.Options{JetStream: true, Users: []*server.User{{
		Username: "bot", Password: "right", Permissions: &server.Permissions{Publish: &server.SubjectPermission{Deny: []string{"callgen.instances.>"}}},
	}}})
	assert.ErrorContains(t, startError(t, fleet.Options{Conn: dial(few.ClientURL(), nats.UserInfo("bot", "right"))}), "Permissions Violation")
}

// TestWrongOptions: options that cannot be are refused at once.
func TestWrongOptions(t *testing.T) {
	t.Parallel()
	conn := connect(t, single(t).ClientURL())
	for _, c := range []struct {
		options fleet.Options
		want    string
	}{
		{fleet.Options{Replicas: 3, Name: "r"}, "Options.Replicas is 3"},
		{fleet.Options{Replicas: 7, Name: "s"}, "Options.Replicas is 7: give it 1, 3 or 5"},
		{fleet.Options{Replicas: -1, Name: "t"}, "Options.Replicas is -1: give it 1, 3 or 5"},
		{fleet.Options{StoreTimeout: -1, Name: "u"}, "Options.StoreTimeout is -1ns"},
		{fleet.Options{Unclaimed: -1, Name: "w"}, "Options.Unclaimed is -1ns"},
		{fleet.Options{KeepFor: time.Second, Name: "v"}, "Options.KeepFor is 1s: give it at least 1m"},
	} {
		c.options.Conn = conn
		begun := time.Now()
		assert.ErrorContains(t, startError(t, c.options), c.want)
		assert.Less(t, time.Since(begun), 2*time.Second, "it does not try again")
	}
	assert.NoError(t, startError(t, fleet.Options{Conn: conn, Name: "short", KeepFor: time.Minute}), "less than messages are told apart for")
}

// TestEditedStreams: a stream that was edited so that it would lose what it holds is refused.
func TestEditedStreams(t *testing.T) {
	t.Parallel()
	conn := connect(t, single(t).ClientURL())
	js, err := jetstream.New(conn)
	require.NoError(t, err)
	for name, edit := range map[string]func(*jetstream.StreamConfig){
		"limited": func(c *jetstream.StreamConfig) { c.MaxBytes, c.Discard = 1<<20, jetstream.DiscardOld },
		"counted": func(c *jetstream.StreamConfig) { c.MaxMsgs, c.Discard = 10, jetstream.DiscardOld },
		"aging":   func(c *jetstream.StreamConfig) { c.MaxAge = time.Hour },
	} {
		require.NoError(t, startError(t, fleet.Options{Conn: conn, Name: name}))
		stream, err := js.Stream(t.Context(), name+"-calls")
		require.NoError(t, err)
		config := stream.CachedInfo().Config
		edit(&config)
		_, err = js.UpdateStream(t.Context(), config)
		require.NoError(t, err)
		assert.ErrorContains(t, startError(t, fleet.Options{Conn: conn, Name: name}), "the stream "+name+"-calls would drop", name)
	}
}

// TestStorageFull: when the servers have no room left, notifications are refused; with room again
// everything goes on.
func TestStorageFull(t *testing.T) {
	t.Parallel()
	s := serverWith(t, &server.Options{JetStream: true, JetStreamMaxStore: 2 << 20})
	conn := connect(t, s.ClientURL())
	f, c := join(t, fleet.Options{Conn: conn, StoreTimeout: time.Second})
	js, err := jetstream.New(conn)
	require.NoError(t, err)
	_, err = js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "others", Subjects: []string{"others"}})
	require.NoError(t, err)
	say(t, f, "a", "1", "begin")
	until(t, "it is heard", func() bool { return len(c.heard("a")) == 1 })
	for err == nil {
		_, err = js.Publish(t.Context(), "others", make([]byte, 100<<10))
	}
	until(t, "there is no room", func() bool {
		return f.Append(t.Context(), "a", "", false, append([]byte(`{"Call":"a","Text":"much"}`), make([]byte, 0)...)) != nil
	})
	assert.Positive(t, f.Metrics().Refused)
	heard := len(c.heard("a"))
	require.NoError(t, js.DeleteStream(t.Context(), "others"))
	until(t, "there is room", func() bool { return f.Append(t.Context(), "a", "", false, []byte(`{"Call":"a","Text":"more"}`)) == nil })
	until(t, "it goes on", func() bool { return len(c.heard("a")) > heard && f.Ready() })
}

// TestStartIsCancelled: a process that is told to end while it starts ends.
func TestStartIsCancelled(t *testing.T) {
	t.Parallel()
	conn, err := nats.Connect("nats://127.0.0.1:1", nats.RetryOnFailedConnect(true))
	require.NoError(t, err)
	defer conn.Close()
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, cancel)
	_, err = fleet.Start(ctx, fleet.Options{Conn: conn})
	assert.ErrorIs(t, err, context.Canceled)
	ctx, cancel = context.WithCancel(t.Context())
	cancel()
	_, err = fleet.Start(ctx, fleet.Options{Dir: t.TempDir()})
	assert.ErrorIs(t, err, context.Canceled)
}

// TestClose: it may be called at any time, twice, and while nothing answers.
func TestClose(t *testing.T) {
	t.Parallel()
	s := single(t)
	f, err := fleet.Start(t.Context(), fleet.Options{Conn: connect(t, s.ClientURL())})
	require.NoError(t, err)
	require.NoError(t, f.Close(t.Context()), "it has never served")
	assert.ErrorIs(t, fleet.Serve(f, &calls{}), fleet.ErrClosed)
	require.NoError(t, f.Close(t.Context()))

	f, _ = join(t, fleet.Options{Conn: connect(t, s.ClientURL())})
	var all sync.WaitGroup
	for range 5 {
		all.Go(func() { assert.NoError(t, f.Close(t.Context())) })
	}
	all.Wait()

	conn := connect(t, s.ClientURL())
	f, _ = join(t, fleet.Options{Conn: conn})
	conn.Close()
	begun := time.Now()
	assert.ErrorIs(t, f.Close(t.Context()), nats.ErrConnectionClosed)
	assert.Less(t, time.Since(begun), 2*time.Second, "it does not wait for the lease")

	f, _ = join(t, fleet.Options{Conn: connect(t, s.ClientURL())})
	say(t, f, "a", "1", "begin")
	until(t, "it has a call", func() bool { return f.Metrics().Owned == 1 })
	s.Shutdown()
	assert.Error(t, f.Close(context.Background()), "it does not wait for servers that have gone")
}

// TestCloseDuringTakeover: what an instance that ends was about to take is taken by others.
func TestCloseDuringTakeover(t *testing.T) {
	t.Parallel()
	url := single(t).ClientURL()
	f, _ := join(t, fleet.Options{Conn: connect(t, url)})
	g, b := join(t, fleet.Options{Conn: connect(t, url)})
	until(t, "they know of each other", func() bool { return len(f.Status().Instances) == 2 && len(g.Status().Instances) == 2 })
	ids := haunt(t, connect(t, url), "dead", 300)
	until(t, "it takes over", func() bool { return f.Metrics().TakenOver > 0 })
	require.NoError(t, f.Close(t.Context()))
	until(t, "the other has all calls", func() bool { return has(ids, b) })
}

// TestStatusWithoutServers: it is answered, and says that it may be old.
func TestStatusWithoutServers(t *testing.T) {
	t.Parallel()
	s := single(t)
	f, _ := join(t, fleet.Options{Conn: connect(t, s.ClientURL())})
	say(t, f, "a", "1", "begin")
	until(t, "it is ready and has a call", func() bool { s := f.Status(); return s.Ready && len(s.Calls) == 1 })
	s.Shutdown()
	until(t, "it is not ready", func() bool { return !f.Status().Ready })
	r := httptest.NewRecorder()
	f.StatusHandler().ServeHTTP(r, httptest.NewRequest("GET", "/", nil))
	assert.Contains(t, r.Body.String(), `"ready":false`)
	assert.Contains(t, r.Body.String(), `"id":"a"`)
	r = httptest.NewRecorder()
	f.Health().ServeHTTP(r, httptest.NewRequest("GET", "/", nil))
	assert.Equal(t, 503, r.Code)
	assert.Contains(t, r.Body.String(), "no valid lease")
}

// TestStreamsAreMadeAnew: an instance whose streams were removed and made again by another says
// that it cannot go on, rather than to know nothing of new calls.
func TestStreamsAreMadeAnew(t *testing.T) {
	t.Parallel()
	conn := connect(t, single(t).ClientURL())
	f, _ := join(t, fleet.Options{Conn: conn})
	say(t, f, "a", "1", "begin")
	until(t, "it has a call", func() bool { return f.Metrics().Owned == 1 })
	js, err := jetstream.New(conn)
	require.NoError(t, err)
	for _, what := range []string{"calls", "log", "instances"} {
		require.NoError(t, js.DeleteStream(t.Context(), "callgen-"+what))
	}
	g, c := join(t, fleet.Options{Conn: conn})
	until(t, "the first says so", func() bool {
		r := httptest.NewRecorder()
		f.Health().ServeHTTP(r, httptest.NewRequest("GET", "/", nil))
		return r.Code == 503 && assert.ObjectsAreEqual(r.Body.String(), "not ready: the streams were made anew; start this process again\n")
	})
	for i := range 10 {
		say(t, g, fmt.Sprint("b", i), "1", "begin")
		until(t, "the second goes on", func() bool { return has([]string{fmt.Sprint("b", i)}, c) })
	}
	assert.Error(t, f.Close(t.Context()))
}

// TestLogFull: a limit of the log is kept to, and leaves room for sessions and leases.
func TestLogFull(t *testing.T) {
	t.Parallel()
	conn := connect(t, single(t).ClientURL())
	f, c := join(t, fleet.Options{Conn: conn, StoreTimeout: time.Second})
	js, err := jetstream.New(conn)
	require.NoError(t, err)
	stream, err := js.Stream(t.Context(), "callgen-log")
	require.NoError(t, err)
	config := stream.CachedInfo().Config
	config.MaxBytes = 2 << 10
	_, err = js.UpdateStream(t.Context(), config)
	require.NoError(t, err)
	assert.NoError(t, startError(t, fleet.Options{Conn: conn}), "the limit is accepted")
	say(t, f, "a", "1", "begin")
	stored := 1
	for ; err == nil && stored < 1000; stored++ {
		err = f.Append(t.Context(), "a", "", false, []byte(`{"Call":"a","Text":"more"}`))
	}
	assert.ErrorContains(t, err, "maximum bytes exceeded")
	until(t, "what was stored is handled", func() bool { return len(c.heard("a")) == stored-1 })
	_, err = c.store.Save(t.Context(), storedCall{ID: "b", Data: []byte("[]"), Expires: time.Now().Add(time.Hour)})
	assert.NoError(t, err)
	assert.True(t, f.Ready())
}
