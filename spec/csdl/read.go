// Package csdl reads OData CSDL XML 4.0 and 4.01 into an EDM model. It ignores nothing
// silently: anything but CSDL is a fault, or noted as skipped where CSDL allows it.
//
// Published descriptions have faults that their users cannot correct. The package rejects
// only documents that leave nothing to build on; otherwise it omits the smallest faulty
// part, or keeps it unchanged, and adds a note.
//
// Documents are not trusted: names are validated, nothing is fetched, and the depth of
// elements and of inheritance is limited.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package csdl

import (
	"encoding/xml"

	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// Document is a file of a description.
type Document struct {
	Name string // for positions
	Data []byte
}

// Options control how a description is read.
type Options struct {
	Refs   string // the folder of the files that references may name; "" for none
	Strict bool   // every note is an error

	// Change changes the model before it is linked, and returns notes. Its references are
	// qualified names then. It may be nil.
	Change func(*edm.Model) []diag.Finding
}

// ReadAll reads a description of one or more documents and links it. References may name
// the other documents, and files below the folder of the options.
//
// The notes say what was left out or not taken literally, sorted by position. If nothing
// remains to build on, the error is a [*diag.Error] with all findings.
func ReadAll(documents []Document, o Options) (*edm.Model, []diag.Finding, error) {
	s := newSet()
	for _, d := range documents {
		s.read(d, len(documents) == 1)
	}
	if o.Refs != "" {
		s.follow(o.Refs)
	}
	var changed []diag.Finding
	if s.findings.Len() == 0 {
		if o.Change != nil {
			s.findings.AddFaults(s.model.QualifyLeniently())
			changed = o.Change(s.model)
		}
		s.findings.AddFaults(s.model.LinkLeniently())
	}
	s.checkTypes(documents)
	err := s.findings.Err()
	if o.Strict {
		err = s.findings.Strict()
	}
	if err != nil {
		return nil, nil, err
	}
	return s.model, append(s.findings.Notes(), changed...), nil
}

// Read reads and links a description without faults. The file name is used only for
// positions. The error is a [*diag.Error] with all findings.
func Read(file string, data []byte) (*edm.Model, error) {
	r := newReader(file, data)
	r.document()
	if r.kind {
		return nil, r.findings.Err() // further findings would be of no use
	}
	if !r.stopped {
		r.findings.AddFaults(r.model.LinkLeniently())
	}
	if err := r.findings.Strict(); err != nil {
		return nil, err
	}
	return r.model, nil
}

// Parse reads a description without linking it: an overlay without faults, whose names
// belong to another description.
func Parse(file string, data []byte) (*edm.Model, error) {
	r := newReader(file, data)
	r.document()
	if err := r.findings.Strict(); err != nil {
		return nil, err
	}
	return r.model, nil
}

// reader reads one document.
type reader struct {
	file     string
	dec      *xml.Decoder
	depth    int    // of the element being read
	schemas  int    // number of schemas so far
	stopped  bool   // by a fatal finding
	kind     bool   // stopped because this is no CSDL 4 at all
	four     bool   // the wrapper is one of CSDL 4
	old      string // XML namespace of content in a version before CSDL 4
	model    *edm.Model
	findings diag.List
}

// document reads the whole document: one Edmx element.
func (r *reader) document() {
	seen := false
	for {
		token, pos := r.next()
		switch token := token.(type) {
		case nil:
			if !seen && !r.stopped {
				r.stop(r.start(), "empty file: a CSDL XML document is needed")
			}
			return
		case xml.CharData:
			if isSpace(token) {
				continue
			}
			r.kind = !seen
			r.stop(pos, "not CSDL XML: text stands outside of the root element")
		case xml.StartElement:
			if seen {
				r.stop(pos, "second root element <%s>: a document has one, <edmx:Edmx>", edm.Shown(token.Name.Local))
				return
			}
			seen = true
			r.root(token, pos)
		}
	}
}

// start returns the beginning of the document.
func (r *reader) start() diag.Pos { return diag.Pos{File: r.file, Line: 1, Col: 1} }

func (r *reader) root(start xml.StartElement, pos diag.Pos) {
	if other := otherKind(start.Name); other != "" {
		r.kind = true
		r.stop(pos, "%s", other)
		return
	}
	e := r.open(nil, start, pos)
	if e.tag == "Schema" {
		e.fault("put it into <edmx:Edmx> and <edmx:DataServices>", "it is read as if it were in <edmx:Edmx>", "<Schema> is the root element")
		r.model.Version = "4.0"
		r.schema(e)
		return
	}
	if isOld(start.Name.Space) {
		r.old = start.Name.Space
	}
	if start.Name.Space != nsEDMX {
		e.fault("use the one of CSDL 4.0 and 4.01, "+nsEDMX, "it is read anyway", "unsupported XML namespace %s of <Edmx>", edm.Quote(start.Name.Space))
	}
	r.edmx(e)
}

func (r *reader) edmx(e *element) {
	r.model.Version = "4.0"
	switch v := e.need("Version", "it is read as 4.0"); v {
	case "4.0", "4.01":
		r.model.Version = v
		r.four = r.old == ""
	case "":
	default:
		e.fault("4.0 and 4.01 are supported", "it is read as 4.0", "unsupported Version %s", edm.Quote(v))
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
		case "Schema":
			c.fault("put it into <edmx:DataServices>", "it is read as if it were", "<Schema> is not in <edmx:DataServices>")
			r.schema(c)
		default:
			return false
		}
		return true
	})
	switch {
	case r.schemas > 0 || r.stopped:
	case r.old != "":
		r.kind = true
		r.stop(e.pos, "%s", oldKind(r.old))
	default:
		e.fault("<edmx:DataServices> needs at least one <Schema>", passedOver, "no schema")
	}
}

// reference reads a Reference. The referenced document is never fetched.
func (r *reader) reference(e *element) *edm.Reference {
	ref := &edm.Reference{URI: e.need("Uri", "what it includes is not looked for"), Pos: e.pos}
	e.annotated(&ref.Annotations, func(c *element) bool {
		switch c.tag {
		case "Include":
			inc := &edm.Include{Namespace: c.namespace("Namespace"), Alias: c.alias(), Pos: c.pos}
			c.annotated(&inc.Annotations, nil)
			if inc.Namespace != "" {
				ref.Includes = append(ref.Includes, inc)
			}
		case "IncludeAnnotations":
			inc := &edm.IncludeAnnotations{
				TermNamespace: c.namespace("TermNamespace"), Qualifier: c.qualifier(),
				TargetNamespace: c.text("TargetNamespace"), Pos: c.pos,
			}
			if inc.TermNamespace != "" {
				ref.IncludeAnnotations = append(ref.IncludeAnnotations, inc)
			}
		default:
			return false
		}
		return true
	})
	return ref
}

func (r *reader) schema(e *element) {
	r.schemas++
	s := &edm.Schema{Namespace: e.ofSchema(), Alias: e.alias(), Pos: e.pos}
	e.id = s.Namespace
	if s.Namespace == "" {
		e.pass()
		return
	}
	r.model.Schemas = append(r.model.Schemas, s)
	add := func(t edm.Type) {
		if t.TypeName().Name != "" {
			s.Types = append(s.Types, t)
		}
	}
	e.annotated(&s.Annotations, func(c *element) bool {
		switch c.tag {
		case "EntityType":
			add(r.structured(c, s, edm.Entity))
		case "ComplexType":
			add(r.structured(c, s, edm.Complex))
		case "EnumType":
			add(r.enum(c, s))
		case "TypeDefinition":
			add(r.definition(c, s))
		case "Action":
			if o := r.operation(c, s); o.Name.Name != "" {
				s.Actions = append(s.Actions, o)
			}
		case "Function":
			if o := r.operation(c, s); o.Name.Name != "" {
				s.Functions = append(s.Functions, o)
			}
		case "Term":
			if t := r.term(c, s); t.Name.Name != "" {
				s.Terms = append(s.Terms, t)
			}
		case "Annotations":
			if t := r.external(c); t.Target != "" {
				s.External = append(s.External, t)
			}
		case "EntityContainer":
			r.container(c, s)
		default:
			return false
		}
		return true
	})
}
