package session

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/callgen/callgen/templates/runtime/client"
	"github.com/callgen/callgen/templates/runtime/codec"
	"github.com/callgen/callgen/templates/runtime/model"
)

// SessionOperation is something that a session has asked the service to do in a call.
type SessionOperation struct {
	session *CallSession
	key     string // of the intent; "" for an operation that no session has begun
	action  string
	usual   string // the type of its result
	context string // the clientContext that the service returns
	done    chan struct{}

	// These are guarded by the session's mutex.
	id        string // "" until the service has given it one
	result    model.Operation
	err       error // set with done
	uncertain bool
	missing   int // how often the service did not know it
	timer     CallTimer
	wait      time.Duration // before the next poll
}

// Action returns the name of the action, such as "playPrompt"; "" for an operation that the
// session did not begin.
func (o *SessionOperation) Action() string { return o.action }

// ID returns the service's id of the operation, or "" while it has none.
func (o *SessionOperation) ID() string {
	o.session.mu.Lock()
	defer o.session.mu.Unlock()
	return o.id
}

// ClientContext returns the text by which the operation is known to the service and to the
// program: the program's own, or one of the session.
func (o *SessionOperation) ClientContext() string { return o.context }

// Uncertain reports whether nobody knows yet if the service has carried the operation out.
func (o *SessionOperation) Uncertain() bool {
	o.session.mu.Lock()
	defer o.session.mu.Unlock()
	return o.uncertain
}

// Result returns the operation as the service described it last.
func (o *SessionOperation) Result() model.Operation {
	o.session.mu.Lock()
	defer o.session.mu.Unlock()
	return o.result
}

// Done returns a channel that is closed when the operation has ended, or nobody can tell any
// more what becomes of it.
func (o *SessionOperation) Done() <-chan struct{} { return o.done }

// Wait waits until the operation has ended, which the session learns from a notification or, if
// none comes, by asking. The error is a [*CallOperationError] if the operation failed, a
// [*CallEndedError] if the call ended before, one that wraps [ErrCallUncertain] if the service
// does not know the operation and may have known it, or that of ctx.
func (o *SessionOperation) Wait(ctx context.Context) (model.Operation, error) {
	select {
	case <-o.done:
	default:
		select {
		case <-o.done:
		case <-ctx.Done():
			return o.Result(), context.Cause(ctx)
		}
	}
	o.session.mu.Lock()
	defer o.session.mu.Unlock()
	return o.result, o.err
}

// CallOperation is a [SessionOperation] with a result of a known type.
type CallOperation[T codec.Value] struct{ *SessionOperation }

// Wait is like [SessionOperation.Wait].
func (o CallOperation[T]) Wait(ctx context.Context) (T, error) {
	if o.SessionOperation == nil {
		var none T
		return none, errors.New("there is no operation to wait for: the service refused it")
	}
	v, err := o.SessionOperation.Wait(ctx)
	result, ok := any(v).(T)
	if !ok && err == nil {
		err = fmt.Errorf("%s: the service sent a result of another type: %T", o.action, v)
	}
	return result, err
}

// typedOperation gives an operation its type. Generated code calls it.
func typedOperation[T codec.Value](o *SessionOperation, err error) (CallOperation[T], error) {
	return CallOperation[T]{o}, err
}

// begin sends an action that begins an operation. The intent is saved before. Context is where the
// action's clientContext is, nil if it has none.
func (s *CallSession) begin(ctx context.Context, action, usual string, body any, clientContext **string, opts []client.RequestOption) (*SessionOperation, error) {
	o := &SessionOperation{session: s, action: action, usual: usual, done: make(chan struct{})}
	if err := s.intend(ctx, o, clientContext); err != nil {
		return nil, fmt.Errorf("%s: %w", action, err)
	}
	data, err := client.FetchAt(ctx, s.calls.client, http.MethodPost, s.path("/"+action), body, opts)
	var result model.Operation
	if err == nil {
		result, err = decodeOperation(data, usual)
	}
	if s.begun(o, result, err) {
		return o, nil
	}
	if refusedForCertain(err) {
		return nil, err
	}
	return o, fmt.Errorf("%s: %w: %w", action, ErrCallUncertain, err)
}

// intend saves that an operation is about to be sent.
func (s *CallSession) intend(ctx context.Context, o *SessionOperation, clientContext **string) error {
	if ctx.Err() != nil {
		return context.Cause(ctx) // and it is certain that nothing was sent
	}
	if err := s.take(ctx); err != nil {
		return err
	}
	defer s.yield()
	s.mu.Lock()
	err := s.over()
	if err == nil {
		o.key = s.nextKey(o.action)
		o.context = o.key
		if clientContext != nil && *clientContext != nil {
			o.context = **clientContext
		} else if clientContext != nil {
			*clientContext = &o.context
		}
		if o.action == "subscribeToTone" {
			s.tones.anew = true
		}
		s.operations[o.key] = o
		s.dirty = true
	}
	s.mu.Unlock()
	if err != nil {
		return err
	}
	if err := s.save(ctx); err != nil {
		s.mu.Lock()
		delete(s.operations, o.key)
		s.mu.Unlock()
		return fmt.Errorf("nothing was sent, because the session cannot be saved: %w", err)
	}
	return nil
}

// begun records what became of sending an operation. It reports whether the service has begun it.
func (s *CallSession) begun(o *SessionOperation, result model.Operation, err error) bool {
	_ = s.take(context.Background()) // for a moment only
	defer s.yield()
	s.mu.Lock()
	s.dirty = true
	_, open := s.operations[o.key]
	switch {
	case err != nil && refusedForCertain(err):
		delete(s.operations, o.key)
	case err != nil && !open: // a notification of its end was faster
		err = nil
	case err != nil:
		o.uncertain = true
		s.poll(o)
	default:
		s.adopt(o, result)
		s.flushEarly()
	}
	s.mu.Unlock()
	s.saveLater(s.save(s.calls.ctx))
	return err == nil
}

// flushEarly queues events for operations that turn out not to be the session's. s.mu is held.
func (s *CallSession) flushEarly() {
	for _, o := range s.operations {
		if o.id == "" && o.usual != "" {
			return
		}
	}
	early := s.early
	s.early = make(map[string]model.Operation)
	for _, v := range early {
		s.applyOperation(v)
	}
}

// adopt takes what the service says of an operation. s.mu is held.
func (s *CallSession) adopt(o *SessionOperation, result model.Operation) {
	facts := factsOf[operationFacts](result)
	if o.id == "" {
		o.id = facts.ID
	}
	o.uncertain, o.missing = false, 0
	if early, ok := s.early[sameKey(o.id)]; ok && o.id != "" {
		delete(s.early, sameKey(o.id))
		result, facts = early, factsOf[operationFacts](early)
	}
	if !isOpen(o) {
		return
	}
	o.result = result
	if client.OperationDone(facts.Status) {
		s.complete(o, facts)
		return
	}
	s.poll(o)
}

// isOpen reports whether an operation has not ended. s.mu is held.
func isOpen(o *SessionOperation) bool {
	select {
	case <-o.done:
		return false
	default:
		return true
	}
}

// complete ends an operation. s.mu is held.
func (s *CallSession) complete(o *SessionOperation, facts operationFacts) {
	if strings.EqualFold(facts.Status, "failed") || strings.HasPrefix(strings.ToLower(facts.Status), "cancel") {
		e := &CallOperationError{Action: o.action, Status: facts.Status}
		if r := facts.ResultInfo; r != nil {
			e.Code, e.Subcode, e.Message = int64(r.Code), int64(r.Subcode), r.Message
		}
		o.err = e
	}
	s.isKnown(facts.ID) // its notification may come again
	s.close(o)
	s.queue(&SessionEvent{Kind: SessionEventOperation, Operation: o, Old: s.call, New: s.call})
}

// close ends an operation without an event. s.mu is held.
func (s *CallSession) close(o *SessionOperation) {
	if o.timer != nil {
		o.timer.Stop()
	}
	delete(s.operations, o.key)
	close(o.done)
}

// mostMissing is how often the service may not know an operation before it is given up.
const mostMissing = 3

// poll asks for an operation after a while, if it has not ended by then. s.mu is held.
func (s *CallSession) poll(o *SessionOperation) {
	if o.timer != nil {
		o.timer.Stop()
	}
	o.wait = longer(o.wait, s.calls.options.PollAfter)
	o.timer = s.later(o.wait, func(ctx context.Context) { s.askFor(ctx, o) })
}

// longer returns the wait after another one.
func longer(wait, first time.Duration) time.Duration {
	if wait == 0 {
		return first
	}
	return min(wait*3/2, max(first, mostPollAfter))
}

// askFor asks the service for an operation.
func (s *CallSession) askFor(ctx context.Context, o *SessionOperation) {
	result, err := s.lookUp(ctx, o)
	if s.take(ctx) != nil {
		return
	}
	defer s.yield()
	s.mu.Lock()
	switch {
	case s.over() != nil || !isOpen(o):
	case err == nil:
		s.dirty = true
		s.adopt(o, result)
	case isGone(err) || errors.Is(err, errNotListed):
		if o.missing++; o.missing >= mostMissing {
			s.dirty = true
			o.uncertain = true
			o.err = fmt.Errorf("%s: %w: the service does not know the operation", o.action, ErrCallUncertain)
			s.close(o)
			s.queue(&SessionEvent{Kind: SessionEventOperation, Operation: o, Old: s.call, New: s.call, Err: o.err})
			break
		}
		s.poll(o)
	default:
		s.poll(o)
	}
	s.mu.Unlock()
	s.saveLater(s.save(ctx))
}

// errNotListed means that no operation of the call has a context.
var errNotListed = errors.New("no operation has this clientContext")

// lookUp fetches an operation: by its id, or, if the answer with the id was lost, by its context.
func (s *CallSession) lookUp(ctx context.Context, o *SessionOperation) (model.Operation, error) {
	var none model.Operation
	if id := o.ID(); id != "" {
		data, err := client.FetchAt(ctx, s.calls.client, http.MethodGet, s.path("/operations/"+url.PathEscape(id)), nil, nil)
		if err != nil {
			return none, err
		}
		return decodeOperation(data, o.usual)
	}
	list, err := s.listed(ctx)
	if err != nil {
		return none, err
	}
	for _, data := range list {
		if v, err := decodeOperation(data, o.usual); err == nil && factsOf[operationFacts](v).ClientContext == o.context {
			return v, nil
		}
	}
	return none, errNotListed
}
