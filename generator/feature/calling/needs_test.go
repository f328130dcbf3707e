package calling

import (
	"go/types"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/go/packages"

	"github.com/callgen/callgen/generator/names"
)

// What the companion uses of the generated package is what it says that it needs: every
// struct, every field, and every interface.
func TestCompanionNeedsWhatItUses(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: it loads the source of the standard library")
	}
	loaded, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports | packages.NeedDeps,
	}, "./companion")
	require.NoError(t, err)
	require.Len(t, loaded, 1)
	require.Empty(t, loaded[0].Errors)
	needed := make(map[string]need)
	for _, c := range companions() {
		for _, n := range c.needs {
			before := needed[names.Pascal(n.name)]
			n.properties += " " + before.properties
			needed[names.Pascal(n.name)] = n
		}
	}
	uses := 0
	for _, obj := range loaded[0].TypesInfo.Uses {
		if obj.Pkg() == nil || !strings.HasSuffix(obj.Pkg().Path(), "/"+modelName) {
			continue
		}
		switch obj := obj.(type) {
		case *types.TypeName:
			name, isUnion := strings.CutPrefix(obj.Name(), "Any")
			if n, ok := needed[name]; assert.True(t, ok || isRuntime(obj), "%s is used", obj.Name()) && isUnion {
				assert.True(t, n.polymorphic, "%s is used", obj.Name())
			}
			uses++
		case *types.Var:
			if owner, tag := fieldOf(obj); owner != "" {
				assert.True(t, declaresNeed(needed, owner, tag), "%s.%s is used", owner, obj.Name())
				uses++
			}
		}
	}
	assert.Greater(t, uses, 50)
}

func isRuntime(obj *types.TypeName) bool {
	return slices.Contains([]string{"Value", "AdditionalData"}, obj.Name())
}

// fieldOf returns the struct that declares a field, and its member; "" for other variables.
func fieldOf(v *types.Var) (owner, member string) {
	scope := v.Pkg().Scope()
	for _, name := range scope.Names() {
		s, ok := scope.Lookup(name).Type().Underlying().(*types.Struct)
		if !ok {
			continue
		}
		for i := range s.NumFields() {
			if s.Field(i) == v && !v.Embedded() {
				member, _, _ = strings.Cut(reflect.StructTag(s.Tag(i)).Get("json"), ",")
				return name, member
			}
		}
	}
	return "", ""
}

// declaresNeed reports whether some need names a property that a struct declares, for itself
// or for a type derived from it.
func declaresNeed(needed map[string]need, owner, member string) bool {
	if member == "-" || member == "" {
		return true // AdditionalData
	}
	for name, n := range needed {
		if slices.Contains(strings.Fields(n.properties), member) && (name == owner || needed[owner].name == "") {
			return true
		}
	}
	return false
}
