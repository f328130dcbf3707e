package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/openapi"
)

const small = `<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="a.b" xmlns="http://docs.oasis-open.org/odata/ns/edm">
<ComplexType Name="c"><Property Name="p" Type="Edm.Int32"/></ComplexType>
<Action Name="lost" IsBound="true"><Parameter Name="it" Type="a.b.c"/></Action>
</Schema></edmx:DataServices></edmx:Edmx>`

func TestConvert(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("a.xml", []byte(small), 0o644))
	require.NoError(t, os.WriteFile("gen.yaml", []byte("nonsense: true\n"), 0o644)) // is not read
	code, stdout, stderr := gen(fake, "convert", "--spec", "a.xml", "--server", "https://example.org/v2/")
	assert.Equal(t, exitOK, code)
	assert.Contains(t, stdout, "# Made by gen convert from a.xml: change that instead.\nopenapi: 3.0.4\ninfo:\n  title: OData Service for namespace a.b\n  version: v2\n")
	assert.Equal(t, "a.xml:4:1: a.b.lost: no path leads to what the operation is bound to: it is left out\ngen: 1 note about the description\n", stderr)
	m, notes, err := openapi.Read("out", []byte(stdout), openapi.Options{})
	require.NoError(t, err)
	assert.Empty(t, notes)
	assert.Equal(t, "Edm.Int32", m.Structured("a.b.c").Property("p").Type.String())

	code, again, stderr := gen(fake, "-q", "--out", "a.yaml", "convert", "--spec", "a.xml", "--server", "https://example.org/v2/")
	assert.Equal(t, exitOK, code)
	assert.Empty(t, again)
	assert.Empty(t, stderr)
	data, err := os.ReadFile("a.yaml")
	require.NoError(t, err)
	assert.Equal(t, stdout, string(data))
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	assert.Len(t, entries, 3, "nothing else is left behind")
}

func TestConvertFailures(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("a.yaml", []byte("openapi: 5.0\n"), 0o644))
	for _, test := range []struct {
		args   []string
		code   int
		stderr string
	}{
		{[]string{"convert"}, exitUsage, "gen: convert needs a description: add --spec FILE; \"gen help\" teaches the command\n"},
		{[]string{"convert", "--spec", "a.yaml", "--all"}, exitUsage, "gen: convert takes no --all; \"gen help\" teaches the command\n"},
		{[]string{"convert", "--spec", "a.yaml", "--force"}, exitUsage, "gen: convert takes no --force: it is for generate and update; \"gen help\" teaches the command\n"},
		{[]string{"--server", "x", "--spec", "a.yaml"}, exitUsage, "gen: generate takes no --server: it is for convert; \"gen help\" teaches the command\n"},
		{[]string{"convert", "--spec", "none.yaml"}, exitFound, "gen: open none.yaml: no such file or directory\n"},
		{[]string{"convert", "--spec", "a.yaml"}, exitFound, "a.yaml:1:10: unsupported version \"5.0\": OpenAPI 3.0 and 3.1 are supported\ngen: 1 finding; nothing was written\n"},
	} {
		code, stdout, stderr := gen(fake, test.args...)
		assert.Equal(t, test.code, code, test.args)
		assert.Empty(t, stdout, test.args)
		assert.Equal(t, test.stderr, stderr, test.args)
	}
}

func TestGenerateNotes(t *testing.T) {
	project(t)
	noting := func(cfg *config.Config, step func(string)) (*generator.Result, error) {
		result, err := fake(cfg, step)
		result.Notes = []diag.Finding{{Pos: diag.Pos{File: "a.yaml", Line: 3, Col: 1}, Element: "a.b", Msg: "is passed over"}}
		return result, err
	}
	code, stdout, stderr := gen(noting)
	assert.Equal(t, exitOK, code)
	assert.Equal(t, "generated/calls: 2 files, 145 types, 2 changed\n", stdout)
	assert.Equal(t, "a.yaml:3:1: a.b: is passed over\ngen: 1 note about the description\n", stderr)
	_, _, stderr = gen(noting, "-q")
	assert.Empty(t, stderr)
}
