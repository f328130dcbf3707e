// Package keeper is the part of the runtime that keeps subscriptions to change notifications.
package keeper

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/callgen/callgen/templates/runtime/client"
	"github.com/callgen/callgen/templates/runtime/model"
	"github.com/callgen/callgen/templates/runtime/notification"
)

// KeeperOptions configures [NewSubscriptionKeeper]. The zero value is ready to use: it keeps what it
// knows in memory.
type KeeperOptions struct {
	// Store keeps subscriptions over a restart; by default nothing does, and a new process creates
	// new ones, while the service goes on to notify for the old ones until they expire.
	Store SubscriptionStore
	// Clock is where the keeper gets the time from; by default the system's.
	Clock KeeperClock
	// ClientState is the secret of all subscriptions. If it is empty, each gets one of its own,
	// made at random; machines that share an address need a common one.
	ClientState string
	// OnResync, if set, is called when notifications of a subscription may be missing: fetch what
	// has changed, with a delta query for example. The subscription is the present one. It runs on
	// a goroutine of its own, at most one for each key at a time; reasons that come up meanwhile
	// cause one more call.
	OnResync func(ctx context.Context, key string, s *model.Subscription, why ResyncReason)
	// Logger logs failures; by default slog.Default(). Client states are never logged.
	Logger *slog.Logger
	// OnError, if set, is called with each failure that is logged. Calls may be concurrent.
	OnError func(ctx context.Context, key string, err error)
}

// ResyncReason says why notifications may be missing.
type ResyncReason string

// Reasons to fetch what has changed.
const (
	ResyncMissed   ResyncReason = "missed"   // the service says that it lost notifications
	ResyncRemoved  ResyncReason = "removed"  // the service ended the subscription; a new one was created
	ResyncExpired  ResyncReason = "expired"  // it was not renewed in time; a new one was created
	ResyncReplaced ResyncReason = "replaced" // another resource or other changes are wanted; a new one was created
)

// ErrKeeperClosed means that a [SubscriptionKeeper] was closed.
var ErrKeeperClosed = errors.New("the keeper of subscriptions is closed")

// SubscriptionKeeper keeps subscriptions to change notifications: it creates them, renews them when
// two thirds of their time are over, authorizes them again when the service asks for it, and
// creates them anew when they are gone. Failed requests are repeated until they succeed, at
// intervals that grow up to 5 minutes.
//
// One keeper at a time may keep a key. Its methods are safe for concurrent use.
type SubscriptionKeeper struct {
	client  *client.Client
	options KeeperOptions
	ctx     context.Context
	cancel  context.CancelFunc
	running sync.WaitGroup

	mu     sync.Mutex
	closed bool
	kept   map[string]*keptSubscription
}

// NewSubscriptionKeeper returns a keeper that makes its requests with a client.
func NewSubscriptionKeeper(c *client.Client, options KeeperOptions) *SubscriptionKeeper {
	if options.Store == nil {
		options.Store = new(MemorySubscriptionStore)
	}
	if options.Clock == nil {
		options.Clock = keeperWallClock{}
	}
	if options.Logger == nil {
		options.Logger = slog.Default()
	}
	k := &SubscriptionKeeper{client: c, options: options, kept: make(map[string]*keptSubscription)}
	k.ctx, k.cancel = context.WithCancel(context.Background())
	return k
}

// Keep keeps a subscription from now on, under a key of the program's choice, and returns when it
// exists. A subscription that is stored under the key is taken over if it is alive and is for the
// same; otherwise a new one is created. Lifetime is how long it lasts without being renewed; the service
// has a limit for each resource, see its page "subscription resource type". The clientState and
// expirationDateTime of the wanted subscription are the keeper's own.
//
// Keep of a key that is kept already replaces what is wanted: another certificate is sent with a
// renewal at once, and for other changes a new subscription is created.
//
// An error means that nothing is kept, unless the key was kept before. The service calls the
// notificationUrl before it answers, so serve that before.
func (k *SubscriptionKeeper) Keep(ctx context.Context, key string, wanted *model.Subscription, lifetime time.Duration) error {
	if key == "" || wanted == nil || lifetime <= 0 {
		return errors.New("a subscription to keep needs a key, what is wanted and a lifetime")
	}
	template, err := newSubscriptionTemplate(wanted)
	if err != nil {
		return err
	}
	s, err := k.entry(key)
	if err != nil {
		return err
	}
	s.turn.Lock()
	defer s.turn.Unlock()
	return s.keep(ctx, template, lifetime)
}

// entry returns the entry of a key, which is new if nothing is kept under it.
func (k *SubscriptionKeeper) entry(key string) (*keptSubscription, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closed {
		return nil, ErrKeeperClosed
	}
	s := k.kept[key]
	if s == nil {
		s = &keptSubscription{keeper: k, key: key, wake: make(chan struct{}, 1)}
		k.kept[key] = s
	}
	return s, nil
}

// Drop ends the subscription of a key, also one that is stored only, and forgets it.
func (k *SubscriptionKeeper) Drop(ctx context.Context, key string) error {
	s, err := k.entry(key)
	if err != nil {
		return err
	}
	s.turn.Lock()
	defer s.turn.Unlock()
	err = s.drop(ctx)
	if s.ended {
		k.mu.Lock()
		delete(k.kept, key)
		k.mu.Unlock()
	}
	return err
}

// Subscription returns the subscription of a key as the service has described it last. The caller
// must not change it.
func (k *SubscriptionKeeper) Subscription(key string) (*model.Subscription, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if s := k.kept[key]; s != nil && s.described != nil {
		return s.described, true
	}
	return nil, false
}

// ClientStates returns the secrets of a subscription, for [ChangeOptions].ClientStates. While
// subscriptions are being created, theirs are those of unknown ids.
func (k *SubscriptionKeeper) ClientStates(_ context.Context, subscriptionID string) ([]string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	var pending []string
	for _, s := range k.kept {
		if s.record.ID == subscriptionID && s.record.ID != "" {
			return []string{s.record.ClientState}, nil
		}
		if s.pending != "" {
			pending = append(pending, s.pending)
		}
	}
	slices.Sort(pending)
	return slices.Compact(pending), nil
}

// HandleLifecycle does what an event in the life of a subscription calls for, on the keeper's own
// goroutines. Add it to the handler with [ChangeHandler.OnLifecycle]. Events of subscriptions that
// are not kept are ignored.
func (k *SubscriptionKeeper) HandleLifecycle(_ context.Context, e *notification.ChangeEvent) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, s := range k.kept {
		if s.record.ID != e.SubscriptionID || s.record.ID == "" || k.closed {
			continue
		}
		switch e.Lifecycle {
		case notification.ChangeReauthorizationRequired:
			s.reauthorize = true
		case notification.ChangeSubscriptionRemoved:
			s.removed = s.record.ID
		case notification.ChangeMissed:
			s.resync(ResyncMissed)
			continue
		default:
			continue
		}
		s.wakeUp()
	}
	return nil
}

// Close stops keeping and waits for what is under way. The subscriptions stay, for a successor with
// the same store. If ctx ends first, Close returns its error; requests and the contexts of functions
// are cancelled in any case.
func (k *SubscriptionKeeper) Close(ctx context.Context) error {
	k.mu.Lock()
	k.closed = true
	k.mu.Unlock()
	k.cancel()
	done := make(chan struct{})
	go func() {
		k.running.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// report logs a failure.
func (k *SubscriptionKeeper) report(ctx context.Context, key string, err error) {
	if k.ctx.Err() != nil {
		return
	}
	defer func() { _ = recover() }() // there is nowhere to report the panic of a logger
	k.options.Logger.LogAttrs(ctx, slog.LevelError, "subscription", slog.String("key", key), slog.String("error", fmt.Sprint(err)))
	if k.options.OnError != nil {
		k.options.OnError(ctx, key, err)
	}
}
