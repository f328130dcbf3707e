package check

import (
	"fmt"
	"go/token"
	"go/types"
	"path"

	"github.com/callgen/callgen/generator/output"
)

// Beside is like [Check] for a package of constants, whose type another one declares as a
// string type: it imports that package and no other.
func Beside(files []output.File, importPath, pkg, typeName string, element func(file string, line int) string) error {
	r := &report{fset: token.NewFileSet(), files: files, element: element}
	parsed := parse(files, nil, r)
	if err := r.err(); err != nil {
		return err
	}
	everywhere(files, parsed, r)
	of := types.NewPackage(importPath, pkg)
	name := types.NewTypeName(token.NoPos, of, typeName, nil)
	types.NewNamed(name, types.Typ[types.String], nil)
	of.Scope().Insert(name)
	of.MarkComplete()
	for _, b := range builds(files, parsed) {
		checkTypes(b, path.Join(importPath, "beside"), only{of}, r)
	}
	return r.err()
}

// only is an importer of one package.
type only struct{ of *types.Package }

func (o only) Import(path string) (*types.Package, error) {
	if path != o.of.Path() {
		return nil, fmt.Errorf("package %s is not expected here", path)
	}
	return o.of, nil
}
