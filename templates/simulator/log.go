package simulator

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"
)

// Entry is a line of a simulator's log: what it got, answered, posted, or was told to do.
type Entry struct {
	Number int       // counted from 1
	Time   time.Time // by the clock of the simulator
	Kind   EntryKind
	CallID string // "" if it is about no call
	Of     int    // the number of the entry that it goes with: an answer's request

	Method  string
	URL     string // the path of a request, the address of a notification
	Status  int    // of an answer; 0 if there was none
	Header  http.Header
	Body    json.RawMessage // JSON, or a text in quotes
	Attempt int             // of a notification, counted from 1
	Text    string          // what a person, the network or the clock did; what is wrong
}

// EntryKind is the kind of an [Entry].
type EntryKind string

// The kinds of entries.
const (
	KindRequest      EntryKind = "request"      // of the bot
	KindAnswer       EntryKind = "answer"       // to it
	KindNotification EntryKind = "notification" // to the bot
	KindDelivery     EntryKind = "delivery"     // how the bot answered a notification
	KindPerson       EntryKind = "person"       // what somebody else did
	KindNetwork      EntryKind = "network"      // what the network did
	KindClock        EntryKind = "clock"        // moved
	KindComplaint    EntryKind = "complaint"    // what the bot should have done and did not
)

// mostBodies is how much memory the bodies of the log may take, and those of requests, in bytes.
const mostBodies = 64 << 20

// logbook keeps the latest entries; it is used under the simulator's lock.
type logbook struct {
	most    int
	bytes   int // of the bodies of entries
	number  int
	entries []*Entry
	readers []*reader
}

type reader struct{ f func(Entry) }

// add keeps an entry and returns its number.
func (l *logbook) add(e Entry) int {
	l.number++
	e.Number = l.number
	l.entries = append(l.entries, &e)
	l.bytes += len(e.Body)
	if len(l.entries) > 2*l.most || l.bytes > 2*mostBodies { // at twice the number, so that each is moved once
		n := max(0, len(l.entries)-l.most)
		for _, old := range l.entries[:n] {
			l.bytes -= len(old.Body)
		}
		for ; l.bytes > mostBodies; n++ {
			l.bytes -= len(l.entries[n].Body)
		}
		l.entries = slices.Delete(l.entries, 0, n)
	}
	for _, r := range l.readers {
		r.f(e)
	}
	return e.Number
}

func (l *logbook) latest() []*Entry {
	return l.entries[max(0, len(l.entries)-l.most):]
}

// record adds an entry; s.mu is held.
func (s *Simulator) record(e Entry) int {
	e.Time = s.clock.Now()
	return s.log.add(e)
}

// Log returns what happened, in order; of long runs the latest entries (see [Remember]).
func (s *Simulator) Log() []Entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	latest := s.log.latest()
	list := make([]Entry, len(latest))
	for i, e := range latest {
		list[i] = *e
	}
	return list
}

// Watch calls a function for each new entry of the log, until the function that it returns is
// called. It must not call methods of the simulator; entries come in order.
func (s *Simulator) Watch(f func(Entry)) (stop func()) {
	r := &reader{f}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log.readers = append(s.log.readers, r)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.log.readers = slices.DeleteFunc(s.log.readers, func(other *reader) bool { return other == r })
	}
}

// raw is a body as JSON: as it is, or as a text.
func raw(body []byte) json.RawMessage {
	if len(body) == 0 {
		return nil
	}
	if json.Valid(body) {
		return json.RawMessage(body)
	}
	text, _ := json.Marshal(string(body))
	return text
}
