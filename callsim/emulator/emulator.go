// Package emulator runs the simulator of the calling API for bots that are other processes, in
// any language: at an address, with an issuer that signs notifications, by a clock that can be
// stopped and moved on. What people and networks do are the steps of scenarios.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package emulator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/callgen/callgen/callsim"
	sim "github.com/callgen/callgen/generated/communicationstest"
)

// Options say how an emulator works; their zero value is a good one.
type Options struct {
	Listen   string   // host to listen at, "127.0.0.1" by default
	Port     int      // of the API; 0 for a free one
	Names    []string // other names of the host
	Callback string   // where the bot is told of incoming calls
	AppID    string   // of the bot
	Tenant   string   // of the bot
	Seed     uint64   // of the disorder of notifications; 0 = in order, and once
	Limits   float64  // by which the service's limits are multiplied; 0 = as they are
}

// Defaults.
const (
	DefaultCallback = "http://127.0.0.1:8080/callback"
	DefaultApp      = "2891555a-92ff-42e6-80fa-6e1300c6b5c6"
	DefaultTenant   = "aa67bd4c-8475-432d-bd41-39f255720e0a"
)

const (
	maxBody = 4 << 20
	keep    = 20_000 // entries of the log
)

// Emulator is a simulator at an address. Its methods are safe for concurrent use.
type Emulator struct {
	Address  string // of the API, without its version: http://127.0.0.1:8350
	Callback string
	AppID    string
	Tenant   string

	options Options
	issuer  *Issuer
	server  *http.Server
	now     atomic.Pointer[run]
	onWay   atomic.Int64 // notifications that the bot has not answered
}

// run is one simulation: [Emulator.Reset] begins another one.
type run struct {
	service  *sim.Service
	clock    *Clock
	timeline *Timeline
	unwatch  func()

	plays  atomic.Bool // a scenario, for whose time the player is busy
	mu     sync.Mutex  // the player's
	player *callsim.Player
	record *recording
}

// Start starts an emulator. It must be closed.
func Start(o Options) (*Emulator, error) {
	o.Listen, o.Callback = cmp.Or(o.Listen, "127.0.0.1"), cmp.Or(o.Callback, DefaultCallback)
	e := &Emulator{Callback: o.Callback, AppID: cmp.Or(o.AppID, DefaultApp), Tenant: cmp.Or(o.Tenant, DefaultTenant), options: o}
	if u, err := url.Parse(o.Callback); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("the callback %q is no address: write it like %s", o.Callback, DefaultCallback)
	}
	var err error
	if e.issuer, err = NewIssuer(e.AppID, e.Tenant); err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", net.JoinHostPort(o.Listen, fmt.Sprint(o.Port)))
	if err != nil {
		return nil, err
	}
	e.Address = "http://" + l.Addr().String()
	if err := e.Reset(); err != nil {
		l.Close()
		return nil, err
	}
	mux := http.NewServeMux()
	e.issuer.register(mux, e.Address)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { e.now.Load().service.ServeHTTP(w, r) })
	e.server = &http.Server{Handler: Guard(mux, l.Addr().String(), o.Names, maxBody), ReadHeaderTimeout: 10 * time.Second, MaxHeaderBytes: 64 << 10}
	go func() { _ = e.server.Serve(l) }() // ends at Close
	return e, nil
}

// Reset ends all calls without a word and begins anew, with more options of the simulator.
func (e *Emulator) Reset(opts ...sim.Option) error {
	clock := NewClock()
	u, err := url.Parse(e.Callback)
	if err != nil {
		return err
	}
	all := []sim.Option{
		sim.InMemory(), sim.InOrder(), sim.WithClock(clock), sim.WithTiming(e.limited(sim.Lifelike())), sim.Remember(keep), sim.SignCallbacks(e.issuer.Sign),
		sim.Bot("Calling Bot", e.AppID, e.Tenant), sim.AllowCallbacksTo(u.Host),
	}
	if e.options.Seed > 0 {
		all = append(all, sim.Disordered(e.options.Seed))
	}
	service, err := sim.NewService(append(all, opts...)...)
	if err != nil {
		return err
	}
	service.URL = e.URL()
	r := &run{service: service, clock: clock, timeline: newTimeline(service)}
	r.player = &callsim.Player{Service: service, Callback: e.Callback, Pace: callsim.Pace{Advance: e.advance, Settle: e.settle}}
	r.unwatch = service.Watch(func(entry sim.Entry) {
		switch entry.Kind {
		case sim.KindNotification:
			e.onWay.Add(1)
		case sim.KindDelivery:
			e.onWay.Add(-1)
		}
		r.timeline.add(entry)
	})
	e.onWay.Store(0)
	if last := e.now.Swap(r); last != nil {
		last.end()
	}
	return nil
}

// limited is a timing with the limits that the options ask for.
func (e *Emulator) limited(t sim.Timing) sim.Timing {
	if e.options.Limits > 0 {
		return t.ScaledLimits(e.options.Limits)
	}
	return t
}

// end ends a simulation. What is on its way by its clock is not waited for.
func (r *run) end() {
	r.unwatch()
	r.clock.Go()
	go r.service.Close() // waits for bots that answer late
}

// URL is the address of the API with its version, which a bot calls.
func (e *Emulator) URL() string { return e.Address + "/beta" }

// Metadata is the address of the issuer's OpenID document.
func (e *Emulator) Metadata() string { return e.Address + MetadataPath }

// Service returns the simulator.
func (e *Emulator) Service() *sim.Service { return e.now.Load().service }

// Timeline returns what has happened.
func (e *Emulator) Timeline() *Timeline { return e.now.Load().timeline }

// Clock returns the clock that the simulator goes by.
func (e *Emulator) Clock() *Clock { return e.now.Load().clock }

// Do does a step of a scenario, which is recorded if a recording is on.
func (e *Emulator) Do(ctx context.Context, s *callsim.Step) error {
	r := e.now.Load()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.record.before(r)
	err := r.player.Do(ctx, s)
	if err == nil {
		r.record.add(*s)
	}
	return err
}

// Number returns the number of a call in steps, 0 while a scenario is played.
func (e *Emulator) Number(callID string) int {
	r := e.now.Load()
	if r.plays.Load() {
		return 0
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.player.Number(callID)
}

// Complaints returns what is wrong with the bot.
func (e *Emulator) Complaints() []sim.Complaint {
	r := e.now.Load()
	if r.plays.Load() {
		return r.service.Complaints()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.player.Complaints()
}

// short times pass as they do; longer ones at once.
const short = 100 * time.Millisecond

// advance lets time pass.
func (e *Emulator) advance(d time.Duration) {
	c := e.now.Load().clock
	if d <= short && !c.Stands() {
		time.Sleep(d)
		return
	}
	c.Advance(d, e.settle)
	e.now.Load().timeline.clock("moves on by " + d.String())
}

// settle waits a little until the bot has answered what it was told, and does what it does then.
func (e *Emulator) settle() {
	const turn, turns = 2 * time.Millisecond, 100
	for range turns {
		time.Sleep(turn)
		if e.onWay.Load() <= 0 {
			return
		}
	}
}

// Halt stops the clock, or lets it go on.
func (e *Emulator) Halt(stands bool) {
	r := e.now.Load()
	if stands {
		r.clock.Halt()
		r.timeline.clock("stands")
		return
	}
	r.clock.Go()
	r.timeline.clock("goes on")
}

// Play plays a scenario in a simulation of its own with the bot at the callback address.
func (e *Emulator) Play(ctx context.Context, s *callsim.Scenario) error {
	opts := []sim.Option{sim.WithTiming(e.limited(s.Times()))}
	if s.Granted != nil {
		opts = append(opts, sim.Granted(s.Granted...))
	}
	if err := e.Reset(opts...); err != nil {
		return err
	}
	r := e.now.Load()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.plays.Store(true)
	defer r.plays.Store(false)
	return r.player.Play(ctx, s)
}

// WaitForBot waits until something listens at the callback address.
func (e *Emulator) WaitForBot(ctx context.Context) error {
	u, err := url.Parse(e.Callback)
	if err != nil {
		return err
	}
	port := cmp.Or(u.Port(), map[string]string{"https": "443"}[u.Scheme], "80")
	for {
		c, err := new(net.Dialer).DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
		if err == nil {
			return c.Close()
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return fmt.Errorf("no bot listens at %s: start it, or name its address with --callback: %w", e.Callback, err)
		}
	}
}

// Open lists the calls that have not ended, in words.
func (e *Emulator) Open() []string {
	var open []string
	for _, id := range e.Service().Calls() {
		if call, ok := e.Service().Simulator.Call(id); ok {
			open = append(open, fmt.Sprintf("call %d (%s) is %v", e.Number(id), id, call["state"]))
		}
	}
	return open
}

// Close stops the emulator. Calls that are open end without a word.
func (e *Emulator) Close() error {
	err := e.server.Close()
	e.now.Load().end()
	if errors.Is(err, http.ErrServerClosed) || err != nil && strings.Contains(err.Error(), "use of closed") {
		return nil
	}
	return err
}
