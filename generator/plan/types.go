package plan

import (
	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/spec/edm"
)

// primitives maps the types of the Edm namespace to Go. Types without an entry are not
// members of a JSON object (Edm.Stream), or can be any JSON value.
var primitives = map[string]goir.Type{
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

// primitive returns the Go type of a value of a primitive type, and whether an optional one
// needs a pointer. Microsoft Graph takes GUIDs for text, and writes binary values as base64.
func (p *planner) primitive(name string) (goir.Type, bool) {
	switch {
	case p.dialect.graph:
	case name == "Guid":
		return goir.Type{Name: "GUID"}, true
	case name == "Binary":
		return goir.Type{Name: "Binary"}, false
	}
	if t, ok := primitives[name]; ok {
		return t, t.Prefix == ""
	}
	if isGeo(name) {
		return goir.Type{Import: "encoding/json", Name: "RawMessage"}, false
	}
	return goir.Type{Name: "Untyped"}, false
}

func isGeo(name string) bool {
	return len(name) >= 8 && (name[:8] == "Geograph" || name[:8] == "Geometry")
}

// scalar returns the Go type of a property of a primitive type.
func (p *planner) scalar(name string, collection, key bool) goir.Type {
	t, pointer := p.primitive(name)
	switch {
	case collection && t.Name == "uint8":
		return goir.Type{Prefix: "[]", Name: "int16"} // []uint8 is used for Edm.Binary
	case collection:
		t.Prefix = "[]" + t.Prefix
	case key && isKeyType(t.Name), !pointer:
	default:
		t.Prefix = "*"
	}
	return t
}

// isKeyType reports whether key properties of a Go type are plain, "" when absent. Others can
// be 0 or false.
func isKeyType(name string) bool { return name == "string" || name == "GUID" }

// goType returns the Go type for a type reference and, if it is polymorphic, the variable
// that lists the types of its values.
func (p *planner) goType(ref edm.TypeRef, key, oneOrMany bool) (goir.Type, string) {
	switch t := ref.Type.(type) {
	case *edm.EnumType:
		return goir.Type{Prefix: slice(ref.Collection), Name: p.names.Type(t)}, ""
	case *edm.StructuredType:
		value := p.value(t)
		if !p.names.Polymorphic(t) {
			value.Prefix = slice(ref.Collection) + value.Prefix
			return value, ""
		}
		if oneOrMany {
			return goir.Type{Name: "OneOrMany", Args: []goir.Type{value}}, p.names.List(t)
		}
		value.Prefix = slice(ref.Collection)
		return value, p.names.List(t)
	case *edm.TypeDefinition:
		return p.scalar(t.Underlying.Name.Name, ref.Collection, key), ""
	default:
		return p.scalar(ref.Name.Name, ref.Collection, key), ""
	}
}

// value returns the Go type for values of a structured type: a pointer or an interface.
func (p *planner) value(t *edm.StructuredType) goir.Type {
	if p.names.Polymorphic(t) {
		return goir.Type{Name: p.names.Union(t)}
	}
	return goir.Type{Prefix: "*", Name: p.names.Type(t)}
}

func slice(collection bool) string {
	if collection {
		return "[]"
	}
	return ""
}
