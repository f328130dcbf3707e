package main

import (
	"net/http"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"

	graph "github.com/callgen/callgen/generated/communications"
)

// traced makes the requests of a client spans of OpenTelemetry, by its transport. Without a
// provider, which a program sets with otel.SetTracerProvider, spans go nowhere.
func traced(options ...otelhttp.Option) graph.ClientOption {
	return graph.WithHTTPClient(&http.Client{Transport: otelhttp.NewTransport(http.DefaultTransport, options...)})
}

// tracedHandler makes the notifications that a handler takes spans.
func tracedHandler(h http.Handler, options ...otelhttp.Option) http.Handler {
	name := otelhttp.WithSpanNameFormatter(func(operation string, _ *http.Request) string { return operation })
	return otelhttp.NewHandler(h, "notification", append(options, name)...)
}
