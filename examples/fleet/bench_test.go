//go:build linux

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generated/communications"
	"github.com/callgen/callgen/generated/communicationstest"
)

// BenchmarkOpenCalls opens as many calls as it is told to, such as with -benchtime 10000x, on three
// instances, and reports the memory that each of them has then.
func BenchmarkOpenCalls(b *testing.B) {
	timing := communicationstest.Quick()
	timing.Unanswered = time.Hour
	s, err := newStage(setting{
		dir: b.TempDir(), servers: 1, bots: 3, lease: 10 * time.Second, keepAlive: 10 * time.Minute, timing: timing, saw: func(line) {}, level: "INFO",
	})
	require.NoError(b, err)
	defer s.close()
	before := memory(b, s)
	b.ResetTimer()
	openCalls(b, s, b.N)
	b.StopTimer()
	after := memory(b, s)
	b.ReportMetric(before, "MiB-without")
	b.ReportMetric(after, "MiB-an-instance")
	b.ReportMetric((after-before)*1024*3/float64(b.N), "KiB-a-call")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls-begun/s")
}

// openCalls lets people call, and returns the ids of the calls when the bot listens to all.
func openCalls(b *testing.B, s *stage, n int) []string {
	ids := make([]string, n)
	open := make(chan struct{}, 100)
	for i := range n {
		open <- struct{}{}
		go func() {
			defer func() { <-open }()
			id, err := s.service.Incoming(callback, &communications.IdentitySet{User: &communications.Identity{DisplayName: new("John")}})
			if err != nil {
				b.Error(err)
				return
			}
			for s.tally.count(id, "subscribeToTone") == 0 && sleep(b.Context(), 10*time.Millisecond) {
			}
			ids[i] = id
		}()
	}
	for range cap(open) {
		open <- struct{}{}
	}
	return ids
}

// BenchmarkHandled posts notifications of 200 calls to instances that are processes of their own,
// 40 at once, and reports how many are stored and handled in a second: the session of each is saved.
func BenchmarkHandled(b *testing.B) {
	for _, servers := range []int{1, 3} {
		for _, instances := range []int{1, 2, 4} {
			b.Run(fmt.Sprintf("servers=%d/instances=%d", servers, instances), func(b *testing.B) { handled(b, servers, instances) })
		}
	}
}

func handled(b *testing.B, servers, instances int) {
	const calls, atOnce = 200, 40
	timing := communicationstest.Quick()
	timing.Unanswered = time.Hour
	var tone atomic.Value // the body of a notification of one
	s, err := newStage(setting{
		dir: b.TempDir(), servers: servers, bots: instances, lease: 10 * time.Second, keepAlive: 10 * time.Minute, timing: timing,
		saw: func(line) {}, level: "INFO",
		front: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				if bytes.Contains(body, []byte("toneInfo")) {
					tone.Store(string(body))
				}
				r.Body = io.NopCloser(bytes.NewReader(body))
				next.ServeHTTP(w, r)
			})
		},
	})
	require.NoError(b, err)
	defer s.close()
	ids := openCalls(b, s, calls)
	require.NoError(b, s.service.Press(ids[0], 0, communications.ToneTone2))
	for tone.Load() == nil && sleep(b.Context(), 10*time.Millisecond) {
	}
	template := tone.Load().(string)
	number := regexp.MustCompile(`"sequenceId":\s*\d+`)
	require.Regexp(b, number, template)
	sleep(b.Context(), time.Second) // until it is quiet
	before := delivered(b, s)
	bots := s.proxy.all()
	client := http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: atOnce}}
	var next atomic.Int64
	b.ResetTimer()
	for range atOnce {
		go func() {
			for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
				body := strings.ReplaceAll(template, ids[0], ids[int(i)%calls])
				body = number.ReplaceAllString(body, fmt.Sprintf(`"sequenceId":%d`, 10+int(i)/calls))
				response, err := client.Post(bots[int(i)%len(bots)].address+"/callback", "application/json", strings.NewReader(body))
				if err != nil {
					b.Error(err)
					continue
				}
				response.Body.Close()
				if response.StatusCode != http.StatusAccepted {
					b.Error(response.Status)
				}
			}
		}()
	}
	for delivered(b, s) < before+uint64(b.N) && sleep(b.Context(), 20*time.Millisecond) {
	}
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "notifications/s")
}

// delivered returns how many notifications the instances have handled.
func delivered(b *testing.B, s *stage) (n uint64) {
	for _, p := range s.proxy.all() {
		response, err := http.Get(p.address + "/metrics")
		require.NoError(b, err)
		var m struct{ Delivered uint64 }
		require.NoError(b, json.NewDecoder(response.Body).Decode(&m))
		response.Body.Close()
		n += m.Delivered
	}
	return n
}

// memory returns how much memory an instance has on average, in MiB.
func memory(b *testing.B, s *stage) float64 {
	total := 0
	for _, p := range s.proxy.all() {
		text, err := os.ReadFile(filepath.Join("/proc", fmt.Sprint(p.Process.Pid), "status"))
		require.NoError(b, err)
		_, rest, _ := strings.Cut(string(text), "VmRSS:")
		kib, err := strconv.Atoi(strings.Fields(rest)[0])
		require.NoError(b, err)
		total += kib
	}
	return float64(total) / 1024 / float64(len(s.proxy.all()))
}
