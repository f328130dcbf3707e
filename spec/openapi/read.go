// Package openapi reads OpenAPI 3.0 and 3.1 descriptions, in JSON or YAML, into an EDM
// model: schemas become types, and the paths of an OData service become its entity
// container, navigation properties and operations. It is tuned to the form that Microsoft
// Graph publishes.
//
// Documents are not trusted: size, nesting and repetition by anchors are limited, names are
// validated, and nothing is fetched. References to other files are rejected, unless a
// folder is named for them.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package openapi

import (
	"fmt"
	"os"

	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// Options control how a description is read.
type Options struct {
	Refs   string // the folder of files that references may name; "" rejects such references
	Strict bool   // faults are errors instead of notes
}

// Read reads and links a description. The file name is used for positions and as the base
// of relative references.
//
// The notes say what the model cannot hold and what was repaired, sorted by position. If
// reading cannot continue, the error is a [*diag.Error] with all findings.
func Read(file string, data []byte, o Options) (*edm.Model, []diag.Finding, error) {
	r := &reader{
		options: o, model: &edm.Model{Version: "4.0"}, others: make(map[string]*document),
		named: make(map[place]*component), inline: make(map[schemaPointer]*component), taken: make(map[edm.QName]bool), noted: make(map[noteKey]bool),
		types: make(map[string]*component), simple: make(map[string][]*component),
	}
	defer r.close()
	if r.root = r.load(file, data); r.root != nil {
		r.description()
	}
	if r.findings.Len() == 0 {
		faults := r.model.LinkLeniently()
		if o.Strict {
			r.findings.AddError(faults.Strict())
		}
		r.notes.AddError(asError(faults.Notes()))
	}
	if err := r.findings.Err(); err != nil {
		return nil, nil, err
	}
	return r.model, r.notes.Findings(), nil
}

func asError(notes []diag.Finding) error {
	if len(notes) == 0 {
		return nil
	}
	return &diag.Error{Findings: notes}
}

// reader reads one description.
type reader struct {
	options  Options
	root     *document
	others   map[string]*document // by file
	folder   *os.Root             // of options.Refs, opened when needed
	model    *edm.Model
	findings diag.List
	notes    diag.List
	noted    map[noteKey]bool

	odata      bool // the description belongs to an OData service
	marked     bool // its navigation properties are marked
	components []*component
	named      map[place]*component
	inline     map[schemaPointer]*component // schemas without name that became types
	taken      map[edm.QName]bool
	types      map[string]*component   // structured types by qualified name
	simple     map[string][]*component // by unqualified name
	namespace  string                  // of most types
	members    int                     // of all types together
}

// place identifies a component.
type place struct {
	doc  *document
	name string
}

// description reads the document. Types come first, because paths refer to them. But paths
// show which types are entity types, so types are finished after a look at the paths.
func (r *reader) description() {
	r.detect()
	r.badNames()
	r.declareAll()
	r.build()
	r.mappings()
	r.redeclared()
	r.namespace = r.mainNamespace()
	tree := r.tree()
	r.kinds(tree)
	r.build() // components added by the paths
	r.finish()
	r.paths(tree)
	r.build()
	r.finish()
	if !r.odata {
		r.note(r.root.start(), "", "this is not an OData service: its schemas become structs, but nothing is made of its %d paths. "+
			`What is built in Go is sent with an "@odata.type", unless AdditionalData.Delete("@odata.type") was called`, r.root.doc.Paths.Len())
	}
	if len(r.model.Schemas) == 0 && r.findings.Len() == 0 {
		r.findings.Add(r.root.start(), "", "no schema: components/schemas of the description is empty")
	}
}

// note adds a note, once for each place in the document, though several types may be made
// from it.
func (r *reader) note(pos diag.Pos, element, format string, args ...any) {
	key := noteKey{pos, fmt.Sprintf(format, args...)}
	if !r.noted[key] {
		r.noted[key] = true
		r.notes.Add(pos, element, "%s", key.text)
	}
}

type noteKey struct {
	pos  diag.Pos
	text string
}

func (r *reader) close() {
	if r.folder != nil {
		r.folder.Close()
	}
}

// schema returns the schema of a namespace in the model, creating it if necessary.
func (r *reader) schema(namespace string, pos diag.Pos) *edm.Schema {
	for _, s := range r.model.Schemas {
		if s.Namespace == namespace {
			return s
		}
	}
	s := &edm.Schema{Namespace: namespace, Pos: pos}
	r.model.Schemas = append(r.model.Schemas, s)
	return s
}
