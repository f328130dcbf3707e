package generated_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generated/communications"
)

func TestNew(t *testing.T) {
	for _, name := range []string{"microsoft.graph.call", "#microsoft.graph.call", "https://graph.microsoft.com/beta/$metadata#microsoft.graph.call"} {
		v, ok := communications.New(name)
		require.True(t, ok, name)
		assert.IsType(t, &communications.Call{}, v)
		assert.Equal(t, "microsoft.graph.call", v.ODataType())
	}
	for _, name := range []string{"", "call", "microsoft.graph.Call", "microsoft.graph.callState"} {
		_, ok := communications.New(name)
		assert.False(t, ok, name)
	}
}

// TestEnumsFollowThePayloads is about the letter case that examples of operations
// have, which is not that of the schema.
func TestEnumsFollowThePayloads(t *testing.T) {
	var op communications.PlayPromptOperation
	require.NoError(t, communications.Unmarshal([]byte(`{"status":"completed","completionReason":"completedSuccessfully"}`), &op))
	assert.True(t, op.Status.Is(communications.OperationStatusCompleted))
	assert.False(t, op.Status.Known())
	assert.True(t, op.CompletionReason.Known())
	out, err := communications.Marshal(&op)
	require.NoError(t, err)
	assert.JSONEq(t, `{"status":"completed","completionReason":"completedSuccessfully"}`, string(out))
}

func TestMembersOfAnotherLetterCaseAreNotBound(t *testing.T) {
	var r communications.ResultInfo
	require.NoError(t, json.Unmarshal([]byte(`{"code":200,"subCode":5}`), &r))
	assert.Nil(t, r.Subcode)
	raw, ok := r.AdditionalData.Get("subCode")
	assert.True(t, ok)
	assert.Equal(t, "5", string(raw))
}
