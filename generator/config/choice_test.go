package config

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/internal/wanted"
)

func TestLoadChoice(t *testing.T) {
	in(t, "spec: gone.xml\nout: 1\noverlays: [b.xml]\nroots: [a.b]\n")
	_, err := LoadChoice(DefaultFile)
	wanted.Findings(t, err, "gen.yaml:2:6: out: must be text") // what is written must be right, wanted or not

	in(t, "spec: gone.xml\noverlays: [b.xml]\nroots: [a.b]\n")
	c, err := LoadChoice(DefaultFile)
	require.NoError(t, err)
	assert.Empty(t, c.Spec)
	assert.Equal(t, []string{"b.xml"}, c.Overlays)
	assert.Equal(t, []string{"a.b"}, c.Roots)
	assert.False(t, c.All)

	c, err = LoadChoice(DefaultFile, Flag{Name: "all", Values: []string{"true"}})
	require.NoError(t, err)
	assert.Empty(t, c.Roots)
	assert.True(t, c.All)
}

func TestLoadChoiceWithoutAny(t *testing.T) {
	c, err := LoadChoice("")
	require.NoError(t, err)
	assert.True(t, c.All)
	assert.Equal(t, DefaultVersion, c.APIVersion)
}

func TestLoadChoiceFindings(t *testing.T) {
	in(t, "overlays: [none.xml]\nroots: nothing\noverrides: {a.b: {name: c, reason: x}}\n")
	_, err := LoadChoice(DefaultFile)
	wanted.Findings(t, err, `gen.yaml:1:12: overlays: there is no file none.xml
gen.yaml:2:8: roots: must be a list, with each item on its own line after "- "
gen.yaml:3:13: a.b: the name must be an exported Go identifier, such as CallState, not "c"`)
}
