package session

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"sync"

	"github.com/callgen/callgen/templates/runtime/callback"
	"github.com/callgen/callgen/templates/runtime/client"
	"github.com/callgen/callgen/templates/runtime/inbound"
	"github.com/callgen/callgen/templates/runtime/model"
)

// Calls holds the sessions of a bot's calls. Create it with [NewCalls]; its methods are safe for
// concurrent use. The On methods that it shares with [CallSession] are for all calls.
type Calls struct {
	callFunctions
	sessions registry[func(context.Context, *CallSession)]
	incoming registry[func(context.Context, *CallSession)]
	resumed  registry[func(context.Context, *CallSession, *CallResume)]

	client  *client.Client
	options CallsOptions
	nonce   string // tells the intents of this process from those of others
	ctx     context.Context
	cancel  context.CancelCauseFunc
	running sync.WaitGroup

	mu       sync.Mutex
	byKey    map[string]*CallSession
	ended    []string      // keys of the last ones
	creating int           // calls whose ids are not known yet
	created  chan struct{} // closed when one of them is
	closing  bool
	closed   bool
}

// mostEndedCalls is how many ended calls are remembered, for late notifications of them.
const mostEndedCalls = 4096

// NewCalls returns the sessions of a bot, which acts through a client and hears from a handler.
// With a nil handler notifications are passed to [Calls.Deliver], such as by those who keep them
// in a log first.
//
// Register functions before the handler is served.
func NewCalls(c *client.Client, handler *callback.NotificationHandler, options CallsOptions) *Calls {
	calls := &Calls{
		client: c, options: options.withDefaults(), nonce: rand.Text()[:8],
		byKey: make(map[string]*CallSession), created: make(chan struct{}),
	}
	calls.ctx, calls.cancel = context.WithCancelCause(context.Background())
	if handler != nil {
		callback.OnWhole(handler, calls.Deliver)
	}
	return calls
}

// OnSession adds a function that is called for each session that begins in this process, before
// any of its events: register the functions for its events there. It returns a function that
// removes it again.
func (c *Calls) OnSession(f func(ctx context.Context, s *CallSession)) (remove func()) {
	if f == nil {
		return func() {}
	}
	return c.sessions.add(f)
}

// OnIncoming adds a function that is called for each incoming call, to answer, reject or redirect
// it, which the service awaits within 15 seconds. A dialogue that follows is best put into
// [CallSession.Go]. It returns a function that removes it again.
func (c *Calls) OnIncoming(f func(ctx context.Context, s *CallSession)) (remove func()) {
	if f == nil {
		return func() {}
	}
	return c.incoming.add(f)
}

// OnResume adds a function that is called for each session that another process began, after the
// functions of OnSession and before any event. It returns a function that removes it again.
func (c *Calls) OnResume(f func(ctx context.Context, s *CallSession, r *CallResume)) (remove func()) {
	if f == nil {
		return func() {}
	}
	return c.resumed.add(f)
}

// Create creates a call and returns its session. The notifications of the call that arrive before
// the service's answer wait for it.
//
// If the error wraps [ErrCallUncertain], because the answer was lost, the call may exist. Its notifications
// are then about an unknown call, which CallsOptions.OnError gets with its id: [Calls.Rehydrate]
// takes it up. Create is never repeated by the session, since the service would make a second call.
func (c *Calls) Create(ctx context.Context, call *model.Call, opts ...client.RequestOption) (*CallSession, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx) // and it is certain that nothing was sent
	}
	c.mu.Lock()
	if c.closing {
		c.mu.Unlock()
		return nil, ErrCallLeft
	}
	c.creating++
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		c.creating--
		close(c.created)
		c.created = make(chan struct{})
		c.mu.Unlock()
	}()
	data, err := client.FetchAt(ctx, c.client, http.MethodPost, "/communications/calls", call, opts)
	if err != nil && !refusedForCertain(err) {
		return nil, fmt.Errorf("%w: %w", ErrCallUncertain, err)
	}
	if err != nil {
		return nil, err
	}
	var m members
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("the created call: %w", err)
	}
	var id string
	if json.Unmarshal(m["id"], &id) != nil || id == "" {
		return nil, errors.New("the service did not say the id of the created call")
	}
	return c.start(ctx, id, m)
}

// start starts the session of a call that was created.
func (c *Calls) start(ctx context.Context, id string, m members) (*CallSession, error) {
	s := newSession(c, id)
	s.working = true // not yet
	c.mu.Lock()
	other, there := c.byKey[s.key]
	if !there {
		c.byKey[s.key] = s
	}
	closing := c.closing
	c.mu.Unlock()
	if there { // it was created before, and the service says so again
		s.end(ErrCallLeft)
		return other.taken(ctx)
	}
	if closing { // meanwhile
		s.working = false
		s.leave(ErrCallLeft)
		return nil, fmt.Errorf("the call %s is created: %w", id, ErrCallLeft)
	}
	err := s.changeAlways(context.WithoutCancel(ctx), func() error {
		err := s.applyMembers(m)
		s.mailbox = nil // who creates a call knows
		s.keepAliveFrom(c.options.KeepAlive)
		return err
	})
	s.mu.Lock()
	s.working = false
	s.wake()
	s.mu.Unlock()
	if err != nil {
		return s, fmt.Errorf("the call %s is created, but its session cannot be saved: %w", id, err)
	}
	return s, nil
}

// Get returns the session of a call in this process.
func (c *Calls) Get(id string) (*CallSession, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, ok := c.byKey[sameKey(id)]
	return s, ok
}

// All returns the sessions in this process, ordered by id.
func (c *Calls) All() []*CallSession {
	c.mu.Lock()
	defer c.mu.Unlock()
	var list []*CallSession
	for _, key := range slices.Sorted(maps.Keys(c.byKey)) {
		list = append(list, c.byKey[key])
	}
	return list
}

// Deliver passes a notification to its session and returns when it is saved there; the program's
// functions are called afterwards. [NewCalls] has a handler call it. An error means that it must be
// delivered again: it wraps [ErrNotificationBusy] or [ErrNotificationShutdown].
//
// A session applies notifications in the order in which they are delivered. Those with an
// Origin.Position are applied only if it is higher than that of the last one, which is saved with
// the session.
func (c *Calls) Deliver(ctx context.Context, e *callback.CallbackEvent) error {
	id := e.Resource.CallID
	if id == "" {
		return nil // the handler has reported it
	}
	key := sameKey(id)
	for {
		c.mu.Lock()
		s, created, creating, closing := c.byKey[key], c.created, c.creating > 0, c.closing
		ended := s == nil && slices.Contains(c.ended, key)
		c.mu.Unlock()
		call, isNew := incomingCall(e)
		switch {
		case closing:
			return callback.ErrNotificationShutdown
		case s != nil:
			return s.deliver(ctx, e)
		case ended:
			return nil
		case isNew:
			return c.begin(ctx, id, e, call)
		case creating:
			select {
			case <-created:
				continue
			case <-ctx.Done():
				return fmt.Errorf("%w: a call is being created: %w", callback.ErrNotificationBusy, context.Cause(ctx))
			}
		}
		return c.resumeFor(ctx, id, e)
	}
}

// incomingCall returns the call of the first notification of an incoming call.
func incomingCall(e *callback.CallbackEvent) (*model.Call, bool) {
	if isState(e.ChangeType, "deleted") || e.Resource.Collection != "" {
		return nil, false
	}
	for _, v := range e.Values {
		if call, ok := v.(*model.Call); ok && call != nil && isState(factsOf[callFacts](call).State, stateIncoming) {
			return call, true
		}
	}
	return nil, false
}

// begin begins a session with an incoming call, unless it belongs elsewhere.
func (c *Calls) begin(ctx context.Context, id string, e *callback.CallbackEvent, call *model.Call) error {
	if c.options.Elsewhere != nil {
		to, err := c.options.Elsewhere(ctx, call)
		if err != nil {
			return err
		}
		if to != "" {
			return redirectTo(to)
		}
	}
	c.mu.Lock()
	s, ok := c.byKey[sameKey(id)]
	if !ok {
		s = newSession(c, id)
		c.byKey[s.key] = s
	}
	c.mu.Unlock()
	err := s.deliver(ctx, e)
	if errors.Is(s.Err(), ErrCallStored) { // a process before this one has seen it
		return c.resumeFor(ctx, id, e)
	}
	return err
}

// redirectTo returns the error that sends the service to a URL.
func redirectTo(to string) error {
	u, err := url.Parse(to)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return fmt.Errorf("CallsOptions.Elsewhere returned %q, which is not an absolute URL", to)
	}
	return &callback.CallbackRedirect{URL: to}
}

// resumeFor delivers a notification of a call that has no session in this process.
func (c *Calls) resumeFor(ctx context.Context, id string, e *callback.CallbackEvent) error {
	if c.options.Store == nil {
		c.report(ctx, id, ErrCallUnknown)
		return nil
	}
	s, err := c.take(ctx, id, true)
	if errors.Is(err, ErrCallNotStored) {
		c.report(ctx, id, ErrCallUnknown)
		return nil
	}
	if err != nil {
		return fmt.Errorf("%w: the call cannot be taken up: %w", callback.ErrNotificationBusy, err)
	}
	return s.deliver(ctx, e)
}

// release forgets a session, whose events are all handled or left to others.
func (c *Calls) release(s *CallSession) {
	_ = s.take(context.Background()) // a save may be under way
	s.mu.Lock()
	ended, left, revision := s.ended != nil, s.left, s.revision
	s.mu.Unlock()
	if ended && left == nil {
		c.mu.Lock()
		c.ended = append(c.ended, s.key)
		c.ended = c.ended[max(0, len(c.ended)-mostEndedCalls):]
		c.mu.Unlock()
	}
	c.forget(s)
	if ended && left == nil && c.options.Store != nil && revision != 0 {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(c.ctx), saveTimeout)
		if err := containedError(func() error { return c.options.Store.Delete(ctx, s.key, revision) }); err != nil {
			c.report(ctx, s.id, fmt.Errorf("the session of a call that has ended cannot be deleted: %w", err))
		}
		cancel()
	}
	s.yield()
	close(s.done)
}

// forget makes room for another session of the same call.
func (c *Calls) forget(s *CallSession) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byKey[s.key] == s {
		delete(c.byKey, s.key)
	}
}

// Close ends all sessions in this process. It refuses further notifications with 503 and leaves
// the calls to a successor, or hangs up, as CallsOptions.HangUpOnClose says. Running functions are
// waited for; if ctx ends first their contexts are cancelled, and Close returns ctx's error.
func (c *Calls) Close(ctx context.Context) error {
	c.mu.Lock()
	c.closing = true
	c.mu.Unlock()
	var closing sync.WaitGroup
	var mu sync.Mutex
	var failed []error
	places := make(chan struct{}, 16)
	for _, s := range c.All() {
		places <- struct{}{}
		closing.Go(func() {
			defer func() { <-places }()
			if err := c.closeSession(ctx, s); err != nil {
				mu.Lock()
				failed = append(failed, fmt.Errorf("call %s: %w", s.id, err))
				mu.Unlock()
			}
		})
	}
	closing.Wait()
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	done := make(chan struct{})
	go func() {
		c.running.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
		failed = append(failed, context.Cause(ctx))
	}
	c.cancel(ErrCallLeft)
	return errors.Join(failed...)
}

// closeSession ends a session in this process.
func (c *Calls) closeSession(ctx context.Context, s *CallSession) error {
	if c.options.HangUpOnClose && s.Err() == nil {
		if err := s.HangUp(ctx); err != nil {
			return errors.Join(err, s.Leave(ctx))
		}
		s.finishUnknown(ctx) // its notification will be refused
		select {
		case <-s.done:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return s.Leave(ctx)
}

// spawn calls f on a goroutine that Close waits for. It reports false after that.
func (c *Calls) spawn(f func()) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return false
	}
	c.running.Go(f)
	return true
}

// report logs a failure and passes it to OnError.
func (c *Calls) report(ctx context.Context, id string, err error) {
	text := inbound.ErrorText(err)
	_ = callback.Contained(func() error {
		c.options.Logger.LogAttrs(ctx, slog.LevelWarn, "call session", slog.String("call", id), slog.String("error", text))
		return nil
	})
	if c.options.OnError != nil {
		_ = callback.Contained(func() error { c.options.OnError(ctx, id, err); return nil })
	}
}
