package openapi

import (
	"github.com/getkin/kin-openapi/openapi3"

	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// maxMembers limits the number of properties of all types together: allOf can repeat those
// of one type in many others.
const maxMembers = 1 << 20

// build reads the unread components, which can add more.
func (r *reader) build() {
	for i := 0; i < len(r.components); i++ {
		c := r.components[i]
		if c.built {
			continue
		}
		c.built = true
		if c.form == structured {
			r.inherit(c)
			r.properties(c)
		}
	}
}

// inherit determines the base of a type and the sources of its own properties. In a service
// without OData nothing distinguishes the value of a derived type from one of its base:
// there allOf merges properties.
func (r *reader) inherit(c *component) {
	own, refs := r.split(c)
	if r.odata {
		var others []*component
		for _, ref := range refs {
			switch {
			case c.base == nil:
				c.base = ref
			case c.base.schema.Discriminator == nil && discriminates(ref):
				others, c.base = append(others, c.base), ref
			default:
				others = append(others, ref)
			}
		}
		for _, other := range others {
			r.note(c.pos, shown(c.name), "a second base type, %s: a type can have only one, so its properties are copied", other.name)
			c.parts = append(c.parts, r.merge(other)...)
		}
	} else {
		for _, ref := range refs {
			c.parts = append(c.parts, r.merge(ref)...)
		}
		r.undiscriminated(c)
	}
	c.parts = append(c.parts, own...)
	for _, p := range c.parts {
		c.open = c.open || isOpen(p.schema)
	}
}

// discriminates reports whether a type has a discriminator.
func discriminates(c *component) bool {
	if c.schema.Discriminator != nil {
		return true
	}
	for _, a := range c.schema.AllOf {
		if a != nil && a.Value != nil && a.Value.Discriminator != nil {
			return true
		}
	}
	return false
}

// undiscriminated notes a discriminator that decoding cannot use.
func (r *reader) undiscriminated(c *component) {
	own, _ := r.split(c)
	for _, p := range own {
		if d := p.schema.Discriminator; d != nil {
			r.note(p.doc.origin(d.Origin), shown(c.name), "the discriminator %s is not supported, only @odata.type is: values decode as %s, what derived types add is kept in AdditionalData",
				edm.Quote(d.PropertyName), c.name)
		}
	}
}

// split separates the inline parts of an object from the types that it refers to.
func (r *reader) split(c *component) (own []part, refs []*component) {
	var walk func(s *openapi3.Schema)
	walk = func(s *openapi3.Schema) {
		for _, a := range s.AllOf {
			if a == nil || a.Value == nil {
				continue
			}
			if ref := reference(a.Value); ref != "" {
				pos := c.doc.field(a.Value.Origin, refKey)
				if target := r.object(c, ref, pos); target != nil {
					refs = append(refs, target)
				}
				continue
			}
			walk(a.Value)
		}
		own = append(own, part{c.doc, s})
	}
	walk(c.schema)
	return own, refs
}

// object resolves a reference in allOf to a structured type.
func (r *reader) object(c *component, ref string, pos diag.Pos) *component {
	const most = 32 // references to references
	d, next := c.doc, ref
	for i := 0; i < most && next != ""; i++ {
		target := r.resolve(d, next, pos, shown(c.name))
		switch {
		case target == nil || target == c:
			return nil
		case target.form == structured:
			return target
		}
		next, d = reference(target.schema), target.doc
	}
	r.note(pos, shown(c.name), "allOf refers to %s, which is not an object: it is ignored", edm.Quote(ref))
	return nil
}

// merge returns the parts of a type and of all types that it refers to.
func (r *reader) merge(c *component) []part {
	if c.merged || c.merging {
		return c.all
	}
	c.merging = true
	own, refs := r.split(c)
	for _, ref := range refs {
		if ref.merging && !ref.merged {
			continue // a cycle
		}
		c.all = append(c.all, r.merge(ref)...)
		if r.members += len(ref.all); r.members > maxMembers {
			r.tooMany(c)
			break
		}
	}
	c.all = append(c.all, own...)
	c.merging, c.merged = false, true
	return c.all
}

func (r *reader) tooMany(c *component) {
	r.findings.Add(c.pos, shown(c.name), "all types together have more than %d properties: make the description smaller", maxMembers)
}

// isOpen reports whether values may have undeclared members. By default they may not.
func isOpen(s *openapi3.Schema) bool {
	a := s.AdditionalProperties
	return a.Schema != nil || a.Has != nil && *a.Has
}

// properties reads the properties of a type.
func (r *reader) properties(c *component) {
	c.membership = make(map[string]*property)
	for _, p := range c.parts {
		if r.members > maxMembers {
			return
		}
		for _, name := range inOrder(p.schema.Properties, schemaOrigin) {
			r.property(c, p, name, p.schema.Properties[name])
		}
	}
}

func (r *reader) property(c *component, p part, name string, s *openapi3.SchemaRef) {
	pos := p.doc.origin(schemaOrigin(s))
	switch {
	case isControl(name) || c.membership[name] != nil:
		return
	case s == nil || s.Value == nil: // rejected by the check
		return
	case !edm.IsIdentifier(name):
		r.note(pos, partOf(c.name, name), "the name is not an identifier: it gets no field, and its values are kept in AdditionalData")
		return
	}
	if r.members++; r.members > maxMembers {
		r.tooMany(c)
		return
	}
	m := &property{name: name, pos: pos, access: new(access)}
	m.use = r.use(p.doc, s.Value, c.name, name, partOf(c.name, name))
	m.marked, _ = s.Value.Extensions["x-ms-navigationProperty"].(bool)
	if fallback, ok := scalarText(s.Value.Default); ok {
		m.fallback = &fallback
	}
	m.annotations = about(p.doc, s.Value)
	if s.Value.Format == "password" {
		m.annotations = append(m.annotations, boolean(edm.TermSecret, true, p.doc.field(s.Value.Origin, "format")))
	}
	if s.Value.ReadOnly {
		m.annotations = append(m.annotations, boolean(termComputed, true, pos))
	}
	m.annotations = append(m.annotations, deprecation(s.Value.Deprecated, s.Value.Extensions, pos)...)
	c.members = append(c.members, m)
	c.membership[name] = m
}

// redeclared removes properties that a base declares as well.
func (r *reader) redeclared() {
	for _, c := range r.components {
		if c.form != structured || c.base == nil {
			continue
		}
		for _, m := range c.members {
			if m2 := c.base.find(m.name); m2 == nil || m2 == m || c.base.derives(c) {
				continue
			}
			if c.discarded == nil {
				c.discarded = make(map[string]bool)
			}
			c.discarded[m.name] = true
			r.note(m.pos, partOf(c.name, m.name), "a base type declares the property: this one is ignored")
		}
	}
}

// shown returns the name of a type in findings.
func shown(name edm.QName) string { return edm.Shown(name.String()) }

// partOf returns the name of a part of a type in findings.
func partOf(owner edm.QName, name string) string { return shown(owner) + "/" + edm.Shown(name) }
