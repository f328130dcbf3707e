package companion_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generated/communications"
	"github.com/callgen/callgen/generator/feature/calling/companion"
)

// read decodes an online meeting as the service sends it.
func read(t *testing.T, text string) *communications.OnlineMeeting {
	t.Helper()
	meeting := new(communications.OnlineMeeting)
	require.NoError(t, communications.Unmarshal([]byte(text), meeting))
	return meeting
}

const (
	chat      = `"chatInfo":{"threadId":"19:meeting_a@thread.v2","messageId":"0","replyChainMessageId":null}`
	organizer = `"participants":{"organizer":{"identity":{"user":{"id":"bob","tenantId":"contoso","displayName":"Bob"}},"upn":"bob@contoso.com"}}`
	byID      = `"joinMeetingIdSettings":{"isPasscodeRequired":true,"joinMeetingId":"1234567","passcode":"psw123"}`
	link      = `"joinWebUrl":"https://teams.microsoft.com/l/meetup-join/19%3ameeting_a%40thread.v2/1533758867081?context=%7b%22Tid%22%3a%22contoso%22%2c%22Oid%22%3a%22bob%22%7d"`
)

func TestCallFromMeeting(t *testing.T) {
	for name, test := range map[string]struct{ meeting, call string }{
		"by the organizer": {`{` + chat + `,` + organizer + `,` + byID + `}`, `{
			"@odata.type":"#microsoft.graph.call","chatInfo":{"threadId":"19:meeting_a@thread.v2","messageId":"0"},"tenantId":"contoso",
			"meetingInfo":{"@odata.type":"#microsoft.graph.organizerMeetingInfo","organizer":{"@odata.type":"#microsoft.graph.identitySet",
				"user":{"@odata.type":"#microsoft.graph.identity","id":"bob","tenantId":"contoso","displayName":"Bob"}}}}`},
		"of a channel, by the organizer": {`{` + organizer + `,"chatInfo":{"threadId":"19:c@thread.tacv2","messageId":"1533758867081","replyChainMessageId":"7"}}`, `{
			"@odata.type":"#microsoft.graph.call","chatInfo":{"threadId":"19:c@thread.tacv2","messageId":"1533758867081","replyChainMessageId":"7"},"tenantId":"contoso",
			"meetingInfo":{"@odata.type":"#microsoft.graph.organizerMeetingInfo","organizer":{"@odata.type":"#microsoft.graph.identitySet",
				"user":{"@odata.type":"#microsoft.graph.identity","id":"bob","tenantId":"contoso","displayName":"Bob"}}}}`},
		"tenant from the join URL": {`{` + chat + `,` + link + `,"participants":{"organizer":{"identity":{"user":{"id":"bob"}}}}}`, `{
			"@odata.type":"#microsoft.graph.call","chatInfo":{"threadId":"19:meeting_a@thread.v2","messageId":"0"},"tenantId":"contoso",
			"meetingInfo":{"@odata.type":"#microsoft.graph.organizerMeetingInfo","organizer":{"@odata.type":"#microsoft.graph.identitySet",
				"user":{"@odata.type":"#microsoft.graph.identity","id":"bob","tenantId":"contoso"}}}}`},
		"all from the join URL": {`{` + link + `}`, `{
			"@odata.type":"#microsoft.graph.call","chatInfo":{"threadId":"19:meeting_a@thread.v2","messageId":"1533758867081"},"tenantId":"contoso",
			"meetingInfo":{"@odata.type":"#microsoft.graph.organizerMeetingInfo","organizer":{"@odata.type":"#microsoft.graph.identitySet",
				"user":{"@odata.type":"#microsoft.graph.identity","id":"bob","tenantId":"contoso"}}}}`},
		"the join URL is of somebody else's tenant": {`{` + chat + `,` + link + `,"participants":{"organizer":{"identity":{"user":{"id":"eve"}}}}}`, `{
			"@odata.type":"#microsoft.graph.call","chatInfo":{"threadId":"19:meeting_a@thread.v2","messageId":"0"},
			"meetingInfo":{"@odata.type":"#microsoft.graph.organizerMeetingInfo","organizer":{"@odata.type":"#microsoft.graph.identitySet",
				"user":{"@odata.type":"#microsoft.graph.identity","id":"eve"}}}}`},
		"by the meeting id": {`{` + byID + `,` + organizer + `}`, `{
			"@odata.type":"#microsoft.graph.call","tenantId":"contoso",
			"meetingInfo":{"@odata.type":"#microsoft.graph.joinMeetingIdMeetingInfo","joinMeetingId":"1234567","passcode":"psw123"}}`},
		"without a passcode": {`{"joinMeetingIdSettings":{"isPasscodeRequired":false,"joinMeetingId":"1234567","passcode":null}}`, `{
			"@odata.type":"#microsoft.graph.call",
			"meetingInfo":{"@odata.type":"#microsoft.graph.joinMeetingIdMeetingInfo","joinMeetingId":"1234567","passcode":null}}`},
	} {
		call, err := companion.CallFromMeeting(read(t, test.meeting))
		require.NoError(t, err, name)
		out, err := json.Marshal(call)
		require.NoError(t, err, name)
		assert.JSONEq(t, test.call, string(out), name)
	}
}

func TestMeetingsThatCannotBeJoined(t *testing.T) {
	for meeting, want := range map[string]string{
		`{"id":"1"}`:                   "the meeting 1 has neither chatInfo.threadId and participants.organizer.identity.user.id nor a usable meeting id; read it without $select: joinMeetingIdSettings is missing",
		`{` + chat + `}`:               "joinMeetingIdSettings is missing",
		`{` + organizer + `}`:          "joinMeetingIdSettings is missing",
		`{"joinMeetingIdSettings":{}}`: "joinMeetingIdSettings.joinMeetingId is missing",
		`{"joinMeetingIdSettings":{"isPasscodeRequired":true,"joinMeetingId":"1"}}`: "joinMeetingIdSettings.passcode is missing, but required",
		`{"participants":{"organizer":{"identity":{"application":{"id":"a"}}}}}`:    "joinMeetingIdSettings is missing",
		`{"joinWebUrl":"https://teams.microsoft.com/meet/1234567?p=x"}`:             "joinMeetingIdSettings is missing",
		`{"joinWebUrl":"%"}`: "joinMeetingIdSettings is missing",
		`{"joinWebUrl":"https://teams.microsoft.com/l/meetup-join/a/0?context=x"}`: "joinMeetingIdSettings is missing",
	} {
		call, err := companion.CallFromMeeting(read(t, meeting))
		assert.Nil(t, call, meeting)
		assert.ErrorContains(t, err, want, meeting)
	}
	_, err := companion.CallFromMeeting(nil)
	assert.EqualError(t, err, "the meeting is nil: pass the one to join")
	_, err = companion.CallFromMeetingID(nil)
	assert.Error(t, err)
}

// TestCallByMeetingIDWhereBothAreThere is for bots that choose.
func TestCallByMeetingIDWhereBothAreThere(t *testing.T) {
	call, err := companion.CallFromMeetingID(read(t, `{`+chat+`,`+organizer+`,`+byID+`}`))
	require.NoError(t, err)
	assert.Equal(t, "1234567", *call.MeetingInfo.(*communications.JoinMeetingIDMeetingInfo).JoinMeetingID)
	assert.Nil(t, call.ChatInfo)
}
