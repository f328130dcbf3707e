package communications_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/callgen/callgen/generated/communications"
)

// notification is a request of the service to the bot's callback address.
func notification(change, path, data string) *http.Request {
	body := fmt.Sprintf(`{"@odata.type":"#microsoft.graph.commsNotifications","value":[{"@odata.type":"#microsoft.graph.commsNotification",
		"changeType":%q,"resourceUrl":%q,"resourceData":%s}]}`, change, path, data)
	r := httptest.NewRequest(http.MethodPost, "https://bot.contoso.com/callback", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return r
}

const callPath = "/communications/calls/2e1a0b00-2db4-4022-9570-243709c565ab"

// callIn is a notification of the state of a call.
func callIn(state string) *http.Request {
	return notification("updated", callPath, fmt.Sprintf(`{"@odata.type":"#microsoft.graph.call","state":%q,"id":"2e1a0b00-2db4-4022-9570-243709c565ab"}`, state))
}

// deltaOf is a notification of a change of the roster.
func deltaOf(number int, participants string) *http.Request {
	return notification("updated", callPath+"/participants", fmt.Sprintf(
		`[{"@odata.type":"#microsoft.graph.deltaParticipants","sequenceNumber":%d,"participants":[%s]}]`, number, participants))
}

// participant is one of a delta, with more members of it.
func participant(id string, number int, more string) string {
	return fmt.Sprintf(`{"@odata.type":"#microsoft.graph.participant","id":%q,"rosterSequenceNumber":%d,"isInLobby":false%s}`, id, number, more)
}

// The handler is served at the callback address of the bot's calls. Its functions get what a
// notification holds in its own type.
func ExampleNotificationHandler() {
	handler := communications.NewNotificationHandler(communications.NotificationOptions{
		Verifier: communications.AllowUnverified(), // in tests; see the module callbackauth
	})
	handler.OnCall(func(_ context.Context, e *communications.CallbackEvent, call *communications.Call) error {
		fmt.Println("call", e.Resource.CallID, call.State)
		return nil // an error makes the service send it again
	})
	handler.OnContentSharing(func(_ context.Context, e *communications.CallbackEvent, sessions []*communications.ContentSharingSession) error {
		fmt.Println("content sharing", e.ChangeType, sessions[0].ID)
		return nil
	})

	for _, r := range []*http.Request{
		callIn("established"),
		notification("created", callPath+"/contentsharingsessions", `[{"@odata.type":"#microsoft.graph.contentSharingSession","id":"F7D9EF30"}]`),
	} {
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, r)
		fmt.Println(answer.Code)
	}
	// Output:
	// call 2e1a0b00-2db4-4022-9570-243709c565ab established
	// 202
	// content sharing created F7D9EF30
	// 202
}

// Notifications of states can come out of order, and more than once: the call is established
// here before it is told that it was being established.
func ExampleCallTracker() {
	calls := communications.NewCallTracker(0, 0)
	handler := communications.NewNotificationHandler(communications.NotificationOptions{Verifier: communications.AllowUnverified()})
	handler.OnCall(func(_ context.Context, e *communications.CallbackEvent, call *communications.Call) error {
		arrival := calls.Observe(e, call)
		state, _, _ := calls.State(e.Resource.CallID)
		fmt.Println(call.State, "is", arrival, "and the call is", state)
		return nil
	})
	for _, state := range []string{"established", "establishing", "established", "terminated"} {
		handler.ServeHTTP(httptest.NewRecorder(), callIn(state))
	}
	// Output:
	// established is new and the call is established
	// establishing is late and the call is established
	// established is repeated and the call is established
	// terminated is new and the call is terminated
}

// The bot has asked for deltas with the call option IsDeltaRosterEnabled: a notification has
// those who came, changed or left, under a number. The roster waits for no number that is
// missing, but says that one is.
func ExampleRoster() {
	roster := communications.NewRoster() // one for each call
	handler := communications.NewNotificationHandler(communications.NotificationOptions{Verifier: communications.AllowUnverified()})
	handler.OnDeltaParticipants(func(_ context.Context, e *communications.CallbackEvent, delta *communications.DeltaParticipants) error {
		for _, change := range roster.Apply(e) {
			fmt.Printf("change %d: %d came, %d left, %d are there, a number is missing: %t\n",
				*delta.SequenceNumber, len(change.Joined), len(change.Left), roster.Len(), change.Gap)
		}
		return nil
	})
	left := `,"removedState":{"reason":"Removed from roster"}`
	for _, r := range []*http.Request{
		deltaOf(1, participant("john", 1, "")+","+participant("bot", 1, "")),
		deltaOf(2, participant("ann", 2, "")),
		deltaOf(4, participant("john", 4, left)),
	} {
		handler.ServeHTTP(httptest.NewRecorder(), r)
	}
	// Output:
	// change 1: 2 came, 0 left, 2 are there, a number is missing: false
	// change 2: 1 came, 0 left, 3 are there, a number is missing: false
	// change 4: 0 came, 1 left, 2 are there, a number is missing: true
}
