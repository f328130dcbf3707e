package choose

import "github.com/callgen/callgen/spec/edm"

// How says in which way a type was brought in.
type How int

// The ways in which types are brought in.
const (
	Root How = iota
	Base
	Derived
	Property
	Navigation
	Parameter
	Result
)

// String returns a word or two for it.
func (h How) String() string {
	return [...]string{"root", "base type", "derived type", "property", "navigation property", "parameter", "result"}[h]
}

// Reason says why a type was chosen.
type Reason struct {
	By        edm.Type // what brought it; nil for a root
	How       How
	Name      string         // of the property, the operation or the root; "" for base and derived types
	Operation *edm.Operation // whose parameter or result it is; nil for others
}

// Link is a reference to a chosen type.
type Link struct {
	Reason
	To          edm.Type
	WithDerived bool // values can be of derived types, which come in with it
}
