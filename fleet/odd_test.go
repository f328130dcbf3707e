package fleet

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// oddLog is the stream of notifications as servers show it that lag behind or have no leader.
type oddLog struct {
	jetstream.Stream
	behind     atomic.Bool // what is stored is not found
	unanswered atomic.Int32
	ahead      time.Duration // of the clock of the servers
}

func (l *oddLog) GetMsg(ctx context.Context, position uint64, options ...jetstream.GetMsgOpt) (*jetstream.RawStreamMsg, error) {
	if l.behind.Load() {
		return nil, jetstream.ErrMsgNotFound
	}
	m, err := l.Stream.GetMsg(ctx, position, options...)
	if err == nil {
		m.Time = m.Time.Add(l.ahead)
	}
	return m, err
}

func (l *oddLog) Purge(ctx context.Context, options ...jetstream.StreamPurgeOpt) error {
	if l.unanswered.Add(-1) >= 0 {
		<-ctx.Done()
		return context.Cause(ctx)
	}
	return l.Stream.Purge(ctx, options...)
}

// keeper is a bot whose calls end with the word.
type keeper struct {
	fleet *Fleet
	store *CallStore[StoredCallOfTest]

	mu    sync.Mutex
	heard []string
	saved map[string]StoredCallOfTest
}

// StoredCallOfTest is like that of a generated package.
type StoredCallOfTest struct {
	ID       string
	Revision uint64
	Expires  time.Time
	Data     []byte
}

func (k *keeper) has(id string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	_, ok := k.saved[id]
	return ok
}

func (k *keeper) resume(context.Context, string) error { return nil }

func (k *keeper) leave(context.Context, string) error { return nil }

func (k *keeper) deliver(ctx context.Context, _ uint64, data []byte) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	id, what, _ := strings.Cut(string(data), " ")
	k.heard = append(k.heard, string(data))
	call := k.saved[id]
	var err error
	if what == "end" {
		delete(k.saved, id)
		return k.store.Delete(ctx, id, call.Revision)
	}
	call.ID, call.Expires = id, time.Now().Add(time.Hour)
	call.Revision, err = k.store.Save(ctx, call)
	k.saved[id] = call
	return err
}

func (k *keeper) hears(want ...string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Equal(want, k.heard)
}

// keep starts an instance whose log is odd.
func keep(t *testing.T, options Options, ahead ...time.Duration) (*keeper, *oddLog) {
	t.Helper()
	options.Dir, options.Lease, options.Logger = t.TempDir(), leastLease, slog.New(slog.DiscardHandler)
	f, err := Start(t.Context(), options)
	require.NoError(t, err)
	t.Cleanup(func() { _ = f.Close(context.Background()) })
	log := &oddLog{Stream: f.streams.log}
	for _, d := range ahead {
		log.ahead = d
	}
	f.streams.log = log
	k := &keeper{fleet: f, saved: make(map[string]StoredCallOfTest)}
	k.store = NewCallStore[StoredCallOfTest](f, StoreErrors{})
	require.NoError(t, f.serve(k))
	return k, log
}

const long = 30 * time.Second

// TestServersAreBehind: a notification that was announced and is not found yet is waited for, and
// not left out.
func TestServersAreBehind(t *testing.T) {
	t.Parallel()
	k, log := keep(t, Options{})
	say := func(what string, begins bool) {
		require.NoError(t, k.fleet.Append(t.Context(), "a", what, begins, []byte("a "+what)))
	}
	say("one", true)
	require.Eventually(t, func() bool { return k.hears("a one") }, long, 10*time.Millisecond)
	log.behind.Store(true)
	say("two", false)
	_, err := k.fleet.notification(t.Context(), "pa", 2, time.Now())
	assert.ErrorIs(t, err, errBehind)
	require.Eventually(t, func() bool { return k.fleet.Metrics().Failed > 0 }, long, 10*time.Millisecond, "it is tried again")
	assert.Equal(t, 1, k.fleet.Metrics().Waiting)
	say("three", false)
	log.behind.Store(false)
	require.Eventually(t, func() bool { return k.hears("a one", "a two", "a three") }, long, 10*time.Millisecond)
}

// TestAnnouncedLongAgo: what is not found long after it was announced was removed.
func TestAnnouncedLongAgo(t *testing.T) {
	t.Parallel()
	k, log := keep(t, Options{})
	log.behind.Store(true)
	_, err := k.fleet.notification(t.Context(), "pa", 1, time.Now().Add(-2*defaultUnclaimed))
	assert.ErrorIs(t, err, jetstream.ErrMsgNotFound)
}

// TestUnansweredRemoval: notifications of a call that has ended are removed soon even if the
// servers never answer the first request to do it, as while they have no leader.
func TestUnansweredRemoval(t *testing.T) {
	t.Parallel()
	k, log := keep(t, Options{})
	log.unanswered.Store(1)
	require.NoError(t, k.fleet.Append(t.Context(), "a", "1", true, []byte("a begin")))
	require.NoError(t, k.fleet.Append(t.Context(), "a", "2", false, []byte("a end")))
	require.Eventually(t, func() bool {
		info, err := log.Info(t.Context())
		return err == nil && info.State.Msgs == 0 && k.hears("a begin", "a end")
	}, long, 10*time.Millisecond)
}

// TestClocksDiffer: how long a notification waits for who creates its call does not depend on the
// clocks of two machines.
func TestClocksDiffer(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{5 * time.Minute, -5 * time.Minute} {
		k, _ := keep(t, Options{Unclaimed: 3 * time.Second}, ahead)
		begun := time.Now()
		require.NoError(t, k.fleet.Append(t.Context(), "a", "1", false, []byte("a stray")))
		require.Eventually(t, func() bool { return k.hears("a stray") }, long, 10*time.Millisecond, "it is reported")
		assert.Greater(t, time.Since(begun), 3*time.Second, "but not at once")
	}
}
