package session

import "time"

// A CallClock tells the time to sessions and wakes them. Whatever waits in a session waits
// through it, so that a test can run an hour in no time.
type CallClock interface {
	// Now returns the current time.
	Now() time.Time
	// AfterFunc calls f, which does not block, on a goroutine of the clock's choice after d.
	AfterFunc(d time.Duration, f func()) CallTimer
}

// A CallTimer is a pending call of [CallClock].AfterFunc.
type CallTimer interface {
	// Stop prevents the call. It reports false if the call has been made or prevented already.
	Stop() bool
}

// wallClock is the clock of the system. In a synctest bubble it is the bubble's.
type wallClock struct{}

func (wallClock) Now() time.Time { return time.Now() }

func (wallClock) AfterFunc(d time.Duration, f func()) CallTimer { return time.AfterFunc(d, f) }
