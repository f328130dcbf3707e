package typed

import (
	"time"

	"github.com/callgen/callgen/generated/communications"
	"github.com/callgen/callgen/templates/simulator"
)

// CallClock returns the clock that the service goes by, for the sessions of a bot.
func (s *Service) CallClock() communications.CallClock { return callClock{s.Clock()} }

type callClock struct{ simulator.Clock }

// AfterFunc implements [communications.CallClock].
func (c callClock) AfterFunc(d time.Duration, f func()) communications.CallTimer {
	return c.Clock.AfterFunc(d, f)
}
