package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/callgen/callgen/templates/runtime/callback"
	"github.com/callgen/callgen/templates/runtime/codec"
	"github.com/callgen/callgen/templates/runtime/model"
)

// This file holds what is saved of a session, and saves it.

// savedVersion is the version of savedSession.
const savedVersion = 1

// savedSession is a session as it is saved.
type savedSession struct {
	Version     int              `json:"version"`
	ID          string           `json:"id"`
	Call        json.RawMessage  `json:"call"`
	Operations  []savedOperation `json:"operations,omitempty"`
	Mailbox     []savedEvent     `json:"mailbox,omitempty"`
	NextTone    int64            `json:"nextTone,omitempty"`
	Tones       []heardTone      `json:"tones,omitempty"`
	Messages    []string         `json:"messages,omitempty"`
	Ended       []string         `json:"endedOperations,omitempty"`
	Number      uint64           `json:"number"`
	Position    uint64           `json:"position,omitempty"`
	Tenant      string           `json:"tenant,omitempty"`
	UserVersion int              `json:"userVersion,omitempty"`
	UserData    []byte           `json:"userData,omitempty"`
}

// savedOperation is an operation as it is saved: an intent as long as it has no id.
type savedOperation struct {
	Key     string          `json:"key,omitempty"`
	Action  string          `json:"action,omitempty"`
	Usual   string          `json:"type,omitempty"`
	Context string          `json:"context,omitempty"`
	ID      string          `json:"id,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Failed  *savedFailure   `json:"failed,omitempty"`
	Error   string          `json:"error,omitempty"`
}

// savedFailure is a [CallOperationError].
type savedFailure CallOperationError

// savedEvent is an event that no function may have handled.
type savedEvent struct {
	ID       string                  `json:"id"`
	Kind     SessionEventKind        `json:"kind"`
	At       time.Time               `json:"at"`
	TenantID string                  `json:"tenantId,omitempty"`
	Origin   callback.CallbackOrigin `json:"origin"`
	Notified json.RawMessage         `json:"notified,omitempty"`
	Old      json.RawMessage         `json:"old,omitempty"`
	New      json.RawMessage         `json:"new,omitempty"` // left out if it is the same
	Tones    []model.Tone            `json:"tones,omitempty"`
	Missed   int64                   `json:"missed,omitempty"`
	Roster   *savedRoster            `json:"roster,omitempty"`
	Operated *savedOperation         `json:"operation,omitempty"`
	Error    string                  `json:"error,omitempty"`
}

// savedRoster is a change of the roster.
type savedRoster struct {
	Joined, Updated, Admitted, Left []json.RawMessage `json:",omitempty"`
	Late, Dropped                   int               `json:",omitempty"`
	Gap                             bool              `json:",omitempty"`
}

// packed is a value as it is saved.
func packed(v codec.Value) json.RawMessage {
	if v == nil || codec.IsNil(v) {
		return nil
	}
	data, err := codec.Marshal(v)
	if err != nil {
		return nil // it came from JSON
	}
	return withoutSecrets(data)
}

func packedAll(list []*model.Participant) []json.RawMessage {
	var all []json.RawMessage
	for _, v := range list {
		all = append(all, packed(v))
	}
	return all
}

// encode returns the session as it is saved. s.mu is held.
func (s *CallSession) encode() ([]byte, error) {
	saved := savedSession{
		Version: savedVersion, ID: s.id, Call: packed(s.call), NextTone: s.tones.next, Tones: s.tones.heard, Messages: s.messages,
		Ended: s.endedOperations, Number: s.number, Position: s.position, Tenant: s.tenant, UserVersion: s.userVersion, UserData: s.userData,
	}
	for _, key := range slices.Sorted(maps.Keys(s.operations)) {
		saved.Operations = append(saved.Operations, *packedOperation(s.operations[key]))
	}
	for _, e := range s.mailbox {
		saved.Mailbox = append(saved.Mailbox, packedEvent(e))
	}
	return json.Marshal(saved)
}

// packedOperation is an operation as it is saved. The mutex of its session is held.
func packedOperation(o *SessionOperation) *savedOperation {
	saved := &savedOperation{Key: o.key, Action: o.action, Usual: o.usual, Context: o.context, ID: o.id, Result: packed(o.result)}
	if failed, ok := errors.AsType[*CallOperationError](o.err); ok {
		saved.Failed = (*savedFailure)(failed)
	} else if o.err != nil {
		saved.Error = o.err.Error()
	}
	return saved
}

func packedEvent(e *SessionEvent) savedEvent {
	saved := savedEvent{
		ID: e.ID, Kind: e.Kind, At: e.At, TenantID: e.TenantID, Origin: e.Origin, Old: packed(e.Old), Tones: e.Tones, Missed: e.MissedTones,
	}
	if e.New != e.Old {
		saved.New = packed(e.New)
	}
	if e.Notified != nil && e.Notified.Notification != nil {
		saved.Notified = packed(e.Notified.Notification)
	}
	if e.Kind == SessionEventRoster {
		r := e.Roster
		saved.Roster = &savedRoster{packedAll(r.Joined), packedAll(r.Updated), packedAll(r.Admitted), packedAll(r.Left), r.Late, r.Dropped, r.Gap}
	}
	if e.Operation != nil {
		saved.Operated = packedOperation(e.Operation)
	}
	if e.Err != nil {
		saved.Error = e.Err.Error()
	}
	return saved
}

// save saves the session if it has changed. The caller has the turn.
func (s *CallSession) save(ctx context.Context) error {
	options := &s.calls.options
	s.mu.Lock()
	now := options.Clock.Now()
	switch {
	case s.left != nil:
		s.mu.Unlock()
		return s.left
	case options.Store == nil || s.released || !s.dirty && now.Sub(s.savedAt) < options.KeepFor/2:
		s.mu.Unlock()
		return nil
	}
	data, err := s.encode()
	stored := StoredCall{ID: s.key, Revision: s.revision, Expires: now.Add(options.KeepFor), Data: data}
	s.mu.Unlock()
	if err != nil {
		return err
	}
	if options.Seal != nil {
		err := containedError(func() (err error) { stored.Data, err = options.Seal(ctx, stored.ID, data); return err })
		if err != nil {
			return fmt.Errorf("CallsOptions.Seal: %w", err)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, saveTimeout)
	defer cancel()
	var revision uint64
	err = containedError(func() (err error) { revision, err = options.Store.Save(ctx, stored); return err })
	switch {
	case errors.Is(err, ErrCallRevision), errors.Is(err, ErrCallStored):
		s.leave(fmt.Errorf("%w: %w", ErrCallLeft, err))
		return s.left
	case err != nil:
		return err
	}
	s.mu.Lock()
	s.revision, s.dirty, s.savedAt = revision, false, now
	s.mu.Unlock()
	return nil
}

// load loads what is saved of a call, nil for nothing.
func (c *Calls) load(ctx context.Context, key string) (StoredCall, *savedSession, error) {
	if c.options.Store == nil {
		return StoredCall{}, nil, nil
	}
	stored, err := c.options.Store.Load(ctx, key)
	if errors.Is(err, ErrCallNotStored) {
		return StoredCall{}, nil, nil
	}
	if err != nil {
		return stored, nil, err
	}
	data := stored.Data
	if c.options.Open != nil {
		if data, err = c.options.Open(ctx, stored.ID, data); err != nil {
			return stored, nil, fmt.Errorf("CallsOptions.Open: %w", err)
		}
	}
	saved := new(savedSession)
	if err := json.Unmarshal(data, saved); err != nil {
		return stored, nil, fmt.Errorf("the stored session cannot be read; if it is encrypted, set CallsOptions.Open: %w", err)
	}
	if saved.Version != savedVersion {
		return stored, nil, fmt.Errorf("the stored session has version %d, and this program reads version %d: let its call end, or delete it", saved.Version, savedVersion)
	}
	return stored, saved, nil
}

// restore takes over what was saved. s.mu is held.
func (s *CallSession) restore(saved *savedSession) error {
	s.tones.next, s.tones.heard, s.messages = saved.NextTone, saved.Tones, saved.Messages
	s.number, s.position, s.userVersion, s.userData = saved.Number, saved.Position, saved.UserVersion, saved.UserData
	s.endedOperations, s.tenant = saved.Ended, saved.Tenant
	call := new(model.Call)
	if err := codec.Unmarshal(saved.Call, call); err != nil {
		return fmt.Errorf("the stored session: %w", err)
	}
	s.members, s.call = membersOf(call), call
	s.tracker.Observe(nil, call)
	for i := range saved.Operations {
		o := s.unpackOperation(&saved.Operations[i])
		s.operations[o.key] = o
	}
	for i := range saved.Mailbox {
		e, err := s.unpackEvent(&saved.Mailbox[i])
		if err != nil {
			return fmt.Errorf("an event of the stored session: %w", err)
		}
		s.mailbox = append(s.mailbox, e)
	}
	return nil
}

func (s *CallSession) unpackOperation(saved *savedOperation) *SessionOperation {
	o := &SessionOperation{
		session: s, key: saved.Key, action: saved.Action, usual: saved.Usual, context: saved.Context, id: saved.ID, done: make(chan struct{}),
	}
	if saved.Result != nil {
		o.result, _ = decodeOperation(saved.Result, saved.Usual) // or it stays unknown
	}
	switch {
	case saved.Failed != nil:
		o.err = (*CallOperationError)(saved.Failed)
	case saved.Error != "":
		o.err = errors.New(saved.Error)
	}
	return o
}

func (s *CallSession) unpackEvent(saved *savedEvent) (*SessionEvent, error) {
	e := &SessionEvent{
		ID: saved.ID, Kind: saved.Kind, At: saved.At, Session: s, Again: true, TenantID: saved.TenantID, Origin: saved.Origin,
		Tones: saved.Tones, MissedTones: saved.Missed,
	}
	var err error
	if e.Old, err = unpackCall(saved.Old); err != nil {
		return nil, err
	}
	e.New = e.Old
	if saved.New != nil {
		if e.New, err = unpackCall(saved.New); err != nil {
			return nil, err
		}
	}
	if saved.Notified != nil {
		events, err := model.DecodeNotifications(fmt.Appendf(nil, `{"value":[%s]}`, saved.Notified), nil)
		if err != nil || len(events) != 1 {
			return nil, errors.Join(err, errors.New("it has no notification"))
		}
		e.Notified = events[0]
		e.Notified.TenantID, e.Notified.Origin = saved.TenantID, saved.Origin
	}
	if r := saved.Roster; r != nil {
		e.Roster = callback.RosterChange[*model.Participant]{
			Joined: unpackAll(r.Joined), Updated: unpackAll(r.Updated), Admitted: unpackAll(r.Admitted), Left: unpackAll(r.Left),
			Late: r.Late, Dropped: r.Dropped, Gap: r.Gap,
		}
	}
	if saved.Operated != nil {
		e.Operation = s.unpackOperation(saved.Operated)
		close(e.Operation.done)
		e.Err = e.Operation.err
	} else if saved.Error != "" {
		e.Err = errors.New(saved.Error)
	}
	if e.Kind == SessionEventEnded {
		facts := factsOf[callFacts](e.New)
		ended := &CallEndedError{CallID: s.id}
		if r := facts.ResultInfo; r != nil {
			ended.Code, ended.Subcode, ended.Message = int64(r.Code), int64(r.Subcode), r.Message
		}
		_, ended.Result, _ = s.tracker.State(s.id)
		e.Err, s.ended = ended, ended
	}
	return e, nil
}

func unpackCall(data json.RawMessage) (*model.Call, error) {
	call := new(model.Call)
	if data == nil {
		return call, nil
	}
	return call, codec.Unmarshal(data, call)
}

func unpackAll(list []json.RawMessage) []*model.Participant {
	var all []*model.Participant
	for _, data := range list {
		p := new(model.Participant)
		if codec.Unmarshal(data, p) == nil {
			all = append(all, p)
		}
	}
	return all
}
