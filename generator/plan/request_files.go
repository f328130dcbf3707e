package plan

import (
	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/spec/edm"
)

// requestFiles distributes request builders over files, as files does with models: one for
// each namespace, divided by first letter if that would be too long, and a long letter into
// numbered parts.
type requestFiles struct {
	names *names.Table
	order []string
	of    map[string][]letterRequests
}

// letterRequests holds the builders for the types whose names begin with one letter.
type letterRequests struct {
	letter string
	requestDecls
}

// requestDecls holds the builders of a type, and the structs of their parameters.
type requestDecls struct {
	builders   []*goir.Builder
	parameters []*goir.Parameters
	keys       []*goir.KeyStruct
}

func newRequestFiles(table *names.Table) *requestFiles {
	return &requestFiles{names: table, of: make(map[string][]letterRequests)}
}

func (f *requestFiles) add(t *edm.StructuredType, r requestDecls) {
	if len(r.builders) == 0 {
		return
	}
	stem := "requests"
	if ns := f.names.FilePart(t.Name.Namespace); ns != "" {
		stem += "_" + ns
	}
	if _, ok := f.of[stem]; !ok {
		f.order = append(f.order, stem)
	}
	letter := letter(t)
	if r.lines() > maxLines { // a type with hundreds of operations
		f.of[stem] = append(f.of[stem], letterRequests{letter, requestDecls{builders: r.builders}})
		r.builders = nil
	}
	f.of[stem] = append(f.of[stem], letterRequests{letter, r})
}

// list returns the files. Structs of parameters follow the builders.
func (f *requestFiles) list() []*goir.File {
	var list []*goir.File
	for _, stem := range f.order {
		all := f.of[stem]
		total := 0
		for _, r := range all {
			total += r.lines()
		}
		var parts []requestDecls
		name, sum := "", 0
		flush := func() {
			for i, p := range parts {
				list = append(list, p.file(partName(name, i+1)))
			}
		}
		for _, r := range all {
			wanted := stem
			if total > maxLines {
				wanted += "_" + r.letter
			}
			if wanted != name {
				flush()
				name, parts, sum = wanted, nil, maxLines+1
			}
			if sum += r.lines(); sum > maxLines {
				sum = r.lines()
				parts = append(parts, requestDecls{})
			}
			last := &parts[len(parts)-1]
			last.builders = append(last.builders, r.builders...)
			last.parameters = append(last.parameters, r.parameters...)
			last.keys = append(last.keys, r.keys...)
		}
		flush()
	}
	return list
}

func (r requestDecls) file(name string) *goir.File {
	f := &goir.File{Name: name}
	for _, b := range r.builders {
		f.Decls = append(f.Decls, b)
	}
	for _, p := range r.parameters {
		f.Decls = append(f.Decls, p)
	}
	for _, k := range r.keys {
		f.Decls = append(f.Decls, k)
	}
	return f
}

// lines estimates the length of the declarations.
func (r requestDecls) lines() int {
	n := 0
	for _, b := range r.builders {
		n += 8 + 10*len(b.Methods)
	}
	for _, p := range r.parameters {
		n += 8 + 2*len(p.Fields)
	}
	for _, k := range r.keys {
		n += 4 + len(k.Fields)
	}
	return n
}
