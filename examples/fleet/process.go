package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/callgen/callgen/fleet"
	"github.com/callgen/callgen/generated/communications"
)

// callback is the address that the service posts notifications to: the proxy's.
const callback = "https://bot.contoso.com/callback"

// Variables of the environment of an instance that is a process of its own.
const (
	envName      = "FLEET_NAME"
	envServers   = "FLEET_SERVERS"
	envService   = "FLEET_SERVICE"
	envLease     = "FLEET_LEASE"
	envKeepAlive = "FLEET_KEEPALIVE"
	envLevel     = "FLEET_LEVEL" // of the log, by default DEBUG
)

// runBot is an instance in a process of its own. It hands its calls over and ends when its input
// does. What it logs it writes to out.
func runBot(in io.Reader, out io.Writer) error {
	signal.Ignore(os.Interrupt) // it is for who has started this process
	level := slog.LevelDebug
	_ = level.UnmarshalText([]byte(os.Getenv(envLevel))) // or the default
	log := slog.New(slog.NewJSONHandler(out, &slog.HandlerOptions{Level: level}))
	conn, err := nats.Connect(os.Getenv(envServers), nats.MaxReconnects(-1), nats.RetryOnFailedConnect(true),
		nats.ReconnectWait(100*time.Millisecond), nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}))
	if err != nil {
		return err
	}
	defer conn.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	lease, _ := time.ParseDuration(os.Getenv(envLease)) // or the default
	keepAlive, _ := time.ParseDuration(os.Getenv(envKeepAlive))
	servers := strings.Count(os.Getenv(envServers), ",") + 1
	f, err := fleet.Start(ctx, fleet.Options{Conn: conn, Instance: os.Getenv(envName), Replicas: servers, Lease: lease, Logger: log})
	if err != nil {
		return err
	}
	tokens := communications.TokenSourceFunc(func(context.Context, string) (string, error) { return "simulated", nil })
	client := communications.NewClient(tokens, communications.WithBaseURL(os.Getenv(envService)))
	b := newBot(f, client, callback, communications.AllowUnverified(), log, keepAlive)
	if err := fleet.Serve(f, loggedCalls{b.Calls, b.log}); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/callback", b.Handler)
	mux.Handle("/health", f.Health())
	mux.Handle("/status", f.StatusHandler())
	mux.HandleFunc("/metrics", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, f.String()) })
	s := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.Serve(listener) }()
	b.log.Info("listening", "address", "http://"+listener.Addr().String())
	_, _ = io.Copy(io.Discard, in)
	ctx, cancel = context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return errors.Join(s.Shutdown(ctx), b.Close(ctx))
}

// loggedCalls logs the notifications that sessions have got.
type loggedCalls struct {
	*communications.Calls
	log *slog.Logger
}

func (c loggedCalls) DeliverLogged(ctx context.Context, position uint64, data []byte) error {
	err := c.Calls.DeliverLogged(ctx, position, data)
	if err == nil {
		var stored struct {
			Origin       communications.CallbackOrigin
			Notification struct{ ResourceURL string }
		}
		_ = json.Unmarshal(data, &stored) // or it is logged without
		c.log.Debug("notification handled", "position", position, "notification", stored.Origin.Message())
	}
	return err
}

// line is what an instance logs, as far as somebody looks at it.
type line struct {
	Time  time.Time `json:"time"`
	Level string    `json:"level"`
	Text  string    `json:"msg"`

	Instance     string    `json:"instance"`
	Address      string    `json:"address"`
	Call         string    `json:"call"`
	From         string    `json:"from"` // the former owner of a call
	To           string    `json:"to"`   // the next one
	Action       string    `json:"action"`
	Err          string    `json:"err"`
	Actions      []string  `json:"actions"` // uncertain ones
	Notification string    `json:"notification"`
	Subject      string    `json:"subject"`
	Stored       string    `json:"message"`
	Position     uint64    `json:"position"`
	Again        bool      `json:"again"`
	Revision     uint64    `json:"revision"` // of a lease
	Renewed      time.Time `json:"renewed"`
	Until        time.Time `json:"until"`
}

// process is an instance in a process of its own.
type process struct {
	*exec.Cmd
	name     string // as it was asked for
	instance string // as the fleet calls it
	address  string
	stdin    io.Closer
	proxy    *httputil.ReverseProxy
	done     chan struct{} // closed when its output has ended
}

// spawn starts an instance, which is this program again, and waits until it listens. Each line
// that it logs is passed to a function.
func spawn(name string, environment []string, saw func(line)) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p := &process{Cmd: exec.Command(self, "bot"), name: name, done: make(chan struct{})}
	p.Env = append(append(os.Environ(), environment...), envName+"="+name)
	p.Stderr = os.Stderr
	if p.stdin, err = p.StdinPipe(); err != nil {
		return nil, err
	}
	stdout, err := p.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.Start(); err != nil {
		return nil, err
	}
	listening := make(chan line, 1)
	go func() {
		defer close(p.done)
		defer close(listening)
		lines := bufio.NewReader(stdout)
		for {
			text, err := lines.ReadBytes('\n')
			if err != nil {
				return
			}
			var l line
			if json.Unmarshal(text, &l) != nil {
				continue
			}
			if l.Text == "listening" {
				listening <- l
			}
			saw(l)
		}
	}()
	first, ok := <-listening
	if !ok {
		return nil, cmp.Or(p.Wait(), fmt.Errorf("%s does not start", name))
	}
	p.instance, p.address = first.Instance, first.Address
	to, err := url.Parse(p.address)
	if err != nil {
		return nil, err
	}
	p.proxy = httputil.NewSingleHostReverseProxy(to)
	p.proxy.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	p.proxy.Transport = &http.Transport{ResponseHeaderTimeout: 6 * time.Second} // a stopped one does not answer
	return p, nil
}

// kill ends a process at once.
func (p *process) kill() {
	_ = p.goOn()
	_ = p.Process.Kill()
	p.wait()
}

// leave lets an instance hand its calls over and end.
func (p *process) leave() {
	_ = p.stdin.Close()
	p.wait()
}

func (p *process) wait() {
	<-p.done
	_ = p.Wait() // however it has ended
}
