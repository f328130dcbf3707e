package callback

import (
	"cmp"
	"container/list"
	"iter"
	"strings"
	"sync"
	"time"
)

// Arrival says what a notification that has arrived is, by its order.
type Arrival uint8

// What a notification can be.
const (
	ArrivalUnknown  Arrival = iota // it says nothing of the order
	ArrivalNew                     // it is the latest
	ArrivalRepeated                // it says what is known already
	ArrivalLate                    // it says what has been overtaken
)

// String returns "unknown", "new", "repeated" or "late".
func (a Arrival) String() string {
	switch a {
	case ArrivalNew:
		return "new"
	case ArrivalRepeated:
		return "repeated"
	case ArrivalLate:
		return "late"
	}
	return "unknown"
}

// What a tracker keeps unless it is told otherwise.
const (
	defaultTrackedCalls = 10_000
	defaultTrackedFor   = 24 * time.Hour
)

// trackerRules say what a tracker has to know of states.
type trackerRules[S comparable] struct {
	// rank orders the states: one of higher rank is later. 0 and less say nothing.
	rank func(S) int
	// final reports whether no other state follows.
	final func(S) bool
}

// trackerCore keeps the latest state of each of many calls, whose notifications come
// out of order and more than once, with the first details that came with it. States of one rank
// follow each other as they arrive. Generated types embed it.
//
// It keeps the calls that were heard of last, so many and for so long: what comes for
// one that is forgotten is new again.
type trackerCore[S, D comparable] struct {
	rules  trackerRules[S]
	most   int           // calls
	maxAge time.Duration // since a call was last heard of
	now    func() time.Time

	mu    sync.Mutex
	calls map[string]*list.Element // of *tracked
	order *list.List               // the one heard of last is in front
}

// tracked is what is known of one call.
type tracked[S, D comparable] struct {
	id      string
	state   S
	details D
	heard   time.Time
}

// newTrackerCore returns a tracker of the most calls given, each for the time given
// after it was last heard of; 0 = 10,000 calls and 24 hours.
func newTrackerCore[D, S comparable](rules trackerRules[S], most int, maxAge time.Duration) *trackerCore[S, D] {
	if most <= 0 {
		most = defaultTrackedCalls
	}
	if maxAge <= 0 {
		maxAge = defaultTrackedFor
	}
	return &trackerCore[S, D]{
		rules: rules, most: most, maxAge: maxAge, now: time.Now,
		calls: make(map[string]*list.Element), order: list.New(),
	}
}

// observe notes that a call is said to be in a state, and says what that is by order.
// Only at ArrivalNew has the call's state changed.
func (t *trackerCore[S, D]) observe(id string, state S, details D) Arrival {
	rank := t.rules.rank(state)
	if id == "" || rank <= 0 {
		return ArrivalUnknown
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.forgetOld()
	e, ok := t.calls[id]
	if !ok {
		c := &tracked[S, D]{id: strings.Clone(id), state: state, details: details, heard: t.now()}
		t.calls[c.id] = t.order.PushFront(c)
		t.forgetMany()
		return ArrivalNew
	}
	c := e.Value.(*tracked[S, D])
	c.heard = t.now()
	t.order.MoveToFront(e)
	switch {
	case state == c.state:
		c.details = cmp.Or(c.details, details)
		return ArrivalRepeated
	case t.rules.final(c.state) || rank < t.rules.rank(c.state):
		return ArrivalLate
	}
	c.state, c.details = state, details
	return ArrivalNew
}

// forgetOld forgets the calls that were not heard of for too long.
func (t *trackerCore[S, D]) forgetOld() {
	for e := t.order.Back(); e != nil && t.now().Sub(e.Value.(*tracked[S, D]).heard) > t.maxAge; e = t.order.Back() {
		t.drop(e)
	}
}

// forgetMany forgets calls when there are too many.
func (t *trackerCore[S, D]) forgetMany() {
	for len(t.calls) > t.most {
		t.drop(t.order.Back())
	}
}

func (t *trackerCore[S, D]) drop(e *list.Element) {
	delete(t.calls, e.Value.(*tracked[S, D]).id)
	t.order.Remove(e)
}

// latest returns the state of a call and the details that came with it.
func (t *trackerCore[S, D]) latest(id string) (state S, details D, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.forgetOld()
	e, ok := t.calls[id]
	if !ok {
		return state, details, false
	}
	c := e.Value.(*tracked[S, D])
	return c.state, c.details, true
}

// Forget forgets a call.
func (t *trackerCore[S, D]) Forget(id string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if e, ok := t.calls[id]; ok {
		t.drop(e)
	}
}

// Len returns the number of calls that are tracked.
func (t *trackerCore[S, D]) Len() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.forgetOld()
	return len(t.calls)
}

// All iterates over the ids and states of the calls as they are when it begins, the
// one heard of last first.
func (t *trackerCore[S, D]) All() iter.Seq2[string, S] {
	return func(yield func(string, S) bool) {
		t.mu.Lock()
		t.forgetOld()
		calls := make([]tracked[S, D], 0, len(t.calls))
		for e := t.order.Front(); e != nil; e = e.Next() {
			calls = append(calls, *e.Value.(*tracked[S, D]))
		}
		t.mu.Unlock()
		for _, c := range calls {
			if !yield(c.id, c.state) {
				return
			}
		}
	}
}
