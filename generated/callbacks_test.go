package generated_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generated/communications"
)

// handler is a handler that accepts everyone, over HTTP.
func handler(t *testing.T, add func(h *communications.NotificationHandler)) func(body []byte) int {
	h := communications.NewNotificationHandler(communications.NotificationOptions{
		Verifier: communications.AllowUnverified(), Logger: slog.New(slog.DiscardHandler),
	})
	add(h)
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return func(body []byte) int {
		resp, err := http.Post(server.URL, "application/json", bytes.NewReader(body))
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		return resp.StatusCode
	}
}

// TestNotificationsOfThePage posts the notifications of the page, which come to the
// handlers of their types and encode to what was posted.
func TestNotificationsOfThePage(t *testing.T) {
	type count struct{ calls, participants, deltas, sharing int }
	var got count
	var last *communications.CallbackEvent
	post := handler(t, func(h *communications.NotificationHandler) {
		h.OnEvent(func(_ context.Context, e *communications.CallbackEvent) error { last = e; return nil })
		h.OnCall(func(_ context.Context, e *communications.CallbackEvent, c *communications.Call) error {
			got.calls++
			assert.Equal(t, communications.CallResource{CallID: e.Resource.CallID}, e.Resource)
			assert.NotEmpty(t, c.State)
			return nil
		})
		h.OnParticipants(func(_ context.Context, e *communications.CallbackEvent, list []*communications.Participant) error {
			got.participants++
			assert.True(t, e.Whole())
			assert.NotEmpty(t, list)
			return nil
		})
		h.OnDeltaParticipants(func(_ context.Context, e *communications.CallbackEvent, d *communications.DeltaParticipants) error {
			got.deltas++
			assert.Equal(t, communications.CallCollectionParticipants, e.Resource.Collection)
			assert.NotNil(t, d.SequenceNumber)
			return nil
		})
		h.OnContentSharing(func(_ context.Context, _ *communications.CallbackEvent, list []*communications.ContentSharingSession) error {
			got.sharing++
			assert.Len(t, list, 1)
			return nil
		})
		h.OnUnknown(func(_ context.Context, e *communications.CallbackEvent, v communications.Value) error {
			return fmt.Errorf("%s: %T came to no handler", e.ResourceText, v)
		})
	})
	for _, d := range seedDocuments(t, "notification") {
		last = nil
		assert.Equal(t, http.StatusAccepted, post(d.text), d.name)
		require.NotNil(t, last, d.name)
		encoded, err := communications.Marshal(last.Notification)
		require.NoError(t, err)
		one := value(t, d.text).(map[string]any)["value"].([]any)[0]
		assert.Equal(t, one, value(t, encoded), d.name)
	}
	assert.Equal(t, count{calls: 4, participants: 2, deltas: 2, sharing: 3}, got)
}

// notice is a notification with one resource.
func notice(change, url, resource string) []byte {
	return fmt.Appendf(nil, `{"value":[{"changeType":%q,"resourceUrl":%q,"resourceData":%s}]}`, change, url, resource)
}

// TestResourceDecidesTheType: data that does not say its type, or in other letters, comes to
// the handler of its resource; so does what is deleted and has no data.
func TestResourceDecidesTheType(t *testing.T) {
	const call = "/communications/calls/c1"
	var got []string
	post := handler(t, func(h *communications.NotificationHandler) {
		h.OnCall(func(_ context.Context, e *communications.CallbackEvent, c *communications.Call) error {
			got = append(got, fmt.Sprintf("call %s %s of %s", c.ID, c.State, e.Resource.CallID))
			return nil
		})
		h.OnParticipants(func(_ context.Context, e *communications.CallbackEvent, list []*communications.Participant) error {
			got = append(got, fmt.Sprintf("participants %d, %s", len(list), e.Resource.ItemID))
			return nil
		})
		h.OnDeltaParticipants(func(context.Context, *communications.CallbackEvent, *communications.DeltaParticipants) error {
			got = append(got, "delta")
			return nil
		})
		h.OnOperation(func(_ context.Context, _ *communications.CallbackEvent, o communications.AnyCommsOperation) error {
			got = append(got, fmt.Sprintf("%T %s", o, o.AsCommsOperation().Status))
			return nil
		})
	})
	for _, body := range [][]byte{
		notice("updated", call, `{"state":"established"}`),
		notice("updated", call, `{"@odata.type":"#Microsoft.Graph.Call","state":"established"}`),
		notice("updated", call, `{"@odata.type":"#microsoft.graph.newCall","state":"established"}`),
		notice("deleted", call, `null`),
		notice("created", "", `{"@odata.type":"#microsoft.graph.call","id":"c2"}`),
		notice("updated", call+"/participants", `[{"id":"p1"}]`),
		notice("updated", call+"/participants", `[{"sequenceNumber":1,"participants":[{"id":"p1"}]}]`),
		notice("deleted", call+"/participants/p1", `null`),
		notice("updated", call+"/operations/o1", `{"@odata.type":"#microsoft.graph.PlayPromptOperation","status":"completed"}`),
		notice("updated", call+"/operations/o1", `{"status":"running"}`),
	} {
		assert.Equal(t, http.StatusAccepted, post(body))
	}
	assert.Equal(t, []string{
		"call  established of c1", "call  established of c1", "call  established of c1", "call c1  of c1", "call c2  of c2",
		"participants 1, ", "delta", "participants 1, p1",
		"*communications.PlayPromptOperation completed", "*communications.CommsOperation running",
	}, got)
}

// TestCallsInAnyOrder: whatever the order in which the notifications of calls come, and
// however often, the tracker ends in the last state with the result that came with it.
func TestCallsInAnyOrder(t *testing.T) {
	var bodies [][]byte
	for _, call := range []string{"c1", "c2", "c3"} {
		for _, state := range []string{"establishing", "ringing", "established", "terminating"} {
			bodies = append(bodies, notice("updated", "/communications/calls/"+call,
				fmt.Sprintf(`{"@odata.type":"#microsoft.graph.call","state":%q}`, state)))
		}
	}
	bodies = append(bodies,
		notice("deleted", "/app/calls/c1", `{"@odata.type":"#microsoft.graph.call","state":"terminated","resultInfo":{"code":200,"subcode":1}}`),
		notice("deleted", "/communications/calls/c2", `{"@odata.type":"#microsoft.graph.call","id":"c2"}`))
	for range 50 {
		tracker := communications.NewCallTracker(0, 0)
		post := handler(t, func(h *communications.NotificationHandler) {
			h.OnCall(func(_ context.Context, e *communications.CallbackEvent, c *communications.Call) error {
				before, _, _ := tracker.State(e.Resource.CallID)
				arrival := tracker.Observe(e, c)
				after, _, _ := tracker.State(e.Resource.CallID)
				assert.Equal(t, arrival == communications.ArrivalNew, before != after)
				return nil
			})
		})
		for _, i := range append(rand.Perm(len(bodies)), rand.Perm(len(bodies))...) {
			require.Equal(t, http.StatusAccepted, post(bodies[i]))
		}
		state, result, ok := tracker.State("c1")
		assert.True(t, ok)
		assert.Equal(t, communications.CallStateTerminated, state)
		assert.EqualValues(t, 1, *result.Subcode)
		state, result, _ = tracker.State("c2")
		assert.Equal(t, communications.CallStateTerminated, state)
		assert.Nil(t, result)
		state, _, _ = tracker.State("c3")
		assert.Equal(t, communications.CallStateTerminating, state)
		_, _, ok = tracker.State("c4")
		assert.False(t, ok)
	}
}

// TestCallsThatComeBack: what may be a repetition or not is reported as such, and settled by
// fetching the call.
func TestCallsThatComeBack(t *testing.T) {
	tracker := communications.NewCallTracker(0, 0)
	e := &communications.CallbackEvent{ChangeType: "updated", Resource: communications.CallResource{CallID: "c1"}}
	say := func(e *communications.CallbackEvent, state communications.CallState) communications.Arrival {
		return tracker.Observe(e, &communications.Call{Entity: communications.Entity{ID: "c1"}, State: state})
	}
	assert.Equal(t, communications.ArrivalNew, say(nil, "Established"), "a fetched call seeds the tracker")
	assert.Equal(t, communications.ArrivalRepeated, say(e, communications.CallStateEstablished))
	assert.Equal(t, communications.ArrivalMore, tracker.Observe(e, &communications.Call{
		State: communications.CallStateEstablished, ToneInfo: &communications.ToneInfo{Tone: communications.TonePound},
	}))
	assert.Equal(t, communications.ArrivalMore, tracker.Observe(e, &communications.Call{
		State: communications.CallStateEstablished, MediaState: &communications.CallMediaState{},
	}))
	assert.Equal(t, communications.ArrivalNew, say(e, communications.CallStateTransferring))
	assert.Equal(t, communications.ArrivalAmbiguous, say(e, communications.CallStateEstablished))
	state, _, _ := tracker.State("c1")
	assert.Equal(t, communications.CallStateTransferring, state)
	assert.Equal(t, communications.ArrivalNew, say(nil, communications.CallStateEstablished))
	assert.Equal(t, communications.ArrivalUnknown, tracker.Observe(nil, nil))
}

// TestRosterInAnyOrder does so for the changes of a roster.
func TestRosterInAnyOrder(t *testing.T) {
	const url = "/communications/calls/c1/participants"
	delta := func(n int, participants string) []byte {
		return notice("updated", url, fmt.Sprintf(`[{"@odata.type":"#microsoft.graph.deltaParticipants","sequenceNumber":%d,"participants":[%s]}]`, n, participants))
	}
	bodies := [][]byte{
		delta(1, `{"id":"bot","rosterSequenceNumber":1}`),
		delta(2, `{"id":"ann","isInLobby":true,"rosterSequenceNumber":2},null`),
		delta(3, `{"id":"bob","isInLobby":true,"rosterSequenceNumber":3}`),
		delta(4, `{"id":"ann","isInLobby":false,"rosterSequenceNumber":4}`),
		delta(5, `{"id":"bot","rosterSequenceNumber":5,"removedState":{"reason":"left"}}`),
	}
	for range 50 {
		roster := communications.NewRoster()
		admitted := 0
		post := handler(t, func(h *communications.NotificationHandler) {
			h.OnDeltaParticipants(func(_ context.Context, e *communications.CallbackEvent, _ *communications.DeltaParticipants) error {
				for _, change := range roster.Apply(e) {
					admitted += len(change.Admitted)
				}
				return nil
			})
		})
		order := append(rand.Perm(len(bodies)), rand.Perm(len(bodies))...)
		for _, i := range order {
			require.Equal(t, http.StatusAccepted, post(bodies[i]))
		}
		var ids []string
		for _, p := range roster.Participants() {
			ids = append(ids, p.ID)
		}
		assert.Equal(t, []string{"ann", "bob"}, ids, order)
		require.Len(t, roster.Lobby(), 1, order)
		assert.Equal(t, "bob", roster.Lobby()[0].ID)
		assert.LessOrEqual(t, admitted, 1)
		assert.False(t, roster.NeedsList())
	}
}

// TestMutatedNotifications posts what the page shows with bytes changed: every answer is
// one that is documented, and nothing panics.
func TestMutatedNotifications(t *testing.T) {
	roster, tracker := communications.NewRoster(), communications.NewCallTracker(0, 0)
	h := communications.NewNotificationHandler(communications.NotificationOptions{
		Verifier: communications.AllowUnverified(), Logger: slog.New(slog.DiscardHandler),
		OnError: func(_ context.Context, err *communications.CallbackError) {
			assert.NotErrorIs(t, err, communications.ErrNotificationPanic)
		},
	})
	h.OnEvent(func(_ context.Context, e *communications.CallbackEvent) error { roster.Apply(e); return nil })
	h.OnCall(func(_ context.Context, e *communications.CallbackEvent, c *communications.Call) error {
		tracker.Observe(e, c)
		return nil
	})
	seeds := seedDocuments(t, "notification")
	random := rand.New(rand.NewPCG(1, 2))
	answers := make(map[int]int)
	for range 10_000 {
		body := mutated(random, seeds)
		r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		answers[w.Code]++
		if w.Code != http.StatusAccepted {
			require.Equal(t, http.StatusBadRequest, w.Code, "%s", body)
		}
	}
	assert.Len(t, answers, 2, "some are accepted, some are not")
}

// mutated is one of the documents with bytes changed, cut, or members of another.
func mutated(random *rand.Rand, seeds []document) []byte {
	body := bytes.Clone(seeds[random.IntN(len(seeds))].text)
	for range 1 + random.IntN(4) {
		i, j := random.IntN(len(body)), random.IntN(len(body))
		switch random.IntN(4) {
		case 0:
			body[i] = byte(random.IntN(256))
		case 1:
			body[i] = `{}[]",:0-ntf\`[random.IntN(13)]
		case 2:
			body = append(body[:min(i, j)], body[max(i, j):]...)
		default:
			other := seeds[random.IntN(len(seeds))].text
			k := random.IntN(len(other))
			body = append(body[:i:i], append(bytes.Clone(other[k:min(len(other), k+j)]), body[i:]...)...)
		}
		if len(body) == 0 {
			return []byte("null")
		}
	}
	if random.IntN(2) == 0 { // keep it JSON: another value for a member
		var v any
		if json.Unmarshal(seeds[random.IntN(len(seeds))].text, &v) == nil {
			replaceAny(random, v)
			body, _ = json.Marshal(v)
		}
	}
	return body
}

// replaceAny replaces a value somewhere in v.
func replaceAny(random *rand.Rand, v any) {
	values := []any{nil, true, 1e300, "x", "", []any{}, []any{nil, nil}, map[string]any{}, map[string]any{"@odata.type": "#microsoft.graph.call"}}
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			if random.IntN(3) == 0 {
				v[name] = values[random.IntN(len(values))]
				continue
			}
			replaceAny(random, member)
		}
	case []any:
		for i, item := range v {
			if random.IntN(5) == 0 {
				v[i] = values[random.IntN(len(values))]
				continue
			}
			replaceAny(random, item)
		}
	}
}
