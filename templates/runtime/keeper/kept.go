package keeper

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/callgen/callgen/templates/runtime/client"
	"github.com/callgen/callgen/templates/runtime/codec"
	"github.com/callgen/callgen/templates/runtime/model"
)

// Waits of a keeper.
const (
	keeperRetryFirst = 5 * time.Second
	keeperRetryMost  = 5 * time.Minute
	keeperRequest    = 2 * time.Minute // at most, for a request and what its answer waits for
)

// keptSubscription is a subscription that is kept.
type keptSubscription struct {
	keeper *SubscriptionKeeper
	key    string
	wake   chan struct{} // something is to be done before the time

	turn     sync.Mutex // held by who makes requests about it
	template *subscriptionTemplate
	lifetime time.Duration
	started  bool
	ended    bool
	saved    StoredSubscription // as it is stored

	// The keeper's mutex guards these.
	record      StoredSubscription
	described   *model.Subscription
	pending     string // clientState of the one that is being created
	reauthorize bool
	removed     string // id of the one that the service ended
	resyncs     []ResyncReason
	resyncing   bool
}

// keep makes the subscription be what is wanted. The caller has the turn.
func (s *keptSubscription) keep(ctx context.Context, template *subscriptionTemplate, lifetime time.Duration) error {
	if s.ended {
		return errors.New("the subscription was dropped at the same time: keep it again")
	}
	before := s.current()
	if !s.started {
		stored, err := s.load(ctx)
		if err != nil {
			return err
		}
		before, s.saved = stored, stored
	}
	oldTemplate, oldLifetime := s.template, s.lifetime
	s.template, s.lifetime = template, lifetime
	if err := s.take(ctx, before); err != nil {
		s.template, s.lifetime = oldTemplate, oldLifetime
		return err
	}
	if err := s.save(ctx); err != nil {
		s.keeper.report(ctx, s.key, err) // the subscription goes on, and is stored later
	}
	if !s.start() {
		return ErrKeeperClosed
	}
	s.wakeUp() // the time to wait may be another one
	return nil
}

// wakeUp makes the goroutine look at what is due.
func (s *keptSubscription) wakeUp() {
	select {
	case s.wake <- struct{}{}:
	default: // it will
	}
}

// take takes over a subscription that there was before, or creates a new one.
func (s *keptSubscription) take(ctx context.Context, before StoredSubscription) error {
	switch {
	case before.ID == "":
		return s.create(ctx, "")
	case before.Wanted != s.template.digest:
		if err := s.create(ctx, ResyncReplaced); err != nil {
			return err
		}
		if err := s.end(ctx, before.ID); err != nil {
			s.keeper.report(ctx, s.key, fmt.Errorf("the former subscription goes on until it expires: %w", err))
		}
		return nil
	case !before.Expires.After(s.now()):
		return s.create(ctx, ResyncExpired)
	}
	s.set(before, nil)
	err := s.renew(ctx)
	if isSubscriptionGone(err) {
		return s.create(ctx, ResyncRemoved)
	}
	return err
}

func (s *keptSubscription) now() time.Time { return s.keeper.options.Clock.Now() }

func (s *keptSubscription) current() StoredSubscription {
	s.keeper.mu.Lock()
	defer s.keeper.mu.Unlock()
	return s.record
}

// set records what the subscription is now.
func (s *keptSubscription) set(record StoredSubscription, described *model.Subscription) {
	s.keeper.mu.Lock()
	defer s.keeper.mu.Unlock()
	s.record, s.pending = record, ""
	if described != nil {
		s.described = described
	}
}

// create creates the subscription. With a reason, notifications may be missing.
func (s *keptSubscription) create(ctx context.Context, why ResyncReason) error {
	ctx, cancel := context.WithTimeout(ctx, keeperRequest)
	defer cancel()
	state := cmp.Or(s.keeper.options.ClientState, rand.Text())
	s.keeper.mu.Lock()
	s.pending = state
	s.keeper.mu.Unlock()
	expires := s.now().Add(s.lifetime)
	got, err := s.ask(ctx, http.MethodPost, subscriptionsPath, s.template.create(state, expires))
	if err == nil && got.ID == "" {
		err = errors.New("the service answers with a subscription without an id")
	}
	s.keeper.mu.Lock()
	defer s.keeper.mu.Unlock()
	s.pending = ""
	if err != nil {
		return fmt.Errorf("the subscription cannot be created: %w", err)
	}
	s.record = StoredSubscription{Key: s.key, ID: got.ID, ClientState: state, Expires: got.expires(expires), Wanted: s.template.digest}
	s.described, s.reauthorize, s.removed = got.described, false, ""
	if why != "" {
		s.resync(why)
	}
	return nil
}

// renew makes the subscription last longer, with the certificate that is wanted.
func (s *keptSubscription) renew(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, keeperRequest)
	defer cancel()
	record, expires := s.current(), s.now().Add(s.lifetime)
	got, err := s.ask(ctx, http.MethodPatch, subscriptionPath(record.ID), s.template.renew(expires))
	if err != nil {
		return fmt.Errorf("the subscription cannot be renewed: %w", err)
	}
	record.Expires = got.expires(expires)
	if _, known := s.keeper.Subscription(s.key); !known && got.described == nil {
		got.described = s.template.describe(record.ID, record.Expires)
	}
	s.set(record, got.described)
	return nil
}

// authorize authorizes the subscription again.
func (s *keptSubscription) authorize(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, keeperRequest)
	defer cancel()
	if err := client.SendAt(ctx, s.keeper.client, http.MethodPost, subscriptionPath(s.current().ID)+"/reauthorize", nil, nil); err != nil {
		return fmt.Errorf("the subscription cannot be authorized again: %w", err)
	}
	return nil
}

// end deletes a subscription of the service.
func (s *keptSubscription) end(ctx context.Context, id string) error {
	ctx, cancel := context.WithTimeout(ctx, keeperRequest)
	defer cancel()
	err := client.SendAt(ctx, s.keeper.client, http.MethodDelete, subscriptionPath(id), nil, nil)
	if isSubscriptionGone(err) {
		return nil
	}
	return err
}

// drop ends the subscription and its goroutine. The caller has the turn.
func (s *keptSubscription) drop(ctx context.Context) error {
	id := s.current().ID
	if !s.started {
		stored, err := s.load(ctx)
		if err != nil {
			return err
		}
		id = stored.ID
	}
	if id != "" {
		if err := s.end(ctx, id); err != nil {
			return fmt.Errorf("the subscription cannot be deleted: %w", err)
		}
	}
	s.ended = true
	s.wakeUp()
	return s.stored(func(store SubscriptionStore) error { return store.Delete(ctx, s.key) })
}

// start starts the goroutine that keeps the subscription, unless it runs. It reports false after
// Close.
func (s *keptSubscription) start() bool {
	k := s.keeper
	k.mu.Lock()
	defer k.mu.Unlock()
	if s.started || k.closed {
		return !k.closed
	}
	s.started = true
	k.running.Add(1)
	go func() {
		defer k.running.Done()
		s.run(k.ctx)
	}()
	return true
}

// run keeps the subscription until ctx ends or it is dropped.
func (s *keptSubscription) run(ctx context.Context) {
	var retry time.Duration // after failures
	for {
		if !s.sleep(ctx, cmp.Or(retry, s.untilRenewal())) {
			return
		}
		s.turn.Lock()
		if s.ended {
			s.turn.Unlock()
			return
		}
		err := s.step(ctx)
		s.turn.Unlock()
		if err == nil {
			retry = 0
			continue
		}
		s.keeper.report(ctx, s.key, err)
		retry = min(max(2*retry, keeperRetryFirst), keeperRetryMost)
	}
}

// step does what is due and stores what came of it, also when the keeper is closed meanwhile: nobody would
// know of a new subscription otherwise.
func (s *keptSubscription) step(ctx context.Context) error {
	err := containedKeeping("what the client calls", func() error { return s.act(ctx) })
	if err == nil {
		err = s.checkTime()
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keeperRequest)
	defer cancel()
	return errors.Join(err, s.save(ctx))
}

// checkTime returns an error if the service has answered with a subscription that has expired, or is about
// to: it would be renewed without a pause.
func (s *keptSubscription) checkTime() error {
	expires := s.current().Expires
	if left := expires.Sub(s.now()); left > 0 && left >= min(keeperRetryFirst, s.lifetime/2) {
		return nil
	}
	return fmt.Errorf("the service answers with a subscription that expires at %s: compare the clocks", expires.UTC().Format(time.RFC3339))
}

// untilRenewal returns how long to wait: two thirds of the time that is left, a little less so that
// the subscriptions of a program are not all renewed at once.
func (s *keptSubscription) untilRenewal() time.Duration {
	left := s.current().Expires.Sub(s.now())
	if left <= 0 {
		return time.Nanosecond
	}
	return left*2/3 - mathrand.N(left/30+1)
}

// sleep waits for a time or a wake-up; it reports false if ctx ends.
func (s *keptSubscription) sleep(ctx context.Context, d time.Duration) bool {
	timer := make(chan struct{})
	stop := s.keeper.options.Clock.AfterFunc(d, func() { close(timer) })
	defer stop()
	select {
	case <-timer:
	case <-s.wake:
	case <-ctx.Done():
	}
	return ctx.Err() == nil
}

// act does what is due.
func (s *keptSubscription) act(ctx context.Context) error {
	s.keeper.mu.Lock()
	record, reauthorize, removed := s.record, s.reauthorize, s.removed
	s.keeper.mu.Unlock()
	left := record.Expires.Sub(s.now())
	switch {
	case removed == record.ID:
		return s.create(ctx, ResyncRemoved)
	case left <= 0:
		return s.create(ctx, ResyncExpired)
	}
	var err error
	if left <= s.lifetime*2/5 {
		err = s.renew(ctx) // which authorizes, too
	} else if reauthorize {
		err = s.authorize(ctx)
	}
	if isSubscriptionGone(err) {
		return s.create(ctx, ResyncRemoved)
	}
	if err == nil {
		s.keeper.mu.Lock()
		s.reauthorize = false
		s.keeper.mu.Unlock()
	}
	return err
}

// resync has OnResync called. The keeper's mutex is held.
func (s *keptSubscription) resync(why ResyncReason) {
	k := s.keeper
	if k.options.OnResync == nil || k.closed || len(s.resyncs) > 0 {
		return
	}
	s.resyncs = append(s.resyncs, why)
	if s.resyncing {
		return
	}
	s.resyncing = true
	k.running.Add(1)
	go func() {
		defer k.running.Done()
		for {
			k.mu.Lock()
			if len(s.resyncs) == 0 || k.closed {
				s.resyncing = false
				k.mu.Unlock()
				return
			}
			why, described := s.resyncs[0], s.described
			s.resyncs = nil
			k.mu.Unlock()
			s.tell(described, why)
		}
	}()
}

// tell calls OnResync and contains its panics.
func (s *keptSubscription) tell(described *model.Subscription, why ResyncReason) {
	defer func() {
		if p := recover(); p != nil {
			s.keeper.report(s.keeper.ctx, s.key, fmt.Errorf("KeeperOptions.OnResync panicked with a value of type %T", p))
		}
	}()
	s.keeper.options.OnResync(s.keeper.ctx, s.key, described, why)
}

// isSubscriptionGone reports whether an error says that the subscription is not there any more.
func isSubscriptionGone(err error) bool {
	e, ok := errors.AsType[*client.Error](err)
	return ok && (e.Status == http.StatusNotFound || e.Status == http.StatusGone)
}

const subscriptionsPath = "/subscriptions"

func subscriptionPath(id string) string { return subscriptionsPath + "/" + url.PathEscape(id) }

// answeredSubscription is a subscription as the service answers it.
type answeredSubscription struct {
	*subscriptionWire
	described *model.Subscription
}

// expires returns when the subscription expires; the service may give less time than was asked for. That
// it gives more is not relied on.
func (a answeredSubscription) expires(asked time.Time) time.Time {
	if a.Expires != nil && a.Expires.Before(asked) {
		return *a.Expires
	}
	return asked
}

// ask makes a request that answers with the subscription.
func (s *keptSubscription) ask(ctx context.Context, method, path string, body codec.Value) (answeredSubscription, error) {
	answered := answeredSubscription{new(subscriptionWire), new(model.Subscription)}
	data, err := client.FetchAt(ctx, s.keeper.client, method, path, body, nil)
	if err == nil && len(data) > 0 {
		err = errors.Join(codec.Unmarshal(data, answered.subscriptionWire), codec.Unmarshal(data, answered.described))
	}
	if answered.ID == "" {
		answered.described = nil // the answer has no content
	}
	return answered, err
}
