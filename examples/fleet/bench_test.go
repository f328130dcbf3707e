//go:build linux

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
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
		dir: b.TempDir(), servers: 1, bots: 3, lease: 10 * time.Second, keepAlive: 10 * time.Minute, timing: timing, saw: func(line) {},
	})
	require.NoError(b, err)
	defer s.close()
	before := memory(b, s)
	b.ResetTimer()
	open := make(chan struct{}, 100)
	for range b.N {
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
		}()
	}
	for range cap(open) {
		open <- struct{}{}
	}
	b.StopTimer()
	after := memory(b, s)
	b.ReportMetric(before, "MiB-without")
	b.ReportMetric(after, "MiB-an-instance")
	b.ReportMetric((after-before)*1024*3/float64(b.N), "KiB-a-call")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls-begun/s")
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
