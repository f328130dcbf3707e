package plan

import (
	"github.com/callgen/callgen/spec/edm"
)

// primitives maps the types of the Edm namespace to Go. Those without an entry are
// not members of a JSON object (Edm.Stream), or can be any JSON value.
var primitives = map[string]Type{
	"Binary":         {Prefix: "[]", Name: "byte"},
	"Boolean":        {Name: "bool"},
	"Byte":           {Name: "uint8"},
	"Date":           {Name: "Date"},
	"DateTimeOffset": {Import: "time", Name: "Time"},
	"Decimal":        {Name: "Decimal"},
	"Double":         {Name: "float64"},
	"Duration":       {Name: "Duration"},
	"Guid":           {Name: "string"},
	"Int16":          {Name: "int16"},
	"Int32":          {Name: "int32"},
	"Int64":          {Name: "int64"},
	"SByte":          {Name: "int8"},
	"Single":         {Name: "float32"},
	"String":         {Name: "string"},
	"TimeOfDay":      {Name: "TimeOfDay"},
}

// primitive returns the Go type of a value of a primitive type, and whether an
// optional one needs a pointer.
func primitive(name string) (Type, bool) {
	if t, ok := primitives[name]; ok {
		return t, t.Prefix == ""
	}
	if isGeo(name) {
		return Type{Import: "encoding/json", Name: "RawMessage"}, false
	}
	return Type{Name: "Untyped"}, false
}

func isGeo(name string) bool {
	return len(name) >= 8 && (name[:8] == "Geograph" || name[:8] == "Geometry")
}

// scalar returns the Go type of a property of a primitive type.
func scalar(name string, collection, key bool) Type {
	t, pointer := primitive(name)
	switch {
	case collection && t.Name == "uint8":
		return Type{Prefix: "[]", Name: "int16"} // []uint8 is what Edm.Binary is
	case collection:
		t.Prefix = "[]" + t.Prefix
	case key && isKeyType(t.Name), !pointer:
	default:
		t.Prefix = "*"
	}
	return t
}

// isKeyType reports whether key properties of a Go type are plain, "" or 0 when absent.
func isKeyType(name string) bool {
	switch name {
	case "string", "uint8", "int8", "int16", "int32", "int64":
		return true
	}
	return false
}

// goType returns the Go type of a use of a type, and the function that lists what it
// can hold if it is polymorphic.
func (p *planner) goType(ref edm.TypeRef, key, oneOrMany bool) (Type, string) {
	switch t := ref.Type.(type) {
	case *edm.EnumType:
		return Type{Prefix: slice(ref.Collection), Name: p.names.Type(t.Name)}, ""
	case *edm.StructuredType:
		name := p.names.Type(t.Name)
		if !p.polymorphic(t) {
			return Type{Prefix: slice(ref.Collection) + "*", Name: name}, ""
		}
		if oneOrMany {
			return Type{Name: "OneOrMany", Arg: unionName(name)}, listName(name)
		}
		return Type{Prefix: slice(ref.Collection), Name: unionName(name)}, listName(name)
	case *edm.TypeDefinition:
		return scalar(t.Underlying.Name.Name, ref.Collection, key), ""
	default:
		return scalar(ref.Name.Name, ref.Collection, key), ""
	}
}

func slice(collection bool) string {
	if collection {
		return "[]"
	}
	return ""
}

func unionName(base string) string     { return "Any" + base }
func listName(base string) string      { return "typesOf" + base }
func asName(base string) string        { return "As" + base }
func unmarshalName(base string) string { return "UnmarshalAny" + base }
