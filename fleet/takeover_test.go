package fleet_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
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

// single starts a server that listens on loopback.
func single(t testing.TB) *server.Server {
	t.Helper()
	s, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true,
	})
	require.NoError(t, err)
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	require.True(t, s.ReadyForConnections(long))
	return s
}

// connect connects to servers.
func connect(t testing.TB, urls ...string) *nats.Conn {
	t.Helper()
	conn, err := nats.Connect(strings.Join(urls, ","), nats.MaxReconnects(-1), nats.ReconnectWait(10*time.Millisecond), nats.DontRandomize(),
		nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}))
	require.NoError(t, err)
	t.Cleanup(conn.Close)
	return conn
}

// ghost renews the lease of an instance that does nothing else, until the test ends or it is told to.
func ghost(t testing.TB, conn *nats.Conn, name string) (end func()) {
	t.Helper()
	js, err := jetstream.New(conn)
	require.NoError(t, err)
	data, err := json.Marshal(map[string]any{"instance": name, "serving": true, "lease": 2 * time.Second})
	require.NoError(t, err)
	renew := func() error { // it never expires at the servers
		_, err := js.Publish(context.Background(), "callgen.instances."+name, data)
		return err
	}
	require.NoError(t, renew())
	done := make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() {
		for {
			select {
			case <-done:
				return
			case <-time.After(100 * time.Millisecond):
				_ = renew() // the server may be away at the end
			}
		}
	})
	end = sync.OnceFunc(func() { close(done); running.Wait() })
	t.Cleanup(end)
	return end
}

// haunt stores calls of an instance that does not follow them.
func haunt(t testing.TB, conn *nats.Conn, name string, n int) (ids []string) {
	t.Helper()
	js, err := jetstream.New(conn)
	require.NoError(t, err)
	for i := range n {
		id := fmt.Sprint(name, "-", i)
		m := nats.NewMsg("callgen.calls.p" + id)
		m.Header.Set("Callgen-Kind", "session")
		m.Header.Set("Callgen-Owner", name)
		m.Header.Set("Callgen-Expires", fmt.Sprint(time.Now().Add(time.Hour).UnixNano()))
		m.Data = fmt.Appendf(nil, `[{"Position":0,"Call":%q,"Text":"begin"}]`, id)
		_, err := js.PublishMsg(t.Context(), m)
		require.NoError(t, err)
		ids = append(ids, id)
	}
	return ids
}

// has reports whether all calls are followed by one of some instances.
func has(ids []string, by ...*calls) bool {
	return !slices.ContainsFunc(ids, func(id string) bool {
		return !slices.ContainsFunc(by, func(c *calls) bool { _, ok := c.Get(id); return ok })
	})
}

// TestSilentInstance: the calls of an instance that falls silent are taken over although nothing
// tells of it. One that renews its lease keeps its calls.
func TestSilentInstance(t *testing.T) {
	t.Parallel()
	conn := connect(t, single(t).ClientURL())
	f, c := join(t, fleet.Options{Conn: conn})
	end := ghost(t, conn, "ghost")
	ids := haunt(t, conn, "ghost", 10)
	until(t, "it knows of the calls", func() bool { return len(f.Status().Calls) == len(ids) })
	time.Sleep(3 * time.Second) // longer than a lease
	assert.Zero(t, f.Metrics().TakenOver)
	end()
	until(t, "they are taken over", func() bool { return has(ids, c) })
	assert.Len(t, f.Status().Instances, 1)
}

// TestNextOwnerDoesNothing: a call that its next owner does not take over goes to the one after.
func TestNextOwnerDoesNothing(t *testing.T) {
	t.Parallel()
	conn := connect(t, single(t).ClientURL())
	f, c := join(t, fleet.Options{Conn: conn, Rebalance: -1})
	for i := range 3 {
		ghost(t, conn, fmt.Sprint("idle-", i))
	}
	until(t, "it knows of the others", func() bool { return len(f.Status().Instances) == 4 })
	ids := haunt(t, conn, "dead", 20)
	until(t, "it has all calls", func() bool { return has(ids, c) })
}

// TestLongerLease: an instance with a longer lease than that of the others is not ended before.
func TestLongerLease(t *testing.T) {
	t.Parallel()
	conn := connect(t, single(t).ClientURL())
	f, _ := join(t, fleet.Options{Conn: conn})
	js, err := jetstream.New(conn)
	require.NoError(t, err)
	begun := time.Now()
	_, err = js.Publish(t.Context(), "callgen.instances.slow", []byte(`{"instance":"slow","serving":true,"lease":6000000000}`))
	require.NoError(t, err)
	until(t, "it is there", func() bool { return len(f.Status().Instances) == 2 })
	until(t, "it has gone", func() bool { return len(f.Status().Instances) == 1 })
	assert.GreaterOrEqual(t, time.Since(begun), 6*time.Second)
}

// TestNotServing: an instance that does not serve gets no calls, and those that begin with it are
// for the others.
func TestNotServing(t *testing.T) {
	t.Parallel()
	url := single(t).ClientURL()
	first, a := join(t, fleet.Options{Conn: connect(t, url), Rebalance: 1000})
	idle, err := fleet.Start(t.Context(), fleet.Options{Conn: connect(t, url), Lease: 2 * time.Second})
	require.NoError(t, err)
	t.Cleanup(func() { _ = idle.Close(context.Background()) })
	var ids []string
	for i := range 40 {
		ids = append(ids, fmt.Sprint("call-", i))
		say(t, []*fleet.Fleet{first, idle}[i%2], ids[i], "1", "begin")
	}
	until(t, "the first has all calls", func() bool { return has(ids, a) })
	second, b := join(t, fleet.Options{Conn: connect(t, url)})
	until(t, "they know of each other", func() bool { return len(second.Status().Instances) == 3 && len(first.Status().Instances) == 3 })
	require.NoError(t, first.Close(t.Context()))
	until(t, "the second has all calls", func() bool { return has(ids, b) })
}

// TestServerOfConsumersEnds: an instance reads on soon when the server from which it reads has
// gone without a word.
func TestServerOfConsumersEnds(t *testing.T) {
	t.Parallel()
	all := startServers(t, 3)
	var urls []string
	for _, s := range all {
		urls = append(urls, s.ClientURL())
	}
	conn := connect(t, urls...) // to the first
	f, c := join(t, fleet.Options{Conn: conn, Replicas: 3})
	js, err := jetstream.New(conn)
	require.NoError(t, err)
	say(t, f, "a", "1", "begin")
	until(t, "it is heard", func() bool { return len(c.heard("a")) == 1 })
	reading := func() (leader string) {
		stream, err := js.Stream(t.Context(), "callgen-log")
		if err != nil {
			return ""
		}
		for info := range stream.ListConsumers(t.Context()).Info() {
			leader = info.Cluster.Leader
		}
		return leader
	}
	for reading() == all[0].Name() { // that is where it is connected
		stream, err := js.Stream(t.Context(), "callgen-log")
		require.NoError(t, err)
		for name := range stream.ConsumerNames(t.Context()).Name() {
			require.NoError(t, stream.DeleteConsumer(t.Context(), name))
		}
		until(t, "there is another", func() bool { return reading() != "" })
	}
	gone := reading()
	for _, s := range all {
		if s.Name() == gone {
			s.Shutdown()
			s.WaitForShutdown()
		}
	}
	begun := time.Now()
	until(t, "it is stored", func() bool {
		return f.Append(t.Context(), "a", "2", false, []byte(`{"Call":"a","Text":"more"}`)) == nil
	})
	until(t, "it is heard", func() bool { return len(c.heard("a")) == 2 })
	assert.Less(t, time.Since(begun), 9*time.Second, "the library notices after ten")
}

// TestLostRenewal: the answer to one renewal may be lost without the lease.
func TestLostRenewal(t *testing.T) {
	t.Parallel()
	s := single(t)
	between := listen(t, s.Addr().String())
	f, _ := join(t, fleet.Options{Conn: connect(t, between.URL()), Lease: 4 * time.Second})
	between.cutAt("callgen.instances.")
	until(t, "the connection was cut", func() bool { return between.cuts() == 1 })
	time.Sleep(5 * time.Second) // longer than the lease
	assert.Zero(t, f.Metrics().LostLeases)
	assert.True(t, f.Ready())
}

// TestFrozenServer: a server that does not answer any more, and does not close the connection
// either, is given up.
func TestFrozenServer(t *testing.T) {
	t.Parallel()
	s := single(t)
	between := listen(t, s.Addr().String())
	f, c := join(t, fleet.Options{Conn: connect(t, between.URL(), s.ClientURL())})
	say(t, f, "a", "1", "begin")
	between.freeze()
	until(t, "a notification is stored", func() bool {
		return f.Append(t.Context(), "a", "2", false, []byte(`{"Call":"a","Text":"more"}`)) == nil
	})
	until(t, "it is heard", func() bool { return len(c.heard("a")) == 2 })
	until(t, "it is ready", f.Ready)
}

// middle is between an instance and a server.
type middle struct {
	listener net.Listener
	to       string

	mu     sync.Mutex
	cut    string // the connection is cut when this is sent to the server
	cutted int
	frozen bool
}

func listen(t *testing.T, to string) *middle {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	m := &middle{listener: l, to: to}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go m.serve(conn)
		}
	}()
	return m
}

func (m *middle) URL() string { return "nats://" + m.listener.Addr().String() }

func (m *middle) serve(conn net.Conn) {
	defer conn.Close()
	server, err := net.Dial("tcp", m.to)
	if err != nil {
		return
	}
	defer server.Close()
	go func() {
		defer conn.Close()
		m.copy(conn, server, false)
	}()
	m.copy(server, conn, true)
}

// copy passes on what comes, unless it is cut or frozen.
func (m *middle) copy(to io.Writer, from io.Reader, requests bool) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		m.mu.Lock()
		frozen := m.frozen
		cut := requests && m.cut != "" && bytes.Contains(buffer[:n], []byte(m.cut))
		if cut {
			m.cut = ""
			m.cutted++
		}
		m.mu.Unlock()
		if err != nil || cut {
			return
		}
		if frozen {
			continue
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}

func (m *middle) cutAt(text string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.cut = text
}

func (m *middle) cuts() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.cutted
}

func (m *middle) freeze() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.frozen = true
}
