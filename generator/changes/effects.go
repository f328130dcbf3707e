package changes

import (
	"maps"
	"slices"
	"strings"
)

// effect is an effect and the symbol that it is about.
type effect struct {
	Effect
	of symbol
}

// effects compares the symbols of two packages.
func effects(old, new *surface) []effect {
	all := maps.Clone(old.symbols)
	maps.Copy(all, new.symbols)
	var list []effect
	for _, name := range keys(all) {
		list = append(list, compareSymbol(old, new, name)...)
	}
	return append(list, held(old, new)...)
}

func compareSymbol(old, new *surface, name string) []effect {
	o, was := old.find(name)
	n, is := new.find(name)
	switch {
	case !is:
		if new.replaces(old, o) {
			return nil // with its type
		}
		return []effect{{Effect{Breaking, Removes, o.kind, name, o.decl, ""}, o}}
	case !was:
		if old.replaces(new, n) {
			return nil
		}
		return []effect{{Effect{Additive, Adds, n.kind, name, "", n.decl}, n}}
	}
	return compareDeclarations(name, o, n)
}

// compareDeclarations compares what two sides have of a symbol. One of another type is
// another thing: the rest is not compared.
func compareDeclarations(name string, o, n symbol) []effect {
	if o.decl != n.decl {
		return []effect{{Effect{Breaking, Retypes, n.kind, name, o.decl, n.decl}, n}}
	}
	var list []effect
	if o.sends != n.sends {
		list = append(list, effect{Effect{None, Respells, n.kind, name, o.sends, n.sends}, n})
	}
	if o.doc != n.doc {
		list = append(list, effect{Effect{Docs, Documents, n.kind, name, o.doc, n.doc}, n})
	}
	return list
}

// find returns a symbol: that of a name, or what stands for it because an embedded
// builder has it. Structs are not looked through: the fields of a literal are those
// of the struct itself.
func (s *surface) find(name string) (symbol, bool) {
	if found, ok := s.symbols[name]; ok {
		return found, true
	}
	owner, member, _ := strings.Cut(name, ".")
	return s.promoted(owner, member)
}

// replaces reports whether a symbol of another surface goes with its type, which this
// surface has not, or has of another kind.
func (s *surface) replaces(other *surface, o symbol) bool {
	if o.parent == "" || o.parent == "Client" {
		return false
	}
	return s.symbols[o.parent].decl != other.symbols[o.parent].decl
}

// held compares what interfaces can hold: a type switch may want another case.
func held(old, new *surface) []effect {
	var list []effect
	for _, name := range keys(new.holds) {
		before, ok := old.holds[name]
		if !ok {
			continue
		}
		for _, t := range new.holds[name] {
			if !slices.Contains(before, t) {
				list = append(list, effect{Effect{Additive, Holds, "interface", name, "", "*" + t}, new.symbols[name]})
			}
		}
	}
	return list
}
