package callback

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/callgen/callgen/templates/runtime/codec"
	"github.com/callgen/callgen/templates/runtime/internal/models"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// described returns a handler of all resources, and a function that returns the calls since
// its last call.
func described() (*NotificationHandler, func() []string) {
	h, _ := newTestHandler(NotificationOptions{})
	var got []string
	say := func(e *CallbackEvent, format string, a ...any) error {
		got = append(got, fmt.Sprintf(format, a...)+" of "+e.Resource.String())
		return nil
	}
	h.OnCall(func(_ context.Context, e *CallbackEvent, c *models.Call) error {
		return say(e, "call %q %s", c.ID, c.State)
	})
	h.OnAttendees(func(_ context.Context, e *CallbackEvent, list []*Attendee) error {
		return say(e, "attendees %q", ids(list))
	})
	h.OnAttendeeChanges(func(_ context.Context, e *CallbackEvent, c *AttendeeChanges) error {
		return say(e, "changes %d", *c.Sequence)
	})
	h.OnOperation(func(_ context.Context, e *CallbackEvent, o AnyOperation) error {
		return say(e, "%T %q", o, o.AsOperation().ID)
	})
	h.OnUnknown(func(_ context.Context, e *CallbackEvent, v codec.Value) error { return say(e, "unknown %T", v) })
	return h, func() []string {
		list := got
		got = nil
		return list
	}
}

// TestResourceDecidesTheType: the service's type name is missing, unknown or in other
// letter case.
func TestResourceDecidesTheType(t *testing.T) {
	const call, list, operations = "/communications/calls/c1", "/app/calls/c1/participants", "/communications/calls/c1/operations"
	h, take := described()
	for _, c := range []struct{ change, resource, data, want string }{
		{"updated", call, `{"state":"established"}`, `call "" established of ` + call},
		{"updated", call, `{"@odata.type":"#test.Call","state":"established"}`, `call "" established of ` + call},
		{"updated", call, `{"@odata.type":"#TEST.CALL","id":"c1"}`, `call "c1"  of ` + call},
		{"updated", call, `{"@odata.type":"#test.newCall","state":"established"}`, `call "" established of ` + call},
		{"updated", call, `{"@odata.type":5,"state":"established"}`, `call "" established of ` + call},
		{"updated", call, `{"@odata.type":"","state":"established"}`, `call "" established of ` + call},
		{"updated", call + "?$select=id", `[{"state":"hold"}]`, `call "" hold of ` + call},
		{"updated", call, `{"@odata.type":"#test.attendee","id":"a"}`, `attendees "a" of ` + call},
		{"updated", list, `[{"id":"a"},{"id":"b"}]`, `attendees "a b" of ` + "/communications/calls/c1/participants"},
		{"updated", list, `[{"@odata.type":"#test.Attendee","id":"a"}]`, `attendees "a" of ` + "/communications/calls/c1/participants"},
		{"created", list, `{"id":"a"}`, `attendees "a" of ` + "/communications/calls/c1/participants/a"},
		{"updated", list, `[{"@odata.type":"#test.attendeechanges","sequenceNumber":7}]`, `changes 7 of ` + "/communications/calls/c1/participants"},
		{"updated", list, `[{"sequenceNumber":8,"participants":[]}]`, `changes 8 of ` + "/communications/calls/c1/participants"},
		{"updated", operations + "/o1", `{"status":"completed"}`, `*callback.Operation "" of ` + operations + "/o1"},
		{"updated", operations + "/o1", `{"@odata.type":"#test.newOperation","id":"o1"}`, `*callback.Operation "o1" of ` + operations + "/o1"},
		{"updated", operations + "/o1", `{"@odata.type":"#test.PLAYoperation","id":"o1"}`, `*callback.PlayOperation "o1" of ` + operations + "/o1"},
		{"updated", call + "/somethingNew", `{"id":"x"}`, `unknown *models.Entity of ` + call + "/somethingNew"},
		{"updated", "/communications/onlineMeetings/m", `{"id":"x"}`, `unknown *models.Entity of `},

		// An id that stands in the data only.
		{"created", "", `{"@odata.type":"#test.call","id":"c2"}`, `call "c2"  of /communications/calls/c2`},
		{"created", "/communications/calls", `{"id":"c/2","state":"incoming"}`, `call "c/2" incoming of /communications/calls/c%2F2`},
		{"created", "/v1.0/app/calls/", `[{"id":"c2"}]`, `call "c2"  of /communications/calls/c2`},
		{"created", "", `[{"@odata.type":"#test.call","id":"c2"},{"@odata.type":"#test.call","id":"c3"}]`, `call "c2"  of |call "c3"  of `},
		{"created", "", `{"@odata.type":"#test.call","id":".."}`, `call ".."  of `},
		{"updated", call, `{"@odata.type":"#test.call","id":"other"}`, `call "other"  of ` + call},
		{"updated", operations, `{"@odata.type":"#test.playOperation","id":"o2"}`, `*callback.PlayOperation "o2" of ` + operations + "/o2"},

		// What is deleted may come without data.
		{"deleted", call, `null`, `call "c1"  of ` + call},
		{"Deleted", call, `[]`, `call "c1"  of ` + call},
		{"deleted", call + "/participants/a", `null`, `attendees "a" of ` + call + "/participants/a"},
		{"deleted", call + "/participants", `null`, `attendees "" of ` + call + "/participants"},
		{"deleted", operations + "/o%2F1", `null`, `*callback.Operation "o/1" of ` + operations + "/o%2F1"},
		{"deleted", operations, `null`, `unknown <nil> of ` + operations},
		{"deleted", call + "/somethingNew/x", `null`, `unknown <nil> of ` + call + "/somethingNew/x"},
		{"updated", call, `null`, `unknown <nil> of ` + call},
	} {
		body := fmt.Sprintf(`{"value":[{"changeType":%q,"resourceUrl":%q,"resourceData":%s}]}`, c.change, c.resource, c.data)
		assert.Equal(t, http.StatusAccepted, post(h, body).StatusCode, body)
		assert.Equal(t, strings.Split(c.want, "|"), take(), body)
	}
}

// TestTypedValuesLoseNothing: values typed by their resource encode as received.
func TestTypedValuesLoseNothing(t *testing.T) {
	for _, data := range []string{
		`{"state":"established","odd":[1,{"a":null}],"subject":5,"ringing":null}`,
		`{"@odata.type":"#Test.Call","state":"established"}`,
		`{"@odata.type":null,"id":"x"}`,
	} {
		body := `{"value":[{"changeType":"updated","resourceUrl":"/communications/calls/c1","resourceData":` + data + `}]}`
		events, err := decodeNotices([]byte(body), nil)
		require.NoError(t, err)
		assert.IsType(t, (*models.Call)(nil), events[0].Values[0])
		encoded, err := codec.Marshal(events[0].Notification)
		require.NoError(t, err)
		var want struct{ Value []json.RawMessage }
		require.NoError(t, json.Unmarshal([]byte(body), &want))
		assert.JSONEq(t, string(want.Value[0]), string(encoded))
		encoded, err = codec.Marshal(events[0].Values[0])
		require.NoError(t, err)
		assert.JSONEq(t, data, string(encoded))
	}
}

func TestRosterAndTrackerTakeWhatHasNoData(t *testing.T) {
	r, tracker := NewRoster(), NewCallTracker(0, 0)
	r.ApplyDelta(nil, []*Attendee{attendee("a", 1), attendee("b", 2)})
	events, err := decodeNotices([]byte(`{"value":[
		{"changeType":"deleted","resource":"/app/calls/c1/participants/a"},
		{"changeType":"deleted","resource":"/app/calls/c1"}]}`), nil)
	require.NoError(t, err)
	assert.Equal(t, "a", ids(r.Apply(events[0])[0].Left))
	call, _ := events[1].Values[0].(*models.Call)
	assert.Equal(t, ArrivalNew, tracker.Observe(events[1], call))
	state, _, _ := tracker.State("c1")
	assert.Equal(t, models.CallState("terminated"), state)
}
