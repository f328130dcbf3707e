package changes

import (
	"maps"
	"slices"
	"strings"
)

// effect is an effect with the symbol that it affects.
type effect struct {
	Effect
	of     symbol
	owners []string // elements of which a clash took or returned a name
}

// effects compares the symbols of two packages.
func effects(prev, next *api) []effect {
	all := maps.Clone(prev.symbols)
	maps.Copy(all, next.symbols)
	var list []effect
	for _, name := range keys(all) {
		list = append(list, compareSymbol(prev, next, name)...)
	}
	list = renamed(list, prev, next)
	return append(list, newlyHeld(prev, next)...)
}

// renamed combines the removal of a declaration and the addition of another for the same
// element into one effect, if either name was chosen because of a clash.
func renamed(list []effect, prev, next *api) []effect {
	removedProperty := make(map[string]int)
	for i, e := range list {
		if e.Does == Removes {
			removedProperty[e.of.identity()] = i
		}
	}
	var removed []int
	for i, e := range list {
		was, ok := removedProperty[e.of.identity()]
		owners := slices.Concat(next.owners[e.of.element], prev.owners[e.of.element])
		if e.Does != Adds || !ok || len(owners) == 0 || list[was].of.decl != e.of.decl {
			continue
		}
		list[i].Effect = Effect{Breaking, Renames, e.Kind, e.Symbol, list[was].Symbol, e.Symbol}
		list[i].owners = owners
		removed = append(removed, was)
	}
	var rest []effect
	for i, e := range list {
		if !slices.Contains(removed, i) {
			rest = append(rest, e)
		}
	}
	return rest
}

// identity identifies a symbol independently of its name.
func (s symbol) identity() string { return s.kind + " " + s.parent + " " + s.element + " " + s.sends }

func compareSymbol(prev, next *api, name string) []effect {
	o, was := prev.find(name)
	n, is := next.find(name)
	switch {
	case !is:
		if next.replaces(prev, o) {
			return nil // removed with its type
		}
		return []effect{{Effect: Effect{Breaking, Removes, o.kind, name, o.decl, ""}, of: o}}
	case !was:
		if prev.replaces(next, n) {
			return nil
		}
		return []effect{{Effect: Effect{Additive, Adds, n.kind, name, "", n.decl}, of: n}}
	}
	if prev.swapped(next, o, n) {
		if next.replaces(prev, o) {
			return nil
		}
		return []effect{
			{Effect: Effect{Breaking, Removes, o.kind, name, o.decl, ""}, of: o},
			{Effect: Effect{Additive, Adds, n.kind, name, "", n.decl}, of: n},
		}
	}
	return compareDeclarations(name, o, n)
}

// swapped reports whether a name changed hands between elements because of a clash. Code
// that uses it may compile, but means something else.
func (a *api) swapped(next *api, o, n symbol) bool {
	return o.element != n.element &&
		(slices.Contains(next.owners[o.element], n.element) || slices.Contains(a.owners[n.element], o.element))
}

// compareDeclarations compares the declarations of a symbol. If the types differ it is
// another thing, and the rest is not compared.
func compareDeclarations(name string, o, n symbol) []effect {
	if o.decl != n.decl {
		return []effect{{Effect: Effect{Breaking, Retypes, n.kind, name, o.decl, n.decl}, of: n}}
	}
	var list []effect
	if o.sends != n.sends {
		list = append(list, effect{Effect: Effect{None, Respells, n.kind, name, o.sends, n.sends}, of: n})
	}
	if o.doc != n.doc {
		list = append(list, effect{Effect: Effect{Docs, Documents, n.kind, name, o.doc, n.doc}, of: n})
	}
	return list
}

// find returns the symbol with a name, possibly promoted from an embedded builder. It does
// not look into embedded structs: a composite literal names only the fields of the struct
// itself.
func (a *api) find(name string) (symbol, bool) {
	if found, ok := a.symbols[name]; ok {
		return found, true
	}
	owner, member, _ := strings.Cut(name, ".")
	return a.promoted(owner, member)
}

// replaces reports whether a symbol of another API went with its type, because this API
// lacks the type or has another kind of declaration for it.
func (a *api) replaces(other *api, o symbol) bool {
	if o.parent == "" || o.parent == "Client" {
		return false
	}
	here, there := a.symbols[o.parent], other.symbols[o.parent]
	return here.decl != there.decl || other.swapped(a, there, here)
}

// newlyHeld compares what interfaces can hold: a type switch may need another case.
func newlyHeld(prev, next *api) []effect {
	var list []effect
	for _, name := range keys(next.holds) {
		before, ok := prev.holds[name]
		if !ok {
			continue
		}
		for _, t := range next.holds[name] {
			if !slices.Contains(before, t) {
				list = append(list, effect{Effect: Effect{Additive, Holds, "interface", name, "", "*" + t}, of: next.symbols[name]})
			}
		}
	}
	return list
}
