package changes_test

import (
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator/changes"
	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/overlay"
)

// What is compared is what the emitter prints: every exported declaration of the
// package, with its type, and nothing else.
func TestAPIIsThatOfThePackage(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: it builds three packages")
	}
	ours, err := csdl.Read("communications.csdl.xml", ofProject(t, "communications.csdl.xml"))
	require.NoError(t, err)
	require.NoError(t, overlay.Apply(ours, "communications.overlay.xml", ofProject(t, "communications.overlay.xml")))
	for name, s := range map[string]changes.Side{
		"base":           side(t, model(t, base), false),
		"base models":    side(t, model(t, base), true),
		"communications": side(t, ours, false),
	} {
		t.Run(name, func(t *testing.T) {
			api := shared().generated(t, s.Plan)
			want := declarations(api)
			for _, name := range shared().fields(t, s.Plan, api).Scope().Names() {
				want["fields."+name] = "Property"
			}
			assert.Equal(t, want, changes.API(s))
		})
	}
}

// ofProject reads a file of the description that the project's own package is made from.
func ofProject(t *testing.T, name string) []byte {
	data, err := os.ReadFile(filepath.Join("..", "..", "spec", name))
	require.NoError(t, err)
	return data
}

// declarations returns the exported declarations of a package, less those of its runtime
// and those that every package has.
func declarations(api *types.Package) map[string]string {
	all := make(map[string]string)
	for _, name := range api.Scope().Names() {
		obj := api.Scope().Lookup(name)
		if t, ok := obj.(*types.TypeName); ok {
			if isMade(t) {
				declared(all, t)
			}
			methods(all, t)
		} else if isMade(obj) {
			all[name] = shown(obj.Type())
		}
	}
	return all
}

// isMade reports whether something exported is made from the schema.
func isMade(obj types.Object) bool {
	switch obj.Name() {
	case "New", "UnmarshalAny", "NewClient", "Show":
		return false
	}
	return obj.Exported() && strings.HasSuffix(shared().fset.Position(obj.Pos()).Filename, ".gen.go")
}

func methods(all map[string]string, t *types.TypeName) {
	named, ok := t.Type().(*types.Named)
	if !ok || types.IsInterface(named) {
		return
	}
	for m := range named.Methods() {
		if isMade(m) {
			all[t.Name()+"."+m.Name()] = shown(m.Type())
		}
	}
}

func declared(all map[string]string, t *types.TypeName) {
	switch u := t.Type().Underlying().(type) {
	case *types.Struct:
		all[t.Name()] = "struct"
		for f := range u.Fields() {
			if f.Exported() {
				all[t.Name()+"."+f.Name()] = shown(f.Type())
			}
		}
	default:
		all[t.Name()] = shown(u)
	}
}

// shown is a type as the API has it: without the names of parameters.
func shown(t types.Type) string {
	qualify := func(p *types.Package) string {
		if p.Path() == apiPath {
			return ""
		}
		return p.Name()
	}
	if s, ok := t.(*types.Signature); ok {
		t = types.NewSignatureType(nil, nil, nil, unnamed(s.Params()), unnamed(s.Results()), s.Variadic())
	}
	return types.TypeString(t, qualify)
}

func unnamed(tuple *types.Tuple) *types.Tuple {
	var vars []*types.Var
	for v := range tuple.Variables() {
		vars = append(vars, types.NewParam(v.Pos(), v.Pkg(), "", v.Type()))
	}
	return types.NewTuple(vars...)
}
