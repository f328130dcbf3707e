package session

import (
	"context"
	"slices"

	"github.com/callgen/callgen/templates/runtime/model"
)

// This file lets the program wait for what happens in a call.

// Wait waits until the call is in one of the states, or has passed through one since Wait was
// called, and returns the call. Should no notification come, it asks the service. If the call ends
// instead, the error is a [*CallEndedError].
func (s *CallSession) Wait(ctx context.Context, states ...model.CallState) (*model.Call, error) {
	wanted := func(state model.CallState) bool {
		return slices.ContainsFunc(states, func(s model.CallState) bool { return isState(state, string(s)) })
	}
	s.mu.Lock()
	from := len(s.passed)
	s.mu.Unlock()
	return s.await(ctx, func() bool {
		state, _, _ := s.tracker.State(s.id)
		return wanted(state) || slices.ContainsFunc(s.passed[min(from, len(s.passed)):], wanted)
	})
}

// WaitUntil waits until a function returns true for the call, such as one that looks at its media
// state. It is otherwise like Wait.
func (s *CallSession) WaitUntil(ctx context.Context, done func(*model.Call) bool) (*model.Call, error) {
	return s.await(ctx, func() bool { return done(s.call) })
}

// NextTone waits for the next tone that nobody has asked for with NextTone before. The last 64 are
// kept.
func (s *CallSession) NextTone(ctx context.Context) (model.Tone, error) {
	var tone model.Tone
	for {
		s.mu.Lock()
		if len(s.pressed) > 0 {
			tone, s.pressed = s.pressed[0], s.pressed[1:]
			s.mu.Unlock()
			return tone, nil
		}
		changed, over := s.changed, s.over()
		s.mu.Unlock()
		if over != nil {
			return tone, over
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return tone, context.Cause(ctx)
		}
	}
}

// await waits until done, which is called with s.mu held, returns true.
func (s *CallSession) await(ctx context.Context, done func() bool) (*model.Call, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.stopWaiting()
	s.startWaiting()
	for {
		if done() {
			return s.call, nil
		}
		if err := s.over(); err != nil {
			return s.call, err
		}
		changed := s.changed
		s.mu.Unlock()
		var err error
		select {
		case <-changed:
		case <-ctx.Done():
			err = context.Cause(ctx)
		}
		s.mu.Lock()
		if err != nil {
			return s.call, err
		}
	}
}

// broadcast lets those who wait look again. s.mu is held.
func (s *CallSession) broadcast() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// startWaiting begins to ask for the call from time to time. s.mu is held.
func (s *CallSession) startWaiting() {
	if s.waiters++; s.waiters == 1 && s.over() == nil {
		s.pollWait = longer(0, s.calls.options.PollAfter)
		s.pollTimer = s.later(s.pollWait, s.pollCall)
	}
}

// stopWaiting ends that for the last one who waits. s.mu is held.
func (s *CallSession) stopWaiting() {
	if s.waiters--; s.waiters > 0 {
		return
	}
	s.passed = nil
	if s.pollTimer != nil {
		s.pollTimer.Stop()
		s.pollTimer = nil
	}
}

// pollCall fetches the call as long as somebody waits.
func (s *CallSession) pollCall(ctx context.Context) {
	s.reportOther(s.fetchCall(ctx))
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waiters > 0 && s.over() == nil {
		s.pollWait = longer(s.pollWait, s.calls.options.PollAfter)
		s.pollTimer = s.later(s.pollWait, s.pollCall)
	}
}
