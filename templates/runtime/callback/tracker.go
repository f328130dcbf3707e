package callback

import (
	"container/list"
	"iter"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// Arrival says what a notification that has arrived is, by its order.
type Arrival uint8

// What a notification can be.
const (
	ArrivalUnknown   Arrival = iota // it says nothing of the order
	ArrivalNew                      // it is the latest
	ArrivalRepeated                 // it says what is known already
	ArrivalLate                     // it says what has been overtaken
	ArrivalMore                     // it repeats the state, but brings more: a tone that was pressed, the state of the media
	ArrivalAmbiguous                // it repeats an earlier state, or says that it holds again: fetch what it is about
)

// String returns "unknown", "new", "repeated", "late", "more" or "ambiguous".
func (a Arrival) String() string {
	switch a {
	case ArrivalNew:
		return "new"
	case ArrivalRepeated:
		return "repeated"
	case ArrivalLate:
		return "late"
	case ArrivalMore:
		return "more"
	case ArrivalAmbiguous:
		return "ambiguous"
	}
	return "unknown"
}

// What a tracker keeps unless it is told otherwise, and bounds of what it keeps of a call,
// in bytes. Ids of the service have less than 100, results less than 300.
const (
	defaultTrackedCalls = 10_000
	defaultTrackedFor   = 24 * time.Hour
	maxTrackedID        = 1 << 10
	maxTrackedDetails   = 16 << 10 // as JSON
	trackedOnAverage    = 4 << 10
)

// trackerRules say what a tracker has to know of states.
type trackerRules[S ~string] struct {
	// ranks are the states in their order. A call comes to a rank in its first state and
	// can be in its states any number of times, in any order.
	ranks [][]S
	// tentative are the states after which a call may be in the first state of the rank
	// before again: what was about to happen has failed.
	tentative []S
	// final are the states that no other follows.
	final []S
}

// find returns a state as the rules spell it and its place: its rank, from 1, and a bit for
// it among those of the rank. The rank is 0 for states that say nothing.
func (r trackerRules[S]) find(s S) (known S, rank int, bit uint64) {
	for rank, states := range r.ranks {
		for i, known := range states {
			if strings.EqualFold(string(known), string(s)) {
				return known, rank + 1, 1 << i
			}
		}
	}
	return s, 0, 0
}

// trackerCore keeps the latest state of each of many calls, whose notifications come
// out of order and more than once, with the first details that came with it. Generated
// types embed it.
//
// It keeps the calls that were heard of last, so many, for so long and of no more than 4 KiB
// each on average: what comes for one that is forgotten is new again.
type trackerCore[S ~string, D comparable] struct {
	rules  trackerRules[S]
	most   int           // calls
	maxAge time.Duration // since a call was last heard of
	now    func() time.Time

	mu    sync.Mutex
	calls map[string]*list.Element // of *tracked
	order *list.List               // the one heard of last is in front
	bytes int                      // of ids and details
}

// tracked is what is known of one call.
type tracked[S ~string, D comparable] struct {
	id      string
	state   S
	rank    int
	been    uint64 // the states of the rank in which the call was
	details D
	size    int // of the details, in bytes
	heard   time.Time
}

// observation is what is said of a call.
type observation[S ~string, D comparable] struct {
	id      string
	state   S
	details D // see trackedDetails
	size    int
	more    bool // it brings something besides the state and the details
	fetched bool // it was asked for: it is not a repetition
}

// newTrackerCore returns a tracker of the most calls given, each for the time given
// after it was last heard of; 0 = 10,000 calls and 24 hours.
func newTrackerCore[D comparable, S ~string](rules trackerRules[S], most int, maxAge time.Duration) *trackerCore[S, D] {
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
func (t *trackerCore[S, D]) observe(o observation[S, D]) Arrival {
	state, rank, bit := t.rules.find(o.state)
	if o.id == "" || len(o.id) > maxTrackedID || rank == 0 {
		return ArrivalUnknown
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.forgetOld()
	e, ok := t.calls[o.id]
	if !ok {
		e = t.order.PushFront(&tracked[S, D]{id: strings.Clone(o.id)})
		t.calls[e.Value.(*tracked[S, D]).id] = e
		t.bytes += len(o.id)
	}
	c := e.Value.(*tracked[S, D])
	c.heard = t.now()
	t.order.MoveToFront(e)
	arrival := t.arrival(c, state, rank, bit, o)
	switch {
	case arrival == ArrivalNew:
		if rank > c.rank {
			c.been = 0
		} else if rank < c.rank {
			c.been = ^uint64(0) // as far as is known
		}
		c.state, c.rank, c.been = state, rank, c.been|bit
		t.keep(c, o.details, o.size)
	case state == c.state && c.details == *new(D):
		t.keep(c, o.details, o.size)
	}
	t.forgetMany()
	return arrival
}

// arrival says what an observation of a call is by order.
func (t *trackerCore[S, D]) arrival(c *tracked[S, D], state S, rank int, bit uint64, o observation[S, D]) Arrival {
	switch {
	case state == c.state && o.more:
		return ArrivalMore
	case state == c.state:
		return ArrivalRepeated
	case rank == c.rank-1 && bit == 1 && slices.Contains(t.rules.tentative, c.state):
		if !o.fetched {
			return ArrivalAmbiguous
		}
	case rank < c.rank || slices.Contains(t.rules.final, c.state):
		return ArrivalLate
	case rank == c.rank && !o.fetched && (bit == 1 || c.been&bit != 0):
		return ArrivalAmbiguous
	}
	return ArrivalNew
}

// keep replaces the details of a call.
func (t *trackerCore[S, D]) keep(c *tracked[S, D], details D, size int) {
	t.bytes += size - c.size
	c.details, c.size = details, size
}

// trackedDetails returns a copy of a value that a tracker can keep, and its size; nil if
// the value is nil or too large. Generated code calls it.
func trackedDetails[T codec.Value](v T) (kept T, size int) {
	if codec.IsNil(v) {
		return kept, 0
	}
	data, err := codec.Marshal(v)
	if err != nil || len(data) > maxTrackedDetails {
		return kept, 0
	}
	return codec.Clone(v), len(data)
}

// forgetOld forgets the calls that were not heard of for too long.
func (t *trackerCore[S, D]) forgetOld() {
	for e := t.order.Back(); e != nil && t.now().Sub(e.Value.(*tracked[S, D]).heard) > t.maxAge; e = t.order.Back() {
		t.drop(e)
	}
}

// forgetMany forgets calls when there are too many, or too large ones.
func (t *trackerCore[S, D]) forgetMany() {
	for len(t.calls) > t.most || t.bytes/trackedOnAverage >= t.most && len(t.calls) > 1 {
		t.drop(t.order.Back())
	}
}

func (t *trackerCore[S, D]) drop(e *list.Element) {
	c := e.Value.(*tracked[S, D])
	delete(t.calls, c.id)
	t.bytes -= len(c.id) + c.size
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
