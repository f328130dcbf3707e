package codec

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
)

// This file looks up types by the names in documents.

// typeList lists types as typed nil pointers, and other lists. A list is a variable in static
// data, which the linker omits from programs that do not use it. Its fields are exported for
// types that are in another package than the codec.
type typeList struct {
	Types    []Value
	Lists    []*typeList
	Abstract []Value  // types without values of their own
	Aliases  []string // of namespaces, each followed by its namespace
	Folded   bool     // documents name versions of types, which are one type each
}

// all returns the types of a list and of the lists in it.
func (l *typeList) all() []Value {
	types := slices.Clone(l.Types)
	for _, list := range l.Lists {
		types = append(types, list.all()...)
	}
	return types
}

// allAbstract returns the abstract types of a list and of the lists in it.
func (l *typeList) allAbstract() []Value {
	types := slices.Clone(l.Abstract)
	for _, list := range l.Lists {
		types = append(types, list.allAbstract()...)
	}
	return types
}

// byName maps qualified names to the structs of typed nil pointers.
func byName(types []Value) map[string]reflect.Type {
	m := make(map[string]reflect.Type, len(types))
	for _, v := range types {
		m[v.ODataType()] = reflect.TypeOf(v).Elem()
	}
	return m
}

// all maps the qualified names of the package to structs, once it has been needed.
var all atomic.Pointer[map[string]reflect.Type]

// lookUp returns the struct with the given qualified name, from the whole package.
func lookUp(name string, types *typeList) (reflect.Type, bool) {
	m := all.Load()
	if m == nil {
		list := byName(types.all())
		m = &list
		all.Store(m)
	}
	rt, ok := (*m)[name]
	if !ok {
		rt, ok = (*m)[types.declared(name)]
	}
	return rt, ok
}

// declared returns the qualified name that a document means by another.
func (l *typeList) declared(name string) string {
	if l.Folded {
		name = withoutVersion(name)
	}
	return withoutAlias(name, l.Aliases)
}

// withoutVersion returns a qualified name without the version at the end of its namespace:
// "Chassis.Chassis" for "Chassis.v1_28_0.Chassis".
func withoutVersion(name string) string {
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 {
		return name
	}
	start := strings.LastIndexByte(name[:dot], '.')
	if start <= 0 || !isVersion(name[start+1:dot]) {
		return name
	}
	return name[:start] + name[dot:]
}

// isVersion reports whether a part of a namespace is a version, such as "v1_28_0".
func isVersion(part string) bool {
	if len(part) < 2 || part[0] != 'v' && part[0] != 'V' {
		return false
	}
	for i := 1; i < len(part); i++ {
		isDigit := '0' <= part[i] && part[i] <= '9'
		if !isDigit && (part[i] != '_' || part[i-1] == '_' || i == 1 || i == len(part)-1) {
			return false
		}
	}
	return true
}

// withoutAlias returns a qualified name with the namespace in the place of its alias.
func withoutAlias(name string, aliases []string) string {
	dot := strings.LastIndexByte(name, '.')
	for i := 0; dot >= 0 && i+1 < len(aliases); i += 2 {
		if aliases[i] == name[:dot] {
			return aliases[i+1] + name[dot:]
		}
	}
	return name
}

// newNamed returns a new value of the type that an @odata.type names.
func newNamed(odataType string, types *typeList) (Value, bool) {
	rt, ok := lookUp(typeName(odataType), types)
	if !ok {
		return nil, false
	}
	v, ok := reflect.New(rt).Interface().(Value)
	return v, ok
}

// unmarshalNamed decodes a JSON object into the type that it names, from the whole package.
func unmarshalNamed(data []byte, types *typeList, opts []Option) (Value, error) {
	d := newDecoder(data, opts)
	text, err := d.typeOfDocument()
	if err != nil {
		return nil, err
	}
	if text == "" {
		return nil, &DecodeError{Msg: `the object has no "@odata.type": use Unmarshal with a value of the type you expect`}
	}
	rt, ok := lookUp(typeName(text), types)
	if !ok {
		return nil, &DecodeError{Msg: fmt.Sprintf("no type in this package is named %q", typeName(text))}
	}
	t, err := typeFor(rt)
	if err != nil {
		return nil, err
	}
	return d.documentOf(t)
}

// unmarshalAny decodes a JSON object into the type that it names, if that implements an
// interface, or else into the base type. The interface is given as a nil pointer to it.
func unmarshalAny(data []byte, pointer any, types *typeList, opts []Option) (Value, error) {
	u := unionFor(reflect.TypeOf(pointer).Elem(), types)
	d := newDecoder(data, opts)
	text, err := d.typeOfDocument()
	if err != nil {
		return nil, err
	}
	v, err := u.lookUp(typeName(text))
	if err != nil {
		return nil, err
	}
	return d.documentOf(v.t)
}

// typeOfDocument returns the @odata.type of the document, or "".
func (d *decoder) typeOfDocument() (string, error) {
	if d.ws() != '{' {
		return "", d.syntax("a JSON object is expected")
	}
	return d.typeAhead(), nil
}

// documentOf decodes the document into a new value.
func (d *decoder) documentOf(t *typ) (Value, error) {
	obj := newStruct(t)
	if err := d.document(t, obj); err != nil {
		return nil, err
	}
	d.release()
	return valueOf(t, obj), nil
}
