// Package model stands in for what the runtime's sessions, and its keeper of subscriptions, use of
// the types that a generated package has: hand-written, in the shape that the generator emits. It
// is not emitted; the features say what each exported name used outside of tests is called in the
// package.
package model

import (
	"time"

	"github.com/callgen/callgen/templates/runtime/callback"
	"github.com/callgen/callgen/templates/runtime/client"
	"github.com/callgen/callgen/templates/runtime/codec"
)

type CallState string

type Tone string

type ResultInfo struct {
	AdditionalData codec.AdditionalData `json:"-"`
	Code           *int32               `json:"code,omitempty"`
	Subcode        *int32               `json:"subcode,omitempty"`
	Message        *string              `json:"message,omitempty"`
}

func (*ResultInfo) ODataType() string                 { return "microsoft.graph.resultInfo" }
func (v *ResultInfo) UnmarshalJSON(data []byte) error { return codec.Unmarshal(data, v) }
func (v ResultInfo) MarshalJSON() ([]byte, error)     { return codec.Marshal(&v) }

type ToneInfo struct {
	AdditionalData codec.AdditionalData `json:"-"`
	SequenceID     *int64               `json:"sequenceId,omitempty"`
	Tone           Tone                 `json:"tone,omitempty"`
}

func (*ToneInfo) ODataType() string                 { return "microsoft.graph.toneInfo" }
func (v *ToneInfo) UnmarshalJSON(data []byte) error { return codec.Unmarshal(data, v) }
func (v ToneInfo) MarshalJSON() ([]byte, error)     { return codec.Marshal(&v) }

type MediaState struct {
	AdditionalData codec.AdditionalData `json:"-"`
	Audio          *string              `json:"audio,omitempty"`
}

func (*MediaState) ODataType() string                 { return "microsoft.graph.callMediaState" }
func (v *MediaState) UnmarshalJSON(data []byte) error { return codec.Unmarshal(data, v) }
func (v MediaState) MarshalJSON() ([]byte, error)     { return codec.Marshal(&v) }

type Call struct {
	AdditionalData codec.AdditionalData `json:"-"`
	ID             string               `json:"id,omitempty"`
	CallbackURI    *string              `json:"callbackUri,omitempty"`
	State          CallState            `json:"state,omitempty"`
	Subject        *string              `json:"subject,omitempty"`
	TenantID       *string              `json:"tenantId,omitempty"`
	ResultInfo     *ResultInfo          `json:"resultInfo,omitempty"`
	ToneInfo       *ToneInfo            `json:"toneInfo,omitempty"`
	MediaState     *MediaState          `json:"mediaState,omitempty"`
}

func (*Call) ODataType() string                 { return "microsoft.graph.call" }
func (v *Call) UnmarshalJSON(data []byte) error { return codec.Unmarshal(data, v) }
func (v Call) MarshalJSON() ([]byte, error)     { return codec.Marshal(&v) }

type Participant struct {
	AdditionalData codec.AdditionalData `json:"-"`
	ID             string               `json:"id,omitempty"`
	IsInLobby      *bool                `json:"isInLobby,omitempty"`
	Removed        *RemovedState        `json:"removedState,omitempty"`
	Number         *int64               `json:"rosterSequenceNumber,omitempty"`
}

func (*Participant) ODataType() string                 { return "microsoft.graph.participant" }
func (v *Participant) UnmarshalJSON(data []byte) error { return codec.Unmarshal(data, v) }
func (v Participant) MarshalJSON() ([]byte, error)     { return codec.Marshal(&v) }

type RemovedState struct {
	AdditionalData codec.AdditionalData `json:"-"`
	Reason         *string              `json:"reason,omitempty"`
}

func (*RemovedState) ODataType() string                 { return "microsoft.graph.removedState" }
func (v *RemovedState) UnmarshalJSON(data []byte) error { return codec.Unmarshal(data, v) }
func (v RemovedState) MarshalJSON() ([]byte, error)     { return codec.Marshal(&v) }

type DeltaParticipants struct {
	AdditionalData codec.AdditionalData `json:"-"`
	ID             string               `json:"id,omitempty"`
	Participants   []*Participant       `json:"participants,omitempty"`
	Number         *int64               `json:"sequenceNumber,omitempty"`
}

func (*DeltaParticipants) ODataType() string                 { return "microsoft.graph.deltaParticipants" }
func (v *DeltaParticipants) UnmarshalJSON(data []byte) error { return codec.Unmarshal(data, v) }
func (v DeltaParticipants) MarshalJSON() ([]byte, error)     { return codec.Marshal(&v) }

// Operation is what holds an operation: an interface where there are several types of them.
type Operation interface {
	codec.Value
	AsCommsOperation() *CommsOperation
}

type CommsOperation struct {
	AdditionalData codec.AdditionalData `json:"-"`
	ID             string               `json:"id,omitempty"`
	ClientContext  *string              `json:"clientContext,omitempty"`
	Status         *string              `json:"status,omitempty"`
	ResultInfo     *ResultInfo          `json:"resultInfo,omitempty"`
}

func (*CommsOperation) ODataType() string                   { return "microsoft.graph.commsOperation" }
func (v *CommsOperation) UnmarshalJSON(data []byte) error   { return codec.Unmarshal(data, v) }
func (v CommsOperation) MarshalJSON() ([]byte, error)       { return codec.Marshal(&v) }
func (v *CommsOperation) AsCommsOperation() *CommsOperation { return v }

type PlayPromptOperation struct {
	CommsOperation
	CompletionReason *string `json:"completionReason,omitempty"`
}

func (*PlayPromptOperation) ODataType() string                 { return "microsoft.graph.playPromptOperation" }
func (v *PlayPromptOperation) UnmarshalJSON(data []byte) error { return codec.Unmarshal(data, v) }
func (v PlayPromptOperation) MarshalJSON() ([]byte, error)     { return codec.Marshal(&v) }

type Subscription struct {
	AdditionalData          codec.AdditionalData `json:"-"`
	ID                      string               `json:"id,omitempty"`
	ChangeType              *string              `json:"changeType,omitempty"`
	ClientState             *string              `json:"clientState,omitempty"`
	EncryptionCertificate   *string              `json:"encryptionCertificate,omitempty"`
	EncryptionCertificateID *string              `json:"encryptionCertificateId,omitempty"`
	ExpirationDateTime      *time.Time           `json:"expirationDateTime,omitempty"`
	NotificationURL         *string              `json:"notificationUrl,omitempty"`
	Resource                *string              `json:"resource,omitempty"`
}

func (*Subscription) ODataType() string                 { return "microsoft.graph.subscription" }
func (v *Subscription) UnmarshalJSON(data []byte) error { return codec.Unmarshal(data, v) }
func (v Subscription) MarshalJSON() ([]byte, error)     { return codec.Marshal(&v) }

var types = codec.NewTypeList((*Call)(nil), (*Participant)(nil), (*DeltaParticipants)(nil), (*CommsOperation)(nil), (*PlayPromptOperation)(nil))

// UnmarshalAny decodes an object into the type that it names.
func UnmarshalAny(data []byte, opts ...codec.Option) (codec.Value, error) {
	var v codec.Value
	return codec.UnmarshalAny(data, &v, types, opts)
}

type notifications struct {
	AdditionalData codec.AdditionalData `json:"-"`
	Value          []*notification      `json:"value,omitempty"`
}

func (*notifications) ODataType() string                 { return "microsoft.graph.commsNotifications" }
func (v *notifications) UnmarshalJSON(data []byte) error { return codec.Unmarshal(data, v) }
func (v notifications) MarshalJSON() ([]byte, error)     { return codec.Marshal(&v) }

type notification struct {
	AdditionalData codec.AdditionalData `json:"-"`
	codec.Holds[lists]
	ChangeType   string                       `json:"changeType,omitempty"`
	Resource     *string                      `json:"resource,omitempty"`
	ResourceURL  *string                      `json:"resourceUrl,omitempty"`
	ResourceData codec.OneOrMany[codec.Value] `json:"resourceData,omitempty"`
}

func (*notification) ODataType() string                 { return "microsoft.graph.commsNotification" }
func (v *notification) UnmarshalJSON(data []byte) error { return codec.Unmarshal(data, v) }
func (v notification) MarshalJSON() ([]byte, error)     { return codec.Marshal(&v) }

type lists struct{}

func (lists) Lists() []codec.Held {
	return []codec.Held{{Property: "resourceData", Types: types}}
}

// DecodeNotifications decodes the body of a request of the service.
func DecodeNotifications(data []byte, opts []codec.Option) ([]*callback.CallbackEvent, error) {
	all := new(notifications)
	known := callback.NewTypes((*Call)(nil), (*Participant)(nil), (*DeltaParticipants)(nil), (*CommsOperation)(nil), (*PlayPromptOperation)(nil))
	return callback.TestEvents(data, opts, all, func() []*notification { return all.Value }, func(n *notification) *callback.CallbackEvent {
		return callback.NewTestEvent(known, n, n.ChangeType, n.ResourceURL, n.Resource, n.ResourceData)
	})
}

// NewNotificationHandler returns a handler of notifications.
func NewNotificationHandler(options callback.NotificationOptions) *callback.NotificationHandler {
	return callback.NewTestHandler(options, DecodeNotifications)
}

// NewClient returns a client of a service.
func NewClient(tokens client.TokenSource, opts ...client.ClientOption) *client.Client {
	return client.NewTestClient(tokens, opts...)
}

// CallTracker keeps the states of calls.
type CallTracker struct {
	*callback.TrackerCore[CallState, *ResultInfo]
}

// NewCallTracker returns a tracker.
func NewCallTracker(most int, maxAge time.Duration) *CallTracker {
	return &CallTracker{callback.NewTrackerCore[*ResultInfo]([][]CallState{
		{"incoming"}, {"establishing"}, {"ringing"}, {"established", "hold", "transferring", "redirecting"}, {"transferAccepted"}, {"terminating"}, {"terminated"},
	}, []CallState{"transferAccepted"}, []CallState{"terminated"}, most, maxAge)}
}

// Observe classifies what an event says of a call.
func (t *CallTracker) Observe(e *callback.CallbackEvent, call *Call) callback.Arrival {
	state := call.State
	if callback.Deleted(e) {
		state = "terminated"
	}
	return callback.Observe(t.TrackerCore, e, call.ID, state, call.ResultInfo, call.ToneInfo != nil || call.MediaState != nil)
}

// State returns the state of a call.
func (t *CallTracker) State(id string) (CallState, *ResultInfo, bool) {
	return callback.Latest(t.TrackerCore, id)
}

// Roster keeps participants.
type Roster struct {
	*callback.RosterCore[*Participant]
}

// NewRoster returns an empty roster.
func NewRoster() *Roster {
	return &Roster{callback.NewRosterCore(
		func(p *Participant) string { return p.ID }, func(p *Participant) *int64 { return p.Number },
		func(p *Participant) bool { return p.Removed != nil }, func(p *Participant) *bool { return p.IsInLobby },
	)}
}

// Apply applies an event.
func (r *Roster) Apply(e *callback.CallbackEvent) []callback.RosterChange[*Participant] {
	return callback.ApplyTo(r.RosterCore, e, func(v codec.Value) (*int64, []*Participant, bool) {
		d, ok := v.(*DeltaParticipants)
		if !ok {
			return nil, nil, false
		}
		return d.Number, d.Participants, true
	})
}
