package fleet

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// This file decides what this instance does about each call, and does it: one thing at a time for
// a call.

// turn is one thing to do about a call.
type turn int

const (
	turnNothing turn = iota
	turnClaim        // take it over, or begin it
	turnResume       // its session is not in this process yet
	turnDeliver      // notifications wait
	turnDrop         // somebody else has it
	turnHand         // give it to another instance
	turnForget       // it is over
)

// next decides what to do about a call. f.mu is held.
func (f *Fleet) next(key string, e *entry) turn {
	mine, r := e.record.owner == f.Instance(), e.record
	expired := r.kind != kindNone && !r.expires.After(time.Now())
	switch {
	case r.kind == kindNone || expired:
		return f.nextUnknown(key, e)
	case r.kind == kindEnded:
		if e.last > 0 && (mine || !f.present(r.owner) && f.isNext(key, f.orphanedSince(e))) {
			return turnForget
		}
		return turnNothing
	case mine && e.handTo != "":
		return turnHand
	case mine && (!f.lease.valid() || f.draining && !e.took):
		return turnNothing
	case mine && !e.took:
		return turnResume
	case mine && e.last > e.delivered:
		return turnDeliver
	case mine:
		return turnNothing
	case e.took:
		return turnDrop
	case !f.present(r.owner) && f.lease.valid() && f.isNext(key, f.orphanedSince(e)):
		return turnClaim
	}
	return turnNothing
}

// nextUnknown decides about a call of which nothing is stored but notifications. f.mu is held.
func (f *Fleet) nextUnknown(key string, e *entry) turn {
	age := time.Since(e.seen)
	switch {
	case e.last == 0 || !f.lease.valid():
		return turnNothing
	case e.storedBy == f.Instance() && !f.draining:
		return turnClaim
	case (age > f.options.Lease || !f.able(e.storedBy)) && f.isNext(key, e.seen):
		return turnClaim
	}
	return turnNothing
}

// touch looks after a call, on a goroutine of its own. f.mu is held.
func (f *Fleet) touch(key string, e *entry) {
	if e.running {
		e.again = true
		return
	}
	if f.closed || f.next(key, e) == turnNothing {
		return
	}
	e.running = true
	f.running.Go(func() { f.tend(key, e) })
}

// Pauses between attempts.
const shortestPause, longestPause = 50 * time.Millisecond, 500 * time.Millisecond

// tend does what there is to do about a call, until there is nothing or it is to be done later.
func (f *Fleet) tend(key string, e *entry) {
	wait := shortestPause
	for {
		f.mu.Lock()
		e.again = false
		what := f.next(key, e)
		if what == turnNothing || f.ctx.Err() != nil {
			e.running = false
			f.mu.Unlock()
			return
		}
		before := e.record.revision
		f.mu.Unlock()
		done, err := f.do(key, e, what)
		if err != nil && f.ctx.Err() == nil {
			f.failed(key, what, err)
			sleep(f.ctx, wait)
			wait = min(2*wait, longestPause)
			continue
		}
		f.mu.Lock()
		same := e.record.revision == before && f.next(key, e) == what && what != turnDeliver
		if !e.again && (done || same) {
			e.running = false // until something changes, or the next look
			f.mu.Unlock()
			return
		}
		f.mu.Unlock()
		wait = shortestPause
	}
}

func (f *Fleet) failed(key string, what turn, err error) {
	id, _ := idOf(key)
	f.mu.Lock()
	f.counts.Failed++
	f.mu.Unlock()
	f.log.Warn("a call cannot be looked after yet", "call", id, "turn", int(what), "err", err)
}

// do does one thing. It reports true if it is to be looked at later.
func (f *Fleet) do(key string, e *entry, what turn) (later bool, err error) {
	ctx, cancel := context.WithTimeout(f.ctx, time.Minute)
	defer cancel()
	switch what {
	case turnClaim:
		return f.claim(ctx, key, e)
	case turnResume:
		return false, f.takeUp(ctx, key, e)
	case turnDeliver:
		return false, f.deliver(ctx, key, e)
	case turnDrop:
		return false, f.drop(ctx, key, e)
	case turnHand:
		return false, f.hand(ctx, key, e)
	case turnForget:
		return true, f.forget(ctx, key, e)
	}
	return true, nil
}

// claim makes this instance the owner of a call that has none, or whose owner has gone.
func (f *Fleet) claim(ctx context.Context, key string, e *entry) (later bool, err error) {
	now, err := f.readRecord(ctx, key)
	if err != nil {
		return false, err
	}
	f.keep(e, now)
	expired := !now.expires.After(time.Now())
	if now.kind == kindNone || expired {
		return f.claimNew(ctx, key, e, now)
	}
	if now.kind == kindEnded || now.owner == f.Instance() {
		return false, nil
	}
	if !f.knownGone(now.owner) {
		if alive, err := f.hasLease(ctx, now.owner); err != nil || alive {
			return true, err // the servers know best
		}
	}
	former := now.owner
	now.owner = f.Instance()
	revision, err := f.writeRecord(ctx, key, now)
	if errors.Is(err, errConflict) {
		return true, nil // somebody was faster
	}
	if err != nil {
		return false, err
	}
	now.revision = revision
	f.keep(e, now)
	id, _ := idOf(key)
	f.log.Info("call taken over", "call", id, "from", former)
	f.count(func(c *counts) { c.TakenOver++ })
	return false, nil
}

// claimNew claims a call of which nothing is stored, if it begins. Notifications of a call that
// nobody follows are kept for a while and then passed to the sessions, which say what they are.
func (f *Fleet) claimNew(ctx context.Context, key string, e *entry, now record) (later bool, err error) {
	f.mu.Lock()
	since, seen := e.first, e.seen
	f.mu.Unlock()
	first, err := f.notification(ctx, key, 1, seen)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		f.mu.Lock()
		e.last = 0
		f.mu.Unlock()
		return true, nil
	}
	if err != nil {
		return false, err
	}
	if first.Header.Get(headerBegins) == "" {
		if time.Since(since) < f.options.Unclaimed {
			return true, nil // who creates the call may not have its session yet
		}
		if err := f.bot.deliver(ctx, first.Sequence, first.Data); err != nil {
			return false, err
		}
		f.count(func(c *counts) { c.Unclaimed++ })
		return true, f.forget(ctx, key, e)
	}
	claimed := record{kind: kindClaimed, owner: f.Instance(), revision: now.revision, expires: time.Now().Add(f.options.KeepFor)}
	claimed.revision, err = f.writeRecord(ctx, key, claimed)
	if errors.Is(err, errConflict) {
		return true, nil
	}
	if err == nil {
		f.keep(e, claimed)
	}
	return false, err
}

// keep notes what is stored of a call.
func (f *Fleet) keep(e *entry, r record) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if r.revision >= e.record.revision {
		r.data = nil
		if r.revision > e.record.revision {
			e.changed = time.Now()
		}
		e.record = r
	}
}

// takeUp brings the session of a call into this process.
func (f *Fleet) takeUp(ctx context.Context, key string, e *entry) error {
	id, _ := idOf(key)
	f.mu.Lock()
	kind := e.record.kind
	e.delivered = 0 // the session knows which ones it has had
	f.mu.Unlock()
	if kind == kindSession && !f.bot.has(id) {
		select {
		case f.takeovers <- struct{}{}:
			defer func() { <-f.takeovers }()
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		if err := f.bot.resume(ctx, id); err != nil {
			return err
		}
	}
	f.mu.Lock()
	e.took = true
	f.mu.Unlock()
	return nil
}

// errBehind means that a notification that was announced cannot be read yet.
var errBehind = errors.New("the servers have announced a notification and do not return it yet")

// notification returns the first notification of a call from a position on, of which the last was
// seen at a time. Another server than that which announces one may answer, and have it a little
// later: that one is not there is believed when the announcement is old.
func (f *Fleet) notification(ctx context.Context, key string, from uint64, seen time.Time) (*jetstream.RawStreamMsg, error) {
	ctx, cancel := context.WithTimeout(ctx, tryTimeout)
	defer cancel()
	for {
		m, err := f.streams.log.GetMsg(ctx, from, jetstream.WithGetMsgSubject(f.subject("log", key)))
		if !errors.Is(err, jetstream.ErrMsgNotFound) || time.Since(seen) > f.options.Unclaimed {
			return m, err
		}
		if !sleep(ctx, 10*time.Millisecond) {
			return nil, errBehind
		}
	}
}

// deliver passes the next notification of a call to its session.
func (f *Fleet) deliver(ctx context.Context, key string, e *entry) error {
	f.mu.Lock()
	from, last, seen := e.delivered+1, e.last, e.seen
	f.mu.Unlock()
	m, err := f.notification(ctx, key, from, seen)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		f.mu.Lock()
		e.delivered = max(e.delivered, last) // they were removed
		f.mu.Unlock()
		return nil
	}
	if err != nil {
		return err
	}
	if err := f.bot.deliver(ctx, m.Sequence, m.Data); err != nil {
		return err
	}
	f.mu.Lock()
	e.delivered = m.Sequence
	f.counts.Delivered++
	f.mu.Unlock()
	return nil
}

// leaveTimeout is how long functions of the program may hold up that a call is left.
const leaveTimeout = 10 * time.Second

// drop leaves a call that somebody else has taken.
func (f *Fleet) drop(ctx context.Context, key string, e *entry) error {
	id, _ := idOf(key)
	f.mu.Lock()
	e.took = false
	f.mu.Unlock()
	f.log.Warn("call lost to another instance", "call", id)
	f.count(func(c *counts) { c.Lost++ })
	ctx, cancel := context.WithTimeout(ctx, leaveTimeout)
	defer cancel()
	_ = f.bot.leave(ctx, id) // nothing can be saved any more
	return nil
}

// hand gives a call to another instance.
func (f *Fleet) hand(ctx context.Context, key string, e *entry) error {
	id, _ := idOf(key)
	f.mu.Lock()
	to := e.handTo
	e.took, e.handTo = false, ""
	f.mu.Unlock()
	leaving, cancel := context.WithTimeout(ctx, leaveTimeout)
	defer cancel()
	if err := f.bot.leave(leaving, id); err != nil {
		f.log.Warn("a call that is handed over was not left in order", "call", id, "err", err)
	}
	if to == f.Instance() {
		return nil
	}
	now, err := f.readRecord(ctx, key)
	if err == nil && now.owner == f.Instance() && now.kind != kindEnded && now.kind != kindNone {
		now.owner = to
		now.revision, err = f.writeRecord(ctx, key, now)
		f.count(func(c *counts) { c.HandedOver++ })
		f.log.Info("call handed over", "call", id, "to", to)
	}
	if errors.Is(err, errConflict) {
		return nil
	}
	if err == nil {
		f.keep(e, now)
	}
	return err
}

// forget removes the notifications of a call that is over.
func (f *Fleet) forget(ctx context.Context, key string, e *entry) error {
	f.mu.Lock()
	last := e.last
	f.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, tryTimeout)
	defer cancel()
	err := f.streams.log.Purge(ctx, jetstream.WithPurgeSubject(f.subject("log", key)), jetstream.WithPurgeSequence(last+1))
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if e.last == last {
		e.last, e.delivered, e.took = 0, 0, false
	}
	return nil
}
