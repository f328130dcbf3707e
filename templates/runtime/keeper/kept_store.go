package keeper

import (
	"context"
	"errors"
	"fmt"

	"github.com/callgen/callgen/templates/runtime/inbound"
)

// load returns what is stored of the subscription, the zero value for nothing.
func (s *keptSubscription) load(ctx context.Context) (stored StoredSubscription, err error) {
	err = s.stored(func(store SubscriptionStore) error {
		if stored, err = store.Load(ctx, s.key); errors.Is(err, ErrSubscriptionNotStored) {
			stored, err = StoredSubscription{}, nil
		}
		return err
	})
	return stored, err
}

// save stores the subscription if it has changed.
func (s *keptSubscription) save(ctx context.Context) error {
	record := s.current()
	if record == s.saved || record.ID == "" {
		return nil
	}
	err := s.stored(func(store SubscriptionStore) error { return store.Save(ctx, record) })
	if err == nil {
		s.saved = record
	}
	return err
}

// stored does something with the store.
func (s *keptSubscription) stored(do func(SubscriptionStore) error) error {
	const store = "KeeperOptions.Store"
	return containedKeeping(store, func() error {
		if err := do(s.keeper.options.Store); err != nil {
			return fmt.Errorf("%s: %w", store, err)
		}
		return nil
	})
}

// containedKeeping calls f and returns its error, or its panic as an error of what panicked.
func containedKeeping(what string, f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%s panicked: %s", what, inbound.PanicText(p))
		}
	}()
	return f()
}
