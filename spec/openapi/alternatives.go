package openapi

import (
	"slices"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/callgen/callgen/spec/edm"
)

// alternatives reads anyOf and oneOf: null and one type, the representations of a number,
// or types of one hierarchy.
func (r *reader) alternatives(d *document, s *openapi3.Schema, list openapi3.SchemaRefs, kind string, owner edm.QName, part, element string) (use, bool) {
	null := false
	var rest []*openapi3.Schema
	for _, a := range list {
		switch {
		case a == nil || a.Value == nil:
		case isNull(a.Value):
			null = true
		default:
			rest = append(rest, a.Value)
		}
	}
	if name := number(s, rest); name != "" {
		for _, a := range rest {
			null = null || a.Nullable || a.Type.IncludesNull()
		}
		return primitiveUse(name), null
	}
	if len(rest) == 1 {
		u, restNull := r.read(d, rest[0], owner, part, element)
		return u, null || restNull
	}
	if len(rest) == 0 {
		return untyped(), true
	}
	if base := r.commonBase(d, rest, element); base != nil {
		return use{ref: edm.TypeRef{Name: base.name}, to: base}, null
	}
	r.note(d.field(s.Origin, kind), element, "%s of %d types is not supported, unless one of them is the base of the others: it is read as any value, which Decode decodes", kind, len(rest))
	return untyped(), true
}

// isNull reports whether a schema stands for null, which OpenAPI 3.0 writes as a nullable
// object.
func isNull(s *openapi3.Schema) bool {
	switch {
	case reference(s) != "" || len(s.Properties)+len(s.AllOf)+len(s.AnyOf)+len(s.OneOf) > 0:
		return false
	case s.Type.Is("null"):
		return true
	case len(s.Enum) > 0:
		return len(s.Enum) == 1 && s.Enum[0] == nil
	}
	return s.Nullable && (s.Type == nil || s.Type.Is("object")) && s.AdditionalProperties.Schema == nil
}

// commonBase returns the one of some types from which the others derive, or nil.
func (r *reader) commonBase(d *document, list []*openapi3.Schema, element string) *component {
	const most = 256 // every type is compared with all others
	if len(list) > most {
		return nil
	}
	var all []*component
	for _, s := range list {
		ref := reference(s)
		if ref == "" || !r.odata {
			return nil
		}
		c := r.resolve(d, ref, d.field(s.Origin, refKey), element)
		if c == nil || c.form != structured {
			return nil
		}
		all = append(all, c)
	}
	for _, base := range all {
		if !slices.ContainsFunc(all, func(c *component) bool { return !r.inherits(c, base) }) {
			return base
		}
	}
	return nil
}

// inherits reports whether c derives from base, before all bases are known.
func (r *reader) inherits(c, base *component) bool {
	for range maxBases {
		if c == base {
			return true
		}
		if c.built {
			c = c.base
		} else {
			_, refs := r.split(c)
			c = nil
			if len(refs) > 0 {
				c = refs[0]
			}
		}
		if c == nil {
			return false
		}
	}
	return false
}
