package fleet

import (
	"cmp"
	"context"
	"errors"
	"hash/fnv"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// This file is about the other instances: who is there, who has gone, and who is next.
//
// That a lease has ended is told by the servers, a little late, or not at all while they change
// their leader. So an instance that falls silent is asked for. Its lease is ended by compare-and-swap
// when it was not renewed for as long as it lasts since it was seen: its holder, which counted from
// before it was written, has given it up by then. No clocks of two machines are compared.

// peer is an instance, as far as this one knows.
type peer struct {
	presence
	revision uint64
	heard    time.Time // when this instance learned of it
}

func (f *Fleet) sawInstance(token string, m jetstream.Msg, position uint64) {
	p, ok := presenceOf(m.Headers(), m.Data())
	if !ok || p.Instance != token { // the lease has ended, or somebody else has written it
		p = presence{Instance: token, Gone: true}
	}
	f.heard(p, position)
}

// heard notes what an instance has said of itself.
func (f *Fleet) heard(p presence, position uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	before := f.instances[p.Instance]
	if before != nil && before.revision >= position && position > 0 {
		return
	}
	if p.Gone && before != nil && before.Gone {
		return
	}
	f.instances[p.Instance] = &peer{p, position, time.Now()}
	if !p.Gone && p.Serving && !p.Draining {
		return
	}
	for key, e := range f.calls {
		if e.record.owner == p.Instance || e.storedBy == p.Instance {
			f.touch(key, e)
		}
	}
}

// present reports whether an instance seems to have a lease. f.mu is held.
func (f *Fleet) present(instance string) bool {
	p := f.instances[instance]
	return instance == f.Instance() || p != nil && !p.Gone
}

// knownGone reports whether an instance is known to have no lease, and not only unknown.
func (f *Fleet) knownGone(instance string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	p := f.instances[instance]
	return p != nil && p.Gone
}

// able reports whether an instance seems to take calls. f.mu is held.
func (f *Fleet) able(instance string) bool {
	if instance == f.Instance() {
		return f.serving && !f.draining
	}
	p := f.instances[instance]
	return p != nil && !p.Gone && p.Serving && !p.Draining
}

// patience is how long each instance that is next for a call has to take it, before it is for the
// one after.
func (f *Fleet) patience() time.Duration { return min(f.options.Lease/4, time.Second) }

// isNext reports whether a call that has been without an owner since a time is for this instance to
// take. f.mu is held.
func (f *Fleet) isNext(key string, since time.Time) bool {
	if !f.able(f.Instance()) {
		return false
	}
	mine, before := score(f.Instance(), key), 0
	for instance := range f.instances {
		if instance != f.Instance() && f.able(instance) && score(instance, key) > mine {
			before++
		}
	}
	return time.Since(since) >= time.Duration(before)*f.patience()
}

// orphanedSince returns since when a call has been without an owner, as far as this instance
// knows. f.mu is held.
func (f *Fleet) orphanedSince(e *entry) time.Time {
	if p := f.instances[e.record.owner]; p != nil && p.heard.After(e.changed) {
		return p.heard
	}
	return e.changed
}

// successor returns the instance that is next for a call: the same for all who know the same
// instances, and evenly for many calls. f.mu is held.
func (f *Fleet) successor(key string) string {
	best, most := "", uint64(0)
	consider := func(instance string) {
		if s := score(instance, key); f.able(instance) && (best == "" || s > most) {
			best, most = instance, s
		}
	}
	consider(f.Instance())
	for instance := range f.instances {
		consider(instance)
	}
	return best
}

// score says how much an instance is for a call.
func score(instance, key string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(instance + "/" + key)) // never fails
	return mix(h.Sum64())
}

// mix spreads the bits of a hash, whose upper ones would depend too little on the last letters.
func mix(x uint64) uint64 {
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}

// endSilent ends the leases of instances that have fallen silent.
func (f *Fleet) endSilent() {
	for sleep(f.ctx, min(f.options.Lease/10, 250*time.Millisecond)) {
		for _, p := range f.silent() {
			if err := f.end(p); err != nil && f.ctx.Err() == nil {
				f.log.Debug("the lease of an instance that is silent cannot be ended yet", "of", p.Instance, "err", err)
			}
		}
	}
}

// silent returns the instances that were not heard of for as long as their lease lasts. Who had no
// lease itself a moment ago was cut off, and lets the others come back first.
func (f *Fleet) silent() (list []peer) {
	if !f.lease.validFor(f.options.Lease / 2) {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for instance, p := range f.instances {
		if instance != f.Instance() && !p.Gone && time.Since(p.heard) > cmp.Or(p.Lease, f.options.Lease) {
			list = append(list, *p)
		}
	}
	return list
}

// end ends the lease of an instance, unless it has renewed it.
func (f *Fleet) end(p peer) error {
	ctx, cancel := context.WithTimeout(f.ctx, f.renewTimeout())
	defer cancel()
	gone := presence{Instance: p.Instance, Gone: true}
	ack, err := f.announce(ctx, gone, leastLease, jetstream.WithExpectLastSequencePerSubject(p.revision))
	if isConflict(err) { // it was renewed, or somebody else was faster
		_, err = f.hasLease(f.ctx, p.Instance)
		return err
	}
	if err != nil {
		return err
	}
	f.log.Warn("an instance is silent, and its lease has ended", "of", p.Instance)
	f.heard(gone, ack.Sequence)
	return nil
}

// hasLease asks the servers whether an instance has a lease, and notes it.
func (f *Fleet) hasLease(ctx context.Context, instance string) (bool, error) {
	if instance == "" {
		return false, nil
	}
	ctx, cancel := context.WithTimeout(ctx, tryTimeout)
	defer cancel()
	m, err := f.streams.instances.GetLastMsgForSubject(ctx, f.subject("instances", instance))
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		f.heard(presence{Instance: instance, Gone: true}, 0)
		return false, nil
	}
	if err != nil {
		return false, err
	}
	p, ok := presenceOf(m.Header, m.Data)
	if !ok || p.Instance != instance {
		p = presence{Instance: instance, Gone: true}
	}
	f.heard(p, m.Sequence)
	return !p.Gone, nil
}
