package emulator_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/callsim/emulator"
)

// BenchmarkFlood is a bot that sends as much as it can, over connections that it keeps, or without
// any, which is the emulator's own part.
func BenchmarkFlood(b *testing.B) {
	bot := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) }))
	defer bot.Close()
	e, err := emulator.Start(emulator.Options{Callback: bot.URL})
	require.NoError(b, err)
	defer e.Close()
	const connections = 64
	transport := &http.Transport{MaxIdleConnsPerHost: connections}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}
	request := func(url string) *http.Request {
		r, _ := http.NewRequest(http.MethodPost, url+"/communications/calls", strings.NewReader(`{"subject":"<script>"}`)) // a valid address
		r.Header.Set("Authorization", "Bearer x")
		r.Header.Set("Content-Type", "application/json")
		return r
	}
	for name, send := range map[string]func() int{
		"connections": func() int {
			answer, err := client.Do(request(e.URL()))
			if err != nil {
				return 0
			}
			_, _ = io.Copy(io.Discard, answer.Body)
			answer.Body.Close()
			return answer.StatusCode
		},
		"none": func() int {
			answer := httptest.NewRecorder()
			e.Service().ServeHTTP(answer, request("http://127.0.0.1/beta"))
			return answer.Code
		},
	} {
		b.Run(name, func(b *testing.B) {
			b.SetParallelism(connections / 2)
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					if status := send(); status != http.StatusBadRequest {
						b.Error(status)
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
		})
	}
}
