package fleet

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"
)

// storedCall is what a generated package's StoredCall holds.
type storedCall struct {
	ID       string
	Revision uint64
	Expires  time.Time
	Data     []byte
}

// StoredCall is the type of the same name in a generated package.
type StoredCall interface {
	~struct {
		ID       string
		Revision uint64
		Expires  time.Time
		Data     []byte
	}
}

// StoreErrors are the errors of a generated package that its sessions understand: ErrCallNotStored,
// ErrCallStored and ErrCallRevision.
type StoreErrors struct{ NotStored, Stored, Revision error }

// CallStore is the CallStore of a generated package. What is saved belongs to the instance that
// saves it. Create one with [NewCallStore].
type CallStore[C StoredCall] struct {
	fleet  *Fleet
	errors StoreErrors
}

// NewCallStore returns the store of a fleet.
func NewCallStore[C StoredCall](f *Fleet, errors StoreErrors) *CallStore[C] {
	return &CallStore[C]{fleet: f, errors: errors}
}

// ErrNoLease means that this instance has lost its lease: others may have taken its calls over, so
// nothing is saved, and no operation is sent.
var ErrNoLease = errors.New("this instance has no valid lease")

// ErrNotOwner means that another instance follows the call.
var ErrNotOwner = errors.New("another instance follows the call")

// headersOf is how much of the size of a message its headers may take.
const headersOf = 4 << 10

// Save stores a session for its owner.
func (s *CallStore[C]) Save(ctx context.Context, call C) (uint64, error) {
	c := storedCall(call)
	key, err := keyOf(c.ID)
	if err != nil {
		return 0, err
	}
	if most := int(s.fleet.conn.MaxPayload()) - headersOf; len(c.Data) > most {
		return 0, fmt.Errorf("the session of the call has %d bytes, and the servers take %d: raise max_payload, or keep less with SetData", len(c.Data), most)
	}
	if !s.fleet.lease.valid() {
		return 0, ErrNoLease
	}
	revision := c.Revision
	if revision == 0 {
		now, err := s.fleet.readRecord(ctx, key)
		if err != nil {
			return 0, err
		}
		if now.live() || now.kind == kindClaimed && now.owner != s.fleet.Instance() {
			return 0, s.errors.Stored
		}
		revision = now.revision
	}
	saved, err := s.fleet.writeRecord(ctx, key, record{
		kind: kindSession, owner: s.fleet.Instance(), revision: revision, expires: c.Expires, data: c.Data,
	})
	switch {
	case errors.Is(err, errConflict) && c.Revision == 0:
		return 0, s.errors.Stored
	case errors.Is(err, errConflict):
		return 0, s.errors.Revision
	}
	return saved, err
}

// Load returns a session of a call that this instance owns.
func (s *CallStore[C]) Load(ctx context.Context, id string) (C, error) {
	key, err := keyOf(id)
	if err != nil {
		return C{}, err
	}
	now, err := s.fleet.readRecord(ctx, key)
	switch {
	case err == nil && !now.live():
		err = s.errors.NotStored
	case err == nil && now.owner != s.fleet.Instance():
		err = fmt.Errorf("%w: %s", ErrNotOwner, now.owner)
	}
	if err != nil {
		return C{}, err
	}
	return C(storedCall{ID: id, Revision: now.revision, Expires: now.expires, Data: now.data}), nil
}

// Delete removes the session of a call that has ended. That it has is kept for an hour, so that
// late notifications do not begin it again.
func (s *CallStore[C]) Delete(ctx context.Context, id string, revision uint64) error {
	key, err := keyOf(id)
	if err != nil {
		return err
	}
	now, err := s.fleet.readRecord(ctx, key)
	switch {
	case err != nil:
		return err
	case !now.live():
		return nil
	case now.revision != revision:
		return s.errors.Revision
	}
	_, err = s.fleet.writeRecord(ctx, key, record{
		kind: kindEnded, owner: s.fleet.Instance(), revision: revision, expires: time.Now().Add(markersFor),
	})
	if errors.Is(err, errConflict) {
		return s.errors.Revision
	}
	return err
}

// List ranges over the ids of all sessions of the fleet.
func (s *CallStore[C]) List(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		info, err := s.fleet.callSubjects(ctx)
		if err != nil {
			yield("", err)
			return
		}
		for _, key := range info {
			id, ok := idOf(key)
			if !ok {
				continue
			}
			now, err := s.fleet.readRecord(ctx, key)
			if err == nil && !now.live() {
				continue
			}
			if !yield(id, err) || err != nil {
				return
			}
		}
	}
}
