package callback

import (
	"context"
	"time"

	"github.com/callgen/callgen/templates/runtime/codec"
	"github.com/callgen/callgen/templates/runtime/internal/models"
)

// The callback side of a generated package, written by hand: models of notifications,
// and what the generator adds to the schema-independent half.

type Notices struct {
	AdditionalData codec.AdditionalData `json:"-"`
	Value          []*Notice            `json:"value,omitempty"`
}

func (*Notices) ODataType() string                 { return "test.notices" }
func (v *Notices) UnmarshalJSON(data []byte) error { return codec.Unmarshal(data, v) }
func (v Notices) MarshalJSON() ([]byte, error)     { return codec.Marshal(&v) }

type NoticeKind string

type Notice struct {
	AdditionalData codec.AdditionalData `json:"-"`
	codec.Holds[noticeLists]
	ChangeType   NoticeKind                        `json:"changeType,omitempty"`
	ResourceURL  *string                           `json:"resourceUrl,omitempty"`
	Resource     *string                           `json:"resource,omitempty"`
	ResourceData codec.OneOrMany[models.AnyEntity] `json:"resourceData,omitempty"`
}

func (*Notice) ODataType() string                 { return "test.notice" }
func (v *Notice) UnmarshalJSON(data []byte) error { return codec.Unmarshal(data, v) }
func (v Notice) MarshalJSON() ([]byte, error)     { return codec.Marshal(&v) }

// noticeLists says what a notice can hold.
type noticeLists struct{}

func (noticeLists) Lists() []codec.Held {
	return []codec.Held{{Property: "resourceData", Types: entityTypes}}
}

var entityTypes = codec.NewTypeList(
	(*models.Entity)(nil), (*models.Call)(nil), (*Attendee)(nil), (*AttendeeChanges)(nil),
	(*Operation)(nil), (*PlayOperation)(nil),
)

type Attendee struct {
	models.Entity
	Name     *string  `json:"name,omitempty"`
	InLobby  *bool    `json:"isInLobby,omitempty"`
	Removed  *Removed `json:"removedState,omitempty"`
	RosterNo *int64   `json:"rosterSequenceNumber,omitempty"`
}

func (*Attendee) ODataType() string                 { return "test.attendee" }
func (v *Attendee) UnmarshalJSON(data []byte) error { return codec.Unmarshal(data, v) }
func (v Attendee) MarshalJSON() ([]byte, error)     { return codec.Marshal(&v) }

type Removed struct {
	AdditionalData codec.AdditionalData `json:"-"`
	Reason         *string              `json:"reason,omitempty"`
}

func (*Removed) ODataType() string                 { return "test.removed" }
func (v *Removed) UnmarshalJSON(data []byte) error { return codec.Unmarshal(data, v) }
func (v Removed) MarshalJSON() ([]byte, error)     { return codec.Marshal(&v) }

type AttendeeChanges struct {
	models.Entity
	Sequence  *int64      `json:"sequenceNumber,omitempty"`
	Attendees []*Attendee `json:"participants,omitempty"`
}

func (*AttendeeChanges) ODataType() string                 { return "test.attendeeChanges" }
func (v *AttendeeChanges) UnmarshalJSON(data []byte) error { return codec.Unmarshal(data, v) }
func (v AttendeeChanges) MarshalJSON() ([]byte, error)     { return codec.Marshal(&v) }

type AnyOperation interface {
	codec.Value
	AsOperation() *Operation
}

type Operation struct {
	models.Entity
	Status *string `json:"status,omitempty"`
}

func (*Operation) ODataType() string                 { return "test.operation" }
func (v *Operation) UnmarshalJSON(data []byte) error { return codec.Unmarshal(data, v) }
func (v Operation) MarshalJSON() ([]byte, error)     { return codec.Marshal(&v) }
func (v *Operation) AsOperation() *Operation         { return v }

type PlayOperation struct {
	Operation
	Reason *string `json:"reason,omitempty"`
}

func (*PlayOperation) ODataType() string                 { return "test.playOperation" }
func (v *PlayOperation) UnmarshalJSON(data []byte) error { return codec.Unmarshal(data, v) }
func (v PlayOperation) MarshalJSON() ([]byte, error)     { return codec.Marshal(&v) }

// From here on: all that is generated for the handler, the tracker and the roster.

func NewNotificationHandler(options NotificationOptions) *NotificationHandler {
	return newNotificationHandler(options, decodeNotices)
}

func decodeNotices(data []byte, opts []codec.Option) ([]*CallbackEvent, error) {
	envelope, types := new(Notices), noticeTypes()
	return callbackEvents(data, opts, envelope, func() []*Notice { return envelope.Value }, func(n *Notice) *CallbackEvent {
		return newCallbackEvent(types, n, string(n.ChangeType), n.ResourceURL, n.Resource, n.ResourceData)
	})
}

func noticeTypes() callbackTypes {
	return callbackTypes{
		{of: (*models.Call)(nil)},
		{of: (*Attendee)(nil), collection: CallCollectionParticipants},
		{of: (*AttendeeChanges)(nil), collection: CallCollectionParticipants, member: "participants"},
		{of: (*Operation)(nil), collection: CallCollectionOperations},
		{of: (*PlayOperation)(nil), collection: CallCollectionOperations},
	}
}

func (h *NotificationHandler) OnCall(f func(context.Context, *CallbackEvent, *models.Call) error) {
	onEach(h, f)
}
func (h *NotificationHandler) OnAttendees(f func(context.Context, *CallbackEvent, []*Attendee) error) {
	onList(h, CallCollectionParticipants, f)
}
func (h *NotificationHandler) OnAttendeeChanges(f func(context.Context, *CallbackEvent, *AttendeeChanges) error) {
	onEach(h, f)
}
func (h *NotificationHandler) OnOperation(f func(context.Context, *CallbackEvent, AnyOperation) error) {
	onEach(h, f)
}
func (h *NotificationHandler) OnPlayOperation(f func(context.Context, *CallbackEvent, *PlayOperation) error) {
	onEach(h, f)
}

type CallTracker struct {
	*trackerCore[models.CallState, string]
}

func NewCallTracker(most int, maxAge time.Duration) *CallTracker {
	return &CallTracker{newTrackerCore[string](trackerRules[models.CallState]{
		ranks: [][]models.CallState{
			{"incoming"}, {"establishing"}, {"ringing"}, {"established", "hold", "transferring"}, {"transferAccepted"}, {"terminating"}, {"terminated"},
		},
		tentative: []models.CallState{"transferAccepted"},
		final:     []models.CallState{"terminated"},
	}, most, maxAge)}
}

func (t *CallTracker) Observe(e *CallbackEvent, c *models.Call) Arrival {
	if c == nil {
		return ArrivalUnknown
	}
	state := c.State
	if e.deleted() {
		state = "terminated"
	}
	return t.observe(observation[models.CallState, string]{
		id: e.callID(c.ID), state: state, more: c.Ringing != nil, fetched: e == nil,
	})
}

func (t *CallTracker) State(id string) (models.CallState, string, bool) { return t.latest(id) }

// said lets a tracker observe a call.
func (t *CallTracker) said(id string, state models.CallState, reason string) Arrival {
	return t.observe(observation[models.CallState, string]{id: id, state: state, details: reason, size: len(reason)})
}

type Roster struct{ *rosterCore[*Attendee] }

func NewRoster() *Roster {
	return &Roster{newRosterCore(rosterAccess[*Attendee]{
		id:      func(p *Attendee) string { return p.ID },
		number:  func(p *Attendee) *int64 { return p.RosterNo },
		removed: func(p *Attendee) bool { return p.Removed != nil },
		inLobby: func(p *Attendee) *bool { return p.InLobby },
	})}
}

// Apply takes what an event says of the participants of a call.
func (r *Roster) Apply(e *CallbackEvent) []RosterChange[*Attendee] {
	return r.apply(e, func(v codec.Value) (*int64, []*Attendee, bool) {
		delta, ok := v.(*AttendeeChanges)
		if !ok {
			return nil, nil, false
		}
		return delta.Sequence, delta.Attendees, true
	})
}
