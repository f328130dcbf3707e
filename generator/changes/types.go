package changes

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/callgen/callgen/spec/edm"
)

// types compares the types that are in either package.
func (f *facts) types() {
	prev, next := f.prev.types(), f.next.types()
	all := maps.Clone(prev)
	maps.Copy(all, next)
	for _, name := range keys(all) {
		o, n := prev[name], next[name]
		if !f.prev.holds(o) && !f.next.holds(n) {
			continue
		}
		t := all[name] // the new one, if it exists
		a := at{kindOf(t), name, t.Position()}
		switch {
		case o == nil:
			f.note(a, Fact{What: factAdded})
			f.differs(a, "base type", "", baseOf(n))
		case n == nil:
			f.note(a, Fact{What: factRemoved})
		default:
			f.typ(a, o, n)
		}
	}
}

// types returns the types of a side by name.
func (s Side) types() map[string]edm.Type {
	all := make(map[string]edm.Type)
	for _, schema := range s.Model.Schemas {
		for _, t := range schema.Types {
			all[t.TypeName().String()] = t
		}
	}
	return all
}

// holds reports whether a type is in the package of a side. A type definition is part of
// the elements that use it.
func (s Side) holds(t edm.Type) bool {
	if _, ok := t.(*edm.TypeDefinition); ok {
		return true
	}
	return t != nil && s.Has(t)
}

func kindOf(t edm.Type) string {
	switch t := t.(type) {
	case *edm.StructuredType:
		return t.Kind.String()
	case *edm.EnumType:
		return "enum type"
	}
	return "type definition"
}

// baseOf returns the base type of a type, or "".
func baseOf(t edm.Type) string {
	if s, ok := t.(*edm.StructuredType); ok && s.Base != nil {
		return s.Base.Name.String()
	}
	return ""
}

func (f *facts) typ(a at, prev, next edm.Type) {
	f.differs(a, "kind", kindOf(prev), kindOf(next))
	switch o := prev.(type) {
	case *edm.StructuredType:
		if n, ok := next.(*edm.StructuredType); ok {
			f.structured(a, o, n)
		}
	case *edm.EnumType:
		if n, ok := next.(*edm.EnumType); ok {
			f.enum(a, o, n)
		}
	case *edm.TypeDefinition:
		if n, ok := next.(*edm.TypeDefinition); ok {
			f.differs(a, "underlying type", useOf(o.Underlying), useOf(n.Underlying))
			f.differs(a, "facets", facets(o.Underlying), facets(n.Underlying))
			f.annotations(a, o.Annotations, n.Annotations)
		}
	}
}

func (f *facts) structured(a at, prev, next *edm.StructuredType) {
	f.differs(a, "base type", baseOf(prev), baseOf(next))
	f.differsBool(a, "abstract", prev.Abstract, next.Abstract)
	f.differsBool(a, "open", prev.Open, next.Open)
	f.differsBool(a, "stream", prev.HasStream, next.HasStream)
	f.differs(a, factKey, keyNames(prev), keyNames(next))
	was, is := derived(prev), derived(next)
	for _, name := range was {
		if !slices.Contains(is, name) {
			f.note(a, Fact{What: "derived type removed", Old: name})
		}
	}
	for _, name := range is {
		if !slices.Contains(was, name) {
			f.note(a, Fact{What: "derived type added", New: name})
		}
	}
	f.annotations(a, prev.Annotations, next.Annotations)
	f.properties(prev, next)
}

func keyNames(t *edm.StructuredType) string {
	var names []string
	for _, k := range t.Key {
		names = append(names, k.Name)
	}
	return strings.Join(names, ", ")
}

// derived returns the sorted names of the types derived directly from a type.
func derived(t *edm.StructuredType) []string {
	var names []string
	for _, d := range t.Derived {
		names = append(names, d.Name.String())
	}
	slices.Sort(names)
	return names
}

func (f *facts) enum(a at, prev, next *edm.EnumType) {
	f.differsBool(a, "flags", prev.Flags, next.Flags)
	f.differs(a, "underlying type", prev.Underlying, next.Underlying)
	f.annotations(a, prev.Annotations, next.Annotations)
	was, is := members(prev), members(next)
	for _, name := range keys(was) {
		if _, ok := is[name]; !ok {
			m := was[name]
			f.note(at{"enum member", a.element + "/" + name, m.Pos}, Fact{What: factRemoved, Old: value(m)})
		}
	}
	for _, name := range keys(is) {
		m, before := is[name], was[name]
		member := at{"enum member", a.element + "/" + name, m.Pos}
		if before == nil {
			f.note(member, Fact{What: factAdded, New: value(m)})
			continue
		}
		if before.Value != nil && m.Value != nil {
			f.differs(member, "value", value(before), value(m))
		}
		f.annotations(member, before.Annotations, m.Annotations)
	}
}

func members(t *edm.EnumType) map[string]*edm.Member {
	all := make(map[string]*edm.Member)
	for _, m := range t.Members {
		all[m.Name] = m
	}
	return all
}

// value returns the value of a member, "" if it states none.
func value(m *edm.Member) string {
	if m.Value == nil {
		return ""
	}
	return strconv.FormatInt(*m.Value, 10)
}

// keys returns the keys of a map, sorted.
func keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
