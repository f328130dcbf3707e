//go:build !purego

package codec

import (
	"reflect"
	"unsafe"
)

// This file is the only one that uses package unsafe: it reaches the fields of
// generated structs by their offsets, which reflection gave. access_purego.go does
// the same with reflection alone, behind the build tag purego.

// ref refers to a struct that a typ describes.
type ref = unsafe.Pointer

// access locates a field.
type access struct {
	offset uintptr
	probe  uintptr // offset of a word that is zero when the field is not set
	narrow uintptr // size of a field smaller than a word, else 0
}

func accessTo(rt reflect.Type, _ []int, offset uintptr) access {
	a := access{offset: offset, probe: offset}
	switch {
	case rt.Kind() == reflect.String:
		a.probe += unsafe.Sizeof(uintptr(0)) // the length: "" may have a pointer
	case rt.Size() < unsafe.Sizeof(uintptr(0)):
		a.narrow = rt.Size()
	}
	return a
}

// pointee refers to the struct that v points at.
func pointee(v any) ref { return reflect.ValueOf(v).UnsafePointer() }

func refOf(v Value) ref { return (*[2]unsafe.Pointer)(unsafe.Pointer(&v))[1] }

func valueOf(t *typ, r ref) Value { return reflect.NewAt(t.rtype, r).Interface().(Value) }

func newStruct(t *typ) ref { return reflect.New(t.rtype).UnsafePointer() }

// resetStruct zeroes a struct, which most are already.
func resetStruct(t *typ, r ref) {
	for _, word := range unsafe.Slice((*uintptr)(r), t.words) {
		if word != 0 {
			reflect.NewAt(t.rtype, r).Elem().SetZero()
			return
		}
	}
}

// additional returns the AdditionalData of a struct; it is always its first field.
func additional(_ *typ, r ref) *AdditionalData { return (*AdditionalData)(r) }

// slot returns the address of a field whose type is T.
func slot[T any](r ref, f *field) *T { return (*T)(unsafe.Add(r, f.access.offset)) }

// hotSlot is slot of the field with index i.
func hotSlot[T any](r ref, t *typ, i int) *T { return (*T)(unsafe.Add(r, t.hots[i].offset)) }

func hotString(r ref, t *typ, i int) string       { return *hotSlot[string](r, t, i) }
func setHotString(r ref, t *typ, i int, s string) { *hotSlot[string](r, t, i) = s }

func isSet(r ref, f *field) bool {
	if f.access.narrow != 0 {
		return isNarrowSet(r, f)
	}
	return *(*uintptr)(unsafe.Add(r, f.access.probe)) != 0
}

// probes locates the words that tell whether the fields of a struct are set, for quick
// scanning: most fields of most values are not set.
type probes struct {
	offsets []uintptr
	narrow  bool // some field is smaller than a word, and must be looked at by itself
}

func newProbes(fields []field) probes {
	p := probes{offsets: make([]uintptr, len(fields))}
	for i := range fields {
		p.offsets[i] = fields[i].access.probe
		p.narrow = p.narrow || fields[i].access.narrow != 0
	}
	return p
}

// set has a bit for each of 64 fields, from the field first on, that is set.
func (t *typ) set(r ref, first int) uint64 {
	var set uint64
	last := min(first+64, len(t.fields))
	if t.probes.narrow {
		for i := range t.fields[first:last] {
			if isSet(r, &t.fields[first+i]) {
				set |= 1 << (i & 63)
			}
		}
		return set
	}
	for i, offset := range t.probes.offsets[first:last] {
		if *(*uintptr)(unsafe.Add(r, offset)) != 0 {
			set |= 1 << (i & 63)
		}
	}
	return set
}

func isNarrowSet(r ref, f *field) bool {
	switch f.access.narrow {
	case 1:
		return *slot[uint8](r, f) != 0
	case 2:
		return *slot[uint16](r, f) != 0
	}
	return *slot[uint32](r, f) != 0
}

// Fields of string kind, whatever their type.

func stringSlot(r ref, f *field) string       { return *slot[string](r, f) }
func setStringSlot(r ref, f *field, s string) { *slot[string](r, f) = s }

func stringsSlot(r ref, f *field) []string          { return *slot[[]string](r, f) }
func setStringsSlot(r ref, f *field, list []string) { *slot[[]string](r, f) = list }

// Fields that point at a struct, or are collections of such.

func structSlot(r ref, f *field) ref       { return *slot[ref](r, f) }
func setStructSlot(r ref, f *field, s ref) { *slot[ref](r, f) = s }

func structsLen(r ref, f *field) int       { return len(*slot[[]ref](r, f)) }
func structsAt(r ref, f *field, i int) ref { return (*slot[[]ref](r, f))[i] }
func setStructs(r ref, f *field, list []ref) {
	*slot[[]ref](r, f) = append(make([]ref, 0, len(list)), list...)
}

func isNilRef(r ref) bool { return r == nil }
func nilRef() ref         { return nil }

// iface is the layout of a non-empty interface.
type iface struct {
	tab  unsafe.Pointer // never on the heap
	data unsafe.Pointer
}

// boxer makes interface values of one polymorphic type.
type boxer struct{ rtype reflect.Type }

// box holds the parts of an interface value for a variant.
type box = unsafe.Pointer

func (b boxer) boxOf(t *typ) box {
	p := reflect.New(b.rtype)
	p.Elem().Set(reflect.NewAt(t.rtype, newStruct(t)))
	return (*iface)(p.UnsafePointer()).tab
}

func setUnionSlot(r ref, f *field, v polymorph) {
	*slot[iface](r, f) = iface{v.box, v.obj}
}

func unionSlot(r ref, f *field) polymorph {
	i := slot[iface](r, f)
	return polymorph{box: i.tab, obj: i.data}
}

func unionsLen(r ref, f *field) int { return len(*slot[[]iface](r, f)) }

func unionsAt(r ref, f *field, i int) polymorph {
	e := (*slot[[]iface](r, f))[i]
	return polymorph{box: e.tab, obj: e.data}
}

func setUnions(r ref, f *field, list []polymorph) {
	out := make([]iface, len(list))
	for i, v := range list {
		out[i] = iface{v.box, v.obj}
	}
	*slot[[]iface](r, f) = out
}

// typeOfBox returns the type inside an interface of the polymorphic type: a pointer to a
// struct, unless the program put something else there.
func (b boxer) typeOfBox(v polymorph) reflect.Type {
	i := iface{v.box, v.obj}
	return reflect.NewAt(b.rtype, unsafe.Pointer(&i)).Elem().Elem().Type()
}

// textIsOwned says whether decoder.text can be kept, or is a view of scratch space.
const textIsOwned = false

// view returns bytes as a string that is valid until they change.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
