package config

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/internal/wanted"
)

// loaded writes a file to begin with, and loads it.
func loaded(t *testing.T, flags ...Flag) (string, *Config) {
	t.Helper()
	text, err := Start(DefaultFile, flags...)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(DefaultFile, text, 0o644))
	c, err := Load(DefaultFile)
	require.NoError(t, err, string(text))
	return string(text), c
}

func TestStart(t *testing.T) {
	in(t, "")
	require.NoError(t, os.WriteFile("graph.csdl.xml", nil, 0o644))
	text, c := loaded(t)
	assert.Equal(t, "graph.csdl.xml", c.Spec)
	assert.True(t, c.All)
	assert.Equal(t, "graph", c.Name)
	assert.NoError(t, validator(t)(text))
	assert.True(t, strings.HasPrefix(text, "# yaml-language-server: $schema=https://"))
	for _, k := range Keys() {
		assert.Regexp(t, `(?m)^#?`+k.Name+`: `, text)
		assert.Contains(t, strings.ReplaceAll(text, "\n# ", " "), k.Doc)
	}
	for line := range strings.Lines(text) {
		assert.True(t, len(line) <= 100 || strings.Contains(line, "://"), line)
	}
}

func TestStartTakesFlags(t *testing.T) {
	in(t, "")
	text, c := loaded(t, Flag{"spec", []string{"a.xml"}}, Flag{"overlay", []string{"b.xml"}}, Flag{"root", []string{"/users", "a.b"}},
		Flag{"models", []string{"true"}}, Flag{"out", []string{"x"}}, Flag{"package", []string{"y"}}, Flag{"exclude", []string{"/users/*"}})
	assert.Equal(t, "a.xml", c.Spec)
	assert.Equal(t, []string{"b.xml"}, c.Overlays)
	assert.Equal(t, []string{"/users", "a.b"}, c.Roots)
	assert.Equal(t, []string{"/users/*"}, c.Exclude)
	assert.False(t, c.All)
	assert.True(t, c.Models)
	assert.Equal(t, "y", c.Name)
	assert.NoError(t, validator(t)(text))

	require.NoError(t, os.Mkdir("sub", 0o755))
	data, err := Start("sub/gen.yaml", Flag{"spec", []string{"a.xml"}})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile("sub/gen.yaml", data, 0o644))
	c, err = Load("sub/gen.yaml")
	require.NoError(t, err)
	assert.Equal(t, "a.xml", c.Spec, "relative to the file")
}

// Each example can be used: a file with all of them loads.
func TestStartExamplesAreValid(t *testing.T) {
	in(t, "")
	require.NoError(t, os.Mkdir("descriptions", 0o755))
	require.NoError(t, os.WriteFile("payloads.xml", nil, 0o644))
	text, err := Start(DefaultFile, Flag{"spec", []string{"a.xml"}}, Flag{"root", []string{"/users"}})
	require.NoError(t, err)
	uncommented := regexp.MustCompile(`(?m)^#(\w)`).ReplaceAllString(string(text), "$1")
	uncommented = strings.Replace(uncommented, "all: true", "all: false", 1)
	assert.NoError(t, validator(t)(uncommented))
	require.NoError(t, os.WriteFile(DefaultFile, []byte(uncommented), 0o644))
	c, err := Load(DefaultFile)
	require.NoError(t, err)
	assert.NotEmpty(t, c.Hierarchies)
	assert.NotEmpty(t, c.Overrides)
}

func TestStartFindings(t *testing.T) {
	in(t, "")
	_, err := Start(DefaultFile, Flag{"spec", []string{"none.xml"}}, Flag{"root", []string{"users"}})
	wanted.Findings(t, err, `--root: "users" is neither a path, such as /communications/calls, nor a qualified type name, such as microsoft.graph.call
--spec: there is no file none.xml`)
}

// TestStartOfAnURL: the hash is left to gen update.
func TestStartOfAnURL(t *testing.T) {
	t.Chdir(t.TempDir())
	text, err := Start(DefaultFile, Flag{"spec", []string{"https://graph.microsoft.com/beta/$metadata"}}, Flag{"root", []string{"/communications"}},
		Flag{"override", []string{"a.b=B:r"}}, Flag{"hierarchy", []string{"a.c=a.d"}}, Flag{"out", []string{"x"}})
	require.NoError(t, err)
	assert.Contains(t, string(text), "\nspec: https://graph.microsoft.com/beta/$metadata\n")
	assert.Contains(t, string(text), "\n#sha256: ")
	pinned, err := Pin(text, strings.Repeat("ab", 32))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(DefaultFile, pinned, 0o644))
	c, err := Load(DefaultFile)
	require.NoError(t, err)
	assert.Equal(t, map[string]Override{"a.b": {"B", "r"}}, c.Overrides)
	assert.Equal(t, map[string][]string{"a.c": {"a.d"}}, c.Hierarchies)
}
