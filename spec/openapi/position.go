package openapi

import (
	"bytes"
	"cmp"
	"slices"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v4"

	"github.com/callgen/callgen/spec/diag"
)

// setText sets the text of a document and records where its lines begin.
func (d *document) setText(text []byte) {
	d.text = text
	d.lines = append(make([]int, 0, 1+bytes.Count(text, []byte("\n"))), 0)
	for i, c := range text {
		if c == '\n' || c == '\r' && (i+1 == len(text) || text[i+1] != '\n') {
			d.lines = append(d.lines, i+1)
		}
	}
}

// offset returns the offset in the text of a parser position, whose column counts
// characters.
func (d *document) offset(line, column int) (int, bool) {
	if line < 1 || line > len(d.lines) {
		return 0, false
	}
	at := d.lines[line-1]
	for ; column > 1 && at < len(d.text); column-- {
		_, n := utf8.DecodeRune(d.text[at:])
		at += n
	}
	return at, at <= len(d.text)
}

// at converts a parser position into one whose column counts bytes.
func (d *document) at(line, column int) diag.Pos {
	pos := diag.Pos{File: d.file, Line: max(1, line-d.indentLines)}
	if offset, ok := d.offset(line, column); ok && column > 0 {
		pos.Col = max(1, offset-d.lines[line-1]+1-d.indentCols)
	}
	return pos
}

func (d *document) start() diag.Pos { return diag.Pos{File: d.file, Line: 1, Col: 1} }

func (d *document) pos(n *yaml.Node) diag.Pos { return d.at(n.Line, n.Column) }

// origin returns the position of something with an origin: its key.
func (d *document) origin(o *openapi3.Origin) diag.Pos {
	switch {
	case o == nil:
	case o.Key != nil:
		return d.at(o.Key.Line, o.Key.Column)
	case len(o.Fields) > 0:
		return d.at(o.Fields[0].Line, o.Fields[0].Column)
	}
	return diag.Pos{File: d.file}
}

// field returns the position of a field, or else of the thing itself.
func (d *document) field(o *openapi3.Origin, name string) diag.Pos {
	if o != nil {
		if at, ok := o.Fields.Lookup(name); ok {
			return d.at(at.Line, at.Column)
		}
	}
	return d.origin(o)
}

// item returns the position of an item in a list of strings.
func (d *document) item(o *openapi3.Origin, name string, i int) diag.Pos {
	if o != nil && i < len(o.Sequences[name]) {
		at := o.Sequences[name][i]
		return d.at(at.Line, at.Column)
	}
	return d.field(o, name)
}

// inOrder returns the keys of a map in document order, which kin-openapi does not keep.
func inOrder[V any](m map[string]V, origin func(V) *openapi3.Origin) []string {
	type entry struct {
		name         string
		line, column int
	}
	entries := make([]entry, 0, len(m))
	for name, v := range m {
		e := entry{name: name}
		if o := origin(v); o != nil && o.Key != nil {
			e.line, e.column = o.Key.Line, o.Key.Column
		}
		entries = append(entries, e)
	}
	slices.SortFunc(entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.column, b.column), cmp.Compare(a.name, b.name))
	})
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.name
	}
	return names
}

func schemaOrigin(s *openapi3.SchemaRef) *openapi3.Origin {
	switch {
	case s == nil:
		return nil
	case s.Value != nil && s.Value.Origin != nil && s.Value.Origin.Key != nil:
		return s.Value.Origin
	}
	return s.Origin
}

func pathOrigin(p *openapi3.PathItem) *openapi3.Origin {
	if p == nil {
		return nil
	}
	return p.Origin
}

func responseOrigin(r *openapi3.ResponseRef) *openapi3.Origin {
	switch {
	case r == nil:
		return nil
	case r.Value != nil && r.Value.Origin != nil && r.Value.Origin.Key != nil:
		return r.Value.Origin
	}
	return r.Origin
}
