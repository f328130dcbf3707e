package edm

import "slices"

// Equal reports whether two expressions mean the same, however they are written. It ignores
// annotations on them.
func (e *Expression) Equal(o *Expression) bool {
	if e == nil || o == nil {
		return e == o
	}
	return e.Kind == o.Kind && e.Value == o.Value && e.Name == o.Name && e.Type == o.Type && sameFacets(e.Facets, o.Facets) &&
		slices.EqualFunc(e.Properties, o.Properties, (*PropertyValue).equal) &&
		slices.EqualFunc(e.Items, o.Items, (*Expression).Equal)
}

func (p *PropertyValue) equal(o *PropertyValue) bool {
	return p.Property == o.Property && p.Value.Equal(o.Value)
}

func sameFacets(a, b *TypeRef) bool {
	if a == nil || b == nil {
		return a == b
	}
	return typeWords(*a) == typeWords(*b)
}
