package changes_test

import (
	"go/types"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator/changes"
	"github.com/callgen/callgen/generator/plan"
	"github.com/callgen/callgen/spec/csdl"
)

// What is compared is what the emitter prints: every exported declaration of the
// package, with its type, and nothing else.
func TestSurfaceIsThatOfThePackage(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "spec", "communications.csdl.xml"))
	require.NoError(t, err)
	ours, err := csdl.Read("communications.csdl.xml", data)
	require.NoError(t, err)
	for name, s := range map[string]changes.Side{
		"base":           side(t, model(t, base), false),
		"base models":    side(t, model(t, base), true),
		"communications": side(t, ours, false),
	} {
		t.Run(name, func(t *testing.T) {
			api := shared().generated(t, s.Plan)
			runtime := shared().generated(t, withoutTypes(s.Plan))
			assert.Equal(t, declarations(api, runtime), changes.Surface(s))
		})
	}
}

// withoutTypes is a package that has the runtime only.
func withoutTypes(p *plan.Package) *plan.Package {
	empty := &plan.Package{Name: p.Name}
	if p.Client != nil {
		empty.Client = &plan.Client{Version: p.Client.Version}
	}
	return empty
}

// declarations returns the exported declarations of a package that another has not.
func declarations(api, less *types.Package) map[string]string {
	all := make(map[string]string)
	for _, name := range api.Scope().Names() {
		obj := api.Scope().Lookup(name)
		if !obj.Exported() {
			continue
		}
		isNew := less.Scope().Lookup(name) == nil
		t, isType := obj.(*types.TypeName)
		if !isType {
			if isNew {
				all[name] = shown(obj.Type())
			}
			continue
		}
		if isNew {
			declared(all, t)
		}
		if named := t.Type().(*types.Named); isNew || name == "Client" {
			methods(all, named, less)
		}
	}
	return all
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

func methods(all map[string]string, named *types.Named, less *types.Package) {
	if types.IsInterface(named) {
		return
	}
	before := less.Scope().Lookup(named.Obj().Name())
	for m := range named.Methods() {
		if before != nil {
			if obj, _, _ := types.LookupFieldOrMethod(before.Type(), true, less, m.Name()); obj != nil {
				continue
			}
		}
		if m.Exported() {
			all[named.Obj().Name()+"."+m.Name()] = shown(m.Type())
		}
	}
}

// shown is a type as the surface has it: without the names of parameters.
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
