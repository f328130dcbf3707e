// Package csdl reads OData CSDL XML 4.0 and 4.01 into an EDM model. Nothing in a
// document is ignored: what is not CSDL is a finding, or noted as skipped where
// CSDL lets documents have it.
//
// Documents are not trusted: names are checked to be names, document type
// declarations are refused, nothing is fetched, and there are bounds on how deep
// elements nest and types derive.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package csdl

import (
	"bytes"
	"encoding/xml"

	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// Read reads a description and links it. The file name is used for positions only.
// The error is a [*diag.Error] with every finding.
func Read(file string, data []byte) (*edm.Model, error) {
	r := newReader(file, data)
	r.document()
	if !r.stopped {
		r.findings.AddError(r.model.Link())
	}
	if err := r.findings.Err(); err != nil {
		return nil, err
	}
	return r.model, nil
}

// Parse reads a description without linking it: an overlay, whose names are those
// of another description.
func Parse(file string, data []byte) (*edm.Model, error) {
	r := newReader(file, data)
	r.document()
	if err := r.findings.Err(); err != nil {
		return nil, err
	}
	return r.model, nil
}

// reader reads one document.
type reader struct {
	file     string
	dec      *xml.Decoder
	depth    int  // of the element being read
	stopped  bool // by a finding that leaves nothing to go on with
	model    *edm.Model
	findings diag.List
}

func newReader(file string, data []byte) *reader {
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // so that columns count from the text
	dec := xml.NewDecoder(bytes.NewReader(data))
	dec.CharsetReader = charset
	return &reader{file: file, dec: dec, model: new(edm.Model)}
}

// document reads all of the document: one Edmx element.
func (r *reader) document() {
	seen := false
	for {
		token, pos := r.next()
		switch token := token.(type) {
		case nil:
			if !seen && !r.stopped {
				r.stop(diag.Pos{File: r.file, Line: 1, Col: 1}, "empty file: a CSDL XML document is needed")
			}
			return
		case xml.CharData:
			if len(bytes.TrimSpace(token)) > 0 {
				r.stop(pos, "not CSDL XML: text stands outside of the root element")
			}
		case xml.StartElement:
			if seen {
				r.stop(pos, "second root element <%s>: a document has one, <edmx:Edmx>", token.Name.Local)
				return
			}
			seen = true
			r.root(token, pos)
		}
	}
}

func (r *reader) root(start xml.StartElement, pos diag.Pos) {
	e := r.open(nil, start, pos)
	switch {
	case e.tag != "Edmx":
		r.stop(pos, "not CSDL XML: the root element is <%s>, not <edmx:Edmx>", e.tag)
	case start.Name.Space != nsEDMX:
		r.stop(pos, "unsupported XML namespace %s of <Edmx>: use that of CSDL 4.0 and 4.01, %s", edm.Quote(start.Name.Space), nsEDMX)
	default:
		r.edmx(e)
	}
}

func (r *reader) edmx(e *element) {
	r.model.Version = e.need("Version")
	if v := r.model.Version; v != "" && v != "4.0" && v != "4.01" {
		e.finding("unsupported Version %s: 4.0 and 4.01 are supported", edm.Quote(v))
	}
	e.children(func(c *element) bool {
		switch c.tag {
		case "Reference":
			r.model.References = append(r.model.References, r.reference(c))
		case "DataServices":
			c.children(func(s *element) bool {
				if s.tag != "Schema" {
					return false
				}
				r.schema(s)
				return true
			})
		default:
			return false
		}
		return true
	})
	if len(r.model.Schemas) == 0 && r.findings.Len() == 0 {
		e.finding("no schema: <edmx:DataServices> needs at least one <Schema>")
	}
}

// reference reads a Reference. What it refers to is never fetched.
func (r *reader) reference(e *element) *edm.Reference {
	ref := &edm.Reference{URI: e.need("Uri"), Pos: e.pos}
	e.annotated(&ref.Annotations, func(c *element) bool {
		switch c.tag {
		case "Include":
			inc := &edm.Include{Namespace: c.namespace("Namespace"), Alias: c.alias(), Pos: c.pos}
			c.annotated(&inc.Annotations, nil)
			ref.Includes = append(ref.Includes, inc)
		case "IncludeAnnotations":
			ref.IncludeAnnotations = append(ref.IncludeAnnotations, &edm.IncludeAnnotations{
				TermNamespace: c.namespace("TermNamespace"), Qualifier: c.qualifier(),
				TargetNamespace: c.text("TargetNamespace"), Pos: c.pos,
			})
		default:
			return false
		}
		return true
	})
	return ref
}

func (r *reader) schema(e *element) {
	s := &edm.Schema{Namespace: e.namespace("Namespace"), Alias: e.alias(), Pos: e.pos}
	e.id = s.Namespace
	r.model.Schemas = append(r.model.Schemas, s)
	e.annotated(&s.Annotations, func(c *element) bool {
		switch c.tag {
		case "EntityType":
			s.Types = append(s.Types, r.structured(c, s, edm.Entity))
		case "ComplexType":
			s.Types = append(s.Types, r.structured(c, s, edm.Complex))
		case "EnumType":
			s.Types = append(s.Types, r.enum(c, s))
		case "TypeDefinition":
			s.Types = append(s.Types, r.definition(c, s))
		case "Action":
			s.Actions = append(s.Actions, r.operation(c, s))
		case "Function":
			s.Functions = append(s.Functions, r.operation(c, s))
		case "Term":
			s.Terms = append(s.Terms, r.term(c, s))
		case "Annotations":
			s.External = append(s.External, r.external(c))
		case "EntityContainer":
			r.container(c, s)
		default:
			return false
		}
		return true
	})
}
