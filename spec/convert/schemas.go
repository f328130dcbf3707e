package convert

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/callgen/callgen/spec/edm"
)

// schemas writes the types in order, and the schemas that responses refer to.
func (w *writer) schemas() {
	w.out.WriteString("  schemas:\n")
	emit := func(name string, n *yaml.Node) { w.emit(name, n, "components", "schemas") }
	for _, s := range w.model.Schemas {
		for _, t := range s.Types {
			switch t := t.(type) {
			case *edm.EnumType:
				emit(t.Name.String(), w.enum(t))
			case *edm.StructuredType:
				emit(t.Name.String(), w.structured(t))
			case *edm.TypeDefinition:
				emit(t.Name.String(), w.definition(t))
			}
		}
	}
	for i := 0; i+1 < len(w.envelopes.Content); i += 2 {
		emit(w.envelopes.Content[i].Value, w.envelopes.Content[i+1])
	}
	for _, name := range slices.Sorted(maps.Keys(w.shapes)) {
		emit("Edm."+name, mapping("title", str("GeoJSON"), "type", str("object"), "properties", mapping("type", mapping("type", str("string")))))
	}
	emit("ReferenceNumeric", mapping("enum", list(str("-INF"), str("INF"), str("NaN")), "type", str("string"), "nullable", boolean(true)))
	if len(w.responses.Content) == 0 {
		return
	}
	emit("BaseCollectionPaginationCountResponse", mapping(
		"title", str("Base collection pagination and count responses"), "type", str("object"),
		"properties", mapping(
			"@odata.count", mapping("type", str("integer"), "format", str("int64"), "nullable", boolean(true)),
			"@odata.nextLink", mapping("type", str("string"), "nullable", boolean(true)),
		)))
	emit("ReferenceCreate", mapping("type", str("object"), "properties", mapping("@odata.id", mapping("type", str("string")))))
}

func (w *writer) enum(t *edm.EnumType) *yaml.Node {
	values, details := list(), list()
	for _, m := range t.Members {
		values.Content = append(values.Content, str(m.Name))
		detail := mapping("value", str(m.Name))
		set(detail, "description", about(m.Annotations))
		set(detail, "name", str(m.Name))
		details.Content = append(details.Content, detail)
	}
	n := mapping("title", str(t.Name.Name))
	if len(t.Members) > 0 {
		set(n, "enum", values)
	}
	set(n, "type", str("string"))
	set(n, "description", about(t.Annotations))
	deprecated(n, t.Annotations)
	set(n, "x-ms-enum", mapping("name", str(t.Name.Name), "modelAsString", boolean(false), "values", details))
	if t.Flags {
		set(n, "x-ms-enum-flags", mapping("isFlags", boolean(true)))
	}
	return n
}

func (w *writer) definition(t *edm.TypeDefinition) *yaml.Node {
	underlying := t.Underlying
	underlying.Nullable = new(false)
	n := w.schema(underlying)
	set(n, "description", about(t.Annotations))
	return n
}

// structured writes an entity or complex type: its own properties, and its base by allOf.
func (w *writer) structured(t *edm.StructuredType) *yaml.Node {
	own := mapping("title", str(t.Name.Name), "required", list(str("@odata.type")), "type", str("object"))
	properties := mapping()
	for _, p := range t.Properties {
		set(properties, p.Name, w.property(p))
	}
	for _, p := range t.Navigation {
		n := w.described(p.Type, p.Annotations)
		set(n, "x-ms-navigationProperty", boolean(true))
		set(properties, p.Name, n)
	}
	control := mapping("type", str("string"))
	if t.Base != nil {
		set(control, "default", str("#"+t.Name.String()))
	}
	set(properties, "@odata.type", control)
	set(own, "properties", properties)
	if t.Open {
		set(own, "additionalProperties", w.dynamic(t))
	}
	set(own, "description", about(t.Annotations))
	set(own, "discriminator", discriminator(t))
	deprecated(own, t.Annotations)
	set(own, "x-odata-key", w.hiddenKey(t))
	if t.Base == nil {
		return own
	}
	return mapping(
		"allOf", list(reference("schemas", t.Base.Name.String()), own),
		"x-ms-discriminator-value", str("#"+t.Name.String()),
	)
}

// hiddenKey returns the names of the key that a type declares, nil if paths show it, or it is no list of
// properties of the type.
func (w *writer) hiddenKey(t *edm.StructuredType) *yaml.Node {
	if len(t.Key) == 0 || w.keyed[t] {
		return nil
	}
	names := list()
	for _, ref := range t.Key {
		if t.Property(ref.Name) == nil {
			return nil
		}
		names.Content = append(names.Content, str(ref.Name))
	}
	return names
}

// dynamic returns the schema of undeclared properties of an open type.
func (w *writer) dynamic(t *edm.StructuredType) *yaml.Node {
	a := t.Annotations.Get("Org.OData.Validation.V1.OpenPropertyTypeConstraint")
	if a == nil || a.Value == nil || len(a.Value.Items) != 1 {
		return boolean(true)
	}
	name := edm.ParseQName(a.Value.Items[0].Value)
	typ := w.model.Type(name)
	if typ == nil {
		return boolean(true)
	}
	return w.schema(edm.TypeRef{Name: name, Type: typ, Nullable: new(false)})
}

// discriminator lists the types that derive from t at any depth, nil if there are no
// derived types.
func discriminator(t *edm.StructuredType) *yaml.Node {
	if len(t.Derived) == 0 {
		return nil
	}
	names := mapping()
	var add func(t *edm.StructuredType)
	add = func(t *edm.StructuredType) {
		for _, d := range t.Derived {
			set(names, "#"+d.Name.String(), str("#/components/schemas/"+d.Name.String()))
			add(d)
		}
	}
	add(t)
	return mapping("propertyName", str("@odata.type"), "mapping", names)
}

func (w *writer) property(p *edm.Property) *yaml.Node {
	n := w.described(p.Type, p.Annotations)
	if p.Default != nil {
		set(n, "default", fallback(p.Type, *p.Default))
	}
	if p.Annotations.Bool("Org.OData.Core.V1.Computed") {
		set(n, "readOnly", boolean(true))
	}
	return n
}

// fallback returns a default value: a number, a boolean or a string.
func fallback(t edm.TypeRef, text string) *yaml.Node {
	if t.Name.Namespace == "Edm" && !t.Collection {
		switch format := formats[t.Name.Name]; format[0] {
		case "boolean":
			if text == "true" || text == "false" {
				return boolean(text == "true")
			}
		case "integer":
			if _, err := strconv.ParseInt(text, 10, 64); err == nil {
				return integer(text)
			}
		}
	}
	return str(text)
}

// described returns the schema of a type reference, with the annotations of its place. A
// reference allows no siblings, so it is wrapped in anyOf.
func (w *writer) described(t edm.TypeRef, a edm.Annotations) *yaml.Node {
	n := w.schema(t)
	if n.Content != nil && n.Content[0].Value == "$ref" {
		n = mapping("anyOf", list(n))
	}
	set(n, "description", about(a))
	deprecated(n, a)
	return n
}

// formats maps primitive types to type and format of OpenAPI.
var formats = map[string][2]string{
	"Binary":         {"string", "base64url"},
	"Boolean":        {"boolean", ""},
	"Byte":           {"integer", "uint8"},
	"Date":           {"string", "date"},
	"DateTimeOffset": {"string", "date-time"},
	"Decimal":        {"number", "decimal"},
	"Double":         {"number", "double"},
	"Duration":       {"string", "duration"},
	"Guid":           {"string", "uuid"},
	"Int16":          {"integer", "int16"},
	"Int32":          {"integer", "int32"},
	"Int64":          {"integer", "int64"},
	"SByte":          {"integer", "int8"},
	"Single":         {"number", "float"},
	"Stream":         {"string", "base64url"},
	"String":         {"string", ""},
	"TimeOfDay":      {"string", "time"},
}

// schema returns the schema of a type reference.
func (w *writer) schema(t edm.TypeRef) *yaml.Node {
	if t.Collection {
		item := t
		item.Collection = false
		if structured, ok := t.Type.(*edm.StructuredType); ok && structured.Kind == edm.Entity {
			item.Nullable = new(false)
		}
		return mapping("type", str("array"), "items", w.schema(item))
	}
	if _, ok := t.Type.(*edm.Primitive); ok {
		if !isShape(t.Name.Name) {
			return primitive(t)
		}
		w.shapes[t.Name.Name] = true
	}
	ref := reference("schemas", t.Name.String())
	if !t.IsNullable() {
		return ref
	}
	return mapping("anyOf", list(ref, mapping("type", str("object"), "nullable", boolean(true))))
}

// isShape reports whether a primitive type is geographic or geometric: GeoJSON has a form for each.
func isShape(name string) bool {
	return strings.HasPrefix(name, "Geography") || strings.HasPrefix(name, "Geometry")
}

func primitive(t edm.TypeRef) *yaml.Node {
	format, ok := formats[t.Name.Name]
	if !ok {
		return mapping() // any value
	}
	n := mapping("type", str(format[0]))
	if format[1] != "" {
		set(n, "format", str(format[1]))
	}
	if t.IsNullable() {
		set(n, "nullable", boolean(true))
	}
	if _, err := strconv.ParseUint(t.MaxLength, 10, 31); err == nil && t.Name.Name == "String" {
		set(n, "maxLength", integer(strings.TrimLeft(t.MaxLength, "0")+"0"[:zero(t.MaxLength)]))
	}
	if name := t.Name.Name; name == "Double" || name == "Single" {
		text := mapping("type", str("string"))
		if t.IsNullable() {
			set(text, "nullable", boolean(true))
		}
		return mapping("oneOf", list(n, text, reference("schemas", "ReferenceNumeric")))
	}
	return n
}

// zero returns 1 if text has no other digits than zeros, and otherwise 0.
func zero(text string) int {
	if strings.Trim(text, "0") == "" {
		return 1
	}
	return 0
}
