package session

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/callgen/callgen/templates/runtime/client"
	"github.com/callgen/callgen/templates/runtime/model"
)

// CallResume says where a session stands that another process began, as passed to
// [Calls.OnResume]. [CallSession.Data] returns what the program has kept with it.
type CallResume struct {
	Stored    bool                // a session was stored; otherwise only the call is known
	Again     int                 // how many events follow that may have been handled already
	Running   []*SessionOperation // under way
	Uncertain []*SessionOperation // were being sent, and the service does not know them: they may have taken effect
}

// Rehydrate takes up a call that another process began: it loads its session, if one is stored,
// fetches the call, its participants and the operations under way, and goes on. It returns the
// session of this process if there is one already.
//
// A call that has ended meanwhile has a session all the same, if one was stored, until the
// functions for its end have been called.
func (c *Calls) Rehydrate(ctx context.Context, id string) (*CallSession, error) {
	return c.take(ctx, id, false)
}

// RehydrateAll takes up all stored calls. It goes on after a call that fails.
func (c *Calls) RehydrateAll(ctx context.Context) error {
	if c.options.Store == nil {
		return errors.New("no store is set: set CallsOptions.Store")
	}
	var failed []error
	for id, err := range c.options.Store.List(ctx) {
		if err == nil {
			_, err = c.take(ctx, id, true)
		}
		if err != nil && !errors.Is(err, ErrCallNotStored) {
			failed = append(failed, fmt.Errorf("call %s: %w", id, err))
		}
	}
	return errors.Join(failed...)
}

// take takes up a call, which must be stored if that is asked for.
func (c *Calls) take(ctx context.Context, id string, mustBeStored bool) (*CallSession, error) {
	if s, ok := c.Get(id); ok {
		return s.taken(ctx)
	}
	stored, saved, err := c.load(ctx, sameKey(id))
	if err == nil && saved == nil && mustBeStored {
		err = ErrCallNotStored
	}
	if err != nil {
		return nil, err
	}
	if saved != nil {
		id = saved.ID // in the service's spelling
	}
	s := newSession(c, id)
	s.working = true // not yet
	s.turn <- struct{}{}
	c.mu.Lock()
	if c.closing {
		c.mu.Unlock()
		return nil, ErrCallLeft
	}
	if other, ok := c.byKey[s.key]; ok {
		c.mu.Unlock()
		return other.taken(ctx)
	}
	c.byKey[s.key] = s
	c.mu.Unlock()
	err = s.takeUp(ctx, stored.Revision, saved)
	s.mu.Lock()
	s.working = false
	if err == nil {
		s.wake()
	}
	s.mu.Unlock()
	s.yield()
	if err != nil {
		s.leave(fmt.Errorf("%w: %w", ErrCallLeft, err))
		return nil, err
	}
	return s, nil
}

// taken returns a session when it is complete: somebody else may be taking the call up.
func (s *CallSession) taken(ctx context.Context) (*CallSession, error) {
	if err := s.take(ctx); err != nil {
		return nil, err
	}
	s.yield()
	if s.isLeft() {
		return nil, s.Err()
	}
	return s, nil
}

func (s *CallSession) isLeft() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.left != nil
}

// takeUp takes over what is saved of a call, nil for nothing, and fetches the rest. The caller has
// the turn.
func (s *CallSession) takeUp(ctx context.Context, revision uint64, saved *savedSession) error {
	s.mu.Lock()
	s.revision = revision
	var err error
	if saved != nil {
		err = s.restore(saved)
	}
	s.resume = &CallResume{Stored: saved != nil, Again: len(s.mailbox)}
	ended := s.ended != nil // the functions for its end are left
	s.mu.Unlock()
	if err == nil && !ended {
		err = s.fetchAll(ctx, saved != nil)
	}
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.dirty = true
	s.mu.Unlock()
	return s.save(ctx)
}

// fetchAll fetches a call that is taken up.
func (s *CallSession) fetchAll(ctx context.Context, stored bool) error {
	data, err := client.FetchAt(ctx, s.calls.client, http.MethodGet, s.path(""), nil, nil)
	if isGone(err) && stored {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.settle(nil, nil)
		if s.position != 0 {
			s.leaving = true
			s.later(s.calls.options.PollAfter, s.finishUnknown)
			return nil
		}
		return s.applyMembers(members{"state": quoted(stateTerminated)})
	}
	if err != nil {
		return err
	}
	s.fetchPresent(ctx)
	known, unknown := s.lookUpAll(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.applyFetched(data); err != nil || s.ended != nil {
		return err
	}
	s.settle(known, unknown)
	for _, o := range s.operations {
		s.resume.Running = append(s.resume.Running, o)
	}
	if !isState(s.State(), stateIncoming) {
		s.keepAliveAfter(0) // nobody knows when the last one was sent
	}
	return nil
}

// fetchPresent fetches the participants. It is not an event that they are there.
func (s *CallSession) fetchPresent(ctx context.Context) {
	list, err := s.listParticipants(ctx)
	if err == nil {
		s.roster.ApplyFetched(list, 0)
		return
	}
	s.report(fmt.Errorf("the participants cannot be fetched: %w", err))
	s.mu.Lock()
	s.rosterTimer = s.later(s.calls.options.RosterGap, func(ctx context.Context) { s.reportOther(s.fetchRoster(ctx)) })
	s.mu.Unlock()
}

// lookUpAll asks for the operations under way. It returns what the service says of them, and those
// that it does not know; others are asked for later.
func (s *CallSession) lookUpAll(ctx context.Context) (known map[*SessionOperation]model.Operation, unknown []*SessionOperation) {
	known = make(map[*SessionOperation]model.Operation)
	for _, o := range s.Operations() {
		if o.usual == "" {
			unknown = append(unknown, o) // it leaves no trace
			continue
		}
		result, err := s.lookUp(ctx, o)
		switch {
		case err == nil:
			known[o] = result
		case isGone(err) || errors.Is(err, errNotListed) || o.ID() == "":
			unknown = append(unknown, o)
		}
	}
	return known, unknown
}

// settle records what the service says of the operations under way. s.mu is held.
func (s *CallSession) settle(known map[*SessionOperation]model.Operation, unknown []*SessionOperation) {
	for _, o := range unknown {
		o.uncertain = true
		o.err = fmt.Errorf("%s: %w: the process ended while it was sent or under way", o.action, ErrCallUncertain)
		s.close(o)
		s.resume.Uncertain = append(s.resume.Uncertain, o)
	}
	for o, result := range known {
		s.adopt(o, result)
	}
	for _, o := range s.operations {
		if o.timer == nil {
			s.poll(o)
		}
	}
}
