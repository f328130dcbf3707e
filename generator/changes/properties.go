package changes

import (
	"strings"

	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// property is a property or navigation property of a structured type.
type property struct {
	kind        string
	typ         edm.TypeRef
	contains    bool
	partner     string
	value       string // default value
	annotations edm.Annotations
	pos         diag.Pos
}

// ownProperties returns the properties that a type declares by name, except for those left
// out of the package.
func (s Side) ownProperties(t *edm.StructuredType) map[string]*property {
	all := make(map[string]*property)
	for _, p := range t.Properties {
		if !s.Cut.Keeps(p) {
			continue
		}
		own := &property{kind: "property", typ: p.Type, annotations: p.Annotations, pos: p.Pos}
		if p.Default != nil {
			own.value = *p.Default
		}
		all[p.Name] = own
	}
	for _, n := range t.Navigation {
		if s.Cut.Follows(n) {
			all[n.Name] = &property{
				kind: "navigation property", typ: n.Type, contains: n.ContainsTarget, partner: n.Partner,
				annotations: n.Annotations, pos: n.Pos,
			}
		}
	}
	return all
}

// properties compares the properties and navigation properties of two types.
func (f *facts) properties(prev, next *edm.StructuredType) {
	was, is := f.prev.ownProperties(prev), f.next.ownProperties(next)
	for _, name := range keys(was) {
		if is[name] == nil {
			p := was[name]
			a := at{p.kind, next.Name.String() + "/" + name, p.pos}
			f.removedProperty(a, next, name, p)
			f.lead(a.element, p.typ)
		}
	}
	for _, name := range keys(is) {
		p, before := is[name], was[name]
		a := at{p.kind, next.Name.String() + "/" + name, p.pos}
		if before == nil {
			f.addedProperty(a, prev, name, p)
			f.lead(a.element, p.typ)
			continue
		}
		f.property(a, before, p)
		f.lead(a.element, before.typ, p.typ)
	}
}

func (f *facts) property(a at, prev, next *property) {
	f.differs(a, "kind", prev.kind, next.kind)
	f.typeRef(a, prev.typ, next.typ)
	f.differsBool(a, "contains target", prev.contains, next.contains)
	f.differs(a, "partner", prev.partner, next.partner)
	f.differs(a, "default value", prev.value, next.value)
	f.annotations(a, prev.annotations, next.annotations)
}

// removedProperty notes where a property moved that a type no longer declares.
func (f *facts) removedProperty(a at, next *edm.StructuredType, name string, p *property) {
	if owner := f.next.inherited(next, name); owner != nil {
		f.note(a, Fact{What: "moved to base type", New: owner.Name.String()})
		f.property(a, p, f.next.ownProperties(owner)[name])
		return
	}
	if owners := f.next.declaredBelow(next, name); owners != "" {
		f.note(a, Fact{What: "moved to derived types", New: owners})
		return
	}
	f.note(a, Fact{What: factRemoved, Old: useOf(p.typ)})
}

// addedProperty notes where a property came from that a type did not declare before.
func (f *facts) addedProperty(a at, prev *edm.StructuredType, name string, p *property) {
	if owner := f.prev.inherited(prev, name); owner != nil {
		f.note(a, Fact{What: "moved from base type", New: owner.Name.String()})
		f.property(a, f.prev.ownProperties(owner)[name], p)
		return
	}
	if owners := f.prev.declaredBelow(prev, name); owners != "" {
		f.note(a, Fact{What: "moved from derived types", New: owners})
		return
	}
	f.note(a, Fact{What: factAdded, New: useOf(p.typ)})
}

// inherited returns the nearest base type that declares a property, or nil.
func (s Side) inherited(t *edm.StructuredType, name string) *edm.StructuredType {
	for _, b := range t.Ancestors() {
		if s.ownProperties(b)[name] != nil {
			return b
		}
	}
	return nil
}

// declaredBelow lists the derived types that declare a property.
func (s Side) declaredBelow(t *edm.StructuredType, name string) string {
	var owners []string
	for _, d := range t.Descendants() {
		if s.ownProperties(d)[name] != nil {
			owners = append(owners, d.Name.String())
		}
	}
	return strings.Join(owners, ", ")
}
