package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every package that starts goroutines is in the Makefile's list of those that are tested
// with the race detector.
func TestConcurrentPackagesAreRaced(t *testing.T) {
	root := filepath.Join("..", "..")
	makefile, err := os.ReadFile(filepath.Join(root, "Makefile"))
	require.NoError(t, err)
	list := regexp.MustCompile(`(?m)^RACED := (.*)$`).FindSubmatch(makefile)
	require.NotNil(t, list)
	raced := strings.Fields(string(list[1]))

	found := 0
	require.NoError(t, fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return other(name, root)
		}
		if path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, name), nil, parser.SkipObjectResolution)
		if err != nil || !startsGoroutines(file) {
			return err
		}
		found++
		assert.True(t, isIn(raced, path.Dir(name)), "%s starts a goroutine: add its package to RACED in the Makefile", name)
		return nil
	}))
	assert.GreaterOrEqual(t, found, 4)
}

// other passes over folders whose Go is not of this module.
func other(name, root string) error {
	if name == "." {
		return nil
	}
	_, err := os.Stat(filepath.Join(root, name, "go.mod"))
	if err == nil || path.Base(name) == "testdata" || strings.HasPrefix(path.Base(name), ".") || path.Base(name) == "node_modules" {
		return fs.SkipDir
	}
	return nil
}

// startsGoroutines looks for go statements, and for calls of the method Go.
func startsGoroutines(file *ast.File) bool {
	found := false
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			found = true
		case *ast.CallExpr:
			s, ok := n.Fun.(*ast.SelectorExpr)
			found = found || ok && s.Sel.Name == "Go" && len(n.Args) == 1
		}
		return !found
	})
	return found
}

func isIn(raced []string, folder string) bool {
	for _, pattern := range raced {
		below, all := strings.CutSuffix(pattern, "/...")
		if "./"+folder == below || all && strings.HasPrefix("./"+folder, below+"/") {
			return true
		}
	}
	return false
}
