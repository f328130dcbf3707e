package check

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/packages"
)

// packageMap imports packages that were read before.
type packageMap map[string]*types.Package

// Import implements [types.Importer].
func (m packageMap) Import(path string) (*types.Package, error) {
	if p, ok := m[path]; ok {
		return p, nil
	}
	return nil, fmt.Errorf("package %s was not loaded", path)
}

// load reads the export data of what the files import, all in one run of the go
// command. Compiling the standard library's source instead would take seconds.
func load(files []*ast.File, r *report) (packageMap, error) {
	specs := importSpecs(files, r)
	found := packageMap{"unsafe": types.Unsafe}
	paths := make([]string, 0, len(specs))
	for path := range specs {
		if path != "unsafe" {
			paths = append(paths, path)
		}
	}
	if len(paths) == 0 {
		return found, nil
	}
	slices.Sort(paths)
	loaded, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedTypes | packages.NeedImports | packages.NeedExportFile,
		Fset: r.fset,
		Dir:  os.TempDir(), // only the standard library is wanted, whatever the user's module says
		Env:  append(os.Environ(), "GO111MODULE=off", "GOFLAGS=", "GOWORK=off", "GOPACKAGESDRIVER=off"),
	}, paths...)
	if err != nil {
		return nil, fmt.Errorf("the generated package cannot be checked, for which the go command must be in PATH: %w", err)
	}
	for _, p := range loaded {
		if len(p.Errors) > 0 {
			msg, _, _ := strings.Cut(p.Errors[0].Msg, " in any of:") // what follows are this machine's paths
			r.add(r.fset.PositionFor(specs[p.PkgPath], false), fmt.Sprintf("import %q: %s", p.PkgPath, msg))
			continue
		}
		found[p.PkgPath] = p.Types
	}
	return found, nil
}

// importSpecs returns where the packages are imported first, and reports those that a
// generated package must not import.
func importSpecs(files []*ast.File, r *report) map[string]token.Pos {
	specs := make(map[string]token.Pos)
	for _, f := range files {
		if f == nil {
			continue
		}
		for _, spec := range f.Imports {
			path, _ := strconv.Unquote(spec.Path.Value) // it was parsed
			if why := refused(path); why != "" {
				r.add(r.fset.PositionFor(spec.Pos(), false), fmt.Sprintf("import %q: %s", path, why))
			} else if _, ok := specs[path]; !ok {
				specs[path] = spec.Pos()
			}
		}
	}
	return specs
}

// refused says why a path must not be imported, "" if it may.
func refused(path string) string {
	elements := strings.Split(path, "/")
	switch {
	case path == "C":
		return "a generated package does not use cgo"
	case strings.Contains(elements[0], "."), elements[0] == "":
		return "a generated package imports the standard library only"
	case slices.Contains(elements, "internal"), elements[0] == "vendor":
		return "the standard library keeps this package to itself"
	}
	return ""
}
