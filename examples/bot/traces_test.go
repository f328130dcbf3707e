package main

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	graph "github.com/callgen/callgen/generated/communications"
)

// TestTraces: a request and the notification are a span each.
func TestTraces(t *testing.T) {
	spans := tracetest.NewSpanRecorder()
	provider := otelhttp.WithTracerProvider(trace.NewTracerProvider(trace.WithSpanProcessor(spans)))
	service := httptest.NewServer(http.NotFoundHandler())
	defer service.Close()
	_, err := graph.NewClient(nil, graph.WithBaseURL(service.URL), traced(provider)).Communications().Calls().ByID("1").Get(t.Context())
	require.True(t, graph.IsNotFound(err))
	tracedHandler(http.NotFoundHandler(), provider).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/", nil))
	var names []string
	for _, s := range spans.Ended() {
		names = append(names, s.Name())
	}
	assert.Equal(t, []string{"HTTP GET", "notification"}, names)
}
