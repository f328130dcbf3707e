package codec

import (
	"encoding/json"
	"time"
)

// Hand-written models in the shape that the generator emits.

type Entity struct {
	AdditionalData AdditionalData `json:"-"`
	ID             string         `json:"id,omitempty"`
}

func (*Entity) ODataType() string                 { return "test.entity" }
func (v *Entity) UnmarshalJSON(data []byte) error { return Unmarshal(data, v) }
func (v Entity) MarshalJSON() ([]byte, error)     { return Marshal(&v) }
func (v *Entity) AsEntity() *Entity               { return v }

type AnyEntity interface {
	Value
	AsEntity() *Entity
}

var entityTypes = typeList{Types: []Value{(*Entity)(nil), (*Call)(nil), (*Everything)(nil), (*Node)(nil)}}

func UnmarshalAnyEntity(data []byte, opts ...Option) (AnyEntity, error) {
	v, err := unmarshalAny(data, (*AnyEntity)(nil), &entityTypes, opts)
	m, _ := v.(AnyEntity)
	return m, err
}

type CallState string

type Call struct {
	Entity
	Subject      *string              `json:"subject,omitempty"`
	CallbackURI  *string              `json:"callbackUri,omitempty"`
	State        CallState            `json:"state,omitempty"`
	Modalities   []CallState          `json:"modalities,omitempty"`
	Source       *Participant         `json:"source,omitempty"`
	Targets      []*Participant       `json:"targets,omitempty"`
	MediaConfig  AnyMediaConfig       `json:"mediaConfig,omitempty"`
	MediaConfigs []AnyMediaConfig     `json:"mediaConfigs,omitempty"`
	Resource     OneOrMany[AnyEntity] `json:"resource,omitempty"`
	Ringing      *int32               `json:"ringing,omitempty"`
}

func (*Call) ODataType() string                 { return "test.call" }
func (v *Call) UnmarshalJSON(data []byte) error { return Unmarshal(data, v) }
func (v Call) MarshalJSON() ([]byte, error)     { return Marshal(&v) }
func (*Call) holds() []held {
	return []held{{"mediaConfig", &mediaConfigTypes}, {"mediaConfigs", &mediaConfigTypes}, {"resource", &entityTypes}}
}

type Participant struct {
	AdditionalData AdditionalData `json:"-"`
	Name           *string        `json:"name,omitempty"`
	Muted          *bool          `json:"muted,omitempty"`
}

func (*Participant) ODataType() string                 { return "test.participant" }
func (v *Participant) UnmarshalJSON(data []byte) error { return Unmarshal(data, v) }
func (v Participant) MarshalJSON() ([]byte, error)     { return Marshal(&v) }

type AnyMediaConfig interface {
	Value
	AsMediaConfig() *MediaConfig
}

type MediaConfig struct {
	AdditionalData AdditionalData `json:"-"`
	Remove         *bool          `json:"remove,omitempty"`
}

func (*MediaConfig) ODataType() string                 { return "test.mediaConfig" }
func (v *MediaConfig) UnmarshalJSON(data []byte) error { return Unmarshal(data, v) }
func (v MediaConfig) MarshalJSON() ([]byte, error)     { return Marshal(&v) }
func (v *MediaConfig) AsMediaConfig() *MediaConfig     { return v }

type AppHostedMediaConfig struct {
	MediaConfig
	Blob *string `json:"blob,omitempty"`
}

func (*AppHostedMediaConfig) ODataType() string                 { return "test.appHostedMediaConfig" }
func (v *AppHostedMediaConfig) UnmarshalJSON(data []byte) error { return Unmarshal(data, v) }
func (v AppHostedMediaConfig) MarshalJSON() ([]byte, error)     { return Marshal(&v) }

var mediaConfigTypes = typeList{
	Types:    []Value{(*MediaConfig)(nil), (*AppHostedMediaConfig)(nil)},
	Abstract: []Value{(*MediaConfig)(nil)},
}

type Everything struct {
	Entity
	Bool      *bool             `json:"bool,omitempty"`
	Byte      *uint8            `json:"byte,omitempty"`
	SByte     *int8             `json:"sbyte,omitempty"`
	Int16     *int16            `json:"int16,omitempty"`
	Int32     *int32            `json:"int32,omitempty"`
	Int64     *int64            `json:"int64,omitempty"`
	Single    *float32          `json:"single,omitempty"`
	Double    *float64          `json:"double,omitempty"`
	Decimal   *Decimal          `json:"decimal,omitempty"`
	Guid      *string           `json:"guid,omitempty"`
	Date      *Date             `json:"date,omitempty"`
	TimeOfDay *TimeOfDay        `json:"timeOfDay,omitempty"`
	DateTime  *time.Time        `json:"dateTime,omitempty"`
	Duration  *Duration         `json:"duration,omitempty"`
	Binary    []byte            `json:"binary,omitempty"`
	Untyped   Untyped           `json:"untyped,omitempty"`
	Geo       json.RawMessage   `json:"geo,omitempty"`
	Number    int32             `json:"number,omitempty"`
	Bools     []bool            `json:"bools,omitempty"`
	Int32s    []int32           `json:"int32s,omitempty"`
	Int64s    []int64           `json:"int64s,omitempty"`
	Doubles   []float64         `json:"doubles,omitempty"`
	Strings   []string          `json:"strings,omitempty"`
	Decimals  []Decimal         `json:"decimals,omitempty"`
	Dates     []Date            `json:"dates,omitempty"`
	Times     []TimeOfDay       `json:"times,omitempty"`
	DateTimes []time.Time       `json:"dateTimes,omitempty"`
	Durations []Duration        `json:"durations,omitempty"`
	Binaries  [][]byte          `json:"binaries,omitempty"`
	Untypeds  []Untyped         `json:"untypeds,omitempty"`
	Geos      []json.RawMessage `json:"geos,omitempty"`
}

func (*Everything) ODataType() string                 { return "test.everything" }
func (v *Everything) UnmarshalJSON(data []byte) error { return Unmarshal(data, v) }
func (v Everything) MarshalJSON() ([]byte, error)     { return Marshal(&v) }

// Node contains itself, in every way there is.
type Node struct {
	Entity
	Next  *Node       `json:"next,omitempty"`
	Nodes []*Node     `json:"nodes,omitempty"`
	Any   AnyEntity   `json:"any,omitempty"`
	Anys  []AnyEntity `json:"anys,omitempty"`
}

func (*Node) ODataType() string                 { return "test.node" }
func (v *Node) UnmarshalJSON(data []byte) error { return Unmarshal(data, v) }
func (v Node) MarshalJSON() ([]byte, error)     { return Marshal(&v) }
func (*Node) holds() []held                     { return []held{{"any", &entityTypes}, {"anys", &entityTypes}} }

var allTypes = typeList{
	Types: []Value{(*Participant)(nil)},
	Lists: []*typeList{&entityTypes, &mediaConfigTypes},
}

// newTest stands for the generated function New.
func newTest(name string) Value {
	v, _ := newNamed(name, &allTypes)
	return v
}
