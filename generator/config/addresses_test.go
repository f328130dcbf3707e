package config_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator/config"
)

func TestProtocolOfAService(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("d.xml", []byte("<x/>"), 0o644))
	write := func(text string) {
		require.NoError(t, os.WriteFile("gen.yaml", []byte("spec: d.xml\nall: true\nout: out\n"+text), 0o644))
	}
	write("odata-version: \"4.0\"\nbatches: json\n")
	c, err := config.Load("gen.yaml", config.Flag{Name: "odata-version", Values: []string{"none"}})
	require.NoError(t, err)
	assert.Equal(t, config.NoVersion, c.ODataVersion)
	assert.Equal(t, "json", c.Batches)

	write("odata-version: \"3.0\"\nbatches: xml\n")
	_, err = config.Load("gen.yaml")
	assert.ErrorContains(t, err, `gen.yaml:4:1: odata-version: odata-version is 4.0, 4.01 or none, not "3.0"`)
	assert.ErrorContains(t, err, `gen.yaml:5:1: batches: batches is json, multipart or graph, not "xml"`)
}

func TestAddressesOfAService(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("d.xml", []byte("<x/>"), 0o644))
	write := func(text string) {
		require.NoError(t, os.WriteFile("gen.yaml", []byte("spec: d.xml\nall: true\nout: out\n"+text), 0o644))
	}
	write("server: https://h.example/v4\naddresses: {keys: segments, enums: plain}\n")
	c, err := config.Load("gen.yaml", config.Flag{Name: "address", Values: []string{"keys=parentheses"}})
	require.NoError(t, err)
	assert.Equal(t, "https://h.example/v4", c.Server)
	assert.Equal(t, map[string]string{"keys": "parentheses", "enums": "plain"}, c.Addresses)

	write("server: https://u:p@h.example/v4?x\naddresses: {keys: dots, paths: short}\n")
	_, err = config.Load("gen.yaml")
	require.Error(t, err)
	for _, want := range []string{
		"gen.yaml:4:1: server: ", "is not the base URL of a service", `gen.yaml:5:13: addresses: keys is parentheses or segments, not "dots"`,
		"gen.yaml:5:25: addresses: unknown key paths: the keys are keys, operations, enums",
	} {
		assert.Contains(t, err.Error(), want)
	}
	assert.NotContains(t, err.Error(), "u:p@", "a password")
	_, err = config.Load("gen.yaml", config.Flag{Name: "address", Values: []string{"segments"}})
	assert.ErrorContains(t, err, `"segments" is not of the form PART=CHOICE, such as keys=segments`)
}
