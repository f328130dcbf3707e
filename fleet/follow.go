package fleet

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// This file reads streams as they grow. The library's ordered consumer notices after ten seconds that
// its server has gone, which is longer than a lease; these notice it after one.

const (
	heartbeat    = 500 * time.Millisecond // the least that the library takes; it gives up after two
	consumerLife = 30 * time.Second       // of a consumer that nobody reads any more
)

// errGap means that messages are missing between two.
var errGap = errors.New("messages are missing")

// errAnew means that the positions that this instance knows are those of a stream that was removed.
var errAnew = errors.New("the streams were made anew; start this process again")

// follower reads a stream.
type follower struct {
	stream jetstream.Stream
	what   string
	saw    func(token string, m jetstream.Msg, position uint64)
	made   time.Time // when the stream was
	last   uint64    // position of what was read last
}

// watch passes the last message of each subject of a stream to a function, and then all new ones.
func (f *Fleet) watch(stream jetstream.Stream, what string, saw func(token string, m jetstream.Msg, position uint64)) {
	one := &follower{stream: stream, what: what, saw: saw, made: stream.CachedInfo().Created}
	failing := false
	for {
		read, err := f.follow(one)
		if f.ctx.Err() != nil {
			return
		}
		if errors.Is(err, errAnew) {
			f.log.Error("this instance cannot go on", "stream", what, "err", err)
			f.lease.giveUp()
			f.mu.Lock()
			f.anew = true
			f.mu.Unlock()
			return
		}
		if !read && !failing {
			f.log.Warn("a stream cannot be followed; trying again", "stream", what, "err", err)
		}
		failing = !read
		sleep(f.ctx, 50*time.Millisecond)
	}
}

// follow reads a stream with one consumer until it falls silent. It reports whether it could.
func (f *Fleet) follow(one *follower) (read bool, err error) {
	consumer, err := f.consumer(one)
	if err != nil {
		return false, err
	}
	defer f.remove(one.stream, consumer.CachedInfo().Name)
	messages, err := consumer.Messages(jetstream.PullHeartbeat(heartbeat), jetstream.WithMessagesErrOnMissingHeartbeat(true))
	if err != nil {
		return false, err
	}
	defer messages.Stop()
	prefix := f.subject(one.what, "")
	for n := uint64(1); ; n++ {
		m, err := messages.Next(jetstream.NextContext(f.ctx))
		if err != nil {
			return true, err
		}
		data, err := m.Metadata()
		if err != nil {
			return true, err
		}
		if data.Sequence.Consumer != n {
			return true, errGap
		}
		one.last = data.Sequence.Stream
		one.saw(strings.TrimPrefix(m.Subject(), prefix), m, one.last)
	}
}

// consumer makes one that goes on where the last one ended.
func (f *Fleet) consumer(one *follower) (jetstream.Consumer, error) {
	ctx, cancel := context.WithTimeout(f.ctx, tryTimeout)
	defer cancel()
	info, err := one.stream.Info(ctx)
	if err != nil {
		return nil, err
	}
	if !info.Created.Equal(one.made) {
		return nil, errAnew
	}
	config := jetstream.ConsumerConfig{
		DeliverPolicy: jetstream.DeliverLastPerSubjectPolicy, FilterSubject: f.subject(one.what, "*"), HeadersOnly: one.what != "instances",
		AckPolicy: jetstream.AckNonePolicy, MemoryStorage: true, Replicas: 1, InactiveThreshold: consumerLife,
	}
	if one.last > 0 {
		config.DeliverPolicy, config.OptStartSeq = jetstream.DeliverByStartSequencePolicy, one.last+1
	}
	return one.stream.CreateConsumer(ctx, config)
}

// remove removes a consumer that is not read any more. It would go by itself, later.
func (f *Fleet) remove(stream jetstream.Stream, name string) {
	f.running.Go(func() {
		ctx, cancel := context.WithTimeout(f.ctx, tryTimeout)
		defer cancel()
		_ = stream.DeleteConsumer(ctx, name) // its server may be away
	})
}
