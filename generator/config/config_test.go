package config

import (
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/internal/wanted"
	"github.com/callgen/callgen/spec/diag"
)

// in makes a folder with a configuration and a description the current one.
func in(t *testing.T, yaml string) {
	t.Helper()
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile(DefaultFile, []byte(yaml), 0o644))
	require.NoError(t, os.WriteFile("a.xml", nil, 0o644))
	require.NoError(t, os.WriteFile("b.xml", nil, 0o644))
}

const allKeys = `# calls
spec: a.xml
sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
overlays:
  - b.xml
roots:
  - /communications/calls/{id}/participants
  - microsoft.graph.commsNotifications
versions: fold
exclude: [/communications/*/operations, "microsoft.graph.callRecords.*", "!microsoft.graph.callRecords.session"]
hierarchies:
  microsoft.graph.entity: [microsoft.graph.call]
models: true
api-version: beta
namespace: microsoft.graph
package: calls
out: "generated/my calls"
overrides:
  /communications: {name: Comms, reason: shorter}
  microsoft.graph.foo/bar: {name: FooBar, reason: clashes with fooBar}
  microsoft.graph.security.alert:
    name: SecurityWarning
    reason: reads better
header: |
  Of the bot team.
  Ask before you regenerate.
`

func TestLoadAllKeys(t *testing.T) {
	in(t, allKeys)
	c, err := Load(DefaultFile)
	require.NoError(t, err)
	c.places, c.Choice.places, c.Package.places = nil, nil, nil
	assert.Equal(t, &Config{
		Source: Source{Spec: "a.xml", SHA256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", Versions: Fold, Overlays: []string{"b.xml"}},
		Choice: Choice{
			Roots:       []string{"/communications/calls/{id}/participants", "microsoft.graph.commsNotifications"},
			Exclude:     []string{"/communications/*/operations", "microsoft.graph.callRecords.*", "!microsoft.graph.callRecords.session"},
			Hierarchies: map[string][]string{"microsoft.graph.entity": {"microsoft.graph.call"}},
		},
		Package: Package{
			Name: "calls", Out: filepath.FromSlash("generated/my calls"), Models: true, APIVersion: "beta", Namespace: "microsoft.graph",
			Overrides: map[string]Override{
				"/communications":                {"Comms", "shorter"},
				"microsoft.graph.foo/bar":        {"FooBar", "clashes with fooBar"},
				"microsoft.graph.security.alert": {"SecurityWarning", "reads better"},
			},
			Header: "Of the bot team.\nAsk before you regenerate.\n",
		},
		file: DefaultFile,
	}, c)
}

func TestPositions(t *testing.T) {
	in(t, "spec: a.xml\nout: x\nroots: [/a, /b]\nexclude:\n- c.d\nhierarchies:\n  e.f: []\noverrides:\n  /a: {name: A, reason: r}\n")
	c, err := Load(DefaultFile)
	require.NoError(t, err)
	at := func(line, col int) diag.Pos { return diag.Pos{File: DefaultFile, Line: line, Col: col} }
	assert.Equal(t, at(3, 13), c.Choice.Position("roots", "/b"))
	assert.Equal(t, at(5, 3), c.Choice.Position("exclude", "c.d"))
	assert.Equal(t, at(7, 3), c.Choice.Position("hierarchies", "e.f"))
	assert.Equal(t, at(9, 3), c.Package.Position("/a"))
	assert.Zero(t, c.Choice.Position("roots", "/c"))
	assert.Zero(t, new(Config).Package.Position("/a"))
}

// TestOverridesOfEverything: whatever has a name in Go can have another.
func TestOverridesOfEverything(t *testing.T) {
	validate := validator(t)
	for element, ok := range map[string]bool{
		"/calls": true, "a.b": true, "a.b/c": true, "a.b/c-d": true, "a.b/+1": true, "a.b/256x256": true, "a.b/in progress": true,
		"a.answer(Edm.String,Collection(a.b))/uri": true, "a.answer(Edm.String,Edm.Int32)/uri": true, "a.answer()": true, "a.container/calls": true,
		"calls": false, "/calls/state": false, "/": false, "a.": false, "a.b/": false, "a.b//c": false, "a.b((": false, "/5": false, "a.5": false, "a.b/\u202ec": false,
	} {
		text := "spec: a.xml\nall: true\nout: x\noverrides:\n  " + strconv.Quote(element) + ": {name: X, reason: r}\n"
		in(t, text)
		_, err := Load(DefaultFile)
		assert.Equal(t, ok, err == nil, "%s: %v", element, err)
		if !strings.Contains(element, "\u202e") { // of which the schema says nothing
			assert.Equal(t, ok, validate(text) == nil, "%s in the schema", element)
		}
	}
}

func TestPin(t *testing.T) {
	hash := strings.Repeat("ab", 32)
	for before, after := range map[string]string{
		"# calls\nspec: https://x/$metadata # newest\nall: true\nout: x\n": "# calls\nspec: https://x/$metadata # newest\nsha256: \"" + hash + "\"\nall: true\nout: x\n",
		"spec: https://x/m\nsha256: old # by hand\nall: true\nout: x\n":    "spec: https://x/m\nsha256: \"" + hash + "\" # by hand\nall: true\nout: x\n",
		"out: x\nsha256: 'o'\nspec: https://x/m\nall: true":                "out: x\nsha256: \"" + hash + "\"\nspec: https://x/m\nall: true",
		"spec: \"https://x/m\"\r\nall: true\r\nout: x\r\n":                 "spec: \"https://x/m\"\r\nsha256: \"" + hash + "\"\r\nall: true\r\nout: x\r\n",
		"out: x\nall: true\nspec: https://x/m":                             "out: x\nall: true\nspec: https://x/m\nsha256: \"" + hash + "\"",
	} {
		got, err := Pin([]byte(before), hash)
		require.NoError(t, err, before)
		assert.Equal(t, after, string(got))
		again, err := Pin(got, hash)
		require.NoError(t, err)
		assert.Equal(t, after, string(again))
	}
	for _, text := range []string{"", "[", "all: true\n", "{spec: https://x/m, all: true}\n", "spec: >\n  https://x/m\n", "spec: &a https://x\nsha256: |\n  x\n"} {
		_, err := Pin([]byte(text), hash)
		assert.Error(t, err, text)
	}
}

func TestLoadPathsAreRelativeToTheFile(t *testing.T) {
	in(t, "spec: ../a.xml\noverlays: [../b.xml]\nall: true\nout: ../generated/calls\n")
	require.NoError(t, os.Mkdir("sub", 0o755))
	require.NoError(t, os.Rename(DefaultFile, "sub/gen.yaml"))
	c, err := Load("sub/gen.yaml")
	require.NoError(t, err)
	assert.Equal(t, "a.xml", c.Spec)
	assert.Equal(t, []string{"b.xml"}, c.Overlays)
	assert.Equal(t, filepath.FromSlash("generated/calls"), c.Out)
	assert.Equal(t, "calls", c.Name, "the last part of out by default")
}

func TestLoadFlags(t *testing.T) {
	in(t, "spec: none.xml\noverlays: [none.xml]\nall: true\nout: old\npackage: old\n")
	c, err := Load(DefaultFile, Flag{"spec", []string{"a.xml"}}, Flag{"overlay", []string{"b.xml"}},
		Flag{"root", []string{"/users", "/me"}}, Flag{"models", []string{"true"}}, Flag{"out", []string{"new"}})
	require.NoError(t, err)
	assert.Equal(t, "a.xml", c.Spec)
	assert.Equal(t, []string{"b.xml"}, c.Overlays)
	assert.Equal(t, []string{"/users", "/me"}, c.Roots)
	assert.False(t, c.All, "roots replace it")
	assert.True(t, c.Models)
	assert.Equal(t, "new", c.Name, "the name in the file was for its own folder")

	in(t, "spec: a.xml\nroots: [/users]\nout: old\n")
	c, err = Load(DefaultFile, Flag{"all", []string{"true"}})
	require.NoError(t, err)
	assert.True(t, c.All)
	assert.Empty(t, c.Roots, "all replaces them")
}

// What belongs to the description of the file is not meant for another one.
func TestAnotherDescription(t *testing.T) {
	in(t, "spec: a.xml\nsha256: '"+strings.Repeat("0", 64)+"'\noverlays: [o.xml]\nall: true\nout: x\n")
	require.NoError(t, os.WriteFile("o.xml", nil, 0o644))
	whole, err := filepath.Abs("a.xml")
	require.NoError(t, err)
	for name, test := range map[string]struct {
		flags    []Flag
		overlays []string
		hash     bool
	}{
		"none":             {nil, []string{"o.xml"}, true},
		"the same":         {[]Flag{{"spec", []string{"./a.xml"}}}, []string{"o.xml"}, true},
		"the same, whole":  {[]Flag{{"spec", []string{whole}}}, []string{"o.xml"}, true},
		"another":          {[]Flag{{"spec", []string{"b.xml"}}}, nil, false},
		"one more":         {[]Flag{{"spec", []string{"a.xml", "b.xml"}}}, nil, false},
		"another, overlay": {[]Flag{{"overlay", []string{"o.xml"}}, {"spec", []string{"b.xml"}}}, []string{"o.xml"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := Load(DefaultFile, test.flags...)
			require.NoError(t, err)
			assert.Equal(t, test.overlays, c.Overlays)
			assert.Equal(t, test.hash, c.SHA256 != "")
		})
	}
}

func TestFlagsOfEntries(t *testing.T) {
	in(t, "spec: a.xml\nall: true\nout: x\noverrides:\n  a.b: {name: B, reason: r}\n  a.c: {name: C, reason: r}\nhierarchies: {a.d: [a.e]}\n")
	c, err := Load(DefaultFile, Flag{"override", []string{"a.b=Bee: reads: better", "a.f/g=G:h"}}, Flag{"hierarchy", []string{"a.d=a.x,a.y", "a.z="}}, Flag{"header", []string{"Ours."}})
	require.NoError(t, err)
	assert.Equal(t, map[string]Override{"a.b": {"Bee", "reads: better"}, "a.c": {"C", "r"}, "a.f/g": {"G", "h"}}, c.Overrides)
	assert.Equal(t, map[string][]string{"a.d": {"a.x", "a.y"}, "a.z": {}}, c.Hierarchies)
	assert.Equal(t, "Ours.", c.Header)
	_, err = Load(DefaultFile, Flag{"override", []string{"a.b", "a.c=C", "a.d=lower:r"}}, Flag{"hierarchy", []string{"x"}})
	wanted.Findings(t, err, strings.Join([]string{
		`--hierarchy: "x" is not of the form BASE=TYPE,TYPE, such as microsoft.graph.entity=microsoft.graph.call`,
		`--override: "a.b" is not of the form ELEMENT=NAME:WHY, such as microsoft.graph.call/state=CallState:clashes with …`,
		`--override: "a.c=C" is not of the form ELEMENT=NAME:WHY, such as microsoft.graph.call/state=CallState:clashes with …`,
		`--override: the name must be an exported Go identifier, such as CallState, not "lower"`,
	}, "\n"))
}

func TestEveryKeyIsAFlag(t *testing.T) {
	for _, k := range Keys() {
		assert.NotEmpty(t, k.Flag, k.Name)
	}
}

func TestLoadFlagsAlone(t *testing.T) {
	in(t, "")
	dir, err := os.Getwd()
	require.NoError(t, err)
	require.NoError(t, os.Mkdir("here", 0o755))
	t.Chdir("here")
	c, err := Load("", Flag{"spec", []string{"../a.xml"}}, Flag{"all", []string{"true"}}, Flag{"out", []string{"."}})
	require.NoError(t, err)
	assert.Equal(t, "here", c.Name, "of the folder "+dir)

	_, err = Load("", Flag{"spec", []string{"none.xml"}}, Flag{"root", []string{"calls"}}, Flag{"all", []string{"true"}}, Flag{"package", []string{"a-b"}})
	wanted.Findings(t, err, strings.Join([]string{
		`--all: all and roots exclude each other`,
		`--package: "a-b" cannot be a package name`,
		`--root: "calls" is neither a path, such as /communications/calls, nor a qualified type name, such as microsoft.graph.call`,
		`--spec: there is no file none.xml`,
		`out: no folder is given: add "out: FOLDER", or --out FOLDER`,
	}, "\n"))
}

func TestLoadNoFile(t *testing.T) {
	t.Chdir(t.TempDir())
	_, err := Load("none.yaml")
	assert.ErrorIs(t, err, os.ErrNotExist)
}

// finding is a configuration and what is wrong with it.
type finding struct{ name, yaml, want string }

func findings() []finding {
	const nothing = `gen.yaml: roots: nothing is selected`
	const empty = nothing + "\n" + `gen.yaml: spec: no description is given`
	const noOut = `gen.yaml: out: no folder is given`
	const ok = "spec: a.xml\nall: true\nout: calls\n" // three lines
	return []finding{
		{"empty", "", noOut + "\n" + empty},
		{"comments only", "# nothing\n", noOut + "\n" + empty},
		{"unknown key", ok + "outt: x\n", `gen.yaml:4:1: outt: unknown key`},
		{"merge key", ok + "<<: {out: x}\n", `gen.yaml:4:1: <<: unknown key`},
		{"key twice", ok + "out: x\n", `gen.yaml:4:1: out: this is set twice, first on line 3`},
		{"not YAML", ok + "\t: [\n", "gen.yaml:3: this is not YAML: found a tab character that violates indentation"},
		{"two documents", ok + "---\nspec: b.xml\n", `gen.yaml:4:1: a second YAML document begins here`},
		{"a list at the top", "- spec\n", `gen.yaml:1:1: the file must hold keys and values, such as "spec: FILE"`},
		{"text is a number", ok + "package: 12\n", `gen.yaml:4:10: package: must be text`},
		{"text is a list", ok + "package: [a]\n", `gen.yaml:4:10: package: must be text`},
		{"text is missing", ok + "package:\n", `gen.yaml:4:9: package: the value is missing`},
		{"text is blank", ok + "package: ' '\n", `gen.yaml:4:10: package: the value is missing`},
		{"list is a text", "spec: a.xml\nout: calls\nroots: /users\n", `gen.yaml:3:8: roots: must be a list, with each item on its own line after "- "`},
		{"item is not text", "spec: a.xml\nout: calls\nroots:\n  - /users\n  - {a: b}\n", `gen.yaml:5:5: roots: must be text`},
		{"switch is a text", "spec: a.xml\nout: calls\nall: yes\n", `gen.yaml:3:6: all: must be true or false`},
		{"spec is missing", "all: true\nout: calls\n", `gen.yaml: spec: no description is given`},
		{"URL without a hash", "spec: https://graph.microsoft.com/beta/$metadata\nall: true\nout: calls\n", `gen.yaml:1:1: spec: https://graph.microsoft.com/beta/$metadata has no hash to verify the download`},
		{"URL that is not https", "spec: http://example.org/$metadata\nsha256: \"" + strings.Repeat("0", 64) + "\"\nall: true\nout: calls\n", `gen.yaml:1:1: spec: http://example.org/$metadata: descriptions are fetched by https only`},
		{"no hash", ok + "sha256: ABC\n", `gen.yaml:4:1: sha256: "ABC" is not a hash of 64 digits 0-9 and a-f`},
		{"spec is not there", "all: true\nout: calls\nspec: sub/none.xml\n", `gen.yaml:3:1: spec: there is no file sub/none.xml`},
		{"several files, one by URL", "all: true\nout: calls\nspec: [a.xml, https://x/y.xml]\n", `gen.yaml:3:1: spec: https://x/y.xml is a URL, and a list of descriptions can only name files`},
		{"several files, one twice", "all: true\nout: calls\nspec: [a.xml, a.xml]\n", `gen.yaml:3:1: spec: a.xml is listed twice`},
		{"overlays", ok + "overlays:\n- b.xml\n- none.xml\n- b.xml\n- http://x/y.xml\n", "gen.yaml:6:3: overlays: there is no file none.xml\n" +
			"gen.yaml:7:3: overlays: b.xml is listed twice\n" +
			"gen.yaml:8:3: overlays: http://x/y.xml is a URL, and overlays can only be files"},
		{"nothing chosen", "spec: a.xml\nout: calls\nall: false\n", nothing},
		{"no roots", "spec: a.xml\nout: calls\nroots: []\n", strings.Replace(nothing, "gen.yaml:", "gen.yaml:3:1:", 1)},
		{"all and roots", ok + "roots: [/users]\n", `gen.yaml:2:1: all: all and roots exclude each other`},
		{"roots", "spec: a.xml\nout: calls\nroots:\n- /users\n- users\n- //users\n- /users\n- microsoft.graph.\n- /a b\n",
			`gen.yaml:5:3: roots: "users" is neither a path, such as /communications/calls, nor a qualified type name, such as microsoft.graph.call` + "\n" +
				`gen.yaml:6:3: roots: "//users" is neither a path, such as /communications/calls, nor a qualified type name, such as microsoft.graph.call` + "\n" +
				`gen.yaml:7:3: roots: /users is listed twice` + "\n" +
				`gen.yaml:8:3: roots: "microsoft.graph." is neither a path, such as /communications/calls, nor a qualified type name, such as microsoft.graph.call` + "\n" +
				`gen.yaml:9:3: roots: "/a b" is neither a path, such as /communications/calls, nor a qualified type name, such as microsoft.graph.call`},
		{"exclude", ok + "exclude: [users, /users/*, '/users/*', 'microsoft.*.call*', '/*.']\n",
			`gen.yaml:4:11: exclude: "users" is neither a path, such as /communications/calls, nor a qualified type name, such as microsoft.graph.call` + "\n" +
				`gen.yaml:4:28: exclude: /users/* is listed twice` + "\n" +
				`gen.yaml:4:61: exclude: "/*." is neither a path, such as /communications/calls, nor a qualified type name, such as microsoft.graph.call`},
		{"hierarchies are a list", ok + "hierarchies: [a]\n", `gen.yaml:4:14: hierarchies: must map base types to lists of derived types, such as "microsoft.graph.entity: [microsoft.graph.call]"`},
		{"hierarchies", ok + "hierarchies:\n  a.b: c\n  entity: [a.c, d, a.c]\n",
			`gen.yaml:5:8: a.b: must be a list of derived types, such as [microsoft.graph.call]; [] keeps none` + "\n" +
				`gen.yaml:6:3: entity: "d" is not a qualified type name, such as microsoft.graph.call` + "\n" +
				`gen.yaml:6:3: entity: "entity" is not a qualified type name, such as microsoft.graph.entity` + "\n" +
				`gen.yaml:6:3: entity: a.c is listed twice`},
		{"namespace", ok + "namespace: microsoft graph\n", `gen.yaml:4:1: namespace: "microsoft graph" is not a namespace, such as microsoft.graph`},
		{"package is a keyword", ok + "package: func\n", `gen.yaml:4:1: package: "func" cannot be a package name`},
		{"package is main", ok + "package: main\n", `gen.yaml:4:1: package: "main" cannot be a package name`},
		{"out is missing", "spec: a.xml\nall: true\n", noOut},
		{"out is a URL", "spec: a.xml\nall: true\nout: file:///x\n", `gen.yaml:3:1: out: file:///x is a URL`},
		{"out gives no package", "spec: a.xml\nall: true\nout: ms-graph\n", `gen.yaml: package: "ms-graph", the last part of out, cannot be a package name`},
		{"overrides are a list", ok + "overrides: [a]\n", `gen.yaml:4:12: overrides: must map schema elements to names, such as "microsoft.graph.call/state: {name: NAME, reason: WHY}"`},
		{"overrides", ok + `overrides:
  call: {name: Call, reason: x}
  microsoft.graph.a: {name: lower, reason: x}
  microsoft.graph.b: {name: B}
  microsoft.graph.c: {name: C, reason: x, why: y}
  microsoft.graph.d: D
`, strings.Join([]string{
			`gen.yaml:5:3: call: this is not a schema element, such as microsoft.graph.call or microsoft.graph.call/state`,
			`gen.yaml:6:3: microsoft.graph.a: the name must be an exported Go identifier, such as CallState, not "lower"`,
			`gen.yaml:7:3: microsoft.graph.b: the reason is missing`,
			`gen.yaml:8:43: microsoft.graph.c: unknown key why: an override has a name and a reason`,
			`gen.yaml:9:22: microsoft.graph.d: must be a name and a reason: {name: NAME, reason: WHY}`,
		}, "\n")},
		{"header with a constraint", ok + "header: |\n  fine\n  +build ignore\n", `gen.yaml:4:1: header: "+build ignore" contains +build, which is taken for a build constraint`},
		{"header with a constraint in a line", ok + "header: no +build here\n", `gen.yaml:4:1: header: "no +build here" contains +build, which is taken for a build constraint`},
		{"header with control characters", ok + `header: "a\u202eb"` + "\n", `gen.yaml:4:1: header: "a\u202eb" contains control or direction characters`},
	}
}

func TestLoadFindings(t *testing.T) {
	for _, test := range findings() {
		t.Run(test.name, func(t *testing.T) {
			in(t, test.yaml)
			c, err := Load(DefaultFile)
			wanted.Findings(t, err, test.want)
			assert.Nil(t, c)
		})
	}
}

func TestLoadTooLarge(t *testing.T) {
	in(t, "#"+strings.Repeat("x", maxSize))
	_, err := Load(DefaultFile)
	assert.ErrorContains(t, err, "gen.yaml: the file has more than 1048576 bytes: is it a configuration?")
}

func TestValidateWithoutFile(t *testing.T) {
	c := &Config{Source: Source{Spec: "x.xml"}, Choice: Choice{All: true}, Package: Package{Out: "generated/calls"}}
	require.NoError(t, c.Validate())
	assert.Equal(t, "calls", c.Name)
}

func TestKeysAndFieldsAgree(t *testing.T) {
	c := new(Config)
	taken := map[any]bool{}
	for _, k := range Keys() {
		var place any
		switch k.Kind {
		case Text:
			place = k.text(c)
		case List:
			place = k.list(c)
		case Switch:
			place = k.toggle(c)
		case Files:
			place = &c.Spec // and More, for all but the first
		default: // overrides and hierarchies are maps, with code of their own
			place = k.Name
		}
		assert.False(t, taken[place], k.Name)
		taken[place] = true
		assert.NotEmpty(t, k.Doc, k.Name)
	}
	fields := reflect.TypeFor[Source]().NumField() + reflect.TypeFor[Choice]().NumField() + reflect.TypeFor[Package]().NumField()
	assert.Len(t, taken, fields-3, "places, in Choice and Package, is of no key; More is of spec")
}

func FuzzRead(f *testing.F) {
	f.Add("spec: a.xml\nall: true\nout: calls\n")
	f.Add("roots: [/users]\noverrides: {a.b: {name: X, reason: y}}\n")
	f.Add("a: &a [*a]\nroots: *a\n")
	f.Add("spec: &x a\nout: *x\n---\n")
	f.Fuzz(func(t *testing.T, yaml string) {
		t.Chdir(t.TempDir())
		require.NoError(t, os.WriteFile(DefaultFile, []byte(yaml), 0o644))
		c, err := Load(DefaultFile)
		assert.True(t, (c == nil) != (err == nil))
	})
}
