// Package convert writes an EDM model as an OpenAPI 3.0 description in YAML, in the form
// that Microsoft Graph publishes: schemas with their bases and discriminators, and the
// paths below the entity container.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package convert

import (
	"bytes"
	"cmp"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// Options hold what a description says beyond the model.
type Options struct {
	Server string // address of the service, such as https://graph.microsoft.com/beta; may be empty
	Header string // comment lines at the top
}

// YAML writes a linked model. It also returns notes about what the description cannot
// express: operations without a path, terms, and so on.
func YAML(m *edm.Model, o Options) ([]byte, []diag.Finding, error) {
	w := &writer{
		model: m, options: o, reached: make(map[*edm.Operation]bool), written: make(map[string]bool), ids: make(map[string]bool), shared: make(map[string]bool),
		shapes: make(map[string]bool), keyed: make(map[*edm.StructuredType]bool),
		responses: mapping(), envelopes: mapping(), schemes: mapping(),
	}
	if header := strings.TrimSpace(o.Header); header != "" {
		for line := range strings.Lines(header) {
			w.out.WriteString(strings.TrimRight("# "+line, " \n") + "\n")
		}
	}
	w.document()
	w.lost()
	if w.err != nil {
		return nil, nil, w.err
	}
	return w.out.Bytes(), w.notes.Findings(), nil
}

// writer writes a description.
type writer struct {
	model   *edm.Model
	options Options
	out     bytes.Buffer
	err     error // the first one
	notes   diag.List
	depth   int // of paths: see depthOfPaths

	reached map[*edm.Operation]bool // operations with a path
	written map[string]bool         // paths
	ids     map[string]bool         // operationIds
	shared  map[string]bool         // components/responses, by name
	shapes  map[string]bool         // geographic and geometric types that are used

	keyed map[*edm.StructuredType]bool // types whose keys paths show

	responses *yaml.Node // components/responses
	envelopes *yaml.Node // schemas of collections in responses
	schemes   *yaml.Node // security schemes
}

func (w *writer) document() {
	title := "OData service"
	if namespace := w.namespace(); namespace != "" {
		title = "OData Service for namespace " + namespace
	}
	version := "1.0"
	if w.options.Server != "" {
		version = path.Base(strings.TrimRight(w.options.Server, "/"))
	}
	w.emit("openapi", str("3.0.4"))
	w.emit("info", mapping("title", str(title), "version", str(version)))
	if w.options.Server != "" {
		w.emit("servers", list(mapping("url", str(w.options.Server))))
	}
	w.paths()
	w.out.WriteString("components:\n")
	w.schemas()
	if len(w.responses.Content) > 0 {
		w.emit("responses", w.responses, "components")
		w.emit("parameters", queryOptions(), "components")
	}
	if len(w.schemes.Content) > 0 {
		w.emit("securitySchemes", w.schemes, "components")
	}
}

// emit writes a key and its value within mappings begun before. It does not retain them: a
// description can be large, and its nodes are larger.
func (w *writer) emit(key string, value *yaml.Node, within ...string) {
	if w.err != nil {
		return
	}
	n := mapping(key, value)
	for _, outer := range slices.Backward(within) {
		n = mapping(outer, n)
	}
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	w.err = cmp.Or(e.Encode(n), e.Close())
	text := b.Bytes()
	for range within {
		_, text, _ = bytes.Cut(text, []byte("\n"))
	}
	w.out.Write(text)
}

// namespace returns the namespace of the entity container, or else the first one.
func (w *writer) namespace() string {
	if w.model.Container != nil {
		return w.model.Container.Name.Namespace
	}
	if len(w.model.Schemas) > 0 {
		return w.model.Schemas[0].Namespace
	}
	return ""
}

// lost notes the elements that an OpenAPI description cannot express.
func (w *writer) lost() {
	for o := range w.model.Operations() {
		if !w.reached[o] {
			w.notes.Add(o.Pos, o.Name.String(), "no path leads to what the operation is bound to: it is left out")
		}
	}
	for _, s := range w.model.Schemas {
		for _, t := range s.Terms {
			w.notes.Add(t.Pos, t.Name.String(), "OpenAPI has no terms: it is left out")
		}
	}
}

// mapping returns a mapping of keys and values.
func mapping(pairs ...any) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	for i := 0; i+1 < len(pairs); i += 2 {
		set(n, pairs[i].(string), pairs[i+1].(*yaml.Node))
	}
	return n
}

// set adds a key to a mapping, unless the value is nil.
func set(n *yaml.Node, key string, value *yaml.Node) {
	if value != nil {
		n.Content = append(n.Content, str(key), value)
	}
}

func list(items ...*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: items}
}

// str returns a string. The encoder quotes it if it would be read as something else.
func str(s string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	if strings.Contains(s, "\n") {
		n.Style = yaml.DoubleQuotedStyle
	}
	return n
}

func boolean(b bool) *yaml.Node {
	if b {
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: "true"}
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: "false"}
}

func integer(text string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: text}
}

// words returns text without its line breaks, nil if it is empty.
func words(text string) *yaml.Node {
	if text = joined(text); text == "" {
		return nil
	}
	return str(text)
}

func joined(text string) string {
	isSpace := func(c rune) bool { return strings.ContainsRune(" \t\r\n", c) }
	return strings.Join(strings.FieldsFunc(text, isSpace), " ")
}

// about returns the description of an element, followed by the long one in a paragraph of
// its own.
func about(a edm.Annotations) *yaml.Node {
	first, rest := joined(a.Description()), joined(a.LongDescription())
	switch {
	case first == "" || rest == "":
		return words(first + rest)
	}
	return str(first + "\n\n" + rest)
}

// deprecated adds whether and why an element is deprecated.
func deprecated(n *yaml.Node, a edm.Annotations) {
	for _, r := range a.Revisions() {
		if r.Kind != "Deprecated" {
			continue
		}
		set(n, "deprecated", boolean(true))
		details := mapping()
		for _, f := range [][2]string{{"removalDate", r.RemovalDate}, {"date", r.Date}, {"version", r.Version}, {"description", r.Description}} {
			set(details, f[0], words(f[1]))
		}
		if len(details.Content) > 0 {
			set(n, "x-ms-deprecation", details)
		}
		return
	}
}

func reference(kind, name string) *yaml.Node {
	return mapping("$ref", str("#/components/"+kind+"/"+name))
}
