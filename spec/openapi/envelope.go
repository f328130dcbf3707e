package openapi

import (
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// isEnvelope reports whether a schema is the object around a collection in a response: a
// value and control information, without a type of its own.
func isEnvelope(r *reader, s *openapi3.Schema) bool {
	e := envelopeCheck{schemas: r.root.doc.Components.Schemas}
	e.look(s)
	collection := e.value && strings.HasPrefix(titleOf(s), "Collection of ")
	return !e.other && e.looked <= maxLooks && (e.control || collection)
}

// maxLooks limits the number of schemas that make up an envelope. Graph's consist of three.
const maxLooks = 16

// envelopeCheck examines the properties of a schema and of the schemas in its allOf.
type envelopeCheck struct {
	schemas               openapi3.Schemas
	control, value, other bool
	looked                int
}

func (e *envelopeCheck) look(s *openapi3.Schema) {
	if e.looked++; s == nil || e.looked > maxLooks {
		return
	}
	for name := range s.Properties {
		switch {
		case name == "value":
			e.value = true
		case isControl(name) && name != "@odata.type":
			e.control = true
		default:
			e.other = true
		}
	}
	for _, a := range s.AllOf {
		if a == nil || a.Value == nil {
			continue
		}
		part := a.Value
		if name, ok := strings.CutPrefix(reference(part), "#/components/schemas/"); ok {
			if part = nil; e.schemas[name] != nil {
				part = e.schemas[name].Value
			}
		}
		e.look(part)
	}
}

func titleOf(s *openapi3.Schema) string {
	for _, a := range s.AllOf {
		if s.Title == "" && a != nil && a.Value != nil && reference(a.Value) == "" {
			return a.Value.Title
		}
	}
	return s.Title
}

// collected returns the schema of the collection in an envelope, or nil if absent.
func collected(s *openapi3.Schema) *openapi3.Schema {
	parts := []*openapi3.Schema{s}
	for _, a := range s.AllOf {
		if a != nil && a.Value != nil {
			parts = append(parts, a.Value)
		}
	}
	for _, p := range parts {
		if v := p.Properties["value"]; v != nil && v.Value != nil {
			return v.Value
		}
	}
	return nil
}
