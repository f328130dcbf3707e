package split

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator/emit"
	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/generator/output"
)

func inClient() scope {
	const types, codec = "example.com/graph/types", "example.com/graph/internal/codec"
	return scope{
		names: map[string]qualified{"Call": {types, "Call"}, "Value": {types, "Value"}, "typeList": {codec, "TypeList"}},
		links: map[string]string{"Call": "types.Call", "Gone": ""},
	}
}

func TestQualify(t *testing.T) {
	for name, test := range map[string]struct{ before, after string }{
		"nothing": {"package p\n\n// Of [Other].\nvar a = other\n", "package p\n\n// Of [Other].\nvar a = other\n"},
		"without imports": {
			"package p\n\n// Of a [*Call], [Call.State], [Gone.Get] and [link].\nvar a *Call\n",
			"package p\n\nimport (\n\t\"example.com/graph/types\"\n)\n\n// Of a [*types.Call], [types.Call.State], Gone.Get and [link].\nvar a *types.Call\n",
		},
		"one import": {
			"package p\n\nimport \"context\"\n\ntype a struct {\n\tCall\n\tx context.Context\n}\n",
			"package p\n\nimport (\n\t\"context\"\n\n\t\"example.com/graph/types\"\n)\n\ntype a struct {\n\ttypes.Call\n\tx context.Context\n}\n",
		},
		"imports": {
			"package p\n\nimport (\n\t\"context\"\n\t\"io\"\n)\n\nvar list typeList\n\nfunc f(context.Context, io.Reader) Value\n",
			"package p\n\nimport (\n\t\"context\"\n\t\"io\"\n\n\t\"example.com/graph/internal/codec\"\n\t\"example.com/graph/types\"\n)\n\nvar list codec.TypeList\n\nfunc f(context.Context, io.Reader) types.Value\n",
		},
		"names of the file": {
			"package p\n\nfunc f(Call int) int { return Call + x.Call + len(s{Call: 1}.Call) }\n",
			"package p\n\nfunc f(Call int) int { return Call + x.Call + len(s{Call: 1}.Call) }\n",
		},
		"a parameter that hides the package": {
			"package p\n\nfunc f(types string) any { return s{types: types, of: new(Call)}.types }\n\ntype s struct{ types string }\n",
			"package p\n\nimport (\n\t\"example.com/graph/types\"\n)\n\nfunc f(typesValue string) any { return s{types: typesValue, of: new(types.Call)}.types }\n\ntype s struct{ types string }\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := inClient().qualify(emit.File{File: output.File{Name: "a.go", Data: []byte(test.before)}})
			require.NoError(t, err)
			assert.Equal(t, test.after, string(f.Data))
		})
	}
}

func TestQualifiedLinesKeepTheirOrigin(t *testing.T) {
	of := &goir.Declared{Element: "graph.call"}
	f, err := inClient().qualify(emit.File{
		File:  output.File{Name: "a.go", Data: []byte("package p\n\nvar a *Call\n")},
		Spans: []emit.Span{{From: 3, To: 3, Of: of}},
	})
	require.NoError(t, err)
	assert.Equal(t, []emit.Span{{From: 7, To: 7, Of: of}}, f.Spans)
}

func TestQualifyRefusesWhatIsNoGo(t *testing.T) {
	_, err := inClient().qualify(emit.File{File: output.File{Name: "a.go", Data: []byte("package")}})
	assert.ErrorContains(t, err, "a.go cannot be divided")
}

func TestMethodsOfTypesCannotBeApart(t *testing.T) {
	pkg := &goir.Package{Name: "graph", Doc: []string{"Package graph holds Go types for a service."}, Files: []*goir.File{{Name: "a", Decls: []goir.Decl{
		&goir.Struct{Declared: goir.Declared{Name: "Chassis"}},
		&goir.Own{API: []goir.Symbol{{Name: "Chassis.Reset", Kind: "method"}}},
	}}}}
	_, err := Print(pkg, Below("example.com/graph"), "runtime_", nil)
	assert.ErrorIs(t, err, ErrMethod)
	assert.ErrorContains(t, err, "Chassis.Reset")
}

func TestListsAreTakenWithThoseInThem(t *testing.T) {
	inner := goir.NamedList{Name: "typesOfB", Types: goir.TypeList{Structs: []string{"B"}}}
	outer := goir.NamedList{Name: "typesOfA", Types: goir.TypeList{Lists: []goir.List{{Name: "typesOfB"}}}}
	other := goir.NamedList{Name: "typesOfC"}
	all := map[string]goir.NamedList{"typesOfA": outer, "typesOfB": inner, "typesOfC": other}
	assert.Equal(t, []goir.NamedList{outer, inner}, used(all, map[string]bool{"typesOfA": true, "unknown": true}))
}
