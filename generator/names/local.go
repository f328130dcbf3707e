package names

import (
	"go/token"
	"go/types"
)

// Parameters returns the names of a method's parameters for keys with the given names: the
// keys' own names as far as Go allows, without hiding anything used in the method's body.
func Parameters(keys []string, reserved ...string) []string {
	scope := NewScope("the method", reserved...)
	list := make([]string, len(keys))
	for i, name := range keys {
		wanted := argument(name)
		if token.IsKeyword(wanted) || isPredeclared(wanted) {
			list[i] = scope.Take(name, wanted+"Key")
			continue
		}
		list[i] = scope.Take(name, wanted, wanted+"Key")
	}
	return list
}

// isPredeclared reports whether an identifier is predeclared in Go.
func isPredeclared(name string) bool { return types.Universe.Lookup(name) != nil }
