package notification

import (
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// Events in the life of a subscription, as in ChangeEvent.Lifecycle.
const (
	// ChangeReauthorizationRequired means that the subscription ends unless it is authorized
	// again or renewed.
	ChangeReauthorizationRequired = "reauthorizationRequired"
	// ChangeSubscriptionRemoved means that the subscription has ended: create a new one, and
	// fetch what has changed meanwhile.
	ChangeSubscriptionRemoved = "subscriptionRemoved"
	// ChangeMissed means that notifications were lost: fetch what has changed.
	ChangeMissed = "missed"
)

// ChangeEvent is one change notification. A request of the service can hold many.
type ChangeEvent struct {
	SubscriptionID string
	TenantID       string // as received; confirmed by a validation token if Encrypted is set
	ChangeType     string // "created", "updated", "deleted" or another word, as received; "" for the life of the subscription
	Lifecycle      string // a constant such as [ChangeMissed], or another word as received; "" for a change of a resource
	Resource       string // the path of the resource, as received
	Type           string // of the resource, as received without "#", such as "Microsoft.Graph.Message"; "" if the service does not say
	ID             string // of the resource, "" if the service does not say
	// Data is the resource: decrypted, with all the members that the subscription selects, or else
	// what the service says in the open, usually an id. Nil for none.
	Data json.RawMessage
	// Encrypted is set if Data was encrypted, so that its signature and the sender's token have
	// been checked.
	Encrypted bool
	Expires   time.Time // when the subscription ends; zero if the service does not say
	// Notification is the notification as received, a microsoft.graph.changeNotification. It holds
	// the client state, which is a secret.
	Notification json.RawMessage

	wire *changeWire
}

// Decode decodes the resource into a value of a type of the package, whatever Type says. The
// package's UnmarshalAny chooses the type by the data instead, where that names it.
func (e *ChangeEvent) Decode(v codec.Value, opts ...codec.Option) error {
	if len(e.Data) == 0 {
		return errors.New("the notification holds no resource: fetch it by the path in ChangeEvent.Resource")
	}
	return codec.Unmarshal(e.Data, v, opts...)
}

// isOf reports whether the resource is of a type.
func (e *ChangeEvent) isOf(v codec.Value) bool { return strings.EqualFold(e.Type, v.ODataType()) }

// changeBody is the body of a request.
type changeBody struct {
	AdditionalData   codec.AdditionalData `json:"-"`
	ValidationTokens []string             `json:"validationTokens,omitempty"`
	Value            []json.RawMessage    `json:"value,omitempty"`
}

func (*changeBody) ODataType() string                 { return "microsoft.graph.changeNotificationCollection" }
func (v *changeBody) UnmarshalJSON(data []byte) error { return codec.Unmarshal(data, v) }
func (v changeBody) MarshalJSON() ([]byte, error)     { return codec.Marshal(&v) }

// changeWire is a notification as the service sends it.
type changeWire struct {
	AdditionalData   codec.AdditionalData `json:"-"`
	ID               *string              `json:"id,omitempty"`
	SubscriptionID   *string              `json:"subscriptionId,omitempty"`
	TenantID         *string              `json:"tenantId,omitempty"`
	ClientState      *string              `json:"clientState,omitempty"`
	ChangeType       *string              `json:"changeType,omitempty"`
	LifecycleEvent   *string              `json:"lifecycleEvent,omitempty"`
	Resource         *string              `json:"resource,omitempty"`
	ResourceData     json.RawMessage      `json:"resourceData,omitempty"`
	EncryptedContent *sealedChange        `json:"encryptedContent,omitempty"`
	Expires          *time.Time           `json:"subscriptionExpirationDateTime,omitempty"`
}

func (*changeWire) ODataType() string                 { return "microsoft.graph.changeNotification" }
func (v *changeWire) UnmarshalJSON(data []byte) error { return codec.Unmarshal(data, v) }
func (v changeWire) MarshalJSON() ([]byte, error)     { return codec.Marshal(&v) }

// sealedChange is encrypted resource data.
type sealedChange struct {
	AdditionalData codec.AdditionalData `json:"-"`
	Data           *string              `json:"data,omitempty"`
	DataKey        *string              `json:"dataKey,omitempty"`
	DataSignature  *string              `json:"dataSignature,omitempty"`
	CertificateID  *string              `json:"encryptionCertificateId,omitempty"`
	Thumbprint     *string              `json:"encryptionCertificateThumbprint,omitempty"`
}

func (*sealedChange) ODataType() string                 { return "microsoft.graph.changeNotificationEncryptedContent" }
func (v *sealedChange) UnmarshalJSON(data []byte) error { return codec.Unmarshal(data, v) }
func (v sealedChange) MarshalJSON() ([]byte, error)     { return codec.Marshal(&v) }

// changeText returns the text that a pointer points at, "" for nil.
func changeText(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}

// isSealed reports whether a notification has encrypted content, whatever that is.
func (v *changeWire) isSealed() bool {
	_, odd := v.AdditionalData.Get("encryptedContent") // of a wrong kind
	return v.EncryptedContent != nil || odd
}

// changeEvent returns the event of a notification.
func changeEvent(raw json.RawMessage, opts []codec.Option) (*ChangeEvent, error) {
	wire := new(changeWire)
	if err := codec.Unmarshal(raw, wire, opts...); err != nil {
		return nil, err
	}
	e := &ChangeEvent{
		SubscriptionID: changeText(wire.SubscriptionID), TenantID: changeText(wire.TenantID), ChangeType: changeText(wire.ChangeType),
		Lifecycle: changeText(wire.LifecycleEvent), Resource: changeText(wire.Resource), Notification: raw, wire: wire,
	}
	if wire.Expires != nil {
		e.Expires = *wire.Expires
	}
	if len(wire.ResourceData) > 0 && string(wire.ResourceData) != "null" {
		e.hold(wire.ResourceData)
	}
	return e, nil
}

// hold makes an object the resource of the event. What the object does not say of itself stays
// as it is.
func (e *ChangeEvent) hold(data json.RawMessage) {
	e.Data = data
	var said struct {
		Type string `json:"@odata.type"`
		ID   string `json:"id"`
	}
	if json.Unmarshal(data, &said) != nil {
		return // the functions find out
	}
	if said.Type != "" {
		e.Type = said.Type[strings.LastIndexByte(said.Type, '#')+1:]
	}
	if said.ID != "" {
		e.ID = said.ID
	}
}
