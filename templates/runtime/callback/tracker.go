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

// Arrival classifies a notification by what was known of its call before.
type Arrival uint8

// Values of [Arrival].
const (
	ArrivalUnknown   Arrival = iota // no state of known order, or no usable id
	ArrivalNew                      // the latest state
	ArrivalRepeated                 // the state that is known already
	ArrivalLate                     // a state older than the known one
	ArrivalMore                     // the known state with new details, such as a tone or the state of the media
	ArrivalAmbiguous                // an earlier state, or a return to it: fetch the call to find out
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

// Defaults and limits of a tracker; sizes in bytes. Ids of the service have less than 100
// bytes, results less than 300.
const (
	defaultTrackedCalls = 10_000
	defaultTrackedFor   = 24 * time.Hour
	maxTrackedID        = 1 << 10
	maxTrackedDetails   = 16 << 10 // as JSON
	trackedOnAverage    = 4 << 10
)

// trackerRules describes the states of a call.
type trackerRules[S ~string] struct {
	// ranks holds the states in order. A call enters a rank in its first state and can then be
	// in any state of the rank, any number of times.
	ranks [][]S
	// tentative holds the states from which a call can return to the first state of the rank
	// before, because what it was about to do failed.
	tentative []S
	// final holds the states that end a call.
	final []S
}

// find returns a state in the spelling of the rules, its rank, from 1, and its bit within the
// rank. The rank is 0 for states that are not in the rules.
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

// trackerCore keeps the latest state of many calls, whose notifications arrive out of order
// and more than once, with the first details that came with that state. Generated types embed
// it.
//
// It keeps the calls with the latest news, limited in number, age and size (4 KiB per call on
// average). A notification for a forgotten call counts as new.
type trackerCore[S ~string, D comparable] struct {
	rules  trackerRules[S]
	most   int           // number of calls
	maxAge time.Duration // time since the last news of a call
	now    func() time.Time

	mu    sync.Mutex
	calls map[string]*list.Element // of *tracked
	order *list.List               // latest news in front
	bytes int                      // of ids and details
}

// tracked is the known state of one call.
type tracked[S ~string, D comparable] struct {
	id      string
	state   S
	rank    int
	been    uint64 // states of the rank that the call has been in
	details D
	size    int // of the details, in bytes
	heard   time.Time
}

// observation is a report about a call.
type observation[S ~string, D comparable] struct {
	id      string
	state   S
	details D // see trackedDetails
	size    int
	more    bool // it has news besides state and details
	fetched bool // it was fetched, so it is not a repetition
}

// newTrackerCore returns a tracker of up to most calls, each kept for maxAge after its last
// news; 0 means 10,000 calls and 24 hours.
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

// observe records a reported state of a call and classifies the report. The call's state
// changes only with ArrivalNew.
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
			c.been = ^uint64(0) // assume all of them
		}
		c.state, c.rank, c.been = state, rank, c.been|bit
		t.keep(c, o.details, o.size)
	case state == c.state && c.details == *new(D):
		t.keep(c, o.details, o.size)
	}
	t.forgetMany()
	return arrival
}

// arrival classifies an observation of a call.
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

// trackedDetails returns a copy of a value for a tracker to keep, and its size; nil if the
// value is nil or too large. Generated code calls it.
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

// forgetOld forgets calls without news for too long.
func (t *trackerCore[S, D]) forgetOld() {
	for e := t.order.Back(); e != nil && t.now().Sub(e.Value.(*tracked[S, D]).heard) > t.maxAge; e = t.order.Back() {
		t.drop(e)
	}
}

// forgetMany forgets calls beyond the limits of number and size.
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

// Forget removes a call from the tracker.
func (t *trackerCore[S, D]) Forget(id string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if e, ok := t.calls[id]; ok {
		t.drop(e)
	}
}

// Len returns the number of tracked calls.
func (t *trackerCore[S, D]) Len() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.forgetOld()
	return len(t.calls)
}

// All ranges over a snapshot of the ids and states of the calls, starting with the latest
// news.
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
