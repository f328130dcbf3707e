package names

import (
	"iter"
	"slices"

	"github.com/callgen/callgen/spec/edm"
)

// structured ranges over the entity and complex types of a description.
func structured(m *edm.Model) iter.Seq[*edm.StructuredType] {
	return func(yield func(*edm.StructuredType) bool) {
		for _, schema := range m.Schemas {
			for _, declared := range schema.Types {
				if s, ok := declared.(*edm.StructuredType); ok && !yield(s) {
					return
				}
			}
		}
	}
}

// IsStream reports whether a property is a stream, which has requests of its own.
func IsStream(p *edm.Property) bool {
	return p.Type.Name == edm.QName{Namespace: "Edm", Name: "Stream"} && !p.Type.Collection
}

// GoingOn returns the complex types from which paths go on: those with navigation
// properties or bound operations, and those whose bases, derived types or properties have some. kept says which
// types, properties and navigation properties there are.
func GoingOn(m *edm.Model, kept func(any) bool) map[*edm.StructuredType]bool {
	leads := make(map[*edm.StructuredType]bool)
	reaches := func(s *edm.StructuredType) bool { return leads[s] }
	follows := func(n *edm.NavigationProperty) bool { return kept(n) }
	single := func(p *edm.Property) bool { return isSingle(p, leads) && kept(p) }
	for changed := true; changed; {
		changed = false
		for s := range structured(m) {
			if s.Kind != edm.Complex || leads[s] || !kept(s) {
				continue
			}
			if slices.ContainsFunc(s.Navigation, follows) || len(m.BoundTo(s, false)) > 0 || slices.ContainsFunc(s.Ancestors(), reaches) || slices.ContainsFunc(s.Descendants(), reaches) ||
				slices.ContainsFunc(s.Properties, single) {
				leads[s], changed = true, true
			}
		}
	}
	return leads
}

// isSingle reports whether a property is a single value of one of some complex types.
func isSingle(p *edm.Property, of map[*edm.StructuredType]bool) bool {
	s, ok := p.Type.Type.(*edm.StructuredType)
	return ok && of[s] && !p.Type.Collection
}

// Casts returns the derived types that the path of a type can be cast to. From the base type
// of Microsoft Graph that declares nothing but a key nearly every type derives: a path that
// leads to it says nothing of what it leads to.
func Casts(s *edm.StructuredType) []*edm.StructuredType {
	if !hasCasts(s) {
		return nil
	}
	return s.Descendants()
}

func hasCasts(s *edm.StructuredType) bool {
	isKeyOnly := s.Name.Namespace == graph && s.Kind == edm.Entity && s.Base == nil && len(s.Properties) <= len(s.Key) && len(s.Navigation) == 0
	return !isKeyOnly && len(s.Derived) > 0
}
