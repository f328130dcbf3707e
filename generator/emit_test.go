package generator_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator"
	"github.com/callgen/callgen/generator/emit"
	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/generator/read"
)

// printedFiles prints the package of the calling API.
func printedFiles(t *testing.T) []emit.File {
	t.Helper()
	cfg := ours(t)
	model, _, err := read.Model(cfg.Source)
	require.NoError(t, err)
	selection, err := generator.Select(cfg.Choice, model)
	require.NoError(t, err)
	pkg, err := generator.Plan(cfg.Package, cfg.Spec, selection)
	require.NoError(t, err)
	files, err := emit.Package(pkg, token.NewFileSet())
	require.NoError(t, err)
	return files
}

// Each top-level declaration of a file lies within one span, with its comment, and the span
// of a declaration that has a name of its own says that name.
func TestSpansAreThoseOfDeclarations(t *testing.T) {
	checked := 0
	for _, f := range printedFiles(t) {
		if len(f.Spans) == 0 {
			continue // the package comment, and what was written by hand
		}
		fset := token.NewFileSet()
		parsed, err := parser.ParseFile(fset, f.Name, f.Data, parser.ParseComments)
		require.NoError(t, err)
		for i, s := range f.Spans {
			require.LessOrEqual(t, s.From, s.To, "%s: %s", f.Name, s.Of.Name)
			if i > 0 {
				require.Greater(t, s.From, f.Spans[i-1].To, "%s: %s", f.Name, s.Of.Name)
			}
		}
		for _, d := range parsed.Decls {
			from, to := fset.Position(d.Pos()).Line, fset.Position(d.End()).Line
			switch d := d.(type) {
			case *ast.GenDecl:
				if d.Tok == token.IMPORT || d.Tok == token.CONST && isProperties(d) {
					continue // of several types
				}
				if d.Doc != nil {
					from = fset.Position(d.Doc.Pos()).Line
				}
			case *ast.FuncDecl:
				if d.Doc != nil {
					from = fset.Position(d.Doc.Pos()).Line
				}
			}
			i := slices.IndexFunc(f.Spans, func(s emit.Span) bool { return s.From <= from && to <= s.To })
			require.GreaterOrEqual(t, i, 0, "%s:%d-%d is in no span", f.Name, from, to)
			if method, ok := d.(*ast.FuncDecl); ok && method.Recv != nil && strings.HasSuffix(f.Spans[i].Of.Name, method.Name.Name) {
				checked++
			}
		}
	}
	assert.Greater(t, checked, 200, "methods of builders have spans of their own")
}

func isProperties(d *ast.GenDecl) bool {
	spec, ok := d.Specs[0].(*ast.ValueSpec)
	if !ok {
		return false
	}
	typ, ok := spec.Type.(*ast.Ident)
	return ok && typ.Name == "Property"
}

// The lines of constants for properties belong to the type that declares these.
func TestSpansOfPropertyNames(t *testing.T) {
	for _, f := range printedFiles(t) {
		lines := strings.Split(string(f.Data), "\n")
		for _, s := range f.Spans {
			if strings.TrimSpace(lines[s.From-1]) != "// ["+s.Of.Name+"]" {
				continue
			}
			for _, line := range lines[s.From:s.To] {
				assert.True(t, strings.HasPrefix(strings.TrimSpace(line), s.Of.Name+"Property"), "%s: %q", s.Of.Name, line)
			}
			assert.False(t, strings.HasPrefix(strings.TrimSpace(lines[s.To]), s.Of.Name+"Property"), "%s goes on", s.Of.Name)
		}
	}
}

// What the bodies of methods name is reserved, so that no parameter hides it.
func TestBodyNamesAreReserved(t *testing.T) {
	reserved := goir.BodyNames()
	for _, f := range printedFiles(t) {
		parsed, err := parser.ParseFile(token.NewFileSet(), f.Name, f.Data, parser.SkipObjectResolution)
		require.NoError(t, err)
		for _, d := range parsed.Decls {
			method, ok := d.(*ast.FuncDecl)
			if !ok || method.Recv == nil || method.Name.Name == "holds" || !strings.HasPrefix(f.Name, "requests") {
				continue
			}
			own := parametersOf(method)
			selected := make(map[ast.Node]bool)
			ast.Inspect(method.Body, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.SelectorExpr:
					selected[n.Sel] = true
				case *ast.Ident:
					if !selected[n] {
						checkName(t, n, own, reserved)
					}
				}
				return true
			})
		}
	}
}

func parametersOf(method *ast.FuncDecl) []string {
	var list []string
	for _, name := range method.Recv.List[0].Names {
		list = append(list, name.Name)
	}
	for _, field := range method.Type.Params.List {
		for _, name := range field.Names {
			list = append(list, name.Name)
		}
	}
	return list
}

// checkName wants a name in a body to be a parameter, reserved, Go's own, or one that no
// parameter has: it begins with a capital, or with what lists begin with.
func checkName(t *testing.T, id *ast.Ident, own, reserved []string) {
	if id.IsExported() || id.Name == "_" || strings.HasPrefix(id.Name, "typesOf") || types.Universe.Lookup(id.Name) != nil {
		return
	}
	assert.True(t, slices.Contains(own, id.Name) || slices.Contains(reserved, id.Name), "%s is used in the body of a method", id.Name)
}
