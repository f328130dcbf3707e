package session

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/templates/runtime/callback"
	"github.com/callgen/callgen/templates/runtime/model"
)

// What a service, a program or a store does that it should not.

// faults collects what OnError gets.
type faults struct {
	mu   sync.Mutex
	list []error
}

func (f *faults) add(_ context.Context, _ string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = append(f.list, err)
}

func (f *faults) take() []error {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := f.list
	f.list = nil
	return list
}

// A call belongs to a tenant: what is signed for another one changes nothing, also after a restart.
func TestNotificationsOfAnotherTenant(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		var failed faults
		store := new(MemoryCallStore)
		calls := v.bot(CallsOptions{OnError: failed.add, Store: store})
		v.of("contoso")
		s := v.create(calls)
		v.of("evil")
		assert.Equal(t, http.StatusAccepted, v.become("call-1", "terminated"), "it need not come again")
		assert.Equal(t, http.StatusAccepted, v.press("call-1", 1, "tone1"))
		synctest.Wait()
		assert.EqualValues(t, "established", s.State())
		for _, err := range failed.take() {
			assert.ErrorIs(t, err, ErrCallTenant)
			assert.ErrorContains(t, err, "evil")
		}
		v.of("")
		assert.Equal(t, http.StatusAccepted, v.become("call-1", "hold"), "the sender is not verified")
		require.NoError(t, calls.Close(t.Context()))
		v.set("call-1", "hold")
		calls = closed(t, v.bot(CallsOptions{OnError: failed.add, Store: store}))
		v.of("evil")
		v.notify("updated", "call-1", object{"@odata.type": "#microsoft.graph.call", "id": "call-1", "state": "transferring"})
		s, ok := calls.Get("call-1")
		require.True(t, ok)
		assert.EqualValues(t, "hold", s.State())
		require.Len(t, failed.take(), 1)
		v.of("CONTOSO")
		v.become("call-1", "terminated")
		<-s.Done()
	})
}

// What is told after the end of a call does not begin it again.
func TestNewsAfterTheEnd(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		var failed faults
		calls := closed(t, v.bot(CallsOptions{OnError: failed.add, Store: new(MemoryCallStore)}))
		var told record
		told.of(calls)
		calls.OnIncoming(func(context.Context, *CallSession) {})
		s, err := calls.Create(t.Context(), &model.Call{})
		require.NoError(t, err)
		v.become("call-1", "terminated")
		v.become("in-1", "incoming")
		v.become("in-1", "terminated")
		<-s.Done()
		synctest.Wait()
		before := told.take()
		for _, id := range []string{"call-1", "in-1"} {
			for _, state := range []string{"established", "incoming"} {
				assert.Equal(t, http.StatusAccepted, v.become(id, state))
			}
			assert.Equal(t, http.StatusAccepted, v.press(id, 1, "tone1"))
			assert.Equal(t, http.StatusAccepted, v.delta(id, 1, person("ann", 1)))
		}
		time.Sleep(time.Hour)
		assert.Equal(t, before, told.take())
		assert.Empty(t, calls.All())
		assert.Zero(t, v.count("GET")+v.count("POST /"))
		assert.Empty(t, failed.take())
	})
}

// A notification is about the call of its resource, whatever its data says.
func TestAnotherCallInANotification(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		calls := closed(t, v.bot(CallsOptions{}))
		s, other := v.create(calls), v.create(calls)
		v.notify("updated", "call-1", object{"@odata.type": "#microsoft.graph.call", "id": "call-2", "state": "hold", "subject": "x"})
		synctest.Wait()
		assert.EqualValues(t, "hold", s.State())
		assert.Equal(t, "call-1", s.Call().ID)
		assert.EqualValues(t, "established", other.State())
	})
}

// The service says that it has created a call that there is already.
func TestCreatedCallThatThereIs(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		for _, store := range []CallStore{nil, new(MemoryCallStore)} {
			calls := v.bot(CallsOptions{Store: store})
			s := v.create(calls)
			v.mu.Lock()
			v.made--
			v.mu.Unlock()
			again, err := calls.Create(t.Context(), &model.Call{})
			require.NoError(t, err)
			assert.Same(t, s, again)
			assert.EqualValues(t, "established", s.State())
			v.become(s.ID(), "terminated")
			<-s.Done()
			assert.NoError(t, calls.Close(t.Context()))
		}
	})
}

// The program gives up while the service creates the call.
func TestCreateThatIsCancelled(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		var failed faults
		calls := closed(t, v.bot(CallsOptions{OnError: failed.add}))
		ctx, cancel := context.WithCancel(t.Context())
		v.first(func(string) { cancel() })
		v.meet("POST ", errLost)
		_, err := calls.Create(ctx, &model.Call{})
		require.ErrorIs(t, err, ErrCallUncertain)
		v.behave()
		assert.Equal(t, http.StatusAccepted, v.become("call-1", "established"), "nothing waits for the answer any more")
		require.Len(t, failed.take(), 1)
		s, err := calls.Rehydrate(t.Context(), "call-1")
		require.NoError(t, err)
		require.NoError(t, s.HangUp(t.Context()))
		<-s.Done()

		cancelled, cancel := context.WithCancel(t.Context())
		cancel()
		_, err = calls.Create(cancelled, &model.Call{})
		assert.ErrorIs(t, err, context.Canceled)
		assert.NotErrorIs(t, err, ErrCallUncertain, "nothing was sent")
		assert.Equal(t, 1, v.made)
	})
}

// The bot is told to end while it decides about a call.
func TestCloseWhileSomebodyCalls(t *testing.T) {
	for _, hangUp := range []bool{false, true} {
		inBubbleOf(t, fmt.Sprint("hang up: ", hangUp), func(t *testing.T, v *service) {
			calls := v.bot(CallsOptions{HangUpOnClose: hangUp})
			decides, decided := make(chan struct{}), make(chan struct{})
			var answered error
			calls.OnIncoming(func(ctx context.Context, s *CallSession) {
				close(decides)
				<-decided
				answered = s.act(ctx, "answer", nil, nil)
			})
			v.become("in-1", "incoming")
			<-decides
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			assert.ErrorIs(t, calls.Close(ctx), context.DeadlineExceeded, "the function still runs")
			assert.Equal(t, http.StatusServiceUnavailable, v.become("in-2", "incoming"))
			close(decided)
			assert.NoError(t, calls.Close(t.Context()))
			assert.Error(t, answered)
			assert.Zero(t, v.count("POST"), "nothing is sent of what this process does not follow")
		})
	}
}

// panics is a store that panics on request.
type panics struct {
	MemoryCallStore
	when string
}

func (p *panics) Save(ctx context.Context, call StoredCall) (uint64, error) {
	if p.when == "save" {
		panic("save")
	}
	return p.MemoryCallStore.Save(ctx, call)
}

// Panics of the program's functions end nothing but these functions.
func TestPanicsOfTheProgram(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		var failed faults
		store := new(panics)
		options := CallsOptions{Store: store, OnError: func(ctx context.Context, id string, err error) { failed.add(ctx, id, err); panic("OnError") }}
		calls := v.bot(options)
		calls.OnSession(func(context.Context, *CallSession) { panic("OnSession") })
		calls.OnIncoming(func(context.Context, *CallSession) { panic("OnIncoming") })
		calls.OnEvent(func(context.Context, *SessionEvent) error { panic("OnEvent") })
		v.become("in-1", "incoming")
		synctest.Wait()
		assert.Len(t, failed.take(), 3)
		s, ok := calls.Get("in-1")
		require.True(t, ok)
		s.Go(func(context.Context) { panic("Go") })
		synctest.Wait()
		assert.Len(t, failed.take(), 1)
		assert.Panics(t, func() { _, _ = s.WaitUntil(t.Context(), func(*model.Call) bool { panic("WaitUntil") }) })
		v.become("in-1", "established")
		assert.EqualValues(t, "established", s.State())
		store.when = "save"
		_, err := play(t.Context(), s)
		assert.ErrorContains(t, err, "nothing was sent")
		assert.Equal(t, http.StatusServiceUnavailable, v.press("in-1", 1, "tone1"))
		synctest.Wait()
		store.when = ""
		require.NoError(t, calls.Close(t.Context()))

		after := v.bot(options)
		failed.take()
		after.OnResume(func(context.Context, *CallSession, *CallResume) { panic("OnResume") })
		require.NoError(t, after.RehydrateAll(t.Context()))
		synctest.Wait()
		assert.Len(t, failed.take(), 1)
		s, ok = after.Get("in-1")
		require.True(t, ok)
		v.become("in-1", "terminated")
		<-s.Done()
		require.NoError(t, after.Close(t.Context()))
	})
}

// A function may end its goroutine, as t.FailNow does: the next one is called all the same.
func TestFunctionsThatEndTheirGoroutine(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		var failed faults
		calls := v.bot(CallsOptions{OnError: failed.add})
		var told record
		told.of(calls)
		calls.OnSession(func(context.Context, *CallSession) { runtime.Goexit() })
		calls.OnState(func(context.Context, *SessionEvent) error { runtime.Goexit(); return nil })
		calls.OnEnd(func(context.Context, *SessionEvent) error { runtime.Goexit(); return nil })
		s := v.create(calls)
		v.become("call-1", "hold")
		v.become("call-1", "terminated")
		<-s.Done()
		assert.Equal(t, []string{"state establishing>established", "state established>hold", "ended the call has ended"}, told.take())
		assert.Len(t, failed.take(), 4)
		require.NoError(t, calls.Close(t.Context()))
	})
}

// flaky is a store whose every nth change fails.
type flaky struct {
	MemoryCallStore
	mu    sync.Mutex
	n     int
	every int
}

func (f *flaky) fails() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.n++; f.n%f.every == 0 {
		return errors.New("no quorum")
	}
	return nil
}

func (f *flaky) Save(ctx context.Context, call StoredCall) (uint64, error) {
	if err := f.fails(); err != nil {
		return 0, err
	}
	return f.MemoryCallStore.Save(ctx, call)
}

func (f *flaky) Delete(ctx context.Context, id string, revision uint64) error {
	if err := f.fails(); err != nil {
		return err
	}
	return f.MemoryCallStore.Delete(ctx, id, revision)
}

// Whichever save fails, a notification that is refused comes again, and each event comes once.
func TestStoreThatFailsNowAndThen(t *testing.T) {
	for every := 2; every < 12; every++ {
		inBubbleOf(t, fmt.Sprint("each ", every), func(t *testing.T, v *service) {
			calls := closed(t, v.bot(CallsOptions{Store: &flaky{every: every}}))
			var told record
			told.of(calls)
			s, err := calls.Create(t.Context(), &model.Call{})
			require.NotNil(t, s, "%v", err)
			again := func(change, path string, data any) {
				t.Helper()
				message := v.message()
				for range 5 {
					if v.post(message, change, path, data).Code == http.StatusAccepted {
						return
					}
				}
				t.Error("it is never taken")
			}
			call := func(state string, more ...any) object {
				v.set("call-1", state)
				o := object{"@odata.type": "#microsoft.graph.call", "id": "call-1", "state": state}
				for i := 0; i+1 < len(more); i += 2 {
					o[more[i].(string)] = more[i+1]
				}
				return o
			}
			again("updated", "call-1", call("established"))
			begun := 0
			for begun == 0 {
				if op, err := play(t.Context(), s); err == nil {
					done := v.complete("call-1", "completed")
					again("updated", "call-1/operations/"+op.ID(), done)
					begun++
				}
			}
			again("updated", "call-1", call("established", "toneInfo", object{"sequenceId": 1, "tone": "tone1"}))
			again("updated", "call-1/participants", []object{{"@odata.type": "#microsoft.graph.deltaParticipants", "sequenceNumber": 1, "participants": []object{person("ann", 1)}}})
			again("deleted", "call-1", call("terminated"))
			<-s.Done()
			assert.Equal(t, 1, v.count("POST /call-1/playPrompt"))
			assert.Equal(t, []string{
				"state establishing>established", "operation playPrompt", "tones [tone1] missed 0", "roster +1 ~0 -0", "ended the call has ended",
			}, told.take())
		})
	}
}

// While a function hangs, its call's events stay few, whatever fails meanwhile.
func TestMailboxOfAFunctionThatHangs(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		calls := closed(t, v.bot(CallsOptions{Mailbox: 3}))
		goOn := make(chan struct{})
		calls.OnState(func(context.Context, *SessionEvent) error { <-goOn; return nil })
		var told record
		told.of(calls)
		s := v.create(calls)
		v.answerWith("POST /call-1/keepAlive", http.StatusInternalServerError)
		time.Sleep(24 * time.Hour)
		close(goOn)
		synctest.Wait()
		assert.LessOrEqual(t, len(told.take()), 4)
		v.become("call-1", "terminated")
		<-s.Done()
	})
}

// Numbers of tones that no service sends do no harm.
func TestNumbersOfTonesThatAreNonsense(t *testing.T) {
	for _, number := range []int64{math.MinInt64, -100, -1, 0, 1 << 40, math.MaxInt64} {
		q := new(toneQueue)
		assert.Equal(t, []model.Tone{"a"}, q.add(1, "a"))
		q.add(number, "x")
		_, missed := q.skip()
		assert.GreaterOrEqual(t, missed, int64(0), "%d", number)
		var heard []model.Tone
		for n, tone := range []model.Tone{"b", "c", "d"} {
			heard = append(heard, q.add(int64(n)+2, tone)...)
		}
		rest, missed := q.skip()
		assert.GreaterOrEqual(t, missed, int64(0), "%d", number)
		assert.Equal(t, []model.Tone{"b", "c", "d"}, append(heard, rest...), "%d: tones are heard again", number)
	}
}

// A notification that says nothing, or odd things, is taken and changes no state.
func TestNotificationsThatAreNonsense(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		calls := closed(t, v.bot(CallsOptions{}))
		s := v.create(calls)
		for _, data := range []any{
			nil, object{}, []object{}, []any{nil}, "text", 7,
			object{"@odata.type": "#microsoft.graph.call"},
			object{"@odata.type": "#microsoft.graph.call", "state": 7},
			object{"@odata.type": "#microsoft.graph.call", "state": "", "toneInfo": 7, "resultInfo": "x", "mediaState": []int{}},
			object{"@odata.type": "#microsoft.graph.user", "id": "call-1"},
			object{"@odata.type": "#microsoft.graph.playPromptOperation", "id": "", "status": "completed"},
		} {
			for _, path := range []string{"call-1", "call-1/participants", "call-1/operations/x"} {
				code := v.notify("updated", path, data)
				assert.Contains(t, []int{http.StatusAccepted, http.StatusBadRequest}, code, "%s: %v", path, data)
			}
		}
		synctest.Wait()
		assert.EqualValues(t, "established", s.State())
		_, err := s.WaitUntil(t.Context(), func(c *model.Call) bool { return c.ID == "call-1" })
		assert.NoError(t, err)
		v.become("call-1", "terminated")
		<-s.Done()
	})
}

var _ callback.Verifier = (*service)(nil)

// inBubbleOf is inBubble for one of several cases.
func inBubbleOf(t *testing.T, name string, f func(t *testing.T, v *service)) {
	t.Run(name, func(t *testing.T) { inBubble(t, f) })
}
