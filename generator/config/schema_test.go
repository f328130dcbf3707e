package config

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

var update = flag.Bool("update", false, "rewrite gen.schema.json")

func TestSchemaIsUpToDate(t *testing.T) {
	want, err := Schema()
	require.NoError(t, err)
	if *update {
		require.NoError(t, os.WriteFile("gen.schema.json", want, 0o644))
	}
	got, err := os.ReadFile("gen.schema.json")
	require.NoError(t, err)
	assert.Equal(t, string(want), string(got), "run go test ./generator/config -update")
}

// validator returns a function that says what the schema has against a file.
func validator(t *testing.T) func(yaml string) error {
	data, err := Schema()
	require.NoError(t, err)
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource(SchemaURL, schema))
	compiled, err := c.Compile(SchemaURL)
	require.NoError(t, err)
	return func(text string) error {
		var v any
		require.NoError(t, yaml.Unmarshal([]byte(text), &v), text)
		return compiled.Validate(v)
	}
}

// The schema and Load agree on the examples, but for what no schema can say.
func TestSchemaAgreesWithLoad(t *testing.T) {
	validate := validator(t)
	assert.NoError(t, validate(allKeys))
	assert.NoError(t, validate("spec: a.xml\nroots: [/users/*, /**/calls, a.b*.c]\nall: false\nout: x\nhierarchies: {a.b: []}\n"))
	beyond := map[string]string{
		"key twice":                 "an editor reports it itself",
		"merge key":                 "is resolved before a schema applies",
		"not YAML":                  "an editor reports it itself",
		"two documents":             "a schema is about one",
		"spec is not there":         "is in no file",
		"several files, one by URL": "takes more than one key",
		"several files, one twice":  "takes more than one key",
		"out gives no package":      "is a rule about two keys, one of them absent",
	}
	for _, test := range findings() {
		if beyond[test.name] == "" {
			assert.Error(t, validate(test.yaml), test.name)
		}
		delete(beyond, test.name)
	}
	assert.Empty(t, beyond, "no longer among the examples")
}
