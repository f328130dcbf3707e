package check

import (
	"fmt"
	"go/types"

	"golang.org/x/tools/go/packages"
)

// imported are packages by path.
type imported map[string]*types.Package

// Import implements [types.Importer].
func (i imported) Import(path string) (*types.Package, error) {
	if p, ok := i[path]; ok {
		return p, nil
	}
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	return nil, fmt.Errorf("package %s was not loaded", path)
}

// load reads the export data of standard library packages, which the go command
// has in its build cache or puts there.
func load(paths []string) (types.Importer, error) {
	loaded, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedTypes | packages.NeedExportFile | packages.NeedImports,
	}, paths...)
	if err != nil {
		return nil, fmt.Errorf("the standard library cannot be loaded to check the generated package: is the go command installed? %w", err)
	}
	result := make(imported)
	for _, p := range loaded {
		if len(p.Errors) > 0 {
			return nil, fmt.Errorf("the standard library cannot be loaded to check the generated package: %w", p.Errors[0])
		}
		result[p.PkgPath] = p.Types
	}
	return result, nil
}
