package csdl

import (
	"net/url"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/callgen/callgen/internal/bounded"
	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// set reads the documents of one description into one model.
type set struct {
	model    *edm.Model
	declared map[string]bool // namespaces of its schemas
	findings diag.List
}

func newSet() *set {
	return &set{model: &edm.Model{Version: "4.0"}, declared: make(map[string]bool)}
}

// read reads a document. If there are several, one of another kind is left out.
func (s *set) read(d Document, alone bool) {
	r := newReader(d.Name, d.Data)
	r.document()
	if r.kind && !alone {
		for _, f := range r.findings.Findings() {
			s.findings.Fault(f.Pos, "", "take it from the list", "the file is left out", "%s", f.Msg)
		}
		return
	}
	s.findings.AddError(r.findings.Err())
	s.findings.AddFaults(&r.findings)
	s.add(r.model)
}

// add adds the declarations of a document.
func (s *set) add(m *edm.Model) {
	if m.Version == "4.01" {
		s.model.Version = m.Version
	}
	s.model.References = append(s.model.References, m.References...)
	s.model.Schemas = append(s.model.Schemas, m.Schemas...)
	for _, schema := range m.Schemas {
		s.declared[schema.Namespace] = true
	}
	s.model.Skipped = append(s.model.Skipped, m.Skipped...)
	s.model.More = append(s.model.More, m.More...)
	switch {
	case m.Container == nil:
	case s.model.Container == nil:
		s.model.Container = m.Container
	default:
		s.model.More = append(s.model.More, m.Container)
	}
}

// maxFiles limits the number of files read because of references.
const maxFiles = 4096

// follow reads the referenced files below a folder, for namespaces that nothing declares so
// far.
func (s *set) follow(folder string) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		s.findings.AddError(err)
		return
	}
	defer root.Close()
	read := make(map[string]bool)
	for i := 0; i < len(s.model.References) && len(read) < maxFiles; i++ {
		ref := s.model.References[i]
		if !slices.ContainsFunc(ref.Includes, s.missing) {
			continue
		}
		for _, name := range candidates(ref.URI) {
			if read[name] {
				break
			}
			data, err := bounded.ReadFileIn(root, name)
			if err != nil {
				continue
			}
			read[name] = true
			s.referenced(Document{Name: path.Join(folder, name), Data: data})
			break
		}
	}
}

// missing reports whether a schema belongs to an unread document.
func (s *set) missing(inc *edm.Include) bool { return !s.declared[inc.Namespace] }

// referenced adds a document that is only referred to: its container is not part of the
// service, and earlier declarations take precedence.
func (s *set) referenced(d Document) {
	r := newReader(d.Name, d.Data)
	r.document()
	for _, f := range r.findings.Findings() {
		s.findings.Fault(f.Pos, f.Element, "correct it", "the file is left out", "%s", f.Msg)
	}
	if r.findings.Len() > 0 {
		return
	}
	s.findings.AddFaults(&r.findings)
	if c := r.model.Container; c != nil {
		r.model.More = append([]*edm.EntityContainer{c}, r.model.More...)
		r.model.Container = nil
	}
	for _, c := range r.model.More {
		c.Referenced = true
	}
	r.model.Schemas = slices.DeleteFunc(r.model.Schemas, func(schema *edm.Schema) bool { return s.declared[schema.Namespace] })
	s.add(r.model)
}

// candidates returns the possible paths below a folder of a referenced file: its path, or
// any trailing part of it.
func candidates(uri string) []string {
	u, err := url.Parse(uri)
	if err != nil {
		return nil
	}
	var names []string
	for rest := strings.TrimLeft(path.Clean("/"+u.Path), "/"); rest != ""; {
		names = append(names, rest)
		_, after, ok := strings.Cut(rest, "/")
		if !ok {
			break
		}
		rest = after
	}
	return names
}

// checkTypes reports a description without any type.
func (s *set) checkTypes(documents []Document) {
	if s.findings.Len() > 0 || slices.ContainsFunc(s.model.Schemas, func(s *edm.Schema) bool { return len(s.Types) > 0 }) {
		return
	}
	var missing []string
	for _, ref := range s.model.References {
		for _, inc := range ref.Includes {
			if s.missing(inc) && !slices.Contains(missing, edm.Quote(ref.URI)) {
				missing = append(missing, edm.Quote(ref.URI))
			}
		}
	}
	var pos diag.Pos
	if len(documents) > 0 {
		pos = diag.Pos{File: documents[0].Name, Line: 1, Col: 1}
	}
	const most = 8
	switch {
	case len(missing) == 0:
		s.findings.Add(pos, "", "no type is defined here: hand in the $metadata of a service")
	case len(missing) > most:
		s.findings.Add(pos, "", "no type is defined here, but in %s and %d more files: hand these in, too", strings.Join(missing[:most], ", "), len(missing)-most)
	default:
		s.findings.Add(pos, "", "no type is defined here, but maybe in %s: hand that in, too", strings.Join(missing, ", "))
	}
}
