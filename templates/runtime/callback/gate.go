package callback

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// callbackGate bounds the work that goes on after requests are answered, and lets a
// shutdown wait for all work.
type callbackGate struct {
	places chan struct{} // one is taken by each piece of work that goes on after its answer
	stop   context.Context
	cancel context.CancelCauseFunc // ends the work that goes on

	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup
}

func newCallbackGate(places int) *callbackGate {
	g := &callbackGate{places: make(chan struct{}, places)}
	g.stop, g.cancel = context.WithCancelCause(context.Background())
	return g
}

// enter begins a piece of work, which leave ends. It reports false after a shutdown.
func (g *callbackGate) enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return false
	}
	g.running.Add(1)
	return true
}

// more begins another piece of work within one that goes on, shutdown or not.
func (g *callbackGate) more() { g.running.Add(1) }

func (g *callbackGate) leave() { g.running.Done() }

// work returns a context for a piece of work, which ends after some time or, with
// ErrNotificationShutdown as its cause, when a shutdown ends the work that goes on.
func (g *callbackGate) work(ctx context.Context, limit time.Duration) (context.Context, func()) {
	ctx, end := context.WithCancelCause(ctx)
	stop := context.AfterFunc(g.stop, func() { end(ErrNotificationShutdown) })
	ctx, cancel := context.WithTimeout(ctx, limit)
	return ctx, func() {
		cancel()
		stop()
		end(nil)
	}
}

// place waits for a place, which free gives back.
func (g *callbackGate) place(ctx context.Context) error {
	select {
	case g.places <- struct{}{}:
		if g.stop.Err() == nil {
			return nil
		}
		g.free()
	case <-ctx.Done():
	case <-g.stop.Done():
	}
	if g.stop.Err() != nil {
		return ErrNotificationShutdown
	}
	return fmt.Errorf("%w: %w", ErrNotificationBusy, ctx.Err())
}

func (g *callbackGate) free() { <-g.places }

// shutdown lets no more work begin and waits for what goes on. When ctx ends first, the
// context of the work is cancelled and ctx's error returned.
func (g *callbackGate) shutdown(ctx context.Context) error {
	g.mu.Lock()
	g.closed = true
	g.mu.Unlock()
	done := make(chan struct{})
	go func() {
		g.running.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		g.cancel(ErrNotificationShutdown)
		return ctx.Err()
	}
}
