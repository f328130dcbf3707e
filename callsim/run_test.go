package callsim_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/callsim"
	sim "github.com/callgen/callgen/generated/communicationstest"
)

// TestScenarios plays every scenario with a bot that does as it should. Those that begin with
// the number of an example of the page "Create call" begin with its request.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("scenarios/*.yaml")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 20)
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			b := bot{keeps: true}
			switch {
			case strings.HasPrefix(name, "page"):
				b.asks = page(t, name[4:6])
			case !strings.HasPrefix(name, "incoming"):
				b.asks = page(t, "01")
			}
			callsim.Run(t, file, b.start)
		})
	}
}

// TestWrongBots are reported by name.
func TestWrongBots(t *testing.T) {
	for name, test := range map[string]struct {
		bot   bot
		steps string
		want  string
	}{
		"does not answer":           {bot{deaf: true, keeps: true}, "- ring: {}\n- advance: 20s\n", "unanswered"},
		"does not keep alive":       {bot{}, "- ring: {}\n- advance: 1h\n", "no-keepalive"},
		"plays before established":  {bot{asks: page(t, "01"), impatient: true, keeps: true}, "- advance: 10s\n", "wrong-state"},
		"does what is not expected": {bot{keeps: true}, "- ring: {}\n- expect: {none: 'POST /communications/calls/{id}/answer', within: 5s}\n", ""},
	} {
		err := played(t, test.bot, test.steps)
		switch {
		case test.want == "":
			assert.ErrorContains(t, err, "wrong.yaml:3: POST /communications/calls/{id}/answer was not expected", name)
		default:
			assert.ErrorContains(t, err, "wrong.yaml: "+test.want+":", name)
		}
	}
}

// played plays steps and returns the error.
func played(t *testing.T, b bot, steps string) (err error) {
	scenario, parseErr := callsim.Parse("wrong.yaml", []byte("steps:\n"+steps))
	require.NoError(t, parseErr)
	synctest.Test(t, func(t *testing.T) {
		service, startErr := sim.NewService(scenario.Options()...)
		require.NoError(t, startErr)
		defer service.Close()
		p := &callsim.Player{Service: service, Bot: b.start, Pace: callsim.Pace{
			Advance: func(d time.Duration) { time.Sleep(d); synctest.Wait() }, Settle: synctest.Wait,
		}}
		ctx, cancel := context.WithCancel(t.Context())
		err = p.Play(ctx, scenario)
		cancel()
		synctest.Wait()
	})
	return err
}

// TestSameEachTime plays a scenario with disturbances twenty times.
func TestSameEachTime(t *testing.T) {
	var first []string
	for range 20 {
		var lines []string
		scenario, err := callsim.Load("scenarios/page05-disturbed.yaml")
		require.NoError(t, err)
		synctest.Test(t, func(t *testing.T) {
			service, err := sim.NewService(scenario.Options()...)
			require.NoError(t, err)
			defer service.Close()
			service.Watch(func(e sim.Entry) { lines = append(lines, e.Time.String()+" "+callsim.Line(e)) })
			p := &callsim.Player{Service: service, Bot: bot{asks: page(t, "05"), keeps: true}.start, Pace: callsim.Pace{
				Advance: func(d time.Duration) { time.Sleep(d); synctest.Wait() }, Settle: synctest.Wait,
			}}
			assert.NoError(t, p.Play(t.Context(), scenario))
			synctest.Wait()
		})
		if first == nil {
			first = lines
			require.Greater(t, len(first), 20)
		}
		assert.Equal(t, first, lines)
	}
}

func TestScenariosThatCannotBeRead(t *testing.T) {
	for text, want := range map[string]string{
		"steps: []":                          "x.yaml: there are no steps",
		"":                                   "x.yaml: there are no steps",
		"steps:\n- ring: {}\n  hangUp: {}\n": "x.yaml:2: a step is one thing that happens, and this one has 2",
		"steps:\n- advance: 5\n":             "is no duration: write it like 15s",
		"steps:\n- rings: {}\n":              "field rings not found",
		"steps:\n- expect: {state: x, withn: 5s}\n":  "field withn not found",
		"steps:\n- ring: {from: [a]}\n- restart: 5y": "cannot unmarshal",
	} {
		_, err := callsim.Parse("x.yaml", []byte(text))
		assert.ErrorContains(t, err, want, text)
	}
}
