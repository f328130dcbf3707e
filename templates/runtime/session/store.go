package session

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"maps"
	"slices"
	"sync"
	"time"
)

// A CallStore keeps sessions over a restart, one call per key. It must be safe for concurrent
// use. A call is changed by compare-and-swap: a change is made only if the revision is the one
// that the call has. [CheckCallStore] tests an implementation.
//
// What is stored holds the call as far as it is known, operations under way, events that
// functions have not handled yet, and the program's own data. These can hold names, phone numbers
// and ids of people: encrypt them with CallsOptions.Seal where the store does not, and forget
// them when they expire. Access tokens, meeting tokens, passcodes, media blobs and the roster are
// not stored.
//
// An error other than those below makes the service send a notification again, and prevents
// an operation from being sent.
type CallStore interface {
	// Save stores a call and returns its new revision. A call of revision 0 is a new one:
	// if there is one already, the error is [ErrCallStored]. Otherwise, if the stored call has
	// another revision or is not there, the error is [ErrCallRevision].
	Save(ctx context.Context, call StoredCall) (revision uint64, err error)
	// Load returns a call, or [ErrCallNotStored].
	Load(ctx context.Context, id string) (StoredCall, error)
	// Delete removes a call. The error is [ErrCallRevision] if the stored call has another
	// revision, and nil if the call is not stored.
	Delete(ctx context.Context, id string, revision uint64) error
	// List ranges over the ids of all calls, in no order. It ends with the first error.
	List(ctx context.Context) iter.Seq2[string, error]
}

// StoredCall is a session in a [CallStore].
type StoredCall struct {
	ID       string // of the call, a GUID in small letters without dashes
	Revision uint64 // what Save returned last, never 0; 0 for a call that was not stored before
	Expires  time.Time
	Data     []byte // sealed, if there is a CallsOptions.Seal
}

// Errors of a [CallStore].
var (
	// ErrCallNotStored means that there is no such call, or it has expired.
	ErrCallNotStored = errors.New("the call is not stored")
	// ErrCallStored means that a call is stored already.
	ErrCallStored = errors.New("the call is stored already")
	// ErrCallRevision means that somebody else has changed the stored call. Its session ends in
	// this process and sends nothing more.
	ErrCallRevision = errors.New("the stored call has another revision: somebody else has changed it")
)

// MemoryCallStore is a [CallStore] in memory. Expired calls are removed by Save. The zero value
// is empty and ready to use.
type MemoryCallStore struct {
	Clock CallClock // by default the system's

	mu    sync.Mutex
	calls map[string]StoredCall
	last  uint64 // revision
}

func (m *MemoryCallStore) now() time.Time {
	if m.Clock == nil {
		return time.Now()
	}
	return m.Clock.Now()
}

// Save implements [CallStore].
func (m *MemoryCallStore) Save(_ context.Context, call StoredCall) (uint64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.calls == nil {
		m.calls = make(map[string]StoredCall)
	}
	old, ok := m.lookUp(call.ID)
	switch {
	case ok && call.Revision == 0:
		return 0, ErrCallStored
	case call.Revision != old.Revision:
		return 0, ErrCallRevision
	}
	if m.last++; m.last%1024 == 0 {
		now := m.now()
		maps.DeleteFunc(m.calls, func(_ string, c StoredCall) bool { return !c.Expires.After(now) })
	}
	call.Revision, call.Data = m.last, bytes.Clone(call.Data)
	m.calls[call.ID] = call
	return m.last, nil
}

// lookUp returns a call that has not expired.
func (m *MemoryCallStore) lookUp(id string) (StoredCall, bool) {
	call, ok := m.calls[id]
	if !ok || !call.Expires.After(m.now()) {
		return StoredCall{}, false
	}
	return call, true
}

// Load implements [CallStore].
func (m *MemoryCallStore) Load(_ context.Context, id string) (StoredCall, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	call, ok := m.lookUp(id)
	if !ok {
		return StoredCall{}, ErrCallNotStored
	}
	call.Data = bytes.Clone(call.Data)
	return call, nil
}

// Delete implements [CallStore].
func (m *MemoryCallStore) Delete(_ context.Context, id string, revision uint64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	call, ok := m.lookUp(id)
	if ok && call.Revision != revision {
		return ErrCallRevision
	}
	delete(m.calls, id)
	return nil
}

// List implements [CallStore].
func (m *MemoryCallStore) List(context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		m.mu.Lock()
		var ids []string
		for id := range m.calls {
			if _, ok := m.lookUp(id); ok {
				ids = append(ids, id)
			}
		}
		m.mu.Unlock()
		for _, id := range slices.Sorted(slices.Values(ids)) {
			if !yield(id, nil) {
				return
			}
		}
	}
}
