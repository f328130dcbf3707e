package goir

import (
	"path"
	"strings"
)

// Type is a Go type: a prefix such as "*" or "[]*", a name, and type arguments.
type Type struct {
	Prefix string
	Import string // path of the package that Name is in; "" for this one
	Name   string
	Args   []Type
}

// String returns the type as Go source, packages by their last element.
func (t Type) String() string {
	name := t.Name
	if t.Import != "" {
		name = path.Base(t.Import) + "." + name
	}
	if len(t.Args) > 0 {
		args := make([]string, len(t.Args))
		for i, a := range t.Args {
			args[i] = a.String()
		}
		name += "[" + strings.Join(args, ", ") + "]"
	}
	return t.Prefix + name
}

// Enum is a Go string type with constants for the members of an enum type.
type Enum struct {
	Declared
	Flags   bool
	Members []Constant
	Known   string // the members as they are sent, and
	Between string // what stands between them
	OData   string // the qualified name, "" if URLs of the service have no use for it
	Twins   bool   // whether two members differ in letter case only
}

// Constant is a constant of an enum, or the name of a property.
type Constant struct {
	Name    string
	Value   string
	Doc     Doc
	Element string
}

// Struct is the Go struct of an entity or complex type.
type Struct struct {
	Declared
	ODataType string
	Embeds    string // name of the base type's struct; "" for a root
	Fields    []*Field
	Union     *Union // nil without derived types
}

// Field is a field of a struct.
type Field struct {
	Name    string
	JSON    string
	Type    Type
	Doc     Doc
	Holds   string // the variable that lists what it can hold; "" unless polymorphic
	Element string
}

// Union is the interface that a base type and everything derived from it implement.
type Union struct {
	Name      string // AnyMeetingInfo
	Doc       Doc
	Base      string // MeetingInfo
	As        string // AsMeetingInfo
	List      string // typesOfMeetingInfo
	Unmarshal string // UnmarshalAnyMeetingInfo
	Types     TypeList
}

// TypeList is a list of structs: some by themselves, and those of other lists.
type TypeList struct {
	Structs  []string
	Lists    []List
	Abstract []string // those structs of which there are no values
}

// List is the list of what a union can hold.
type List struct {
	Name string // of the variable
	Base string // the struct that it begins with
}

// PropertyNames are constants for the names of properties, by the struct that has them.
type PropertyNames struct {
	Declared
	Groups []PropertyGroup
}

// PropertyGroup is the constants of one struct.
type PropertyGroup struct {
	Struct    string
	Type      string // schema type of the struct
	Constants []Constant
}

// Parameters is the struct of an operation's parameters.
type Parameters struct {
	Declared
	Fields []*Field
}

// KeyStruct is the struct for a key of many parts.
type KeyStruct struct {
	Declared
	Fields []*Field
}

// Show is the function Show, which knows what is secret.
type Show struct {
	Declared
	List    string   // the variable that lists the secrets
	Secrets []string // properties, such as microsoft.graph.tokenMeetingInfo/token
}

// AnyType is New and UnmarshalAny, which know every struct of the package.
type AnyType struct {
	Declared
	All  TypeList
	List string // the variable that lists them
}
