package session

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/callgen/callgen/templates/runtime/callback"
	"github.com/callgen/callgen/templates/runtime/client"
	"github.com/callgen/callgen/templates/runtime/model"
)

// CallSession follows one call, keeps it alive, and acts in it. [Calls] creates sessions. The
// methods are safe for concurrent use; the values that they return are shared and must not be
// modified.
type CallSession struct {
	callFunctions

	calls *Calls
	id    string        // as the service spells it
	key   string        // the same for each spelling
	turn  chan struct{} // held while the session changes and is saved, so that saves keep their order
	done  chan struct{}
	ctx   context.Context // ends with the call, or when this process leaves it
	end   context.CancelCauseFunc

	mu              sync.Mutex
	members         members // of the call, without the tone
	call            *model.Call
	tracker         *model.CallTracker
	roster          *model.Roster
	tones           toneQueue
	pressed         []model.Tone // for NextTone
	messages        []string     // the last ones that were applied
	tenant          string       // for which the first notification was signed; "" while none was
	operations      map[string]*SessionOperation
	early           map[string]model.Operation // ended before the session knew their ids
	endedOperations []string                   // ids of the last ones
	mailbox         []*SessionEvent
	working         bool // a goroutine handles the mailbox
	introduced      bool // OnSession has been called
	released        bool // nothing of it happens any more
	resume          *CallResume
	number          uint64 // of what the session has named
	position        uint64
	leaving         bool              // the service does not know the call any more
	passed          []model.CallState // since somebody waits
	waiters         int
	changed         chan struct{} // closed at each change
	ended           *CallEndedError
	left            error // why this process does not follow the call any more

	userVersion int
	userData    []byte

	revision uint64
	dirty    bool // changed since it was saved
	savedAt  time.Time

	keepAlive, incomingTimer, toneTimer, rosterTimer, pollTimer CallTimer
	pollWait                                                    time.Duration
	keepAlives                                                  int // for the jitter
}

// newSession returns a session whose call is not known yet.
func newSession(c *Calls, id string) *CallSession {
	s := &CallSession{
		calls: c, id: id, key: sameKey(id), turn: make(chan struct{}, 1), done: make(chan struct{}), changed: make(chan struct{}),
		members: members{"id": quoted(id)}, tracker: model.NewCallTracker(1, 100*365*24*time.Hour), roster: model.NewRoster(),
		operations: make(map[string]*SessionOperation), early: make(map[string]model.Operation), savedAt: c.options.Clock.Now(),
	}
	s.call, _ = s.members.call() // an id only
	s.ctx, s.end = context.WithCancelCause(c.ctx)
	return s
}

// ID returns the id of the call.
func (s *CallSession) ID() string { return s.id }

// State returns the latest state of the call.
func (s *CallSession) State() model.CallState {
	state, _, _ := s.tracker.State(s.id)
	return state
}

// Call returns the call as far as it is known: as it was created or fetched, with what
// notifications have changed. It has no tones.
func (s *CallSession) Call() *model.Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.call
}

// Roster returns the participants of the call.
func (s *CallSession) Roster() *model.Roster { return s.roster }

// Operations returns the operations that have not ended, in the order in which they began.
func (s *CallSession) Operations() []*SessionOperation {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []*SessionOperation
	for _, key := range slices.Sorted(maps.Keys(s.operations)) {
		list = append(list, s.operations[key])
	}
	return list
}

// Done returns a channel that is closed when the call has ended and all its events are handled,
// or when this process has left the call.
func (s *CallSession) Done() <-chan struct{} { return s.done }

// Err returns a [*CallEndedError] when the call has ended, an error that wraps [ErrCallLeft] when
// this process has left it, and nil until then.
func (s *CallSession) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.over()
}

// over returns why nothing can be done in the call any more. s.mu is held.
func (s *CallSession) over() error {
	if s.ended != nil {
		return s.ended
	}
	return s.left
}

// Data returns the program's own data of the call, see SetData.
func (s *CallSession) Data() (version int, data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.userVersion, s.userData
}

// SetData keeps data of the program with the session, for [Calls.OnResume] to find after a
// restart. Version says how the program has written them.
func (s *CallSession) SetData(ctx context.Context, version int, data []byte) error {
	return s.change(ctx, func() { s.userVersion, s.userData = version, slices.Clone(data) })
}

// Go runs a function on a goroutine of its own, such as a dialogue that lasts as long as the
// call. Its context ends with the call, or when this process leaves it; [Calls.Close] waits for
// it.
func (s *CallSession) Go(f func(ctx context.Context)) {
	s.calls.spawn(func() { s.contain(func() error { f(s.ctx); return nil }) })
}

// Refresh fetches the call and its participants.
func (s *CallSession) Refresh(ctx context.Context) error {
	if err := s.fetchCall(ctx); err != nil {
		return err
	}
	return s.fetchRoster(ctx)
}

// HangUp ends the call. Its end is an event that follows.
func (s *CallSession) HangUp(ctx context.Context, opts ...client.RequestOption) error {
	err := s.do(ctx, "hangUp", func() error {
		return client.SendAt(ctx, s.calls.client, http.MethodDelete, s.path(""), nil, opts)
	})
	if isGone(err) {
		s.gone(ctx)
		return nil
	}
	if err == nil {
		s.later(s.calls.options.PollAfter, func(ctx context.Context) { _ = s.fetchCall(ctx) }) // its end may be lost
	}
	return err
}

// Leave makes this process stop following the call, which goes on: it is saved for a successor,
// and nothing is sent any more. Functions that are running are waited for.
func (s *CallSession) Leave(ctx context.Context) error {
	if err := s.take(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	s.dirty = true
	s.mu.Unlock()
	err := s.save(ctx)
	if s.isLeft() {
		err = nil // somebody else has it
	}
	s.leave(ErrCallLeft)
	s.yield()
	select {
	case <-s.done:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// act sends an action without a result. Generated code calls it.
func (s *CallSession) act(ctx context.Context, action string, body any, opts []client.RequestOption) error {
	return s.do(ctx, action, func() error {
		return client.SendAt(ctx, s.calls.client, http.MethodPost, s.path("/"+action), body, opts)
	})
}

// do carries out something whose intent is saved before, and forgotten when it is done.
func (s *CallSession) do(ctx context.Context, action string, send func() error) error {
	o := &SessionOperation{session: s, action: action, done: make(chan struct{})}
	if err := s.intend(ctx, o, nil); err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	err := send()
	_ = s.take(context.Background()) // for a moment only
	defer s.yield()
	s.mu.Lock()
	s.dirty = true
	if isOpen(o) {
		s.close(o)
	}
	s.mu.Unlock()
	s.saveLater(s.save(s.calls.ctx))
	if err != nil && !refusedForCertain(err) {
		return fmt.Errorf("%s: %w: %w", action, ErrCallUncertain, err)
	}
	return err
}

// path returns the path of something of the call.
func (s *CallSession) path(below string) string {
	return "/communications/calls/" + url.PathEscape(s.id) + below
}

// nextKey names an intent. s.mu is held.
func (s *CallSession) nextKey(action string) string {
	s.number++
	return fmt.Sprintf("%016x-%s-%s", s.number, action, s.calls.nonce)
}

// change changes the session and saves it.
func (s *CallSession) change(ctx context.Context, f func()) error {
	if err := s.take(ctx); err != nil {
		return err
	}
	defer s.yield()
	s.mu.Lock()
	err := s.over()
	if err == nil {
		f()
		s.dirty = true
	}
	s.mu.Unlock()
	if err != nil {
		return err
	}
	return s.save(ctx)
}

// take waits for the turn to change the session; yield ends it.
func (s *CallSession) take(ctx context.Context) error {
	select {
	case s.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (s *CallSession) yield() { <-s.turn }

// later calls f after a while, unless the session is over by then.
func (s *CallSession) later(d time.Duration, f func(context.Context)) CallTimer {
	return s.calls.options.Clock.AfterFunc(d, func() {
		if s.ctx.Err() == nil {
			s.calls.spawn(func() { f(s.ctx) })
		}
	})
}

// fetchCall fetches the call and applies what has changed.
func (s *CallSession) fetchCall(ctx context.Context) error {
	data, err := client.FetchAt(ctx, s.calls.client, http.MethodGet, s.path(""), nil, nil)
	if isGone(err) {
		s.gone(ctx)
		return nil
	}
	if err != nil {
		return err
	}
	return s.changeAlways(ctx, func() error { return s.applyFetched(data) })
}

// changeAlways applies what the service says and saves it.
func (s *CallSession) changeAlways(ctx context.Context, f func() error) error {
	if err := s.take(ctx); err != nil {
		return err
	}
	defer s.yield()
	s.mu.Lock()
	err := s.over()
	if err == nil {
		err = f()
		s.dirty = true
		s.wake()
	}
	s.mu.Unlock()
	if err != nil {
		return err
	}
	return s.save(ctx)
}

// fetchRoster fetches the participants.
func (s *CallSession) fetchRoster(ctx context.Context) error {
	asOf := s.roster.Sequence()
	list, err := s.listParticipants(ctx)
	if err != nil {
		return err
	}
	return s.changeAlways(ctx, func() error {
		s.rosterChanged(s.roster.ApplyFetched(list, asOf), nil)
		return nil
	})
}

// listParticipants fetches the participants.
func (s *CallSession) listParticipants(ctx context.Context) ([]*model.Participant, error) {
	var list []*model.Participant
	for p, err := range client.EachAt[*model.Participant](ctx, s.calls.client, s.path("/participants"), nil) {
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

// listed fetches the operations of the call.
func (s *CallSession) listed(ctx context.Context) ([]json.RawMessage, error) {
	data, err := client.FetchAt(ctx, s.calls.client, http.MethodGet, s.path("/operations"), nil, nil)
	if err != nil {
		return nil, err
	}
	var page struct{ Value []json.RawMessage }
	return page.Value, json.Unmarshal(data, &page)
}

// gone is told that the service does not know the call any more. If notifications come from a log,
// some may not have been read yet, such as that of the end of a recording, or of the call itself:
// the session waits for them.
func (s *CallSession) gone(ctx context.Context) {
	s.mu.Lock()
	wait := s.position != 0 && s.over() == nil
	if wait && !s.leaving {
		s.leaving = true
		s.later(s.calls.options.PollAfter, s.finishUnknown)
	}
	s.mu.Unlock()
	if !wait {
		s.finishUnknown(ctx)
	}
}

// finishUnknown ends a call that the service does not know any more.
func (s *CallSession) finishUnknown(ctx context.Context) {
	_ = s.changeAlways(ctx, func() error { // it may have ended otherwise meanwhile
		news := members{"id": quoted(s.id), "state": quoted(stateTerminated)}
		return s.applyMembers(news)
	})
}

// containedError calls a function of the program, and returns its error, or its panic as one.
func containedError(f func() error) error {
	failure := callback.Contained(f)
	switch {
	case failure == nil:
		return nil
	case failure.Stack == nil:
		return failure.Err
	}
	return failure
}

// contain calls a function of the program, and reports its error or panic.
func (s *CallSession) contain(f func() error) {
	if failure := callback.Contained(f); failure != nil {
		s.report(failure)
	}
}

// report reports a failure.
func (s *CallSession) report(err error) { s.calls.report(s.ctx, s.id, err) }
