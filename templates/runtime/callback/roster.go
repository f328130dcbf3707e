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
	Dropped int  // participants for whom there was no room, or whose id has more than 1 KiB
	Gap     bool // the roster may be wrong: after a while ask for the whole list, see NeedsList
}

// Bounds of a roster. What the service sends of a participant has about 1 KiB, an id less
// than 100 bytes.
const (
	maxRosterParticipants = 50_000
	maxRosterBytes        = 64 << 20  // of all participants, as JSON
	maxParticipantBytes   = 256 << 10 // of one
	maxRosterLeft         = 4096      // who left is remembered, so that late news of them is known as such
	maxRosterID           = 1 << 10   // bytes
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
	bytes   int              // of those present
	left    map[string]int64 // the numbers with which participants left
	numbers sequenceLog      // of deltas
	window  numberWindow     // of all numbers
	limit   int64            // the highest number that is believed of what is being applied
	// Nothing up to these numbers can make a participant present who is not: a list
	// that came says so, or memory of who left was given up.
	floor, lossy int64
	lost         int64 // the highest number at which something may have been missed because of lossy
	strange      bool  // a number that is not believed came, or a new numbering began
	suspect      bool  // a number came again with something else: a new numbering may have begun
	behind       lateNews
	dropped      bool // there was no room for somebody
	scratch      []byte
}

type rosterEntry[P any] struct {
	value P
	n     int64
	size  int // as JSON
}

func newRosterCore[P attendant](access rosterAccess[P]) *rosterCore[P] {
	r := &rosterCore[P]{access: access, present: make(map[string]rosterEntry[P])}
	r.renumber(1)
	return r
}

// apply takes what an event says of the participants of a call; delta returns what a
// value holds that is a delta, and false for others. Generated code calls it.
func (r *rosterCore[P]) apply(e *CallbackEvent, delta func(codec.Value) (*int64, []P, bool)) []RosterChange[P] {
	if e == nil {
		return nil
	}
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
// number of the delta, nil if it has none. A number that is more than 4,096 away from the
// highest one is not believed, nor what comes with it; when three such numbers come in a
// row and are near each other, the service has begun to count anew.
func (r *rosterCore[P]) ApplyDelta(sequence *int64, changed []P) RosterChange[P] {
	r.mu.Lock()
	defer r.mu.Unlock()
	changed = withoutNil(changed)
	var change RosterChange[P]
	n := r.window.top // without any number it is taken as the latest
	if sequence != nil {
		n = *sequence
		if !r.takeNumber(n, changed) {
			change.Late = len(changed)
			return r.finish(change)
		}
	}
	r.limit = r.window.limit()
	for _, p := range changed {
		r.set(&change, p, n, sequence == nil, r.access.removed(p))
	}
	return r.finish(change)
}

// ApplyLeft takes participants who have left.
func (r *rosterCore[P]) ApplyLeft(participants []P) RosterChange[P] {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.limit = r.window.limit()
	var change RosterChange[P]
	for _, p := range withoutNil(participants) {
		r.set(&change, p, r.window.top, true, true)
	}
	return r.finish(change)
}

// ApplyList takes a whole list that came as a notification. Lists have no number of
// their own: one that shows nobody as they were before is taken as the latest.
func (r *rosterCore[P]) ApplyList(list []P) RosterChange[P] {
	r.mu.Lock()
	defer r.mu.Unlock()
	list = withoutNil(list)
	r.limit = r.window.limit()
	proven := r.proven(list, math.MinInt64)
	current := int64(math.MaxInt64) // who is not in the list has left, whatever their number
	n := max(r.window.top, proven)
	if r.overtaken(list) {
		current, n = proven, proven
	}
	return r.replace(list, n, current, proven)
}

// ApplyFetched takes a whole list that was asked for, and the highest number that was
// known when it was asked for, which Sequence returns: the list has at least all changes
// up to it. If the list shows that this cannot be so, the service has begun to count anew,
// or a number was believed that was wrong: then everything is as in the list, and numbers
// begin with those in it.
func (r *rosterCore[P]) ApplyFetched(list []P, asOf int64) RosterChange[P] {
	r.mu.Lock()
	defer r.mu.Unlock()
	list = withoutNil(list)
	asOf = min(asOf, r.window.top)
	r.limit = r.window.limit()
	if r.suspect || r.contradicts(list, asOf) {
		r.renumber(1)
		r.limit, asOf = r.window.limit(), 0
	}
	r.strange, r.suspect, r.dropped, r.behind = false, false, false, lateNews{}
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
			r.remove(id)
			r.left[id] = e.n
		}
	}
	r.numbers.raise(proven)
	r.floor = max(r.floor, proven)
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
	if len(id) > maxRosterID {
		r.drop(change)
		return
	}
	if own := r.number(p); own != nil {
		n, latest = *own, false
		r.window.see(n)
	}
	old, here := r.present[id]
	gone, left := r.left[id]
	switch {
	case here && (n < old.n || n == old.n && !latest && !removed), left && (n < gone || n == gone && !latest):
		change.Late++
	case !here && n <= r.floor && !latest:
		change.Late++
	case !here && !left && n <= r.lossy && !latest:
		r.lost = max(r.lost, n)
		change.Late++
	case removed:
		if here {
			change.Left = append(change.Left, p)
			r.remove(id)
		}
		r.left[strings.Clone(id)] = n
	case !here && len(r.present) >= maxRosterParticipants:
		r.drop(change)
	default:
		r.store(change, p, n, old, here)
	}
}

// drop notes that there is no room for a participant.
func (r *rosterCore[P]) drop(change *RosterChange[P]) {
	change.Dropped++
	r.dropped = true
}

// remove makes a participant absent.
func (r *rosterCore[P]) remove(id string) {
	r.bytes -= r.present[id].size
	delete(r.present, id)
}

// sizeOf returns the size of a participant as JSON.
func (r *rosterCore[P]) sizeOf(p P) int {
	data, err := codec.AppendJSON(r.scratch[:0], p)
	if err != nil {
		return math.MaxInt32 // it cannot come from a notification
	}
	if cap(data) <= maxParticipantBytes {
		r.scratch = data
	}
	return len(data)
}

// store makes a participant present.
func (r *rosterCore[P]) store(change *RosterChange[P], p P, n int64, old rosterEntry[P], here bool) {
	size := r.sizeOf(p)
	if size > maxParticipantBytes || r.bytes-old.size+size > maxRosterBytes {
		r.drop(change)
		return
	}
	kept := codec.Clone(p) // p holds on to the whole notification
	id := r.access.id(kept)
	r.present[id] = rosterEntry[P]{kept, n, size}
	r.bytes += size - old.size
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
	return len(r.numbers.runs) > 0 || r.numbers.given > 0 || r.lost > math.MinInt64 || r.strange || r.suspect
}

// NeedsList reports whether deltas are missing, or have numbers that make no sense, so that
// the roster may be wrong. What is missing may still come; if it does not after a few
// seconds, ask the service for the list of participants and give it to ApplyFetched.
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

// Sequence returns the highest number that was seen and is believed, of a delta or of a
// participant.
func (r *rosterCore[P]) Sequence() int64 {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.window.top
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
