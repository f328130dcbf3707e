package main

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// A run lasts seconds, so that its collector spends memory for time: at most mostPercent of what
// is live, and as far as the heap stays below mostHeap. It never runs more often than is usual.
const (
	mostPercent  = 300
	usualPercent = 100
	mostHeap     = 360 << 20
)

// tuneCollector sets the collector's percentage now and after each of its cycles.
func tuneCollector() {
	debug.SetGCPercent(mostPercent)
	runtime.SetFinalizer(new(cycle), (*cycle).ended)
}

// cycle is garbage in every cycle of the collector, which therefore calls ended.
type cycle struct{ _ [64]byte }

func (c *cycle) ended() {
	debug.SetGCPercent(percentFor(liveHeap()))
	runtime.SetFinalizer(c, (*cycle).ended)
}

// percentFor returns the percentage for so many live bytes.
func percentFor(live uint64) int {
	if live == 0 {
		return mostPercent
	}
	return min(max(int(mostHeap*100/live)-100, usualPercent), mostPercent)
}

// liveHeap returns how many bytes were live in the last cycle.
func liveHeap() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return sample[0].Value.Uint64()
}
