package config_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator/config"
)

func load(t *testing.T, text string) (*config.Config, error) {
	t.Helper()
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("gen.yaml", []byte(text), 0o644))
	return config.Load("gen.yaml")
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "gen.yaml")
	require.NoError(t, os.WriteFile(file, []byte(`spec: spec/a.xml
overlays: [o.xml]
roots: [/communications/calls, microsoft.graph.call]
models: true
out: out/graph
header: |
  A line.
overrides:
  ns.a/b: {name: B, reason: because}
`), 0o644))
	cfg, err := config.Load(file)
	require.NoError(t, err)
	require.NoError(t, cfg.Validate(file))
	assert.Equal(t, &config.Config{
		Spec: filepath.Join(dir, "spec", "a.xml"), Overlays: []string{filepath.Join(dir, "o.xml")},
		Roots: []string{"/communications/calls", "microsoft.graph.call"}, Models: true,
		Package: "graph", Out: filepath.Join(dir, "out", "graph"), Header: "A line.\n",
		Overrides: map[string]config.Override{"ns.a/b": {Name: "B", Reason: "because"}},
	}, cfg)
}

func TestLoadFindings(t *testing.T) {
	for text, want := range map[string]string{
		"spek: x":                  "gen.yaml:1: field spek is not a key of gen.yaml: see gen help",
		"spec: a\nspec: b":         `gen.yaml:2: mapping key "spec" already defined at line 1`,
		"all: maybe":               "gen.yaml:1: cannot unmarshal !!str `maybe` into bool",
		"roots: 5\nout: [x]":       "gen.yaml:1: cannot unmarshal !!int `5` into []string\ngen.yaml:2: cannot unmarshal !!seq into string",
		"overrides: {a: {nam: X}}": "gen.yaml:1: field nam is not a key of an override: name and reason are",
		"spec: [":                  "gen.yaml:1: did not find expected node content",
		"a: &a [*a, *a]\nspec: *a": "gen.yaml:1: cannot unmarshal !!seq into string\ngen.yaml:1: field a is not a key of gen.yaml: see gen help",
	} {
		_, err := load(t, text)
		assert.EqualError(t, err, want, text)
	}
	_, err := config.Load("none.yaml")
	assert.ErrorIs(t, err, os.ErrNotExist)
	empty, err := load(t, "")
	require.NoError(t, err)
	assert.Equal(t, &config.Config{}, empty)
}

func TestValidate(t *testing.T) {
	ok := config.Config{Spec: "a.xml", Out: "out", All: true}
	for want, change := range map[string]func(*config.Config){
		"": func(*config.Config) {},
		"gen.yaml: spec: no description is named: add spec: FILE, or give --spec FILE":                                         func(c *config.Config) { c.Spec = "" },
		"gen.yaml: spec: descriptions are read from files: download https://x/y and name the file":                             func(c *config.Config) { c.Spec = "https://x/y" },
		"gen.yaml: out: no output folder is named: add out: FOLDER, or give --out FOLDER":                                      func(c *config.Config) { c.Out = "" },
		"gen.yaml: roots: roots and all exclude each other: remove one":                                                        func(c *config.Config) { c.Roots = []string{"/a"} },
		"gen.yaml: roots: nothing is selected: add roots, such as /communications/calls or microsoft.graph.call, or all: true": func(c *config.Config) { c.All = false },
		`gen.yaml: package: "my-graph" cannot be a package's name: add package: NAME, or give --package NAME`:                  func(c *config.Config) { c.Out = "my-graph" },
		`gen.yaml: package: "func" cannot be a package's name: add package: NAME, or give --package NAME`:                      func(c *config.Config) { c.Package = "func" },
		"gen.yaml: header: the header holds control characters":                                                                func(c *config.Config) { c.Header = "a\rpackage x" },
		"gen.yaml: overrides/a: it needs a reason\ngen.yaml: overrides/a: name must be an exported Go identifier, not \"b c\"": func(c *config.Config) { c.Overrides = map[string]config.Override{"a": {Name: "b c"}} },
	} {
		cfg := ok
		change(&cfg)
		err := cfg.Validate("gen.yaml")
		if want == "" {
			assert.NoError(t, err)
			continue
		}
		assert.EqualError(t, err, want)
	}
}
