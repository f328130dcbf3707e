package fleet

import (
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// This file follows what the streams hold: every instance knows the owner of each call, and where
// the notifications of each end.

// entry is what an instance knows of a call.
type entry struct {
	record    record // without data
	changed   time.Time
	last      uint64    // position of its last notification
	first     time.Time // when a notification was seen that is still there
	seen      time.Time // when the last one was
	storedBy  string    // the instance that stored the last notification
	delivered uint64    // to the session of this process
	handTo    string    // the instance that gets it next
	took      bool      // this process has taken it up
	running   bool      // a goroutine looks after it
	again     bool      // something has changed meanwhile
}

func (f *Fleet) sawRecord(key string, m jetstream.Msg, position uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	e := f.entry(key)
	if position <= e.record.revision {
		return
	}
	e.record, e.changed = recordOf(m.Headers(), position, nil), time.Now()
	f.touch(key, e)
}

func (f *Fleet) sawNotification(key string, m jetstream.Msg, position uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	e := f.entry(key)
	if e.last == 0 {
		e.first = time.Now()
	}
	e.last, e.storedBy, e.seen = max(e.last, position), m.Headers().Get(headerOwner), time.Now()
	f.touch(key, e)
}

// entry returns what is known of a call. f.mu is held.
func (f *Fleet) entry(key string) *entry {
	e, ok := f.calls[key]
	if !ok {
		e = &entry{seen: time.Now(), changed: time.Now()}
		f.calls[key] = e
	}
	return e
}
