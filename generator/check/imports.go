package check

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
)

// exports holds files of export data by package path.
type exports map[string]string

// importer returns an importer of its own set of packages.
func (e exports) importer(fset *token.FileSet) types.Importer {
	return importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
		if file, ok := e[path]; ok {
			return os.Open(file)
		}
		return nil, fmt.Errorf("package %s was not loaded", path)
	})
}

// load locates the export data of the imported packages. It is for this system; the packages that
// generated code may import have the same API on all.
func load(files []*ast.File, known map[string]*types.Package, r *report) (exports, error) {
	specs := importSpecs(files, known, r)
	delete(specs, "unsafe")
	if len(specs) == 0 {
		return make(exports), nil
	}
	found, refused, err := located(slices.Sorted(maps.Keys(specs)))
	for _, path := range slices.Sorted(maps.Keys(refused)) {
		r.add(r.fset.PositionFor(specs[path], false), fmt.Sprintf("import %q: %s", path, refused[path]))
	}
	return found, err
}

// importSpecs returns the first import of each package, and reports packages that a
// generated package must not import. Known ones need not be loaded.
func importSpecs(files []*ast.File, known map[string]*types.Package, r *report) map[string]token.Pos {
	specs := make(map[string]token.Pos)
	for _, f := range files {
		if f == nil {
			continue
		}
		for _, spec := range f.Imports {
			path, _ := strconv.Unquote(spec.Path.Value) // it was parsed
			if known[path] != nil {
				continue
			}
			if why := refused(path); why != "" {
				r.add(r.fset.PositionFor(spec.Pos(), false), fmt.Sprintf("import %q: %s", path, why))
			} else if _, ok := specs[path]; !ok {
				specs[path] = spec.Pos()
			}
		}
	}
	return specs
}

// refused returns why a path must not be imported, "" if it may be.
func refused(path string) string {
	elements := strings.Split(path, "/")
	switch {
	case path == "C":
		return "a generated package does not use cgo"
	case strings.Contains(elements[0], "."), elements[0] == "":
		return "a generated package imports only the standard library"
	case elements[0] == "syscall", path == "log/syslog", path == "plugin":
		return "its API differs between systems"
	case slices.Contains(elements, "internal"), elements[0] == "vendor":
		return "the package is internal to the standard library"
	}
	return ""
}
