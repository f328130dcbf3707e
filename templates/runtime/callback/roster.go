package callback

import (
	"maps"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// RosterChange describes how a notification changed a roster.
type RosterChange[P any] struct {
	Joined   []P // new in the roster
	Updated  []P // present before, and changed
	Admitted []P // moved from the lobby into the meeting; also in Updated
	Left     []P // no longer present, as last seen

	Late    int  // number of participants for whom the same or later news was known
	Dropped int  // number of participants without room in the roster, or with an id over 1 KiB
	Gap     bool // the roster may be wrong: fetch the list after a while, see NeedsList
}

// Limits of a roster. The service sends about 1 KiB per participant, and ids of less than 100
// bytes.
const (
	maxRosterParticipants = 50_000
	maxRosterBytes        = 64 << 20  // of all participants as JSON
	maxParticipantBytes   = 256 << 10 // of one participant as JSON
	maxRosterLeft         = 4096      // participants who left, remembered to recognize late news about them
	maxRosterID           = 1 << 10   // bytes
)

// rosterAccess reads the fields of a participant that a roster needs.
type rosterAccess[P any] struct {
	id      func(P) string // "" for a participant to ignore
	number  func(P) *int64 // sequence number of the participant's last update
	removed func(P) bool   // reports whether the participant has left
	inLobby func(P) *bool  // reports whether the participant waits in the lobby
}

// attendant is a pointer to a struct, nil where the service sent null.
type attendant interface {
	comparable
	codec.Value
}

// rosterCore keeps the participants of one call, from whole lists and from deltas, which
// arrive out of order and more than once. For each participant it keeps the state with the
// highest sequence number. It is safe for concurrent use; the participants that it returns are
// shared and must not be modified. Generated types embed it.
type rosterCore[P attendant] struct {
	access rosterAccess[P]

	mu      sync.RWMutex
	present map[string]rosterEntry[P]
	bytes   int              // of all participants present
	left    map[string]int64 // sequence numbers at which participants left
	numbers sequenceLog      // of deltas
	window  numberWindow     // of all numbers
	limit   int64            // highest number that is believed while a notification is applied
	// Nothing up to these numbers can make an absent participant present: floor is due to a
	// list, lossy to forgetting who left.
	floor, lossy int64
	lost         int64 // highest number at which lossy may have hidden news
	strange      bool  // a number was not believed, or a new numbering began
	suspect      bool  // a number came again with different news: a new numbering may have begun
	behind       lateNews
	dropped      bool // a participant was dropped for lack of room
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

// apply applies an event about the participants of a call. Delta returns the content of a
// value that is a delta and reports false for others. Generated code calls it.
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

// ApplyDelta applies a delta: participants who joined, changed or left, and the delta's
// sequence number, nil if it has none. A number more than 4,096 away from the highest one is
// not believed and the delta is ignored; three such numbers in a row that are close to each
// other mean that the service has started a new numbering.
func (r *rosterCore[P]) ApplyDelta(sequence *int64, changed []P) RosterChange[P] {
	r.mu.Lock()
	defer r.mu.Unlock()
	changed = withoutNil(changed)
	var change RosterChange[P]
	n := r.window.top // a delta without number counts as the latest
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

// ApplyLeft removes participants who have left.
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

// ApplyList applies a complete list from a notification. Lists have no sequence number: a list
// in which nobody has an older state than the roster's counts as the latest.
func (r *rosterCore[P]) ApplyList(list []P) RosterChange[P] {
	r.mu.Lock()
	defer r.mu.Unlock()
	list = withoutNil(list)
	r.limit = r.window.limit()
	proven := r.proven(list, math.MinInt64)
	current := int64(math.MaxInt64) // participants not in the list have left, whatever their number
	n := max(r.window.top, proven)
	if r.overtaken(list) {
		current, n = proven, proven
	}
	return r.replace(list, n, current, proven)
}

// ApplyFetched applies a complete list fetched from the service. Pass as asOf the result of
// Sequence from before the request: the list includes at least the changes up to it. If the
// list contradicts that, the service has started a new numbering or a wrong number was
// believed; the roster then takes everything from the list, including the numbering.
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

// replace applies a complete list. Participants without a number get n. Participants of the
// roster with numbers up to current who are not in the list have left.
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

// set applies news about one participant, with number n if it has none. At equal numbers the
// first news stays, except that a participant who left stays absent; with latest, and without
// a number of its own, the new one wins.
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

// drop records that there is no room for a participant.
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
		return math.MaxInt32 // a value that cannot be encoded did not come from a notification
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
	kept := codec.Clone(p) // p references the whole notification
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

// finish limits how many participants who left are remembered, and completes a change.
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

// NeedsList reports whether the roster may be wrong, because deltas are missing or have
// implausible numbers. Missing deltas may still arrive; if NeedsList stays true for a few
// seconds, fetch the list of participants and pass it to ApplyFetched.
func (r *rosterCore[P]) NeedsList() bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.needsList()
}

// Missing returns the sequence numbers of deltas that did not arrive although later ones did.
func (r *rosterCore[P]) Missing() []SequenceGap {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.numbers.missing()
}

// Sequence returns the highest believed sequence number of a delta or participant.
func (r *rosterCore[P]) Sequence() int64 {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.window.top
}

// Get returns the participant with the given id, including one who waits in the lobby.
func (r *rosterCore[P]) Get(id string) (P, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	e, ok := r.present[id]
	return e.value, ok
}

// Len returns the number of participants, including those in the lobby.
func (r *rosterCore[P]) Len() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.present)
}

// Participants returns all participants, including those in the lobby, ordered by id.
func (r *rosterCore[P]) Participants() []P {
	return r.collect(func(P) bool { return true })
}

// Lobby returns the participants who wait in the lobby, ordered by id.
func (r *rosterCore[P]) Lobby() []P { return r.collect(r.waits) }

// waits reports whether a participant is in the lobby.
func (r *rosterCore[P]) waits(p P) bool {
	in := r.access.inLobby(p)
	return in != nil && *in
}

// withoutNil returns a list without its nil elements.
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
