package codec

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// typ describes a generated struct to the codec. It is built by reflection when the type is
// first used, and is immutable except for the hints in hots. Together come the parts that
// decoding needs of every type.
type typ struct {
	rtype   reflect.Type
	pointer reflect.Type // to rtype
	hots    []hot        // one for each field; in a last one, follows is for the first member
	words   int          // of memory that a struct has
	table   nameTable
	fields  []field
	probes  probes
	prefix  wordText // `{"@odata.type":"#…"`, what most objects start with
	text    string   // "#" and the name; AdditionalData points here for values that came with it
	name    string   // qualified name
	bag     []int    // path of the AdditionalData

	isEnvelope bool      // not a value of the service: some fields are control information
	types      *typeList // what the items of a page can be

	// onlyNulls caches kept values that hold nothing but nulls; objects with the same nulls
	// share one, because kept values are immutable.
	onlyNulls [8]atomic.Pointer[kept]
}

// decoders and encoders hold scratch space for reuse; the garbage collector may empty them.
// There is one pool for all types, because pools per type would mostly be empty.
var decoders, encoders sync.Pool

// field describes one property.
type field struct {
	codec  codec
	access access // where the value lies in the struct
	name   string // JSON name
	quoted string // the same in quotes, and a colon
	index  []int
	offset uintptr
}

// codec decodes and encodes the values of one field.
type codec interface {
	// decode reads the JSON value at the cursor, which is not null, into the field.
	// It returns errMisfit, with the cursor anywhere in the value, if it does not fit.
	decode(d *decoder, obj ref, f *field) (fit, error)
	// encode appends the field's value, which is set, to buf.
	encode(e *encoder, buf []byte, obj ref, f *field) ([]byte, error)
	// same reports whether the field's value equals the value of text.
	same(obj ref, f *field, text string) bool
}

// fit describes how a JSON value fits a Go type.
type fit uint8

const (
	fits    fit = iota // it is encoded again as received
	inexact            // held, but with another spelling
	asZero             // held, but looks absent
	misfit             // cannot be held
)

// kind is the kind of a field: the commonest ones are decided without a call.
type kind uint8

const (
	kindString kind = iota // *string
	kindEnum               // of string kind
	kindBool               // *bool
	kindTime               // *time.Time
	kindOther
)

const (
	kindText = kindEnum // the last kind that is a string
)

var types sync.Map // reflect.Type of a struct → *typ

// recent holds recently used descriptors: programs use the same types again and again.
var recent [1024]atomic.Pointer[typ]

// typeFor returns the descriptor of a generated struct.
func typeFor(rt reflect.Type) (*typ, error) {
	if t, ok := types.Load(rt); ok {
		return t.(*typ), nil
	}
	t, err := buildType(rt)
	if err != nil {
		return nil, err
	}
	stored, _ := types.LoadOrStore(rt, t)
	return stored.(*typ), nil
}

func buildType(rt reflect.Type) (*typ, error) {
	v, ok := reflect.New(rt).Interface().(Value)
	if !ok {
		return nil, fmt.Errorf("%v is not a generated struct", rt)
	}
	if !beginsWithBag(rt) { // its methods may be those of what it embeds, which is nil here
		return nil, fmt.Errorf("%v does not begin with its AdditionalData: is it a generated struct?", rt)
	}
	return describe(rt, v.ODataType(), nil)
}

// beginsWithBag reports whether the first field of a struct, possibly an embedded one, is its
// AdditionalData.
func beginsWithBag(rt reflect.Type) bool {
	for rt.Kind() == reflect.Struct && rt.NumField() > 0 {
		first := rt.Field(0)
		if !first.Anonymous {
			return first.Type == reflect.TypeFor[AdditionalData]()
		}
		rt = first.Type
	}
	return false
}

// describe describes a struct; types lists the possible values of polymorphic fields if the
// struct itself does not.
func describe(rt reflect.Type, name string, types *typeList) (*typ, error) {
	t := &typ{name: name, rtype: rt, pointer: reflect.PointerTo(rt)}
	t.text = "#" + t.name
	t.prefix = wordTextOf(`{"@odata.type":"` + t.text + `"`)
	if err := t.addFields(rt, nil, 0, types); err != nil {
		return nil, fmt.Errorf("%v: %w", rt, err)
	}
	if t.bag == nil {
		return nil, fmt.Errorf("%v has no AdditionalData: is it a generated struct?", rt)
	}
	t.table = newNameTable(t.fields)
	t.probes = newProbes(t.fields)
	t.words = int(rt.Size() / reflect.TypeFor[uintptr]().Size())
	t.hots = make([]hot, len(t.fields)+1)
	for i := range t.fields {
		f := &t.fields[i]
		t.hots[i].set(f.quoted)
		t.hots[i].offset, t.hots[i].kind = uint32(f.offset), kindOfField(f.codec)
	}
	return t, nil
}

// holder is implemented by structs with polymorphic properties.
type holder interface{ holds() []held }

// held lists the types that a polymorphic property can hold, as typed nil pointers to structs
// with the declared type first. The list belongs to the struct with the property, so that a
// program links only types that its values can hold.
type held struct {
	Property string
	Types    *typeList
}

// addFields describes the fields of rt, starting with those of its base type.
func (t *typ) addFields(rt reflect.Type, path []int, offset uintptr, types *typeList) error {
	holds := heldBy(rt)
	for i := range rt.NumField() {
		sf := rt.Field(i)
		index := append(path[:len(path):len(path)], i)
		switch {
		case sf.Anonymous && sf.Type.Kind() == reflect.Struct:
			if err := t.addFields(sf.Type, index, offset+sf.Offset, types); err != nil {
				return err
			}
		case sf.Type == reflect.TypeFor[AdditionalData]():
			if offset+sf.Offset != 0 {
				return fmt.Errorf("its AdditionalData is not its first field")
			}
			t.bag = index
		default:
			f, err := newField(sf, index, offset+sf.Offset, holds, types)
			if err != nil {
				return err
			}
			t.fields = append(t.fields, f)
		}
	}
	return nil
}

// heldBy returns the types that the polymorphic properties of a struct and its bases can hold.
func heldBy(rt reflect.Type) []held {
	if h, ok := reflect.New(rt).Interface().(holder); ok {
		return h.holds()
	}
	return nil
}

func newField(sf reflect.StructField, index []int, offset uintptr, holds []held, types *typeList) (field, error) {
	name, _, _ := strings.Cut(sf.Tag.Get("json"), ",")
	if name == "" || name == "-" || !sf.IsExported() {
		return field{}, fmt.Errorf("field %s is not that of a generated struct", sf.Name)
	}
	f := field{name: name, index: index, offset: offset, access: accessTo(sf.Type, index, offset)}
	f.quoted = string(appendString(nil, name)) + ":"
	if i := slices.IndexFunc(holds, func(h held) bool { return h.Property == name }); i >= 0 {
		types = holds[i].Types
	}
	f.codec = codecFor(sf.Type, types)
	if f.codec == nil {
		return field{}, fmt.Errorf("field %s has type %v, which no property has", sf.Name, sf.Type)
	}
	if c, ok := f.codec.(*oneOrManyCodec); ok {
		c.bind(&f)
	}
	return f, nil
}

// lazyType is a *typ that is looked up on first use, because types refer to each other.
type lazyType struct {
	rtype reflect.Type
	t     atomic.Pointer[typ]
}

func (l *lazyType) get() (*typ, error) {
	if t := l.t.Load(); t != nil {
		return t, nil
	}
	t, err := typeFor(l.rtype)
	if err == nil {
		l.t.Store(t)
	}
	return t, err
}

// nameTable finds a field by its JSON name: open addressing, no allocation.
type nameTable struct {
	slots []uint16 // index of the field plus one, 0 = empty
	mask  uint32
}

func newNameTable(fields []field) nameTable {
	size := uint32(4)
	for size < 3*uint32(len(fields)) {
		size *= 2
	}
	n := nameTable{slots: make([]uint16, size), mask: size - 1}
	for i := range fields {
		h := hashName(fields[i].name) & n.mask
		for n.slots[h] != 0 {
			h = (h + 1) & n.mask
		}
		n.slots[h] = uint16(i + 1)
	}
	return n
}

// hashName hashes only a few bytes; other differences between names cost a comparison.
func hashName(s string) uint32 {
	n := len(s)
	if n == 0 {
		return 0
	}
	h := uint32(s[0]) | uint32(s[n-1])<<8 | uint32(s[n/2])<<16 | uint32(s[n/3])<<24
	h = (h ^ uint32(n)*0x9e3779b1) * 0x85ebca6b
	return h ^ h>>15
}

// find returns the index of the field with the given JSON name, or -1.
func (t *typ) find(name string) int {
	for h := hashName(name) & t.table.mask; ; h = (h + 1) & t.table.mask {
		slot := t.table.slots[h]
		if slot == 0 {
			return -1
		}
		if t.fields[slot-1].name == name {
			return int(slot - 1)
		}
	}
}

// within returns field i of the struct in f, at an offset in that struct.
func (f *field) within(i int, offset uintptr, rt reflect.Type) field {
	part := field{name: f.name, index: append(f.index[:len(f.index):len(f.index)], i)}
	part.access = accessTo(rt, part.index, f.offset+offset)
	return part
}
