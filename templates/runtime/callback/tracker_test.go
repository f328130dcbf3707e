package callback

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
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
		{"HOLD", "", ArrivalRepeated, "hold"},
		{"establishing", "", ArrivalLate, "hold"},
		{"", "", ArrivalUnknown, "hold"},
		{"Transferring", "", ArrivalNew, "transferring"},
		{"terminated", "", ArrivalNew, "terminated"},
		{"terminated", "busy", ArrivalRepeated, "terminated"},
		{"terminated", "other", ArrivalRepeated, "terminated"},
		{"terminating", "", ArrivalLate, "terminated"},
		{"established", "", ArrivalLate, "terminated"},
	} {
		assert.Equal(t, step.want, tracker.said("c1", step.state, step.reason), "%v", step)
		now, _, _ := tracker.latest("c1")
		assert.Equal(t, step.now, now, "%v", step)
	}
	_, reason, ok := tracker.latest("c1")
	assert.True(t, ok)
	assert.Equal(t, "busy", reason, "the reason of the termination, whenever it came")
	assert.Equal(t, ArrivalUnknown, tracker.said("", "established", ""))
	_, _, ok = tracker.latest("c2")
	assert.False(t, ok)
	var words []string
	for a := range ArrivalAmbiguous + 2 {
		words = append(words, a.String())
	}
	assert.Equal(t, []string{"unknown", "new", "repeated", "late", "more", "ambiguous", "unknown"}, words)
}

func TestFinalStatesAreFinal(t *testing.T) {
	tracker := newTrackerCore[int](trackerRules[string]{ranks: [][]string{{"begun", "done", "failed"}}, final: []string{"done", "failed"}}, 0, 0)
	say := func(state string, details int) Arrival {
		return tracker.observe(observation[string, int]{id: "1", state: state, details: details})
	}
	assert.Equal(t, ArrivalNew, say("begun", 1))
	assert.Equal(t, ArrivalNew, say("failed", 2))
	assert.Equal(t, ArrivalLate, say("done", 3))
	assert.Equal(t, ArrivalLate, say("begun", 3))
	assert.Equal(t, ArrivalRepeated, say("failed", 4))
	state, details, _ := tracker.latest("1")
	assert.Equal(t, "failed", state)
	assert.Equal(t, 2, details, "what came first stays")
}

// TestStatesThatComeBack: established after transferring is a repetition, or the transfer
// has failed; the bytes are the same. It is taken for neither until the call is fetched.
func TestStatesThatComeBack(t *testing.T) {
	event := &CallbackEvent{ChangeType: "updated", Resource: CallResource{CallID: "c1"}}
	tracker := NewCallTracker(0, 0)
	for _, step := range []struct {
		event *CallbackEvent
		state models.CallState
		want  Arrival
		now   models.CallState
	}{
		{event, "established", ArrivalNew, "established"},
		{event, "transferring", ArrivalNew, "transferring"},
		{event, "established", ArrivalAmbiguous, "transferring"},
		{event, "Established", ArrivalAmbiguous, "transferring"},
		{event, "transferring", ArrivalRepeated, "transferring"},
		{nil, "transferring", ArrivalRepeated, "transferring"}, // fetched: it is still going on
		{event, "established", ArrivalAmbiguous, "transferring"},
		{nil, "established", ArrivalNew, "established"}, // fetched: it has failed
		{event, "established", ArrivalRepeated, "established"},
		{event, "transferring", ArrivalAmbiguous, "established"}, // the first transfer, or a second one
		{event, "hold", ArrivalNew, "hold"},
		{event, "established", ArrivalAmbiguous, "hold"},
		{nil, "ringing", ArrivalLate, "hold"},
		{event, "transferAccepted", ArrivalNew, "transferAccepted"},
		{event, "transferring", ArrivalLate, "transferAccepted"},
		{event, "established", ArrivalAmbiguous, "transferAccepted"}, // it can fail yet
		{nil, "established", ArrivalNew, "established"},
		{event, "transferring", ArrivalAmbiguous, "established"},
		{event, "transferAccepted", ArrivalNew, "transferAccepted"}, // of a second one, or late
		{event, "terminated", ArrivalNew, "terminated"},
		{nil, "established", ArrivalLate, "terminated"},
	} {
		assert.Equal(t, step.want, tracker.Observe(step.event, &models.Call{Entity: models.Entity{ID: "c1"}, State: step.state}), "%v", step)
		now, _, _ := tracker.State("c1")
		assert.Equal(t, step.now, now, "%v", step)
	}

	// Whether established was missed or is late cannot be known either.
	tracker = NewCallTracker(0, 0)
	tracker.said("c2", "transferring", "")
	assert.Equal(t, ArrivalAmbiguous, tracker.said("c2", "established", ""))
}

// TestFetchedCallsSeedATracker: a bot that starts anew fetches its calls.
func TestFetchedCallsSeedATracker(t *testing.T) {
	tracker := NewCallTracker(0, 0)
	fetched := &models.Call{Entity: models.Entity{ID: "c1"}, State: "Established"}
	assert.Equal(t, ArrivalNew, tracker.Observe(nil, fetched))
	assert.Equal(t, ArrivalRepeated, tracker.Observe(nil, fetched))
	state, _, ok := tracker.State("c1")
	assert.True(t, ok)
	assert.Equal(t, models.CallState("established"), state)
	e := &CallbackEvent{ChangeType: "updated", Resource: CallResource{CallID: "c1"}}
	assert.Equal(t, ArrivalLate, tracker.Observe(e, &models.Call{State: "establishing"}))
	assert.Equal(t, ArrivalRepeated, tracker.Observe(e, &models.Call{State: "established"}))

	assert.Equal(t, ArrivalUnknown, tracker.Observe(nil, nil))
	assert.Equal(t, ArrivalUnknown, tracker.Observe(e, nil))
	assert.Equal(t, ArrivalUnknown, tracker.Observe(nil, &models.Call{State: "established"}), "it has no id")
}

// TestMoreThanARepetition: what repeats the state can bring something else.
func TestMoreThanARepetition(t *testing.T) {
	tracker := NewCallTracker(0, 0)
	e := &CallbackEvent{ChangeType: "updated", Resource: CallResource{CallID: "c1"}}
	tone := &models.Call{State: "established", Ringing: new(int32(5))}
	assert.Equal(t, ArrivalNew, tracker.Observe(e, tone))
	assert.Equal(t, ArrivalMore, tracker.Observe(e, tone))
	assert.Equal(t, ArrivalRepeated, tracker.Observe(e, &models.Call{State: "established"}))
	assert.Equal(t, ArrivalNew, tracker.Observe(&CallbackEvent{ChangeType: "Deleted", Resource: e.Resource}, tone), "what is deleted has ended, whatever it says")
	assert.Equal(t, ArrivalLate, tracker.Observe(e, tone))
}

// TestTrackerIsBoundedInBytes: neither long ids nor long details stay.
func TestTrackerIsBoundedInBytes(t *testing.T) {
	tracker := NewCallTracker(100, 0)
	assert.Equal(t, ArrivalUnknown, tracker.said(strings.Repeat("x", 3<<20), "established", ""))
	assert.Zero(t, tracker.Len())
	long := strings.Repeat("x", maxTrackedDetails)
	for i := range 1000 {
		id := fmt.Sprint(i)
		assert.Equal(t, ArrivalNew, tracker.said(id, "established", ""))
		assert.Equal(t, ArrivalNew, tracker.said(id, "terminated", long))
		require.LessOrEqual(t, tracker.bytes, 100*trackedOnAverage)
		state, details, ok := tracker.State(id)
		assert.True(t, ok)
		assert.Equal(t, models.CallState("terminated"), state)
		assert.Len(t, details, len(long))
	}
	assert.Equal(t, 24, tracker.Len())
	for id := range tracker.All() {
		tracker.Forget(id)
	}
	assert.Zero(t, tracker.bytes)

	tracker = NewCallTracker(math.MaxInt, 0)
	tracker.said("1", "established", "")
	tracker.said("2", "terminated", long)
	assert.Equal(t, 2, tracker.Len(), "no limit wraps")

	tracker = NewCallTracker(1, 0)
	assert.Equal(t, ArrivalNew, tracker.said("one", "terminated", long))
	assert.Equal(t, 1, tracker.Len(), "one always stays")

	kept, size := trackedDetails(&models.Call{Subject: new("busy")})
	assert.Equal(t, "busy", *kept.Subject)
	assert.NotZero(t, size)
	kept, size = trackedDetails(&models.Call{Subject: &long})
	assert.Nil(t, kept)
	assert.Zero(t, size)
	kept, _ = trackedDetails((*models.Call)(nil))
	assert.Nil(t, kept)
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
			if tracker.said(s.id, s.state, s.reason) == ArrivalNew {
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
		tracker.said(fmt.Sprint(i), "established", "")
		tracker.said("0", "established", "") // heard of again and again
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
	tracker.said("0", "established", "")
	now = now.Add(2 * time.Minute)
	assert.Equal(t, 1, tracker.Len(), "the others were not heard of for an hour")
	tracker.Forget("0")
	tracker.Forget("nobody")
	assert.Zero(t, tracker.Len())
	assert.Equal(t, ArrivalNew, tracker.said("0", "establishing", ""))
}

func TestTrackerConcurrently(t *testing.T) {
	tracker := NewCallTracker(50, 0)
	var wg sync.WaitGroup
	var news [8]int
	for g := range 8 {
		wg.Go(func() {
			for i := range 1000 {
				if tracker.said(fmt.Sprint(i%50), "terminated", "") == ArrivalNew {
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
