package emulator

import (
	"bytes"
	"net/http"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/callgen/callgen/callsim"
	sim "github.com/callgen/callgen/generated/communicationstest"
)

// recording makes a scenario of what is done, and of what the bot does then. Its methods do
// nothing on a nil one.
type recording struct {
	scenario callsim.Scenario
	seen     int // entries of the log
	last     time.Time
	state    string
}

// Record begins a recording, under a name.
func (e *Emulator) Record(name string) {
	r := e.now.Load()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.record = &recording{scenario: callsim.Scenario{Name: name}, last: r.clock.Now()}
	if log := r.service.Log(); len(log) > 0 {
		r.record.seen = log[len(log)-1].Number
	}
}

// Recording reports whether a recording is on.
func (e *Emulator) Recording() bool {
	r := e.now.Load()
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.record != nil
}

// Recorded returns the scenario that was recorded so far, as the text of a file; nil if
// nothing was.
func (e *Emulator) Recorded() ([]byte, error) {
	r := e.now.Load()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.record == nil {
		return nil, nil
	}
	r.record.before(r)
	if len(r.record.scenario.Steps) == 0 {
		return nil, nil
	}
	var b bytes.Buffer
	b.WriteString("# Recorded: what was done, and what the bot did. Take out what need not be so.\n")
	y := yaml.NewEncoder(&b)
	y.SetIndent(2)
	if err := y.Encode(&r.record.scenario); err != nil {
		return nil, err
	}
	return b.Bytes(), y.Close()
}

// before adds what the bot did until now, and the time that passed.
func (c *recording) before(r *run) {
	if c == nil {
		return
	}
	expected := c.expected(r)
	const least = 200 * time.Millisecond // less is the scenario's own pace
	now := r.clock.Now()
	if d := now.Sub(c.last).Round(100 * time.Millisecond); d >= least && len(c.scenario.Steps)+len(expected) > 0 {
		c.add(callsim.Step{Advance: callsim.Duration(d)})
	}
	c.last = now
	for _, x := range expected {
		c.add(callsim.Step{Expect: &x})
	}
}

// add adds a step.
func (c *recording) add(s callsim.Step) {
	if c != nil {
		c.scenario.Steps = append(c.scenario.Steps, s)
	}
}

// expected is what the bot did since the last time. A request without an answer yet is left for
// the next time, as is what came after it.
func (c *recording) expected(r *run) []callsim.Expect {
	const within = callsim.Duration(5 * time.Second)
	var all []callsim.Expect
	log := r.service.Log()
	statuses := make(map[int]int)
	for _, e := range log {
		if e.Kind == sim.KindAnswer {
			statuses[e.Of] = e.Status
		}
	}
	for _, e := range log {
		if e.Number <= c.seen {
			continue
		}
		if e.Kind == sim.KindRequest && statuses[e.Number] == 0 {
			break
		}
		c.seen = e.Number
		if e.Kind == sim.KindRequest && e.Method != http.MethodGet && !strings.HasSuffix(e.URL, "/keepAlive") {
			all = append(all, callsim.Expect{Request: e.Method + " " + form(e.URL), Status: statuses[e.Number], Within: within})
		}
	}
	if calls, _ := r.timeline.Calls(0, 1); len(calls) == 1 && calls[0].State != c.state {
		c.state = calls[0].State
		all = append(all, callsim.Expect{State: c.state, Within: within})
	}
	return all
}

// form is a path with "{id}" in place of ids.
func form(path string) string {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		if len(s) >= 32 && strings.Contains(s, "-") {
			segments[i] = "{id}"
		}
	}
	return strings.Join(segments, "/")
}
