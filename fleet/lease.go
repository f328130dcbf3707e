package fleet

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// lease is what lets an instance act. Its message expires at the servers unless it is written again,
// each time with the time that it has.
type lease struct {
	mu    sync.Mutex
	since time.Time // it has been valid without a break
	until time.Time // by this process's clock, never later than at the servers
	wall  time.Time // the same by the clock of the wall
	last  uint64
	lost  int  // how often it has ended
	given bool // up, for good
}

func (l *lease) valid() bool { return l.validFor(0) }

// validFor reports whether the lease is valid and has been for a while.
func (l *lease) validFor(d time.Duration) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.ended(time.Now()) && time.Since(l.since) >= d
}

// ended reports whether the lease has ended by either clock: the one that Go measures with may stand
// still while a machine sleeps, and that of the wall may be set back. l.mu is held.
func (l *lease) ended(now time.Time) bool {
	return l.given || !now.Before(l.until) || !now.Round(0).Before(l.wall)
}

// renewed notes that the lease was written, at or after a time, and reports whether it had ended
// before.
func (l *lease) renewed(at time.Time, lasts time.Duration, revision uint64) (again bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now := time.Now(); l.ended(now) {
		l.since, again = now, !l.until.IsZero()
	}
	if again {
		l.lost++
	}
	l.until, l.last = at.Add(lasts), revision
	l.wall = l.until.Round(0)
	return again
}

// giveUp ends the lease for good.
func (l *lease) giveUp() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.given = true
}

func (l *lease) givenUp() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.given
}

func (l *lease) revision() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}

// presence is what an instance says of itself.
type presence struct {
	Instance string        `json:"instance"`
	Since    time.Time     `json:"since"`
	Lease    time.Duration `json:"lease,omitempty"`
	Serving  bool          `json:"serving,omitempty"`
	Draining bool          `json:"draining,omitempty"`
	Gone     bool          `json:"gone,omitempty"`
}

// renewTimeout limits one attempt to renew the lease, so that there is time for others.
func (f *Fleet) renewTimeout() time.Duration { return min(f.options.Lease/4, tryTimeout) }

// renew writes the lease again.
func (f *Fleet) renew(ctx context.Context) error {
	if f.lease.givenUp() {
		return ErrNoLease
	}
	ctx, cancel := context.WithTimeout(ctx, f.renewTimeout())
	defer cancel()
	f.mu.Lock()
	p := presence{Instance: f.options.Instance, Since: f.since, Lease: f.options.Lease, Serving: f.serving, Draining: f.draining}
	f.mu.Unlock()
	before := time.Now()
	ack, err := f.announce(ctx, p, f.options.Lease)
	if err != nil {
		return err
	}
	f.log.Debug("lease renewed", "revision", ack.Sequence, "renewed", before, "until", before.Add(f.options.Lease))
	if f.lease.renewed(before, f.options.Lease, ack.Sequence) {
		f.log.Warn("the lease had ended and is renewed")
	}
	return nil
}

// announce stores what an instance says of itself.
func (f *Fleet) announce(ctx context.Context, p presence, ttl time.Duration, options ...jetstream.PublishOpt) (*jetstream.PubAck, error) {
	m := nats.NewMsg(f.subject("instances", p.Instance))
	var err error
	if m.Data, err = json.Marshal(p); err != nil {
		return nil, err
	}
	m.Header.Set(headerTTL, wholeSeconds(ttl).String())
	return f.js.PublishMsg(ctx, m, options...)
}

// wholeSeconds rounds up: the servers would round down.
func wholeSeconds(d time.Duration) time.Duration {
	return (d + time.Second - 1).Truncate(time.Second)
}

// keepLease renews the lease until the instance leaves, at once when there is news of the instance.
func (f *Fleet) keepLease() {
	defer close(f.left)
	failing, wait := false, f.options.Lease/4
	for f.pause(wait) && !f.lease.givenUp() {
		err := f.renew(f.ctx)
		if err != nil && !failing && f.ctx.Err() == nil {
			f.log.Warn("the lease cannot be renewed", "err", explain(f.conn, err))
		}
		failing, wait = err != nil, f.options.Lease/4
		if failing {
			wait = 50 * time.Millisecond
			f.reconnect()
		}
	}
}

// pause waits, or until there is news. It reports false if the instance leaves.
func (f *Fleet) pause(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-f.news:
		return true
	case <-f.leaving:
		return false
	}
}

// reconnect gives up a connection on which nothing comes back, as of a server that is cut off:
// the library waits for minutes.
func (f *Fleet) reconnect() {
	if !f.conn.IsConnected() || f.conn.FlushTimeout(tryTimeout) == nil || f.ctx.Err() != nil {
		return
	}
	if f.conn.IsConnected() {
		f.log.Warn("a server does not answer; another one is tried", "server", f.conn.ConnectedUrlRedacted())
		_ = f.conn.ForceReconnect() // or it is closed
	}
}

// presenceOf reads what an instance says of itself. It reports false if its lease has ended.
func presenceOf(header nats.Header, data []byte) (presence, bool) {
	var p presence
	if header.Get(headerMarker) != "" || json.Unmarshal(data, &p) != nil {
		return p, false
	}
	return p, true
}
