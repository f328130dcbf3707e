package session

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/templates/runtime/callback"
	"github.com/callgen/callgen/templates/runtime/model"
)

// memoryLog is a log in memory.
type memoryLog struct {
	mu      sync.Mutex
	err     error
	entries []logEntry
}

type logEntry struct {
	call, message string
	begins        bool
	data          []byte
}

func (l *memoryLog) Append(_ context.Context, call, message string, begins bool, data []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries = append(l.entries, logEntry{call, message, begins, data})
	return l.err
}

// TestLog: notifications are stored before they are answered, and delivered by their position once.
func TestLog(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		calls := closed(t, v.bot(CallsOptions{}))
		v.handler = model.NewNotificationHandler(callback.NotificationOptions{Verifier: callback.AllowUnverified(), Logger: slog.New(slog.DiscardHandler)})
		log := &memoryLog{err: errors.New("the engine is away")}
		LogNotifications(v.handler, log)
		assert.Equal(t, http.StatusServiceUnavailable, v.become("A-CALL", "incoming"))
		log.entries, log.err = nil, nil
		assert.Equal(t, http.StatusAccepted, v.become("A-CALL", "incoming"))
		assert.Equal(t, http.StatusAccepted, v.become("A-CALL", "established"))
		assert.Equal(t, http.StatusAccepted, v.post("", "updated", "A-CALL/contentSharingSessions", nil).Code)
		require.Len(t, log.entries, 3)
		assert.Empty(t, calls.All(), "nobody has delivered them")
		first, last := log.entries[0], log.entries[2]
		assert.Equal(t, "A-CALL", first.call)
		assert.True(t, first.begins)
		assert.Regexp(t, `^message-\d+/0/`, first.message)
		assert.False(t, log.entries[1].begins)
		assert.Empty(t, last.message, "the service gave it no id")

		var told record
		told.of(calls)
		for range 2 {
			for i, e := range log.entries {
				assert.NoError(t, calls.DeliverLogged(t.Context(), uint64(i+1), e.data))
			}
		}
		synctest.Wait()
		assert.Equal(t, []string{"incoming >incoming", "state incoming>established", "notice"}, told.take())
		assert.NoError(t, calls.DeliverLogged(t.Context(), 9, []byte("{")), "it is reported and left out")
		assert.NoError(t, calls.DeliverLogged(t.Context(), 9, []byte(`{"version":1}`)))
		assert.ErrorContains(t, calls.DeliverLogged(t.Context(), 9, []byte(`{"version":2}`)), "has version 2")
	})
}
