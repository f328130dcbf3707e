package keeper

import "time"

// A KeeperClock tells the time to a [SubscriptionKeeper] and wakes it, so that a test can run days in
// no time.
type KeeperClock interface {
	// Now returns the current time.
	Now() time.Time
	// AfterFunc calls f, which does not block, on a goroutine of the clock's choice after d. The
	// function that it returns prevents the call, and reports false if it is too late.
	AfterFunc(d time.Duration, f func()) (stop func() bool)
}

// keeperWallClock is the clock of the system. In a synctest bubble it is the bubble's.
type keeperWallClock struct{}

func (keeperWallClock) Now() time.Time { return time.Now() }

func (keeperWallClock) AfterFunc(d time.Duration, f func()) func() bool {
	return time.AfterFunc(d, f).Stop
}
