package callback

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// changes returns the bodies of roster notifications as the service sends them, each
// about the few who have changed, and the meeting's end.
func changes(people, notifications int) (bodies [][]byte, end []*Attendee) {
	m := simulate(rand.New(rand.NewPCG(10, 11)), people, notifications)
	for i, delta := range m.deltas {
		bodies = append(bodies, []byte(rosterDelta(int64(i+1), delta...)))
	}
	return bodies, m.end()
}

// everybody returns the bodies of roster notifications of which each is about everybody.
func everybody(people, notifications int) (bodies [][]byte, end []*Attendee) {
	m := simulate(rand.New(rand.NewPCG(10, 11)), people, notifications)
	gone := map[string]*Attendee{}
	for i, delta := range m.deltas {
		for _, p := range delta {
			delete(gone, p.ID)
			if p.Removed != nil {
				gone[p.ID] = p
			}
		}
		all := m.list(i + 1)
		for _, p := range gone {
			all = append(all, p)
		}
		bodies = append(bodies, []byte(rosterDelta(int64(i+1), all...)))
	}
	return bodies, m.end()
}

// disorder returns the order in which senders deliver so many notifications: about one
// of eight twice, and each up to 400 places from where it belongs.
func disorder(n int) []int {
	random := rand.New(rand.NewPCG(12, 13))
	var order []int
	for i := range n {
		order = append(order, i)
		if random.IntN(8) == 0 {
			order = append(order, i)
		}
	}
	for i := range order {
		j := min(len(order)-1, i+random.IntN(400))
		order[i], order[j] = order[j], order[i]
	}
	return order
}

// deliver posts bodies to a server on this machine from 8 senders, in the order given,
// again if the answer is not 2xx.
func deliver(t testing.TB, server *httptest.Server, bodies [][]byte, order []int) {
	var next atomic.Int64
	var wg sync.WaitGroup
	client := server.Client()
	client.Transport.(*http.Transport).MaxIdleConnsPerHost = 8
	for range 8 {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(order)); i = next.Add(1) - 1 {
				for status := 0; status != http.StatusAccepted; {
					resp, err := client.Post(server.URL, "application/json", bytes.NewReader(bodies[order[i]]))
					if err != nil {
						t.Error(err)
						return
					}
					_, _ = io.Copy(io.Discard, resp.Body)
					resp.Body.Close()
					status = resp.StatusCode
				}
			}
		})
	}
	wg.Wait()
}

// rosterServer returns a server that keeps a roster, and counts the events.
func rosterServer(first bool) (*httptest.Server, *NotificationHandler, *Roster, *atomic.Int64) {
	roster, events := NewRoster(), new(atomic.Int64)
	h := NewNotificationHandler(NotificationOptions{
		Verifier: AllowUnverified(), Logger: slog.New(slog.DiscardHandler), AnswerFirst: first,
	})
	h.OnAttendeeChanges(func(_ context.Context, e *CallbackEvent, _ *AttendeeChanges) error {
		roster.Apply(e)
		events.Add(1)
		return nil
	})
	return httptest.NewServer(h), h, roster, events
}

func TestLoadLosesNothing(t *testing.T) {
	for _, first := range []bool{false, true} {
		bodies, end := changes(100, 2000)
		if first {
			bodies, end = everybody(60, 600)
		}
		order := disorder(len(bodies))
		server, h, roster, events := rosterServer(first)
		deliver(t, server, bodies, order)
		server.Close()
		require.NoError(t, h.Shutdown(t.Context()))
		assert.EqualValues(t, len(order), events.Load())
		assert.False(t, roster.NeedsList())
		sameRoster(t, end, roster.Participants(), true)
	}
}

// BenchmarkLoad delivers 20,000 roster notifications of a meeting of 200 people from 8
// senders over loopback, out of order and some twice. It reports the throughput, and the
// memory in use besides the notifications that wait to be sent.
func BenchmarkLoad(b *testing.B) {
	for _, first := range []bool{false, true} {
		b.Run(fmt.Sprintf("of=few/answerFirst=%v", first), func(b *testing.B) {
			bodies, end := changes(200, 20_000)
			load(b, bodies, end, first, 1)
		})
		// All bodies together would take 500 MB, so that a meeting is held ten times.
		b.Run(fmt.Sprintf("of=everybody/answerFirst=%v", first), func(b *testing.B) {
			bodies, end := everybody(200, 2000)
			load(b, bodies, end, first, 10)
		})
	}
}

func load(b *testing.B, bodies [][]byte, end []*Attendee, first bool, rounds int) {
	order := disorder(len(bodies))
	size := 0
	for _, i := range order {
		size += len(bodies[i])
	}
	before := heapInUse()
	var early, late uint64
	for b.Loop() {
		server, h, roster, events := rosterServer(first)
		sent := int64(0)
		for round := range rounds {
			if round > 0 {
				*roster = *NewRoster()
			}
			half := len(order) / 2
			deliver(b, server, bodies, order[:half])
			if round == 0 {
				early = heapInUse()
			}
			deliver(b, server, bodies, order[half:])
			for sent += int64(len(order)); events.Load() < sent; {
				time.Sleep(time.Millisecond)
			}
		}
		late = heapInUse()
		server.Close()
		if err := h.Shutdown(context.Background()); err != nil {
			b.Fatal(err)
		}
		if events.Load() != sent || roster.NeedsList() || ids(end) != ids(roster.Participants()) {
			b.Fatalf("%d of %d events; the roster has %d participants", events.Load(), sent, roster.Len())
		}
	}
	sent := float64(rounds * len(order))
	b.ReportMetric(sent*float64(b.N)/b.Elapsed().Seconds(), "notifications/s")
	b.ReportMetric(sent, "notifications")
	b.ReportMetric(float64(size)/float64(len(order)), "bytes/notification")
	b.ReportMetric(float64(int64(early)-int64(before))/(1<<20), "MB-early")
	b.ReportMetric(float64(int64(late)-int64(before))/(1<<20), "MB-late")
}

func heapInUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
