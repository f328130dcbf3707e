package session

import (
	"context"
	"errors"
	"fmt"
)

// This file calls the program's functions.

// queue puts an event into the mailbox. s.mu is held.
func (s *CallSession) queue(e *SessionEvent) {
	s.number++
	e.ID, e.At, e.Session = fmt.Sprintf("%s#%d", s.id, s.number), s.calls.options.Clock.Now(), s
	s.mailbox = append(s.mailbox, e)
	s.wake()
	s.broadcast()
}

// wake begins to handle the mailbox, unless that is under way. s.mu is held.
func (s *CallSession) wake() {
	if s.working || s.released || s.left != nil || s.introduced && len(s.mailbox) == 0 {
		return
	}
	s.working = true
	if !s.calls.spawn(s.work) {
		s.working = false
	}
}

// work calls the functions for the events in the mailbox until it is empty.
func (s *CallSession) work() {
	ctx := s.calls.ctx
	var next *SessionEvent
	returns := false
	defer func() {
		if !returns { // a function has ended this goroutine
			s.goOn(next)
		}
	}()
	for {
		s.mu.Lock()
		switch {
		case s.left != nil || s.introduced && len(s.mailbox) == 0:
			s.working = false
			last := s.over() != nil && !s.released
			s.released = s.released || last
			s.mu.Unlock()
			returns = true
			if last {
				s.calls.release(s)
			}
			return
		case !s.introduced:
			s.introduced = true
			resume := s.resume
			s.mu.Unlock()
			s.introduce(ctx, resume)
		default:
			next = s.mailbox[0]
			s.mu.Unlock()
			s.handle(ctx, next)
			s.handled(next)
		}
	}
}

// goOn handles the mailbox on another goroutine, from the event on whose functions have ended
// this one, as t.FailNow does; nil for functions without an event.
func (s *CallSession) goOn(after *SessionEvent) {
	s.report(errors.New("a function has ended its goroutine: the functions after it are not called for this event"))
	if after != nil {
		s.handled(after)
	}
	if !s.calls.spawn(s.work) {
		go s.work() // Close has given up
	}
}

// introduce calls the functions for a session that begins in this process.
func (s *CallSession) introduce(ctx context.Context, resume *CallResume) {
	for _, f := range s.calls.sessions.all() {
		s.contain(func() error { (*f)(ctx, s); return nil })
	}
	if resume == nil {
		return
	}
	for _, f := range s.calls.resumed.all() {
		s.contain(func() error { (*f)(ctx, s, resume); return nil })
	}
}

// handle calls the functions for an event.
func (s *CallSession) handle(ctx context.Context, e *SessionEvent) {
	for _, list := range []*callFunctions{&s.calls.callFunctions, &s.callFunctions} {
		for _, f := range list.kinds.all() {
			if f.kind == "" || f.kind == e.Kind {
				s.contain(func() error { return f.call(ctx, e) })
			}
		}
	}
	if e.Kind == SessionEventIncoming {
		for _, f := range s.calls.incoming.all() {
			s.contain(func() error { (*f)(ctx, s); return nil })
		}
	}
}

// handled removes an event from the mailbox.
func (s *CallSession) handled(e *SessionEvent) {
	_ = s.take(context.Background()) // for a moment only
	defer s.yield()
	s.mu.Lock()
	if s.left == nil && len(s.mailbox) > 0 && s.mailbox[0] == e {
		s.mailbox[0] = nil
		s.mailbox = s.mailbox[1:]
		s.dirty = true
	}
	last := s.ended != nil && len(s.mailbox) == 0
	s.mu.Unlock()
	if !last { // or it is deleted in a moment
		s.saveLater(s.save(s.calls.ctx))
	}
}

// leave makes this process stop following the call.
func (s *CallSession) leave(err error) {
	s.mu.Lock()
	if s.left != nil {
		s.mu.Unlock()
		return
	}
	s.left = err
	s.stopTimers()
	for _, o := range s.operations {
		o.err = err
		s.close(o)
	}
	idle := !s.working && !s.released
	s.released = s.released || idle
	s.end(err)
	s.broadcast()
	s.mu.Unlock()
	s.calls.forget(s)
	if idle && !s.calls.spawn(func() { s.calls.release(s) }) {
		go s.calls.release(s) // who leaves may have the turn, which it takes
	}
}

// reportOther reports an error that is not the consequence of the session's end.
func (s *CallSession) reportOther(err error) {
	if err != nil && s.Err() == nil && !errors.Is(err, context.Canceled) {
		s.report(err)
	}
}

// saveLater reports that the session could not be saved: the next change tries again.
func (s *CallSession) saveLater(err error) {
	if err != nil {
		s.reportOther(fmt.Errorf("the session cannot be saved: %w", err))
	}
}
