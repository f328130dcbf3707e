package plan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/spec/edm"
)

// models plans the files of enums and structs, and, by the same names, those of the constants
// for the names of properties.
func (p *planner) models() (types, constants []*goir.File) {
	files := newFiles(p.in.Types, p.names)
	properties := make(map[*goir.File]*goir.PropertyNames)
	for _, t := range p.in.Types {
		f := files.of(t)
		switch t := t.(type) {
		case *edm.EnumType:
			f.Decls = append(f.Decls, p.enum(t))
		case *edm.StructuredType:
			s, constants := p.structure(t)
			f.Decls = append(f.Decls, s)
			if len(constants.Constants) > 0 {
				if properties[f] == nil {
					properties[f] = new(goir.PropertyNames)
				}
				properties[f].Groups = append(properties[f].Groups, constants)
			}
		}
	}
	for _, f := range files.list {
		if names := properties[f]; names != nil {
			constants = append(constants, &goir.File{Name: f.Name, Decls: []goir.Decl{names}})
		}
	}
	return files.list, constants
}

// fields plans the package of the constants.
func (p *planner) fieldsPackage(files []*goir.File) *goir.Fields {
	return &goir.Fields{Name: names.FieldsPackage, Files: files, Doc: []string{
		"Package " + names.FieldsPackage + " holds the names of the properties of package " + p.in.Package + ", for queries, conditions and additional data. " +
			"A constant is called by the struct and its field.",
	}}
}

// edmType returns the EDM type that a constant tells of its property, "" if the Go type of the
// values does. Microsoft Graph's GUIDs are strings in Go.
func (p *planner) edmType(ref edm.TypeRef) string {
	name := ref.Name
	if t, ok := ref.Type.(*edm.TypeDefinition); ok {
		name = t.Underlying.Name
	}
	if p.dialect.graph && name == (edm.QName{Namespace: "Edm", Name: "Guid"}) {
		return name.String()
	}
	return ""
}

// anyType plans the file with New and UnmarshalAny.
func (p *planner) anyType() *goir.File {
	all := &goir.AnyType{List: listOfAll, All: goir.TypeList{Aliases: p.aliases, Folded: p.in.Model.Folded}}
	for _, t := range p.in.Types {
		if s, ok := t.(*edm.StructuredType); ok && s.Base == nil {
			p.list(&all.All, s)
		}
	}
	return &goir.File{Name: "any", Decls: []goir.Decl{all}}
}

func (p *planner) declared(name string, t edm.Type) goir.Declared {
	return goir.Declared{Name: name, Element: t.TypeName().String(), Type: t.TypeName().String(), Pos: t.Position()}
}

func (p *planner) enum(t *edm.EnumType) *goir.Enum {
	name := p.names.Type(t)
	e := &goir.Enum{Declared: p.declared(name, t), Flags: t.Flags, Twins: names.HasTwins(t)}
	e.Doc.Deprecated = deprecation(t.Annotations)
	e.Doc.Add(about(name, sentence(t.Annotations.Description())))
	e.Doc.Add(sentence(t.Annotations.LongDescription()))
	kind := "enum type "
	if t.Flags {
		kind = "flags enum type "
	}
	e.Doc.Add("OData: " + kind + t.Name.String() + ".")
	e.Doc.Extend(since(t.Annotations))
	var members []string
	for _, m := range t.Members {
		c := goir.Constant{Name: p.names.Member(m), Value: m.Name, Element: names.Element(t.Name, m.Name)}
		c.Doc.Add(sentence(m.Annotations.Description()))
		c.Doc.Add(sentence(m.Annotations.LongDescription()))
		c.Doc.Extend(since(m.Annotations))
		c.Doc.Deprecated = deprecation(m.Annotations)
		e.Members = append(e.Members, c)
		members = append(members, m.Name)
	}
	if !p.dialect.graph {
		e.OData = t.Name.String()
	}
	e.Known, e.Between = listed(members)
	return e
}

// listed joins the members of an enum, with commas if no member contains one.
func listed(members []string) (list, between string) {
	if len(members) == 1 && members[0] == "" {
		members = append(members, "") // otherwise the list "" would mean no members
	}
	for _, between = range []string{",", ";", "|"} {
		if !slices.ContainsFunc(members, func(m string) bool { return strings.Contains(m, between) }) {
			return strings.Join(members, between), between
		}
	}
	return strings.Join(members, "\x00"), "\x00" // no member contains it
}

func (p *planner) structure(t *edm.StructuredType) (*goir.Struct, goir.PropertyGroup) {
	name := p.names.Type(t)
	s := &goir.Struct{Declared: p.declared(name, t), ODataType: t.Name.String()}
	s.Doc = p.structDoc(t, name)
	if t.Base != nil {
		s.Embeds = p.names.Type(t.Base)
	}
	if p.names.Polymorphic(t) {
		s.Union = p.union(t, name)
	}
	constants := goir.PropertyGroup{Struct: name, Type: t.Name.String()}
	keys := make(map[string]bool)
	for _, k := range t.Key {
		keys[k.Name] = true
	}
	add := func(property any, own string, ref edm.TypeRef, f *goir.Field) {
		f.Name, f.JSON, f.Element = p.names.Field(property), own, names.Element(t.Name, own)
		s.Fields = append(s.Fields, f)
		constants.Constants = append(constants.Constants, goir.PropertyName{
			Name: p.names.PropertyName(property), Value: own, EDM: p.edmType(ref), Was: name + "Property" + f.Name, Element: f.Element,
		})
	}
	for _, property := range t.Properties {
		if p.in.Cut.Keeps(property) && !isStream(property) {
			add(property, property.Name, property.Type, p.field(property.Annotations, property.Type, keys[property.Name]))
		}
	}
	for _, n := range t.Navigation {
		if p.in.Cut.Follows(n) {
			add(n, n.Name, n.Type, p.field(n.Annotations, n.Type, false))
		}
	}
	return s, constants
}

// field plans a field without its name.
func (p *planner) field(annotations edm.Annotations, ref edm.TypeRef, key bool) *goir.Field {
	f := &goir.Field{Doc: p.fieldDoc(annotations, ref)}
	f.Type, f.Holds = p.goType(ref, key, annotations.Bool(edm.TermOneOrMany))
	return f
}

func (p *planner) union(t *edm.StructuredType, name string) *goir.Union {
	u := &goir.Union{
		Name: p.names.Union(t), Base: name, As: p.names.As(t), List: p.names.List(t), Unmarshal: p.names.Unmarshal(t),
		Types: goir.TypeList{Structs: []string{name}, Aliases: p.aliases, Folded: p.in.Model.Folded},
	}
	if t.Abstract {
		u.Types.Abstract = []string{name}
	}
	u.Doc.Add(u.Name + " is implemented by *[" + name + "] and by pointers to every type derived from it.")
	u.Doc.Extend(p.oneOf(t))
	derived := slices.Clone(t.Derived)
	slices.SortFunc(derived, func(a, b *edm.StructuredType) int { return cmp.Compare(a.Name.String(), b.Name.String()) })
	for _, d := range derived {
		p.list(&u.Types, d)
	}
	return u
}

// list adds a type and the selected types derived from it. Each type belongs to one list:
// the list of the polymorphic type that it is or derives from.
func (p *planner) list(to *goir.TypeList, t *edm.StructuredType) {
	switch {
	case !p.in.Has(t):
	case p.names.Polymorphic(t):
		to.Lists = append(to.Lists, goir.List{Name: p.names.List(t), Base: p.names.Type(t)})
	default:
		name := p.names.Type(t)
		if to.Structs = append(to.Structs, name); t.Abstract {
			to.Abstract = append(to.Abstract, name)
		}
	}
}

// isStream reports whether a property is not a member of the JSON object, but has a URL of
// its own.
func isStream(p *edm.Property) bool {
	return p.Type.Name == edm.QName{Namespace: "Edm", Name: "Stream"}
}
