package openapi

import (
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// isStandardError reports whether a schema is the error response of OData (JSON Format,
// "Error Response"): an object whose only member is error, with a code and a message. The
// runtime has a type for it.
func (r *reader) isStandardError(s *openapi3.Schema) bool {
	if len(s.Properties) != 1 || len(s.AllOf)+len(s.AnyOf)+len(s.OneOf) > 0 {
		return false
	}
	inner := s.Properties["error"]
	if inner == nil || inner.Value == nil {
		return false
	}
	of := inner.Value
	if name, ok := strings.CutPrefix(reference(of), "#/components/schemas/"); ok {
		named := r.root.doc.Components.Schemas[name]
		if named == nil || named.Value == nil {
			return false
		}
		of = named.Value
	}
	return of.Properties["code"] != nil && of.Properties["message"] != nil
}

// isErrorPart reports whether a schema is a part of the OData error, judging by the names
// that converters use.
func isErrorPart(name string) bool { return strings.HasPrefix(name, "odata.error.") }
