package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator/config"
)

func TestInit(t *testing.T) {
	inFolder(t, "d.xml", pointDescription)
	code, stdout, stderr := genOutput(t, "init", "--spec", "d.xml", "--models", "--out", "points")
	assert.Equal(t, exitOK, code)
	assert.Equal(t, "gen.yaml: written; review it, then run gen\n", stdout)
	assert.Empty(t, stderr)
	code, stdout, stderr = genOutput(t)
	assert.Equal(t, exitOK, code, stderr)
	assert.Contains(t, stdout, "points: ")
}

func TestInitWithoutDescription(t *testing.T) {
	inFolder(t)
	code, stdout, _ := genOutput(t, "init", "--config", "my.yaml")
	assert.Equal(t, exitOK, code)
	assert.Contains(t, stdout, "my.yaml: written; set spec in it")
	_, err := config.Load("my.yaml")
	assert.EqualError(t, err, "my.yaml:6:1: spec: there is no file graph.csdl.xml")
}

func TestInitLeavesFilesAlone(t *testing.T) {
	inFolder(t, "gen.yaml", "mine: true\n", "other.json", "{}\n")
	code, stdout, stderr := genOutput(t, "init")
	assert.Equal(t, exitFound, code)
	assert.Empty(t, stdout)
	assert.Equal(t, "gen.yaml: the file exists already: edit it, remove it, or name another one with --config FILE\ngen: 1 finding; nothing was written\n", stderr)

	code, _, stderr = genOutput(t, "init", "--schema", "other.json")
	assert.Equal(t, exitFound, code)
	assert.Equal(t, "other.json: the file exists already and is not a schema of gen.yaml: remove it, or name another one\ngen: 1 finding; nothing was written\n", stderr)
	for name, want := range map[string]string{"gen.yaml": "mine: true\n", "other.json": "{}\n"} {
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		assert.Equal(t, want, string(data))
	}
}

func TestInitFindings(t *testing.T) {
	inFolder(t)
	code, _, stderr := genOutput(t, "init", "--spec", "none.xml")
	assert.Equal(t, exitFound, code)
	assert.Equal(t, "--spec: there is no file none.xml\ngen: 1 finding; nothing was written\n", stderr)
	assert.NoFileExists(t, "gen.yaml")
}

func TestInitSchema(t *testing.T) {
	inFolder(t)
	want, err := config.Schema()
	require.NoError(t, err)
	for range 2 { // the second time it replaces the first
		code, stdout, stderr := genOutput(t, "init", "--schema", "s.json")
		assert.Equal(t, exitOK, code, stderr)
		assert.Contains(t, stdout, "# yaml-language-server: $schema=s.json\n")
		got, err := os.ReadFile("s.json")
		require.NoError(t, err)
		assert.Equal(t, string(want), string(got))
	}
	assert.NoFileExists(t, "gen.yaml")
}

func TestInitOfAnURL(t *testing.T) {
	url, _ := published(t)
	inFolder(t)
	code, stdout, stderr := genOutput(t, "init", "--spec", url, "--models", "--out", "points")
	require.Equal(t, 0, code, stderr)
	assert.Equal(t, "gen.yaml: written; review it, then run gen update, which fetches the description\n", stdout)
	code, stdout, stderr = genOutput(t, "update")
	require.Equal(t, 0, code, stderr)
	assert.Contains(t, stdout, "points: ")
}
