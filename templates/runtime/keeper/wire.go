package keeper

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/callgen/callgen/templates/runtime/codec"
	"github.com/callgen/callgen/templates/runtime/model"
)

// subscriptionWire is what a keeper knows of a subscription. Everything else is additional.
type subscriptionWire struct {
	AdditionalData codec.AdditionalData `json:"-"`
	ID             string               `json:"id,omitempty"`
	ClientState    *string              `json:"clientState,omitempty"`
	Certificate    *string              `json:"encryptionCertificate,omitempty"`
	CertificateID  *string              `json:"encryptionCertificateId,omitempty"`
	Expires        *time.Time           `json:"expirationDateTime,omitempty"`
}

func (*subscriptionWire) ODataType() string                 { return "microsoft.graph.subscription" }
func (v *subscriptionWire) UnmarshalJSON(data []byte) error { return codec.Unmarshal(data, v) }
func (v subscriptionWire) MarshalJSON() ([]byte, error)     { return codec.Marshal(&v) }

// subscriptionTemplate is a wanted subscription.
type subscriptionTemplate struct {
	data   []byte
	digest string // of what makes it another subscription
	wire   subscriptionWire
}

func newSubscriptionTemplate(wanted *model.Subscription) (*subscriptionTemplate, error) {
	data, err := codec.Marshal(codec.Value(wanted))
	if err != nil {
		return nil, err
	}
	t := &subscriptionTemplate{data: data}
	if err := codec.Unmarshal(data, &t.wire); err != nil {
		return nil, err
	}
	rest := t.copy()
	rest.ID, rest.ClientState, rest.Certificate, rest.CertificateID, rest.Expires = "", nil, nil, nil, nil
	if data, err = codec.Marshal(rest); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(data)
	t.digest = hex.EncodeToString(sum[:16])
	return t, nil
}

// copy returns the wanted subscription, to be changed.
func (t *subscriptionTemplate) copy() *subscriptionWire {
	wire := new(subscriptionWire)
	_ = codec.Unmarshal(t.data, wire) // it succeeded before
	return wire
}

// create returns the body of the request that creates the subscription.
func (t *subscriptionTemplate) create(clientState string, expires time.Time) *subscriptionWire {
	wire := t.copy()
	wire.ID, wire.ClientState, wire.Expires = "", &clientState, inUTC(expires)
	return wire
}

// renew returns the body of the request that renews the subscription.
func (t *subscriptionTemplate) renew(expires time.Time) *subscriptionWire {
	return &subscriptionWire{Expires: inUTC(expires), Certificate: t.wire.Certificate, CertificateID: t.wire.CertificateID}
}

// describe returns the wanted subscription as one that exists, for a service that does not describe
// it.
func (t *subscriptionTemplate) describe(id string, expires time.Time) *model.Subscription {
	wire, described := t.copy(), new(model.Subscription)
	wire.ID, wire.Expires = id, inUTC(expires)
	if data, err := codec.Marshal(wire); err == nil {
		_ = codec.Unmarshal(data, described) // it was one before
	}
	return described
}

func inUTC(t time.Time) *time.Time {
	t = t.UTC().Truncate(time.Second)
	return &t
}
