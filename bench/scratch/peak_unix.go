//go:build unix

package scratch

import (
	"os"
	"runtime"
	"syscall"
)

// peakMB is the peak of resident memory of the largest process among one that has
// ended and those that it waited for.
func peakMB(p *os.ProcessState) float64 {
	usage, ok := p.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" || runtime.GOOS == "ios" {
		return float64(usage.Maxrss) / 1e6 // in bytes there
	}
	return float64(usage.Maxrss) * 1024 / 1e6
}
