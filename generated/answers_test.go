package generated_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generated/communications"
)

// TestServicesThatFailWithinAnAnswer goes through the methods that are generated.
func TestServicesThatFailWithinAnAnswer(t *testing.T) {
	const failure = `{"error":{"code":"backendFailure","message":"m","innerError":{"request-id":"r9"}}}`
	body := failure
	client, _ := service(t, func(w http.ResponseWriter, _ seen) { answerJSON(w, 200, body) })
	call := client.Communications().Calls().ByID("1")
	_, err := call.Get(t.Context())
	assert.EqualError(t, err, "GET /communications/calls/1: 200 OK: backendFailure: m (request-id r9)")
	_, err = client.Communications().Calls().Create(t.Context(), &communications.Call{})
	assert.True(t, communications.HasCode(err, "backendFailure"))
	_, err = call.Operations().ByID("2").Get(t.Context())
	assert.True(t, communications.HasCode(err, "backendFailure"), "polymorphic")
	err = call.Delete(t.Context())
	assert.True(t, communications.HasCode(err, "backendFailure"))

	body = `{"value":[{"id":"p1"},null,{"id":"p2","isMuted":null` + failure
	page, err := call.Participants().List(t.Context())
	assert.True(t, communications.HasCode(err, "backendFailure"))
	require.NotNil(t, page, "what the service had until then")
	assert.Len(t, page.Value, 2)
	var errs []error
	for p, err := range call.Participants().All(t.Context()) {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		assert.Equal(t, "p1", p.ID)
	}
	require.Len(t, errs, 2)
	assert.ErrorContains(t, errs[0], "item 1 of the page from /communications/calls/1/participants is null")
	assert.True(t, communications.HasCode(errs[1], "backendFailure"))
}

func TestNothingIsCreated(t *testing.T) {
	client, _ := service(t, func(w http.ResponseWriter, _ seen) { w.WriteHeader(http.StatusCreated) })
	_, err := client.Communications().Calls().Create(t.Context(), &communications.Call{})
	assert.True(t, communications.IsNoContent(err), "%v", err)
	assert.EqualError(t, err, "POST /communications/calls: 201 Created: the answer has no content")
}

// TestPrivateThingsStayPrivate redirects a request from https to http, on one host name.
func TestPrivateThingsStayPrivate(t *testing.T) {
	plain := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		t.Errorf("in the clear: %s %v", body, r.Header)
	}))
	defer plain.Close()
	tls := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, plain.URL+"/x", http.StatusPermanentRedirect)
	}))
	defer tls.Close()
	client := communications.NewClient(nil, communications.WithBaseURL(tls.URL+"/beta"), communications.WithHTTPClient(tls.Client()))
	calls := client.Communications().Calls()
	_, err := calls.Create(t.Context(), &communications.Call{Subject: new("private")}, communications.Header("Cookie", "a=1"))
	assert.ErrorContains(t, err, "the service redirects it from https to http")
	_, err = calls.ByID("1").Get(t.Context())
	assert.ErrorContains(t, err, "the service redirects it from https to http")
}
