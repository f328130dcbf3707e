package main

import (
	"context"

	graph "github.com/callgen/callgen/generated/communications"
)

// states returns the states that are waited for, in order.
func states() []graph.CallState {
	return []graph.CallState{graph.CallStateEstablished, graph.CallStateTerminated}
}

// call returns the record of a call.
func (b *Bot) call(id string) *call {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, ok := b.seen[id]
	if !ok {
		c = &call{
			roster: graph.NewRoster(), tones: make(tones), states: make(map[graph.CallState]chan struct{}),
			done: make(map[string]graph.AnyCommsOperation), pound: make(chan struct{}),
		}
		for _, s := range states() {
			c.states[s] = make(chan struct{})
		}
		b.seen[id] = c
	}
	return c
}

// reached returns a channel that is closed when the call is in the state or beyond.
func (c *call) reached(s graph.CallState) <-chan struct{} { return c.states[s] }

func (b *Bot) onCall(_ context.Context, e *graph.CallbackEvent, v *graph.Call) error {
	c := b.call(e.Resource.CallID)
	c.mu.Lock()
	defer c.mu.Unlock()
	if b.calls.Observe(e, v) == graph.ArrivalNew {
		state, _, _ := b.calls.State(e.Resource.CallID)
		c.pass(state)
	}
	if v.ToneInfo != nil && v.ToneInfo.SequenceID != nil {
		for _, tone := range c.tones.add(*v.ToneInfo.SequenceID, v.ToneInfo.Tone) {
			b.out.say("Somebody pressed %s.", key(tone))
			if tone == graph.TonePound {
				closeOnce(c.pound)
			}
		}
	}
	return nil
}

// pass opens the channels of a state and of those before it: their notifications may come
// later, or never.
func (c *call) pass(state graph.CallState) {
	for _, s := range states() {
		if state == graph.CallStateTerminated || s == state {
			closeOnce(c.states[s])
		}
	}
}

func (b *Bot) onRoster(e *graph.CallbackEvent) error {
	c := b.call(e.Resource.CallID)
	// Under the lock, so that the messages keep the order of the roster.
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, change := range c.roster.Apply(e) {
		b.out.roster(change)
	}
	return nil
}

func (b *Bot) onOperation(_ context.Context, e *graph.CallbackEvent, o graph.AnyCommsOperation) error {
	if !hasEnded(o) {
		return nil
	}
	c := b.call(e.Resource.CallID)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done[o.AsCommsOperation().ID] = o
	return nil
}

func closeOnce(c chan struct{}) {
	select {
	case <-c:
	default:
		close(c)
	}
}

// tones holds tones by number until all tones before them have arrived.
type tones map[int64]graph.Tone

// add adds a tone and returns the ones that are next, in order. The numbers of a call begin
// with the first one to arrive, which is 1 unless that is lost.
func (t tones) add(number int64, tone graph.Tone) []graph.Tone {
	const heard = "" // keeps a repeated tone from being heard again
	if _, ok := t[number]; ok {
		return nil
	}
	t[number] = tone
	var next []graph.Tone
	for n := int64(1); ; n++ {
		tone, ok := t[n]
		if !ok {
			return next
		}
		if tone != heard {
			next = append(next, tone)
			t[n] = heard
		}
	}
}
