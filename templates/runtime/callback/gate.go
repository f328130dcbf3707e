package callback

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// callbackGate limits the work that continues after requests are answered, and lets a shutdown
// wait for all work.
type callbackGate struct {
	places chan struct{} // filled by work that continues after its answer
	stop   context.Context
	cancel context.CancelCauseFunc // cancels work in progress

	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup
}

func newCallbackGate(places int) *callbackGate {
	g := &callbackGate{places: make(chan struct{}, places)}
	g.stop, g.cancel = context.WithCancelCause(context.Background())
	return g
}

// enter starts a piece of work, which leave ends. It reports false after a shutdown.
func (g *callbackGate) enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return false
	}
	g.running.Add(1)
	return true
}

// more starts another piece of work within a running one, even during a shutdown.
func (g *callbackGate) more() { g.running.Add(1) }

func (g *callbackGate) leave() { g.running.Done() }

// work returns a context for a piece of work. It ends after the given time, or with
// ErrNotificationShutdown as its cause when a shutdown cancels work in progress.
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

// place waits for a free worker; free releases it.
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

// shutdown refuses new work and waits for work in progress. If ctx ends first, it cancels that
// work and returns ctx's error.
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
