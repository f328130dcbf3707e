package changes

import (
	"strings"

	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// part is a property or navigation property of a structured type.
type part struct {
	kind        string
	typ         edm.TypeRef
	contains    bool
	partner     string
	value       string // by default
	annotations edm.Annotations
	pos         diag.Pos
}

// ownParts returns what a type declares, by name, less what is left out.
func (s Side) ownParts(t *edm.StructuredType) map[string]*part {
	all := make(map[string]*part)
	for _, p := range t.Properties {
		if !s.Cut.Keeps(p) {
			continue
		}
		own := &part{kind: "property", typ: p.Type, annotations: p.Annotations, pos: p.Pos}
		if p.Default != nil {
			own.value = *p.Default
		}
		all[p.Name] = own
	}
	for _, n := range t.Navigation {
		if s.Cut.Follows(n) {
			all[n.Name] = &part{
				kind: "navigation property", typ: n.Type, contains: n.ContainsTarget, partner: n.Partner,
				annotations: n.Annotations, pos: n.Pos,
			}
		}
	}
	return all
}

// parts compares the properties and navigation properties of two types.
func (f *facts) parts(old, new *edm.StructuredType) {
	was, is := f.old.ownParts(old), f.new.ownParts(new)
	for _, name := range keys(was) {
		if is[name] == nil {
			p := was[name]
			a := at{p.kind, new.Name.String() + "/" + name, p.pos}
			f.gone(a, new, name, p)
			f.lead(a.element, p.typ)
		}
	}
	for _, name := range keys(is) {
		p, before := is[name], was[name]
		a := at{p.kind, new.Name.String() + "/" + name, p.pos}
		if before == nil {
			f.come(a, old, name, p)
			f.lead(a.element, p.typ)
			continue
		}
		f.part(a, before, p)
		f.lead(a.element, before.typ, p.typ)
	}
}

func (f *facts) part(a at, old, new *part) {
	f.differs(a, "kind", old.kind, new.kind)
	f.typeRef(a, old.typ, new.typ)
	f.differsBool(a, "contains target", old.contains, new.contains)
	f.differs(a, "partner", old.partner, new.partner)
	f.differs(a, "default value", old.value, new.value)
	f.annotations(a, old.annotations, new.annotations)
}

// gone notes where a part is that a type does not declare any more.
func (f *facts) gone(a at, new *edm.StructuredType, name string, p *part) {
	if owner := f.new.inherited(new, name); owner != nil {
		f.note(a, Fact{What: "moved to base type", New: owner.Name.String()})
		f.part(a, p, f.new.ownParts(owner)[name])
		return
	}
	if owners := f.new.declaredBelow(new, name); owners != "" {
		f.note(a, Fact{What: "moved to derived types", New: owners})
		return
	}
	f.note(a, Fact{What: factRemoved, Old: useOf(p.typ)})
}

// come notes where a part was that a type did not declare before.
func (f *facts) come(a at, old *edm.StructuredType, name string, p *part) {
	if owner := f.old.inherited(old, name); owner != nil {
		f.note(a, Fact{What: "moved from base type", New: owner.Name.String()})
		f.part(a, f.old.ownParts(owner)[name], p)
		return
	}
	if owners := f.old.declaredBelow(old, name); owners != "" {
		f.note(a, Fact{What: "moved from derived types", New: owners})
		return
	}
	f.note(a, Fact{What: factAdded, New: useOf(p.typ)})
}

// inherited returns the nearest base type that declares a part, or nil.
func (s Side) inherited(t *edm.StructuredType, name string) *edm.StructuredType {
	for _, b := range t.Ancestors() {
		if s.ownParts(b)[name] != nil {
			return b
		}
	}
	return nil
}

// declaredBelow lists the derived types that declare a part.
func (s Side) declaredBelow(t *edm.StructuredType, name string) string {
	var owners []string
	for _, d := range t.Descendants() {
		if s.ownParts(d)[name] != nil {
			owners = append(owners, d.Name.String())
		}
	}
	return strings.Join(owners, ", ")
}
