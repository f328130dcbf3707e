package simulator

import (
	"fmt"
	"slices"
	"time"
)

// Callee is what those do whom a bot calls, invites, or transfers or redirects a call to.
type Callee string

// What callees do when the bot calls them.
const (
	Answers          Callee = "answers" // without ringing, as on the page "Create call"
	RingsThenAnswers Callee = "rings"
	RingsThenDecline Callee = "declines"
	IsBusy           Callee = "busy"
	DoesNotAnswer    Callee = "no answer" // until the time is up
	IsUnreachable    Callee = "unreachable"
	Waits            Callee = "waits" // rings until Answer, Decline or Busy is called
)

// Callees says what those do whom the bot calls, unless [Simulator.Next] says it: Answers by
// default.
func Callees(c Callee) Option { return func(s *Simulator) { s.callees.usual = c } }

// Next says what the next ones do whom the bot calls, in the order in which it calls them.
func (s *Simulator) Next(callees ...Callee) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.callees.next = append(s.callees.next, callees...)
}

type calleePlan struct {
	usual Callee
	next  []Callee
}

func (p *calleePlan) take() Callee {
	if len(p.next) > 0 {
		c := p.next[0]
		p.next = p.next[1:]
		return c
	}
	if p.usual == "" {
		return Answers
	}
	return p.usual
}

// callee is somebody who is being called.
type callee struct {
	does     Callee
	info     object // a participantInfo
	limit    *step
	answered func()
	failed   func(ending)
}

// participant is who has answered, as a participant of the call.
func (c *callee) participant(s *Simulator) object {
	return object{"id": s.newID(), "isMuted": false, "isInLobby": false, "info": c.info}
}

// infoOfTarget is a target of a call as who answers it.
func infoOfTarget(target any) object {
	t, _ := target.(object)
	identity, _ := t["identity"].(object)
	return infoOf(identity)
}

// ring calls somebody. A call that rings is in the state ringing, in which only its first
// callee puts it. It takes at most a time.
func (s *Simulator) ring(c *liveCall, who *callee, most time.Duration, ringing func()) {
	c.called = append(c.called, who)
	fail := func(e ending) func() { return func() { s.gaveUp(c, who, e) } }
	switch who.does {
	case Answers:
		s.later(c, connecting, s.timing.Connect, func() { s.pickedUp(c, who) })
		return
	case IsUnreachable:
		s.later(c, connecting, s.timing.Connect, fail(unreachable()))
		return
	case IsBusy:
		s.later(c, connecting, s.timing.Connect, fail(isBusy()))
		return
	}
	s.later(c, connecting, s.timing.Ring, func() {
		if ringing != nil {
			ringing()
		}
		switch who.does {
		case RingsThenAnswers:
			s.later(c, connecting, s.timing.Answer, func() { s.pickedUp(c, who) })
		case RingsThenDecline:
			s.later(c, connecting, s.timing.Answer, fail(declined()))
		default:
			who.limit = s.later(c, limit, most, fail(nobodyAnswered()))
		}
	})
}

// pickedUp and gaveUp end the ringing.
func (s *Simulator) pickedUp(c *liveCall, who *callee) {
	if s.rang(c, who) {
		who.answered()
	}
}

func (s *Simulator) gaveUp(c *liveCall, who *callee, e ending) {
	if s.rang(c, who) {
		who.failed(e)
	}
}

// rang takes somebody from those who are being called, and reports false if it was done.
func (s *Simulator) rang(c *liveCall, who *callee) bool {
	i := slices.Index(c.called, who)
	if i >= 0 {
		c.called = slices.Delete(c.called, i, i+1)
		s.cancel(who.limit)
	}
	return i >= 0
}

// rings tells the bot that a call rings, if the description has the state.
func (s *Simulator) rings(c *liveCall) {
	if s.model.hasMember("callState", "ringing") && s.member(c.id, "state") == "establishing" {
		s.setState(c.id, "ringing", nil)
	}
}

// callAll calls the targets of a call. Those who answer without ringing do so together.
func (s *Simulator) callAll(c *liveCall) {
	targets, _ := s.member(c.id, "targets").([]any)
	most := s.timing.NoAnswer
	if n, ok := s.member(c.id, "ringingTimeoutInSeconds").(float64); ok && n > 0 {
		most = time.Duration(n * float64(time.Second))
	}
	left := len(targets)
	var together []*callee
	for _, target := range targets {
		who := &callee{does: s.callees.take(), info: infoOfTarget(target)}
		who.answered = func() {
			if c.settled {
				s.joined(c.id, who.participant(s))
				return
			}
			s.establish(c, who)
		}
		who.failed = func(e ending) {
			if left--; left == 0 && !c.settled {
				s.end(c.id, e, nil)
			}
		}
		if who.does == Answers {
			together = append(together, who)
			continue
		}
		s.ring(c, who, most, func() { s.rings(c) })
	}
	if len(together) > 0 {
		c.called = append(c.called, together...)
		s.later(c, connecting, s.timing.Connect, func() { s.pickedUpTogether(c, together) })
	}
}

// pickedUpTogether lets those answer who have not done anything else.
func (s *Simulator) pickedUpTogether(c *liveCall, all []*callee) {
	all = slices.DeleteFunc(all, func(who *callee) bool { return !s.rang(c, who) })
	if !c.settled && len(all) > 0 {
		s.establish(c, all...)
		return
	}
	for _, who := range all {
		who.answered()
	}
}

// callee returns the first one who is being called in a call.
func (s *Simulator) callee(callID string) (*liveCall, *callee, error) {
	c := s.calls[callID]
	if c == nil {
		return nil, nil, noCall(callID)
	}
	if len(c.called) == 0 {
		return nil, nil, fmt.Errorf("nobody is being called in the call %s", callID)
	}
	return c, c.called[0], nil
}

// Answer lets the first one answer who is being called in a call of the bot.
func (s *Simulator) Answer(callID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, who, err := s.callee(callID)
	if err == nil {
		s.person(callID, "answers")
		s.pickedUp(c, who)
	}
	return err
}

// Decline lets the first one decline who is being called.
func (s *Simulator) Decline(callID string) error { return s.giveUp(callID, "declines", declined()) }

// Busy lets the first one be busy who is being called.
func (s *Simulator) Busy(callID string) error { return s.giveUp(callID, "is busy", isBusy()) }

// LetRing lets the first one who is being called not answer, as if the time were up.
func (s *Simulator) LetRing(callID string) error {
	return s.giveUp(callID, "does not answer", nobodyAnswered())
}

func (s *Simulator) giveUp(callID, does string, e ending) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, who, err := s.callee(callID)
	if err == nil {
		s.person(callID, does)
		s.gaveUp(c, who, e)
	}
	return err
}

// person notes what somebody did; s.mu is held.
func (s *Simulator) person(callID, text string) {
	s.record(Entry{Kind: KindPerson, CallID: callID, Text: text})
}
