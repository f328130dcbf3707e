// Package session is the part of the runtime that keeps calls alive, follows them and acts in
// them.
package session

import "time"

// CallsOptions configures [NewCalls]. The zero value is ready to use.
type CallsOptions struct {
	// Clock is where sessions get the time from; by default the system's. Tests set it.
	Clock CallClock
	// KeepAlive is the time between two keepalives of a call, which the service ends after 45
	// minutes without one; by default 10 minutes. Each wait is up to a tenth shorter, so that
	// the calls of a program do not all speak at once. A negative value sends none.
	KeepAlive time.Duration
}
