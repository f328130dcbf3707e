package edm

import (
	"cmp"
	"iter"
	"slices"
	"strings"
)

// Type returns the type with a qualified name, primitive types included, or nil.
func (m *Model) Type(name QName) Type {
	if name.Namespace == "Edm" {
		if p := m.primitives[name.Name]; p != nil {
			return p
		}
		return nil
	}
	return m.types[name]
}

// Structured returns the entity or complex type with a qualified name such as
// "microsoft.graph.call", or nil.
func (m *Model) Structured(qualified string) *StructuredType {
	t, _ := m.Type(ParseQName(qualified)).(*StructuredType)
	return t
}

// Enum returns the enum type with a qualified name, or nil.
func (m *Model) Enum(qualified string) *EnumType {
	t, _ := m.Type(ParseQName(qualified)).(*EnumType)
	return t
}

// Term returns the term with a qualified name, or nil if no schema in the model defines it.
func (m *Model) Term(qualified string) *Term { return m.terms[ParseQName(qualified)] }

// Schema returns the schema of a namespace, or nil.
func (m *Model) Schema(namespace string) *Schema {
	for _, s := range m.Schemas {
		if s.Namespace == namespace {
			return s
		}
	}
	return nil
}

// ParseQName splits a qualified name at its last dot.
func ParseQName(qualified string) QName {
	dot := strings.LastIndexByte(qualified, '.')
	if dot < 0 {
		return QName{Name: qualified}
	}
	return QName{qualified[:dot], qualified[dot+1:]}
}

// Operations iterates over actions and functions in document order.
func (m *Model) Operations() iter.Seq[*Operation] {
	return func(yield func(*Operation) bool) {
		for _, s := range m.Schemas {
			if !s.operations(yield) {
				return
			}
		}
	}
}

// operations yields the operations of a schema in document order, merging actions and
// functions, which are stored separately.
func (s *Schema) operations(yield func(*Operation) bool) bool {
	actions, functions := s.Actions, s.Functions
	for len(actions)+len(functions) > 0 {
		from := &actions
		if len(actions) == 0 || len(functions) > 0 && functions[0].Pos.Compare(actions[0].Pos) < 0 {
			from = &functions
		}
		if !yield((*from)[0]) {
			return false
		}
		*from = (*from)[1:]
	}
	return true
}

// Overloads returns the actions and functions with a name, in document order.
func (m *Model) Overloads(name QName) []*Operation { return m.operations[name] }

// BoundTo returns the operations bound to t itself, or to a collection of it, in document
// order. Operations bound to its base types apply, too: see Ancestors.
func (m *Model) BoundTo(t *StructuredType, collection bool) []*Operation {
	return m.bound[binding{t, collection}]
}

// Ancestors returns the base type of t, its base type and so on, nearest first.
func (t *StructuredType) Ancestors() []*StructuredType {
	var all []*StructuredType
	for b := t.Base; b != nil; b = b.Base {
		all = append(all, b)
	}
	return all
}

// Root returns the type at the end of the chain of base types: t itself if it has no base
// type.
func (t *StructuredType) Root() *StructuredType {
	for t.Base != nil {
		t = t.Base
	}
	return t
}

// Descendants returns all types derived from t at any depth, sorted by qualified name.
func (t *StructuredType) Descendants() []*StructuredType {
	all := t.appendDerived(nil)
	type named struct {
		name string
		t    *StructuredType
	}
	list := make([]named, len(all))
	for i, d := range all {
		list[i] = named{d.Name.String(), d}
	}
	slices.SortFunc(list, func(a, b named) int { return cmp.Compare(a.name, b.name) })
	for i, d := range list {
		all[i] = d.t
	}
	return all
}

func (t *StructuredType) appendDerived(all []*StructuredType) []*StructuredType {
	for _, d := range t.Derived {
		all = d.appendDerived(append(all, d))
	}
	return all
}

// IsMedia reports whether the entities of a type are media entities: t or a type it derives
// from has a stream.
func (t *StructuredType) IsMedia() bool {
	for ; t != nil; t = t.Base {
		if t.HasStream {
			return true
		}
	}
	return false
}

// IsOpen reports whether values may have undeclared properties: t or a type it
// derives from is declared open.
func (t *StructuredType) IsOpen() bool {
	for ; t != nil; t = t.Base {
		if t.Open {
			return true
		}
	}
	return false
}

// AllProperties returns the structural properties, starting with those of the base types.
func (t *StructuredType) AllProperties() []*Property {
	if t.Base == nil {
		return slices.Clone(t.Properties)
	}
	return append(t.Base.AllProperties(), t.Properties...)
}

// Property returns the structural property with a name, declared or inherited, or nil.
func (t *StructuredType) Property(name string) *Property {
	for ; t != nil; t = t.Base {
		for _, p := range t.Properties {
			if p.Name == name {
				return p
			}
		}
	}
	return nil
}

// NavigationProperty returns the navigation property with a name, declared or inherited, or
// nil.
func (t *StructuredType) NavigationProperty(name string) *NavigationProperty {
	for ; t != nil; t = t.Base {
		for _, n := range t.Navigation {
			if n.Name == name {
				return n
			}
		}
	}
	return nil
}

// KeyProperties returns the properties of the key, declared or inherited. A path into a
// complex property stands for the property at its end.
func (t *StructuredType) KeyProperties() []*Property {
	for owner := t; owner != nil; owner = owner.Base {
		if len(owner.Key) == 0 {
			continue
		}
		keys := make([]*Property, 0, len(owner.Key))
		for _, ref := range owner.Key {
			if p := owner.PropertyAt(ref.Name); p != nil {
				keys = append(keys, p)
			}
		}
		return keys
	}
	return nil
}

// Keyed returns the type that declares the key of t, or nil.
func (t *StructuredType) Keyed() *StructuredType {
	for ; t != nil; t = t.Base {
		if len(t.Key) > 0 {
			return t
		}
	}
	return nil
}

// PropertyAt follows a path to a structural property, or returns nil.
func (t *StructuredType) PropertyAt(path string) *Property {
	first, rest, more := strings.Cut(path, "/")
	p := t.Property(first)
	if !more {
		return p
	}
	var next Type
	if p != nil {
		next = p.Type.Type
	} else if n := t.NavigationProperty(first); n != nil {
		next = n.Type.Type
	}
	if s, ok := next.(*StructuredType); ok {
		return s.PropertyAt(rest)
	}
	return nil
}
