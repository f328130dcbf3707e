package openapi

import (
	"bytes"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/callgen/callgen/internal/bounded"
	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// reference returns the reference in a schema, or "" if it is not a reference.
func reference(s *openapi3.Schema) string {
	if s == nil {
		return ""
	}
	return text(s.Extensions, refKey)
}

// text returns an extension with a string value.
func text(extensions map[string]any, name string) string {
	s, _ := extensions[name].(string)
	return s
}

// resolve returns the component that a reference names, or nil. A broken reference is
// noted; one to a forbidden file is a finding.
func (r *reader) resolve(d *document, ref string, pos diag.Pos, element string) *component {
	file, pointer, _ := strings.Cut(ref, "#")
	in := d
	if file != "" {
		if in = r.other(d, file, pos, element); in == nil {
			return nil
		}
		if pointer == "" {
			pointer = "/components/schemas/" + schemaOfFile
		}
	}
	if c := r.point(in, pointer); c != nil {
		return c
	}
	if file == "" && !strings.HasPrefix(ref, "#") {
		// A plain name, as used in discriminators.
		if c := r.named[place{d, ref}]; c != nil {
			return c
		}
	}
	r.note(pos, element, "the reference %s leads nowhere: it is read as any value", edm.Quote(ref))
	return nil
}

// point resolves a JSON pointer to a schema: a component, or a schema inside one.
func (r *reader) point(d *document, pointer string) *component {
	rest, ok := strings.CutPrefix(pointer, "/components/schemas/")
	if !ok {
		return nil
	}
	steps := strings.Split(rest, "/")
	for i, step := range steps {
		if plain, err := url.PathUnescape(step); err == nil {
			step = plain
		}
		steps[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(step)
	}
	name := steps[0]
	c := r.named[place{d, name}]
	if c == nil && d != r.root {
		if s := d.doc.Components.Schemas[name]; s != nil && s.Value != nil {
			c = r.declare(d, name, s)
		}
	}
	if c == nil || len(steps) == 1 {
		return c
	}
	s := step(c.schema, steps[1:])
	if s == nil || s.Value == nil {
		return nil
	}
	return r.nested(c, s.Value, steps[len(steps)-1])
}

// step goes from a schema to one inside it.
func step(s *openapi3.Schema, steps []string) *openapi3.SchemaRef {
	var next *openapi3.SchemaRef
	for len(steps) > 0 {
		if s == nil {
			return nil
		}
		word := steps[0]
		steps = steps[1:]
		switch word {
		case "items":
			next = s.Items
		case "additionalProperties":
			next = s.AdditionalProperties.Schema
		case "not":
			next = s.Not
		case "properties", "$defs", "allOf", "anyOf", "oneOf":
			if len(steps) == 0 {
				return nil
			}
			next = member(s, word, steps[0])
			steps = steps[1:]
		default:
			return nil
		}
		if next == nil {
			return nil
		}
		s = next.Value
	}
	return next
}

func member(s *openapi3.Schema, word, name string) *openapi3.SchemaRef {
	var list openapi3.SchemaRefs
	switch word {
	case "properties":
		return s.Properties[name]
	case "$defs":
		return s.Defs[name]
	case "allOf":
		list = s.AllOf
	case "anyOf":
		list = s.AnyOf
	case "oneOf":
		list = s.OneOf
	}
	if i, err := strconv.Atoi(name); err == nil && i >= 0 && i < len(list) {
		return list[i]
	}
	return nil
}

// other returns another file, if references to it are allowed.
func (r *reader) other(from *document, file string, pos diag.Pos, element string) *document {
	if r.options.Refs == "" {
		r.findings.Add(pos, element, "refused: a reference to another file, %s: allow it by naming the folder that it is below, with refs: FOLDER or --refs FOLDER", edm.Quote(file))
		return nil
	}
	u, err := url.Parse(file)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Path == "" {
		r.findings.Add(pos, element, "refused: a reference to %s, which is not a relative path: only files are read", edm.Quote(file))
		return nil
	}
	name := filepath.Join(filepath.Dir(from.file), filepath.FromSlash(u.Path))
	if path.IsAbs(u.Path) {
		name = filepath.FromSlash(u.Path)
	}
	if d, ok := r.others[name]; ok {
		return d
	}
	r.others[name] = nil // stays nil after an error, which is reported once
	if sameFile(name, r.root.file) {
		r.others[name] = r.root
		return r.root
	}
	data, err := r.readBelow(name)
	if err != nil {
		r.findings.Add(pos, element, "the file %s cannot be read below the folder %s: %v", edm.Quote(u.Path), edm.Quote(filepath.ToSlash(r.options.Refs)), cause(err))
		return nil
	}
	d := r.loadPart(filepath.ToSlash(name), data)
	r.others[name] = d
	return d
}

func sameFile(a, b string) bool { return filepath.Clean(a) == filepath.Clean(filepath.FromSlash(b)) }

// cause returns the error of a file without its path.
func cause(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}

// maxFiles limits the number of files read because of references.
const maxFiles = 4096

// readBelow reads a file below the folder of the options. It does not follow links out of
// it.
func (r *reader) readBelow(name string) ([]byte, error) {
	if len(r.others) > maxFiles {
		return nil, errors.New("too many files")
	}
	if r.folder == nil {
		folder, err := os.OpenRoot(r.options.Refs)
		if err != nil {
			return nil, err
		}
		r.folder = folder
	}
	base, err := filepath.Abs(r.options.Refs)
	if err != nil {
		return nil, err
	}
	full, err := filepath.Abs(name)
	if err != nil {
		return nil, err
	}
	below, err := filepath.Rel(base, full)
	if err != nil || !filepath.IsLocal(below) {
		return nil, errors.New("it is elsewhere")
	}
	return bounded.ReadFileIn(r.folder, below)
}

// schemaOfFile is the name of the schema in a file that holds a bare schema.
const schemaOfFile = "."

// loadPart reads a referenced file: a description, or a bare schema, which becomes the only
// schema of a description. Positions refer to the original file.
func (r *reader) loadPart(file string, data []byte) *document {
	if len(data) > maxSize || isDescription(data) {
		return r.load(file, data)
	}
	const head = "openapi: 3.0.3\ninfo: {title: '', version: ''}\npaths: {}\ncomponents:\n  schemas:\n    " + schemaOfFile + ":\n"
	const indent = "      "
	d := &document{file: file, indentLines: strings.Count(head, "\n"), indentCols: len(indent)}
	var b bytes.Buffer
	b.WriteString(head)
	for line := range bytes.Lines(clean(data)) {
		b.WriteString(indent)
		b.Write(line)
	}
	d.setText(b.Bytes())
	root := r.parse(d)
	if root == nil {
		return nil
	}
	return r.typed(d, root)
}

// isDescription reports whether a file states its version of OpenAPI at the top level.
func isDescription(data []byte) bool {
	for line := range bytes.Lines(data) {
		word := bytes.TrimLeft(line, " \t{\"'")
		if bytes.HasPrefix(word, []byte("openapi")) || bytes.HasPrefix(word, []byte("swagger")) {
			return true
		}
	}
	return isJSON(data) && bytes.Contains(data, []byte(`"openapi"`))
}
