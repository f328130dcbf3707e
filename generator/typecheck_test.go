package generator_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"

	"github.com/callgen/callgen/generator/output"
)

// typeChecker type-checks generated packages whose runtime is always the same: of that, it
// checks the declarations only. One runs at a time.
type typeChecker struct {
	fset    *token.FileSet
	std     types.Importer
	runtime map[string]*ast.File // by text
}

// exportData finds the export data of the packages that the runtime and generated files
// import, by one run of the go command.
func exportData() (map[string]string, error) {
	cmd := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Export", "../templates/...", "iter", "io", "context", "time", "encoding/json")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	found := make(map[string]string)
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct{ ImportPath, Export string }
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return found, nil
		} else if err != nil {
			return nil, err
		}
		found[p.ImportPath] = p.Export
	}
}

func newTypeChecker(export map[string]string) *typeChecker {
	c := &typeChecker{fset: token.NewFileSet(), runtime: make(map[string]*ast.File)}
	c.std = importer.ForCompiler(c.fset, "gc", func(path string) (io.ReadCloser, error) {
		if export[path] == "" {
			return nil, fmt.Errorf("package %s is not one that generated packages import", path)
		}
		return os.Open(export[path])
	})
	return c
}

// isRuntime reports whether a file is one of the runtime's.
func isRuntime(f output.File) bool { return strings.HasPrefix(f.Name, "runtime_") }

// check returns the package's own files, parsed, or what the compiler would say of them.
func (c *typeChecker) check(files []output.File) (map[string]*ast.File, error) {
	own := make(map[string]*ast.File)
	var runtime []*ast.File
	for _, f := range files {
		if !strings.HasSuffix(f.Name, ".go") || bytes.Contains(f.Data, []byte("\n//go:build purego\n")) {
			continue
		}
		if isRuntime(f) {
			parsed, err := c.declarations(f)
			if err != nil {
				return nil, err
			}
			runtime = append(runtime, parsed)
			continue
		}
		parsed, err := parser.ParseFile(c.fset, f.Name, f.Data, parser.SkipObjectResolution|parser.ParseComments)
		if err != nil {
			return nil, err
		}
		own[f.Name] = parsed
	}
	all := runtime // first, so that errors of what is declared twice are in the other files
	for _, name := range slices.Sorted(maps.Keys(own)) {
		all = append(all, own[name])
	}
	return own, c.typeCheck(all)
}

func (c *typeChecker) typeCheck(files []*ast.File) error {
	var all []error
	conf := types.Config{Importer: c.std, Error: func(err error) {
		var e types.Error
		if errors.As(err, &e) && e.Soft && strings.HasPrefix(c.fset.Position(e.Pos).Filename, "runtime_") {
			return // an import that only a body uses
		}
		all = append(all, err)
	}}
	pkg, _ := conf.Check("p", c.fset, files, nil) // errors go to conf.Error
	for _, name := range pkg.Scope().Names() {
		if types.Universe.Lookup(name) != nil {
			all = append(all, fmt.Errorf("%s is declared, which bodies of the runtime mean something else by", name))
		}
	}
	return errors.Join(all...)
}

// declarations parses a file of the runtime and leaves out the bodies of its functions.
func (c *typeChecker) declarations(f output.File) (*ast.File, error) {
	if parsed := c.runtime[string(f.Data)]; parsed != nil {
		return parsed, nil
	}
	parsed, err := parser.ParseFile(c.fset, f.Name, f.Data, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	for _, d := range parsed.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name != "init" {
			f.Body = nil
		}
	}
	c.runtime[string(f.Data)] = parsed
	return parsed, nil
}
