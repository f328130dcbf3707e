package changes_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator/changes"
	"github.com/callgen/callgen/generator/choose"
	"github.com/callgen/callgen/generator/emit"
	"github.com/callgen/callgen/generator/feature"
	"github.com/callgen/callgen/generator/feature/calling"
	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/generator/plan"
	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/edm"
	"github.com/callgen/callgen/templates"
)

// compiler type-checks generated packages and what uses them. The standard library is
// read once, and so is the runtime: it is the same in all packages.
type compiler struct {
	fset     *token.FileSet
	standard types.Importer
	runtime  map[string][]*ast.File
}

func newCompiler() *compiler {
	fset := token.NewFileSet()
	return &compiler{fset, importer.ForCompiler(fset, "gc", nil), make(map[string][]*ast.File)}
}

// shared is the compiler of all tests.
var shared = sync.OnceValue(newCompiler)

const apiPath = "example.org/api"

// Import implements [types.Importer] for a package that uses the standard library.
func (c *compiler) Import(path string) (*types.Package, error) { return c.standard.Import(path) }

// against imports a generated package, too.
type against struct {
	*compiler
	api *types.Package
}

// Import implements [types.Importer].
func (a against) Import(path string) (*types.Package, error) {
	if path == apiPath {
		return a.api, nil
	}
	return a.compiler.Import(path)
}

func (c *compiler) parse(t testing.TB, name string, data []byte) *ast.File {
	f, err := parser.ParseFile(c.fset, name, data, parser.SkipObjectResolution)
	require.NoError(t, err)
	return f
}

// generated type-checks the declarations of the package of a plan. What is in its
// functions is not of interest here.
func (c *compiler) generated(t testing.TB, pkg *goir.Package) *types.Package {
	files, err := emit.Package(pkg, token.NewFileSet())
	require.NoError(t, err)
	properties := fmt.Sprint(pkg.Runtime, pkg.Model)
	if c.runtime[properties] == nil {
		sources, err := templates.Runtime(pkg.Name, nil, pkg.Runtime, pkg.Model)
		require.NoError(t, err)
		for _, s := range sources {
			if isBuilt(s) {
				c.runtime[properties] = append(c.runtime[properties], c.parse(t, s.Name+".go", s.Data))
			}
		}
	}
	parsed := c.runtime[properties][:len(c.runtime[properties]):len(c.runtime[properties])]
	for _, f := range files {
		parsed = append(parsed, c.parse(t, f.Name, f.Data))
	}
	conf := types.Config{Importer: c, IgnoreFuncBodies: true}
	api, err := conf.Check(apiPath, c.fset, parsed, nil)
	require.NoError(t, err)
	return api
}

// fields type-checks the names of the properties of a package.
func (c *compiler) fields(t testing.TB, pkg *goir.Package, api *types.Package) *types.Package {
	files, err := emit.Fields(pkg, apiPath)
	require.NoError(t, err)
	var parsed []*ast.File
	for _, f := range files {
		parsed = append(parsed, c.parse(t, f.Name, f.Data))
	}
	conf := types.Config{Importer: against{c, api}}
	fields, err := conf.Check(apiPath+"/fields", c.fset, parsed, nil)
	require.NoError(t, err)
	return fields
}

// isBuilt reports whether the go command builds a file of the runtime here.
func isBuilt(f templates.File) bool {
	ctx := build.Default
	ctx.OpenFile = func(string) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(f.Data)), nil }
	match, err := ctx.MatchFile("", f.Name+".go")
	return err == nil && match
}

// language is the version of Go that programs are compiled with. From Go 1.27 on the keys of
// literals may be promoted fields, so that fewer changes break programs of that version.
const language = "go1.26"

// uses type-checks the body of a function that uses a package.
func (c *compiler) uses(t testing.TB, api *types.Package, body string) error {
	source := "package consumer\n\nimport (\n\t\"context\"\n\n\t\"" + apiPath + "\"\n)\n\n" +
		"func use(ctx context.Context, client *api.Client) {\n" + body + "\n}\n"
	f := c.parse(t, "consumer.go", []byte(source))
	conf := types.Config{Importer: against{c, api}, GoVersion: language}
	_, err := conf.Check("example.org/consumer", c.fset, []*ast.File{f}, nil)
	return err
}

// model reads a schema of the namespace microsoft.graph.
func model(t testing.TB, schema string) *edm.Model {
	text := `<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="microsoft.graph" Alias="graph" xmlns="http://docs.oasis-open.org/odata/ns/edm">
` + strings.TrimSpace(schema) + `
</Schema></edmx:DataServices></edmx:Edmx>`
	m, err := csdl.Read("example.xml", []byte(text))
	require.NoError(t, err)
	return m
}

// side plans the package of everything in a model.
func side(t testing.TB, m *edm.Model, models bool) changes.Side {
	selection, err := choose.Select(m, choose.Wanted{})
	require.NoError(t, err)
	runtime, err := templates.Declarations()
	require.NoError(t, err)
	pkg, err := plan.Build(plan.Input{
		Package: "api", Types: selection.Types, Model: m, Has: selection.Has, Models: models, Version: "v1.0",
		Runtime: names.Runtime(*runtime), Features: []feature.Feature{calling.Feature{}},
	})
	require.NoError(t, err)
	return changes.Side{Model: m, Has: selection.Has, Plan: pkg}
}
