package fleet

import (
	"context"
	"fmt"
	"maps"
	"time"
)

// look looks at all calls now and then: nothing tells of time that has passed.
func (f *Fleet) look() {
	every := min(f.options.Lease/5, time.Second)
	balanced := time.Now()
	for sleep(f.ctx, every) {
		if time.Since(balanced) > f.options.Lease {
			balanced = time.Now()
			f.rebalance()
		}
		f.missing()
		f.mu.Lock()
		now := time.Now()
		for key, e := range f.calls {
			gone := e.record.kind == kindNone || !e.record.expires.After(now)
			if gone && e.last == 0 && !e.running && now.Sub(e.seen) > markersFor {
				delete(f.calls, key)
				continue
			}
			f.touch(key, e)
		}
		maps.DeleteFunc(f.instances, func(_ string, p *peer) bool { return p.Gone && now.Sub(p.heard) > markersFor })
		f.mu.Unlock()
	}
}

// missing finds calls of this instance whose sessions have ended without the call, and takes
// them up again.
func (f *Fleet) missing() {
	f.mu.Lock()
	var keys []string
	for key, e := range f.calls {
		if e.took && !e.running && e.record.kind == kindSession && e.record.owner == f.Instance() {
			keys = append(keys, key)
		}
	}
	f.mu.Unlock()
	for _, key := range keys {
		id, _ := idOf(key)
		if f.bot.has(id) {
			continue
		}
		f.mu.Lock()
		if e := f.calls[key]; e != nil && !e.running {
			e.took = false
		}
		f.mu.Unlock()
	}
}

// owned counts the calls of each instance. f.mu is held.
func (f *Fleet) owned() map[string]int {
	n := make(map[string]int)
	for _, e := range f.calls {
		if e.record.kind == kindSession || e.record.kind == kindClaimed {
			n[e.record.owner]++
		}
	}
	return n
}

// rebalance gives calls to an instance that has fewer than its share, a few at a time.
func (f *Fleet) rebalance() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.draining || f.options.Rebalance < 0 || !f.lease.valid() {
		return
	}
	n := f.owned()
	total, least, to := n[f.Instance()], n[f.Instance()], ""
	places := 1
	for instance := range f.instances {
		if instance == f.Instance() || !f.able(instance) {
			continue
		}
		places++
		total += n[instance]
		if n[instance] < least {
			least, to = n[instance], instance
		}
	}
	share := (total + places - 1) / places
	more := min(n[f.Instance()]-share-share/10-1, share-least, f.options.Rebalance)
	if to == "" || more <= 0 {
		return
	}
	for key, e := range f.calls {
		if more > 0 && e.took && !e.running && e.record.kind == kindSession && e.record.owner == f.Instance() && e.handTo == "" {
			e.handTo = to
			more--
			f.touch(key, e)
		}
	}
}

// drain hands all calls over, or leaves them if there is nobody, and waits until they are.
func (f *Fleet) drain(ctx context.Context) error {
	for {
		f.mu.Lock()
		left := 0
		for key, e := range f.calls {
			if e.record.owner != f.Instance() || e.record.kind != kindSession && e.record.kind != kindClaimed {
				continue
			}
			to := f.successor(key)
			if to == "" { // there is nobody: it is left in order, for whoever comes
				to = f.Instance()
				if !e.took && !e.running {
					continue
				}
			}
			left++
			e.handTo = to
			f.touch(key, e)
		}
		f.mu.Unlock()
		if left == 0 {
			return nil
		}
		if !f.lease.valid() {
			return fmt.Errorf("%d calls are left for the others to take over: %w", left, ErrNoLease)
		}
		if !sleep(ctx, 20*time.Millisecond) {
			return context.Cause(ctx)
		}
	}
}
