package simulator

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"sync"
	"time"
)

// Clock tells the time, and calls functions later. The system's is the default; a
// [VirtualClock] stands still until it is advanced.
type Clock interface {
	Now() time.Time
	// AfterFunc calls f in a goroutine of its own when d has passed.
	AfterFunc(d time.Duration, f func()) Timer
}

// Timer is what [Clock.AfterFunc] returns.
type Timer interface {
	// Stop prevents the call. It reports false if the call was made or stopped before.
	Stop() bool
}

// systemClock is that of the computer, or of the bubble of package testing/synctest.
type systemClock struct{}

func (systemClock) Now() time.Time                            { return time.Now() }
func (systemClock) AfterFunc(d time.Duration, f func()) Timer { return time.AfterFunc(d, f) }

// VirtualClock is a clock that stands still until [VirtualClock.Advance] moves it. Its methods
// are safe for concurrent use.
//
// It knows when a simulator and the handler of a bot are at work, so that Advance waits for
// them. Of a bot's other goroutines it knows what [VirtualClock.Begin] tells it.
type VirtualClock struct {
	mu      sync.Mutex
	idle    *sync.Cond
	now     time.Time
	timers  []*virtualTimer // by time, then by number
	numbers int
	busy    int
}

type virtualTimer struct {
	clock  *VirtualClock
	at     time.Time
	number int
	f      func()
}

// NewVirtualClock returns a clock that stands at a time.
func NewVirtualClock(start time.Time) *VirtualClock {
	c := &VirtualClock{now: start}
	c.idle = sync.NewCond(&c.mu)
	return c
}

// Now implements [Clock].
func (c *VirtualClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// AfterFunc implements [Clock].
func (c *VirtualClock) AfterFunc(d time.Duration, f func()) Timer {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.numbers++
	t := &virtualTimer{c, c.now.Add(max(d, 0)), c.numbers, f}
	i, _ := slices.BinarySearchFunc(c.timers, t, func(a, b *virtualTimer) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.number, b.number))
	})
	c.timers = slices.Insert(c.timers, i, t)
	return t
}

// Stop implements [Timer].
func (t *virtualTimer) Stop() bool {
	t.clock.mu.Lock()
	defer t.clock.mu.Unlock()
	i := slices.Index(t.clock.timers, t)
	if i >= 0 {
		t.clock.timers = slices.Delete(t.clock.timers, i, i+1)
	}
	return i >= 0
}

// Begin says that something is at work: Advance waits until the function that it returns is
// called.
func (c *VirtualClock) Begin() (end func()) {
	c.add(1)
	return sync.OnceFunc(func() { c.add(-1) })
}

func (c *VirtualClock) add(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.busy += n; c.busy == 0 {
		c.idle.Broadcast()
	}
}

// Advance moves the clock. Timers that become due run at their times, one after the other,
// and each waits until what the one before has set off is done.
func (c *VirtualClock) Advance(d time.Duration) {
	end := c.Now().Add(d)
	for {
		c.Settle()
		f, ok := c.next(end)
		if !ok {
			return
		}
		if f != nil {
			go func() {
				defer c.add(-1)
				f()
			}()
		}
	}
}

// next moves the clock to the next timer and returns its function, which counts as at work, or
// to the end. It reports false at the end.
func (c *VirtualClock) next(end time.Time) (f func(), ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.timers) == 0 || c.timers[0].at.After(end) {
		if end.After(c.now) {
			c.now = end
		}
		return nil, false
	}
	t := c.timers[0]
	c.timers = slices.Delete(c.timers, 0, 1)
	if t.at.After(c.now) {
		c.now = t.at
	}
	c.busy++
	return t.f, true
}

// Settle waits until nothing is at work. Goroutines that the clock does not know of get the
// chance to run.
func (c *VirtualClock) Settle() {
	const quiet = 50 // turns of the scheduler without work
	for turns := 0; turns < quiet; turns++ {
		c.mu.Lock()
		if c.busy > 0 {
			turns = 0
		}
		for c.busy > 0 {
			c.idle.Wait()
		}
		c.mu.Unlock()
		runtime.Gosched()
	}
}

// working tells a virtual clock that something is at work.
func working(c Clock) (end func()) {
	if c, ok := c.(interface{ Begin() func() }); ok {
		return c.Begin()
	}
	return func() {}
}

// sleep waits on a clock, and reports false if ctx ends before. It is called by what is at
// work, which it is not while it sleeps.
func sleep(ctx context.Context, c Clock, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	virtual, _ := c.(*VirtualClock)
	awake := make(chan struct{})
	timer := c.AfterFunc(d, func() {
		if virtual != nil {
			virtual.add(1) // on behalf of the sleeper
		}
		close(awake)
	})
	if virtual != nil {
		virtual.add(-1)
	}
	select {
	case <-awake:
		return true
	case <-ctx.Done():
		if virtual != nil && timer.Stop() {
			virtual.add(1)
		}
		return false
	}
}
