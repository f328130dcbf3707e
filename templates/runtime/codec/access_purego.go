//go:build purego

package codec

import "reflect"

// ref refers to a struct that a typ describes: its addressable value.
type ref = reflect.Value

// access locates a field.
type access struct{ index []int }

func accessTo(_ reflect.Type, index []int, _ uintptr) access { return access{index} }

// pointee refers to the struct that v points at.
func pointee(v any) ref { return reflect.ValueOf(v).Elem() }

func refOf(v Value) ref { return reflect.ValueOf(v).Elem() }

func valueOf(_ *typ, r ref) Value { return r.Addr().Interface().(Value) }

func newStruct(t *typ) ref { return reflect.New(t.rtype).Elem() }

func resetStruct(_ *typ, r ref) { r.SetZero() }

func additional(t *typ, r ref) *AdditionalData {
	return r.FieldByIndex(t.bag).Addr().Interface().(*AdditionalData)
}

func (f *field) of(r ref) reflect.Value {
	if len(f.access.index) == 1 {
		return r.Field(f.access.index[0])
	}
	return r.FieldByIndex(f.access.index)
}

// slot returns the address of a field whose type is T.
func slot[T any](r ref, f *field) *T { return f.of(r).Addr().Interface().(*T) }

// hotSlot is slot of the field with index i.
func hotSlot[T any](r ref, t *typ, i int) *T { return slot[T](r, &t.fields[i]) }

func hotString(r ref, t *typ, i int) string       { return stringSlot(r, &t.fields[i]) }
func setHotString(r ref, t *typ, i int, s string) { setStringSlot(r, &t.fields[i], s) }

func isSet(r ref, f *field) bool {
	v := f.of(r)
	if v.Kind() == reflect.Struct { // a OneOrMany is set when its values are
		v = v.Field(0)
	}
	return !v.IsZero()
}

// probes has no use here.
type probes struct{}

func newProbes([]field) probes { return probes{} }

// set has a bit for each of 64 fields, from the field first on, that is set.
func (t *typ) set(r ref, first int) uint64 {
	var set uint64
	for i := range t.fields[first:min(first+64, len(t.fields))] {
		if isSet(r, &t.fields[first+i]) {
			set |= 1 << i
		}
	}
	return set
}

// Fields of string kind, whatever their type.

func stringSlot(r ref, f *field) string       { return f.of(r).String() }
func setStringSlot(r ref, f *field, s string) { f.of(r).SetString(s) }

func stringsSlot(r ref, f *field) []string {
	v := f.of(r)
	list := make([]string, v.Len())
	for i := range list {
		list[i] = v.Index(i).String()
	}
	return list
}

func setStringsSlot(r ref, f *field, list []string) {
	v := f.of(r)
	v.Set(reflect.MakeSlice(v.Type(), len(list), len(list)))
	for i, s := range list {
		v.Index(i).SetString(s)
	}
}

// Fields that point at a struct, or are collections of such.

func structSlot(r ref, f *field) ref       { return f.of(r).Elem() }
func setStructSlot(r ref, f *field, s ref) { f.of(r).Set(s.Addr()) }

func structsLen(r ref, f *field) int       { return f.of(r).Len() }
func structsAt(r ref, f *field, i int) ref { return f.of(r).Index(i).Elem() }

func setStructs(r ref, f *field, list []ref) {
	v := f.of(r)
	v.Set(reflect.MakeSlice(v.Type(), len(list), len(list)))
	for i, s := range list {
		if s.IsValid() {
			v.Index(i).Set(s.Addr())
		}
	}
}

func isNilRef(r ref) bool { return !r.IsValid() }
func nilRef() ref         { return reflect.Value{} }

// boxer makes interface values of one polymorphic type.
type boxer struct{ rtype reflect.Type }

// box is the type inside an interface; nil if absent.
type box = reflect.Type

func (b boxer) boxOf(t *typ) box { return t.pointer }

func setUnionSlot(r ref, f *field, v polymorph) { f.of(r).Set(v.obj.Addr()) }

func unionSlot(r ref, f *field) polymorph { return unpack(f.of(r)) }

func unionsLen(r ref, f *field) int { return f.of(r).Len() }

func unionsAt(r ref, f *field, i int) polymorph { return unpack(f.of(r).Index(i)) }

func unpack(v reflect.Value) polymorph {
	if v.IsNil() {
		return polymorph{}
	}
	p := v.Elem()
	if p.Kind() != reflect.Pointer { // the program put it there
		return polymorph{box: p.Type(), obj: p}
	}
	return polymorph{box: p.Type(), obj: p.Elem()}
}

func setUnions(r ref, f *field, list []polymorph) {
	v := f.of(r)
	v.Set(reflect.MakeSlice(v.Type(), len(list), len(list)))
	for i, p := range list {
		if p.obj.IsValid() {
			v.Index(i).Set(p.obj.Addr())
		}
	}
}

// typeOfBox returns the type inside an interface of the polymorphic type: a pointer to a
// struct, unless the program put something else there.
func (b boxer) typeOfBox(v polymorph) reflect.Type { return v.box }

// textIsOwned says whether decoder.text can be kept, or is a view of scratch space.
const textIsOwned = true

// view returns bytes as a string.
func view(b []byte) string { return string(b) }
