package fleet_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/fleet"
)

// BenchmarkAppend stores notifications of 1.5 KB, many at once, on a server within the process.
func BenchmarkAppend(b *testing.B) {
	f, err := fleet.Start(b.Context(), fleet.Options{Dir: b.TempDir()})
	require.NoError(b, err)
	defer f.Close(b.Context())
	data := bytes.Repeat([]byte("x"), 1500)
	var n atomic.Uint64
	b.SetParallelism(20)
	b.ResetTimer()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			i := n.Add(1)
			if err := f.Append(b.Context(), fmt.Sprint("call-", i%1000), fmt.Sprint(i), false, data); err != nil {
				b.Error(err)
			}
		}
	})
}

// BenchmarkHandled stores notifications of 1.5 KB of 200 calls, 40 at once, and handles them: a
// session of 2 KiB is saved for each. It reports how long each takes from the post to its handler.
func BenchmarkHandled(b *testing.B) {
	for _, servers := range []int{1, 3} {
		for _, instances := range []int{1, 2, 4} {
			b.Run(fmt.Sprintf("servers=%d/instances=%d", servers, instances), func(b *testing.B) { handled(b, servers, instances) })
		}
	}
}

// BenchmarkTakeover takes the calls of an instance over that has fallen silent, as many as it is told
// to, and reports how long it takes from then until the last is followed. The lease is 2 seconds.
func BenchmarkTakeover(b *testing.B) {
	for _, servers := range []int{1, 3} {
		b.Run(fmt.Sprint("servers=", servers), func(b *testing.B) {
			var urls []string
			for _, s := range startServers(b, servers) {
				urls = append(urls, s.ClientURL())
			}
			f, c := join(b, fleet.Options{Conn: connect(b, urls...), Replicas: servers, Rebalance: -1})
			conn := connect(b, urls...)
			end := ghost(b, conn, "ghost")
			ids := haunt(b, conn, "ghost", b.N)
			until(b, "it knows of the calls", func() bool { return len(f.Status().Calls) == len(ids) })
			end()
			b.ResetTimer()
			until(b, "they are taken over", func() bool { return f.Metrics().TakenOver == uint64(b.N) && has(ids, c) })
			b.ReportMetric(b.Elapsed().Seconds(), "s")
		})
	}
}

// measured is a bot that saves 2 KiB for each notification.
type measured struct {
	store *fleet.CallStore[storedCall]
	took  chan time.Duration

	mu       sync.Mutex
	sessions map[string]*measuredSession
}

type measuredSession struct{ saved storedCall }

func (*measuredSession) Leave(context.Context) error { return nil }

func (m *measured) Get(id string) (*measuredSession, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.sessions[id]
	return s, ok
}

func (m *measured) Rehydrate(ctx context.Context, id string) (*measuredSession, error) {
	saved, err := m.store.Load(ctx, id)
	if err != nil {
		return nil, err
	}
	s := &measuredSession{saved}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sessions[id] = s
	return s, nil
}

// posted is the content of a notification.
type posted struct {
	Call string
	At   time.Time
	Rest string
}

func (m *measured) DeliverLogged(ctx context.Context, _ uint64, data []byte) error {
	var p posted
	if err := json.Unmarshal(data, &p); err != nil {
		return err
	}
	took := time.Since(p.At)
	s, ok := m.Get(p.Call)
	if !ok {
		s = &measuredSession{storedCall{ID: p.Call, Data: make([]byte, 2<<10)}}
		m.mu.Lock()
		m.sessions[p.Call] = s
		m.mu.Unlock()
	}
	s.saved.Expires = time.Now().Add(time.Hour)
	revision, err := m.store.Save(ctx, s.saved)
	if err != nil {
		return err
	}
	s.saved.Revision = revision
	m.took <- took
	return nil
}

func handled(b *testing.B, servers, instances int) {
	const calls, atOnce = 200, 40
	var urls []string
	for _, s := range startServers(b, servers) {
		urls = append(urls, s.ClientURL())
	}
	took := make(chan time.Duration, 1000)
	var fleets []*fleet.Fleet
	for range instances {
		conn, err := nats.Connect(strings.Join(urls, ","), nats.MaxReconnects(-1))
		require.NoError(b, err)
		defer conn.Close()
		ctx, cancel := context.WithTimeout(b.Context(), time.Minute)
		f, err := fleet.Start(ctx, fleet.Options{Conn: conn, Replicas: servers, Rebalance: -1, Logger: slog.New(slog.DiscardHandler)})
		cancel()
		require.NoError(b, err)
		m := &measured{took: took, sessions: make(map[string]*measuredSession)}
		m.store = fleet.NewCallStore[storedCall](f, fleet.StoreErrors{NotStored: errNotStored, Stored: errStored, Revision: errRevision})
		require.NoError(b, fleet.Serve(f, m))
		defer f.Close(b.Context())
		fleets = append(fleets, f)
	}
	post := func(i int, begins bool) {
		p := posted{Call: fmt.Sprint("call-", i%calls), At: time.Now(), Rest: strings.Repeat("x", 1400)}
		data, err := json.Marshal(p)
		if err == nil {
			err = fleets[i%instances].Append(b.Context(), p.Call, fmt.Sprint(i, begins), begins, data)
		}
		if err != nil {
			b.Error(err)
		}
	}
	for i := range calls {
		post(i, true)
	}
	for range calls {
		<-took
	}
	var next atomic.Int64
	b.ResetTimer()
	for range atOnce {
		go func() {
			for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
				post(int(i), false)
			}
		}()
	}
	var list []time.Duration
	for range b.N {
		list = append(list, <-took)
	}
	b.StopTimer()
	slices.Sort(list)
	ms := func(part float64) float64 {
		return float64(list[int(part*float64(len(list)-1))].Microseconds()) / 1000
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "notifications/s")
	b.ReportMetric(ms(0.5), "median-ms")
	b.ReportMetric(ms(0.99), "p99-ms")
}

// startServers starts servers that know each other, and returns them.
func startServers(b testing.TB, n int) []*server.Server {
	ports := freePorts(b, 2*n)
	var routes []*url.URL
	for i := range n {
		routes = append(routes, &url.URL{Scheme: "nats", Host: fmt.Sprint("127.0.0.1:", ports[n+i])})
	}
	var all []*server.Server
	for i := range n {
		o := &server.Options{ServerName: fmt.Sprint("s", i), Host: "127.0.0.1", Port: ports[i], JetStream: true, StoreDir: b.TempDir(), NoSigs: true, NoLog: true}
		if n > 1 {
			o.Cluster, o.Routes = server.ClusterOpts{Name: "c", Host: "127.0.0.1", Port: ports[n+i]}, routes
		}
		s, err := server.NewServer(o)
		require.NoError(b, err)
		s.Start()
		b.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
		all = append(all, s)
	}
	for _, s := range all {
		require.True(b, s.ReadyForConnections(long))
	}
	return all
}

// freePorts returns ports that nobody listens to.
func freePorts(b testing.TB, n int) []int {
	var ports []int
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(b, err)
		defer l.Close()
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports
}
