package plain_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/bench/plain"
	"github.com/callgen/callgen/generated/communications"
)

const organizer = `{"@odata.type":"#microsoft.graph.call","id":"1","subject":"s","meetingInfo":{"@odata.type":"#microsoft.graph.organizerMeetingInfo",` +
	`"organizer":{"user":{"id":"u"}},"allowConversationWithoutHost":true},"targets":[{"identity":{"user":{"id":"v"}}}]}`

const token = `{"meetingInfo":{"@odata.type":"#microsoft.graph.tokenMeetingInfo","token":"t"},"state":"established"}`

func decoded(t *testing.T, text string, v communications.Value) communications.Value {
	t.Helper()
	require.NoError(t, communications.Unmarshal([]byte(text), v))
	return v
}

func TestPlainStructsHoldTheDocuments(t *testing.T) {
	of := plain.TypeOf(decoded(t, organizer, new(communications.Call)), decoded(t, token, new(communications.Call)))
	for _, text := range []string{organizer, token} {
		v := reflect.New(of).Interface()
		require.NoError(t, json.Unmarshal([]byte(text), v))
		out, err := json.Marshal(v)
		require.NoError(t, err)
		assert.JSONEq(t, text, string(out))
	}
	_, own := reflect.PointerTo(of).MethodByName("UnmarshalJSON")
	assert.False(t, own, "a plain struct has a codec")
}

// TestPlainStructsHaveAllFields: a property that no document has is there, and those of
// the base type.
func TestPlainStructsHaveAllFields(t *testing.T) {
	of := plain.TypeOf(decoded(t, `{}`, new(communications.Call)))
	for _, name := range []string{"ID", "CallbackURI", "Targets", "MeetingInfo"} {
		_, ok := of.FieldByName(name)
		assert.True(t, ok, name)
	}
	_, ok := of.FieldByName("AdditionalData")
	assert.False(t, ok)
}

func TestOneOrMany(t *testing.T) {
	for _, resource := range []string{
		`{"@odata.type":"#microsoft.graph.call","state":"established"}`,
		`[{"@odata.type":"#microsoft.graph.call","state":"established"}]`,
	} {
		text := `{"value":[{"changeType":"updated","resourceData":` + resource + `}]}`
		of := plain.TypeOf(decoded(t, text, new(communications.CommsNotifications)))
		v := reflect.New(of).Interface()
		require.NoError(t, json.Unmarshal([]byte(text), v))
		out, err := json.Marshal(v)
		require.NoError(t, err)
		assert.JSONEq(t, text, string(out))
	}
}
