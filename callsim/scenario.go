// Package callsim plays scenarios against a bot of the calling API: files that say what other
// people and the network do, how time passes, and what the bot is expected to do. They run in
// Go tests:
//
//	func TestBusy(t *testing.T) { callsim.Run(t, "scenarios/busy.yaml", bot) }
//
// Not covered by the compatibility promise of this module: it may change in any version.
package callsim

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"go.yaml.in/yaml/v3"
)

// Scenario is what happens, step by step.
type Scenario struct {
	Name    string   `yaml:"name"`
	About   string   `yaml:"about,omitempty"`
	Timing  string   `yaml:"timing,omitempty"`  // quick, or lifelike, the default
	Granted []string `yaml:"granted,omitempty"` // permissions; without it all
	Steps   []Step   `yaml:"steps"`

	file string
}

// Step is one thing that happens: exactly one of its fields is set. A call is named by the
// order in which it came, from 1; "" stands for the latest.
type Step struct {
	// What the other side does.
	Ring    *Ring   `yaml:"ring,omitempty"`    // somebody calls the bot
	Callees *Next   `yaml:"callees,omitempty"` // what the next ones do whom the bot calls
	Answer  *OfCall `yaml:"answer,omitempty"`
	Decline *OfCall `yaml:"decline,omitempty"`
	Busy    *OfCall `yaml:"busy,omitempty"`
	LetRing *OfCall `yaml:"letRing,omitempty"`
	Admit   *OfCall `yaml:"admit,omitempty"` // the bot, from the lobby
	Remove  *OfCall `yaml:"remove,omitempty"`
	HangUp  *OfCall `yaml:"hangUp,omitempty"`
	Join    *Person `yaml:"join,omitempty"`
	Leave   *Person `yaml:"leave,omitempty"`
	Mute    *Person `yaml:"mute,omitempty"`
	Press   *Press  `yaml:"press,omitempty"`
	Speak   *Speak  `yaml:"speak,omitempty"`
	Share   *OfCall `yaml:"share,omitempty"` // begins, or goes to the next slide
	Unshare *OfCall `yaml:"unshare,omitempty"`

	// What the network does.
	Lose    *Disturb `yaml:"lose,omitempty"`
	Repeat  *Disturb `yaml:"repeat,omitempty"`
	Delay   *Disturb `yaml:"delay,omitempty"`
	Reorder *Disturb `yaml:"reorder,omitempty"`
	Refuse  *Refuse  `yaml:"refuse,omitempty"` // the next requests

	Advance  Duration `yaml:"advance,omitempty"`  // time passes
	Unsigned *OfCall  `yaml:"unsigned,omitempty"` // somebody else posts a notification, without the service's token
	Restart  bool     `yaml:"restart,omitempty"`  // the bot ends, and begins again
	Expect   *Expect  `yaml:"expect,omitempty"`

	line int
}

// Ring is a call to the bot.
type Ring struct {
	From    string `yaml:"from,omitempty"` // the name of a user, or a phone number that begins with +
	Guest   bool   `yaml:"guest,omitempty"`
	Tenant  string `yaml:"tenant,omitempty"`
	Meeting string `yaml:"meeting,omitempty"` // the id of a meeting that the bot is invited to
}

// Next is what callees do: answers, rings, declines, busy, no answer, unreachable, waits.
type Next []string

// OfCall names a call.
type OfCall struct {
	Call int `yaml:"call,omitempty"`
}

// Person is a participant, by name.
type Person struct {
	Call  int    `yaml:"call,omitempty"`
	Name  string `yaml:"name"`
	Lobby bool   `yaml:"lobby,omitempty"`
}

// Press is a key that somebody presses.
type Press struct {
	Call    int    `yaml:"call,omitempty"`
	Tone    string `yaml:"tone"` // 0 to 9, *, #, A to D
	Unheard bool   `yaml:"unheard,omitempty"`
}

// Speak is what somebody says while the bot records.
type Speak struct {
	Call int      `yaml:"call,omitempty"`
	For  Duration `yaml:"for"`
}

// Disturb is what the network does to the next notifications.
type Disturb struct {
	Call  int      `yaml:"call,omitempty"`
	Times int      `yaml:"times,omitempty"`
	By    Duration `yaml:"by,omitempty"`
}

// Refuse is how the next requests fail.
type Refuse struct {
	Method     string   `yaml:"method,omitempty"`
	Path       string   `yaml:"path,omitempty"`
	Status     int      `yaml:"status,omitempty"`
	RetryAfter int      `yaml:"retryAfter,omitempty"`
	Times      int      `yaml:"times,omitempty"`
	Delay      Duration `yaml:"delay,omitempty"`
	Cut        bool     `yaml:"cut,omitempty"`
}

// Expect is what the bot is to have done, at once or within a time. All that is set must hold.
type Expect struct {
	Call       int            `yaml:"call,omitempty"`
	Within     Duration       `yaml:"within,omitempty"`
	Request    string         `yaml:"request,omitempty"` // POST /communications/calls/{id}/answer, not expected by a step before
	Body       map[string]any `yaml:"body,omitempty"`    // members that the request has
	Status     int            `yaml:"status,omitempty"`  // of its answer
	None       string         `yaml:"none,omitempty"`    // a request that was not sent
	State      string         `yaml:"state,omitempty"`   // of the call
	People     int            `yaml:"people,omitempty"`  // in the roster
	Code       int            `yaml:"code,omitempty"`    // why the call ended
	Subcode    int            `yaml:"subcode,omitempty"`
	Complaints []string       `yaml:"complaints,omitempty"` // what is wrong with the bot
}

// Duration is a time such as 15s in a scenario.
type Duration time.Duration

// UnmarshalYAML implements [yaml.Unmarshaler].
func (d *Duration) UnmarshalYAML(n *yaml.Node) error {
	v, err := time.ParseDuration(n.Value)
	if err != nil || v < 0 {
		return fmt.Errorf("line %d: %q is no duration: write it like 15s or 45m", n.Line, n.Value)
	}
	*d = Duration(v)
	return nil
}

// MarshalYAML implements [yaml.Marshaler].
func (d Duration) MarshalYAML() (any, error) { return time.Duration(d).String(), nil }

// Load reads a scenario.
func Load(file string) (*Scenario, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return Parse(filepath.ToSlash(file), data)
}

// Parse reads a scenario from the text of a file, whose name is for errors.
func Parse(file string, data []byte) (*Scenario, error) {
	s := &Scenario{file: file}
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(s); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	s.lines(data)
	if len(s.Steps) == 0 {
		return nil, fmt.Errorf("%s: there are no steps", file)
	}
	for i := range s.Steps {
		if n := s.Steps[i].set(); n != 1 {
			return nil, fmt.Errorf("%s:%d: a step is one thing that happens, and this one has %d: begin each with \"- \"", file, s.Steps[i].line, n)
		}
	}
	return s, nil
}

// ParseStep reads one step, in YAML or JSON.
func ParseStep(data []byte) (*Step, error) {
	s := new(Step)
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(s); err != nil {
		return nil, fmt.Errorf("this is no step: %w", err)
	}
	if n := s.set(); n != 1 {
		return nil, fmt.Errorf("a step is one thing that happens, and this one has %d", n)
	}
	return s, nil
}

// lines notes where the steps are.
func (s *Scenario) lines(data []byte) {
	var root yaml.Node
	if yaml.Unmarshal(data, &root) != nil || len(root.Content) == 0 {
		return
	}
	of := root.Content[0].Content
	for i := 0; i+1 < len(of); i += 2 {
		if of[i].Value == "steps" {
			for n, step := range of[i+1].Content {
				if n < len(s.Steps) {
					s.Steps[n].line = step.Line
				}
			}
		}
	}
}

// set counts the fields that are set.
func (s *Step) set() int {
	n := 0
	for _, set := range []bool{
		s.Ring != nil, s.Callees != nil, s.Answer != nil, s.Decline != nil, s.Busy != nil, s.LetRing != nil, s.Admit != nil, s.Remove != nil,
		s.HangUp != nil, s.Join != nil, s.Leave != nil, s.Mute != nil, s.Press != nil, s.Speak != nil, s.Share != nil, s.Unshare != nil,
		s.Lose != nil, s.Repeat != nil, s.Delay != nil, s.Reorder != nil, s.Refuse != nil, s.Advance > 0, s.Unsigned != nil, s.Restart, s.Expect != nil,
	} {
		if set {
			n++
		}
	}
	return n
}
