package fleet

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// lease is what lets an instance act. Its message expires at the servers unless it is written again,
// each time with the time that it has.
type lease struct {
	mu    sync.Mutex
	until time.Time // by this process's clock, never later than at the servers
	last  uint64
	lost  int // how often it has ended
}

func (l *lease) valid() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return time.Now().Before(l.until)
}

func (l *lease) revision() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}

// presence is what an instance says of itself.
type presence struct {
	Instance string    `json:"instance"`
	Since    time.Time `json:"since"`
	Draining bool      `json:"draining,omitempty"`
	Gone     bool      `json:"gone,omitempty"`
}

// renew writes the lease again.
func (f *Fleet) renew(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, tryTimeout)
	defer cancel()
	f.mu.Lock()
	p := presence{Instance: f.options.Instance, Since: f.since, Draining: f.draining}
	f.mu.Unlock()
	before := time.Now()
	ack, err := f.announce(ctx, p, f.options.Lease)
	if err != nil {
		return err
	}
	until := before.Add(f.options.Lease)
	f.log.Debug("lease renewed", "revision", ack.Sequence, "renewed", before, "until", until)
	f.lease.mu.Lock()
	defer f.lease.mu.Unlock()
	if !f.lease.until.IsZero() && before.After(f.lease.until) {
		f.lease.lost++
		f.log.Warn("the lease had ended and is renewed", "instance", p.Instance)
	}
	f.lease.until, f.lease.last = until, ack.Sequence
	return nil
}

// announce stores what an instance says of itself.
func (f *Fleet) announce(ctx context.Context, p presence, ttl time.Duration) (*jetstream.PubAck, error) {
	m := nats.NewMsg(f.subject("instances", p.Instance))
	var err error
	if m.Data, err = json.Marshal(p); err != nil {
		return nil, err
	}
	m.Header.Set(headerTTL, ttl.String())
	return f.js.PublishMsg(ctx, m)
}

// keepLease renews the lease until the fleet is closed.
func (f *Fleet) keepLease() {
	failing := false
	for sleep(f.ctx, f.options.Lease/4) {
		err := f.renew(f.ctx)
		if err != nil && !failing && f.ctx.Err() == nil {
			f.log.Warn("the lease cannot be renewed", "err", err)
		}
		failing = err != nil
	}
}

// hasLease asks the servers whether an instance has a lease.
func (f *Fleet) hasLease(ctx context.Context, instance string) (bool, error) {
	if instance == "" {
		return false, nil
	}
	ctx, cancel := context.WithTimeout(ctx, tryTimeout)
	defer cancel()
	m, err := f.streams.instances.GetLastMsgForSubject(ctx, f.subject("instances", instance))
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	p, ok := presenceOf(m.Header, m.Data)
	return ok && !p.Gone, nil
}

// presenceOf reads what an instance says of itself. It reports false if its lease has ended.
func presenceOf(header nats.Header, data []byte) (presence, bool) {
	var p presence
	if header.Get(headerMarker) != "" || json.Unmarshal(data, &p) != nil {
		return p, false
	}
	return p, true
}
