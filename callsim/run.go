package callsim

import (
	"testing"
	"testing/synctest"
	"time"

	sim "github.com/callgen/callgen/generated/communicationstest"
)

// Run plays the scenario of a file with a bot, and fails the test if a step fails, or if the
// bot did something that the service would not bear and that no step expects.
//
// It runs in a bubble of package testing/synctest, where time passes only when nothing goes on:
// an hour takes no time, and everything happens in the same order each time. The bot must use
// the client of its [Place], no sockets, and end its goroutines when its context ends.
func Run(t *testing.T, file string, bot Bot, opts ...sim.Option) {
	t.Helper()
	scenario, err := Load(file)
	if err != nil {
		t.Fatal(err)
	}
	RunScenario(t, scenario, bot, opts...)
}

// RunScenario is [Run] for a scenario that is loaded.
func RunScenario(t *testing.T, scenario *Scenario, bot Bot, opts ...sim.Option) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		service, err := sim.NewService(append(scenario.Options(), opts...)...)
		if err != nil {
			t.Fatal(err)
		}
		defer service.Close()
		p := &Player{Service: service, Bot: bot, Pace: Pace{
			Advance: func(d time.Duration) { time.Sleep(d); synctest.Wait() },
			Settle:  synctest.Wait,
		}}
		if err := p.Play(t.Context(), scenario); err != nil {
			t.Error(err)
		}
		synctest.Wait()
	})
}

// Options are the options of a service for a scenario: in memory, in order, with the timing
// that it names.
func (s *Scenario) Options() []sim.Option {
	opts := []sim.Option{sim.InMemory(), sim.InOrder(), sim.Latency(time.Millisecond), sim.WithTiming(s.Times())}
	if s.Granted != nil {
		opts = append(opts, sim.Granted(s.Granted...))
	}
	return opts
}

// Times is how long things take in a scenario.
func (s *Scenario) Times() sim.Timing {
	if s.Timing == "quick" {
		return sim.Quick()
	}
	return sim.Lifelike()
}
