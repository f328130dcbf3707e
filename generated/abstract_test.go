package generated_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generated/communications"
)

// A value of an abstract type that was made, and not decoded, is not sent.
func TestAbstractTypesAreNotSent(t *testing.T) {
	sent := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		sent++
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write([]byte(`{"id":"1"}`))
	}))
	defer server.Close()
	calls := communications.NewClient(nil, communications.WithBaseURL(server.URL)).Communications().Calls()

	_, err := calls.Create(t.Context(), &communications.Call{MediaConfig: &communications.MediaConfig{}})
	assert.ErrorContains(t, err, "$.mediaConfig: microsoft.graph.mediaConfig is abstract")
	assert.Zero(t, sent)

	decoded := new(communications.Call)
	require.NoError(t, communications.Unmarshal([]byte(`{"mediaConfig":{"@odata.type":"#microsoft.graph.newer"}}`), decoded))
	_, err = calls.Create(t.Context(), decoded)
	require.NoError(t, err)
	assert.Equal(t, 1, sent)
}
