package names

import (
	"go/token"
	"go/types"
)

// Parameters returns the names of a method's parameters for keys of some names: as the
// keys are called so far as Go allows, and nothing of what the method's body uses is hidden.
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

// isPredeclared reports whether Go declares an identifier itself.
func isPredeclared(name string) bool { return types.Universe.Lookup(name) != nil }
