package codec

import (
	"encoding/json"
	"reflect"
	"time"
)

// codecFor returns the codec for fields of a Go type, or nil; types lists the structs that a
// polymorphic property can hold.
func codecFor(rt reflect.Type, types *typeList) codec {
	switch rt.Kind() {
	case reflect.Pointer:
		if isStruct(rt) {
			return &structCodec{lazyType{rtype: rt.Elem()}}
		}
		if rt.Elem().Kind() == reflect.String && rt.Elem() == reflect.TypeFor[string]() {
			return &pointerCodec[string]{stringScalar}
		}
		return pointerCodecFor(rt.Elem())
	case reflect.Interface:
		if u := unionFor(rt, types); u != nil {
			return &unionCodec{u}
		}
	case reflect.Slice:
		return collectionCodecFor(rt, types)
	case reflect.String:
		return enumCodec{}
	case reflect.Struct:
		if _, ok := reflect.Zero(rt).Interface().(interface{ oneOrMany() }); ok && types != nil {
			return newOneOrManyCodec(rt, types)
		}
	default:
		return plainCodecFor(rt)
	}
	return nil
}

// kindOfField returns the kind of the fields of a codec.
func kindOfField(c codec) kind {
	switch c.(type) {
	case *pointerCodec[string]:
		return kindString
	case enumCodec:
		return kindEnum
	case *pointerCodec[bool]:
		return kindBool
	case *pointerCodec[time.Time]:
		return kindTime
	}
	return kindOther
}

// isStruct reports whether rt points at a generated struct.
func isStruct(rt reflect.Type) bool {
	return rt.Kind() == reflect.Pointer && rt.Elem().Kind() == reflect.Struct &&
		rt.Implements(reflect.TypeFor[Value]())
}

// pointerCodecFor returns the codec for *T of a single-valued scalar property.
func pointerCodecFor(rt reflect.Type) codec {
	switch rt {
	case reflect.TypeFor[bool]():
		return &pointerCodec[bool]{boolScalar}
	case reflect.TypeFor[uint8]():
		return &pointerCodec[uint8]{byteScalar}
	case reflect.TypeFor[int8]():
		return &pointerCodec[int8]{signed[int8](8)}
	case reflect.TypeFor[int16]():
		return &pointerCodec[int16]{signed[int16](16)}
	case reflect.TypeFor[int32]():
		return &pointerCodec[int32]{signed[int32](32)}
	case reflect.TypeFor[int64]():
		return &pointerCodec[int64]{signed[int64](64)}
	case reflect.TypeFor[float32]():
		return &pointerCodec[float32]{floating[float32](32)}
	case reflect.TypeFor[float64]():
		return &pointerCodec[float64]{floating[float64](64)}
	case reflect.TypeFor[time.Time]():
		return &pointerCodec[time.Time]{timeScalar}
	case reflect.TypeFor[Decimal]():
		return &pointerCodec[Decimal]{decimalScalar}
	case reflect.TypeFor[Duration]():
		return &pointerCodec[Duration]{durationScalar}
	case reflect.TypeFor[Date]():
		return &pointerCodec[Date]{dateScalar}
	case reflect.TypeFor[TimeOfDay]():
		return &pointerCodec[TimeOfDay]{timeOfDayScalar}
	case reflect.TypeFor[GUID]():
		return &pointerCodec[GUID]{guidScalar}
	}
	return nil
}

// plainCodecFor returns the codec for T of a key property that is not a string.
func plainCodecFor(rt reflect.Type) codec {
	switch rt.Kind() {
	case reflect.Bool:
		return &plainCodec[bool]{boolScalar}
	case reflect.Uint8:
		return &plainCodec[uint8]{byteScalar}
	case reflect.Int8:
		return &plainCodec[int8]{signed[int8](8)}
	case reflect.Int16:
		return &plainCodec[int16]{signed[int16](16)}
	case reflect.Int32:
		return &plainCodec[int32]{signed[int32](32)}
	case reflect.Int64:
		return &plainCodec[int64]{signed[int64](64)}
	}
	return nil
}

// collectionCodecFor returns the codec for a slice.
func collectionCodecFor(rt reflect.Type, types *typeList) codec {
	elem := rt.Elem()
	switch {
	case rt == reflect.TypeFor[[]byte]():
		return &plainCodec[[]byte]{binaryScalar}
	case rt == reflect.TypeFor[Binary]():
		return &plainCodec[Binary]{base64URLScalar}
	case rt == reflect.TypeFor[Untyped]():
		return rawCodec[Untyped]{}
	case rt == reflect.TypeFor[json.RawMessage]():
		return rawCodec[json.RawMessage]{}
	case isStruct(elem):
		return &structsCodec{lazyType{rtype: elem.Elem()}}
	case elem.Kind() == reflect.Interface:
		if u := unionFor(elem, types); u != nil {
			return &unionsCodec{u}
		}
	}
	return scalarsCodecFor(elem)
}

// scalarsCodecFor returns the codec for a collection of scalars.
func scalarsCodecFor(elem reflect.Type) codec {
	switch elem {
	case reflect.TypeFor[bool]():
		return &sliceCodec[bool]{boolScalar}
	case reflect.TypeFor[int8]():
		return &sliceCodec[int8]{signed[int8](8)}
	case reflect.TypeFor[int16]():
		return &sliceCodec[int16]{signed[int16](16)}
	case reflect.TypeFor[int32]():
		return &sliceCodec[int32]{signed[int32](32)}
	case reflect.TypeFor[int64]():
		return &sliceCodec[int64]{signed[int64](64)}
	case reflect.TypeFor[float32]():
		return &sliceCodec[float32]{floating[float32](32)}
	case reflect.TypeFor[float64]():
		return &sliceCodec[float64]{floating[float64](64)}
	case reflect.TypeFor[time.Time]():
		return &sliceCodec[time.Time]{timeScalar}
	case reflect.TypeFor[Decimal]():
		return &sliceCodec[Decimal]{decimalScalar}
	case reflect.TypeFor[Duration]():
		return &sliceCodec[Duration]{durationScalar}
	case reflect.TypeFor[Date]():
		return &sliceCodec[Date]{dateScalar}
	case reflect.TypeFor[TimeOfDay]():
		return &sliceCodec[TimeOfDay]{timeOfDayScalar}
	case reflect.TypeFor[[]byte]():
		return &sliceCodec[[]byte]{binaryScalar}
	case reflect.TypeFor[Binary]():
		return &sliceCodec[Binary]{base64URLScalar}
	case reflect.TypeFor[Untyped]():
		return rawsCodec[Untyped]{}
	case reflect.TypeFor[json.RawMessage]():
		return rawsCodec[json.RawMessage]{}
	}
	if elem.Kind() == reflect.String {
		return stringsCodec{}
	}
	return nil
}
