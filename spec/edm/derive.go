package edm

import (
	"cmp"
	"iter"
	"slices"
	"strings"
)

// Type returns the type of a qualified name, nil if there is none.
func (m *Model) Type(name QName) Type { return m.types[name] }

// Structured returns an entity or complex type by its qualified name, nil if there
// is none.
func (m *Model) Structured(name string) *StructuredType {
	t, _ := m.types[qualified(name)].(*StructuredType)
	return t
}

// Enum returns an enum type by its qualified name, nil if there is none.
func (m *Model) Enum(name string) *EnumType {
	t, _ := m.types[qualified(name)].(*EnumType)
	return t
}

func qualified(name string) QName {
	dot := strings.LastIndexByte(name, '.')
	return QName{name[:max(dot, 0)], name[dot+1:]}
}

// Operations iterates over the actions, then the functions, of each schema.
func (m *Model) Operations() iter.Seq[*Operation] {
	return func(yield func(*Operation) bool) {
		for _, s := range m.Schemas {
			for _, list := range [][]*Operation{s.Actions, s.Functions} {
				for _, o := range list {
					if !yield(o) {
						return
					}
				}
			}
		}
	}
}

// binding is what operations are bound to.
type binding struct {
	t          Type
	collection bool
}

// Bindings returns a look-up of operations by what they are bound to, which gives
// them in document order.
func (m *Model) Bindings() func(t *StructuredType, collection bool) []*Operation {
	bound := make(map[binding][]*Operation)
	for o := range m.Operations() {
		if p := o.Binding(); p != nil {
			b := binding{p.Type.Type, p.Type.Collection}
			bound[b] = append(bound[b], o)
		}
	}
	return func(t *StructuredType, collection bool) []*Operation { return bound[binding{t, collection}] }
}

// Descendants returns the types derived from t at any depth, by qualified name.
func (t *StructuredType) Descendants() []*StructuredType {
	var all []*StructuredType
	for _, d := range t.Derived {
		all = append(append(all, d), d.Descendants()...)
	}
	slices.SortFunc(all, func(a, b *StructuredType) int { return cmp.Compare(a.Name.String(), b.Name.String()) })
	return all
}

// IsOpen reports whether t or one of its base types is an open type.
func (t *StructuredType) IsOpen() bool {
	for ; t != nil; t = t.Base {
		if t.Open {
			return true
		}
	}
	return false
}

// NavigationProperty returns the navigation property with a name that t or one of
// its base types declares, nil if there is none.
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

// AllProperties returns the structural properties of t, those of its base types first.
func (t *StructuredType) AllProperties() []*Property {
	if t.Base == nil {
		return t.Properties
	}
	return slices.Concat(t.Base.AllProperties(), t.Properties)
}
