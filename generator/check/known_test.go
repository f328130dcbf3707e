package check

import (
	"go/ast"
	"go/parser"
	"go/token"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator/output"
)

// What a file was printed from is not read again, but the places of problems are those in the
// file.
func TestPrinted(t *testing.T) {
	for name, test := range map[string]struct{ before, file, want string }{
		"right":            {"package p;var x  =1", "package p\n\nvar x = 1\n", ""},
		"not read":         {"package p", "package p\n\nvar x y\n", ""},
		"wrong":            {"package p;var x  y", "package p\n\nvar x y\n", "generated a.gen.go:3:7 (from here): undefined: y\n\t3 | var x y"},
		"build constraint": {"//go:build linux\n\npackage p", "//go:build linux\n\npackage p\n", "a build constraint above the package clause"},
	} {
		t.Run(name, func(t *testing.T) {
			fset := token.NewFileSet()
			syntax, err := parser.ParseFile(fset, "a.gen.go", test.before, parser.ParseComments|parser.SkipObjectResolution)
			require.NoError(t, err)
			files := []output.File{file("a.gen.go", test.file), file("b.gen.go", "package p\n")}
			err = Printed(files, "p", func(string, int) string { return "here" }, map[string]*ast.File{"a.gen.go": syntax}, fset)
			if test.want == "" {
				assert.NoError(t, err)
			} else {
				assert.ErrorContains(t, err, test.want)
			}
		})
	}
}
