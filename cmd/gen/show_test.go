package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestShow(t *testing.T) {
	inFolder(t, "d.xml", calls, "gen.yaml", "spec: d.xml\n") // which names neither roots nor a folder
	code, stdout, stderr := genOutput(t, "show", "infos")
	assert.Equal(t, exitOK, code, stderr)
	assert.Equal(t, `microsoft.graph.info  1 property
└─ microsoft.graph.infos  0 properties  ◀

Properties that hold it:
  microsoft.graph.call/info (as microsoft.graph.info)
`, stdout)
	for format, begins := range map[string]string{"mermaid": "classDiagram\n", "dot": "digraph {\n", "svg": "<svg "} {
		code, stdout, _ := genOutput(t, "show", "--format", format, "microsoft.graph.info")
		assert.Equal(t, exitOK, code)
		assert.Equal(t, begins, stdout[:len(begins)])
	}
}

func TestShowMisused(t *testing.T) {
	inFolder(t, "d.xml", calls)
	code, stdout, stderr := genOutput(t, "show", "--spec", "d.xml", "infoss")
	assert.Equal(t, exitFound, code)
	assert.Empty(t, stdout)
	assert.Equal(t, "infoss: the description has no type of this name; the nearest are microsoft.graph.infos, microsoft.graph.info\ngen: 1 finding; nothing was drawn\n", stderr)
	for want, args := range map[string][]string{
		"show needs TYPE":            {"show", "--spec", "d.xml"},
		`unexpected argument "info"`: {"show", "infos", "info"},
		"--format: show has text, mermaid, dot, svg, not \"json\"": {"show", "infos", "--format", "json"},
		"show takes no --root":    {"show", "infos", "--root", "/calls"},
		"check takes no --format": {"check", "--format", "svg"},
	} {
		code, _, stderr := genOutput(t, args...)
		assert.Equal(t, exitUsage, code)
		assert.Contains(t, stderr, want)
	}
}
