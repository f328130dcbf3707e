package check

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator/output"
)

// models declares types whose methods have one form.
func models(names ...string) string {
	text := "package p\n\ntype value interface{ Name() string }\n\nfunc encode(value) string { return \"\" }\n"
	for _, name := range names {
		text += strings.ReplaceAll("\ntype T struct{}\n\nfunc (*T) Name() string { return \"t\" }\nfunc (v T) Encoded() string { return encode(&v) }\n", "T", name)
	}
	return text
}

func TestRepeatedBodiesAreLeftOut(t *testing.T) {
	text := models("A", "B", "C") + "\nfunc (*C) Field() int { return c.x }\n"
	parsed, err := parser.ParseFile(token.NewFileSet(), "a.go", text, parser.SkipObjectResolution)
	require.NoError(t, err)
	left := leaveOut([]*ast.File{parsed})
	var names []string
	for _, r := range left {
		assert.Nil(t, r.method.Body)
		names = append(names, receiver(r.method)+"."+r.method.Name.Name)
	}
	assert.Equal(t, []string{"B.Name", "B.Encoded", "C.Name", "C.Encoded"}, names, "each form is checked with A; Field names what only C may have")
	putBack(left)
	assert.Empty(t, closedForm(&ast.FuncDecl{Name: ast.NewIdent("f"), Recv: left[0].method.Recv, Type: left[0].method.Type, Body: &ast.BlockStmt{
		List: []ast.Stmt{&ast.ReturnStmt{Results: []ast.Expr{ast.NewIdent("B")}}}}}), "a body that names its type")
	for _, r := range left {
		assert.NotNil(t, r.method.Body)
	}
}

// A type that lacks a method has another form than the first, and a fault anywhere makes all
// faults known.
func TestFaultsInRepeatedBodies(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"a method is missing": {
			strings.Replace(models("A", "B"), "func (*B) Name() string { return \"t\" }", "", 1),
			"a.gen.go:15:45: cannot use &v (value of type *B) as value value in argument to encode: *B does not implement value (missing method Name)",
		},
		"all have the fault": {
			strings.Replace(models("A", "B"), "func encode(value)", "func encode(int)", 1),
			"a.gen.go:10:45: cannot use &v (value of type *A) as int value in argument to encode\n" +
				"a.gen.go:15:45: cannot use &v (value of type *B) as int value in argument to encode",
		},
	} {
		t.Run(name, func(t *testing.T) {
			err := Check([]output.File{file("a.gen.go", test.text)}, "p", nil)
			for _, want := range strings.Split(test.want, "\n") {
				assert.ErrorContains(t, err, want)
			}
		})
	}
}
