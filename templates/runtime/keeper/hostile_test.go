package keeper

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/templates/runtime/model"
	"github.com/callgen/callgen/templates/runtime/notification"
)

// TestServiceWhoseSubscriptionsHaveExpired: clocks may differ by days. Nobody is asked for a subscription
// without a pause.
func TestServiceWhoseSubscriptionsHaveExpired(t *testing.T) {
	for name, grants := range map[string]time.Duration{"at once": -time.Hour, "in a moment": time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newService()
				s.grants = grants
				b := newBench(t, s, nil, nil)
				require.NoError(t, b.Keep(t.Context(), "mail", wanted(), 3*day))
				time.Sleep(time.Hour)
				assert.ErrorContains(t, b.failures(), "compare the clocks")
				assert.Less(t, len(s.asked()), 30, "at intervals up to five minutes")
				s.mu.Lock()
				s.grants = 0
				s.mu.Unlock()
				time.Sleep(10 * time.Minute)
				s.asked()
				time.Sleep(day)
				assert.Empty(t, s.asked(), "it recovers")
				require.NoError(t, b.Close(t.Context()))
			})
		})
	}
}

// TestServiceThatPromisesTooMuch: a subscription is renewed by what was asked for, if the service says later.
func TestServiceThatPromisesTooMuch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService()
		s.grants = 365 * day
		b := newBench(t, s, nil, nil)
		require.NoError(t, b.Keep(t.Context(), "mail", wanted(), 3*day))
		time.Sleep(30 * day)
		assert.InDelta(t, 16, len(s.asked()), 1)
		require.NoError(t, b.Close(t.Context()))
	})
}

// TestRefusedRenewals: a conflict, or whatever is no word of the subscription's end, is tried again.
func TestRefusedRenewals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, status := range []int{400, 401, 403, 409, 412, 429} {
			b := newBench(t, newService(), nil, nil)
			require.NoError(t, b.Keep(t.Context(), "mail", wanted(), 3*day))
			b.service.asked()
			b.service.set(status)
			time.Sleep(2*day + time.Hour)
			b.service.set(0)
			time.Sleep(10 * time.Minute)
			for _, r := range b.service.asked() {
				assert.Equal(t, "PATCH /subscriptions/s1", r, status)
			}
			assert.Empty(t, b.resyncs(), status)
			require.NoError(t, b.Close(t.Context()))
		}
	})
}

// TestLifecycleStorm: many events at once cause few requests.
func TestLifecycleStorm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, newService(), nil, nil)
		require.NoError(t, b.Keep(t.Context(), "mail", wanted(), 3*day))
		b.service.asked()
		var all sync.WaitGroup
		for i := range 1000 {
			all.Go(func() {
				event := []string{"reauthorizationRequired", "missed"}[i%2]
				assert.NoError(t, b.HandleLifecycle(t.Context(), &notification.ChangeEvent{SubscriptionID: "s1", Lifecycle: event}))
			})
		}
		all.Wait()
		assert.NotEmpty(t, b.resyncs())
		assert.Less(t, len(b.service.asked()), 200)
		require.NoError(t, b.Close(t.Context()))
	})
}

// panicking is a store that panics when it is told to.
type panicking struct {
	MemorySubscriptionStore
	now atomic.Bool
}

func (p *panicking) check() {
	if p.now.Load() {
		panic("no disk")
	}
}

func (p *panicking) Save(ctx context.Context, s StoredSubscription) error {
	p.check()
	return p.MemorySubscriptionStore.Save(ctx, s)
}

func (p *panicking) Load(ctx context.Context, key string) (StoredSubscription, error) {
	p.check()
	return p.MemorySubscriptionStore.Load(ctx, key)
}

func (p *panicking) Delete(ctx context.Context, key string) error {
	p.check()
	return p.MemorySubscriptionStore.Delete(ctx, key)
}

// TestStoreThatPanics: the keeper's goroutines bear it, and what was not stored is stored later.
func TestStoreThatPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := new(panicking)
		b := newBench(t, newService(), store, nil)
		store.now.Store(true)
		assert.ErrorContains(t, b.Keep(t.Context(), "mail", wanted(), 3*day), "Store panicked: no disk")
		store.now.Store(false)
		require.NoError(t, b.Keep(t.Context(), "mail", wanted(), 3*day))
		store.now.Store(true)
		time.Sleep(3 * day)
		assert.ErrorContains(t, b.failures(), "Store panicked: no disk")
		assert.ErrorContains(t, b.Drop(t.Context(), "mail"), "Store panicked: no disk")
		store.now.Store(false)
		require.NoError(t, b.Drop(t.Context(), "mail"))
		require.NoError(t, b.Close(t.Context()))
	})
}

// slow is a store that takes its time, and does nothing when its context has ended, as a database does.
type slow struct{ MemorySubscriptionStore }

func (s *slow) Save(ctx context.Context, r StoredSubscription) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.MemorySubscriptionStore.Save(ctx, r)
}

// TestCloseWhileItIsCreated: what the service has created is stored, or nobody would ever know of it.
func TestCloseWhileItIsCreated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, store := newService(), new(slow)
		b := newBench(t, s, store, nil)
		require.NoError(t, b.Keep(t.Context(), "mail", wanted(), 3*day))
		closed := make(chan error, 1)
		s.before = func() { // while the service creates the second one
			go func() { closed <- b.Close(context.Background()) }()
			time.Sleep(time.Second)
		}
		require.NoError(t, b.HandleLifecycle(t.Context(), &notification.ChangeEvent{SubscriptionID: "s1", Lifecycle: "subscriptionRemoved"}))
		require.NoError(t, <-closed)
		stored, err := store.Load(t.Context(), "mail")
		require.NoError(t, err)
		assert.Equal(t, "s2", stored.ID)
	})
}

// TestCloseDoesNotWaitForEver: a service that does not answer, and a program's function that does not end.
func TestCloseDoesNotWaitForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		end := make(chan struct{})
		b := newBench(t, newService(), nil, func(o *KeeperOptions) {
			o.OnResync = func(context.Context, string, *model.Subscription, ResyncReason) { <-end }
		})
		require.NoError(t, b.Keep(t.Context(), "mail", wanted(), day))
		require.NoError(t, b.HandleLifecycle(t.Context(), &notification.ChangeEvent{SubscriptionID: "s1", Lifecycle: "missed"}))
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		assert.ErrorIs(t, b.Close(ctx), context.DeadlineExceeded)
		close(end)
		assert.NoError(t, b.Close(t.Context()))
	})
}

// TestStoreWithNonsense: a record that is of no use does not keep the keeper from its work.
func TestStoreWithNonsense(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, record := range []StoredSubscription{
			{}, {Key: "other", ID: "../users", ClientState: "x", Expires: time.Now().Add(day)}, {Key: "mail", ID: "gone", Expires: time.Now().Add(1000 * day), Wanted: "x"},
		} {
			b := newBench(t, newService(), nonsense{record}, nil)
			require.NoError(t, b.Keep(t.Context(), "mail", wanted(), day))
			assert.Equal(t, "POST /subscriptions", b.service.asked()[0])
			require.NoError(t, b.Close(t.Context()))
		}
	})
}

type nonsense struct{ record StoredSubscription }

func (nonsense) Save(context.Context, StoredSubscription) error { return errors.New("no") }
func (n nonsense) Load(context.Context, string) (StoredSubscription, error) {
	return n.record, nil
}
func (nonsense) Delete(context.Context, string) error { return nil }
