package simulator

import (
	"slices"
	"time"
)

// liveCall is what the simulator knows of a call beyond its entity.
type liveCall struct {
	id         string
	steps      []*step
	incoming   bool // it has come in and is not answered
	settled    bool // it is established, or was
	subscribed bool // to tones
	withMedia  bool // its media are active
	tones      int64
	roster     int64 // the number of the last change
	called     []*callee
	media      []*mediaOperation // in the order in which they are asked for; the first one is at work
	unanswered *step
	alive      *step // that ends the call if it is not kept alive
	lobby      *step
}

// step is what happens to a call later.
type step struct {
	of    *liveCall
	kind  stepKind
	due   time.Time
	timer Timer
	f     func()
	over  bool
}

type stepKind int

const (
	connecting stepKind = iota // on the way to being established
	soon                       // something that ends by itself soon
	limit                      // what happens unless something else does
)

// later plans a step of a call; s.mu is held, and will be when f is called.
func (s *Simulator) later(c *liveCall, kind stepKind, d time.Duration, f func()) *step {
	st := &step{of: c, kind: kind, due: s.clock.Now().Add(d), f: f}
	c.steps = append(c.steps, st)
	if kind != limit {
		s.waiting++
	}
	st.timer = s.clock.AfterFunc(d, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.take(st)
	})
	return st
}

// take does a step, unless it was done or canceled.
func (s *Simulator) take(st *step) {
	if s.cancel(st) {
		st.f()
	}
}

// cancel removes a step, and reports false if it was done or canceled before.
func (s *Simulator) cancel(st *step) bool {
	if st == nil || st.over {
		return false
	}
	st.over = true
	st.timer.Stop()
	st.of.steps = slices.DeleteFunc(st.of.steps, func(other *step) bool { return other == st })
	if st.kind != limit {
		s.waiting--
		s.changed.Broadcast()
	}
	return true
}

// hurry takes the steps that lead to a call's being established, in their order: who does
// something in a call is in it.
func (s *Simulator) hurry(c *liveCall) {
	for {
		var next *step
		for _, st := range c.steps {
			if st.kind == connecting && (next == nil || st.due.Before(next.due)) {
				next = st
			}
		}
		if next == nil {
			return
		}
		s.take(next)
	}
}

// forget cancels all that was to happen to a call.
func (s *Simulator) forget(c *liveCall) {
	for _, st := range slices.Clone(c.steps) {
		s.cancel(st)
	}
	c.media = nil
}
