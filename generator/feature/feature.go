// Package feature defines what a package can have beyond the types and requests of its
// description, such as the callback side of the calling API. The stages of the generator
// know features only by the interface here; each feature is a folder of its own.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package feature

import (
	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/spec/edm"
)

// Feature adds declarations to packages whose description calls for them.
type Feature interface {
	// Reserved returns the package-level names that the feature declares; no element of any
	// description gets them.
	Reserved() []string
	// Plan returns the part to add for a selection.
	Plan(Planner) *Part
}

// Planner answers the questions of features about a selection.
type Planner interface {
	// Types returns the selected types, in the order of the description.
	Types() []edm.Type
	// Structured returns an entity or complex type if it is selected, or nil.
	Structured(qualified string) *edm.StructuredType
	// Enum returns an enum type if it is selected, or nil.
	Enum(qualified string) *edm.EnumType
	// Has reports whether a type is selected.
	Has(edm.Type) bool
	// Names returns the Go names of the description.
	Names() *names.Table
	// Value returns the Go type of values of a type: a pointer or an interface.
	Value(*edm.StructuredType) goir.Type
	// HasRequests reports whether the package has requests for single entities of a type.
	HasRequests(*edm.StructuredType) bool
	// BoundTo returns the selected operations that are bound to a type, by name.
	BoundTo(*edm.StructuredType) []names.Overloads
	// Called plans a method of a feature for a bound operation, which therefore needs no request: the
	// struct of its parameters, nil without any, whether a request has it already, and the comment.
	// Named is the operation by which overloads that are merged into op are known.
	Called(named, op *edm.Operation, owner, method string) (parameters *goir.Parameters, planned bool, doc goir.Doc)
	// Members returns the fields and methods of a type of the runtime.
	Members(runtimeType string) []string
}

// Part is what a feature adds to a package.
type Part struct {
	Files   []*goir.File
	Sources []*goir.Source
	Doc     []string          // paragraphs of the package comment
	Runtime []string          // the folders of the runtime that it needs
	Model   map[string]string // what these call types of the description, and their Go
}
