package simulator

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"time"
)

// Simulator simulates the service. Its methods are safe for concurrent use; JSON objects that
// are passed in are not kept.
type Simulator struct {
	// URL is the address of the service with its version, without a slash at the end.
	URL string

	server  *httptest.Server // nil in memory
	clock   Clock
	timing  Timing
	model   *description
	self    application
	granted map[string]bool // nil = everything
	ctx     context.Context // ends with the simulator
	stop    context.CancelFunc
	courier courier

	mu         sync.Mutex
	changed    *sync.Cond // deliveries and steps
	inMemory   bool
	latency    time.Duration
	random     *rand.Rand
	log        logbook
	requests   []Request
	bodies     int // of the requests, in bytes
	remember   int
	entities   store
	calls      map[string]*liveCall
	handlers   map[string]http.HandlerFunc
	faults     []*Fault
	callees    calleePlan
	complaints []Complaint
	recordings map[string]string // their tokens
	made       int               // ids
	waiting    int               // steps that Settle waits for
}

// Request is a request that the service got.
type Request struct {
	Method string
	Path   string // escaped, below the root: "/communications/calls"
	Query  string
	Header http.Header
	Body   []byte
	// Err says why the request does not conform to the description, nil if it does.
	Err error
}

// Option changes how a simulator works.
type Option func(*Simulator)

// Disordered makes the service post notifications as the real one may: out of order, at the
// same time, and each twice. The seed makes the order repeatable on a virtual clock and in a
// bubble of package testing/synctest.
func Disordered(seed uint64) Option {
	return func(s *Simulator) { s.courier.disorder = rand.New(rand.NewPCG(seed, seed)) }
}

// Lossy loses a part of the notifications, from 0 to 1, chosen by a seed.
func Lossy(seed uint64, part float64) Option {
	return func(s *Simulator) { s.courier.losing, s.courier.part = rand.New(rand.NewPCG(seed, seed)), part }
}

// InOrder makes the service post the notifications of a call one after the other. Without it
// they begin in order and overlap, as those of the real service do, so that the race detector
// sees what a handler does not guard.
func InOrder() Option { return func(s *Simulator) { s.courier.serial = true } }

// Bot says whose calls the service creates: the name and the id of the bot's application, and
// the id of its tenant.
func Bot(displayName, id, tenantID string) Option {
	return func(s *Simulator) { s.self = application{displayName, id, tenantID} }
}

// CallbackHeader adds a header to the notifications, such as Authorization.
func CallbackHeader(name, value string) Option {
	return func(s *Simulator) { s.courier.header.Set(name, value) }
}

// SignCallbacks calls a function for each notification before it is posted, to add a token.
func SignCallbacks(sign func(*http.Request) error) Option {
	return func(s *Simulator) { s.courier.sign = sign }
}

// AllowCallbacksTo lets the service post notifications to hosts other than this machine, such
// as "bot.contoso.com". Without it they are reported by [Simulator.Settle] and not posted.
func AllowCallbacksTo(hosts ...string) Option {
	return func(s *Simulator) { s.courier.hosts = append(s.courier.hosts, hosts...) }
}

// InMemory makes the service listen nowhere: it is reached through [Simulator.Transport], and
// reaches the handlers that [Simulator.Connect] names. Tests in a bubble of package
// testing/synctest need it, since time stands still there while somebody waits for a socket.
func InMemory() Option { return func(s *Simulator) { s.inMemory = true } }

// WithClock makes the service go by a clock.
func WithClock(c Clock) Option { return func(s *Simulator) { s.clock = c } }

// WithTiming says how long things take, [Quick] by default.
func WithTiming(t Timing) Option { return func(s *Simulator) { s.timing = t } }

// Latency is how long a request takes in memory until it arrives. What happens at one moment
// is over then, so that in a bubble of package testing/synctest it is logged in the same order
// each time. Not for a virtual clock, which a test cannot advance while it waits for an answer.
func Latency(d time.Duration) Option { return func(s *Simulator) { s.latency = d } }

// Remember says how many entries of the log and requests are kept, 100,000 by default, and of each
// at most 64 MiB of bodies.
func Remember(n int) Option { return func(s *Simulator) { s.remember = n } }

// application is who the bot is.
type application struct{ name, id, tenant string }

// callingBot is the bot of the page "Create call" of the service's documentation.
func callingBot() application {
	return application{"Calling Bot", "2891555a-92ff-42e6-80fa-6e1300c6b5c6", "aa67bd4c-8475-432d-bd41-39f255720e0a"}
}

// identity is the bot in a set of identities.
func (a application) identity() object {
	return object{"@odata.type": "#microsoft.graph.identitySet", "application": object{
		"@odata.type": "#microsoft.graph.identity", "displayName": a.name, "id": a.id,
	}}
}

// memoryAddress is the address of a service in memory, which no name server knows.
const memoryAddress = "https://graph.simulator.invalid"

// New starts a simulator of the API that a description has, under a version such as "beta".
func New(descriptionJSON, version string, opts ...Option) (*Simulator, error) {
	model, err := readDescription(descriptionJSON)
	if err != nil {
		return nil, err
	}
	s := &Simulator{
		model: model, clock: systemClock{}, timing: Quick(), self: callingBot(), calls: make(map[string]*liveCall), recordings: make(map[string]string),
		handlers: make(map[string]http.HandlerFunc), remember: 100_000, random: rand.New(rand.NewPCG(1, 1)),
	}
	s.changed = sync.NewCond(&s.mu)
	s.courier.begin()
	for _, opt := range opts {
		opt(s)
	}
	s.log.most = max(1, s.remember)
	s.ctx, s.stop = context.WithCancel(context.Background())
	address := memoryAddress
	if !s.inMemory {
		s.server = httptest.NewServer(s)
		address = s.server.URL
	}
	s.URL = address + "/" + version
	return s, nil
}

// Close stops the service, after the notifications on their way are delivered; on a virtual
// clock those that are due.
func (s *Simulator) Close() {
	s.mu.Lock()
	for _, c := range s.calls {
		s.forget(c)
	}
	s.mu.Unlock()
	s.Settle()
	s.stop()
	s.mu.Lock()
	s.drop()
	for s.courier.pending > 0 {
		s.changed.Wait()
	}
	s.mu.Unlock()
	s.courier.client.CloseIdleConnections()
	if s.server != nil {
		s.server.Close()
	}
}

// Settle waits until all notifications are delivered, and returns those that the bot did not
// take. On a clock that runs it also waits for what is on its way, such as the end of a prompt;
// on a virtual clock for what is due.
func (s *Simulator) Settle() []error {
	if c, ok := s.clock.(*VirtualClock); ok {
		c.Advance(0)
	} else {
		s.mu.Lock()
		for s.courier.pending > 0 || s.waiting > 0 {
			s.changed.Wait()
		}
		s.mu.Unlock()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.courier.failed)
}

// Advance lets time pass: it moves a virtual clock, and sleeps on one that runs, which takes no
// time in a bubble of package testing/synctest.
func (s *Simulator) Advance(d time.Duration) {
	s.mu.Lock()
	s.record(Entry{Kind: KindClock, Text: "advances by " + d.String()})
	s.mu.Unlock()
	if c, ok := s.clock.(*VirtualClock); ok {
		c.Advance(d)
		return
	}
	sleep(s.ctx, s.clock, d)
}

// Clock returns the clock that the service goes by.
func (s *Simulator) Clock() Clock { return s.clock }

// Requests returns the requests that came, in order.
func (s *Simulator) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// Problems returns the requests that did not conform to the description.
func (s *Simulator) Problems() []Request {
	return slices.DeleteFunc(s.Requests(), func(r Request) bool { return r.Err == nil })
}

// Handle answers the requests of a method and path with a function instead. Keys in the
// path are "{id}", as in "POST", "/communications/calls/{id}/answer". Requests are still
// checked before.
func (s *Simulator) Handle(method, path string, f http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handlers[method+" "+path] = f
}

// newID returns an id that no other thing has; s.mu is held.
func (s *Simulator) newID() string {
	s.made++
	return fmt.Sprintf("00000000-0000-4000-8000-%012d", s.made)
}

// errClosed is why nothing is delivered any more.
var errClosed = errors.New("the simulator is closed")
