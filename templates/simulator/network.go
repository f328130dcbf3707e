package simulator

import (
	"slices"
	"time"
)

// Disturbance is what the network does to notifications.
type Disturbance struct {
	Kind   DisturbanceKind
	CallID string        // "" stands for all calls
	Times  int           // how many notifications, the next one if it is 0
	Delay  time.Duration // for [Delay]

	held []*post
}

// DisturbanceKind is a kind of [Disturbance].
type DisturbanceKind string

// What networks do to notifications.
const (
	Lose    DisturbanceKind = "lose"
	Repeat  DisturbanceKind = "repeat"  // each is posted twice
	Delay   DisturbanceKind = "delay"   // each is posted later
	Reorder DisturbanceKind = "reorder" // they are posted when the last one is there, which goes first
)

// Disturb does something to the next notifications. Of several disturbances each gets those
// that the ones before it let pass.
func (s *Simulator) Disturb(d Disturbance) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d.Times, d.held = max(d.Times, 1), nil
	s.courier.disturbances = append(s.courier.disturbances, &d)
}

// disturbed reports whether the network has taken a notification; s.mu is held.
func (s *Simulator) disturbed(p *post) bool {
	c := &s.courier
	i := slices.IndexFunc(c.disturbances, func(d *Disturbance) bool { return d.CallID == "" || d.CallID == p.callID })
	if i < 0 {
		return false
	}
	d := c.disturbances[i]
	if d.Times--; d.Times == 0 {
		c.disturbances = slices.Delete(c.disturbances, i, i+1)
	}
	switch d.Kind {
	case Lose:
		s.lost(p)
	case Repeat:
		s.disturb(p, "repeats a notification")
		s.enqueue(p.copy(false))
		s.enqueue(p.copy(true))
	case Delay:
		s.disturb(p, "delays a notification by "+d.Delay.String())
		s.delayed(p, d.Delay)
	case Reorder:
		s.disturb(p, "holds a notification back")
		if d.held = append(d.held, p); d.Times == 0 {
			for _, p := range slices.Backward(d.held) {
				s.enqueue(p)
			}
		}
	}
	return true
}

func (s *Simulator) disturb(p *post, text string) {
	s.record(Entry{Kind: KindNetwork, CallID: p.callID, URL: p.url, Text: text})
}
