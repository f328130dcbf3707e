package communicationstest_test

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generated/communications"
	"github.com/callgen/callgen/generated/communicationstest"
)

var soakCalls = flag.Int("calls", 10, "how many calls TestTwoHours has at a time")

const participantsOfACall = 50

// refusing answers a part of all posts with 503, as a bot behind a busy proxy does.
func refusing(h http.Handler, part float64) (handler http.Handler, refused func() int) {
	var mu sync.Mutex
	random, n := rand.New(rand.NewPCG(1, 2)), 0
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			refuse := random.Float64() < part
			if refuse {
				n++
			}
			mu.Unlock()
			if refuse {
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			h.ServeHTTP(w, r)
		}), func() int {
			mu.Lock()
			defer mu.Unlock()
			return n
		}
}

// TestTwoHours keeps many calls for two hours, of which 5 % of the posts are refused and 1 %
// of the notifications are lost: each is kept alive and ends as it should, and nothing of
// them remains. A goroutine that does not end fails the bubble.
func TestTwoHours(t *testing.T) {
	before := heap()
	synctest.Test(t, func(t *testing.T) { twoHours(t, *soakCalls) })
	after := heap()
	t.Logf("%d calls: %.1f MB of memory before, %.1f MB after", *soakCalls, before, after)
	assert.Less(t, after-before, 8.0, "MB that remain of calls that have ended")
}

// heap returns the memory in use, in MB.
func heap() float64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / (1 << 20)
}

func twoHours(t *testing.T, n int) {
	const callback = "https://bot.contoso.com/callback"
	s, err := communicationstest.NewService(communicationstest.InMemory(), communicationstest.Lossy(7, .01),
		communicationstest.WithTiming(communicationstest.Lifelike()), communicationstest.Remember(1000))
	require.NoError(t, err)
	log := slog.New(slog.DiscardHandler)
	handler := communications.NewNotificationHandler(communications.NotificationOptions{Verifier: communications.AllowUnverified(), Logger: log})
	calls := communications.NewCalls(s.Client(), handler, communications.CallsOptions{Logger: log})
	posts, refused := refusing(handler, .05)
	s.Connect(posts)

	var sessions []*communications.CallSession
	for i := range n {
		c, err := calls.Create(t.Context(), &communications.Call{
			CallbackURI: new(callback), TenantID: new("tenant"), RequestedModalities: []communications.Modality{communications.ModalityAudio},
			MediaConfig: &communications.ServiceHostedMediaConfig{},
			MeetingInfo: &communications.JoinMeetingIDMeetingInfo{JoinMeetingID: new(fmt.Sprint(i))},
			// A roster that is sent whole says nothing of a list before it that was lost.
			CallOptions: &communications.OutgoingCallOptions{CallOptions: communications.CallOptions{IsDeltaRosterEnabled: new(true)}},
		})
		require.NoError(t, err)
		sessions = append(sessions, c)
	}
	s.Advance(time.Minute)
	most := 0.0
	for i := range participantsOfACall + 3 { // the loss of a change is seen from the next one on
		for _, c := range sessions {
			_, err := s.Join(c.ID(), &communications.Participant{Info: &communications.ParticipantInfo{
				Identity: &communications.IdentitySet{User: &communications.Identity{ID: new(fmt.Sprint("guest", i))}},
			}})
			require.NoError(t, err)
		}
		s.Advance(time.Second)
	}
	for range 12 {
		s.Advance(10 * time.Minute)
		most = max(most, heap())
	}
	require.Len(t, s.Calls(), n, "every call was kept alive")
	for _, c := range sessions {
		assert.Equal(t, communications.CallStateEstablished, c.State())
		assert.Greater(t, c.Roster().Len(), participantsOfACall)
	}

	for i, c := range sessions {
		if i%2 == 0 {
			require.NoError(t, c.HangUp(t.Context()))
		} else {
			require.NoError(t, s.HangUp(c.ID()))
		}
	}
	s.Advance(time.Hour) // whoever was not told that the call has ended learns it by its keepalive
	assert.Empty(t, s.Calls())
	assert.Empty(t, calls.All())
	for _, c := range sessions {
		assert.Equal(t, communications.CallStateTerminated, c.State())
	}
	assert.Empty(t, s.Complaints())
	t.Logf("%d calls with %d participants: %d posts refused, at most %.1f MB", n, participantsOfACall, refused(), most)
	require.NoError(t, calls.Close(context.Background()))
	s.Close()
}
