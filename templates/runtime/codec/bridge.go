package codec

import "reflect"

// This file is not emitted. It exports unexported declarations for the packages above this
// one: each declaration here stands for another one, whose name the emitted runtime uses.
// Functions only pass their arguments on.

type TypeList = typeList

func UnmarshalAny(data []byte, pointer any, types *TypeList, opts []Option) (Value, error) {
	return unmarshalAny(data, pointer, types, opts)
}

type WireFormat = wireFormat

func EncodeEnvelope(v any, format WireFormat) ([]byte, error) { return encodeEnvelope(v, format) }

func EncodeSent(v Value, format WireFormat) ([]byte, error) { return encodeSent(v, format) }

func DecodeEnvelope(data []byte, v any, types *TypeList, opts ...Option) error {
	return decodeEnvelope(data, v, types, opts...)
}

func EnvelopeTypes(v any) (*TypeList, error) { return envelopeTypes(v) }

func AdditionalOf(v Value) *AdditionalData { return additionalOf(v) }

func IsScalar(rt reflect.Type) bool { return isScalar(rt) }

func Literal(value any, enumTypes bool) (string, error) { return literal(value, enumTypes) }

func QuoteLiteral(s string) string { return quoteLiteral(s) }

func ConditionText(c Condition, types bool) string { return conditionText(c, types) }

func ConditionError(c Condition) error { return conditionError(c) }

func IsNil(v Value) bool { return isNil(v) }

func Printable(text string) string { return printable(text) }

func BareURL(address string) string { return bareURL(address) }

// What follows is for the models in tests, which generated code writes otherwise. Nothing
// that is emitted can use it.

// NewTypeList returns a list of types.
func NewTypeList(types ...Value) *TypeList { return &typeList{types: types} }

// WithAliases sets the aliases of namespaces, each followed by its namespace.
func (l *typeList) WithAliases(aliases ...string) *TypeList {
	l.aliases = aliases
	return l
}

// Folded says that documents name versions of the types.
func (l *typeList) Folded() *TypeList {
	l.folded = true
	return l
}

// Holds is embedded in a struct that has polymorphic properties, in the place of a method.
type Holds[T interface{ Lists() map[string]*TypeList }] struct{}

func (Holds[T]) holds() []held {
	var of T
	var list []held
	for property, types := range of.Lists() {
		list = append(list, held{property, types})
	}
	return list
}
