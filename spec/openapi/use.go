package openapi

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/callgen/callgen/spec/edm"
)

// use is what a schema is where it is used: a type, maybe a collection of it.
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

// nullable returns u for a place that says whether null is allowed.
func (u use) nullable(may bool) use {
	switch {
	case may:
		u.ref.Nullable = nil
	case !u.is("Untyped"):
		u.ref.Nullable = new(false)
	}
	return u
}

// ofEntities returns u without nullability if it is a collection of entities, which
// are never null.
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

// read is use without the nullability of the whole, which comes second.
func (r *reader) read(d *document, s *openapi3.Schema, owner edm.QName, part, element string) (use, bool) {
	pos := d.origin(s.Origin)
	null := s.Nullable || s.Type.IncludesNull()
	if ref := reference(s); ref != "" {
		c := r.resolve(d, ref, d.field(s.Origin, refKey), element)
		if c == nil {
			return untyped(), true
		}
		u, targetNull := r.refer(c, element)
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
	switch r.formOf("", s) {
	case enumerated:
		c := r.unnamed(d, s, owner, part, pos)
		return use{ref: edm.TypeRef{Name: c.name}}, null || slices.Contains(s.Enum, nil)
	case structured:
		c := r.unnamed(d, s, owner, part, pos)
		return use{ref: edm.TypeRef{Name: c.name}, to: c}, null
	case envelope:
		if p, value := r.collected(d, s); value != nil && value.Value != nil {
			u, _ := r.read(p.doc, value.Value, owner, part, element)
			return u, false
		}
	}
	if s.Type.Includes("array") && !isMixed(s) {
		return r.collection(d, s, owner, part, element), null
	}
	name := primitive(s)
	if name == "" {
		if isMixed(s) {
			r.note(pos, element, "values of several types are not supported: it is read as any value, which Decode decodes")
		}
		return untyped(), null
	}
	u := primitiveUse(name)
	if s.MaxLength != nil && name == "String" && *s.MaxLength < 1<<31 {
		u.ref.MaxLength = strconv.FormatUint(*s.MaxLength, 10)
	}
	return u, null
}

// refer is the use of a component.
func (r *reader) refer(c *component, element string) (use, bool) {
	null := c.schema.Nullable || c.schema.Type.IncludesNull()
	switch c.form {
	case structured:
		return use{ref: edm.TypeRef{Name: c.name}, to: c}, null
	case enumerated, defined:
		return use{ref: edm.TypeRef{Name: c.name}}, null
	case envelope:
		if p, value := r.collected(c.doc, c.schema); value != nil && value.Value != nil {
			u, _ := r.read(p.doc, value.Value, c.name, "value", element)
			return u, false
		}
		return untyped(), true
	}
	if c.used == nil {
		if c.using {
			r.note(c.pos, shown(c.name), "the schema is made of itself: it is read as any value")
			return untyped(), true
		}
		c.using = true
		u, may := r.read(c.doc, c.schema, c.name, "value", shown(c.name))
		if may {
			u.ref.Nullable = nil
		} else {
			u.ref.Nullable = new(false)
		}
		c.used, c.using = &u, false
	}
	u := *c.used
	may := u.ref.Nullable == nil || null
	if u.ref.Collection {
		return u, false
	}
	u.ref.Nullable = nil
	return u, may
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

// alternatives reads anyOf and oneOf: null and one type, the spellings of a number,
// types of one hierarchy.
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

// isNull reports whether a schema stands for null: in OpenAPI 3.0 it is written as an
// object that may be null.
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

// number returns the numeric type of a schema that allows for INF and NaN, or for
// numbers as texts, "" for other schemas.
func number(s *openapi3.Schema, alternatives []*openapi3.Schema) string {
	var numeric *openapi3.Schema
	for _, a := range alternatives {
		switch {
		case reference(a) == "#/components/schemas/ReferenceNumeric":
		case reference(a) != "" || len(a.AllOf)+len(a.AnyOf)+len(a.OneOf)+len(a.Properties) > 0:
			return ""
		case a.Type.Includes("number") || a.Type.Includes("integer"):
			if numeric != nil {
				return ""
			}
			numeric = a
		case a.Type.Includes("string") || a.Type == nil && isNumeric(a.Enum):
		default:
			return ""
		}
	}
	if numeric == nil || len(alternatives) < 2 {
		return ""
	}
	if s.Format == "" {
		return primitive(numeric)
	}
	return primitive(&openapi3.Schema{Type: numeric.Type, Format: s.Format})
}

// isNumeric reports whether values are those that JSON writes as texts.
func isNumeric(values []any) bool {
	for _, v := range values {
		if v != "-INF" && v != "INF" && v != "NaN" {
			return false
		}
	}
	return len(values) > 0
}

// commonBase returns the one of some types that the others derive from, or nil.
func (r *reader) commonBase(d *document, list []*openapi3.Schema, element string) *component {
	const most = 256 // every one is compared with all others
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

// isMixed reports whether values can be of several types.
func isMixed(s *openapi3.Schema) bool {
	n := 0
	for _, t := range s.Type.Slice() {
		if t != "null" {
			n++
		}
	}
	return n > 1 && primitive(s) == ""
}

// isScalar reports whether a schema is a text, number or boolean.
func isScalar(s *openapi3.Schema) bool {
	return s.Type.Includes("string") || s.Type.Includes("number") || s.Type.Includes("integer") || s.Type.Includes("boolean")
}

// primitive returns the primitive type of a scalar, "" for other schemas.
func primitive(s *openapi3.Schema) string {
	numeric, str := s.Type.Includes("number") || s.Type.Includes("integer"), s.Type.Includes("string")
	if s.Type.Includes("object") || s.Type.Includes("array") {
		return ""
	}
	switch {
	case numeric && s.Type.Includes("boolean"), str && s.Type.Includes("boolean"):
		return ""
	case numeric:
		name := numberFormat(s.Format, !s.Type.Includes("number"))
		if str && s.Format == "" {
			return ""
		}
		return name
	case str:
		return stringFormat(s.Format)
	case s.Type.Includes("boolean"):
		return "Boolean"
	case s.Type == nil:
		switch s.Const.(type) {
		case string:
			return stringFormat(s.Format)
		case bool:
			return "Boolean"
		}
	}
	return ""
}

func numberFormat(format string, integer bool) string {
	switch format {
	case "int8":
		return "SByte"
	case "uint8":
		return "Byte"
	case "int16":
		return "Int16"
	case "int32":
		return "Int32"
	case "int64", "uint16", "uint32":
		return "Int64"
	case "float":
		return "Single"
	case "double":
		return "Double"
	case "decimal", "uint64":
		return "Decimal"
	}
	if integer {
		return "Int64"
	}
	return "Double"
}

func stringFormat(format string) string {
	switch format {
	case "date-time":
		return "DateTimeOffset"
	case "date":
		return "Date"
	case "time":
		return "TimeOfDay"
	case "duration":
		return "Duration"
	case "uuid":
		return "Guid"
	case "base64url", "byte", "binary":
		return "Binary"
	}
	return "String"
}

// scalarText is a default value as CSDL writes it.
func scalarText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	case int, int64, uint64:
		return fmt.Sprint(v), true
	}
	return "", false
}

// isEnum reports whether a schema lists texts.
func isEnum(s *openapi3.Schema) bool {
	texts := 0
	for _, v := range s.Enum {
		switch v.(type) {
		case string:
			texts++
		case nil:
		default:
			return false
		}
	}
	return texts > 0 && (s.Type == nil || s.Type.Includes("string")) && !isNumeric(s.Enum)
}

// enum makes an enum type of a component.
func (r *reader) enum(c *component) *edm.EnumType {
	s := c.schema
	t := &edm.EnumType{Name: c.name, Underlying: "Edm.Int32", Annotations: about(c.doc, s), Pos: c.pos}
	t.Annotations = append(t.Annotations, deprecation(s.Deprecated, s.Extensions, c.pos)...)
	if flags, ok := s.Extensions["x-ms-enum-flags"].(map[string]any); ok {
		t.Flags, _ = flags["isFlags"].(bool)
	}
	texts := memberTexts(s)
	seen := make(map[string]bool)
	for i, v := range s.Enum {
		name, ok := v.(string)
		if !ok || seen[name] {
			continue
		}
		seen[name] = true
		pos := c.doc.item(s.Origin, "enum", i)
		if !edm.IsIdentifier(name) {
			r.note(pos, partOf(c.name, name), "the value is no identifier: there is no constant for it, and it is kept as it is")
			continue
		}
		m := &edm.Member{Name: name, Pos: pos}
		m.Annotations = descriptions(texts[name], pos)
		t.Members = append(t.Members, m)
	}
	return t
}

// memberTexts returns what x-ms-enum says of the values, by value.
func memberTexts(s *openapi3.Schema) map[string]string {
	enum, _ := s.Extensions["x-ms-enum"].(map[string]any)
	values, _ := enum["values"].([]any)
	texts := make(map[string]string, len(values))
	for _, v := range values {
		if v, ok := v.(map[string]any); ok {
			name, _ := v["value"].(string)
			texts[name], _ = v["description"].(string)
		}
	}
	return texts
}

// about are the annotations that a schema's description makes.
func about(d *document, s *openapi3.Schema) edm.Annotations {
	return descriptions(s.Description, d.field(s.Origin, "description"))
}
