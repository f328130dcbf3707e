package openapi

import (
	"github.com/getkin/kin-openapi/openapi3"

	"github.com/callgen/callgen/spec/edm"
)

// isEnum reports whether a schema lists strings.
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
		m := &edm.Member{Name: name, Pos: pos}
		m.Annotations = descriptions(texts[name], pos)
		t.Members = append(t.Members, m)
	}
	return t
}

// memberTexts returns the descriptions in x-ms-enum, by value.
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
