package fleet

import (
	"context"
	"errors"
)

// Session is a generated package's *CallSession.
type Session interface {
	Leave(ctx context.Context) error
}

// Calls is a generated package's *Calls.
type Calls[S Session] interface {
	Get(id string) (S, bool)
	Rehydrate(ctx context.Context, id string) (S, error)
	DeliverLogged(ctx context.Context, position uint64, data []byte) error
}

// bot is what a fleet does with sessions.
type bot interface {
	has(id string) bool
	resume(ctx context.Context, id string) error
	leave(ctx context.Context, id string) error
	deliver(ctx context.Context, position uint64, data []byte) error
}

// sessions is the bot of a generated package.
type sessions[S Session] struct{ calls Calls[S] }

func (b sessions[S]) has(id string) bool {
	_, ok := b.calls.Get(id)
	return ok
}

func (b sessions[S]) resume(ctx context.Context, id string) error {
	_, err := b.calls.Rehydrate(ctx, id)
	return err
}

func (b sessions[S]) leave(ctx context.Context, id string) error {
	s, ok := b.calls.Get(id)
	if !ok {
		return nil
	}
	return s.Leave(ctx)
}

func (b sessions[S]) deliver(ctx context.Context, position uint64, data []byte) error {
	return b.calls.DeliverLogged(ctx, position, data)
}

// Serve lets this instance follow calls, in the sessions of a generated package's Calls, which has
// the store of [NewCallStore] and no handler. Register the program's functions before.
func Serve[S Session](f *Fleet, calls Calls[S]) error { return f.serve(sessions[S]{calls}) }

func (f *Fleet) serve(b bot) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.closed || f.draining:
		return ErrClosed
	case f.serving:
		return errors.New("the fleet serves the sessions already")
	}
	f.serving, f.bot = true, b
	f.running.Go(func() { f.watch(f.streams.instances, "instances", f.sawInstance) })
	f.running.Go(func() { f.watch(f.streams.calls, "calls", f.sawRecord) })
	f.running.Go(func() { f.watch(f.streams.log, "log", f.sawNotification) })
	f.running.Go(f.look)
	f.running.Go(f.endSilent)
	f.tell()
	return nil
}

// tell lets the others know at once that this instance serves, or does not any more.
func (f *Fleet) tell() {
	select {
	case f.news <- struct{}{}:
	default:
	}
}
