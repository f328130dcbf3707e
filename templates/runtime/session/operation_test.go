package session

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOperationByNotification(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		calls := closed(t, v.bot(CallsOptions{}))
		var told record
		told.of(calls)
		s := v.create(calls)
		op, err := play(t.Context(), s)
		require.NoError(t, err)
		assert.Equal(t, "op-1", op.ID())
		assert.Equal(t, []string{op.ClientContext()}, v.seenBy, "the service gets the text that the operation is known by")
		assert.Len(t, s.Operations(), 1)
		go func() {
			time.Sleep(time.Second)
			done := v.complete("call-1", "completed")
			v.notify("updated", "call-1/operations/op-1", done)
			v.notify("updated", "call-1/operations/OP-1", done)
		}()
		began := time.Now()
		result, err := op.Wait(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "completed", *result.Status)
		assert.Equal(t, time.Second, time.Since(began))
		synctest.Wait()
		assert.Empty(t, s.Operations())
		assert.Equal(t, []string{"state establishing>established", "operation playPrompt"}, told.take())
	})
}

func TestOperationByPolling(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		s := v.create(closed(t, v.bot(CallsOptions{})))
		op, err := play(t.Context(), s)
		require.NoError(t, err)
		v.complete("call-1", "failed")
		began := time.Now()
		_, err = op.Wait(t.Context())
		assert.EqualError(t, err, "playPrompt: the operation has failed: 200/0: done")
		_, ok := errors.AsType[*CallOperationError](err)
		assert.True(t, ok)
		assert.Equal(t, defaultPollAfter, time.Since(began))
	})
}

func TestOperationInACallThatEnds(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		s := v.create(closed(t, v.bot(CallsOptions{})))
		op, err := play(t.Context(), s)
		require.NoError(t, err)
		go v.become("call-1", "terminated")
		_, err = op.Wait(t.Context())
		_, ok := errors.AsType[*CallEndedError](err)
		assert.True(t, ok, "%v", err)
		_, err = play(t.Context(), s)
		_, ok = errors.AsType[*CallEndedError](err)
		assert.True(t, ok, "%v", err)
		assert.Equal(t, 1, v.count("POST /call-1/playPrompt"))
	})
}

func TestOperationThatIsRefused(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		s := v.create(closed(t, v.bot(CallsOptions{})))
		v.answerWith("POST /call-1/playPrompt", http.StatusBadRequest)
		op, err := play(t.Context(), s)
		assert.ErrorContains(t, err, "400 Bad Request")
		assert.NotErrorIs(t, err, ErrCallUncertain)
		assert.Empty(t, s.Operations())
		_, err = op.Wait(t.Context())
		assert.Error(t, err)
	})
}

// The service has begun the operation, and its answer is lost: it is found by its context.
func TestOperationWhoseAnswerIsLost(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		s := v.create(closed(t, v.bot(CallsOptions{})))
		v.meet("POST /call-1/playPrompt", errLost)
		op, err := play(t.Context(), s)
		require.ErrorIs(t, err, ErrCallUncertain)
		assert.True(t, op.Uncertain())
		v.complete("call-1", "completed")
		_, err = op.Wait(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "op-1", op.ID())
		assert.Equal(t, 1, v.count("POST /call-1/playPrompt"), "it is not sent again")
	})
}

// Nobody knows whether the service has got the operation.
func TestOperationThatStaysUncertain(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		s := v.create(closed(t, v.bot(CallsOptions{})))
		v.meet("POST /call-1/playPrompt", errors.New("the connection broke"))
		op, err := play(t.Context(), s)
		require.ErrorIs(t, err, ErrCallUncertain)
		_, err = op.Wait(t.Context())
		assert.ErrorIs(t, err, ErrCallUncertain)
		assert.Equal(t, 1, v.count("POST /call-1/playPrompt"), "it is not sent again")
	})
}

// The notification of an operation's end is faster than the answer to its beginning.
func TestOperationThatEndsBeforeItsAnswer(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		calls := closed(t, v.bot(CallsOptions{}))
		s := v.create(calls)
		v.first(func(what string) {
			if what == "POST /call-1/playPrompt" {
				v.behave()
				v.notify("updated", "call-1/operations/op-1", object{
					"@odata.type": "#microsoft.graph.playPromptOperation", "id": "op-1", "status": "completed", "completionReason": "completedSuccessfully",
				})
			}
		})
		op, err := play(t.Context(), s)
		require.NoError(t, err)
		result, err := op.Wait(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "completedSuccessfully", *result.CompletionReason)
		assert.Zero(t, v.count("GET"))
	})
}

// Somebody else began it.
func TestOperationOfSomebodyElse(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		calls := closed(t, v.bot(CallsOptions{}))
		var ended []string
		calls.OnOperation(func(_ context.Context, e *SessionEvent) error { ended = append(ended, e.Operation.ID()); return nil })
		v.create(calls)
		for range 2 {
			v.notify("updated", "call-1/operations/x", object{"@odata.type": "#microsoft.graph.playPromptOperation", "id": "x", "status": "completed"})
		}
		synctest.Wait()
		assert.Equal(t, []string{"x"}, ended)
	})
}

func TestHangUp(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		calls := closed(t, v.bot(CallsOptions{}))
		s := v.create(calls)
		require.NoError(t, s.HangUp(t.Context()))
		<-s.Done() // although no notification comes
		s = v.create(calls)
		v.set(s.ID(), "terminated")
		require.NoError(t, s.HangUp(t.Context()), "it has ended already")
		<-s.Done()
	})
}
