package names

import (
	"strings"

	"github.com/callgen/callgen/spec/edm"
)

// Along returns the builder method for a navigation property, a complex property or a
// stream.
func (t *Table) Along(property any) string { return t.get(alongName, property) }

// SetStream returns the method that replaces the content of a stream property.
func (t *Table) SetStream(p *edm.Property) string { return t.get(setName, p) }

// DeleteStream returns the method that deletes the content of a stream property.
func (t *Table) DeleteStream(p *edm.Property) string { return t.get(deleteName, p) }

// ByKey returns the method of a collection's builder for the key of its entities.
func (t *Table) ByKey(s *edm.StructuredType) string {
	for ; s != nil; s = s.Base {
		if name := t.get(keyName, s); name != "" {
			return name
		}
	}
	return ""
}

// ByAlternateKey returns the method of a collection's builder for an alternate key.
func (t *Table) ByAlternateKey(s *edm.StructuredType, k edm.AlternateKey) string {
	for ; s != nil; s = s.Base {
		if name := t.getMore(alternateName, s, aliases(k)); name != "" {
			return name
		}
	}
	return ""
}

// Cast returns the method that casts to a derived type.
func (t *Table) Cast(d *edm.StructuredType, collection bool) string {
	if collection {
		return t.get(collectionCast, d)
	}
	return t.get(castName, d)
}

// Operation returns the method for a bound operation, and whether it stands for all
// overloads.
func (t *Table) Operation(op *edm.Operation) (name string, all bool) {
	if name = t.getMore(operationName, op, "all"); name != "" {
		return name, true
	}
	return t.get(operationName, op), false
}

// Resource returns the method that continues from the result of a composable function.
func (t *Table) Resource(op *edm.Operation) string { return t.get(resourceName, op) }

// ByPath is the method for the drive item of Microsoft Graph at a path.
const ByPath = "ByPath"

// requestNames are the methods of requests; a builder's other methods have other names,
// whatever requests it has.
func requestNames(onGraph bool) []string {
	list := []string{
		"Get", "Update", "Delete", "List", "All", "Create", "Count", "Value", "SetValue", "Refs", "GetRef", "AddRef", "SetRef", "RemoveRef",
	}
	if onGraph {
		list = append(list, ByPath)
	} else { // Graph has actions of such names, and says where PUT is for
		list = append(list, "Replace", "CreateMedia")
	}
	return list
}

// builderMembers names the methods of builders.
func (t *Table) builderMembers() {
	for s := range structured(t.model) {
		t.itemOf(s)
		if s.Kind == edm.Entity {
			t.collectionOf(s)
		}
	}
}

// builderScope creates the scope of a builder's methods, with those of the embedded
// builder.
func (t *Table) builderScope(s *edm.StructuredType, role role, base *Scope) *Scope {
	// Builders of derived types embed it: in them it would hide a method with its name.
	scope := NewScope("the builder itself", t.names[key{role, s, ""}].name)
	if part := t.names[key{partOf(role), s, ""}].name; part != "" {
		scope.take(part, &Owner{Element: "the builder itself"})
	}
	scope.parent = t.requests
	if s.Base != nil {
		scope.parent = base
	}
	return scope
}

// itemOf returns the scope of the builder of one entity, or of a complex property.
func (t *Table) itemOf(s *edm.StructuredType) *Scope {
	if scope := t.items[s]; scope != nil {
		return scope
	}
	var base *Scope
	if s.Base != nil {
		base = t.itemOf(s.Base)
	}
	scope := t.builderScope(s, itemBuilder, base)
	t.items[s] = scope
	var claims []*claim
	for _, p := range s.Properties {
		if IsStream(p) {
			claims = append(claims, t.streamClaims(s, p)...)
		} else if isSingle(p, t.leads) {
			claims = append(claims, t.alongClaim(s, property{of: p, name: p.Name, pos: p.Pos}))
		}
	}
	for _, n := range s.Navigation {
		claims = append(claims, t.alongClaim(s, property{of: n, name: n.Name, pos: n.Pos}))
	}
	claims = append(claims, t.castClaims(s, castName)...)
	scope.resolve(claims, t.overrides)
	t.operations(s, scope, false)
	return scope
}

// alongClaim claims the name of the property's field for a method.
func (t *Table) alongClaim(s *edm.StructuredType, p property) *claim {
	name := t.names[key{fieldName, p.of, ""}].name
	return &claim{
		owner: Owner{Element: Element(s.Name, p.name), Pos: p.pos}, override: Element(s.Name, p.name), name: name, spelling: p.name,
		give: t.put(alongName, p.of), others: func() []string { return []string{apart(p.name), name + "Resource"} },
	}
}

// streamClaims returns the claims of a stream property. Reading has priority.
func (t *Table) streamClaims(s *edm.StructuredType, p *edm.Property) []*claim {
	open := t.alongClaim(s, property{of: p, name: p.Name, pos: p.Pos})
	more := func(verb string, role role) *claim {
		c := *open
		c.rank, c.name, c.give = 1, verb+open.name, t.put(role, p)
		c.others = func() []string { return []string{verb + "_" + open.name, c.name + "Stream"} }
		return &c
	}
	return []*claim{open, more("Set", setName), more("Delete", deleteName)}
}

// castClaims returns the claims of casts at the first type that is cast. Its derived types
// use the same names.
func (t *Table) castClaims(s *edm.StructuredType, role role) []*claim {
	if s.Base != nil && hasCasts(s.Base) {
		return nil
	}
	var claims []*claim
	for _, d := range Casts(s) {
		name := t.names[key{typeName, d, ""}].name
		claims = append(claims, &claim{
			owner: owner(d), override: d.Name.String() + "/$cast", own: true, name: "As" + name, rank: 2, spelling: d.Name.Name,
			give: t.put(role, d), others: func() []string { return []string{"As_" + name} },
		})
	}
	return claims
}

// collectionOf returns the scope of the builder of a collection.
func (t *Table) collectionOf(s *edm.StructuredType) *Scope {
	if scope := t.lists[s]; scope != nil {
		return scope
	}
	var base *Scope
	if s.Base != nil {
		base = t.collectionOf(s.Base)
	}
	scope := t.builderScope(s, collectionBuilder, base)
	t.lists[s] = scope
	claims := t.keyClaims(s)
	for _, k := range s.OwnAlternateKeys() {
		claims = append(claims, t.alternateClaim(s, k))
	}
	claims = append(claims, t.castClaims(s, collectionCast)...)
	scope.resolve(claims, t.overrides)
	t.operations(s, scope, true)
	return scope
}

// keyClaims returns the claim of the key that a type declares.
func (t *Table) keyClaims(s *edm.StructuredType) []*claim {
	if len(s.Key) == 0 {
		return nil
	}
	name := "ByKey"
	if list := s.KeyProperties(); len(list) == 1 {
		name = "By" + t.fieldName(list[0])
	}
	return []*claim{{
		owner: Owner{Element: Element(s.Name, s.Key[0].Name), Pos: s.Key[0].Pos}, override: s.Name.String() + "/$key", own: true, name: name,
		spelling: s.Key[0].Name, give: t.put(keyName, s), others: func() []string { return []string{name + "Key", name + "_Key"} },
	}}
}

// MostKeys is how many parts of a key are parameters of a method; more are a struct.
const MostKeys = 3

// KeyStruct returns the name of the struct for the key of a type, "" if it has few parts.
func (t *Table) KeyStruct(s *edm.StructuredType) string {
	for ; s != nil; s = s.Base {
		if len(s.Key) > 0 {
			return t.get(keyStruct, s)
		}
	}
	return ""
}

// KeyField returns the name of the field for a part of the key of a type.
func (t *Table) KeyField(ref *edm.PropertyRef) string { return t.get(keyField, ref) }

// keyStructs names the structs for keys of many parts, and their fields.
func (t *Table) keyStructs() {
	var claims []*claim
	for s := range structured(t.model) {
		if len(s.Key) <= MostKeys {
			continue
		}
		name := t.names[key{typeName, s, ""}].name
		claims = append(claims, &claim{
			owner: owner(s), override: s.Name.String() + "/$keys", own: true, name: name + "Key", rank: rankParameters, spelling: s.Name.Name,
			others: func() []string { return []string{name + "_Key"} }, give: t.put(keyStruct, s),
		})
		scope := NewScope("every struct")
		for _, ref := range s.Key {
			t.names[key{keyField, ref, ""}] = given{name: scope.Take(ref.Name, Pascal(ref.URLName()), apart(ref.URLName()))}
		}
	}
	t.pkg.resolve(claims, t.overrides)
}

// Part returns the name of the struct that builders of derived types embed instead of the
// builder of a type, which has casts.
func (t *Table) Part(of *edm.StructuredType, collection bool) string {
	if collection {
		return t.get(collectionPart, of)
	}
	return t.get(itemPart, of)
}

// partOf is the role of the part of a builder.
func partOf(r role) role {
	if r == collectionBuilder {
		return collectionPart
	}
	return itemPart
}

// fieldName is the name of a field whose struct may not have been looked at.
func (t *Table) fieldName(p *edm.Property) string {
	if name := t.names[key{fieldName, p, ""}].name; name != "" {
		return name
	}
	return Pascal(p.Name)
}

func (t *Table) alternateClaim(s *edm.StructuredType, k edm.AlternateKey) *claim {
	var parts, apartly []string
	for _, part := range k {
		parts, apartly = append(parts, Pascal(part.Alias)), append(apartly, apart(part.Alias))
	}
	name, list := "By"+strings.Join(parts, "And"), aliases(k)
	element := s.Name.String() + "(" + list + ")"
	return &claim{
		owner: Owner{Element: element, Pos: s.Pos}, override: element, own: true, name: name, rank: 1, spelling: list,
		give:   t.putMore(alternateName, s, list),
		others: func() []string { return []string{"By" + strings.Join(apartly, "And"), name + "Key"} },
	}
}

// aliases returns the names in an alternate key as text.
func aliases(k edm.AlternateKey) string {
	list := make([]string, len(k))
	for i, part := range k {
		list[i] = part.Alias
	}
	return strings.Join(list, ",")
}
