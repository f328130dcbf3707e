//go:build !unix

package rivals

import "time"

// cpuTime returns the processor time that the process has used, if the system tells it.
func cpuTime() (time.Duration, bool) { return 0, false }
