package check

import (
	"go/token"
	"go/types"
	"maps"

	"github.com/callgen/callgen/generator/output"
)

// Package is a package to check, as [Check] takes its parts.
type Package struct {
	Path    string
	Files   []output.File
	Element func(file string, line int) string
}

// Packages is like [Check] for packages of which each may also import those before it. What the
// builds of a package export must be the same, as others import the first.
func Packages(list []Package) error {
	fset := token.NewFileSet()
	c := chain{known: make(map[string]*types.Package)}
	for _, of := range list {
		p, err := read(of, nil, fset)
		if err != nil {
			return err
		}
		if err := c.load(p); err != nil {
			return err
		}
		all := builds(p.Files, p.parsed)
		withoutRepeats(all, p.report, func(r *report) { c.check(p.Path, all, r) })
		if err := p.report.err(); err != nil {
			return err
		}
	}
	return nil
}

// chain imports the packages that were checked, and those of the standard library. All use the
// same packages of the latter: a type of one is not that of another.
type chain struct {
	known    map[string]*types.Package
	standard exports
	imports  types.Importer
}

// check type-checks the builds of a package, which others can import afterwards.
func (c *chain) check(path string, all []build, r *report) {
	for i, b := range all {
		if checked := checkTypes(b, path, c, r); i == 0 {
			c.known[path] = checked
		}
	}
}

// load finds the packages that a package imports and no one before it.
func (c *chain) load(p readPackage) error {
	found, err := load(p.parsed, c.known, p.report)
	if err != nil {
		return err
	}
	if c.standard == nil {
		c.standard = make(exports)
		c.imports = c.standard.importer(p.report.fset)
	}
	maps.Copy(c.standard, found)
	return p.report.err()
}

// Import implements [types.Importer].
func (c *chain) Import(path string) (*types.Package, error) {
	if p := c.known[path]; p != nil {
		return p, nil
	}
	return c.imports.Import(path)
}
