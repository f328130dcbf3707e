package randcsdl

import (
	"fmt"
	"maps"
)

// structured is an entity or complex type.
type structured struct {
	named
	entity bool
	base   *structured
	keyed  bool            // it has a key, declared or inherited
	taken  map[string]bool // names of properties that it and its bases declare
}

func (g *maker) declareTypes() {
	for range g.between(2, 6) {
		g.declareStructured(true)
	}
	for range g.between(1, 6) {
		g.declareStructured(false)
	}
	for range g.between(0, 4) {
		g.enums = append(g.enums, g.enum())
	}
	for range g.between(0, 2) {
		t := g.declare("TypeDefinition")
		t.element.set("UnderlyingType", "Edm."+pick(g.Rand, keyPrimitives()))
		g.definition = append(g.definition, t)
	}
	if !g.plain {
		g.renameToNamespace()
	}
}

// renameToNamespace sometimes names a type like the last segment of its namespace.
func (g *maker) renameToNamespace() {
	for _, t := range g.structured {
		last := lastSegment(t.of.namespace)
		if g.chance(10) && legal(last) && !t.of.taken[last] {
			t.of.taken[last] = true
			t.name = last
			t.element.set("Name", last)
		}
	}
	for _, t := range g.structured {
		if t.base != nil {
			t.element.set("BaseType", g.refer(&t.base.named))
		}
	}
}

func (g *maker) declareStructured(entity bool) {
	tag := "ComplexType"
	if entity {
		tag = "EntityType"
	}
	t := &structured{named: *g.declare(tag), entity: entity, taken: make(map[string]bool)}
	if base := g.someStructured(entity); base != nil && g.chance(45) {
		t.base = base
		t.element.set("BaseType", g.refer(&base.named))
	}
	if g.chance(15) {
		t.element.set("Abstract", "true")
	}
	if g.chance(15) {
		t.element.set("OpenType", "true")
	}
	if entity && t.base == nil && g.chance(15) {
		t.element.set("HasStream", "true")
	}
	g.describe(t.element)
	g.structured = append(g.structured, t)
}

// someStructured returns a type declared before, or nil.
func (g *maker) someStructured(entity bool) *structured {
	var list []*structured
	for _, t := range g.structured {
		if t.entity == entity {
			list = append(list, t)
		}
	}
	if len(list) == 0 {
		return nil
	}
	return pick(g.Rand, list)
}

// enum declares an enum type, whose members may differ only in case.
func (g *maker) enum() *named {
	t := g.declare("EnumType")
	g.describe(t.element)
	flags := g.chance(25)
	if flags {
		t.element.set("IsFlags", "true")
	}
	if g.chance(30) {
		t.element.set("UnderlyingType", pick(g.Rand, []string{"Edm.Byte", "Edm.SByte", "Edm.Int16", "Edm.Int32", "Edm.Int64"}))
	}
	taken := make(map[string]bool)
	for i := range g.between(1, 6) {
		m := t.element.child("Member", "Name", g.names.name(taken))
		if flags || g.chance(50) {
			m.set("Value", fmt.Sprint(1<<i))
		}
		g.describe(m)
	}
	return t
}

// members declares the properties of a type. Its base type is complete already.
func (g *maker) members(t *structured) {
	if t.base != nil {
		t.taken, t.keyed = maps.Clone(t.base.taken), t.base.keyed
	}
	if t.entity && !t.keyed && (t.element.Get("Abstract") == "" || g.chance(50)) {
		g.key(t)
	}
	for range g.between(0, 5) {
		p := t.element.child("Property", "Name", g.names.name(t.taken))
		p.set("Type", g.propertyType(t.entity))
		if g.chance(20) {
			p.set("Nullable", "false")
		}
		g.describe(p)
	}
	for range g.between(0, 2) {
		if t.entity || g.chance(25) {
			g.navigation(t)
		}
	}
	if t.entity && g.chance(20) {
		g.alternateKeys(t)
	}
}

// key declares the key of a type, and its properties.
func (g *maker) key(t *structured) {
	t.keyed = true
	key := t.element.child("Key")
	parts := 1
	if g.chance(25) {
		parts = g.between(2, 3)
	}
	for range parts {
		name := g.names.name(t.taken)
		key.child("PropertyRef", "Name", name)
		t.element.child("Property", "Name", name, "Type", g.keyType(), "Nullable", "false")
	}
}

func (g *maker) keyType() string {
	switch of := g.IntN(100); {
	case of < 50:
		return "Edm.String"
	case of < 60 && len(g.enums) > 0:
		return g.refer(pick(g.Rand, g.enums))
	case of < 70 && len(g.definition) > 0:
		return g.refer(pick(g.Rand, g.definition))
	}
	return "Edm." + pick(g.Rand, keyPrimitives())
}

// keyPrimitives are the primitive types that a key may have.
func keyPrimitives() []string {
	return []string{
		"String", "Guid", "Int32", "Int64", "Int16", "Byte", "SByte", "Boolean", "Date", "DateTimeOffset", "Decimal", "Duration", "TimeOfDay",
	}
}

// propertyType returns a type for a property.
func (g *maker) propertyType(ofEntity bool) string {
	if ofEntity && g.chance(6) {
		return "Edm.Stream"
	}
	return g.collection(g.valueType())
}

// valueType returns a type for values: anything but entities and streams.
func (g *maker) valueType() string {
	switch of := g.IntN(100); {
	case of < 15 && len(g.enums) > 0:
		return g.refer(pick(g.Rand, g.enums))
	case of < 25 && len(g.definition) > 0:
		return g.refer(pick(g.Rand, g.definition))
	case of < 50:
		if t := g.someStructured(false); t != nil {
			return g.refer(&t.named)
		}
	case of < 60:
		return "Edm." + pick(g.Rand, []string{"Single", "Double", "Binary", "Untyped", "GeographyPoint", "GeometryCollection", "PrimitiveType"})
	}
	return "Edm." + pick(g.Rand, keyPrimitives())
}

func (g *maker) collection(of string) string {
	if g.chance(25) && of != "Edm.PrimitiveType" {
		return "Collection(" + of + ")"
	}
	return of
}

// navigation declares a navigation property.
func (g *maker) navigation(t *structured) {
	target := g.someStructured(true)
	n := t.element.child("NavigationProperty", "Name", g.names.name(t.taken), "Type", g.collection(g.refer(&target.named)))
	if g.chance(50) {
		n.set("ContainsTarget", "true")
	}
	g.describe(n)
}

// alternateKeys annotates a type with keys of properties that it declares.
func (g *maker) alternateKeys(t *structured) {
	properties := t.element.tagged("Property")
	if len(properties) == 0 {
		return
	}
	aliases := make(map[string]bool)
	keys := elem("Collection")
	for range g.between(1, 2) {
		parts := elem("Collection")
		for range g.between(1, 2) {
			record := parts.child("Record")
			record.child("PropertyValue", "Property", "Name", "PropertyPath", pick(g.Rand, properties).Get("Name"))
			record.child("PropertyValue", "Property", "Alias", "String", g.names.name(aliases))
		}
		keys.child("Record").child("PropertyValue", "Property", "Key").add(parts)
	}
	t.element.child("Annotation", "Term", "Org.OData.Core.V1.AlternateKeys").add(keys)
}

// describe annotates an element with texts.
func (g *maker) describe(e *Element) {
	if g.plain {
		return
	}
	for _, term := range []string{"Description", "LongDescription"} {
		if g.chance(20) {
			e.child("Annotation", "Term", "Org.OData.Core.V1."+term, "String", pick(g.Rand, texts()))
		}
	}
	if g.chance(8) {
		record := elem("Record")
		record.child("PropertyValue", "Property", "Kind", "EnumMember", "Org.OData.Core.V1.RevisionKind/Deprecated")
		record.child("PropertyValue", "Property", "Description", "String", pick(g.Rand, texts()))
		e.child("Annotation", "Term", "Org.OData.Core.V1.Revisions").child("Collection").add(record)
	}
}
