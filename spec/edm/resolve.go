package edm

import (
	"slices"
	"strings"
)

// maxAncestors bounds how deep types may derive from each other, so that walks up
// the base types are cheap. Graph has 4.
const maxAncestors = 64

// maxOverloads bounds the operations of one name: annotations that name no overload
// are about all of them. Graph has 33.
const maxOverloads = 256

// primitiveNames are the types of the Edm namespace, the abstract ones included.
func primitiveNames() []string {
	return []string{
		"Binary", "Boolean", "Byte", "Date", "DateTimeOffset", "Decimal", "Double", "Duration", "Guid",
		"Int16", "Int32", "Int64", "SByte", "Single", "Stream", "String", "TimeOfDay",
		"Geography", "GeographyPoint", "GeographyLineString", "GeographyPolygon", "GeographyMultiPoint",
		"GeographyMultiLineString", "GeographyMultiPolygon", "GeographyCollection",
		"Geometry", "GeometryPoint", "GeometryLineString", "GeometryPolygon", "GeometryMultiPoint",
		"GeometryMultiLineString", "GeometryMultiPolygon", "GeometryCollection",
		"PrimitiveType", "ComplexType", "EntityType", "Untyped",
		"AnnotationPath", "AnyPropertyPath", "ModelElementPath", "NavigationPropertyPath", "PropertyPath",
	}
}

// index makes the tables that names are looked up in.
func (l *linker) index() {
	m := l.m
	m.types, m.terms = make(map[QName]Type), make(map[QName]*Term)
	m.operations, m.schemas = make(map[QName][]*Operation), make(map[string]*Schema)
	m.primitives = make(map[string]*Primitive)
	for _, name := range primitiveNames() {
		m.primitives[name] = &Primitive{name}
	}
	for _, s := range m.Schemas {
		m.schemas[s.Namespace] = s
		for _, t := range s.Types {
			l.indexType(t)
		}
		for _, t := range s.Terms {
			if first := m.terms[t.Name]; first != nil {
				l.finding(place{t.Pos, t.Name, ""}, "duplicate term: first declared at %v; remove one", first.Pos)
				continue
			}
			m.terms[t.Name] = t
		}
	}
	for o := range m.Operations() {
		overloads := append(m.operations[o.Name], o)
		if len(overloads) > maxOverloads {
			l.finding(place{o.Pos, o.Name, ""}, "more than %d overloads: rename or remove some", maxOverloads)
			continue
		}
		m.operations[o.Name] = overloads
	}
	m.contained = make(map[string]*Annotations)
	if m.Container != nil {
		m.Container.annotated(func(list *Annotations, at place) {
			if m.contained[at.part] == nil {
				m.contained[at.part] = list
			}
		})
	}
}

func (l *linker) indexType(t Type) {
	name := t.TypeName()
	if name.Name == "" {
		return // reported when it was read
	}
	if first := l.m.types[name]; first != nil {
		l.finding(place{t.Position(), name, ""}, "duplicate type: first declared at %v; remove one", first.Position())
		return
	}
	l.m.types[name] = t
}

// bases resolves base types and fills in what is derived from what.
func (l *linker) bases() {
	for t := range l.m.structured {
		t.Base, t.Derived = l.base(t), nil
	}
	l.checkChains()
	for t := range l.m.structured {
		if t.Base != nil {
			t.Base.Derived = append(t.Base.Derived, t)
		}
	}
}

func (l *linker) base(t *StructuredType) *StructuredType {
	if t.base.IsZero() {
		return nil
	}
	at := place{t.Pos, t.Name, ""}
	switch base := l.m.Type(t.base).(type) {
	case nil:
		l.undefined(t.base, t.BaseName, "base type", at)
	case *StructuredType:
		if base.Kind == t.Kind {
			return base
		}
		l.finding(at, "base type %s is of the wrong kind: an %s cannot derive from a %s; correct BaseType", base.Name, t.Kind, base.Kind)
	case *Primitive:
		if base.Name != abstractBase(t.Kind) {
			l.finding(at, "base type %s is of the wrong kind: it is a primitive type; correct BaseType", t.base)
		}
	default:
		l.finding(at, "base type %s is of the wrong kind: it is no %s; correct BaseType", t.base, t.Kind)
	}
	return nil
}

// abstractBase is the abstract type of the Edm namespace that all types of a kind
// derive from anyway.
func abstractBase(k Kind) string {
	if k == Complex {
		return "ComplexType"
	}
	return "EntityType"
}

// undefined reports a name that no schema defines, unless resolving it was
// reported already: a name without namespace or with an alias of nothing.
func (l *linker) undefined(q QName, written, what string, at place) {
	switch {
	case l.scope.included[q.Namespace]:
		l.finding(at, "undefined %s %s: its schema is included from another document, which is not read; put it into this one", what, Quote(written))
	case strings.Contains(q.Namespace, "."), l.scope.namespaces[q.Namespace]:
		l.finding(at, "undefined %s %s: correct the name or declare it", what, Quote(written))
	}
}

// checkChains reports cycles and excesses of base types, and breaks them so that
// everything after it can walk up safely.
func (l *linker) checkChains() {
	depth := make(map[*StructuredType]int) // 1 for a type without base
	onPath := make(map[*StructuredType]bool)
	for t := range l.m.structured {
		var path []*StructuredType
		for b := t; b != nil && depth[b] == 0; b = b.Base {
			if onPath[b] {
				l.cycle(path[slices.Index(path, b):])
				break
			}
			onPath[b] = true
			path = append(path, b)
		}
		for _, b := range slices.Backward(path) {
			delete(onPath, b)
			depth[b] = 1 + depth[b.Base]
			if depth[b] > maxAncestors+1 {
				l.finding(place{b.Pos, b.Name, ""}, "more than %d types above it: derive it from a type nearer to the root", maxAncestors)
				b.Base, depth[b] = nil, 1
			}
		}
	}
}

// cycle reports types that derive from each other and breaks the circle at the one
// that stands first.
func (l *linker) cycle(types []*StructuredType) {
	first := 0
	for i, t := range types {
		if t.Pos.Compare(types[first].Pos) < 0 {
			first = i
		}
	}
	const most = 8
	names := make([]string, 0, most+1)
	for i := range min(len(types), most) {
		names = append(names, Shown(types[(first+i)%len(types)].Name.String()))
	}
	if len(types) > most {
		names = append(names, "…")
	}
	t := types[first]
	names = append(names, Shown(t.Name.String()))
	l.finding(place{t.Pos, t.Name, ""}, "base types form a cycle: %s; change one BaseType", strings.Join(names, " → "))
	t.Base = nil
}

// types resolves uses of types.
func (l *linker) types() {
	l.m.typeRefs(func(ref *TypeRef, at place) {
		if ref.Name.IsZero() {
			return
		}
		if ref.Type = l.m.Type(ref.Name); ref.Type == nil {
			l.undefined(ref.Name, ref.Text, "type", at)
		}
	})
	for t := range l.m.structured {
		for _, p := range t.Properties {
			p.Owner = t
		}
		for _, n := range t.Navigation {
			n.Owner = t
		}
	}
	for _, s := range l.m.Schemas {
		for _, t := range s.Terms {
			l.term(t)
		}
	}
}

// term resolves the names in a term, whose type and base may be of an included
// schema: the vocabularies of OData are.
func (l *linker) term(t *Term) {
	at := place{t.Pos, t.Name, ""}
	t.Type.Type = l.m.Type(t.Type.Name)
	if t.Type.Type == nil && !t.Type.Name.IsZero() && !l.scope.included[t.Type.Name.Namespace] {
		l.undefined(t.Type.Name, t.Type.Text, "type", at)
	}
	if !t.base.IsZero() && l.m.terms[t.base] == nil && !l.scope.included[t.base.Namespace] {
		l.undefined(t.base, t.BaseTerm, "base term", at)
	}
}

// bind makes the table of bound operations.
func (l *linker) bind() {
	l.m.bound = make(map[binding][]*Operation)
	for o := range l.m.Operations() {
		if p := o.Binding(); p != nil && p.Type.Type != nil {
			key := binding{p.Type.Type, p.Type.Collection}
			l.m.bound[key] = append(l.m.bound[key], o)
		}
	}
}

// container resolves the names in the entity container.
func (l *linker) container() {
	c := l.m.Container
	if c == nil {
		return
	}
	for _, s := range c.EntitySets {
		s.Type = l.entityType(s.typeName, s.TypeName, "entity set", place{s.Pos, c.Name, s.Name})
	}
	for _, s := range c.Singletons {
		s.Type = l.entityType(s.typeName, s.TypeName, "singleton", place{s.Pos, c.Name, s.Name})
	}
	for _, i := range c.ActionImports {
		l.operationImport(i, "action", place{i.Pos, c.Name, i.Name})
	}
	for _, i := range c.FunctionImports {
		l.operationImport(i, "function", place{i.Pos, c.Name, i.Name})
	}
}

func (l *linker) entityType(q QName, written, what string, at place) *StructuredType {
	if q.IsZero() {
		return nil
	}
	t := l.m.Type(q)
	if t == nil {
		l.undefined(q, written, "type", at)
		return nil
	}
	s, ok := t.(*StructuredType)
	if !ok || s.Kind != Entity {
		l.finding(at, "%s of %s, which is no entity type: name one", what, q)
		return nil
	}
	return s
}

func (l *linker) operationImport(i *OperationImport, what string, at place) {
	if i.Operation == "" {
		return
	}
	name := ParseQName(i.Operation)
	for _, o := range l.m.operations[name] {
		if o.Function == i.Function && !o.Bound {
			return
		}
	}
	l.undefined(name, i.Written, "unbound "+what, at)
}
