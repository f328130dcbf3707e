package session

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

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

// TestLogOfACallThatHasEnded: who takes up a call that has ended meanwhile reads what the log still
// holds of it before the session ends, and waits for its end if the log does not hold it.
func TestLogOfACallThatHasEnded(t *testing.T) {
	for _, lost := range []bool{false, true} {
		t.Run(fmt.Sprint(lost), func(t *testing.T) {
			inBubble(t, func(t *testing.T, v *service) { logOfACallThatHasEnded(t, v, lost) })
		})
	}
}

func logOfACallThatHasEnded(t *testing.T, v *service, lost bool) {
	store := new(MemoryCallStore)
	before := v.bot(CallsOptions{Store: store})
	v.handler = model.NewNotificationHandler(callback.NotificationOptions{Verifier: callback.AllowUnverified(), Logger: slog.New(slog.DiscardHandler)})
	log := new(memoryLog)
	LogNotifications(v.handler, log)
	s := v.create(before)
	require.NoError(t, before.DeliverLogged(t.Context(), 1, log.entries[0].data))
	_, err := play(t.Context(), s)
	require.NoError(t, err)
	require.NoError(t, before.Close(t.Context()))
	v.notify("deleted", "call-1/operations/op-1", v.complete("call-1", "completed"))
	v.become("call-1", "terminated")
	v.set("call-1", "terminated")

	after := closed(t, v.bot(CallsOptions{Store: store}))
	var told record
	told.of(after)
	require.NoError(t, after.RehydrateAll(t.Context()))
	synctest.Wait()
	assert.NotContains(t, told.take(), "ended the call has ended")
	if lost {
		time.Sleep(defaultPollAfter)
		synctest.Wait()
		assert.Contains(t, told.take(), "ended the call has ended")
		return
	}
	for i, e := range log.entries {
		require.NoError(t, after.DeliverLogged(t.Context(), uint64(i+1), e.data))
	}
	synctest.Wait()
	list := told.take()
	assert.Equal(t, []string{"operation playPrompt", "ended the call has ended"}, list[max(0, len(list)-2):])
}

// keptLog is a log that can be wrong.
type keptLog struct {
	mu     sync.Mutex
	calls  map[string][][]byte
	known  map[string]bool
	fault  string
	stored int
}

func (l *keptLog) Append(ctx context.Context, call, message string, _ bool, data []byte) error {
	if ctx.Err() != nil && l.fault != "confirms what it has not stored" {
		return ctx.Err()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stored++
	key := call + "/" + message
	switch l.fault {
	case "no message is known again":
		key = fmt.Sprint(l.stored)
	case "messages of all calls are one":
		key = message
	case "equal ones are dropped":
		if message == "" {
			key += string(data)
		}
	case "refuses":
		return errors.New("no")
	case "confirms what it has not stored":
		if ctx.Err() != nil {
			return nil
		}
	}
	if l.known[key] && (message != "" || l.fault == "equal ones are dropped") {
		return nil
	}
	l.known[key] = true
	if l.fault != "keeps the caller's memory" {
		data = bytes.Clone(data)
	}
	if l.fault == "cuts" {
		data = data[:min(len(data), 1000)]
	}
	if l.fault == "reverses" {
		l.calls[call] = append([][]byte{data}, l.calls[call]...)
		return nil
	}
	l.calls[call] = append(l.calls[call], data)
	return nil
}

func (l *keptLog) read(_ context.Context, call string) ([][]byte, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.calls[call], nil
}

func TestCheckCallLog(t *testing.T) {
	for fault, want := range map[string]string{
		"":                                "",
		"no message is known again":       `one message comes again`,
		"messages of all calls are one":   `another call has the same message: call "two" has []`,
		"equal ones are dropped":          `an equal notification without one is news`,
		"keeps the caller's memory":       `\x00`,
		"cuts":                            "256 KiB are not returned",
		"reverses":                        `has ["fourth"`,
		"refuses":                         `Append to call "6b7db8b1894c409ab240bd8beae78896": no`,
		"confirms what it has not stored": "returned without an error, and 0 notifications are there",
	} {
		log := &keptLog{fault: fault, calls: make(map[string][][]byte), known: make(map[string]bool)}
		err := CheckCallLog(t.Context(), log, log.read)
		if fault == "" {
			assert.NoError(t, err)
			continue
		}
		assert.ErrorContains(t, err, want, fault)
	}
}
