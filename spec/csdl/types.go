package csdl

import "github.com/callgen/callgen/spec/edm"

// qualified reads the Name of an element of a schema.
func (e *element) qualified(s *edm.Schema) edm.QName {
	return edm.QName{Namespace: s.Namespace, Name: e.name()}
}

func (r *reader) structured(e *element, s *edm.Schema, kind edm.Kind) *edm.StructuredType {
	t := &edm.StructuredType{Kind: kind, Name: e.qualified(s), Pos: e.pos}
	t.BaseName = e.text("BaseType")
	t.Abstract = e.flag("Abstract")
	t.Open = e.flag("OpenType")
	if kind == edm.Entity {
		t.HasStream = e.flag("HasStream")
	}
	keys := 0
	e.annotated(&t.Annotations, func(c *element) bool {
		switch {
		case c.tag == "Property":
			t.Properties = append(t.Properties, r.property(c))
		case c.tag == "NavigationProperty":
			t.Navigation = append(t.Navigation, r.navigation(c))
		case c.tag == "Key" && kind == edm.Entity:
			if keys++; keys > 1 {
				c.finding("second <Key>: a type has one")
			}
			t.Key = append(t.Key, r.key(c)...)
		default:
			return false
		}
		return true
	})
	return t
}

func (r *reader) key(e *element) (key []*edm.PropertyRef) {
	e.children(func(c *element) bool {
		if c.tag != "PropertyRef" {
			return false
		}
		ref := &edm.PropertyRef{Name: c.needPath("Name"), Alias: c.alias(), Pos: c.pos}
		key = append(key, ref)
		return true
	})
	if len(key) == 0 {
		e.finding("<Key> is empty: it needs at least one <PropertyRef>")
	}
	return key
}

func (r *reader) property(e *element) *edm.Property {
	p := &edm.Property{Name: e.name(), Type: e.typeRef("Type"), Default: e.optional("DefaultValue"), Pos: e.pos}
	e.annotated(&p.Annotations, nil)
	return p
}

func (r *reader) navigation(e *element) *edm.NavigationProperty {
	n := &edm.NavigationProperty{Name: e.name(), Pos: e.pos}
	n.Type = edm.TypeRef{Text: e.need("Type"), Nullable: e.boolean("Nullable")}
	n.Partner = e.path("Partner")
	n.ContainsTarget = e.flag("ContainsTarget")
	e.annotated(&n.Annotations, func(c *element) bool {
		switch c.tag {
		case "OnDelete":
			if n.OnDelete != "" {
				c.finding("second <OnDelete>: a navigation property has one")
			}
			n.OnDelete = c.onDelete()
			c.annotated(&n.OnDeleteAnnotations, nil)
		case "ReferentialConstraint":
			constraint := edm.ReferentialConstraint{
				Property: c.needPath("Property"), ReferencedProperty: c.needPath("ReferencedProperty"), Pos: c.pos,
			}
			c.annotated(&constraint.Annotations, nil)
			n.Constraints = append(n.Constraints, constraint)
		default:
			return false
		}
		return true
	})
	return n
}

func (e *element) onDelete() string {
	action := e.need("Action")
	switch action {
	case "", "Cascade", "None", "SetNull", "SetDefault":
	default:
		e.finding("unknown Action %s of <OnDelete>: Cascade, None, SetNull and SetDefault are known", edm.Quote(action))
	}
	return action
}

func (r *reader) enum(e *element, s *edm.Schema) *edm.EnumType {
	t := &edm.EnumType{Name: e.qualified(s), Underlying: "Edm.Int32", Pos: e.pos}
	if underlying, ok := e.attr("UnderlyingType"); ok {
		t.Underlying = underlying
	}
	t.Flags = e.flag("IsFlags")
	e.annotated(&t.Annotations, func(c *element) bool {
		if c.tag != "Member" {
			return false
		}
		m := &edm.Member{Name: c.name(), Value: c.integer("Value"), Pos: c.pos}
		c.annotated(&m.Annotations, nil)
		t.Members = append(t.Members, m)
		return true
	})
	return t
}

func (r *reader) definition(e *element, s *edm.Schema) *edm.TypeDefinition {
	t := &edm.TypeDefinition{Name: e.qualified(s), Pos: e.pos}
	t.Underlying.Text = e.need("UnderlyingType")
	e.facets(&t.Underlying)
	e.annotated(&t.Annotations, nil)
	return t
}

func (r *reader) term(e *element, s *edm.Schema) *edm.Term {
	t := &edm.Term{Name: e.qualified(s), Type: e.typeRef("Type"), Pos: e.pos}
	t.BaseTerm = e.path("BaseTerm")
	t.Default = e.optional("DefaultValue")
	t.AppliesTo = e.text("AppliesTo")
	e.annotated(&t.Annotations, nil)
	return t
}
