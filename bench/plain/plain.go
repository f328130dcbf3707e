// Package plain makes ordinary struct types from generated ones, by reflection. They have
// the same fields of the same Go types, including inherited ones and @odata.type; they have
// no codec of their own and drop unknown members and nulls. encoding/json and its rivals
// decode into them.
package plain

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// TypeOf returns the plain struct type for all documents that were decoded into the values,
// pointers to generated structs. A polymorphic property gets the fields of all types that
// occur there. A structured property that does not occur is an empty interface, so that
// recursive types end.
func TypeOf(values ...any) reflect.Type {
	top := new(place)
	for _, v := range values {
		top.add(reflect.ValueOf(v))
	}
	return top.structType()
}

// place is a place in the documents that holds objects.
type place struct {
	types  []reflect.Type    // of the generated structs found there
	fields map[string]*place // what their structured properties hold, by JSON name
	many   bool              // a property that is one object or an array, and here an array
	made   reflect.Type
}

// add records the contents of a value.
func (p *place) add(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			p.add(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			p.add(v.Index(i))
		}
	case reflect.Struct:
		if oneOrMany(v.Type()) {
			p.many = p.many || v.FieldByName("Many").Bool()
			p.add(v.FieldByName("Values"))
			return
		}
		p.addStruct(v)
	}
}

func (p *place) addStruct(v reflect.Value) {
	if !slices.Contains(p.types, v.Type()) {
		p.types = append(p.types, v.Type())
	}
	for _, f := range properties(v.Type()) {
		if !structured(f.Type) {
			continue
		}
		name := jsonName(f)
		if p.fields[name] == nil {
			if p.fields == nil {
				p.fields = make(map[string]*place)
			}
			p.fields[name] = new(place)
		}
		p.fields[name].add(v.FieldByIndex(f.Index))
	}
}

// structType returns the struct type with the fields of all types found there.
func (p *place) structType() reflect.Type {
	if p.made != nil {
		return p.made
	}
	fields := []reflect.StructField{{Name: "ODataType", Type: reflect.TypeFor[string](), Tag: `json:"@odata.type,omitempty"`}}
	at := make(map[string]int) // of a property, in fields
	names := map[string]bool{"ODataType": true}
	for _, t := range p.types {
		for _, f := range properties(t) {
			name, ft := jsonName(f), p.fieldType(f)
			if i, ok := at[name]; ok {
				if fields[i].Type != ft { // two derived types use the name for two things
					fields[i].Type = reflect.TypeFor[any]()
				}
				continue
			}
			at[name] = len(fields)
			fields = append(fields, reflect.StructField{Name: free(names, f.Name), Type: ft, Tag: f.Tag})
		}
	}
	p.made = reflect.StructOf(fields)
	return p.made
}

func (p *place) fieldType(f reflect.StructField) reflect.Type {
	if !structured(f.Type) {
		return f.Type
	}
	held := p.fields[jsonName(f)]
	if held == nil || len(held.types) == 0 {
		return reflect.TypeFor[any]()
	}
	t := reflect.PointerTo(held.structType())
	if f.Type.Kind() == reflect.Slice || held.many {
		return reflect.SliceOf(t)
	}
	return t
}

// properties returns the fields for properties, including those of base types.
func properties(t reflect.Type) []reflect.StructField {
	var fields []reflect.StructField
	for _, f := range reflect.VisibleFields(t) {
		if f.IsExported() && !f.Anonymous && f.Tag.Get("json") != "-" && f.Name != keeper {
			fields = append(fields, f)
		}
	}
	return fields
}

// keeper is the field of every generated struct for undeclared members.
const keeper = "AdditionalData"

// structured reports whether a property holds objects: generated structs, or interfaces
// that they implement.
func structured(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Slice:
		return structured(t.Elem())
	case reflect.Interface:
		return t.NumMethod() > 0
	case reflect.Pointer:
		if t.Elem().Kind() != reflect.Struct {
			return false
		}
		_, ok := t.Elem().FieldByName(keeper)
		return ok
	}
	return oneOrMany(t)
}

func oneOrMany(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && strings.HasPrefix(t.Name(), "OneOrMany[")
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "" {
		return f.Name
	}
	return name
}

// free returns and takes a free field name.
func free(names map[string]bool, name string) string {
	unique := name
	for n := 2; names[unique]; n++ {
		unique = name + strconv.Itoa(n)
	}
	names[unique] = true
	return unique
}
