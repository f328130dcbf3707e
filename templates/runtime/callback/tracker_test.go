package callback

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/callgen/callgen/templates/runtime/internal/models"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTrackerNeverStepsBack(t *testing.T) {
	tracker := NewCallTracker(0, 0)
	for _, step := range []struct {
		state  models.CallState
		reason string
		want   Arrival
		now    models.CallState
	}{
		{"", "", ArrivalUnknown, ""},
		{"brandNew", "", ArrivalUnknown, ""},
		{"establishing", "", ArrivalNew, "establishing"},
		{"establishing", "", ArrivalRepeated, "establishing"},
		{"incoming", "", ArrivalLate, "establishing"},
		{"established", "", ArrivalNew, "established"},
		{"hold", "", ArrivalNew, "hold"},
		{"established", "", ArrivalNew, "established"},
		{"establishing", "", ArrivalLate, "established"},
		{"", "", ArrivalUnknown, "established"},
		{"terminated", "", ArrivalNew, "terminated"},
		{"terminated", "busy", ArrivalRepeated, "terminated"},
		{"terminated", "other", ArrivalRepeated, "terminated"},
		{"terminating", "", ArrivalLate, "terminated"},
		{"established", "", ArrivalLate, "terminated"},
	} {
		assert.Equal(t, step.want, tracker.observe("c1", step.state, step.reason), "%v", step)
		now, _, _ := tracker.latest("c1")
		assert.Equal(t, step.now, now, "%v", step)
	}
	_, reason, ok := tracker.latest("c1")
	assert.True(t, ok)
	assert.Equal(t, "busy", reason, "the reason of the termination, whenever it came")
	assert.Equal(t, ArrivalUnknown, tracker.observe("", "established", ""))
	_, _, ok = tracker.latest("c2")
	assert.False(t, ok)
	assert.Equal(t, []string{"unknown", "new", "repeated", "late"},
		[]string{ArrivalUnknown.String(), ArrivalNew.String(), ArrivalRepeated.String(), ArrivalLate.String()})
}

func TestFinalStatesAreFinal(t *testing.T) {
	tracker := newTrackerCore[int](trackerRules[string]{
		rank:  func(string) int { return 1 },
		final: func(s string) bool { return s == "done" || s == "failed" },
	}, 0, 0)
	assert.Equal(t, ArrivalNew, tracker.observe("1", "begun", 1))
	assert.Equal(t, ArrivalNew, tracker.observe("1", "failed", 2))
	assert.Equal(t, ArrivalLate, tracker.observe("1", "done", 3))
	assert.Equal(t, ArrivalRepeated, tracker.observe("1", "failed", 4))
	state, details, _ := tracker.latest("1")
	assert.Equal(t, "failed", state)
	assert.Equal(t, 2, details, "what came first stays")
}

// TestTrackerInAnyOrder applies the notifications of some calls in many orders, with
// many of them twice. The end is the same.
func TestTrackerInAnyOrder(t *testing.T) {
	type step struct {
		id, reason string
		state      models.CallState
	}
	var recorded []step
	want := map[string]models.CallState{}
	for i := range 5 {
		id := fmt.Sprint(i)
		for _, s := range []models.CallState{"incoming", "establishing", "ringing", "established", "terminating", "terminated"}[:i+2] {
			recorded = append(recorded, step{id: id, state: s})
			want[id] = s
		}
	}
	recorded = append(recorded, step{id: "4", state: "terminated", reason: "hung up"})
	random := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		steps := slices.Concat(recorded, recorded[:random.IntN(len(recorded))])
		random.Shuffle(len(steps), func(i, j int) { steps[i], steps[j] = steps[j], steps[i] })
		tracker := NewCallTracker(0, 0)
		news := map[string]int{}
		for _, s := range steps {
			if tracker.observe(s.id, s.state, s.reason) == ArrivalNew {
				news[s.id+string(s.state)]++
			}
		}
		got := map[string]models.CallState{}
		for id, s := range tracker.All() {
			got[id] = s
		}
		require.Equal(t, want, got)
		_, reason, _ := tracker.latest("4")
		require.Equal(t, "hung up", reason)
		for s, n := range news {
			require.Equal(t, 1, n, "%s is new once", s)
		}
	}
}

func TestTrackerIsBounded(t *testing.T) {
	tracker := NewCallTracker(100, time.Hour)
	now := time.Now()
	tracker.now = func() time.Time { return now }
	for i := range 10_000 {
		tracker.observe(fmt.Sprint(i), "established", "")
		tracker.observe("0", "established", "") // heard of again and again
		require.LessOrEqual(t, tracker.Len(), 100)
	}
	_, _, ok := tracker.latest("0")
	assert.True(t, ok)
	_, _, ok = tracker.latest("5000")
	assert.False(t, ok)
	for id := range tracker.All() {
		assert.Equal(t, "0", id, "the one heard of last comes first")
		break
	}

	now = now.Add(59 * time.Minute)
	tracker.observe("0", "established", "")
	now = now.Add(2 * time.Minute)
	assert.Equal(t, 1, tracker.Len(), "the others were not heard of for an hour")
	tracker.Forget("0")
	tracker.Forget("nobody")
	assert.Zero(t, tracker.Len())
	assert.Equal(t, ArrivalNew, tracker.observe("0", "establishing", ""))
}

func TestTrackerConcurrently(t *testing.T) {
	tracker := NewCallTracker(50, 0)
	var wg sync.WaitGroup
	var news [8]int
	for g := range 8 {
		wg.Go(func() {
			for i := range 1000 {
				if tracker.observe(fmt.Sprint(i%50), "terminated", "") == ArrivalNew {
					news[g]++
				}
				tracker.latest("1")
				for range tracker.All() {
					break
				}
			}
		})
	}
	wg.Wait()
	total := 0
	for _, n := range news {
		total += n
	}
	assert.Equal(t, 50, total, "each call terminates once")
}
