package callback

import (
	"maps"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// RosterChange says what a notification changed in a roster.
type RosterChange[P any] struct {
	Joined   []P // were not in the roster before
	Updated  []P // were, and have changed
	Admitted []P // have come from the lobby into the meeting; they are in Updated too
	Left     []P // are in the roster no more, as the service showed them last

	Late    int  // participants about whom something later was known, or the same
	Dropped int  // participants for whom there was no room
	Gap     bool // numbers are missing: after a while ask for the whole list, see NeedsList
}

// Bounds of a roster.
const (
	maxRosterParticipants = 50_000
	maxRosterLeft         = 4096 // who left is remembered, so that late news of them is known as such
)

// rosterAccess says what a roster has to know of participants.
type rosterAccess[P any] struct {
	id      func(P) string // "" = it is passed over
	number  func(P) *int64 // of the change in which the participant was last updated
	removed func(P) bool   // the participant has left
	inLobby func(P) *bool  // the participant waits in the lobby
}

// attendant is a pointer to a struct, which can be nil where the service sent null.
type attendant interface {
	comparable
	codec.Value
}

// rosterCore keeps the participants of one call, from whole lists and from deltas, which
// come out of order and more than once. Of each participant it keeps what has the highest
// number. It is safe for concurrent use; the participants that it hands out are shared
// and must not be changed. Generated types embed it.
type rosterCore[P attendant] struct {
	access rosterAccess[P]

	mu      sync.RWMutex
	present map[string]rosterEntry[P]
	left    map[string]int64 // the numbers with which participants left
	numbers sequenceLog      // of deltas
	top     int64            // the highest number seen anywhere
	// Nothing up to these numbers can make a participant present who is not: a list
	// that came says so, or memory of who left was given up.
	floor, lossy int64
	lost         int64 // the highest number at which something may have been missed because of lossy
}

type rosterEntry[P any] struct {
	value P
	n     int64
}

func newRosterCore[P attendant](access rosterAccess[P]) *rosterCore[P] {
	return &rosterCore[P]{
		access: access, present: make(map[string]rosterEntry[P]), left: make(map[string]int64),
		floor: math.MinInt64, lossy: math.MinInt64, lost: math.MinInt64,
	}
}

// apply takes what an event says of the participants of a call; delta returns what a
// value holds that is a delta, and false for others. Generated code calls it.
func (r *rosterCore[P]) apply(e *CallbackEvent, delta func(codec.Value) (*int64, []P, bool)) []RosterChange[P] {
	var changes []RosterChange[P]
	var list []P
	for _, v := range e.Values {
		if sequence, changed, ok := delta(v); ok {
			changes = append(changes, r.ApplyDelta(sequence, changed))
		} else if p, ok := v.(P); ok {
			list = append(list, p)
		}
	}
	switch {
	case e.Resource.Collection != CallCollectionParticipants || len(changes) > 0:
	case e.Whole():
		changes = append(changes, r.ApplyList(list))
	case e.deleted():
		changes = append(changes, r.ApplyLeft(list))
	default:
		changes = append(changes, r.ApplyDelta(nil, list))
	}
	return changes
}

// ApplyDelta takes a delta: participants who came, changed or left, and the sequence
// number of the delta, nil if it has none.
func (r *rosterCore[P]) ApplyDelta(sequence *int64, changed []P) RosterChange[P] {
	r.mu.Lock()
	defer r.mu.Unlock()
	var change RosterChange[P]
	n := r.top // without any number it is taken as the latest
	if sequence != nil {
		n = *sequence
		r.numbers.add(n)
		r.top = max(r.top, n)
	}
	for _, p := range withoutNil(changed) {
		r.set(&change, p, n, sequence == nil, r.access.removed(p))
	}
	return r.finish(change)
}

// ApplyLeft takes participants who have left.
func (r *rosterCore[P]) ApplyLeft(participants []P) RosterChange[P] {
	r.mu.Lock()
	defer r.mu.Unlock()
	var change RosterChange[P]
	for _, p := range withoutNil(participants) {
		r.set(&change, p, r.top, true, true)
	}
	return r.finish(change)
}

// ApplyList takes a whole list that came as a notification. Lists have no number of
// their own: one that shows nobody as they were before is taken as the latest.
func (r *rosterCore[P]) ApplyList(list []P) RosterChange[P] {
	r.mu.Lock()
	defer r.mu.Unlock()
	list = withoutNil(list)
	proven := r.proven(list, math.MinInt64)
	current := int64(math.MaxInt64) // who is not in the list has left, whatever their number
	n := max(r.top, proven)
	if r.overtaken(list) {
		current, n = proven, proven
	}
	return r.replace(list, n, current, proven)
}

// ApplyFetched takes a whole list that was asked for, and the highest number that was
// known when it was asked for, which Sequence returns: the list has at least all changes
// up to it.
func (r *rosterCore[P]) ApplyFetched(list []P, asOf int64) RosterChange[P] {
	r.mu.Lock()
	defer r.mu.Unlock()
	list = withoutNil(list)
	proven := r.proven(list, asOf)
	if proven >= r.lossy {
		r.lossy = math.MinInt64
	}
	if proven >= r.lost {
		r.lost = math.MinInt64
	}
	if proven >= r.numbers.given {
		r.numbers.given = 0
	}
	return r.replace(list, proven, proven, proven)
}

// proven returns the highest number that a list is known to be as new as.
func (r *rosterCore[P]) proven(list []P, asOf int64) int64 {
	for _, p := range list {
		if n := r.access.number(p); n != nil {
			asOf = max(asOf, *n)
		}
	}
	r.top = max(r.top, asOf)
	return asOf
}

// overtaken reports whether a list shows somebody as they were before, or who has left.
func (r *rosterCore[P]) overtaken(list []P) bool {
	return slices.ContainsFunc(list, func(p P) bool {
		number := r.access.number(p)
		if number == nil {
			return false
		}
		n := *number
		id := r.access.id(p)
		e, here := r.present[id]
		gone, left := r.left[id]
		return here && e.n > n || left && gone >= n || !here && !left && n <= r.floor
	})
}

// replace takes a whole list, whose participants have the number n where they have none
// of their own. Those of the roster up to the number current who are not in it have left.
func (r *rosterCore[P]) replace(list []P, n, current, proven int64) RosterChange[P] {
	var change RosterChange[P]
	listed := make(map[string]bool, len(list))
	for _, p := range list {
		listed[r.access.id(p)] = true
		r.set(&change, p, n, n >= r.floor, r.access.removed(p))
	}
	for id, e := range r.present {
		if !listed[id] && e.n <= current {
			change.Left = append(change.Left, e.value)
			delete(r.present, id)
			r.left[id] = e.n
		}
	}
	r.numbers.raise(proven)
	if proven > r.floor {
		r.floor = proven
		maps.DeleteFunc(r.left, func(_ string, n int64) bool { return n <= proven })
	}
	return r.finish(change)
}

// set takes what is said of one participant, with the number n if it has none. At equal
// numbers what came first stays, but who has left has left; with latest, and no number of
// its own, what comes now wins.
func (r *rosterCore[P]) set(change *RosterChange[P], p P, n int64, latest, removed bool) {
	id := r.access.id(p)
	if id == "" {
		return
	}
	if own := r.access.number(p); own != nil {
		n, latest = *own, false
		r.top = max(r.top, n)
	}
	old, here := r.present[id]
	gone, left := r.left[id]
	switch {
	case here && (n < old.n || n == old.n && !latest && !removed), left && (n < gone || n == gone && !latest):
		change.Late++
	case !here && !left && n <= r.floor && !latest:
		change.Late++
	case !here && !left && n <= r.lossy && !latest:
		r.lost = max(r.lost, n)
		change.Late++
	case removed:
		if here {
			change.Left = append(change.Left, p)
			delete(r.present, id)
		}
		r.left[strings.Clone(id)] = n
	case !here && len(r.present) >= maxRosterParticipants:
		change.Dropped++
	default:
		r.store(change, p, n, old, here)
	}
}

// store makes a participant present.
func (r *rosterCore[P]) store(change *RosterChange[P], p P, n int64, old rosterEntry[P], here bool) {
	kept := codec.Clone(p) // p holds on to the whole notification
	id := r.access.id(kept)
	r.present[id] = rosterEntry[P]{kept, n}
	delete(r.left, id)
	if !here {
		change.Joined = append(change.Joined, p)
		return
	}
	change.Updated = append(change.Updated, p)
	if r.waits(old.value) && !r.waits(p) {
		change.Admitted = append(change.Admitted, p)
	}
}

// finish bounds what is remembered of those who left, and completes a change.
func (r *rosterCore[P]) finish(change RosterChange[P]) RosterChange[P] {
	if len(r.left) > maxRosterLeft {
		numbers := slices.Sorted(maps.Values(r.left))
		r.lossy = max(r.lossy, numbers[len(numbers)/2])
		maps.DeleteFunc(r.left, func(_ string, n int64) bool { return n <= r.lossy })
	}
	change.Gap = r.needsList()
	return change
}

func (r *rosterCore[P]) needsList() bool {
	return len(r.numbers.runs) > 0 || r.numbers.given > 0 || r.lost > math.MinInt64
}

// NeedsList reports whether deltas are missing, so that the roster may be wrong. They may
// still come; if they do not after a few seconds, ask the service for the list of
// participants and give it to ApplyFetched.
func (r *rosterCore[P]) NeedsList() bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.needsList()
}

// Missing returns the sequence numbers of deltas that did not come while later ones did.
func (r *rosterCore[P]) Missing() []SequenceGap {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.numbers.missing()
}

// Sequence returns the highest number that was seen, of a delta or of a participant.
func (r *rosterCore[P]) Sequence() int64 {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.top
}

// Get returns the participant with an id, who may be in the lobby.
func (r *rosterCore[P]) Get(id string) (P, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	e, ok := r.present[id]
	return e.value, ok
}

// Len returns the number of participants, those in the lobby among them.
func (r *rosterCore[P]) Len() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.present)
}

// Participants returns all participants, those in the lobby among them, by id.
func (r *rosterCore[P]) Participants() []P {
	return r.collect(func(P) bool { return true })
}

// Lobby returns the participants who wait in the lobby, by id.
func (r *rosterCore[P]) Lobby() []P { return r.collect(r.waits) }

// waits reports whether a participant is in the lobby.
func (r *rosterCore[P]) waits(p P) bool {
	in := r.access.inLobby(p)
	return in != nil && *in
}

// withoutNil returns what is there of a list.
func withoutNil[P attendant](list []P) []P {
	var none P
	if !slices.Contains(list, none) {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), func(p P) bool { return p == none })
}

func (r *rosterCore[P]) collect(want func(P) bool) []P {
	r.mu.RLock()
	defer r.mu.RUnlock()
	var all []P
	for _, id := range slices.Sorted(maps.Keys(r.present)) {
		if p := r.present[id].value; want(p) {
			all = append(all, p)
		}
	}
	return all
}
