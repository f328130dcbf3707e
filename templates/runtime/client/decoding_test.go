package client

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/templates/runtime/codec"
	"github.com/callgen/callgen/templates/runtime/internal/models"
)

// A service that repeats members is an error, unless the client is told to take the last.
func TestDecodingOfAnswers(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/v1/calls" {
			_, _ = w.Write([]byte(`{"value":[{"id":"1","id":"2"}]}`))
			return
		}
		_, _ = w.Write([]byte(`{"id":"1","id":"2"}`))
	}))
	defer server.Close()
	get := func(opts ...ClientOption) (string, string, error) {
		c := newClient("v1", nil, append(opts, WithBaseURL(server.URL+"/v1")))
		call, err := fetched[*models.Call](t.Context(), c.root().child("call"), http.MethodGet, nil, nil)
		if err != nil {
			return "", "", err
		}
		page, err := fetchedPage[*models.Call](t.Context(), c.root().child("calls"), http.MethodGet, nil, nil)
		if err != nil {
			return "", "", err
		}
		return call.ID, page.Value[0].ID, nil
	}
	_, _, err := get()
	assert.ErrorContains(t, err, "id")
	one, item, err := get(WithDecoding(codec.AllowDuplicateNames()))
	require.NoError(t, err)
	assert.Equal(t, "2", one)
	assert.Equal(t, "2", item)
}
