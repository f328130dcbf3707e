package emulator

import (
	"cmp"
	"slices"
	"sync"
	"time"

	sim "github.com/callgen/callgen/generated/communicationstest"
)

// Clock runs as the computer's does until it is stopped, and can be moved on. Its methods are
// safe for concurrent use.
type Clock struct {
	mu      sync.Mutex
	ahead   time.Duration // of the computer's clock
	stopped time.Time     // zero while it runs
	timers  []*timer      // by time, then by number
	numbers int
	wake    *time.Timer
}

type timer struct {
	clock  *Clock
	at     time.Time
	number int
	f      func()
}

// NewClock returns a clock that runs.
func NewClock() *Clock { return new(Clock) }

// Now implements [sim.Clock].
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() time.Time {
	if !c.stopped.IsZero() {
		return c.stopped
	}
	return time.Now().Add(c.ahead)
}

// AfterFunc implements [sim.Clock].
func (c *Clock) AfterFunc(d time.Duration, f func()) sim.Timer {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.numbers++
	t := &timer{c, c.now().Add(max(d, 0)), c.numbers, f}
	i, _ := slices.BinarySearchFunc(c.timers, t, func(a, b *timer) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.number, b.number))
	})
	c.timers = slices.Insert(c.timers, i, t)
	c.arm()
	return t
}

// Stop implements [sim.Timer].
func (t *timer) Stop() bool {
	t.clock.mu.Lock()
	defer t.clock.mu.Unlock()
	i := slices.Index(t.clock.timers, t)
	if i >= 0 {
		t.clock.timers = slices.Delete(t.clock.timers, i, i+1)
	}
	return i >= 0
}

// arm makes the clock wake when the next timer is due; c.mu is held.
func (c *Clock) arm() {
	if c.wake != nil {
		c.wake.Stop()
	}
	if len(c.timers) > 0 && c.stopped.IsZero() {
		c.wake = time.AfterFunc(c.timers[0].at.Sub(c.now()), c.due)
	}
}

// due calls the timers that are due.
func (c *Clock) due() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.stopped.IsZero() {
		return
	}
	for len(c.timers) > 0 && !c.timers[0].at.After(c.now()) {
		go c.timers[0].f()
		c.timers = slices.Delete(c.timers, 0, 1)
	}
	c.arm()
}

// Halt stops the clock, and Go lets it go on from where it stands.
func (c *Clock) Halt() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopped = c.now()
	c.arm()
}

// Go lets a clock that stands go on.
func (c *Clock) Go() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.stopped.IsZero() {
		c.ahead, c.stopped = time.Until(c.stopped), time.Time{}
	}
	c.arm()
}

// Stands reports whether the clock is stopped.
func (c *Clock) Stands() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.stopped.IsZero()
}

// Advance moves the clock on. Timers that become due run in order, each at its time, and what
// it sets off gets the chance to happen, for which settle waits.
func (c *Clock) Advance(d time.Duration, settle func()) {
	end := c.Now().Add(d)
	for {
		f := c.next(end)
		if f == nil {
			return
		}
		f()
		settle()
	}
}

// next moves the clock to the next timer and returns its function, or to the end.
func (c *Clock) next(end time.Time) func() {
	c.mu.Lock()
	defer c.mu.Unlock()
	defer c.arm()
	if len(c.timers) == 0 || c.timers[0].at.After(end) {
		c.set(end)
		return nil
	}
	t := c.timers[0]
	c.timers = slices.Delete(c.timers, 0, 1)
	c.set(t.at)
	return t.f
}

// set moves the clock forward to a time.
func (c *Clock) set(to time.Time) {
	d := to.Sub(c.now())
	switch {
	case d <= 0:
	case !c.stopped.IsZero():
		c.stopped = to
	default:
		c.ahead += d
	}
}
