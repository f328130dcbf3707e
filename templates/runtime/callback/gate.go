package callback

import (
	"context"
	"sync"
)

// callbackGate bounds the work that goes on after requests are answered, and lets a
// shutdown wait for all work.
type callbackGate struct {
	places chan struct{} // one is taken by each piece of work that goes on after its answer
	stop   context.Context
	cancel context.CancelFunc // ends the work that goes on

	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup
}

func newCallbackGate(places int) *callbackGate {
	g := &callbackGate{places: make(chan struct{}, places)}
	g.stop, g.cancel = context.WithCancel(context.Background())
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

// place waits for a place, which free gives back.
func (g *callbackGate) place(ctx context.Context) error {
	select {
	case g.places <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-g.stop.Done():
		return g.stop.Err()
	}
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
		g.cancel()
		return ctx.Err()
	}
}
