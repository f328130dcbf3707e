package openapi

import (
	"slices"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/callgen/callgen/spec/edm"
)

// use is the meaning of a schema where it is used: a type, or a collection of it.
type use struct {
	ref edm.TypeRef
	to  *component // the structured type, nil for others
}

func untyped() use { return primitiveUse("Untyped") }

func primitiveUse(name string) use {
	return use{ref: edm.TypeRef{Name: edm.QName{Namespace: "Edm", Name: name}}}
}

func (u use) is(primitive string) bool {
	return u.ref.Name == edm.QName{Namespace: "Edm", Name: primitive}
}

// nullable returns u with the nullability of its place.
func (u use) nullable(may bool) use {
	switch {
	case may:
		u.ref.Nullable = nil
	case !u.is("Untyped"):
		u.ref.Nullable = new(false)
	}
	return u
}

// ofEntities returns u, without nullability if it is a collection of entities, which are
// never null.
func (u use) ofEntities() use {
	if u.ref.Collection && u.to != nil && u.to.root().entity {
		u.ref.Nullable = nil
	}
	return u
}

// use reads the schema of a part of an element.
func (r *reader) use(d *document, s *openapi3.Schema, owner edm.QName, part, element string) use {
	u, null := r.read(d, s, owner, part, element)
	if !u.ref.Collection {
		u = u.nullable(null)
	}
	u.ref.Text = u.ref.String()
	return u
}

// read returns the use without the nullability of the whole.
func (r *reader) read(d *document, s *openapi3.Schema, owner edm.QName, part, element string) (use, bool) {
	null := s.Nullable || s.Type.IncludesNull()
	if ref := reference(s); ref != "" {
		c := r.resolve(d, ref, d.field(s.Origin, refKey), element)
		if c == nil {
			return untyped(), true
		}
		u, targetNull := r.refer(c)
		return u, null || targetNull
	}
	if s.Always != nil {
		return untyped(), true
	}
	alternatives, kind := s.AnyOf, "anyOf"
	if len(alternatives) == 0 {
		alternatives, kind = s.OneOf, "oneOf"
	}
	if len(alternatives) > 0 && len(s.Properties) == 0 {
		u, altNull := r.alternatives(d, s, alternatives, kind, owner, part, element)
		return u, null || altNull
	}
	if len(s.AllOf) == 1 && len(s.Properties) == 0 && s.AllOf[0] != nil && s.AllOf[0].Value != nil {
		u, allNull := r.read(d, s.AllOf[0].Value, owner, part, element)
		return u, null || allNull
	}
	return r.plain(d, s, null, owner, part, element)
}

// plain reads a schema that is neither a reference nor made of others.
func (r *reader) plain(d *document, s *openapi3.Schema, null bool, owner edm.QName, part, element string) (use, bool) {
	pos := d.origin(s.Origin)
	switch r.formOf("", s) {
	case enumerated:
		c := r.unnamed(d, s, owner, part, pos)
		return use{ref: edm.TypeRef{Name: c.name}}, null || slices.Contains(s.Enum, nil)
	case structured:
		c := r.unnamed(d, s, owner, part, pos)
		return use{ref: edm.TypeRef{Name: c.name}, to: c}, null
	case envelope:
		if value := collected(s); value != nil {
			u, _ := r.read(d, value, owner, part, element)
			return u, false
		}
	}
	switch name := primitive(s); {
	case s.Type.Includes("array") && !isMixed(s):
		return r.collection(d, s, owner, part, element), null
	case name != "":
		u := primitiveUse(name)
		if s.MaxLength != nil && name == "String" && *s.MaxLength < 1<<31 {
			u.ref.MaxLength = strconv.FormatUint(*s.MaxLength, 10)
		}
		return u, null
	case isMixed(s):
		r.note(pos, element, "values of several types are not supported: it is read as any value, which Decode decodes")
	}
	return untyped(), null
}

// refer returns the use of a component.
func (r *reader) refer(c *component) (use, bool) {
	null := c.schema.Nullable || c.schema.Type.IncludesNull()
	switch c.form {
	case structured:
		return use{ref: edm.TypeRef{Name: c.name}, to: c}, null
	case enumerated, defined:
		return use{ref: edm.TypeRef{Name: c.name}}, null
	}
	if c.used == nil {
		if c.using {
			r.note(c.pos, shown(c.name), "the schema contains itself: it is read as any value")
			return untyped(), true
		}
		c.using = true
		s := c.schema
		if value := collected(s); value != nil && c.form == envelope {
			s = value
		}
		u, may := r.read(c.doc, s, c.name, "value", shown(c.name))
		c.used, c.usedNull, c.using = &u, may, false
	}
	return *c.used, c.usedNull || null
}

// collection reads an array.
func (r *reader) collection(d *document, s *openapi3.Schema, owner edm.QName, part, element string) use {
	u := untyped()
	if s.Items != nil && s.Items.Value != nil {
		var null bool
		u, null = r.read(d, s.Items.Value, owner, part, element)
		if u.ref.Collection {
			r.note(d.origin(s.Origin), element, "collections of collections are not supported: the inner ones are read as any value")
			u, null = untyped(), true
		}
		u = u.nullable(null)
	}
	u.ref.Collection = true
	return u
}
