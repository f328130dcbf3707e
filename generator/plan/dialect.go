package plan

import (
	"cmp"
	"regexp"
	"slices"

	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/spec/edm"
)

// dialect is how a service wants its URLs and values: as Microsoft Graph, or as OData has it.
type dialect struct {
	graph   bool
	given   bool // service differs from what Microsoft Graph wants
	short   bool // the description names operations as URLs do, which OpenAPI does
	service goir.Service
}

// dialectOf reads the dialect off a description; what a configuration says goes first.
func dialectOf(in Input) dialect {
	d := dialect{graph: names.IsGraph(in.Model), short: in.Model.KeySegments != nil}
	c := in.Model.Container
	if c == nil {
		c = new(edm.EntityContainer)
	}
	d.service.Base = in.Server
	d.service.Segments = d.graph || c.Annotations.Bool(capabilities+"KeyAsSegmentSupported")
	if in.Model.KeySegments != nil {
		d.service.Segments = *in.Model.KeySegments
	}
	defaults := defaultNamespaces(in.Model)
	d.service.Qualified = !d.graph && !d.short && len(defaults) == 0
	d.service.EnumTypes = !d.graph && !d.short && in.Model.Version != "4.01"
	switch {
	case d.graph:
		d.service.Namespaces = []string{"microsoft.graph"}
	case d.short && c.Name.Namespace != edm.Unqualified && c.Name.Namespace != "":
		d.service.Namespaces = []string{c.Name.Namespace}
	case !d.short:
		d.service.Namespaces = defaults
		if len(defaults) == 0 {
			d.service.Namespaces = operationNamespaces(in.Model)
		}
		slices.Sort(d.service.Namespaces)
	}
	chosen := func(part, yes, no string, to *bool) {
		switch in.Addresses[part] {
		case yes:
			*to, d.given = true, true
		case no:
			*to, d.given = false, true
		}
	}
	chosen("keys", "segments", "parentheses", &d.service.Segments)
	chosen("operations", "qualified", "unqualified", &d.service.Qualified)
	chosen("enums", "typed", "plain", &d.service.EnumTypes)
	d.setProtocol(in)
	return d
}

// setProtocol sets the version of OData and the format of batches: those of the description,
// if it is in CSDL, unless the configuration has others.
func (d *dialect) setProtocol(in Input) {
	version, batches := in.ODataVersion, in.Batches
	d.given = d.given || version != "" || batches != ""
	if !d.graph && !d.short {
		version = cmp.Or(version, in.Model.Version)
		if batches == "" && in.Model.Version == "4.01" {
			batches = "json"
		}
		batches = cmp.Or(batches, "multipart")
	}
	if version != "none" {
		d.service.Version = version
	}
	switch batches {
	case "json":
		d.service.Batches = "JSONBatch"
	case "multipart":
		d.service.Batches = "MultipartBatch"
	}
}

// defaultNamespaces returns the namespaces whose operations are called without it.
func defaultNamespaces(m *edm.Model) []string {
	var all []string
	for _, s := range m.Schemas {
		if s.Annotations.Bool("Org.OData.Core.V1.DefaultNamespace") {
			all = append(all, s.Namespace)
		}
	}
	return all
}

// operationNamespaces returns the namespaces of bound operations.
func operationNamespaces(m *edm.Model) []string {
	var all []string
	for op := range m.Operations() {
		if op.Bound && !slices.Contains(all, op.Name.Namespace) {
			all = append(all, op.Name.Namespace)
		}
	}
	return all
}

// generated returns what the client of a package says of the service, nil for Microsoft Graph.
func (d dialect) generated() *goir.Service {
	if d.graph && !d.given && d.service.Base == "" {
		return nil
	}
	return &d.service
}

// segment is how generated code names an operation: as the URLs of the service have it by
// default, or with its namespace, which the client leaves out.
func (r *requests) segment(op *edm.Operation) string {
	d := r.dialect
	if !d.graph && !d.short {
		return op.Name.String()
	}
	if c := r.in.Model.Container; c != nil && c.Name.Namespace == op.Name.Namespace || op.Name.Namespace == edm.Unqualified {
		return op.Name.Name
	}
	return op.Name.String()
}

// shownOperation is how an operation is called in a path.
func (r *requests) shownOperation(op *edm.Operation) string {
	if s := r.dialect.service; !s.Qualified && slices.Contains(s.Namespaces, op.Name.Namespace) {
		return op.Name.Name
	}
	return r.segment(op)
}

var segmentKey = regexp.MustCompile(`/(\{[^/{}]*\})`)

// shown is how a path is shown: with keys as the service wants them.
func (r *requests) shown(path string) string {
	if r.dialect.service.Segments {
		return path
	}
	return segmentKey.ReplaceAllString(path, "($1)")
}
