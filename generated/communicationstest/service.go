// Package communicationstest has a fake of the calling API of Microsoft Graph, for the
// tests of bots: a server on this machine, as package httptest has them. It checks
// every request against the description, keeps calls in memory, and calls the bot back.
//
// Calls are created, answered and reported as the page "Create call" of the service's
// documentation shows it, and refused where it says so. It is no simulation of the service
// beyond that: a call is established as soon as it is made, and an operation completes at
// once.
package communicationstest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"

	"github.com/callgen/callgen/generated/communications"
	"github.com/callgen/callgen/spec"
	"github.com/callgen/callgen/spec/edm"
)

// Service is a fake of the service. Its methods are safe for concurrent use.
type Service struct {
	// URL is the address of the service with its version, without a slash at the end.
	URL string

	server  *httptest.Server
	model   *edm.Model
	courier *courier
	self    application
	granted map[string]bool // nil = everything

	mu       sync.Mutex
	requests []Request
	entities store
	rosters  map[string]*int64 // the last number of each call's roster
	handlers map[string]http.HandlerFunc
	faults   []*Fault
	made     int // ids
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

// Option changes how a service works.
type Option func(*Service)

// Disordered makes the service post notifications as the real one may: out of order,
// and each twice. The seed makes the order repeatable.
func Disordered(seed uint64) Option { return func(s *Service) { s.courier.disorder(seed) } }

// Bot says whose calls the service creates: the name and the id of the bot's application, and
// the id of its tenant.
func Bot(displayName, id, tenantID string) Option {
	return func(s *Service) { s.self = application{displayName, id, tenantID} }
}

// CallbackHeader adds a header to the notifications, such as Authorization.
func CallbackHeader(name, value string) Option {
	return func(s *Service) { s.courier.header.Set(name, value) }
}

// application is who the bot is.
type application struct{ name, id, tenant string }

// callingBot is the bot of the page.
func callingBot() application {
	return application{"Calling Bot", "2891555a-92ff-42e6-80fa-6e1300c6b5c6", "aa67bd4c-8475-432d-bd41-39f255720e0a"}
}

// identity is the bot in a set of identities.
func (a application) identity() object {
	return object{"@odata.type": "#microsoft.graph.identitySet", "application": object{
		"@odata.type": "#microsoft.graph.identity", "displayName": a.name, "id": a.id,
	}}
}

// NewService starts a service. It must be closed.
func NewService(opts ...Option) (*Service, error) {
	model, err := spec.Communications()
	if err != nil {
		return nil, err
	}
	s := &Service{
		model: model, courier: newCourier(), self: callingBot(), rosters: make(map[string]*int64), handlers: make(map[string]http.HandlerFunc),
	}
	for _, opt := range opts {
		opt(s)
	}
	s.server = httptest.NewServer(http.HandlerFunc(s.serve))
	s.URL = s.server.URL + "/beta"
	s.courier.start()
	return s, nil
}

// Close stops the service, after the notifications on their way are delivered.
func (s *Service) Close() {
	s.courier.stop()
	s.server.Close()
}

// Client returns a client of the service.
func (s *Service) Client(opts ...communications.ClientOption) *communications.Client {
	tokens := communications.TokenSourceFunc(func(context.Context, string) (string, error) { return "fake", nil })
	return communications.NewClient(tokens, append([]communications.ClientOption{
		communications.WithBaseURL(s.URL), communications.WithHTTPClient(s.server.Client()),
	}, opts...)...)
}

// Requests returns the requests that came, in order.
func (s *Service) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// Problems returns the requests that did not conform to the description.
func (s *Service) Problems() []Request {
	return slices.DeleteFunc(s.Requests(), func(r Request) bool { return r.Err == nil })
}

// Handle answers the requests of a method and path with a function instead. Keys in the
// path are "{id}", as in "POST", "/communications/calls/{id}/answer". Requests are still
// checked before.
func (s *Service) Handle(method, path string, f http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handlers[method+" "+path] = f
}
