package goir

import (
	"path"
	"strings"
)

// Type is a Go type: a prefix such as "*" or "[]*", a name, and type arguments.
type Type struct {
	Prefix string
	Import string // import path of Name's package; "" for this one
	Name   string
	Args   []Type
}

// String returns the type as Go source, with packages by their last element.
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

// Constant is a constant of an enum.
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
	Union     *Union  // nil unless there are derived types
	Holder    *Holder // nil unless the codec is in another package
}

// Holder is what a struct embeds in place of the method that tells the codec what polymorphic
// properties hold: the method is unexported, and so cannot be declared outside of the codec's
// package.
type Holder struct {
	Name   string // of the alias that is embedded
	Lists  string // of the type with the lists
	Import string // import path of the codec
}

// Field is a field of a struct.
type Field struct {
	Name    string
	JSON    string
	Type    Type
	Doc     Doc
	Holds   string // the variable that lists the types of its values; "" unless polymorphic
	Element string
}

// Union is the interface implemented by a base type and all types derived from it.
type Union struct {
	Name      string // AnyMeetingInfo
	Doc       Doc
	Base      string // MeetingInfo
	As        string // AsMeetingInfo
	List      string // typesOfMeetingInfo
	Unmarshal string // UnmarshalAnyMeetingInfo
	Types     TypeList
}

// TypeList is a list of structs: its own ones, and those of other lists.
type TypeList struct {
	Structs  []string
	Lists    []List
	Abstract []string // the structs of abstract types
	Aliases  []string // of namespaces, each followed by its namespace
	Folded   bool     // documents name versions of the types
}

// List is the list of the types in a union.
type List struct {
	Name string // of the variable
	Base string // the struct of the base type
}

// Fields is the package with constants for the names of properties. It imports the package
// whose properties they are, for their type.
type Fields struct {
	Name  string
	Doc   []string // paragraphs of the package comment
	Files []*File
}

// PropertyNames holds constants for the names of properties, grouped by struct.
type PropertyNames struct {
	Declared
	Groups []PropertyGroup
}

// PropertyGroup holds the constants of one struct.
type PropertyGroup struct {
	Struct    string
	Type      string // schema type of the struct
	Constants []PropertyName
}

// PropertyName is a constant for the name of a property.
type PropertyName struct {
	Name    string
	Value   string // the name of the property
	EDM     string // the EDM type of its values, "" where their Go type says it
	Was     string // the name of the constant while it was in the package of the types
	Element string
}

// Parameters is the struct of an operation's parameters.
type Parameters struct {
	Declared
	Fields []*Field
	Holder *Holder // nil unless the codec is in another package
}

// Lists is variables that list types.
type Lists struct {
	Declared
	Of []NamedList
}

// NamedList is a variable that lists types.
type NamedList struct {
	Name  string
	What  string // what it lists, for the comment
	Types TypeList
}

// KeyStruct is the struct for a key of many parts.
type KeyStruct struct {
	Declared
	Fields []*Field
}

// Show is the function Show, which knows what is secret.
type Show struct {
	Declared
	List    string   // the variable that lists the secret properties
	Secrets []string // properties, such as microsoft.graph.tokenMeetingInfo/token
}

// AnyType is New and UnmarshalAny with the list of all structs of the package.
type AnyType struct {
	Declared
	All  TypeList
	List string // the variable that lists the structs
}
