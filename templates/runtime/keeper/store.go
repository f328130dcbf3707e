package keeper

import (
	"context"
	"errors"
	"sync"
	"time"
)

// A SubscriptionStore keeps subscriptions over a restart, one for each key. It must be safe for
// concurrent use. [CheckSubscriptionStore] tests an implementation.
//
// A record holds the clientState, which is a secret: whoever has it and knows the program's address
// can send it forged notifications.
type SubscriptionStore interface {
	// Save stores a subscription in the place of an earlier one with its key.
	Save(ctx context.Context, s StoredSubscription) error
	// Load returns a subscription, or [ErrSubscriptionNotStored]. An expired one is returned, too:
	// the keeper learns from it that notifications are missing.
	Load(ctx context.Context, key string) (StoredSubscription, error)
	// Delete removes a subscription. If nothing is stored, that is no error.
	Delete(ctx context.Context, key string) error
}

// StoredSubscription is a subscription in a [SubscriptionStore].
type StoredSubscription struct {
	Key         string // of the program's choice
	ID          string // the service's
	ClientState string // a secret
	Expires     time.Time
	Wanted      string // a digest of what the subscription is for, at most 64 characters
}

// ErrSubscriptionNotStored means that nothing is stored under a key.
var ErrSubscriptionNotStored = errors.New("the subscription is not stored")

// MemorySubscriptionStore is a [SubscriptionStore] in memory. The zero value is empty and ready to
// use.
type MemorySubscriptionStore struct {
	mu  sync.Mutex
	all map[string]StoredSubscription
}

// Save implements [SubscriptionStore].
func (m *MemorySubscriptionStore) Save(_ context.Context, s StoredSubscription) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.all == nil {
		m.all = make(map[string]StoredSubscription)
	}
	m.all[s.Key] = s
	return nil
}

// Load implements [SubscriptionStore].
func (m *MemorySubscriptionStore) Load(_ context.Context, key string) (StoredSubscription, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s, ok := m.all[key]; ok {
		return s, nil
	}
	return StoredSubscription{}, ErrSubscriptionNotStored
}

// Delete implements [SubscriptionStore].
func (m *MemorySubscriptionStore) Delete(_ context.Context, key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.all, key)
	return nil
}
