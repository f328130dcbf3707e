package session

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"iter"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/templates/runtime/model"
)

func TestStores(t *testing.T) {
	assert.NoError(t, CheckCallStore(t.Context(), new(MemoryCallStore)))
	dir := filepath.Join(t.TempDir(), "calls")
	files, err := NewFileCallStore(dir)
	require.NoError(t, err)
	assert.NoError(t, CheckCallStore(t.Context(), files))
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Empty(t, left)
	_, err = files.Save(t.Context(), StoredCall{ID: "a/../b", Expires: time.Now().Add(time.Hour)})
	require.NoError(t, err)
	left, err = os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 1)
	info, err := left[0].Info()
	require.NoError(t, err)
	if runtime.GOOS != "windows" {
		assert.Equal(t, os.FileMode(0o600), info.Mode())
	}
	again, err := NewFileCallStore(dir)
	require.NoError(t, err)
	_, err = again.Load(t.Context(), "a/../b")
	assert.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, left[0].Name()), []byte("{"), 0o600))
	_, err = again.Load(t.Context(), "a/../b")
	assert.ErrorContains(t, err, "does not hold a call")
}

// careless is a store without compare-and-swap.
type careless struct{ MemoryCallStore }

func (c *careless) Save(ctx context.Context, call StoredCall) (uint64, error) {
	if old, err := c.Load(ctx, call.ID); err == nil {
		call.Revision = old.Revision
	} else {
		call.Revision = 0
	}
	return c.MemoryCallStore.Save(ctx, call)
}

// forgetful is a store that lists nothing and keeps what has expired.
type forgetful struct{ MemoryCallStore }

func (f *forgetful) List(context.Context) iter.Seq2[string, error] {
	return func(func(string, error) bool) {}
}

func TestStoresThatAreWrong(t *testing.T) {
	err := CheckCallStore(t.Context(), new(careless))
	assert.ErrorContains(t, err, "Save with a former revision: the error is <nil>")
	assert.ErrorContains(t, err, "of 8 that save the same revision at once succeed, not 1")
	assert.ErrorContains(t, CheckCallStore(t.Context(), new(forgetful)), `List lacks "call 3"`)
}

// What is stored.
func TestWhatIsStored(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		store := new(MemoryCallStore)
		calls := v.bot(CallsOptions{Store: store})
		s, err := calls.Create(t.Context(), &model.Call{})
		require.NoError(t, err)
		require.NoError(t, s.SetData(t.Context(), 3, []byte("mine")))
		goOn := make(chan struct{})
		calls.OnState(func(context.Context, *SessionEvent) error { <-goOn; return nil })
		v.become("call-1", "established", object{"meetingInfo": object{"token": "secret-1", "passcode": "secret-2"}, "mediaConfig": object{"blob": "secret-3"}})
		stored, err := store.Load(t.Context(), "call-1")
		require.NoError(t, err)
		assert.NotContains(t, string(stored.Data), "secret-")
		assert.Contains(t, string(stored.Data), `"mailbox":[{`)
		assert.Equal(t, time.Now().Add(defaultKeepFor), stored.Expires)
		close(goOn)
		synctest.Wait()
		stored, err = store.Load(t.Context(), "call-1")
		require.NoError(t, err)
		assert.NotContains(t, string(stored.Data), "mailbox")
		time.Sleep(100 * time.Hour) // a quiet call is saved again
		_, err = store.Load(t.Context(), "call-1")
		require.NoError(t, err)
		v.become("call-1", "terminated")
		<-s.Done()
		_, err = store.Load(t.Context(), "call-1")
		assert.ErrorIs(t, err, ErrCallNotStored)
		assert.NoError(t, calls.Close(t.Context()))
	})
}

func TestSealedSessions(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		store := new(MemoryCallStore)
		turn := func(_ context.Context, id string, data []byte) ([]byte, error) {
			assert.Equal(t, "call-1", id)
			out := make([]byte, len(data))
			for i, b := range data {
				out[i] = b ^ 0xff
			}
			return out, nil
		}
		calls := v.bot(CallsOptions{Store: store, Seal: turn, Open: turn})
		v.create(calls)
		require.NoError(t, calls.Close(t.Context()))
		stored, err := store.Load(t.Context(), "call-1")
		require.NoError(t, err)
		assert.NotContains(t, string(stored.Data), "call")
		calls = v.bot(CallsOptions{Store: store})
		_, err = calls.Rehydrate(t.Context(), "call-1")
		assert.ErrorContains(t, err, "if it is encrypted, set CallsOptions.Open")
		require.NoError(t, calls.Close(t.Context()))
		calls = v.bot(CallsOptions{Store: store, Seal: turn, Open: turn})
		s, err := calls.Rehydrate(t.Context(), "call-1")
		require.NoError(t, err)
		assert.EqualValues(t, "established", s.State())
		require.NoError(t, calls.Close(t.Context()))
	})
}

func TestSessionsOfAnotherVersion(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		store := new(MemoryCallStore)
		_, err := store.Save(t.Context(), StoredCall{ID: "a", Data: []byte(`{"version":99}`), Expires: time.Now().Add(time.Hour)})
		require.NoError(t, err)
		calls := closed(t, v.bot(CallsOptions{Store: store}))
		_, err = calls.Rehydrate(t.Context(), "a")
		assert.EqualError(t, err, "the stored session has version 99, and this program reads version 1: let its call end, or delete it")
		assert.ErrorContains(t, calls.RehydrateAll(t.Context()), "call a: the stored session has version 99")
		assert.Equal(t, http.StatusServiceUnavailable, v.become("a", "established"))
	})
}

// brittle is a store that can fail.
type brittle struct {
	MemoryCallStore
	mu   sync.Mutex
	fail error
}

func (b *brittle) set(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fail = err
}

func (b *brittle) Save(ctx context.Context, call StoredCall) (uint64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fail != nil {
		return 0, b.fail
	}
	return b.MemoryCallStore.Save(ctx, call)
}

// What cannot be saved is refused, and comes again.
func TestStoreThatFails(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		store := new(brittle)
		calls := closed(t, v.bot(CallsOptions{Store: store}))
		var told record
		told.of(calls)
		s := v.create(calls)
		store.set(errors.New("no quorum"))
		data := object{"@odata.type": "#microsoft.graph.call", "id": "call-1", "state": "hold"}
		assert.Equal(t, http.StatusServiceUnavailable, v.post("m", "updated", "call-1", data).Code)
		_, err := play(t.Context(), s)
		assert.ErrorContains(t, err, "playPrompt: nothing was sent, because the session cannot be saved: no quorum")
		assert.Zero(t, v.count("POST /call-1/playPrompt"))
		store.set(nil)
		assert.Equal(t, http.StatusAccepted, v.post("m", "updated", "call-1", data).Code)
		synctest.Wait()
		assert.Equal(t, []string{"state establishing>established", "state established>hold"}, told.take())
		stored, err := store.Load(t.Context(), "call-1")
		require.NoError(t, err)
		assert.Contains(t, string(stored.Data), `"state":"hold"`)
	})
}

// Somebody else takes a call over: its former session does nothing more.
func TestTakeover(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		store := new(MemoryCallStore)
		before := v.bot(CallsOptions{Store: store})
		old := v.create(before)
		synctest.Wait()
		after := closed(t, v.bot(CallsOptions{Store: store}))
		s, err := after.Rehydrate(t.Context(), "call-1")
		require.NoError(t, err)
		_, err = play(t.Context(), old)
		assert.ErrorIs(t, err, ErrCallLeft)
		assert.ErrorIs(t, err, ErrCallRevision)
		assert.Zero(t, v.count("POST /call-1/playPrompt"), "without an intent nothing is sent")
		<-old.Done()
		_, err = play(t.Context(), s)
		assert.NoError(t, err)
		assert.NoError(t, before.Close(t.Context()))
	})
}

// A notification of a stored call takes the call up.
func TestNotificationTakesACallUp(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		store := new(MemoryCallStore)
		before := v.bot(CallsOptions{Store: store})
		v.create(before)
		require.NoError(t, before.Close(t.Context()))
		after := closed(t, v.bot(CallsOptions{Store: store}))
		var resumed *CallResume
		after.OnResume(func(_ context.Context, _ *CallSession, r *CallResume) { resumed = r })
		assert.Equal(t, http.StatusAccepted, v.become("call-1", "hold"))
		synctest.Wait()
		s, ok := after.Get("call-1")
		require.True(t, ok)
		assert.EqualValues(t, "hold", s.State())
		require.NotNil(t, resumed)
		assert.True(t, resumed.Stored)
		time.Sleep(time.Second)
		assert.Equal(t, 1, v.count("POST /call-1/keepAlive"), "nobody knows when the last one was sent")
	})
}

func TestIncomingCallThatWasSeenBefore(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		store := new(MemoryCallStore)
		before := v.bot(CallsOptions{Store: store})
		require.Equal(t, http.StatusAccepted, v.become("in-1", "incoming"))
		require.NoError(t, before.Close(t.Context()))
		after := closed(t, v.bot(CallsOptions{Store: store}))
		var told record
		told.of(after)
		assert.Equal(t, http.StatusAccepted, v.become("in-1", "incoming"))
		assert.Len(t, after.All(), 1)
	})
}

func TestCallThatEndedMeanwhile(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		store := new(MemoryCallStore)
		before := v.bot(CallsOptions{Store: store})
		v.create(before)
		require.NoError(t, before.Close(t.Context()))
		v.set("call-1", "terminated")
		after := closed(t, v.bot(CallsOptions{Store: store}))
		var told record
		told.of(after)
		require.NoError(t, after.RehydrateAll(t.Context()))
		synctest.Wait()
		assert.Equal(t, []string{"ended the call has ended"}, told.take()[len(told.take())-1:])
		for id := range store.List(t.Context()) {
			t.Error(id, "is still stored")
		}
		_, err := after.Rehydrate(t.Context(), "unheard-of")
		assert.ErrorContains(t, err, "404")
		assert.Empty(t, after.All())
	})
}

// A call can be followed that nobody has stored.
func TestRehydrateWithoutAStore(t *testing.T) {
	inBubble(t, func(t *testing.T, v *service) {
		v.set("x", "established")
		v.list(person("ann", 1))
		calls := closed(t, v.bot(CallsOptions{}))
		s, err := calls.Rehydrate(t.Context(), "x")
		require.NoError(t, err)
		assert.EqualValues(t, "established", s.State())
		assert.Equal(t, 1, s.Roster().Len())
		again, err := calls.Rehydrate(t.Context(), "X")
		require.NotNil(t, err)
		assert.Nil(t, again, "ids that are no GUIDs count letter by letter")
	})
}

func TestSameKey(t *testing.T) {
	assert.Equal(t, sameKey("6B7DB8B1894C409AB240BD8BEAE78896"), sameKey("6b7db8b1-894c-409a-b240-bd8beae78896"))
	assert.NotEqual(t, sameKey("Op-1"), sameKey("op-1"))
	assert.Equal(t, strings.Repeat("z", 32), sameKey(strings.Repeat("z", 32)))
}

// storyStep is something that happens in the recorded story: the service does it, or the bot.
type storyStep func(t *testing.T, v *service, calls func() *Calls)

// story is a call from its beginning to shortly before its end, as it was recorded.
func story() []storyStep {
	session := func(t *testing.T, calls func() *Calls) *CallSession {
		s, ok := calls().Get("call-1")
		require.True(t, ok)
		return s
	}
	becomes := func(state string, more ...object) storyStep {
		return func(t *testing.T, v *service, _ func() *Calls) {
			v.repeat(t, func() int { return v.become("call-1", state, more...) })
		}
	}
	plays := func(t *testing.T, _ *service, calls func() *Calls) {
		_, _ = play(t.Context(), session(t, calls)) // what is uncertain is seen in the end
	}
	completes := func(t *testing.T, v *service, _ func() *Calls) {
		done := v.complete("call-1", "completed")
		if done == nil {
			return // the service never got it
		}
		v.repeat(t, func() int { return v.notify("updated", fmt.Sprint("call-1/operations/", done["id"]), done) })
	}
	presses := func(n int, tone string) storyStep {
		return func(t *testing.T, v *service, _ func() *Calls) {
			v.repeat(t, func() int { return v.press("call-1", n, tone) })
		}
	}
	joins := func(n int, id string) storyStep {
		return func(t *testing.T, v *service, _ func() *Calls) {
			v.mu.Lock()
			v.people = append(v.people, person(id, n))
			v.mu.Unlock()
			v.repeat(t, func() int { return v.delta("call-1", n, person(id, n)) })
		}
	}
	return []storyStep{
		becomes("ringing"), becomes("established", object{"mediaState": object{"audio": "active"}}), joins(1, "bot"), joins(2, "ann"),
		plays, completes, presses(1, "tone1"), presses(2, "star"), joins(3, "bob"), plays, completes, becomes("hold"), presses(3, "pound"),
	}
}

// repeat delivers something until it is taken, as the service does.
func (v *service) repeat(t *testing.T, deliver func() int) {
	for range 10 {
		if deliver() == http.StatusAccepted {
			if v.random.IntN(3) == 0 {
				deliver() // once more, if the bot is still there
			}
			return
		}
		if v.life.over.Load() {
			v.undelivered = append(v.undelivered, deliver) // for the next bot
			return
		}
		time.Sleep(time.Second)
	}
	t.Error("the bot does not take a notification")
}

// endOf is what is to be the same whatever happens to the bot.
func endOf(s *CallSession) string {
	var people []string
	for _, p := range s.Roster().Participants() {
		people = append(people, p.ID)
	}
	call := s.Call()
	version, data := s.Data()
	return fmt.Sprint(call.State, *call.MediaState.Audio, people, len(s.Operations()), s.tones.next, version, string(data))
}

// TestRestartAtEachEvent kills the bot after each step of a story, or in the middle of sending an
// operation, and starts another one.
func TestRestartAtEachEvent(t *testing.T) {
	seeds := uint64(20)
	if *soak {
		seeds = 200
	}
	wanted := ""
	for seed := range seeds {
		restartAtEachEvent(t, seed, &wanted)
	}
}

var soak = flag.Bool("soak", false, "restart at each event 200 times, in other ways each time")

// restartAtEachEvent does that with repetitions and pauses that a seed decides.
func restartAtEachEvent(t *testing.T, seed uint64, wanted *string) {
	for kill := -1; kill < len(story()); kill++ {
		for _, how := range []string{"afterwards", "after a lost answer", "before the answer", "before the request", "in a function"} {
			synctest.Test(t, func(t *testing.T) {
				v, store := newService(t), new(MemoryCallStore)
				v.random = rand.New(rand.NewPCG(seed, uint64(kill+1)))
				bot := v.bot(CallsOptions{Store: store})
				all := []*Calls{bot}
				var uncertain int
				var handled record
				restart := func() {
					v.kill()
					bot = v.bot(CallsOptions{Store: store})
					all = append(all, bot)
					handled.of(bot)
					bot.OnResume(func(_ context.Context, _ *CallSession, r *CallResume) { uncertain += len(r.Uncertain) })
					require.NoError(t, bot.RehydrateAll(t.Context()))
				}
				handled.of(bot)
				s, err := bot.Create(t.Context(), &model.Call{})
				require.NoError(t, err)
				require.NoError(t, s.SetData(t.Context(), 1, []byte("mine")))
				for i, step := range story() {
					if i == kill {
						switch how {
						case "after a lost answer":
							v.meet("POST /call-1/playPrompt", errLost)
						case "before the answer":
							v.first(func(what string) {
								if what == "POST /call-1/playPrompt" {
									v.kill()
								}
							})
						case "before the request":
							v.meet("POST /call-1/playPrompt", errors.New("it is not sent"))
						case "in a function":
							bot.OnEvent(func(context.Context, *SessionEvent) error { v.kill(); return nil })
						}
					}
					step(t, v, func() *Calls { return bot })
					v.behave()
					if how == "in a function" {
						synctest.Wait() // it is called
					}
					if i == kill {
						restart()
						for _, deliver := range v.undelivered {
							v.repeat(t, deliver)
						}
					}
					time.Sleep(time.Duration(v.random.IntN(20)) * time.Second)
					synctest.Wait()
				}
				s, ok := bot.Get("call-1")
				require.True(t, ok)
				for _, o := range s.Operations() {
					_, _ = o.Wait(t.Context())
				}
				if *wanted == "" {
					*wanted = endOf(s)
				}
				sent := v.count("POST /call-1/playPrompt")
				assert.Equal(t, *wanted, endOf(s), "seed %d: killed %s at step %d", seed, how, kill)
				assert.Equal(t, 2, sent, "no operation is sent twice")
				lost := how == "before the request" && (kill == 4 || kill == 9)
				assert.Equal(t, lost, uncertain > 0, "killed %s at step %d: %d uncertain", how, kill, uncertain)
				for _, kind := range []string{"state ringing>established", "tones [pound] missed 0", "tones [tone1] missed 0", "state established>hold"} {
					assert.Contains(t, handled.take(), kind, "killed %s at step %d", how, kill)
				}
				v.become("call-1", "terminated")
				<-s.Done()
				for _, c := range all {
					_ = c.Close(t.Context()) // the dead one cannot
				}
			})
		}
	}
}
