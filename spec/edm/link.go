package edm

import (
	"slices"
	"strings"

	"github.com/callgen/callgen/spec/diag"
)

// linker carries what the steps of linking share.
type linker struct {
	m        *Model
	aliases  map[string]string // alias → namespace, for the whole document
	findings diag.List
}

// Link resolves the names in a model that was read: aliases, base types, types of
// properties and parameters, targets of annotations. The error is a [*diag.Error]
// with everything that does not resolve or contradicts itself. Linking a model
// again, after it was changed, is allowed.
func (m *Model) Link() error {
	l := &linker{m: m}
	l.aliasTable()
	l.index()
	l.bases()
	l.references()
	l.container()
	l.validate()
	l.annotations()
	return l.findings.Err()
}

// wellKnown are the aliases under which descriptions use the vocabularies of
// OData without including them.
var wellKnown = map[string]string{
	"Aggregation": "Org.OData.Aggregation.V1", "Authorization": "Org.OData.Authorization.V1",
	"Capabilities": "Org.OData.Capabilities.V1", "Core": "Org.OData.Core.V1",
	"Measures": "Org.OData.Measures.V1", "Validation": "Org.OData.Validation.V1",
}

func (l *linker) aliasTable() {
	l.aliases = make(map[string]string)
	declared := make(map[string]*Schema)
	for _, ref := range l.m.References {
		for _, inc := range ref.Includes {
			if inc.Alias != "" {
				l.aliases[inc.Alias] = inc.Namespace
			}
		}
	}
	for _, s := range l.m.Schemas {
		if s.Alias == "" {
			continue
		}
		if other, ok := declared[s.Alias]; ok && other.Namespace != s.Namespace {
			l.findings.Add(s.Pos, s.Namespace, "alias %s is that of %s, declared at %v: choose another", s.Alias, other.Namespace, other.Pos)
		}
		declared[s.Alias] = s
		l.aliases[s.Alias] = s.Namespace
	}
	for alias, namespace := range wellKnown {
		if _, taken := l.aliases[alias]; !taken {
			l.aliases[alias] = namespace
		}
	}
}

// resolve replaces the alias in a qualified name, if it begins with one.
func (l *linker) resolve(text string) QName {
	dot := strings.LastIndexByte(text, '.')
	if dot < 0 {
		return QName{Name: text}
	}
	namespace := text[:dot]
	if full, ok := l.aliases[namespace]; ok {
		namespace = full
	}
	return QName{namespace, text[dot+1:]}
}

// index builds the table of types.
func (l *linker) index() {
	l.m.types = make(map[QName]Type)
	for _, name := range primitiveNames {
		l.m.types[QName{"Edm", name}] = &Primitive{name}
	}
	for _, s := range l.m.Schemas {
		for _, t := range s.Types {
			if other, ok := l.m.types[t.TypeName()]; ok {
				l.findings.Add(t.Position(), t.TypeName().String(), "the type is declared twice, first at %v", other.Position())
				continue
			}
			l.m.types[t.TypeName()] = t
		}
	}
}

var primitiveNames = []string{
	"Binary", "Boolean", "Byte", "Date", "DateTimeOffset", "Decimal", "Double", "Duration", "Guid",
	"Int16", "Int32", "Int64", "SByte", "Single", "Stream", "String", "TimeOfDay",
	"Geography", "GeographyPoint", "GeographyLineString", "GeographyPolygon", "GeographyMultiPoint",
	"GeographyMultiLineString", "GeographyMultiPolygon", "GeographyCollection",
	"Geometry", "GeometryPoint", "GeometryLineString", "GeometryPolygon", "GeometryMultiPoint",
	"GeometryMultiLineString", "GeometryMultiPolygon", "GeometryCollection",
	"PrimitiveType", "ComplexType", "EntityType", "Untyped",
	"PropertyPath", "NavigationPropertyPath", "AnnotationPath", "AnyPropertyPath", "ModelElementPath",
}

// structuredTypes iterates over the entity and complex types in document order.
func (m *Model) structuredTypes(yield func(*StructuredType) bool) {
	for _, s := range m.Schemas {
		for _, t := range s.Types {
			if t, ok := t.(*StructuredType); ok && !yield(t) {
				return
			}
		}
	}
}

func (l *linker) bases() {
	for t := range l.m.structuredTypes {
		t.Base, t.Derived = nil, nil
	}
	for t := range l.m.structuredTypes {
		if t.BaseName == "" {
			continue
		}
		element := t.Name.String()
		switch base := l.m.types[l.resolve(t.BaseName)].(type) {
		case *StructuredType:
			if base.Kind != t.Kind {
				l.findings.Add(t.Pos, element, "the %s cannot derive from the %s %s", t.Kind, base.Kind, base.Name)
				continue
			}
			t.Base = base
		case nil:
			l.findings.Add(t.Pos, element, "its base type %s is not defined: correct the name or add the type", t.BaseName)
		default:
			l.findings.Add(t.Pos, element, "its base type %s is not a structured type", t.BaseName)
		}
	}
	l.breakCycles()
	for t := range l.m.structuredTypes {
		if t.Base != nil {
			t.Base.Derived = append(t.Base.Derived, t)
		}
	}
}

// breakCycles reports types that derive from themselves, and makes them roots, so
// that what follows can walk up safely.
func (l *linker) breakCycles() {
	safe := make(map[*StructuredType]bool)
	for t := range l.m.structuredTypes {
		chain := make(map[*StructuredType]bool)
		for b := t; b != nil && !safe[b]; b = b.Base {
			if chain[b] {
				l.findings.Add(b.Pos, b.Name.String(), "the type derives from itself: its base type %s leads back to it", b.BaseName)
				b.Base = nil
				break
			}
			chain[b] = true
		}
		for b := range chain {
			safe[b] = true
		}
	}
}

// references resolves the types of everything that has one.
func (l *linker) references() {
	for _, s := range l.m.Schemas {
		for _, t := range s.Types {
			switch t := t.(type) {
			case *StructuredType:
				l.structured(t)
			case *TypeDefinition:
				l.ref(&t.Underlying, t.Pos, t.Name.String())
				if _, ok := t.Underlying.Type.(*Primitive); !ok && t.Underlying.Type != nil {
					l.findings.Add(t.Pos, t.Name.String(), "its underlying type %s is not a primitive type", t.Underlying.Text)
				}
			}
		}
		for _, term := range s.Terms {
			l.ref(&term.Type, term.Pos, term.Name.String())
		}
	}
	for o := range l.m.Operations() {
		element := o.Name.String()
		for _, p := range o.Parameters {
			l.ref(&p.Type, p.Pos, element+"/"+p.Name)
		}
		if o.Return != nil {
			l.ref(&o.Return.Type, o.Return.Pos, element)
		}
	}
}

func (l *linker) structured(t *StructuredType) {
	for _, p := range t.Properties {
		l.ref(&p.Type, p.Pos, t.Name.String()+"/"+p.Name)
	}
	for _, n := range t.Navigation {
		element := t.Name.String() + "/" + n.Name
		l.ref(&n.Type, n.Pos, element)
		if target, ok := n.Type.Type.(*StructuredType); n.Type.Type != nil && (!ok || target.Kind != Entity) {
			if n.Type.Name != (QName{"Edm", "EntityType"}) {
				l.findings.Add(n.Pos, element, "a navigation property leads to an entity type, which %s is not", n.Type.Name)
			}
		}
	}
}

// ref resolves a use of a type.
func (l *linker) ref(ref *TypeRef, pos diag.Pos, element string) {
	text := ref.Text
	if inner, ok := strings.CutPrefix(text, "Collection("); ok {
		inner, closed := strings.CutSuffix(inner, ")")
		if !closed {
			l.findings.Add(pos, element, "%q lacks the closing parenthesis", ref.Text)
		}
		ref.Collection, text = true, inner
	}
	ref.Name = l.resolve(text)
	ref.Type = l.m.types[ref.Name]
	if ref.Type == nil {
		l.findings.Add(pos, element, "the type %s is not defined: correct the name or add the type", text)
	}
}

func (l *linker) container() {
	c := l.m.Container
	if c == nil {
		return
	}
	for _, s := range c.EntitySets {
		s.Type = l.entityType(s.TypeName, s.Pos, c.Name.String()+"/"+s.Name)
	}
	for _, s := range c.Singletons {
		s.Type = l.entityType(s.TypeName, s.Pos, c.Name.String()+"/"+s.Name)
	}
	for _, list := range [][]*OperationImport{c.ActionImports, c.FunctionImports} {
		for _, i := range list {
			i.Operation = l.resolve(i.Operation).String()
			if !l.hasOperation(i.Operation) {
				l.findings.Add(i.Pos, c.Name.String()+"/"+i.Name, "the operation %s is not defined", i.Operation)
			}
		}
	}
}

func (l *linker) hasOperation(name string) bool {
	for o := range l.m.Operations() {
		if o.Name.String() == name {
			return true
		}
	}
	return false
}

func (l *linker) entityType(name string, pos diag.Pos, element string) *StructuredType {
	t, ok := l.m.types[l.resolve(name)].(*StructuredType)
	if !ok || t.Kind != Entity {
		l.findings.Add(pos, element, "%s is not a defined entity type", name)
		return nil
	}
	return t
}

// annotations resolves the terms of annotations, and applies the external ones.
func (l *linker) annotations() {
	for _, s := range l.m.Schemas {
		for _, ext := range s.External {
			l.terms(ext.Annotations)
			if ext.Applied {
				continue
			}
			if list := l.target(ext.Target); list != nil {
				*list = append(*list, ext.Annotations...)
				ext.Applied = true
			}
		}
	}
	l.m.eachAnnotations(func(list *Annotations) { l.terms(*list) })
}

func (l *linker) terms(list Annotations) {
	for _, a := range list {
		a.Term = l.resolve(a.Term).String()
		l.terms(a.Annotations)
	}
}

// target returns the annotations of what an Annotations element is about, nil if
// that is not in the model, as happens in Graph's own description.
func (l *linker) target(text string) *Annotations {
	if open := strings.IndexByte(text, '('); open >= 0 {
		return l.operationTarget(text[:open], strings.TrimSuffix(text[open+1:], ")"))
	}
	head, member, _ := strings.Cut(text, "/")
	name := l.resolve(head)
	if l.m.Container != nil && l.m.Container.Name == name {
		return l.m.Container.target(member)
	}
	switch t := l.m.types[name].(type) {
	case *StructuredType:
		return t.target(member)
	case *EnumType:
		if member == "" {
			return &t.Annotations
		}
		for _, m := range t.Members {
			if m.Name == member {
				return &m.Annotations
			}
		}
	case *TypeDefinition:
		return &t.Annotations
	}
	for o := range l.m.Operations() {
		if o.Name == name && member == "" {
			return &o.Annotations
		}
	}
	return nil
}

func (t *StructuredType) target(member string) *Annotations {
	if member == "" {
		return &t.Annotations
	}
	for _, p := range t.Properties {
		if p.Name == member {
			return &p.Annotations
		}
	}
	for _, n := range t.Navigation {
		if n.Name == member {
			return &n.Annotations
		}
	}
	return nil
}

func (c *EntityContainer) target(member string) *Annotations {
	if member == "" {
		return &c.Annotations
	}
	for _, s := range c.EntitySets {
		if s.Name == member {
			return &s.Annotations
		}
	}
	for _, s := range c.Singletons {
		if s.Name == member {
			return &s.Annotations
		}
	}
	return nil
}

// operationTarget finds the overload whose parameter types are listed.
func (l *linker) operationTarget(name, types string) *Annotations {
	var want []string
	if types != "" {
		want = strings.Split(types, ",")
	}
	for i, t := range want {
		inner, collection := strings.CutPrefix(strings.TrimSpace(t), "Collection(")
		want[i] = l.resolve(strings.TrimSuffix(inner, ")")).String()
		if collection {
			want[i] = "Collection(" + want[i] + ")"
		}
	}
	for o := range l.m.Operations() {
		if o.Name != l.resolve(name) {
			continue
		}
		// CSDL lists the binding parameter of an action only; Graph lists all.
		if slices.Equal(o.signature(), want) || slices.Equal(o.types(), want) {
			return &o.Annotations
		}
	}
	return nil
}

// signature returns the parameter types that tell overloads apart: all of a
// function, the binding one of an action.
func (o *Operation) signature() []string {
	types := o.types()
	if !o.Function {
		return types[:min(1, len(types))]
	}
	return types
}

// types returns the types of all parameters.
func (o *Operation) types() []string {
	var types []string
	for _, p := range o.Parameters {
		types = append(types, p.Type.String())
	}
	return types
}

// String returns the type with aliases resolved.
func (t TypeRef) String() string {
	if t.Collection {
		return "Collection(" + t.Name.String() + ")"
	}
	return t.Name.String()
}
