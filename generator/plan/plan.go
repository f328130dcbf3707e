// Package plan turns a selection of a description into the Go declarations to emit:
// every name final, every type printable, every comment written. The emitter that
// follows decides nothing.
package plan

import (
	"github.com/callgen/callgen/generator/choose"
	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// Package is a Go package to be emitted.
type Package struct {
	Name   string
	Header []string // lines below the marker of each file
	Doc    []string // paragraphs of the package comment
	Files  []*File
	All    TypeList // every struct, for New
	Client *Client  // nil when only models are wanted
	// Callbacks is nil when only models are wanted, or there are no notifications.
	Callbacks *Callbacks
}

// Client is what the package's client begins with.
type Client struct {
	Version string    // of the service in its URLs, such as "beta"
	Methods []*Method // the entity sets and singletons
}

// TypeList is a list of structs: some by themselves, and those of other lists.
type TypeList struct {
	Structs []string
	Lists   []string // the functions that return them
}

// File is a file of the package, without the runtime's files.
type File struct {
	Name    string // without the ending
	Enums   []*Enum
	Structs []*Struct
	Requests
}

// Source says where a declaration comes from, for findings.
type Source struct {
	Element string
	Pos     diag.Pos
}

// Enum is a Go string type with constants for the members of an enum type.
type Enum struct {
	Name    string
	Doc     Doc
	Flags   bool
	Members []Constant
	Known   string // names of the members, separated by commas
	Source  Source
}

// Constant is a constant of an enum, or the name of a property.
type Constant struct {
	Name  string
	Value string
	Doc   Doc
}

// Struct is the Go struct of an entity or complex type.
type Struct struct {
	Name       string
	ODataType  string
	Doc        Doc
	Embeds     string // name of the base type's struct; "" for a root
	Fields     []*Field
	Properties []Constant // names of the properties declared here
	Union      *Union     // when there are derived types
	Source     Source
}

// Field is a field of a struct.
type Field struct {
	Name  string
	JSON  string
	Type  Type
	Doc   Doc
	Holds string // the variable that lists what it can hold; "" unless polymorphic
}

// Union is the interface that a base type and everything derived from it implement.
type Union struct {
	Name      string // AnyMeetingInfo
	Doc       Doc
	Base      string // MeetingInfo
	As        string // AsMeetingInfo
	List      string // meetingInfoTypes
	Unmarshal string // UnmarshalAnyMeetingInfo
	Types     TypeList
}

// Type is the Go type of a field: a prefix such as "*" or "[]*", and a name.
type Type struct {
	Prefix string
	Import string // path of the package that Name is in; "" for this one
	Name   string
	Arg    string // type argument, "" when Name takes none
}

// Doc is a doc comment: paragraphs, and whether and why the thing is deprecated.
type Doc struct {
	Paragraphs []string
	Code       string // a line that stands as it is, after the first paragraph
	Deprecated string
}

// Input is what a package is planned from.
type Input struct {
	Package   string
	Types     []edm.Type // selected, in the order of their declarations
	Model     *edm.Model
	Has       func(edm.Type) bool
	Cut       choose.Cut // what has no field and no request
	Reserved  []string   // identifiers of the runtime
	Described string     // what the package comment says it was made from
	Models    bool       // no request builders
	Version   string     // of the service, in its URLs
	Paths     []string   // the paths that requests are wanted for; nil for all
}
