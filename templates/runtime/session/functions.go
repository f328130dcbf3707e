package session

import (
	"context"
	"slices"
	"sync"
)

// registry holds functions of the program, in the order in which they were added.
type registry[F any] struct {
	mu   sync.Mutex
	list []*F
}

// add adds a function and returns one that removes it again.
func (r *registry[F]) add(f F) (remove func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	added := &f
	r.list = append(r.list, added)
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.list = slices.DeleteFunc(slices.Clone(r.list), func(g *F) bool { return g == added })
	}
}

// all returns the functions.
func (r *registry[F]) all() []*F {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.list[:len(r.list):len(r.list)]
}

// kindFunction is a function for events of one kind, or of all.
type kindFunction struct {
	kind SessionEventKind
	call func(context.Context, *SessionEvent) error
}

// callFunctions holds the functions for events of calls. Each method adds one and returns a
// function that removes it again.
//
// The functions for a call run one after the other, on one goroutine per call, in the order of
// the events: first those of [Calls], then those of the [CallSession]. While one runs, the
// session still follows the call, so that it may wait for a state or an operation; events for
// functions wait in the mailbox (see CallsOptions.Mailbox). An error or a panic is reported and
// the next function is called. After a restart events whose functions may not have returned are
// repeated, with SessionEvent.Again set.
type callFunctions struct{ kinds registry[kindFunction] }

func (f *callFunctions) on(kind SessionEventKind, call func(context.Context, *SessionEvent) error) (remove func()) {
	if call == nil {
		return func() {}
	}
	return f.kinds.add(kindFunction{kind, call})
}

// OnEvent adds a function for events of every kind.
func (f *callFunctions) OnEvent(call func(context.Context, *SessionEvent) error) (remove func()) {
	return f.on("", call)
}

// OnState adds a function for each change of a call's state, except its beginning and its end.
func (f *callFunctions) OnState(call func(context.Context, *SessionEvent) error) (remove func()) {
	return f.on(SessionEventState, call)
}

// OnUpdate adds a function for changes of a call other than of its state, such as of its media.
func (f *callFunctions) OnUpdate(call func(context.Context, *SessionEvent) error) (remove func()) {
	return f.on(SessionEventUpdate, call)
}

// OnTones adds a function for tones, in their order.
func (f *callFunctions) OnTones(call func(context.Context, *SessionEvent) error) (remove func()) {
	return f.on(SessionEventTones, call)
}

// OnRoster adds a function for changes of the participants.
func (f *callFunctions) OnRoster(call func(context.Context, *SessionEvent) error) (remove func()) {
	return f.on(SessionEventRoster, call)
}

// OnOperation adds a function for operations that have ended.
func (f *callFunctions) OnOperation(call func(context.Context, *SessionEvent) error) (remove func()) {
	return f.on(SessionEventOperation, call)
}

// OnKeepAliveFailure adds a function for keepalives that failed. They are sent again every
// minute until one succeeds or the call ends.
func (f *callFunctions) OnKeepAliveFailure(call func(context.Context, *SessionEvent) error) (remove func()) {
	return f.on(SessionEventKeepAliveFailed, call)
}

// OnEnd adds a function for the end of a call, which is its last event.
func (f *callFunctions) OnEnd(call func(context.Context, *SessionEvent) error) (remove func()) {
	return f.on(SessionEventEnded, call)
}
