package openapi

import (
	"path"
	"regexp"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

type schemaPointer = *openapi3.Schema

// form says what a schema becomes.
type form int

const (
	anything   form = iota // not a type: its meaning depends on its use
	structured             // an entity or complex type
	enumerated             // an enum type
	defined                // a type definition
	envelope               // the object around a collection in a response
)

// component is a schema that may become a type.
type component struct {
	doc    *document
	schema *openapi3.Schema
	name   edm.QName
	pos    diag.Pos
	form   form

	base    *component
	entity  bool // set for the root of the hierarchy
	open    bool
	parts   []part // sources of its own properties
	members []*property
	stream  bool // values have a stream
	key     []string
	made    bool // made for a path, without a schema

	merging, merged, built bool
	all                    []part // its parts, and those of everything joined by allOf
	used                   *use   // for anything and envelope, once known
	usedNull, using        bool

	typ        edm.Type
	structure  *edm.StructuredType
	discarded  map[string]bool // properties that a base declares
	membership map[string]*property
}

// part is a piece of an object, as joined by allOf.
type part struct {
	doc    *document
	schema *openapi3.Schema
}

// property is a property of a structured type.
type property struct {
	name        string
	use         use
	marked      bool // marked as a navigation property
	fallback    *string
	annotations edm.Annotations
	pos         diag.Pos

	structural *edm.Property
	navigation *edm.NavigationProperty
	access     *access // what paths show about it
}

// declareAll declares the schemas of the main document.
func (r *reader) declareAll() {
	schemas := r.root.doc.Components.Schemas
	for _, name := range inOrder(schemas, schemaOrigin) {
		if s := schemas[name]; s != nil && s.Value != nil {
			r.declare(r.root, name, s)
		}
	}
}

// badNames notes component names that OpenAPI does not allow. They cause no further
// problems: names of schemas are repaired when they become names of types.
func (r *reader) badNames() {
	c := r.root.doc.Components
	for name, s := range c.SecuritySchemes {
		if componentName.MatchString(name) {
			continue
		}
		pos := r.root.field(c.Origin, "securitySchemes")
		if s != nil && s.Value != nil {
			pos = r.root.origin(s.Value.Origin)
		}
		r.note(pos, edm.Quote(name), "OpenAPI does not allow the name of this security scheme: it is kept as it is")
	}
}

// componentName matches the names that OpenAPI allows.
var componentName = regexp.MustCompile(`^[a-zA-Z0-9._-]+$`)

// declare makes a named component of a schema.
func (r *reader) declare(d *document, name string, s *openapi3.SchemaRef) *component {
	c := &component{doc: d, schema: s.Value, pos: d.origin(schemaOrigin(s))}
	r.named[place{d, name}] = c
	if name == schemaOfFile {
		c.pos = d.start()
		name = strings.TrimSuffix(path.Base(d.file), path.Ext(d.file))
		if s.Value.Title != "" {
			name = s.Value.Title
		}
	}
	c.form = r.formOf(name, s.Value)
	c.name = parseName(name)
	if c.name.Namespace == "Edm" && edm.IsPrimitive(c.name.Name) {
		u := primitiveUse(c.name.Name) // defined for readers who do not know OData
		c.form, c.used = anything, &u
	}
	if c.form == structured || c.form == enumerated || c.form == defined {
		c.name = r.qualified(name, c.pos)
		r.taken[c.name] = true
	}
	r.components = append(r.components, c)
	r.index(c)
	return c
}

// index adds a structured type to the tables by name.
func (r *reader) index(c *component) {
	if c.form == structured {
		r.types[c.name.String()] = c
		r.simple[c.name.Name] = append(r.simple[c.name.Name], c)
	}
}

// nested returns the component of a schema inside another: a type named after its place, or
// just the schema.
func (r *reader) nested(owner *component, s *openapi3.Schema, part string) *component {
	return r.unnamed(owner.doc, s, owner.name, part, owner.doc.origin(s.Origin))
}

// unnamed returns the component of a schema without a name.
func (r *reader) unnamed(d *document, s *openapi3.Schema, owner edm.QName, part string, pos diag.Pos) *component {
	if c := r.inline[s]; c != nil {
		return c
	}
	c := &component{doc: d, schema: s, pos: pos, form: r.formOf("", s)}
	r.inline[s] = c
	switch c.form {
	case structured, enumerated:
		c.name = r.within(owner, part)
	case defined, envelope:
		c.form = anything
		c.name = owner
	default:
		c.name = owner
	}
	r.components = append(r.components, c)
	r.index(c)
	return c
}

// formOf determines what a schema becomes.
func (r *reader) formOf(name string, s *openapi3.Schema) form {
	switch {
	case reference(s) != "" || s.Always != nil:
		return anything
	case isHelper(name), isErrorPart(name), r.isStandardError(s):
		return anything
	case r.odata && isEnvelope(r, s):
		return envelope
	case isEnum(s):
		return enumerated
	case isStructured(s):
		return structured
	case name != "" && len(s.AnyOf)+len(s.OneOf)+len(s.AllOf) == 0 && isScalar(s) && primitive(s) != "":
		return defined
	}
	return anything
}

// isHelper reports whether a schema stands for a part of the protocol, as in descriptions
// converted from CSDL.
func isHelper(name string) bool {
	switch name {
	case "ODataCountResponse", "ReferenceNumeric", "ReferenceCreate", "ReferenceUpdate":
		return true
	}
	return false
}

// isStructured reports whether a schema is an object with properties of its own or
// inherited ones.
func isStructured(s *openapi3.Schema) bool {
	if len(s.Properties) > 0 {
		return true
	}
	object := s.Type == nil && len(s.OneOf)+len(s.AnyOf) == 0 || s.Type.Includes("object")
	if object && len(s.AllOf) > 0 {
		return len(s.AllOf) > 1 || s.AllOf[0] != nil && s.AllOf[0].Value != nil && reference(s.AllOf[0].Value) == "" && isStructured(s.AllOf[0].Value)
	}
	if !s.Type.Includes("object") {
		return false
	}
	return s.AdditionalProperties.Schema != nil || s.AdditionalProperties.Has != nil && *s.AdditionalProperties.Has || s.Discriminator != nil ||
		s.Title != "" && len(s.OneOf)+len(s.AnyOf) == 0
}
