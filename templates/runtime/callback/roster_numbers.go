package callback

import (
	"math"
	"slices"
)

// This file interprets the sequence numbers of a roster.

// renumber forgets all numbers: the next delta should have number first.
func (r *rosterCore[P]) renumber(first int64) {
	for id, e := range r.present {
		e.n = math.MinInt64
		r.present[id] = e
	}
	r.left = make(map[string]int64)
	r.numbers = newSequenceLog(first)
	r.window = numberWindow{}
	r.floor, r.lossy, r.lost = math.MinInt64, math.MinInt64, math.MinInt64
}

// takeNumber records the number of a delta and reports whether it is believed.
func (r *rosterCore[P]) takeNumber(n int64, changed []P) bool {
	believed, restarted, first := r.window.take(n)
	if !believed {
		r.strange = true
		return false
	}
	if restarted {
		r.renumber(first)
		r.strange = true
	}
	again := r.numbers.came(n)
	r.numbers.add(n)
	r.window.see(n)
	r.limit = r.window.limit()
	if (again || n <= r.floor) && !r.dropped {
		news := slices.ContainsFunc(changed, func(p P) bool { return r.isNews(p, n) })
		r.suspect = r.suspect || again && news // impossible if the numbering is still the same
		r.strange = r.strange || !again && r.behind.add(n, news)
	}
	return true
}

// isNews reports whether a delta says something new about a participant at a number that is
// not new.
func (r *rosterCore[P]) isNews(p P, n int64) bool {
	if own := r.number(p); own != nil {
		n = *own
	}
	id := r.access.id(p)
	if id == "" || len(id) > maxRosterID || r.access.removed(p) || n <= r.lossy {
		return false
	}
	known, ok := r.known(id)
	return !ok || known < n
}

// known returns the sequence number of the last news about a participant.
func (r *rosterCore[P]) known(id string) (int64, bool) {
	if e, ok := r.present[id]; ok {
		return e.n, true
	}
	n, ok := r.left[id]
	return n, ok
}

// number returns the number of a participant, or nil if it is not believed.
func (r *rosterCore[P]) number(p P) *int64 {
	if n := r.access.number(p); n != nil && *n >= 0 && *n <= r.limit {
		return n
	}
	return nil
}

// proven returns the highest number whose changes a list certainly includes.
func (r *rosterCore[P]) proven(list []P, asOf int64) int64 {
	for _, p := range list {
		if n := r.number(p); n != nil {
			asOf = max(asOf, *n)
			r.window.see(*n)
		}
	}
	return asOf
}

// overtaken reports whether a list shows a participant in an older state, or one who has left.
func (r *rosterCore[P]) overtaken(list []P) bool {
	return slices.ContainsFunc(list, func(p P) bool {
		number := r.number(p)
		if number == nil {
			return false
		}
		n := *number
		id := r.access.id(p)
		e, here := r.present[id]
		gone, left := r.left[id]
		return here && e.n > n || left && gone >= n || !here && n <= r.floor
	})
}

// contradicts reports whether a list that should include all changes up to asOf lacks one: it
// shows a participant in an older state, or with a change that an earlier list lacked although
// it included higher numbers.
func (r *rosterCore[P]) contradicts(list []P, asOf int64) bool {
	return slices.ContainsFunc(list, func(p P) bool {
		number := r.access.number(p)
		id := r.access.id(p)
		if number == nil || *number < 0 || id == "" {
			return false
		}
		known, ok := r.known(id)
		if ok && *number < known && known <= asOf {
			return true
		}
		return (!ok || known < *number) && *number <= r.floor && r.floor <= asOf && !r.dropped
	})
}
