package callsim

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	sim "github.com/callgen/callgen/generated/communicationstest"
)

// Bot starts a bot, which goes on until ctx ends: then its goroutines end, too. It returns the
// handler of its notifications.
type Bot func(ctx context.Context, at Place) (http.Handler, error)

// Place is where a bot finds the service, and where the service finds it.
type Place struct {
	URL      string       // of the service, with its version
	Client   *http.Client // that reaches it
	Callback string       // the address of the bot's handler
}

// Callback is the address of a bot in memory.
const Callback = "https://bot.callsim.invalid/callback"

// Pace lets time pass, and waits until nothing goes on.
type Pace struct {
	Advance func(time.Duration)
	Settle  func()
}

// Player plays scenarios with a service and a bot.
type Player struct {
	Service  *sim.Service
	Bot      Bot    // nil for a bot that runs elsewhere
	Callback string // where the service calls it; "" stands for [Callback]
	Pace     Pace

	file       string
	handler    http.Handler // of the bot, nil if it runs elsewhere
	seen       int          // entries of the log
	calls      []string
	known      map[string]bool
	endings    map[string]map[string]any // resultInfo, by call
	used       map[int]bool              // requests that a step expected
	people     map[string]string         // ids of participants, by call and name
	shared     map[string]string         // sessions, by call
	found      []sim.Complaint           // what is wrong with the bot
	taken      int                       // complaints of the service in found
	complaints int                       // those in found that a step expected
	stop       context.CancelFunc
}

// moment passes after each step, so that the bot can do something.
const moment = 100 * time.Millisecond

// Play plays a scenario. The error says, for each step that failed, in which line it is.
func (p *Player) Play(ctx context.Context, s *Scenario) (err error) {
	p.file = s.file
	p.begin()
	if err := p.start(ctx); err != nil {
		return fmt.Errorf("%s: the bot does not start: %w", s.file, err)
	}
	defer func() { p.stop() }()
	p.Pace.Advance(moment)
	for i := range s.Steps {
		if failed := p.step(ctx, &s.Steps[i]); failed != nil {
			return fmt.Errorf("%s:%d: %w\n%s", s.file, s.Steps[i].line, failed, p.history())
		}
		p.Pace.Advance(moment)
	}
	for _, c := range p.Complaints()[p.complaints:] {
		err = errors.Join(err, fmt.Errorf("%s: %s: %s", s.file, c.Code, c.Text))
	}
	for _, r := range p.Service.Problems() {
		err = errors.Join(err, fmt.Errorf("%s: %s %s: %w", s.file, r.Method, r.Path, r.Err))
	}
	return err
}

// begin makes what a player remembers.
func (p *Player) begin() {
	if p.known != nil {
		return
	}
	p.known, p.endings, p.used = make(map[string]bool), make(map[string]map[string]any), make(map[int]bool)
	p.people, p.shared = make(map[string]string), make(map[string]string)
}

// Do does one step outside a scenario, with a bot that runs already.
func (p *Player) Do(ctx context.Context, s *Step) error {
	p.begin()
	if n := s.set(); n != 1 {
		return fmt.Errorf("a step is one thing that happens, and this one has %d", n)
	}
	return p.step(ctx, s)
}

// Number returns the number of a call in steps, 0 if the player does not know it.
func (p *Player) Number(id string) int {
	p.begin()
	p.look()
	return slices.Index(p.calls, id) + 1
}

// callback is where the service calls the bot.
func (p *Player) callback() string { return cmp.Or(p.Callback, Callback) }

// start starts the bot.
func (p *Player) start(ctx context.Context) error {
	ctx, p.stop = context.WithCancel(ctx)
	if p.Bot == nil {
		return nil
	}
	ready := make(chan struct{}) // a bot may call before it has said who is to be told
	p.Service.Connect(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-ready:
			p.handler.ServeHTTP(w, r)
		case <-ctx.Done():
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	var err error
	if p.handler, err = p.Bot(ctx, Place{URL: p.Service.URL, Client: p.Service.HTTPClient(), Callback: p.callback()}); err == nil {
		close(ready)
	}
	return err
}

// step does one step.
func (p *Player) step(ctx context.Context, s *Step) error {
	p.look()
	switch {
	case s.Expect != nil:
		return p.expect(s.Expect)
	case s.Advance > 0:
		p.Pace.Advance(time.Duration(s.Advance))
		return nil
	case s.Unsigned != nil:
		return p.unsigned(ctx)
	case s.Restart && p.Bot == nil:
		return errors.New("the bot is a process of its own, which cannot be restarted from here: play this scenario in a Go test")
	case s.Restart:
		p.stop()
		p.Pace.Settle()
		return p.start(ctx)
	case s.Ring != nil:
		return p.ring(s.Ring)
	case s.Callees != nil:
		for _, does := range *s.Callees {
			p.Service.Next(sim.Callee(does))
		}
		return nil
	}
	if done, err := p.network(s); done {
		return err
	}
	return p.person(s)
}

// look takes note of what has happened since.
func (p *Player) look() {
	for _, e := range p.Service.Log() {
		if e.Number <= p.seen {
			continue
		}
		p.seen = e.Number
		p.answered(e)
		if e.Kind != sim.KindNotification || e.CallID == "" {
			continue
		}
		if !p.known[e.CallID] {
			p.known[e.CallID] = true
			p.calls = append(p.calls, e.CallID)
		}
		if info := resultOf(e.Body); info != nil {
			p.endings[e.CallID] = info
		}
	}
	for _, id := range p.Service.Calls() { // those of which nothing was told yet
		if !p.known[id] {
			p.known[id] = true
			p.calls = append(p.calls, id)
		}
	}
	p.gather()
}

// call returns the id of a call by its number, that of the latest for 0.
func (p *Player) call(number int) (string, error) {
	p.look()
	switch {
	case len(p.calls) == 0:
		return "", errors.New("there is no call")
	case number == 0:
		return p.calls[len(p.calls)-1], nil
	case number < 0 || number > len(p.calls):
		return "", fmt.Errorf("there is no call %d: there are %d", number, len(p.calls))
	}
	return p.calls[number-1], nil
}

func (p *Player) ring(r *Ring) error {
	in := sim.IncomingCall{Callback: p.callback(), Tenant: r.Tenant}
	switch {
	case strings.HasPrefix(r.From, "+"):
		in.From = map[string]any{"phone": map[string]any{"@odata.type": "#microsoft.graph.identity", "id": r.From}}
	case r.Guest:
		in.From = map[string]any{"guest": map[string]any{"@odata.type": "#microsoft.graph.identity", "displayName": cmp.Or(r.From, "Guest"), "id": cmp.Or(r.From, "guest")}}
	case r.From != "":
		in.From = map[string]any{"user": map[string]any{"@odata.type": "#microsoft.graph.identity", "displayName": r.From, "id": r.From}}
	}
	if r.Meeting != "" {
		in.Meeting = map[string]any{
			"chatInfo":    map[string]any{"@odata.type": "#microsoft.graph.chatInfo", "threadId": "19:meeting_" + r.Meeting + "@thread.v2", "messageId": "0"},
			"meetingInfo": map[string]any{"@odata.type": "#microsoft.graph.joinMeetingIdMeetingInfo", "joinMeetingId": r.Meeting},
		}
	}
	_, err := p.Service.Ring(in)
	return err
}

// network does what the network does. It reports false for another step.
func (p *Player) network(s *Step) (done bool, err error) {
	if r := s.Refuse; r != nil {
		p.Service.Inject(sim.Fault{
			Method: r.Method, Path: r.Path, Status: r.Status, RetryAfter: r.RetryAfter, Times: max(r.Times, 1), Delay: time.Duration(r.Delay), Cut: r.Cut,
		})
		return true, nil
	}
	for kind, d := range map[sim.DisturbanceKind]*Disturb{sim.Lose: s.Lose, sim.Repeat: s.Repeat, sim.Delay: s.Delay, sim.Reorder: s.Reorder} {
		if d == nil {
			continue
		}
		id := ""
		if d.Call > 0 {
			if id, err = p.call(d.Call); err != nil {
				return true, err
			}
		}
		p.Service.Disturb(sim.Disturbance{Kind: kind, CallID: id, Times: d.Times, Delay: time.Duration(d.By)})
		return true, nil
	}
	return false, nil
}

// person does what somebody does in a call.
func (p *Player) person(s *Step) error {
	for _, simple := range []struct {
		of *OfCall
		do func(string) error
	}{
		{s.Answer, p.Service.Answer}, {s.Decline, p.Service.Decline}, {s.Busy, p.Service.Busy}, {s.LetRing, p.Service.LetRing},
		{s.Admit, p.Service.Admit}, {s.Remove, p.Service.Remove}, {s.HangUp, p.Service.HangUp}, {s.Share, p.share}, {s.Unshare, p.unshare},
	} {
		if simple.of != nil {
			return p.in(simple.of.Call, simple.do)
		}
	}
	switch {
	case s.Join != nil:
		return p.in(s.Join.Call, func(id string) error { return p.join(id, s.Join) })
	case s.Leave != nil:
		return p.in(s.Leave.Call, func(id string) error { return p.Service.Leave(id, p.people[id+s.Leave.Name]) })
	case s.Mute != nil:
		return p.in(s.Mute.Call, func(id string) error {
			return p.Service.Simulator.Change(id, p.people[id+s.Mute.Name], map[string]any{"isMuted": true})
		})
	case s.Press != nil:
		return p.in(s.Press.Call, func(id string) error { return p.press(id, s.Press) })
	case s.Speak != nil:
		return p.in(s.Speak.Call, func(id string) error { return p.Service.Speak(id, time.Duration(s.Speak.For)) })
	}
	return errors.New("the step says nothing")
}

// in does something in a call.
func (p *Player) in(number int, do func(id string) error) error {
	id, err := p.call(number)
	if err != nil {
		return err
	}
	return do(id)
}

func (p *Player) join(id string, who *Person) error {
	made, err := p.Service.Simulator.Join(id, map[string]any{
		"isInLobby": who.Lobby, "isMuted": false, "info": map[string]any{
			"@odata.type": "#microsoft.graph.participantInfo",
			"identity": map[string]any{"@odata.type": "#microsoft.graph.identitySet", "user": map[string]any{
				"@odata.type": "#microsoft.graph.identity", "displayName": who.Name, "id": who.Name,
			}},
		},
	})
	p.people[id+who.Name] = made
	return err
}

// press presses a key. One that the bot cannot hear fails the step, unless that is meant.
func (p *Player) press(id string, key *Press) error {
	tone := map[string]string{"#": "pound", "*": "star"}[key.Tone]
	switch {
	case tone != "":
	case key.Tone >= "0" && key.Tone <= "9":
		tone = "tone" + key.Tone
	default:
		tone = strings.ToLower(key.Tone)
	}
	err := p.Service.Simulator.Press(id, 0, tone)
	if key.Unheard {
		return nil
	}
	return err
}

func (p *Player) share(id string) (err error) {
	if p.shared[id] != "" {
		return p.Service.ShareAgain(id, p.shared[id])
	}
	p.shared[id], err = p.Service.Share(id)
	return err
}

func (p *Player) unshare(id string) error {
	session := p.shared[id]
	delete(p.shared, id)
	return p.Service.StopSharing(id, session)
}
