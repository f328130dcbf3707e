package openapi

import (
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

const (
	termComputed      = "Org.OData.Core.V1.Computed"
	termOptional      = "Org.OData.Core.V1.OptionalParameter"
	termAlternateKeys = "Org.OData.Core.V1.AlternateKeys"
	termOpen          = "Org.OData.Validation.V1.OpenPropertyTypeConstraint"
	capabilities      = "Org.OData.Capabilities.V1."
)

func annotation(term string, value *edm.Expression, pos diag.Pos) *edm.Annotation {
	return &edm.Annotation{Term: term, Written: term, Value: value, Pos: pos}
}

func constant(kind, value string, pos diag.Pos) *edm.Expression {
	return &edm.Expression{Kind: kind, Value: value, Attribute: true, Pos: pos}
}

func boolean(term string, v bool, pos diag.Pos) *edm.Annotation {
	text := "false"
	if v {
		text = "true"
	}
	return annotation(term, constant("Bool", text, pos), pos)
}

func record(pos diag.Pos, properties ...*edm.PropertyValue) *edm.Expression {
	return &edm.Expression{Kind: "Record", Properties: properties, Pos: pos}
}

func collection(pos diag.Pos, items ...*edm.Expression) *edm.Expression {
	return &edm.Expression{Kind: "Collection", Items: items, Pos: pos}
}

func valueOf(property string, value *edm.Expression) *edm.PropertyValue {
	return &edm.PropertyValue{Property: property, Value: value, Pos: value.Pos}
}

// about returns the annotations for a schema's description.
func about(d *document, s *openapi3.Schema) edm.Annotations {
	return descriptions(s.Description, d.field(s.Origin, "description"))
}

// descriptions returns the annotations for a description: its first paragraph becomes the
// description, the others the long description.
func descriptions(text string, pos diag.Pos) edm.Annotations {
	first, rest, _ := strings.Cut(strings.ReplaceAll(strings.TrimSpace(text), "\r\n", "\n"), "\n\n")
	var list edm.Annotations
	if first != "" {
		list = append(list, annotation(edm.TermDescription, constant("String", first, pos), pos))
	}
	if rest = strings.TrimSpace(rest); rest != "" {
		list = append(list, annotation(edm.TermLongDescription, constant("String", rest, pos), pos))
	}
	return list
}

// deprecation returns the annotation for a deprecated element, with the content of
// x-ms-deprecation.
func deprecation(deprecated bool, extensions map[string]any, pos diag.Pos) edm.Annotations {
	details, stated := extensions["x-ms-deprecation"].(map[string]any)
	if !deprecated && !stated {
		return nil
	}
	revision := record(pos, valueOf("Kind", constant("EnumMember", "Core.RevisionKind/Deprecated", pos)))
	for _, f := range []struct{ key, property, kind string }{
		{"description", "Description", "String"}, {"version", "Version", "String"},
		{"date", "Date", "Date"}, {"removalDate", "RemovalDate", "Date"},
	} {
		if v := text(details, f.key); v != "" {
			revision.Properties = append(revision.Properties, valueOf(f.property, constant(f.kind, v, pos)))
		}
	}
	return edm.Annotations{annotation(edm.TermRevisions, collection(pos, revision), pos)}
}
