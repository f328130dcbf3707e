package choose

import "github.com/callgen/callgen/spec/edm"

// How says in which way a type was selected.
type How int

// The ways in which types are selected.
const (
	Root How = iota
	Base
	Derived
	Property
	Navigation
	Parameter
	Result
)

// String describes the way in a word or two.
func (h How) String() string {
	return [...]string{"root", "base type", "derived type", "property", "navigation property", "parameter", "result"}[h]
}

// Reason says why a type was selected.
type Reason struct {
	By        edm.Type // the type that refers to it; nil for a root
	How       How
	Name      string         // of the property, the operation or the root; "" for base and derived types
	Operation *edm.Operation // the operation whose parameter or result it is, or nil
}

// Link is a reference to a selected type.
type Link struct {
	Reason
	To          edm.Type
	WithDerived bool // values can be of derived types, which are selected with it
}
