// Package models has hand-written models for the tests of the runtime's packages, in the
// shape that the generator emits.
package models

import "github.com/callgen/callgen/templates/runtime/codec"

type Entity struct {
	AdditionalData codec.AdditionalData `json:"-"`
	ID             string               `json:"id,omitempty"`
}

func (*Entity) ODataType() string                 { return "test.entity" }
func (v *Entity) UnmarshalJSON(data []byte) error { return codec.Unmarshal(data, v) }
func (v Entity) MarshalJSON() ([]byte, error)     { return codec.Marshal(&v) }
func (v *Entity) AsEntity() *Entity               { return v }

type AnyEntity interface {
	codec.Value
	AsEntity() *Entity
}

// EntityTypes are the entity types of this package.
var EntityTypes = codec.NewTypeList((*Entity)(nil), (*Call)(nil))

type CallState string

type Call struct {
	Entity
	Subject     *string     `json:"subject,omitempty"`
	CallbackURI *string     `json:"callbackUri,omitempty"`
	State       CallState   `json:"state,omitempty"`
	Modalities  []CallState `json:"modalities,omitempty"`
	Ringing     *int32      `json:"ringing,omitempty"`
}

func (*Call) ODataType() string                 { return "test.call" }
func (v *Call) UnmarshalJSON(data []byte) error { return codec.Unmarshal(data, v) }
func (v Call) MarshalJSON() ([]byte, error)     { return codec.Marshal(&v) }
