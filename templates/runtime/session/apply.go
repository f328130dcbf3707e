package session

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/callgen/callgen/templates/runtime/callback"
	"github.com/callgen/callgen/templates/runtime/client"
	"github.com/callgen/callgen/templates/runtime/codec"
	"github.com/callgen/callgen/templates/runtime/model"
)

// This file applies notifications, and what was fetched, to a session.

// deliver applies a notification and saves the session. An error makes the service send the
// notification again.
func (s *CallSession) deliver(ctx context.Context, e *callback.CallbackEvent) error {
	if err := s.take(ctx); err != nil {
		return fmt.Errorf("%w: %w", callback.ErrNotificationBusy, err)
	}
	defer s.yield()
	s.mu.Lock()
	err := s.apply(e)
	s.mu.Unlock()
	if errors.Is(err, ErrCallTenant) {
		s.report(err)
		return nil
	}
	if err != nil {
		return err
	}
	if err := s.save(ctx); err != nil {
		return fmt.Errorf("%w: the session cannot be saved: %w", callback.ErrNotificationBusy, err)
	}
	return nil
}

// mostMessages is how many message ids a session remembers.
const mostMessages = 64

// apply applies a notification unless it has been applied already. s.mu is held.
func (s *CallSession) apply(e *callback.CallbackEvent) error {
	switch {
	case s.released && s.ended != nil:
		return nil
	case s.left != nil:
		return fmt.Errorf("%w: %w", callback.ErrNotificationShutdown, s.left)
	case e.Origin.Position != 0 && e.Origin.Position <= s.position:
		return nil
	}
	if e.TenantID != "" && s.tenant != "" && sameKey(e.TenantID) != sameKey(s.tenant) {
		return fmt.Errorf("%w: of %s, not of %s", ErrCallTenant, codec.Printable(e.TenantID), codec.Printable(s.tenant))
	}
	id := eventID(e)
	if e.Origin.MessageID != "" && slices.Contains(s.messages, id) {
		return nil
	}
	if len(s.mailbox) >= s.calls.options.Mailbox && !s.ends(e) {
		return fmt.Errorf("%w: %d events of the call wait for the program's functions", callback.ErrNotificationBusy, len(s.mailbox))
	}
	if e.Origin.MessageID != "" {
		s.messages = append(s.messages, id)
		s.messages = s.messages[max(0, len(s.messages)-mostMessages):]
	}
	s.position = max(s.position, e.Origin.Position)
	s.tenant = cmp.Or(s.tenant, e.TenantID)
	s.dirty = true
	own := *e
	own.Resource.CallID = s.id // in the session's spelling
	before := len(s.mailbox)
	s.applyValues(&own)
	for i, made := range s.mailbox[before:] {
		made.ID, made.Origin, made.TenantID, made.Notified = fmt.Sprintf("%s/%d", id, i), e.Origin, e.TenantID, e
	}
	s.wake()
	return nil
}

// ends reports whether a notification may say that the call has ended. s.mu is held.
func (s *CallSession) ends(e *callback.CallbackEvent) bool {
	return s.ended == nil && e.Resource.Collection == "" && slices.ContainsFunc(e.Values, func(v codec.Value) bool {
		call, ok := v.(*model.Call)
		return isState(e.ChangeType, "deleted") || ok && call != nil && isState(factsOf[callFacts](call).State, stateTerminated)
	})
}

// applyValues applies what a notification says. s.mu is held.
func (s *CallSession) applyValues(e *callback.CallbackEvent) {
	roster, others := false, len(e.Values) == 0
	for _, v := range e.Values {
		switch v := v.(type) {
		case *model.Call:
			if e.Resource.Collection == "" && v != nil {
				s.applyCall(e, v)
			} else {
				others = true // of a type that is not known
			}
		case model.Operation:
			s.applyOperation(v)
		default:
			if e.Resource.Collection == callback.CallCollectionParticipants {
				roster = true
			} else {
				others = true
			}
		}
	}
	if roster || e.Resource.Collection == callback.CallCollectionParticipants {
		for _, change := range s.roster.Apply(e) {
			s.rosterChanged(change, e)
		}
		return
	}
	if others {
		s.queue(&SessionEvent{Kind: SessionEventNotice, Old: s.call, New: s.call})
	}
}

// applyFetched applies a call that was fetched. s.mu is held.
func (s *CallSession) applyFetched(data []byte) error {
	var m members
	if err := json.Unmarshal(data, &m); err != nil {
		return err
	}
	return s.applyMembers(m)
}

// applyMembers applies the members of a call that did not come with a notification. s.mu is held.
func (s *CallSession) applyMembers(m members) error {
	if m == nil {
		return errors.New("the service sent no call")
	}
	m["id"] = quoted(s.id)
	delete(m, "toneInfo") // it would be a tone of before
	call, err := m.call()
	if err == nil {
		s.applyCall(nil, call)
	}
	return err
}

// applyCall applies news of the call; e is nil for those that were fetched. s.mu is held.
func (s *CallSession) applyCall(e *callback.CallbackEvent, v *model.Call) {
	facts := factsOf[callFacts](v)
	arrival := s.tracker.Observe(e, v)
	switch arrival {
	case callback.ArrivalLate:
		s.pass(model.CallState(facts.State))
	case callback.ArrivalAmbiguous:
		s.calls.spawn(func() { s.reportOther(s.fetchCall(s.ctx)) })
	default:
		s.merge(arrival == callback.ArrivalNew, v, facts)
	}
	if t := facts.ToneInfo; t != nil && s.ended == nil {
		s.tonesPressed(s.tones.add(int64(t.SequenceID), t.Tone), 0)
	}
}

// merge merges news into the call. s.mu is held.
func (s *CallSession) merge(stateIsNew bool, v *model.Call, facts callFacts) {
	merged, differ := s.members.with(membersOf(v))
	state, _, _ := s.tracker.State(s.id)
	if stateIsNew {
		merged["state"] = quoted(string(state))
	}
	if !stateIsNew && !differ {
		return
	}
	call, err := merged.call()
	if err != nil {
		s.calls.report(s.ctx, s.id, err)
		return
	}
	old := s.call
	s.members, s.call, s.dirty = merged, call, true
	event := &SessionEvent{Kind: SessionEventUpdate, Old: old, New: call}
	if stateIsNew {
		s.pass(state)
		event.Kind = SessionEventState
	}
	switch {
	case stateIsNew && isState(state, stateTerminated):
		s.finish(event, facts.ResultInfo)
		return
	case stateIsNew && isState(state, stateIncoming):
		event.Kind = SessionEventIncoming
		s.watchIncoming()
	case stateIsNew:
		s.keepAliveFrom(s.calls.options.KeepAlive)
	}
	s.queue(event)
}

// pass records that the call has been in a state. s.mu is held.
func (s *CallSession) pass(state model.CallState) {
	if s.waiters > 0 {
		s.passed = append(s.passed, state)
		s.broadcast()
	}
}

// finish ends the call. s.mu is held.
func (s *CallSession) finish(event *SessionEvent, result *resultFacts) {
	s.ended = &CallEndedError{CallID: s.id}
	_, s.ended.Result, _ = s.tracker.State(s.id)
	if result != nil {
		s.ended.Code, s.ended.Subcode, s.ended.Message = int64(result.Code), int64(result.Subcode), result.Message
	}
	s.stopTimers()
	for _, o := range s.operations {
		o.err = s.ended
		s.close(o)
	}
	event.Kind, event.Err = SessionEventEnded, s.ended
	s.queue(event)
	s.end(s.ended)
}

// stopTimers stops everything that the session waits for. s.mu is held.
func (s *CallSession) stopTimers() {
	for _, t := range []*CallTimer{&s.keepAlive, &s.incomingTimer, &s.toneTimer, &s.rosterTimer, &s.pollTimer} {
		if *t != nil {
			(*t).Stop()
			*t = nil
		}
	}
	for _, o := range s.operations {
		if o.timer != nil {
			o.timer.Stop()
		}
	}
}

// applyOperation applies news of an operation. s.mu is held.
func (s *CallSession) applyOperation(v model.Operation) {
	facts := factsOf[operationFacts](v)
	for _, o := range s.operations {
		if o.id != "" && sameKey(o.id) == sameKey(facts.ID) || o.id == "" && facts.ClientContext != "" && o.context == facts.ClientContext {
			s.adopt(o, v)
			return
		}
	}
	if !client.OperationDone(facts.Status) || s.ended != nil {
		return
	}
	for _, o := range s.operations {
		if o.id == "" && o.usual != "" && len(s.early) < mostEarly { // its answer may be on the way
			s.early[sameKey(facts.ID)] = v
			return
		}
	}
	if !s.isKnown(facts.ID) { // neither begun by this session nor a repetition
		o := &SessionOperation{session: s, id: facts.ID, context: facts.ClientContext, result: v, done: make(chan struct{})}
		s.complete(o, facts)
	}
}

// mostEarly is how many operations are kept until the answers with their ids come.
const mostEarly = 16

// mostEndedOperations is how many ended operations a session remembers.
const mostEndedOperations = 64

// isKnown reports whether an operation has ended before, and remembers it. s.mu is held.
func (s *CallSession) isKnown(id string) bool {
	if slices.Contains(s.endedOperations, sameKey(id)) {
		return true
	}
	s.endedOperations = append(s.endedOperations, sameKey(id))
	s.endedOperations = s.endedOperations[max(0, len(s.endedOperations)-mostEndedOperations):]
	return false
}

// tonesPressed queues an event for tones, and gives up missing ones after a while. s.mu is held.
func (s *CallSession) tonesPressed(tones []model.Tone, missed int64) {
	if len(tones) > 0 {
		s.dirty = true
		s.pressed = append(s.pressed, tones...)
		s.pressed = s.pressed[max(0, len(s.pressed)-mostWaitingTones):]
		s.queue(&SessionEvent{Kind: SessionEventTones, Tones: tones, MissedTones: missed, Old: s.call, New: s.call})
	}
	if !s.tones.hasGap() {
		if s.toneTimer != nil {
			s.toneTimer.Stop()
			s.toneTimer = nil
		}
		return
	}
	if s.toneTimer == nil {
		s.toneTimer = s.later(s.calls.options.ToneGap, func(ctx context.Context) {
			s.reportOther(s.changeAlways(ctx, func() error {
				s.toneTimer = nil
				s.tonesPressed(s.tones.skip())
				return nil
			}))
		})
	}
}

// rosterChanged queues an event for a change of the roster, and fetches the list after a while if
// news is missing. s.mu is held.
func (s *CallSession) rosterChanged(change callback.RosterChange[*model.Participant], e *callback.CallbackEvent) {
	if len(change.Joined)+len(change.Updated)+len(change.Left) > 0 {
		s.queue(&SessionEvent{Kind: SessionEventRoster, Roster: change, Old: s.call, New: s.call, Notified: e})
	}
	if s.roster.NeedsList() && s.rosterTimer == nil && s.ended == nil {
		s.rosterTimer = s.later(s.calls.options.RosterGap, s.renewRoster)
	}
}

// renewRoster fetches the participants if news of them is still missing.
func (s *CallSession) renewRoster(ctx context.Context) {
	var err error
	if s.roster.NeedsList() {
		err = s.fetchRoster(ctx)
	}
	s.mu.Lock()
	s.rosterTimer = nil
	if s.roster.NeedsList() && s.over() == nil {
		s.rosterTimer = s.later(longer(s.calls.options.RosterGap, s.calls.options.PollAfter), s.renewRoster)
	}
	s.mu.Unlock()
	s.reportOther(err)
}
