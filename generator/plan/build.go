package plan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// planner carries what the steps of a plan share.
type planner struct {
	in       Input
	names    names.Overrides
	findings diag.List
	many     map[edm.Type]bool // see oneOrMany
}

// polymorphic reports whether values of t are held in an interface.
func (p *planner) polymorphic(t *edm.StructuredType) bool {
	return len(t.Derived) > 0 || p.many[t]
}

// Build plans a package. The overrides are those that the user gave; those for
// Microsoft Graph apply too. A clash of names is a finding, anywhere in the
// description, not only among the selected types: names must not come to depend on
// the selection.
func Build(in Input, overrides names.Overrides) (*Package, error) {
	p := &planner{in: in, names: names.Graph(), many: oneOrMany(in.Model)}
	for element, o := range overrides {
		p.names[element] = o
	}
	p.checkNames(overrides)
	if err := p.findings.Err(); err != nil {
		return nil, err
	}
	out := &Package{Name: in.Package, Doc: p.packageDoc()}
	files := newFiles(in.Types)
	for _, t := range in.Types {
		f := files.of(t)
		switch t := t.(type) {
		case *edm.EnumType:
			f.Enums = append(f.Enums, p.enum(t))
		case *edm.StructuredType:
			f.Structs = append(f.Structs, p.structure(t))
			if t.Base == nil {
				p.list(&out.All, t)
			}
		}
	}
	out.Files = files.list
	if !in.Models {
		p.requests(out)
		p.callbackSide(out)
		if err := p.findings.Err(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (p *planner) packageDoc() []string {
	return []string{
		"Package " + p.in.Package + " holds Go types for " + sentence(p.in.Described) + ".",
		"Structs embed the struct of their base type. Where a property can hold more than one type it is an interface, " +
			"AnyX for the base type X: a type switch tells what it holds. Decoding loses nothing: what a struct has no " +
			"field for is in its AdditionalData, and is encoded again.",
		"Use [Unmarshal] and [Marshal], which are several times faster than the functions of the same names in " +
			"encoding/json, which work too. A struct that embeds one of these also gets its JSON methods, which do not " +
			"know the outer struct's fields: make it a named field instead.",
	}
}

func (p *planner) enum(t *edm.EnumType) *Enum {
	name := p.names.Type(t.Name)
	e := &Enum{Name: name, Flags: t.Flags, Source: Source{t.Name.String(), t.Pos}}
	e.Doc.Deprecated = deprecation(t.Annotations)
	e.Doc.add(about(name, sentence(t.Annotations.Description())))
	kind := "enum type "
	if t.Flags {
		kind = "flags enum type "
	}
	e.Doc.add("OData: " + kind + t.Name.String() + ".")
	var members []string
	for _, m := range t.Members {
		c := Constant{Name: name + p.names.Part(t.Name, m.Name), Value: m.Name}
		c.Doc.add(sentence(m.Annotations.Description()))
		c.Doc.Deprecated = deprecation(m.Annotations)
		e.Members = append(e.Members, c)
		members = append(members, m.Name)
	}
	e.Known = strings.Join(members, ",")
	return e
}

func (p *planner) structure(t *edm.StructuredType) *Struct {
	name := p.names.Type(t.Name)
	s := &Struct{
		Name: name, ODataType: t.Name.String(), Doc: p.structDoc(t, name),
		Source: Source{t.Name.String(), t.Pos},
	}
	if t.Base != nil {
		s.Embeds = p.names.Type(t.Base.Name)
	}
	if p.polymorphic(t) {
		s.Union = p.union(t, name)
	}
	keys := make(map[string]bool)
	for _, k := range t.Key {
		keys[k.Name] = true
	}
	for _, property := range t.Properties {
		p.property(s, t, property, keys[property.Name])
	}
	for _, n := range t.Navigation {
		if p.in.Cut.Follows(n) {
			p.field(s, t, n.Name, n.Type, n.Annotations, false)
		}
	}
	return s
}

func (p *planner) property(s *Struct, t *edm.StructuredType, property *edm.Property, key bool) {
	if property.Type.Name == (edm.QName{Namespace: "Edm", Name: "Stream"}) {
		return // not a member of the JSON object: it has a URL of its own
	}
	if !p.in.Cut.Keeps(property) {
		return // its JSON is additional data
	}
	p.field(s, t, property.Name, property.Type, property.Annotations, key)
}

func (p *planner) field(s *Struct, t *edm.StructuredType, name string, ref edm.TypeRef, annotations edm.Annotations, key bool) {
	goName := p.names.Part(t.Name, name)
	f := &Field{Name: goName, JSON: name, Doc: p.fieldDoc(annotations, ref)}
	f.Type, f.Holds = p.goType(ref, key, annotations.Bool(oneOrManyTerm))
	s.Fields = append(s.Fields, f)
	s.Properties = append(s.Properties, Constant{Name: propertyConstant(s.Name, goName), Value: name})
}

// oneOrManyTerm marks a collection that the service also sends as a single value.
const oneOrManyTerm = "Callgen.OneOrMany"

// oneOrMany returns the types of which some property holds one or many values,
// which takes an interface even for a type without derived types.
func oneOrMany(m *edm.Model) map[edm.Type]bool {
	held := make(map[edm.Type]bool)
	for _, schema := range m.Schemas {
		for _, t := range schema.Types {
			s, ok := t.(*edm.StructuredType)
			if !ok {
				continue
			}
			for _, property := range s.Properties {
				if property.Annotations.Bool(oneOrManyTerm) {
					held[property.Type.Type] = true
				}
			}
		}
	}
	return held
}

func propertyConstant(structName, fieldName string) string {
	return structName + "Property" + fieldName
}

func (p *planner) union(t *edm.StructuredType, name string) *Union {
	u := &Union{
		Name: unionName(name), Base: name, As: asName(name),
		List: listName(name), Unmarshal: unmarshalName(name), Types: TypeList{Structs: []string{name}},
	}
	u.Doc.add(u.Name + " is implemented by *[" + name + "] and by pointers to every type derived from it.")
	u.Doc.extend(p.oneOf(t))
	derived := slices.Clone(t.Derived)
	slices.SortFunc(derived, func(a, b *edm.StructuredType) int { return cmp.Compare(a.Name.String(), b.Name.String()) })
	for _, d := range derived {
		p.list(&u.Types, d)
	}
	return u
}

// list adds a type and those derived from it, so far as they are selected. Each type
// has its place in one list: that of the polymorphic type it is, or derives from.
func (p *planner) list(to *TypeList, t *edm.StructuredType) {
	name := p.names.Type(t.Name)
	switch {
	case !p.in.Has(t):
	case p.polymorphic(t):
		to.Lists = append(to.Lists, listName(name))
	default:
		to.Structs = append(to.Structs, name)
	}
}
