package edm

import (
	"slices"

	"github.com/callgen/callgen/spec/diag"
)

// structures checks the parts of structured types.
func (l *linker) structures() {
	names := make(map[string]member)
	for t := range l.m.structured {
		l.navigation(t)
		if t.Base == nil {
			l.members(t, names)
		}
	}
	for t := range l.m.structured {
		l.key(t)
	}
}

// navigation turns navigation properties that lead to no entity type into structural
// properties.
func (l *linker) navigation(t *StructuredType) {
	t.Navigation = slices.DeleteFunc(t.Navigation, func(n *NavigationProperty) bool {
		if isEntity(n.Type.Type) {
			return false
		}
		l.fault(place{n.Pos, t.Name, n.Name}, "make it a property", "it is read as a property", "navigation property to %s, which is not an entity type", n.Type.Name)
		t.Properties = append(t.Properties, &Property{Name: n.Name, Type: n.Type, Annotations: n.Annotations, Owner: t, Pos: n.Pos})
		return true
	})
}

// isEntity reports whether t is an entity type or an abstract type that can be one.
func isEntity(t Type) bool {
	switch t := t.(type) {
	case *StructuredType:
		return t.Kind == Entity
	case *Primitive:
		return t.Name == "EntityType" || t.Name == "Untyped"
	}
	return false
}

// member records the declaration of a property.
type member struct {
	owner QName
	pos   diag.Pos
}

// members removes properties that a type or its base types declared before. names holds
// those of the base types.
func (l *linker) members(t *StructuredType, names map[string]member) {
	var own []string
	repeats := func(name string, pos diag.Pos) bool {
		switch first, ok := names[name]; {
		case !ok:
			names[name] = member{t.Name, pos}
			own = append(own, name)
			return false
		case first.owner == t.Name:
			l.fault(place{pos, t.Name, name}, "remove one", firstHolds, "duplicate property: first declared at %v", first.pos)
		default:
			l.fault(place{pos, t.Name, name}, "remove one", "that one is used", "duplicate property: base type %s declares it at %v", first.owner, first.pos)
		}
		return true
	}
	t.Properties = slices.DeleteFunc(t.Properties, func(p *Property) bool { return repeats(p.Name, p.Pos) })
	t.Navigation = slices.DeleteFunc(t.Navigation, func(n *NavigationProperty) bool { return repeats(n.Name, n.Pos) })
	for _, d := range t.Derived {
		l.members(d, names)
	}
	for _, name := range own {
		delete(names, name)
	}
}

// noRequests says what happens to a type with an unusable key.
const noRequests = "the type is read without key, so that no request leads to one of its entities"

func (l *linker) key(t *StructuredType) {
	if len(t.Key) == 0 {
		return
	}
	for b := t.Base; b != nil; b = b.Base {
		if len(b.Key) > 0 {
			l.fault(place{t.Key[0].Pos, t.Name, ""}, "remove this one", "that one is used", "second key: base type %s has one", b.Name)
			t.Key = nil
			return
		}
	}
	for _, k := range t.Key {
		at := place{k.Pos, t.Name, ""}
		p := t.PropertyAt(k.Name)
		if p == nil && k.Name != "" {
			l.fault(at, "correct the name or declare it", noRequests, "undefined key property %s", Quote(k.Name))
		} else if p != nil && !isKey(p.Type) {
			l.fault(at, "name a property of a primitive or enum type", noRequests, "key property %s is of type %s, whose values cannot be part of URLs", Quote(k.Name), p.Type)
		} else if p != nil {
			continue
		}
		t.Key = nil
		return
	}
}

// isKey reports whether the values of a type can be part of a URL.
func isKey(ref TypeRef) bool {
	switch t := ref.Type.(type) {
	case *EnumType, *TypeDefinition:
		return !ref.Collection
	case *Primitive:
		return !ref.Collection && t.Name != "Untyped" && t.Name != "Stream" && t.Name != "ComplexType" && t.Name != "EntityType"
	}
	return false
}

// oneOrMany checks the annotations for properties that hold one value or a collection.
func (l *linker) oneOrMany() {
	for t := range l.m.structured {
		for _, p := range t.Properties {
			if a := p.Annotations.Get(TermOneOrMany); a != nil && !p.Type.Collection {
				l.fault(place{a.Pos, t.Name, p.Name}, "make the type Collection("+p.Type.Name.String()+")", passedOver, "%s is for collections", TermOneOrMany)
				p.Annotations = slices.DeleteFunc(p.Annotations, func(o *Annotation) bool { return o == a })
			}
		}
	}
}

// enums checks enum types.
func (l *linker) enums() {
	for _, s := range l.m.Schemas {
		for _, t := range s.Types {
			if t, ok := t.(*EnumType); ok {
				l.enum(t)
			}
		}
	}
}

func (l *linker) enum(t *EnumType) {
	bits, unsigned := width(t.Underlying)
	if bits == 0 {
		l.fault(place{t.Pos, t.Name, ""}, "use Edm.Byte, Edm.SByte, Edm.Int16, Edm.Int32 or Edm.Int64", "it is read as Edm.Int64",
			"UnderlyingType %s is not an integer type", Quote(t.Underlying))
		t.Underlying = "Edm.Int64"
	}
	names := make(declared, len(t.Members))
	t.Members = slices.DeleteFunc(t.Members, func(m *Member) bool {
		first, ok := names.repeats(m.Name, m.Pos)
		if ok {
			l.fault(place{m.Pos, t.Name, m.Name}, "remove one", firstHolds, "duplicate member: first declared at %v", first)
		}
		return ok
	})
	stated := t.Underlying
	for _, m := range t.Members {
		if m.Value != nil && bits > 0 && !fits(*m.Value, bits, unsigned) {
			l.fault(place{m.Pos, t.Name, m.Name}, "correct it or UnderlyingType", "the type is read as one of Edm.Int64", "value %d does not fit in %s", *m.Value, stated)
			t.Underlying = "Edm.Int64"
		}
	}
}

// width returns the number of bits of an integer type, 0 for other types.
func width(name string) (bits int, unsigned bool) {
	switch name {
	case "Edm.Byte":
		return 8, true
	case "Edm.SByte":
		return 8, false
	case "Edm.Int16":
		return 16, false
	case "Edm.Int32":
		return 32, false
	case "Edm.Int64":
		return 64, false
	}
	return 0, false
}

func fits(v int64, bits int, unsigned bool) bool {
	if unsigned {
		return v>>bits == 0
	}
	return v>>(bits-1) == 0 || v>>(bits-1) == -1
}
