package session

import (
	"slices"
	"strings"

	"github.com/callgen/callgen/templates/runtime/model"
)

// toneQueue puts the tones of a call in order. Their numbers begin with 1.
type toneQueue struct {
	next    int64                // number of the tone that is heard next; 0 stands for 1
	waiting map[int64]model.Tone // with later numbers
	heard   []heardTone          // the last ones
	anew    bool                 // a new numbering may begin
}

// heardTone is a tone that was heard already.
type heardTone struct {
	Number int64      `json:"number"`
	Tone   model.Tone `json:"tone"`
}

const (
	mostHeardTones   = 32
	mostWaitingTones = 64
)

// add takes a tone and returns those that are heard now, in order. A tone with a former number
// that was not heard under that number lately begins a new numbering.
func (q *toneQueue) add(number int64, tone model.Tone) []model.Tone {
	if number < 1 {
		return nil // no service sends it
	}
	q.next = max(q.next, 1)
	tone = model.Tone(strings.Clone(string(tone))) // it is a part of the notification
	if number < q.next && !q.anew {
		if slices.Contains(q.heard, heardTone{number, tone}) {
			return nil
		}
		if q.next-number <= mostHeardTones && !slices.ContainsFunc(q.heard, func(h heardTone) bool { return h.Number == number }) {
			return nil // it was given up, and is late
		}
		q.anew = true
	}
	if number < q.next && q.anew {
		q.next, q.heard = 1, nil
		clear(q.waiting)
	}
	q.anew = false
	if q.waiting == nil {
		q.waiting = make(map[int64]model.Tone)
	}
	if _, ok := q.waiting[number]; !ok && len(q.waiting) < mostWaitingTones {
		q.waiting[number] = tone
	}
	return q.take()
}

// take returns the tones that are next.
func (q *toneQueue) take() []model.Tone {
	var tones []model.Tone
	for {
		tone, ok := q.waiting[q.next]
		if !ok {
			return tones
		}
		delete(q.waiting, q.next)
		tones = append(tones, tone)
		q.heard = append(q.heard, heardTone{q.next, tone})
		q.heard = q.heard[max(0, len(q.heard)-mostHeardTones):]
		q.next++
	}
}

// hasGap reports whether tones wait for a missing one.
func (q *toneQueue) hasGap() bool { return len(q.waiting) > 0 }

// skip gives up the tones that are missing before the first one that waits. It returns the
// tones that are heard now, and how many are missing.
func (q *toneQueue) skip() (tones []model.Tone, missed int64) {
	if !q.hasGap() {
		return nil, 0
	}
	first := int64(0)
	for n := range q.waiting {
		if first == 0 || n < first {
			first = n
		}
	}
	missed = first - q.next
	q.next = first
	return q.take(), missed
}
