package csdl

import (
	"strings"

	"github.com/callgen/callgen/spec/edm"
)

// qualified reads the Name of a schema child.
func (r *reader) qualified(n *node, s *edm.Schema) edm.QName {
	return edm.QName{Namespace: s.Namespace, Name: r.identifier(n, s.Namespace)}
}

func (r *reader) structured(n *node, s *edm.Schema, kind edm.Kind) *edm.StructuredType {
	t := &edm.StructuredType{Kind: kind, Name: r.qualified(n, s), Pos: n.pos}
	element := t.Name.String()
	t.BaseName = n.str("BaseType")
	t.Abstract = r.flag(n, element, "Abstract")
	t.Open = r.flag(n, element, "OpenType")
	if kind == edm.Entity {
		t.HasStream = r.flag(n, element, "HasStream")
	}
	r.done(n, element)
	for _, c := range n.children {
		switch {
		case c.name == "Property":
			t.Properties = append(t.Properties, r.property(c, t))
		case c.name == "NavigationProperty":
			t.Navigation = append(t.Navigation, r.navigation(c, t))
		case c.name == "Key" && kind == edm.Entity:
			r.key(c, t)
		case r.annotation(c, element, &t.Annotations):
		default:
			r.unknown(c, element)
		}
	}
	return t
}

func (r *reader) key(n *node, t *edm.StructuredType) {
	element := t.Name.String()
	if len(t.Key) > 0 {
		r.findings.Add(n.pos, element, "the type has a second Key")
	}
	r.done(n, element)
	for _, c := range n.children {
		if c.name != "PropertyRef" {
			r.unknown(c, element)
			continue
		}
		t.Key = append(t.Key, &edm.PropertyRef{Name: r.need(c, element, "Name"), Alias: c.str("Alias"), Pos: c.pos})
		r.annotated(c, element)
	}
}

func (r *reader) property(n *node, t *edm.StructuredType) *edm.Property {
	p := &edm.Property{Name: r.identifier(n, t.Name.String()), Owner: t, Pos: n.pos}
	element := t.Name.String() + "/" + p.Name
	p.Type = r.typeRef(n, element, "Type")
	p.Default = n.optional("DefaultValue")
	p.Annotations = r.annotated(n, element)
	return p
}

// typeRef reads the attribute that names a type, and the facets beside it.
func (r *reader) typeRef(n *node, element, attr string) edm.TypeRef {
	t := edm.TypeRef{Text: r.need(n, element, attr)}
	t.Nullable = r.boolean(n, element, "Nullable")
	t.MaxLength = n.str("MaxLength")
	t.Precision = n.str("Precision")
	t.Scale = n.str("Scale")
	t.SRID = n.str("SRID")
	t.Unicode = r.boolean(n, element, "Unicode")
	return t
}

func (r *reader) navigation(n *node, t *edm.StructuredType) *edm.NavigationProperty {
	p := &edm.NavigationProperty{Name: r.identifier(n, t.Name.String()), Owner: t, Pos: n.pos}
	element := t.Name.String() + "/" + p.Name
	p.Type = edm.TypeRef{Text: r.need(n, element, "Type"), Nullable: r.boolean(n, element, "Nullable")}
	p.Partner = n.str("Partner")
	p.ContainsTarget = r.flag(n, element, "ContainsTarget")
	r.done(n, element)
	for _, c := range n.children {
		switch {
		case c.name == "OnDelete":
			p.OnDelete = r.need(c, element, "Action")
			p.Annotations = append(p.Annotations, r.annotated(c, element)...)
		case c.name == "ReferentialConstraint":
			p.Constraints = append(p.Constraints, edm.ReferentialConstraint{
				Property: r.need(c, element, "Property"), ReferencedProperty: r.need(c, element, "ReferencedProperty"), Pos: c.pos,
			})
			p.Annotations = append(p.Annotations, r.annotated(c, element)...)
		case r.annotation(c, element, &p.Annotations):
		default:
			r.unknown(c, element)
		}
	}
	return p
}

func (r *reader) enum(n *node, s *edm.Schema) *edm.EnumType {
	t := &edm.EnumType{Name: r.qualified(n, s), Underlying: "Edm.Int32", Pos: n.pos}
	element := t.Name.String()
	if u := n.str("UnderlyingType"); u != "" {
		t.Underlying = u
		if !strings.Contains(" Edm.Byte Edm.SByte Edm.Int16 Edm.Int32 Edm.Int64 ", " "+u+" ") {
			r.findings.Add(n.pos, element, "UnderlyingType must be an integer type of the Edm namespace, not %q", u)
		}
	}
	t.Flags = r.flag(n, element, "IsFlags")
	r.done(n, element)
	for _, c := range n.children {
		switch {
		case c.name == "Member":
			m := &edm.Member{Name: r.identifier(c, element), Pos: c.pos}
			m.Value = r.integer(c, element+"/"+m.Name, "Value")
			m.Annotations = r.annotated(c, element+"/"+m.Name)
			t.Members = append(t.Members, m)
		case r.annotation(c, element, &t.Annotations):
		default:
			r.unknown(c, element)
		}
	}
	return t
}

func (r *reader) definition(n *node, s *edm.Schema) *edm.TypeDefinition {
	t := &edm.TypeDefinition{Name: r.qualified(n, s), Pos: n.pos}
	t.Underlying = r.typeRef(n, t.Name.String(), "UnderlyingType")
	t.Annotations = r.annotated(n, t.Name.String())
	return t
}

func (r *reader) term(n *node, s *edm.Schema) *edm.Term {
	t := &edm.Term{Name: r.qualified(n, s), Pos: n.pos}
	element := t.Name.String()
	t.Type = r.typeRef(n, element, "Type")
	t.BaseTerm = n.str("BaseTerm")
	t.Default = n.optional("DefaultValue")
	t.AppliesTo = n.str("AppliesTo")
	t.Annotations = r.annotated(n, element)
	return t
}
