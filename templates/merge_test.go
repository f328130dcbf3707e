package templates

import (
	"bytes"
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheCodecIsEmittedAsItStands(t *testing.T) {
	files, err := Runtime("graph", []string{"// Header."}, nil, nil)
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, f := range files {
		source, err := os.ReadFile(filepath.Join("runtime", "codec", f.Name+".go"))
		require.NoError(t, err)
		_, body, found := strings.Cut("\n"+string(source), "\npackage codec\n")
		require.True(t, found, f.Name)
		head, rest, found := strings.Cut(string(f.Data), "\npackage graph\n")
		require.True(t, found, f.Name)
		assert.Equal(t, body, rest, f.Name)
		assert.True(t, strings.HasPrefix(head, "// Header.\n"), f.Name)
		assert.Equal(t, strings.Contains(string(source), "//go:build"), strings.Contains(head, "//go:build"), f.Name)
		assert.NotContains(t, head, "Package codec", f.Name)
	}
}

func TestTestsAndBridgesAreNotEmitted(t *testing.T) {
	files, err := Runtime("graph", nil, []string{"client", "callback"}, nil)
	require.NoError(t, err)
	for _, f := range files {
		assert.NotContains(t, f.Name, "_test")
		assert.NotContains(t, f.Name, "bridge")
	}
}

func TestNamesOfOtherPackagesStandAlone(t *testing.T) {
	const before = `// Package client is for the test.
package client

import (
	"fmt"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// Pair has two values.
type Pair struct {
	First  codec.Value // codec.Value in a comment
	Second *codec.TypeList
	Length int // of both
}

func show(v codec.Value) string {
	if codec.IsNil(v) { // nothing to show
		return "codec.Value"
	}
	return fmt.Sprint(v)
}
`
	const after = `// Header.

package graph

import (
	"fmt"
)

// Pair has two values.
type Pair struct {
	First  Value // codec.Value in a comment
	Second *typeList
	Length int // of both
}

func show(v Value) string {
	if isNil(v) { // nothing to show
		return "codec.Value"
	}
	return fmt.Sprint(v)
}
`
	got, err := merge(t, before)
	require.NoError(t, err)
	assert.Equal(t, after, got)

	got, err = merge(t, "package client\n\nimport \""+modulePath+"codec\"\n\nvar a codec.Property\n")
	require.NoError(t, err)
	assert.Equal(t, "// Header.\n\npackage graph\n\nvar a Property\n", got)
}

func TestNamesThatAreNotEmittedAreRefused(t *testing.T) {
	for _, name := range []string{"Holds", "NewTypeList", "Missing", "typeList2"} {
		_, err := merge(t, "package client\n\nimport \""+modulePath+"codec\"\n\nvar a = codec."+name+"\n")
		assert.EqualError(t, err, "runtime/client/client.go:5:9: nothing that is emitted is codec."+name+": say in runtime/codec/bridge.go what it stands for")
	}
}

// merge returns a file of package client as it is emitted.
func merge(t *testing.T, source string) (string, error) {
	t.Helper()
	l, err := load()
	require.NoError(t, err)
	s, err := parse("client", "client.go", []byte(source))
	require.NoError(t, err)
	data, err := l.merged(s, "graph", []string{"// Header."}, nil)
	return string(data), err
}

func TestBridges(t *testing.T) {
	l, err := load()
	require.NoError(t, err)
	assert.Equal(t, "typeList", l.name("codec", "TypeList"))
	for pkg, names := range l.bridges {
		for name, to := range names {
			assert.True(t, l.declared[pkg][to], "%s.%s stands for %s, which is not emitted", pkg, name, to)
			assert.False(t, l.declared[pkg][name], "%s.%s is declared twice", pkg, name)
		}
	}
}

func TestBridgeFunctionsThatDoMoreStandForNothing(t *testing.T) {
	s, err := parse("codec", "bridge.go", []byte(`package codec

type Alias = alias
type Generic[T any] = generic[T]
type Defined alias

func Passed(a int, b ...string) error  { return passed(a, b...) }
func PassedToo[T any](a, b T)          { passedToo[T](a, b) }
func Swapped(a, b int) int             { return swapped(b, a) }
func Fewer(a, b int) int               { return fewer(a) }
func Constant(a int) int               { return constant(1) }
func Method(a value) int               { return a.method() }
func Other() int                       { return 1 }
func (Defined) Passed() int            { return passed() }
func More(a int) int                   { a++; return more(a) }
`))
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"Alias": "alias", "Generic": "generic", "Passed": "passed", "PassedToo": "passedToo"}, bridged(s.file))
}

// TestNamesMeanTheSameOnceMerged type-checks the runtime as it is emitted, with and without
// the tag purego, and holds that each name which loses its package is still the
// package-level one: nothing local has that name.
func TestNamesMeanTheSameOnceMerged(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: it type-checks the runtime twice")
	}
	l, err := load()
	require.NoError(t, err)
	files, err := Runtime("graph", nil, []string{"client", "callback", "notification", "redfish"}, nil)
	require.NoError(t, err)
	fset := token.NewFileSet()
	standard := importer.ForCompiler(fset, "gc", nil)
	for _, tags := range [][]string{nil, {"purego"}} {
		var parsed []*ast.File
		byName := make(map[string]*ast.File)
		for _, f := range files {
			if !isBuilt(f, tags) {
				continue
			}
			file, err := parser.ParseFile(fset, f.Name, f.Data, parser.SkipObjectResolution)
			require.NoError(t, err)
			parsed = append(parsed, file)
			byName[f.Name] = file
		}
		info := &types.Info{Uses: make(map[*ast.Ident]types.Object)}
		conf := types.Config{Importer: standard}
		pkg, err := conf.Check("graph", fset, parsed, info)
		require.NoError(t, err)
		for _, s := range l.sources {
			if strings.HasPrefix(s.name, sessionPrefix) || strings.HasPrefix(s.name, keeperPrefix) {
				continue // it needs the types of a description: each generated package checks it
			}
			want, err := l.qualified(s)
			require.NoError(t, err)
			if len(want) == 0 {
				continue
			}
			got := make(map[string]int)
			ast.Inspect(byName[s.name], func(n ast.Node) bool {
				id, ok := n.(*ast.Ident)
				if ok && want[id.Name] > 0 && info.Uses[id] != nil && info.Uses[id] == pkg.Scope().Lookup(id.Name) {
					got[id.Name]++
				}
				return true
			})
			assert.Equal(t, want, got, "%s %v", s.name, tags)
		}
	}
}

// qualified counts the names of other packages in a file, as they are emitted.
func (l *library) qualified(s *source) (map[string]int, error) {
	edits, err := l.edits(s, nil)
	names := make(map[string]int)
	for _, e := range edits {
		if e.Text != "" {
			names[e.Text]++
		}
	}
	return names, err
}

// isBuilt reports whether the go command builds a file with some tags.
func isBuilt(f File, tags []string) bool {
	ctx := build.Default
	ctx.BuildTags = tags
	ctx.OpenFile = func(string) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(f.Data)), nil }
	match, err := ctx.MatchFile("", f.Name+".go")
	return err == nil && match
}
