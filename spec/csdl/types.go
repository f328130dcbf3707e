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
			if p := r.property(c); p.Name != "" {
				t.Properties = append(t.Properties, p)
			}
		case c.tag == "NavigationProperty":
			if n := r.navigation(c); n.Name != "" {
				t.Navigation = append(t.Navigation, n)
			}
		case c.tag == "Key" && kind == edm.Entity:
			key := r.key(c)
			if keys++; keys > 1 {
				c.fault("a type has one", firstHolds, "second <Key>")
			} else {
				t.Key = key
			}
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
		key = append(key, &edm.PropertyRef{Name: c.needPath("Name"), Alias: c.alias(), Pos: c.pos})
		return true
	})
	if len(key) == 0 {
		e.fault("it needs at least one <PropertyRef>", passedOver, "<Key> is empty")
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
	n.Type = edm.TypeRef{Text: e.need("Type", keptRaw), Nullable: e.boolean("Nullable")}
	n.Partner = e.path("Partner")
	n.ContainsTarget = e.flag("ContainsTarget")
	e.annotated(&n.Annotations, func(c *element) bool {
		switch c.tag {
		case "OnDelete":
			if n.OnDelete != "" {
				c.fault("a navigation property has one", firstHolds, "second <OnDelete>")
				c.pass()
				return true
			}
			n.OnDelete = c.onDelete()
			c.annotated(&n.OnDeleteAnnotations, nil)
		case "ReferentialConstraint":
			n.Constraints = append(n.Constraints, r.constraints(c)...)
		default:
			return false
		}
		return true
	})
	return n
}

// constraints reads a ReferentialConstraint. Some services write its attributes as a nested
// element, <Property Name="…" ReferencedProperty="…"/>.
func (r *reader) constraints(e *element) (list []edm.ReferentialConstraint) {
	first := edm.ReferentialConstraint{Property: e.path("Property"), ReferencedProperty: e.path("ReferencedProperty"), Pos: e.pos}
	elements := 0
	e.annotated(&first.Annotations, func(c *element) bool {
		if c.tag != "Property" {
			return false
		}
		c.fault("state Property and ReferencedProperty of <ReferentialConstraint>", "it is read as these", "<Property> in <ReferentialConstraint>")
		elements++
		constraint := edm.ReferentialConstraint{Property: c.needPath("Name"), ReferencedProperty: c.needPath("ReferencedProperty"), Pos: c.pos}
		if constraint.Property != "" && constraint.ReferencedProperty != "" {
			list = append(list, constraint)
		}
		return true
	})
	for _, missing := range []struct{ name, value string }{{"Property", first.Property}, {"ReferencedProperty", first.ReferencedProperty}} {
		if missing.value == "" && elements == 0 {
			e.fault("state it", leftOut, "<%s> has no %s", e.tag, missing.name)
		}
	}
	if first.Property != "" && first.ReferencedProperty != "" {
		list = append(list, first)
	}
	return list
}

func (e *element) onDelete() string {
	action := e.need("Action", passedOver)
	switch action {
	case "", "Cascade", "None", "SetNull", "SetDefault":
		return action
	}
	e.fault("Cascade, None, SetNull and SetDefault are known", passedOver, "unknown Action %s of <OnDelete>", edm.Quote(action))
	return ""
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
		if m.Name != "" {
			t.Members = append(t.Members, m)
		}
		return true
	})
	return t
}

func (r *reader) definition(e *element, s *edm.Schema) *edm.TypeDefinition {
	t := &edm.TypeDefinition{Name: e.qualified(s), Pos: e.pos}
	t.Underlying.Text = e.need("UnderlyingType", leftOut)
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
