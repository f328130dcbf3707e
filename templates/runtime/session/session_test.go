package session

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/templates/runtime/client"
	"github.com/callgen/callgen/templates/runtime/model"
)

// inBubble runs a test whose time passes when everybody waits.
func inBubble(t *testing.T, f func(t *testing.T, v *service)) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { f(t, newService(t)) })
}

// closed closes a bot at the end of a test.
func closed(t *testing.T, c *Calls) *Calls {
	t.Cleanup(func() { assert.NoError(t, c.Close(context.Background())) })
	return c
}

func TestCallFromItsBeginningToItsEnd(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		calls := closed(t, v.bot(CallsOptions{}))
		var told record
		told.of(calls)
		var began []string
		calls.OnSession(func(_ context.Context, s *CallSession) { began = append(began, s.ID()) })
		s, err := calls.Create(t.Context(), &model.Call{Subject: new("a")})
		require.NoError(t, err)
		assert.EqualValues(t, "establishing", s.State())
		got, ok := calls.Get("call-1")
		assert.True(t, ok)
		assert.Same(t, s, got)
		go func() {
			time.Sleep(time.Second)
			v.become("call-1", "ringing")
			v.become("call-1", "established", object{"mediaState": object{"audio": "inactive"}})
		}()
		call, err := s.Wait(t.Context(), "established")
		require.NoError(t, err)
		assert.EqualValues(t, "established", call.State)
		assert.Equal(t, "a", *call.Subject, "what notifications leave out stays")
		go v.become("call-1", "established", object{"mediaState": object{"audio": "active"}})
		_, err = s.WaitUntil(t.Context(), func(c *model.Call) bool { return c.MediaState != nil && *c.MediaState.Audio == "active" })
		require.NoError(t, err)
		v.become("call-1", "terminated", object{"resultInfo": object{"code": 200, "subcode": "4521", "message": "bye"}})
		<-s.Done()
		assert.Equal(t, []string{"call-1"}, began)
		assert.Equal(t, []string{
			"state establishing>ringing", "state ringing>established", "update",
			"ended the call has ended: 200/4521, the other side ended it: bye",
		}, told.take())
		_, err = s.Wait(t.Context(), "established")
		ended, ok := errors.AsType[*CallEndedError](err)
		require.True(t, ok)
		assert.EqualValues(t, 4521, ended.Subcode)
		assert.Equal(t, "bye", *ended.Result.Message)
		_, ok = calls.Get("call-1")
		assert.False(t, ok, "ended calls are released")
		assert.Empty(t, calls.All())
		assert.Equal(t, http.StatusAccepted, v.become("call-1", "terminated"), "a late notification is taken")
		assert.Len(t, told.take(), 4)
	})
}

// Notifications may come before the answer with the id of the call.
func TestNotificationBeforeTheAnswer(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		calls := closed(t, v.bot(CallsOptions{}))
		var status atomic.Int64
		v.first(func(what string) {
			if what == "POST " {
				go func() { status.Store(int64(v.become("call-1", "established"))) }()
				time.Sleep(time.Second)
			}
		})
		s, err := calls.Create(t.Context(), &model.Call{})
		require.NoError(t, err)
		_, err = s.Wait(t.Context(), "established")
		require.NoError(t, err)
		synctest.Wait()
		assert.EqualValues(t, http.StatusAccepted, status.Load())
		assert.Zero(t, v.count("GET"))
	})
}

func TestIncomingCall(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		calls := closed(t, v.bot(CallsOptions{}))
		remove := calls.OnIncoming(func(context.Context, *CallSession) { t.Error("it was removed") })
		remove()
		calls.OnIncoming(func(ctx context.Context, s *CallSession) {
			assert.NoError(t, s.act(ctx, "answer", nil, nil))
			_, err := s.Wait(ctx, "established") // while this function runs the session goes on
			assert.NoError(t, err)
			assert.NoError(t, s.HangUp(ctx))
		})
		assert.Equal(t, http.StatusAccepted, v.become("in-1", "incoming"))
		synctest.Wait()
		s, ok := calls.Get("in-1")
		require.True(t, ok)
		v.become("in-1", "established")
		synctest.Wait()
		v.become("in-1", "terminated")
		<-s.Done()
		assert.Equal(t, 1, v.count("POST in-1/answer")+v.count("POST /in-1/answer"))
	})
}

// Who calls gives up, and nobody says so.
func TestIncomingCallThatEndsUnheard(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		calls := closed(t, v.bot(CallsOptions{}))
		v.become("in-1", "incoming")
		s, ok := calls.Get("in-1")
		require.True(t, ok)
		time.Sleep(2*incomingFor + time.Second)
		assert.Equal(t, 2, v.count("GET /in-1"))
		v.set("in-1", "terminated")
		<-s.Done()
	})
}

func TestIncomingCallForAnotherDeployment(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		to, failure := "https://eu.bot/callback", error(nil)
		calls := closed(t, v.bot(CallsOptions{Elsewhere: func(context.Context, *model.Call) (string, error) { return to, failure }}))
		data := object{"@odata.type": "#microsoft.graph.call", "id": "in-1", "state": "Incoming"}
		w := v.post("a", "Created", "in-1", data)
		assert.Equal(t, http.StatusFound, w.Code)
		assert.Equal(t, "https://eu.bot/callback", w.Header().Get("Location"))
		assert.Empty(t, calls.All())
		to = "nowhere"
		assert.Equal(t, http.StatusInternalServerError, v.post("b", "created", "in-1", data).Code)
		failure = errors.New("who knows")
		assert.Equal(t, http.StatusInternalServerError, v.post("c", "created", "in-1", data).Code)
		to, failure = "", nil
		assert.Equal(t, http.StatusAccepted, v.post("d", "created", "in-1", data).Code)
		assert.Len(t, calls.All(), 1)
	})
}

func TestOrderOfEvents(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		calls := closed(t, v.bot(CallsOptions{}))
		var told record
		told.of(calls)
		s := v.create(calls)
		data := object{"@odata.type": "#microsoft.graph.call", "id": "call-1", "state": "hold"}
		v.post("m", "updated", "call-1", data)
		v.post("m", "updated", "call-1", data)
		v.become("call-1", "ringing") // late
		v.notify("updated", "call-1/contentSharingSessions", []object{{"@odata.type": "#microsoft.graph.entity"}})
		synctest.Wait()
		assert.Equal(t, []string{"state establishing>established", "state established>hold", "notice"}, told.take())
		assert.EqualValues(t, "hold", s.State())
		ids := make(map[string]bool)
		for _, id := range told.ids {
			ids[id] = true
		}
		assert.Len(t, ids, 3, "each event has an id")
	})
}

// A return to an earlier state looks like a repetition: the session asks.
func TestReturnToAnEarlierState(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		calls := closed(t, v.bot(CallsOptions{}))
		s := v.create(calls)
		v.become("call-1", "hold")
		v.become("call-1", "established")
		synctest.Wait()
		assert.EqualValues(t, "established", s.State())
		assert.Equal(t, 1, v.count("GET"))
	})
}

func TestFullMailbox(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		calls := closed(t, v.bot(CallsOptions{Mailbox: 2}))
		var told record
		told.of(calls)
		goOn := make(chan struct{})
		calls.OnState(func(context.Context, *SessionEvent) error { <-goOn; return nil })
		s := v.create(calls)
		assert.Equal(t, http.StatusAccepted, v.press("call-1", 1, "tone1"))
		assert.Equal(t, http.StatusServiceUnavailable, v.press("call-1", 2, "tone2"), "the service sends it again")
		assert.Equal(t, http.StatusAccepted, v.become("call-1", "terminated"), "the end always finds room")
		close(goOn)
		<-s.Done()
		assert.Equal(t, []string{"state establishing>established", "tones [tone1] missed 0", "ended the call has ended"}, told.take())
	})
}

func TestFunctionsThatFail(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		var failed atomic.Int64
		calls := closed(t, v.bot(CallsOptions{OnError: func(_ context.Context, id string, _ error) {
			assert.Equal(t, "call-1", id)
			failed.Add(1)
		}}))
		calls.OnState(func(context.Context, *SessionEvent) error { panic("no") })
		calls.OnState(func(context.Context, *SessionEvent) error { return errors.New("no") })
		var told record
		told.of(calls)
		v.create(calls)
		synctest.Wait()
		assert.EqualValues(t, 2, failed.Load())
		assert.Len(t, told.take(), 1)
	})
}

func TestOriginOfEvents(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		calls := closed(t, v.bot(CallsOptions{}))
		var seen *SessionEvent
		calls.OnState(func(_ context.Context, e *SessionEvent) error { seen = e; return nil })
		s := v.create(calls)
		synctest.Wait()
		require.NotNil(t, seen)
		assert.Equal(t, "message-1", seen.Origin.MessageID)
		assert.Equal(t, "scenario", seen.Origin.ScenarioID)
		assert.Same(t, s, seen.Session)
		assert.Equal(t, "updated", seen.Notified.ChangeType)
		assert.Equal(t, time.Now(), seen.At)
	})
}

func TestUnknownCalls(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		var failed error
		calls := closed(t, v.bot(CallsOptions{OnError: func(_ context.Context, _ string, err error) { failed = err }}))
		assert.Equal(t, http.StatusAccepted, v.become("nobody's", "established"))
		assert.ErrorIs(t, failed, ErrCallUnknown)
		assert.Empty(t, calls.All())
	})
}

// The service creates the call, and its answer is lost: the bot hears of it all the same.
func TestCreatedCallWhoseAnswerIsLost(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		var unknown []string
		calls := closed(t, v.bot(CallsOptions{OnError: func(_ context.Context, id string, err error) {
			assert.ErrorIs(t, err, ErrCallUnknown)
			unknown = append(unknown, id)
		}}))
		v.meet("POST ", errLost)
		_, err := calls.Create(t.Context(), &model.Call{})
		require.ErrorIs(t, err, ErrCallUncertain)
		v.become("call-1", "established")
		require.Equal(t, []string{"call-1"}, unknown)
		s, err := calls.Rehydrate(t.Context(), unknown[0])
		require.NoError(t, err)
		assert.EqualValues(t, "established", s.State())
		assert.Equal(t, 1, v.count("POST "), "no second call is made")
	})
}

// Nothing that the service has not seen is uncertain.
func TestCreateThatIsNotSent(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		calls := closed(t, v.bot(CallsOptions{}))
		v.meet("POST ", &net.OpError{Op: "dial", Err: errors.New("connection refused")})
		_, err := calls.Create(t.Context(), &model.Call{})
		assert.ErrorContains(t, err, "connection refused")
		assert.NotErrorIs(t, err, ErrCallUncertain)
		v.behave()
		_, err = calls.Create(t.Context(), &model.Call{}, client.Header("a", "line\n"))
		require.Error(t, err)
		assert.NotErrorIs(t, err, ErrCallUncertain)
		assert.Zero(t, v.made)
	})
}

func TestTones(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		calls := closed(t, v.bot(CallsOptions{}))
		var told record
		told.of(calls)
		s := v.create(calls)
		v.press("call-1", 3, "c") // 1 is lost
		v.press("call-1", 2, "b")
		v.press("call-1", 3, "c")
		synctest.Wait()
		assert.Len(t, told.take(), 1, "nothing is heard yet")
		tone, err := s.NextTone(t.Context())
		require.NoError(t, err)
		assert.EqualValues(t, "b", tone)
		v.press("call-1", 1, "a") // too late
		v.press("call-1", 4, "d")
		synctest.Wait()
		assert.Equal(t, []string{"state establishing>established", "tones [b c] missed 1", "tones [d] missed 0"}, told.take())
		for range 2 {
			_, err = s.NextTone(t.Context())
			require.NoError(t, err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, err = s.NextTone(ctx)
		assert.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

func TestNumbersOfTonesThatBeginAnew(t *testing.T) {
	q := new(toneQueue)
	assert.Equal(t, []model.Tone{"a"}, q.add(1, "a"))
	assert.Equal(t, []model.Tone{"b"}, q.add(2, "b"))
	assert.Empty(t, q.add(1, "a"))
	assert.Equal(t, []model.Tone{"x"}, q.add(1, "x"), "another tone under a number that was heard")
	q.anew = true // the bot has subscribed again
	assert.Equal(t, []model.Tone{"x"}, q.add(1, "x"))
	assert.Equal(t, []model.Tone{"y"}, q.add(2, "y"))
}

func TestRoster(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		calls := closed(t, v.bot(CallsOptions{}))
		var told record
		told.of(calls)
		s := v.create(calls)
		v.delta("call-1", 1, person("ann", 1))
		v.list(person("ann", 1), person("bob", 2), person("cid", 3))
		v.delta("call-1", 3, person("cid", 3)) // 2 is lost
		synctest.Wait()
		assert.Zero(t, v.count("GET /call-1/participants"))
		time.Sleep(defaultRosterGap)
		synctest.Wait()
		assert.Equal(t, 1, v.count("GET /call-1/participants"))
		assert.Equal(t, 3, s.Roster().Len())
		assert.False(t, s.Roster().NeedsList())
		assert.Equal(t, []string{"state establishing>established", "roster +1 ~0 -0", "roster +1 ~0 -0", "roster +1 ~0 -0"}, told.take())
	})
}

func TestKeepAlive(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		calls := closed(t, v.bot(CallsOptions{}))
		var told record
		told.of(calls)
		s := v.create(calls)
		time.Sleep(2 * time.Hour)
		n := v.count("POST /call-1/keepAlive")
		assert.True(t, n >= 12 && n <= 14, "%d", n)
		v.answerWith("POST /call-1/keepAlive", http.StatusInternalServerError)
		time.Sleep(15 * time.Minute)
		assert.Contains(t, told.take(), "keepAliveFailed")
		assert.Greater(t, v.count("POST /call-1/keepAlive"), n+5, "it is tried again soon")
		v.become("call-1", "terminated")
		<-s.Done()
		n = v.count("POST /call-1/keepAlive")
		time.Sleep(2 * time.Hour)
		assert.Equal(t, n, v.count("POST /call-1/keepAlive"))
	})
}

// The notification of the end may be lost.
func TestEndThatNobodyTold(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		calls := closed(t, v.bot(CallsOptions{}))
		s := v.create(calls)
		v.set("call-1", "terminated")
		<-s.Done()
		_, ok := errors.AsType[*CallEndedError](s.Err())
		assert.True(t, ok)
	})
}

// The notification of a state may be lost.
func TestStateThatNobodyTold(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		calls := closed(t, v.bot(CallsOptions{}))
		s, err := calls.Create(t.Context(), &model.Call{})
		require.NoError(t, err)
		v.set("call-1", "established")
		began := time.Now()
		_, err = s.Wait(t.Context(), "established")
		require.NoError(t, err)
		assert.Equal(t, defaultPollAfter, time.Since(began))
	})
}

// A state that the call has left already, or whose notification comes late, has been there.
func TestStateThatHasPassed(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		calls := closed(t, v.bot(CallsOptions{}))
		s, err := calls.Create(t.Context(), &model.Call{})
		require.NoError(t, err)
		go func() {
			time.Sleep(time.Second)
			v.become("call-1", "transferAccepted")
			v.become("call-1", "ringing")
		}()
		call, err := s.Wait(t.Context(), "ringing")
		require.NoError(t, err)
		assert.EqualValues(t, "transferAccepted", call.State)
	})
}

func TestClose(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		calls := v.bot(CallsOptions{})
		s := v.create(calls)
		ended := make(chan error, 1)
		s.Go(func(ctx context.Context) { <-ctx.Done(); ended <- context.Cause(ctx) })
		require.NoError(t, calls.Close(t.Context()))
		assert.ErrorIs(t, <-ended, ErrCallLeft)
		assert.ErrorIs(t, s.Err(), ErrCallLeft)
		assert.Zero(t, v.count("DELETE"), "the call goes on")
		assert.Equal(t, http.StatusServiceUnavailable, v.become("call-1", "hold"))
		_, err := calls.Create(t.Context(), &model.Call{})
		assert.ErrorIs(t, err, ErrCallLeft)
		_, err = play(t.Context(), s)
		assert.ErrorIs(t, err, ErrCallLeft)
	})
	// Nobody is left in the bubble, or the test fails.
}

func TestCloseThatHangsUp(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		calls := v.bot(CallsOptions{HangUpOnClose: true, Store: new(MemoryCallStore)})
		var told record
		told.of(calls)
		for range 20 {
			_, err := calls.Create(t.Context(), &model.Call{})
			require.NoError(t, err)
		}
		require.NoError(t, calls.Close(t.Context()))
		assert.Equal(t, 20, v.count("DELETE"))
		assert.Len(t, told.take(), 20)
	})
}
