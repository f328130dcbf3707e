//go:build unix

package fleet

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/fleet"
	"github.com/callgen/callgen/generated/communications"
	"github.com/callgen/callgen/generated/communicationstest"
)

var (
	soak = flag.Int("soak", 1, "how many seeds TestChaos tries")
	seed = flag.Uint64("seed", 1, "the first of them")
)

// TestMain runs the tests, or a bot that they have started as a process of its own.
func TestMain(m *testing.M) {
	if os.Getenv("FLEET_TEST_SERVERS") == "" {
		os.Exit(m.Run())
	}
	if err := runBot(os.Getenv("FLEET_TEST_SERVERS"), os.Getenv("FLEET_TEST_SERVICE")); err != nil {
		fmt.Println("failed", err)
		os.Exit(1)
	}
}

// runBot runs a bot until its input ends.
func runBot(servers, service string) error {
	conn, err := nats.Connect(servers, nats.MaxReconnects(-1), nats.RetryOnFailedConnect(true), nats.ReconnectWait(100*time.Millisecond),
		nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}))
	if err != nil {
		return err
	}
	log := slog.New(slog.DiscardHandler)
	ctx, cancel := context.WithTimeout(context.Background(), long)
	defer cancel()
	f, err := fleet.Start(ctx, fleet.Options{Conn: conn, Lease: 2 * time.Second, Logger: log})
	if err != nil {
		return err
	}
	tokens := communications.TokenSourceFunc(func(context.Context, string) (string, error) { return "simulated", nil })
	client := communications.NewClient(tokens, communications.WithBaseURL(service))
	b := newBot(f, client, callback, communications.AllowUnverified(), log)
	b.resumed = func(s *communications.CallSession, r *communications.CallResume) {
		fmt.Println("uncertain", s.ID()+"subscribeToTone") // it may be sent again
		for _, o := range r.Uncertain {
			fmt.Println("uncertain", s.ID()+o.Action())
		}
	}
	if err := fleet.Serve(f, b.Calls); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go func() { _ = http.Serve(listener, b.Handler) }()
	fmt.Println("listening http://" + listener.Addr().String())
	_, _ = io.Copy(io.Discard, os.Stdin)
	return nil
}

// process is a bot in a process of its own.
type process struct {
	*exec.Cmd
	stdin io.Closer
	to    *httputil.ReverseProxy
}

// spawn starts a bot as a process.
func (w *world) spawn(servers string) *process {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "FLEET_TEST_SERVERS="+servers, "FLEET_TEST_SERVICE="+w.service.URL)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	require.NoError(w.t, err)
	stdout, err := cmd.StdoutPipe()
	require.NoError(w.t, err)
	require.NoError(w.t, cmd.Start())
	listening := make(chan string, 1)
	go func() {
		for lines := bufio.NewScanner(stdout); lines.Scan(); {
			what, of, _ := strings.Cut(lines.Text(), " ")
			switch what {
			case "listening":
				listening <- of
			case "uncertain":
				w.note(of)
			default:
				fmt.Println(lines.Text())
			}
		}
		close(listening)
	}()
	address, err := url.Parse(<-listening)
	require.NoError(w.t, err)
	p := &process{Cmd: cmd, stdin: stdin, to: httputil.NewSingleHostReverseProxy(address)}
	p.to.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	p.to.Transport = &http.Transport{ResponseHeaderTimeout: 2 * time.Second} // a stopped one does not answer
	return p
}

func (p *process) end() {
	_ = p.Process.Signal(syscall.SIGCONT)
	_ = p.Process.Kill()
	_ = p.Wait()
}

// TestChaos: bots are processes that are killed, or stopped for longer than a lease and continued,
// and the server goes and comes. Every call ends as it should, and nothing is sent twice
// but what was reported as uncertain.
func TestChaos(t *testing.T) {
	for s := *seed; s < *seed+uint64(*soak); s++ {
		t.Run(fmt.Sprint(s), func(t *testing.T) { chaos(t, s) })
	}
}

func chaos(t *testing.T, seed uint64) {
	random := rand.New(rand.NewPCG(seed, seed))
	service, err := communicationstest.NewService(communicationstest.Disordered(seed), communicationstest.WithTiming(patient()))
	require.NoError(t, err)
	options := server.Options{Host: "127.0.0.1", Port: -1, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true}
	s := startServer(t, options)
	options.Port = s.Addr().(*net.TCPAddr).Port
	w := &world{t: t, service: service, server: s, allowed: make(map[string]int)}
	var mu sync.Mutex
	bots := []*process{w.spawn(s.ClientURL()), w.spawn(s.ClientURL()), w.spawn(s.ClientURL())}
	service.Connect(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		mu.Lock()
		b := bots[int(w.next.Add(1))%len(bots)]
		mu.Unlock()
		b.to.ServeHTTP(rw, r)
	}))
	defer func() {
		for _, b := range bots {
			b.end()
		}
		service.Close()
		w.server.Shutdown()
		w.server.WaitForShutdown()
	}()
	w.stories(30, func() {
		for range 4 {
			i := random.IntN(len(bots))
			switch random.IntN(3) {
			case 0:
				bots[i].end()
				fresh := w.spawn(w.server.ClientURL())
				mu.Lock()
				bots[i] = fresh
				mu.Unlock()
			case 1:
				_ = bots[i].Process.Signal(syscall.SIGSTOP)
				time.Sleep(3 * time.Second) // longer than a lease
				_ = bots[i].Process.Signal(syscall.SIGCONT)
			case 2:
				w.server.Shutdown()
				w.server.WaitForShutdown()
				time.Sleep(time.Second)
				w.server = startServer(t, options)
			}
			time.Sleep(time.Duration(random.IntN(1000)) * time.Millisecond)
		}
	})
}

// patient is a timing in which calls last until they are over.
func patient() communicationstest.Timing {
	timing := communicationstest.Quick()
	timing.Prompt, timing.Retry, timing.Unanswered = 300*time.Millisecond, 200*time.Millisecond, 10*time.Minute
	return timing
}

func startServer(t *testing.T, options server.Options) *server.Server {
	s, err := server.NewServer(&options)
	require.NoError(t, err)
	s.Start()
	require.True(t, s.ReadyForConnections(long))
	return s
}
