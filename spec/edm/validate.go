package edm

import (
	"slices"
	"strings"

	"github.com/callgen/callgen/spec/diag"
)

// validate reports what resolves but makes no sense.
func (l *linker) validate() {
	names := make(map[string]member)
	for t := range l.m.structured {
		if t.Base == nil {
			l.members(t, names)
		}
		l.key(t)
		l.properties(t)
	}
	for _, s := range l.m.Schemas {
		for _, t := range s.Types {
			switch t := t.(type) {
			case *EnumType:
				l.enum(t)
			case *TypeDefinition:
				l.definition(t)
			}
		}
	}
	l.operations()
	l.containerNames()
}

// member is a declaration of a property.
type member struct {
	owner QName
	pos   diag.Pos
}

// members reports properties that a type or a base type of it declares twice. names
// has those of the base types.
func (l *linker) members(t *StructuredType, names map[string]member) {
	var own []string
	check := func(name string, pos diag.Pos) {
		switch first, ok := names[name]; {
		case name == "":
		case !ok:
			names[name] = member{t.Name, pos}
			own = append(own, name)
		case first.owner == t.Name:
			l.finding(place{pos, t.Name, name}, "duplicate property: first declared at %v; remove one", first.pos)
		default:
			l.finding(place{pos, t.Name, name}, "duplicate property: base type %s declares it at %v; remove one", first.owner, first.pos)
		}
	}
	for _, p := range t.Properties {
		check(p.Name, p.Pos)
	}
	for _, n := range t.Navigation {
		check(n.Name, n.Pos)
	}
	for _, d := range t.Derived {
		l.members(d, names)
	}
	for _, name := range own {
		delete(names, name)
	}
}

func (l *linker) key(t *StructuredType) {
	for _, k := range t.Key {
		if k.Name != "" && t.PropertyAt(k.Name) == nil {
			l.finding(place{k.Pos, t.Name, ""}, "undefined key property %s: correct the name or declare it", Quote(k.Name))
		}
	}
	if len(t.Key) == 0 {
		return
	}
	for b := t.Base; b != nil; b = b.Base {
		if len(b.Key) > 0 {
			l.finding(place{t.Key[0].Pos, t.Name, ""}, "second key: base type %s has one; remove this one", b.Name)
		}
	}
}

func (l *linker) properties(t *StructuredType) {
	for _, n := range t.Navigation {
		if n.Type.Type != nil && !isEntity(n.Type.Type) {
			l.finding(place{n.Pos, t.Name, n.Name}, "navigation property to %s, which is no entity type: make it a property", n.Type.Name)
		}
	}
	for _, p := range t.Properties {
		if a := p.Annotations.Get(TermOneOrMany); a != nil && !p.Type.Collection {
			l.finding(place{a.Pos, t.Name, p.Name}, "%s is for collections: make the type Collection(%s)", TermOneOrMany, p.Type.Name)
		}
	}
}

// isEntity reports whether t is an entity type or the abstract Edm.EntityType.
func isEntity(t Type) bool {
	switch t := t.(type) {
	case *StructuredType:
		return t.Kind == Entity
	case *Primitive:
		return t.Name == "EntityType"
	}
	return false
}

func (l *linker) enum(t *EnumType) {
	bits, unsigned := 0, false
	switch t.Underlying {
	case "Edm.Byte":
		bits, unsigned = 8, true
	case "Edm.SByte":
		bits = 8
	case "Edm.Int16":
		bits = 16
	case "Edm.Int32":
		bits = 32
	case "Edm.Int64":
		bits = 64
	default:
		l.finding(place{t.Pos, t.Name, ""}, "UnderlyingType %s is no integer type: use Edm.Byte, Edm.SByte, Edm.Int16, Edm.Int32 or Edm.Int64", Quote(t.Underlying))
	}
	names := make(declared, len(t.Members))
	for _, m := range t.Members {
		at := place{m.Pos, t.Name, m.Name}
		if first, ok := names.repeats(m.Name, m.Pos); ok {
			l.finding(at, "duplicate member: first declared at %v; remove one", first)
		}
		if m.Value != nil && bits > 0 && !fits(*m.Value, bits, unsigned) {
			l.finding(at, "value %d does not fit in %s: correct it or UnderlyingType", *m.Value, t.Underlying)
		}
	}
}

func fits(v int64, bits int, unsigned bool) bool {
	if unsigned {
		return v>>bits == 0
	}
	return v>>(bits-1) == 0 || v>>(bits-1) == -1
}

func (l *linker) definition(t *TypeDefinition) {
	if _, ok := t.Underlying.Type.(*Primitive); !ok && t.Underlying.Type != nil || t.Underlying.Collection {
		l.finding(place{t.Pos, t.Name, ""}, "UnderlyingType %s is no primitive type: name one of the Edm namespace", Quote(t.Underlying.Text))
	}
}

// operations reports bound operations without binding parameter, parameters of one
// name and overloads that cannot be told apart.
func (l *linker) operations() {
	overloads := make(declared)
	for o := range l.m.Operations() {
		if o.Name.Name == "" {
			continue
		}
		at := place{o.Pos, o.Name, ""}
		if o.Bound && len(o.Parameters) == 0 {
			l.finding(at, "bound, but without parameters: the first one is the binding parameter")
		}
		names := make(declared, len(o.Parameters))
		for _, p := range o.Parameters {
			if first, ok := names.repeats(p.Name, p.Pos); ok {
				l.finding(place{p.Pos, o.Name, p.Name}, "duplicate parameter: first declared at %v; remove one", first)
			}
		}
		if first, ok := overloads.repeats(o.Overload(), o.Pos); ok {
			l.finding(at, "duplicate overload: binding type and parameter names are those at %v; remove one", first)
		}
	}
}

// Overload returns what tells an operation from all others: its kind and name, what
// it is bound to, and how its other parameters are named, in any order.
func (o *Operation) Overload() string {
	kind, bound, parameters := "action ", "", o.Parameters
	if o.Function {
		kind = "function "
	}
	if p := o.Binding(); p != nil {
		bound, parameters = p.Type.String(), parameters[1:]
	}
	names := make([]string, len(parameters))
	for i, p := range parameters {
		names[i] = p.Name
	}
	slices.Sort(names)
	return kind + o.Name.String() + "(" + bound + ")" + strings.Join(names, ",")
}

func (l *linker) containerNames() {
	c := l.m.Container
	if c == nil {
		return
	}
	names := make(declared)
	check := func(what, name string, pos diag.Pos) {
		if first, ok := names.repeats(name, pos); ok {
			l.finding(place{pos, c.Name, name}, "duplicate %s: the name is first declared at %v; rename or remove one", what, first)
		}
	}
	for _, s := range c.EntitySets {
		check("entity set", s.Name, s.Pos)
	}
	for _, s := range c.Singletons {
		check("singleton", s.Name, s.Pos)
	}
	for _, i := range c.ActionImports {
		check("action import", i.Name, i.Pos)
	}
	for _, i := range c.FunctionImports {
		check("function import", i.Name, i.Pos)
	}
}
