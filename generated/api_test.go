package generated_test

import (
	"cmp"
	"flag"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/go/packages"
)

var update = flag.Bool("update", false, "rewrite communications/api.txt")

// TestAPI compares the exported API of the package with api.txt, which is reviewed like
// code: one symbol a line, those of package fields last. A line that goes, or changes, breaks who uses the symbol.
func TestAPI(t *testing.T) {
	file := filepath.Join("communications", "api.txt")
	lines := api(t, "./communications")
	for _, line := range api(t, "./communications/fields") {
		lines = append(lines, "fields: "+strings.ReplaceAll(line, "github.com/callgen/callgen/generated/", ""))
	}
	got := strings.Join(lines, "\n") + "\n"
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
	}
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	was, is := strings.Split(string(text), "\n"), strings.Split(got, "\n")
	assert.Empty(t, without(was, is), "symbols of api.txt that are gone or have changed, which breaks programs; if that is "+
		"what you want: go test ./generated -run TestAPI -update, and a line in CHANGELOG.md")
	assert.Empty(t, without(is, was), "symbols that api.txt does not have yet: go test ./generated -run TestAPI -update")
}

// without returns what is in a and not in b.
func without(a, b []string) []string {
	known := make(map[string]bool)
	for _, line := range b {
		known[line] = true
	}
	return slices.DeleteFunc(slices.Clone(a), func(line string) bool { return known[line] })
}

// api lists the exported symbols of a package, sorted.
func api(t *testing.T, path string) []string {
	t.Helper()
	loaded, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedTypes}, path)
	require.NoError(t, err)
	require.Len(t, loaded, 1)
	require.Empty(t, loaded[0].Errors)
	l := &lister{qualify: types.RelativeTo(loaded[0].Types)}
	scope := loaded[0].Types.Scope()
	for _, name := range scope.Names() {
		if o := scope.Lookup(name); o.Exported() {
			l.object(o)
		}
	}
	require.NotEmpty(t, l.lines)
	slices.SortFunc(l.lines, func(a, b string) int { return cmp.Compare(a, b) })
	return l.lines
}

type lister struct {
	qualify types.Qualifier
	lines   []string
}

func (l *lister) add(parts ...string) { l.lines = append(l.lines, strings.Join(parts, " ")) }

func (l *lister) object(o types.Object) {
	switch o := o.(type) {
	case *types.Const:
		l.add("const", o.Name(), types.TypeString(o.Type(), l.qualify), "=", o.Val().ExactString())
	case *types.TypeName:
		l.named(o)
	default:
		l.add(types.ObjectString(o, l.qualify))
	}
}

// named lists a type: what it is, its fields and its methods.
func (l *lister) named(o *types.TypeName) {
	what := types.TypeString(o.Type().Underlying(), l.qualify)
	s, isStruct := o.Type().Underlying().(*types.Struct)
	if isStruct {
		what = "struct"
	}
	l.add("type", types.TypeString(o.Type(), l.qualify), what)
	if types.IsInterface(o.Type()) {
		return
	}
	if isStruct {
		for f := range s.Fields() {
			if f.Exported() {
				l.add("field", o.Name()+"."+f.Name(), types.TypeString(f.Type(), l.qualify))
			}
		}
	}
	set := types.NewMethodSet(types.NewPointer(o.Type()))
	for i := range set.Len() {
		m := set.At(i)
		inherited := len(m.Index()) > 1 && s.Field(m.Index()[0]).Exported() // listed with the embedded struct
		if m.Obj().Exported() && !inherited {
			l.add("method", o.Name()+"."+m.Obj().Name()+strings.TrimPrefix(types.TypeString(m.Type(), l.qualify), "func"))
		}
	}
}
