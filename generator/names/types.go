package names

import (
	"github.com/callgen/callgen/spec/edm"
)

// Type returns the Go name of an entity, complex or enum type.
func (t *Table) Type(of edm.Type) string { return t.get(typeName, of) }

// Union returns the name of the interface implemented by a type and all types derived from
// it.
func (t *Table) Union(of *edm.StructuredType) string { return t.get(unionName, of) }

// Unmarshal returns the name of the function that decodes values of a union.
func (t *Table) Unmarshal(of *edm.StructuredType) string { return t.get(unmarshalName, of) }

// List returns the name of the variable that lists the types of a union.
func (t *Table) List(of *edm.StructuredType) string { return t.get(listName, of) }

// As returns the name of the method that returns the base struct of a union's values.
func (t *Table) As(of *edm.StructuredType) string { return t.get(asName, of) }

// Builder returns the name of the request builder for an entity or a collection.
func (t *Table) Builder(of *edm.StructuredType, collection bool) string {
	if collection {
		return t.get(collectionBuilder, of)
	}
	return t.get(itemBuilder, of)
}

// Polymorphic reports whether an interface holds the values of a type.
func (t *Table) Polymorphic(of *edm.StructuredType) bool { return len(of.Derived) > 0 || t.many[of] }

// oneOrMany returns the types for which some property holds one or many values, and so
// needs an interface even without derived types.
func oneOrMany(m *edm.Model) map[edm.Type]bool {
	many := make(map[edm.Type]bool)
	for s := range structured(m) {
		for _, property := range s.Properties {
			if property.Annotations.Bool(edm.TermOneOrMany) {
				many[property.Type.Type] = true
			}
		}
	}
	return many
}

// Ranks of the claims in the scope of the package: types come before the names that are
// derived from them.
const (
	rankItem = iota
	rankCollection
	rankComplex
	rankUnion
	rankUnmarshal
	rankList
	rankMember
	rankParameters
	rankPart
)

// typeNames names the types.
func (t *Table) typeNames() {
	var claims []*claim
	for _, schema := range t.model.Schemas {
		for _, declared := range schema.Types {
			kind := "Enum"
			switch s := declared.(type) {
			case *edm.TypeDefinition:
				continue
			case *edm.StructuredType:
				if kind = "Complex"; s.Kind == edm.Entity {
					kind = "Entity"
				}
			}
			claims = append(claims, t.typeClaim(declared, kind))
		}
	}
	t.pkg.resolve(claims, t.overrides)
	for s := range structured(t.model) {
		if len(s.Derived) > 0 {
			t.byName[t.names[key{typeName, s, ""}].name] = s
		}
	}
}

func (t *Table) typeClaim(declared edm.Type, kind string) *claim {
	name := declared.TypeName()
	c := &claim{
		owner: Owner{Element: name.String(), Pos: declared.Position()}, override: name.String(), own: true,
		name: t.qualified(name, Pascal), spelling: name.Name, give: t.put(typeName, declared),
	}
	c.others = func() []string {
		others := []string{t.qualified(name, apart)}
		if name.Namespace != t.main && name.Namespace != edm.Unqualified && name.Namespace != "" {
			others = append(others, long(name))
		}
		return append(others, c.name+kind)
	}
	return c
}

// derivedNames names what is derived from structured types, whether or not the package
// includes it.
func (t *Table) derivedNames() {
	var claims []*claim
	for s := range structured(t.model) {
		name := t.names[key{typeName, s, ""}].name
		add := func(role role, rank int, part, wanted string, others ...string) {
			claims = append(claims, &claim{
				owner: owner(s), override: s.Name.String() + "/" + part, own: true, name: wanted, rank: rank, spelling: s.Name.Name,
				others: func() []string { return others }, give: t.put(role, s),
			})
		}
		part := func(role role, wanted, other string) {
			add(role, rankPart, "", wanted, other)
			claims[len(claims)-1].own = false
		}
		switch {
		case t.leads[s]:
			add(itemBuilder, rankComplex, "$item", name+itemSuffix, name+"_"+itemSuffix)
			if len(s.Derived) > 0 {
				part(itemPart, name+"Requests", name+"_Requests")
			}
		case s.Kind == edm.Entity:
			add(itemBuilder, rankItem, "$item", name+itemSuffix, name+"_"+itemSuffix)
			add(collectionBuilder, rankCollection, "$collection", name+collectionSuffix, name+"_"+collectionSuffix)
			if len(s.Derived) > 0 {
				part(itemPart, name+"Requests", name+"_Requests")
				part(collectionPart, name+"CollectionRequests", name+"_CollectionRequests")
			}
		}
		if t.Polymorphic(s) {
			add(unionName, rankUnion, "$any", "Any"+name, "Any_"+name)
			add(unmarshalName, rankUnmarshal, "$unmarshal", "UnmarshalAny"+name, "UnmarshalAny_"+name)
			add(listName, rankList, "$list", "typesOf"+name, "typesOf_"+name)
		}
	}
	t.pkg.resolve(claims, t.overrides)
}

const (
	itemSuffix       = "RequestBuilder"
	collectionSuffix = "CollectionRequestBuilder"
	parametersSuffix = "Parameters"
)

func owner(s *edm.StructuredType) Owner { return Owner{Element: s.Name.String(), Pos: s.Pos} }
