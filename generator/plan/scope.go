package plan

import (
	"maps"
	"slices"

	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// owner is what a Go name in a scope belongs to.
type owner struct {
	element string // schema element, or what else has the name
	pos     diag.Pos
}

// scope finds names that are declared twice.
type scope struct {
	findings *diag.List
	owners   map[string]owner
}

func newScope(findings *diag.List) *scope {
	return &scope{findings: findings, owners: make(map[string]owner)}
}

// declare adds a name, and reports a clash at the later of the two elements.
func (s *scope) declare(name string, o owner) {
	other, taken := s.owners[name]
	if !taken {
		s.owners[name] = o
		return
	}
	if other.element == o.element {
		return // a name and what is derived from it for the same element
	}
	if other.pos.Compare(o.pos) > 0 && other.pos.IsValid() {
		other, o = o, other
	}
	where := ""
	if other.pos.IsValid() {
		where = " at " + other.pos.String()
	}
	s.findings.Add(o.pos, o.element,
		"its Go name %s is taken by %s%s: add to the configuration, with a reason, overrides: {%s: {name: …, reason: …}}",
		name, other.element, where, o.element)
}

// checkNames reports every clash of Go names in the description, and overrides
// that are not needed.
func (p *planner) checkNames(user names.Overrides) {
	elements := p.declareAll()
	p.checkOverrides(user, elements)
	for _, element := range sorted(names.Graph()) {
		if _, mine := user[element]; elements[element] && !mine && !p.clashesWithout(element) {
			p.findings.Add(diag.Pos{}, element, "the override that ships for it is not needed any more: report this as a bug")
		}
	}
}

// declareAll declares everything in the description and returns its elements.
func (p *planner) declareAll() map[string]bool {
	pkg := newScope(&p.findings)
	for _, name := range p.in.Reserved {
		pkg.declare(name, owner{element: "the runtime"})
	}
	elements := make(map[string]bool)
	for _, schema := range p.in.Model.Schemas {
		for _, t := range schema.Types {
			elements[t.TypeName().String()] = true
			switch t := t.(type) {
			case *edm.EnumType:
				p.declareEnum(pkg, t, elements)
			case *edm.StructuredType:
				p.declareStruct(pkg, t, elements)
			}
		}
	}
	return elements
}

// clashesWithout reports whether some name clashes once an override is left out.
func (p *planner) clashesWithout(element string) bool {
	without := planner{in: p.in, names: maps.Clone(p.names), many: p.many}
	delete(without.names, element)
	without.declareAll()
	return without.findings.Len() > 0
}

func sorted(o names.Overrides) []string { return slices.Sorted(maps.Keys(o)) }

func (p *planner) declareEnum(pkg *scope, t *edm.EnumType, elements map[string]bool) {
	name := p.names.Type(t.Name)
	pkg.declare(name, owner{t.Name.String(), t.Pos})
	for _, m := range t.Members {
		element := names.Element(t.Name, m.Name)
		elements[element] = true
		pkg.declare(name+p.names.Part(t.Name, m.Name), owner{element, m.Pos})
	}
}

func (p *planner) declareStruct(pkg *scope, t *edm.StructuredType, elements map[string]bool) {
	name := p.names.Type(t.Name)
	self := owner{t.Name.String(), t.Pos}
	pkg.declare(name, self)
	if p.polymorphic(t) {
		for _, derived := range []string{unionName(name), listName(name), unmarshalName(name)} {
			pkg.declare(derived, self)
		}
	}
	members := p.inherited(t)
	for _, part := range ownParts(t) {
		element := names.Element(t.Name, part.name)
		elements[element] = true
		goName := p.names.Part(t.Name, part.name)
		members.declare(goName, owner{element, part.pos})
		pkg.declare(propertyConstant(name, goName), owner{element, part.pos})
	}
}

// inherited returns the scope of a struct's members with what it has before its own
// fields: methods, the embedded base, and the fields of all its bases.
func (p *planner) inherited(t *edm.StructuredType) *scope {
	s := newScope(&p.findings)
	for _, method := range []string{"AdditionalData", "ODataType", "MarshalJSON", "UnmarshalJSON"} {
		s.owners[method] = owner{element: "the struct's own " + method}
	}
	for b := t; b != nil; b = b.Base {
		name := p.names.Type(b.Name)
		if p.polymorphic(b) {
			s.owners[asName(name)] = owner{element: "the method that returns the base part"}
		}
		if b == t {
			continue
		}
		s.owners[name] = owner{b.Name.String(), b.Pos}
		for _, part := range ownParts(b) {
			s.owners[p.names.Part(b.Name, part.name)] = owner{names.Element(b.Name, part.name), part.pos}
		}
	}
	return s
}

// part is a property or navigation property.
type part struct {
	name string
	pos  diag.Pos
}

func ownParts(t *edm.StructuredType) []part {
	parts := make([]part, 0, len(t.Properties)+len(t.Navigation))
	for _, property := range t.Properties {
		parts = append(parts, part{property.Name, property.Pos})
	}
	for _, n := range t.Navigation {
		parts = append(parts, part{n.Name, n.Pos})
	}
	return parts
}

// checkOverrides reports overrides of elements that the description lacks, and
// those that give the name which the element has anyway.
func (p *planner) checkOverrides(user names.Overrides, elements map[string]bool) {
	for _, element := range sorted(user) {
		switch {
		case !elements[element]:
			p.findings.Add(diag.Pos{}, element, "the description has no such element: remove its override")
		case user[element].Name == p.defaultName(element):
			p.findings.Add(diag.Pos{}, element, "it is named %s without its override, too: remove the override", user[element].Name)
		}
	}
}

// defaultName returns the Go name of an element without its override.
func (p *planner) defaultName(element string) string {
	for _, schema := range p.in.Model.Schemas {
		for _, t := range schema.Types {
			if t.TypeName().String() == element {
				return names.DefaultType(t.TypeName())
			}
		}
	}
	for i := len(element) - 1; i >= 0; i-- {
		if element[i] == '/' {
			return names.Pascal(element[i+1:])
		}
	}
	return ""
}
