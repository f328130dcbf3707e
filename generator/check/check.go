// Package check compiles generated packages in memory, so that nothing is written
// that a user's compiler would refuse.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package check

import (
	"go/ast"
	"go/build"
	"go/token"
	"go/types"
	"strings"

	"github.com/callgen/callgen/generator/output"
)

// variants are the build tags that a package is checked under: none, and the one that
// selects code without unsafe or assembly.
func variants() [][]string { return [][]string{nil, {"purego"}} }

// Check parses the Go files of a package and type-checks what the go command would
// build of them, by default and with the tag purego. Imports beyond the standard
// library are refused.
//
// element names the schema element that a line of a file was made from, "" if there
// is none; it may be nil. The error is a [*diag.Error] with everything that is wrong,
// up to a limit.
func Check(files []output.File, pkgPath string, element func(file string, line int) string) error {
	if element == nil {
		element = func(string, int) string { return "" }
	}
	r := &report{fset: token.NewFileSet(), files: files, element: element}
	parsed := parse(files, r)
	if err := r.err(); err != nil {
		return err // types would only repeat it
	}
	imports, err := load(parsed, r)
	if err != nil {
		return err
	}
	if err := r.err(); err != nil {
		return err
	}
	// One after the other: go/types completes generic types of imported packages when it
	// first needs them, without a lock.
	for _, built := range builds(files, parsed) {
		checkTypes(built, pkgPath, imports, r)
	}
	return r.err()
}

// builds returns the files of each variant; variants with the same files once.
func builds(files []output.File, parsed []*ast.File) [][]*ast.File {
	var all [][]*ast.File
	seen := make(map[string]bool)
	for _, tags := range variants() {
		var built []*ast.File
		var names strings.Builder
		for i, f := range files {
			if parsed[i] != nil && isBuilt(f, tags) {
				built = append(built, parsed[i])
				names.WriteString(f.Name + "\n")
			}
		}
		if !seen[names.String()] {
			seen[names.String()] = true
			all = append(all, built)
		}
	}
	return all
}

// isBuilt reports whether the go command builds a file: by its name, its build
// constraint and the tags.
func isBuilt(f output.File, tags []string) bool {
	ctx := build.Default
	ctx.BuildTags = tags
	ctx.CgoEnabled = false
	ctx.OpenFile = opener(f)
	match, err := ctx.MatchFile("", f.Name)
	return err == nil && match && !strings.HasSuffix(f.Name, "_test.go")
}

// checkTypes type-checks one variant.
func checkTypes(files []*ast.File, pkgPath string, imports types.Importer, r *report) {
	if len(files) == 0 {
		return
	}
	conf := types.Config{
		Importer: imports,
		Sizes:    types.SizesFor("gc", build.Default.GOARCH),
		Error:    r.typeError,
	}
	_, _ = conf.Check(pkgPath, r.fset, files, nil) // errors go to conf.Error
}
