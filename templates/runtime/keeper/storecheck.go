package keeper

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
)

// CheckSubscriptionStore tests an implementation of [SubscriptionStore], which must be empty and is
// left so. It returns an error that says what the store does wrong. Call it from a test:
//
//	if err := CheckSubscriptionStore(t.Context(), store); err != nil {
//		t.Error(err)
//	}
func CheckSubscriptionStore(ctx context.Context, store SubscriptionStore) error {
	c := &subscriptionStoreCheck{ctx: ctx, store: store}
	for _, key := range []string{"mail", "with.dots and * > / blanks", "Größe", strings.Repeat("k", 200)} {
		c.life(key)
	}
	c.together()
	return errors.Join(c.failed...)
}

// subscriptionStoreCheck collects what a store does wrong.
type subscriptionStoreCheck struct {
	ctx   context.Context
	store SubscriptionStore

	mu     sync.Mutex
	failed []error
}

func (c *subscriptionStoreCheck) wrong(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failed = append(c.failed, fmt.Errorf(format, args...))
}

// ok notes an error.
func (c *subscriptionStoreCheck) ok(err error, what string) {
	if err != nil {
		c.wrong("%s: %w", what, err)
	}
}

// absent checks that nothing is stored under a key.
func (c *subscriptionStoreCheck) absent(key string) {
	if s, err := c.store.Load(c.ctx, key); !errors.Is(err, ErrSubscriptionNotStored) {
		c.wrong("Load(%.20q) returns %v and the error %v, not ErrSubscriptionNotStored", key, s, err)
	}
}

// holds checks what is stored under a key.
func (c *subscriptionStoreCheck) holds(want StoredSubscription) {
	got, err := c.store.Load(c.ctx, want.Key)
	c.ok(err, "Load")
	if !got.Expires.Equal(want.Expires) {
		c.wrong("Load returns the time %v, not %v", got.Expires, want.Expires)
	}
	if got.Expires = want.Expires; err == nil && got != want {
		c.wrong("Load returns %v, not %v", got, want)
	}
}

// life takes a subscription through all that can happen to it.
func (c *subscriptionStoreCheck) life(key string) {
	c.absent(key)
	c.ok(c.store.Delete(c.ctx, key), "Delete of what is not stored")
	s := StoredSubscription{Key: key, ID: "1", ClientState: "a \x00 Größe", Expires: time.Unix(1_700_000_000, 0), Wanted: "w"}
	c.ok(c.store.Save(c.ctx, s), "Save")
	c.holds(s)
	s.ID, s.ClientState, s.Expires = "2", "b", time.Now().Add(time.Hour).Truncate(time.Millisecond)
	c.ok(c.store.Save(c.ctx, s), "Save in the place of another")
	c.holds(s)
	c.absent(key + "x")
	c.ok(c.store.Delete(c.ctx, key), "Delete")
	c.absent(key)
}

// together uses the store from several goroutines.
func (c *subscriptionStoreCheck) together() {
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			s := StoredSubscription{Key: fmt.Sprint("key ", i), ID: fmt.Sprint(i), Expires: time.Unix(int64(1_700_000_000+i), 0)}
			c.ok(c.store.Save(c.ctx, s), "Save")
			c.holds(s)
			c.ok(c.store.Delete(c.ctx, s.Key), "Delete")
			c.absent(s.Key)
		})
	}
	all.Wait()
}
