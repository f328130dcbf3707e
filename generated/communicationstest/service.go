// Package communicationstest provides a fake of the calling API of Microsoft Graph for
// tests of bots: a server on this machine, like those of package httptest. It checks every
// request against the description, keeps calls in memory, and calls the bot back.
//
// Calls are created, answered and reported as shown on the page "Create call" of the
// service's documentation, and refused as described there. Beyond that it does not simulate
// the service: a call is established as soon as it is created, and an operation completes
// at once.
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
	made     int // number of ids made
}

// Request is a request that the service received.
type Request struct {
	Method string
	Path   string // escaped, below the root: "/communications/calls"
	Query  string
	Header http.Header
	Body   []byte
	// Err says why the request does not conform to the description, nil if it does.
	Err error
}

// Option configures a service.
type Option func(*Service)

// Disordered makes the service post notifications as the real one may: out of order, and
// each of them twice. The seed makes the order repeatable.
func Disordered(seed uint64) Option { return func(s *Service) { s.courier.disorder(seed) } }

// Bot sets the name and id of the bot's application, and the id of its tenant.
func Bot(displayName, id, tenantID string) Option {
	return func(s *Service) { s.self = application{displayName, id, tenantID} }
}

// CallbackHeader adds a header to the notifications, such as Authorization.
func CallbackHeader(name, value string) Option {
	return func(s *Service) { s.courier.header.Set(name, value) }
}

// application identifies the bot.
type application struct{ name, id, tenant string }

// callingBot returns the bot of the page.
func callingBot() application {
	return application{"Calling Bot", "2891555a-92ff-42e6-80fa-6e1300c6b5c6", "aa67bd4c-8475-432d-bd41-39f255720e0a"}
}

// identity returns the bot as a set of identities.
func (a application) identity() object {
	return object{"@odata.type": "#microsoft.graph.identitySet", "application": object{
		"@odata.type": "#microsoft.graph.identity", "displayName": a.name, "id": a.id,
	}}
}

// NewService starts a service. Close it after use.
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

// Close stops the service after pending notifications are delivered.
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

// Requests returns the received requests in order.
func (s *Service) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// Problems returns the requests that did not conform to the description.
func (s *Service) Problems() []Request {
	return slices.DeleteFunc(s.Requests(), func(r Request) bool { return r.Err == nil })
}

// Handle answers the requests with a method and path by a function instead. Keys in the
// path are "{id}", as in "POST", "/communications/calls/{id}/answer". Requests are still
// checked.
func (s *Service) Handle(method, path string, f http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handlers[method+" "+path] = f
}
