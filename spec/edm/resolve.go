package edm

import (
	"slices"
	"strings"
)

// maxAncestors limits the depth of inheritance, so that walks up the base types are cheap.
// Graph has 4 levels, Redfish 53.
const maxAncestors = 256

// maxOverloads limits the number of operations with one name: annotations that name no
// overload apply to all of them. Graph has 33.
const maxOverloads = 256

// primitiveNames returns the types of the Edm namespace, including the abstract ones.
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

// schemas merges schemas with the same namespace.
func (l *linker) schemas() {
	m := l.m
	m.schemas = make(map[string]*Schema)
	m.Schemas = slices.DeleteFunc(m.Schemas, func(s *Schema) bool {
		first := m.schemas[s.Namespace]
		if first == nil {
			m.schemas[s.Namespace] = s
			return false
		}
		l.faults.Fault(s.Pos, Shown(s.Namespace), "make them one", "they are read as one",
			"duplicate schema: it has the namespace of the schema at %v", first.Pos)
		first.Types = append(first.Types, s.Types...)
		first.Actions, first.Functions = append(first.Actions, s.Actions...), append(first.Functions, s.Functions...)
		first.Terms = append(first.Terms, s.Terms...)
		first.Annotations, first.External = append(first.Annotations, s.Annotations...), append(first.External, s.External...)
		return true
	})
}

// index indexes types and terms by name.
func (l *linker) index() {
	m := l.m
	m.types, m.terms = make(map[QName]Type), make(map[QName]*Term)
	m.primitives = make(map[string]*Primitive)
	for _, name := range primitiveNames() {
		m.primitives[name] = &Primitive{name}
	}
	for _, s := range m.Schemas {
		s.Types = slices.DeleteFunc(s.Types, l.repeatsType)
		s.Terms = slices.DeleteFunc(s.Terms, l.repeatsTerm)
	}
}

func (l *linker) repeatsType(t Type) bool {
	name := t.TypeName()
	first := l.m.types[name]
	if first == nil {
		l.m.types[name] = t
		return false
	}
	l.fault(place{t.Position(), name, ""}, "remove one", firstHolds, "duplicate type: first declared at %v", first.Position())
	return true
}

func (l *linker) repeatsTerm(t *Term) bool {
	first := l.m.terms[t.Name]
	if first == nil {
		l.m.terms[t.Name] = t
		return false
	}
	l.fault(place{t.Pos, t.Name, ""}, "remove one", firstHolds, "duplicate term: first declared at %v", first.Pos)
	return true
}

// bases resolves base types and fills in the derived types.
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

// withoutBase says what happens to a type with an unusable base type.
const withoutBase = "the type is read without it, as an open type"

func (l *linker) base(t *StructuredType) *StructuredType {
	if t.base.IsZero() {
		return nil
	}
	at := place{t.Pos, t.Name, ""}
	base := l.m.Type(t.base)
	if t.baseless && base == nil {
		return nil
	}
	const correct = "correct BaseType"
	wrong := false
	switch base := base.(type) {
	case nil:
		t.baseless = true
		l.undefined(t.base, t.BaseName, "base type", withoutBase, at)
	case *StructuredType:
		if base.Kind == t.Kind {
			return base
		}
		wrong = true
		l.fault(at, correct, withoutBase, "base type %s is of the wrong kind: an %s cannot derive from a %s", base.Name, t.Kind, base.Kind)
	case *Primitive:
		if base.Name == abstractBase(t.Kind) {
			return nil
		}
		wrong = true
		l.fault(at, correct, withoutBase, "base type %s is of the wrong kind: it is a primitive type", t.base)
	default:
		wrong = true
		l.fault(at, correct, withoutBase, "base type %s is of the wrong kind: another %s is needed", t.base, t.Kind)
	}
	t.Open = true
	if wrong {
		t.forgetBase()
	}
	return nil
}

// forgetBase removes the base type of a type.
func (t *StructuredType) forgetBase() {
	t.Base, t.BaseName, t.base = nil, "", QName{}
}

// abstractBase returns the abstract type of the Edm namespace from which all types of a
// kind derive implicitly.
func abstractBase(k Kind) string {
	if k == Complex {
		return "ComplexType"
	}
	return "EntityType"
}

// undefined reports an undefined name, unless resolving it was reported before because of a
// missing namespace or an undefined alias.
func (l *linker) undefined(q QName, written, what, done string, at place) {
	d := l.scope.document(at.pos.File)
	uri, included := d.included[q.Namespace]
	switch {
	case included && l.m.schemas[q.Namespace] == nil:
		l.fault(at, "name it under spec, or put it below the folder of refs", done,
			"undefined %s %s: its schema is in %s, which was not read", what, Quote(written), Quote(uri))
	case strings.Contains(q.Namespace, "."), l.scope.namespaces[q.Namespace]:
		l.fault(at, "correct the name or declare it", done, "undefined %s %s", what, Quote(written))
	}
}

// checkChains reports cyclic and overlong chains of base types, and breaks them so that
// later steps can walk up safely.
func (l *linker) checkChains() {
	depth := make(map[*StructuredType]int) // 1 for a type without base type
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
				l.fault(place{b.Pos, b.Name, ""}, "derive it from a type nearer to the root", withoutBase, "more than %d types above it", maxAncestors)
				b.forgetBase()
				b.Open, depth[b] = true, 1
			}
		}
	}
}

// cycle reports types that derive from each other and breaks the cycle at the first one.
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
	l.fault(place{t.Pos, t.Name, ""}, "change one BaseType", withoutBase, "base types form a cycle: %s", strings.Join(names, " → "))
	t.forgetBase()
	t.Open = true
}

// definitions resolves the primitive types of type definitions, and removes definitions
// without one: references to them are undefined.
func (l *linker) definitions() {
	for _, s := range l.m.Schemas {
		s.Types = slices.DeleteFunc(s.Types, func(t Type) bool {
			d, ok := t.(*TypeDefinition)
			if !ok || l.definition(d) {
				return false
			}
			delete(l.m.types, d.Name)
			return true
		})
	}
}

// definition reports whether a type definition stands for a primitive type. A definition
// based on another one is resolved to that one's type.
func (l *linker) definition(t *TypeDefinition) bool {
	at := place{t.Pos, t.Name, ""}
	ref := &t.Underlying
	ref.Type = l.m.Type(ref.Name)
	_, primitive := ref.Type.(*Primitive)
	switch end := l.definitionEnd(t); {
	case primitive && !ref.Collection:
		return true
	case ref.Type == nil && !ref.Name.IsZero():
		l.undefined(ref.Name, ref.Text, "type", leftOut, at)
		return false
	case ref.Type == nil:
		return false // reported before
	case end != nil && !ref.Collection:
		l.fault(at, "name one of the Edm namespace", "it is read as "+end.TypeName().String(), "UnderlyingType %s is not a primitive type", Quote(ref.Text))
		ref.Name, ref.Text, ref.Type = end.TypeName(), end.TypeName().String(), end
		return true
	}
	l.fault(at, "name one of the Edm namespace", leftOut, "UnderlyingType %s is not a primitive type", Quote(ref.Text))
	return false
}

// definitionEnd returns the primitive type that a type definition stands for by way of others,
// or nil.
func (l *linker) definitionEnd(t *TypeDefinition) *Primitive {
	for range maxAncestors {
		switch next := l.m.Type(t.Underlying.Name).(type) {
		case *Primitive:
			return next
		case *TypeDefinition:
			t = next
		default:
			return nil
		}
	}
	return nil
}

// types resolves type references.
func (l *linker) types() {
	l.m.typeRefs(l.use)
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

// use resolves a type reference. The JSON of a value can be kept without knowing its type:
// an undefined type becomes Edm.Untyped, until an overlay defines it.
func (l *linker) use(ref *TypeRef, at place) {
	ref.Type = l.m.Type(ref.Name)
	switch {
	case ref.Type == nil:
		untyped := l.m.primitives["Untyped"]
		if !ref.Name.IsZero() {
			l.undefined(ref.Name, ref.Text, "type", keptRaw, at)
			ref.Text = ref.String()
		}
		ref.Name, ref.Type = untyped.TypeName(), untyped
	case ref.Name.Name == "Untyped" && ref.Name.Namespace == "Edm":
		if named := ParseQName(ref.named()); l.m.types[named] != nil {
			ref.Name, ref.Type = named, l.m.types[named]
		}
	}
}

// named returns Text without Collection(…).
func (t *TypeRef) named() string {
	return strings.TrimSuffix(strings.TrimPrefix(t.Text, "Collection("), ")")
}

// term resolves the names in a term, whose type and base may belong to an included schema,
// such as an OData vocabulary. Terms produce no output, so their faults have no
// consequences.
func (l *linker) term(t *Term) {
	at := place{t.Pos, t.Name, ""}
	included := l.scope.document(t.Pos.File).included
	elsewhere := func(q QName) bool { return included[q.Namespace] != "" && l.m.schemas[q.Namespace] == nil }
	t.Type.Type = l.m.Type(t.Type.Name)
	if t.Type.Type == nil && !t.Type.Name.IsZero() && !elsewhere(t.Type.Name) {
		l.undefined(t.Type.Name, t.Type.Text, "type", passedOver, at)
		t.Type.Name, t.Type.Text = QName{}, ""
	}
	if !t.base.IsZero() && l.m.terms[t.base] == nil && !elsewhere(t.base) {
		l.undefined(t.base, t.BaseTerm, "base term", passedOver, at)
		t.base, t.BaseTerm = QName{}, ""
	}
}

// IsPrimitive reports whether the Edm namespace has a type with the given name.
func IsPrimitive(name string) bool { return slices.Contains(primitiveNames(), name) }
