package names

import (
	"strings"

	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// Field returns the name of the field for a property or navigation property.
func (t *Table) Field(property any) string { return t.get(fieldName, property) }

// PropertyName returns the constant for the name of a property or navigation property, in
// package fields.
func (t *Table) PropertyName(property any) string { return t.get(propertyName, property) }

// Member returns the constant for a member of an enum type.
func (t *Table) Member(m *edm.Member) string { return t.get(memberName, m) }

// property is a property or navigation property.
type property struct {
	of          any // the property itself
	name        string
	pos         diag.Pos
	annotations edm.Annotations
}

// ownProperties returns the properties that a type declares.
func ownProperties(s *edm.StructuredType) []property {
	list := make([]property, 0, len(s.Properties)+len(s.Navigation))
	for _, p := range s.Properties {
		list = append(list, property{p, p.Name, p.Pos, p.Annotations})
	}
	for _, n := range s.Navigation {
		list = append(list, property{n, n.Name, n.Pos, n.Annotations})
	}
	return list
}

// structMembers names the fields of structs, and the constants for their names.
func (t *Table) structMembers() {
	var constants []*claim
	scope := NewScope("package " + FieldsPackage)
	for s := range structured(t.model) {
		t.membersOf(s)
		name := t.names[key{typeName, s, ""}].name
		for _, p := range ownProperties(s) {
			field := t.names[key{fieldName, p.of, ""}].name
			constants = append(constants, &claim{
				owner: Owner{Element: Element(s.Name, p.name), Pos: p.pos}, override: Element(s.Name, p.name), name: name + field,
				spelling: p.name, others: func() []string { return []string{name + "_" + field, name + "Property" + field} },
				give: inFields(t.put(propertyName, p.of)),
			})
		}
	}
	scope.resolve(constants, t.overrides)
}

// inFields returns a function that gives a constant its name, and says of what package it is
// where that is not the wanted one.
func inFields(give func(string, *Clash)) func(string, *Clash) {
	return func(name string, clash *Clash) {
		if clash != nil {
			clash.Wanted, clash.Name = FieldsPackage+"."+clash.Wanted, FieldsPackage+"."+clash.Name
		}
		give(name, clash)
	}
}

// FieldsPackage is the name of the package that has the constants for the names of
// properties, and the folder of it below the package that has the types.
const FieldsPackage = "fields"

const everyStruct = "every struct"

// structMembers returns the field and the methods of every struct.
func structMembers() []string {
	return []string{"AdditionalData", "ODataType", "MarshalJSON", "UnmarshalJSON"}
}

// membersOf returns the scope of a struct's fields and methods, with those of the embedded
// struct.
func (t *Table) membersOf(s *edm.StructuredType) *Scope {
	if scope := t.members[s]; scope != nil {
		return scope
	}
	var scope *Scope
	if s.Base == nil {
		scope = NewScope(everyStruct, structMembers()...)
	} else {
		scope = NewScope("the struct of its base type", t.names[key{typeName, s.Base, ""}].name)
		scope.parent = t.membersOf(s.Base)
	}
	scope.blocked = func(name string) string { return t.embedded(s, name) }
	t.members[s] = scope
	name := t.names[key{typeName, s, ""}].name
	if t.Polymorphic(s) {
		scope.resolve([]*claim{{owner: owner(s), name: "As" + name, give: t.put(asName, s),
			others: func() []string { return []string{"As_" + name} }}}, t.overrides)
	}
	var claims []*claim
	for _, p := range ownProperties(s) {
		claims = append(claims, t.fieldClaim(Element(s.Name, p.name), p.name, p.pos, t.put(fieldName, p.of)))
	}
	scope.resolve(claims, t.overrides)
	return scope
}

// embedded returns what would hide a field of a type in derived types: the struct that they
// embed.
func (t *Table) embedded(s *edm.StructuredType, name string) string {
	for b := t.byName[name]; b != nil; b = b.Base {
		if b == s {
			return "the struct " + name + ", which derived types embed"
		}
	}
	return ""
}

// fieldClaim returns the claim of a field.
func (t *Table) fieldClaim(element, name string, pos diag.Pos, give func(string, *Clash)) *claim {
	return &claim{
		owner: Owner{Element: element, Pos: pos}, override: element, own: true, name: Pascal(name), spelling: name, give: give,
		others: func() []string { return []string{apart(name), Pascal(name) + "Property"} },
	}
}

// enumMembers names the constants of enum types.
func (t *Table) enumMembers() {
	var claims []*claim
	for _, schema := range t.model.Schemas {
		for _, declared := range schema.Types {
			e, ok := declared.(*edm.EnumType)
			if !ok {
				continue
			}
			name := t.names[key{typeName, e, ""}].name
			for _, m := range e.Members {
				element := Element(e.Name, m.Name)
				claims = append(claims, &claim{
					owner: Owner{Element: element, Pos: m.Pos}, override: element, own: true, before: name, name: name + Pascal(m.Name), rank: rankMember,
					spelling: m.Name, give: t.put(memberName, m),
					others: func() []string {
						return []string{name + apart(m.Name), name + "_" + Pascal(m.Name), name + Pascal(m.Name) + "Member"}
					},
				})
			}
		}
	}
	t.pkg.resolve(claims, t.overrides)
}

// HasTwins reports whether two members of an enum type differ only in letter case.
func HasTwins(e *edm.EnumType) bool {
	seen := make(map[string]bool, len(e.Members))
	for _, m := range e.Members {
		folded := strings.ToLower(strings.ToUpper(m.Name)) // as strings.EqualFold does
		if seen[folded] {
			return true
		}
		seen[folded] = true
	}
	return false
}

// The folders of the packages besides the client's where the types have a package of their own.
const (
	TypesFolder = "types"
	CodecFolder = "internal/codec"
)

// SplitFolders returns the folders of packages besides the client's.
func SplitFolders() []string { return []string{CodecFolder, TypesFolder} }
