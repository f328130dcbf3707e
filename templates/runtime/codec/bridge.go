package codec

import "reflect"

// This file exports unexported declarations for the packages above this one: each declaration
// here stands for another one, whose name the emitted runtime uses where all is one package.
// Functions only pass their arguments on. The file is emitted if the types have a package of
// their own.

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

// What follows is for types in a package of their own.

type Held = held

// Holds is embedded in a struct that has polymorphic properties, in the place of a method, which
// only this package could declare. The value of T says what the properties can hold.
type Holds[T interface{ Lists() []held }] struct{}

func (Holds[T]) holds() []held {
	var of T
	return of.Lists()
}

func NewNamed(odataType string, types *TypeList) (Value, bool) { return newNamed(odataType, types) }

func UnmarshalNamed(data []byte, types *TypeList, opts []Option) (Value, error) {
	return unmarshalNamed(data, types, opts)
}

func Show(v any, secrets []string) Shown { return show(v, secrets) }

func EnumIs(e, m string) bool { return enumIs(e, m) }

func EnumIsAmong(e, m, known, separator string) bool { return enumIsAmong(e, m, known, separator) }

func EnumHas(e, m string) bool { return enumHas(e, m) }

func EnumHasAmong(e, m, known, separator string) bool { return enumHasAmong(e, m, known, separator) }

func EnumKnown(e, known string) bool { return enumKnown(e, known) }

func EnumKnownBy(e, known, separator string) bool { return enumKnownBy(e, known, separator) }

func EnumAllKnown(e, known string) bool { return enumAllKnown(e, known) }

func EnumSplit[E ~string](e E) []E { return enumSplit(e) }
