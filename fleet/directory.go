package fleet

import (
	"context"
	"hash/fnv"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// This file follows what the streams hold: every instance knows the owner of each call, and where
// the notifications of each end.

// entry is what an instance knows of a call.
type entry struct {
	record    record // without data
	last      uint64 // position of its last notification
	seen      time.Time
	storedBy  string // the instance that stored the last notification
	delivered uint64 // to the session of this process
	handTo    string // the instance that gets it next
	took      bool   // this process has taken it up
	running   bool   // a goroutine looks after it
	again     bool   // something has changed meanwhile
}

// watch passes the last message of each subject of a stream to a function, and then all new ones.
func (f *Fleet) watch(stream jetstream.Stream, what string, saw func(token string, m jetstream.Msg, position uint64)) {
	prefix := f.subject(what, "")
	for f.ctx.Err() == nil {
		consumer, err := f.consumer(stream, what)
		if err == nil {
			var reading jetstream.ConsumeContext
			reading, err = consumer.Consume(func(m jetstream.Msg) {
				if data, err := m.Metadata(); err == nil {
					saw(strings.TrimPrefix(m.Subject(), prefix), m, data.Sequence.Stream)
				}
			})
			if err == nil {
				select {
				case <-reading.Closed():
				case <-f.ctx.Done():
					reading.Stop()
				}
			}
		}
		if err != nil && f.ctx.Err() == nil {
			f.log.Warn("a stream cannot be followed; trying again", "stream", what, "err", err)
		}
		sleep(f.ctx, 200*time.Millisecond)
	}
}

func (f *Fleet) consumer(stream jetstream.Stream, what string) (jetstream.Consumer, error) {
	ctx, cancel := context.WithTimeout(f.ctx, tryTimeout)
	defer cancel()
	return stream.OrderedConsumer(ctx, jetstream.OrderedConsumerConfig{
		DeliverPolicy: jetstream.DeliverLastPerSubjectPolicy, HeadersOnly: what != "instances",
		FilterSubjects: []string{f.subject(what, "*")},
	})
}

func (f *Fleet) sawInstance(token string, m jetstream.Msg, _ uint64) {
	p, ok := presenceOf(m.Headers(), m.Data())
	f.mu.Lock()
	defer f.mu.Unlock()
	if ok && !p.Gone && p.Instance == token { // or somebody else has written it
		f.instances[token] = p
		return
	}
	delete(f.instances, token)
	for key, e := range f.calls {
		if e.record.owner == token {
			f.touch(key, e)
		}
	}
}

func (f *Fleet) sawRecord(key string, m jetstream.Msg, position uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	e := f.entry(key)
	if position <= e.record.revision {
		return
	}
	e.record = recordOf(m.Headers(), position, nil)
	f.touch(key, e)
}

func (f *Fleet) sawNotification(key string, m jetstream.Msg, position uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	e := f.entry(key)
	e.last, e.storedBy, e.seen = max(e.last, position), m.Headers().Get(headerOwner), time.Now()
	f.touch(key, e)
}

// entry returns what is known of a call. f.mu is held.
func (f *Fleet) entry(key string) *entry {
	e, ok := f.calls[key]
	if !ok {
		e = &entry{seen: time.Now()}
		f.calls[key] = e
	}
	return e
}

// present reports whether an instance seems to have a lease. f.mu is held.
func (f *Fleet) present(instance string) bool {
	_, ok := f.instances[instance]
	return ok || instance == f.Instance()
}

// able reports whether an instance seems to take calls. f.mu is held.
func (f *Fleet) able(instance string) bool {
	if instance == f.Instance() {
		return !f.draining
	}
	p, ok := f.instances[instance]
	return ok && !p.Draining
}

// successor returns the instance that takes a call whose owner has gone: the same for all who know
// the same instances, and evenly for many calls. f.mu is held.
func (f *Fleet) successor(key string) string {
	best, most := "", uint64(0)
	consider := func(instance string) {
		h := fnv.New64a()
		_, _ = h.Write([]byte(instance + "/" + key)) // never fails
		if score := mix(h.Sum64()); best == "" || score > most || score == most && instance > best {
			best, most = instance, score
		}
	}
	if !f.draining {
		consider(f.Instance())
	}
	for instance, p := range f.instances {
		if !p.Draining && instance != f.Instance() {
			consider(instance)
		}
	}
	return best
}

// mix spreads the bits of a hash, whose upper ones would depend too little on the last letters.
func mix(x uint64) uint64 {
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}
