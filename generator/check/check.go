// Package check compiles generated packages in memory, so that no package is written that a
// compiler would reject on some system.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"sync"

	"github.com/callgen/callgen/generator/output"
)

// Check parses the Go files of a package and type-checks the parts that the go command
// would build on Linux, Windows and macOS, by default and with the tag purego. It rejects
// imports beyond the standard library and files that are not built everywhere.
//
// element names the schema element that a line of a file was made from, or "" if there is
// no element; it may be nil. The error is a [*diag.Error] with all problems up to a limit.
func Check(files []output.File, pkgPath string, element func(file string, line int) string) error {
	return check(Package{pkgPath, files, element}, nil, token.NewFileSet())
}

// Printed is [Check] for files of which some were printed from a syntax, which is known by their
// names: they are not read again, unless there is a problem whose place in the text must be told.
func Printed(files []output.File, pkgPath string, element func(file string, line int) string, known map[string]*ast.File, fset *token.FileSet) error {
	of := Package{pkgPath, files, element}
	if check(of, known, fset) == nil {
		return nil
	}
	return check(of, nil, token.NewFileSet())
}

func check(of Package, known map[string]*ast.File, fset *token.FileSet) error {
	p, err := read(of, known, fset)
	if err != nil {
		return err
	}
	found, err := load(p.parsed, nil, p.report)
	if err != nil {
		return err
	}
	if err := p.report.err(); err != nil {
		return err
	}
	all := builds(of.Files, p.parsed)
	withoutRepeats(all, p.report, func(r *report) { typeCheck(all, of.Path, found, r) })
	return p.report.err()
}

// readPackage is a package that was parsed.
type readPackage struct {
	Package
	parsed []*ast.File
	report *report
}

// read parses what is not known of a package, and reports what needs no types to be seen.
func read(of Package, known map[string]*ast.File, fset *token.FileSet) (readPackage, error) {
	if of.Element == nil {
		of.Element = func(string, int) string { return "" }
	}
	p := readPackage{Package: of, report: &report{fset: fset, files: of.Files, element: of.Element}}
	p.parsed = parse(of.Files, known, p.report)
	if err := p.report.err(); err != nil {
		return p, err // type errors would only repeat it
	}
	everywhere(of.Files, p.parsed, p.report)
	return p, p.report.err() // files missing from a variant would be undefined there
}

// typeCheck type-checks the builds, each declaration once where that is enough: what is made
// from a schema is checked in the first build, and in another one only if it uses a name that
// differs there.
func typeCheck(all []build, pkgPath string, found exports, r *report) {
	var done sync.WaitGroup
	for i, b := range all {
		// Each build reads the imported packages for itself: go/types completes their
		// generic types on first use, without a lock.
		done.Go(func() {
			if i > 0 && apart(all[0], b) {
				alone := &report{fset: r.fset}
				checkTypes(b.runtime(), pkgPath, found.importer(r.fset), alone)
				if len(alone.problems) == 0 {
					return
				}
			}
			checkTypes(b, pkgPath, found.importer(r.fset), r)
		})
	}
	done.Wait()
}

// checkTypes type-checks one build and returns the package.
func checkTypes(b build, pkgPath string, imports types.Importer, r *report) *types.Package {
	conf := types.Config{
		Importer: imports,
		Sizes:    types.SizesFor("gc", b.arch),
		Error:    r.typeError,
	}
	checked, _ := conf.Check(pkgPath, r.fset, b.files, nil) // errors go to conf.Error
	return checked
}
