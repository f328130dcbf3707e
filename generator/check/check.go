// Package check compiles generated packages in memory, so that no package is written that a
// compiler would reject on some system.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package check

import (
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
	if element == nil {
		element = func(string, int) string { return "" }
	}
	r := &report{fset: token.NewFileSet(), files: files, element: element}
	parsed := parse(files, r)
	if err := r.err(); err != nil {
		return err // type errors would only repeat it
	}
	everywhere(files, parsed, r)
	if err := r.err(); err != nil {
		return err // files missing from a variant would be undefined there
	}
	found, err := load(parsed, r)
	if err != nil {
		return err
	}
	if err := r.err(); err != nil {
		return err
	}
	typeCheck(builds(files, parsed), pkgPath, found, r)
	return r.err()
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

// checkTypes type-checks one build.
func checkTypes(b build, pkgPath string, imports types.Importer, r *report) {
	conf := types.Config{
		Importer: imports,
		Sizes:    types.SizesFor("gc", b.arch),
		Error:    r.typeError,
	}
	_, _ = conf.Check(pkgPath, r.fset, b.files, nil) // errors go to conf.Error
}
