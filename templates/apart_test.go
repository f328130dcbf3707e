package templates

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCodecApart(t *testing.T) {
	a, err := Codec("types", "example.com/graph/internal/codec", []string{"// Header."})
	require.NoError(t, err)
	assert.Equal(t, "TypeList", a.Names["typeList"])
	assert.Equal(t, "Unmarshal", a.Names["Unmarshal"])
	assert.NotContains(t, a.Names, "decoder", "nothing outside has a use for it")
	face := string(a.Face.Data)
	assert.Contains(t, face, "// Header.\n\npackage types\n\nimport (\n\t\"time\"\n\n\t\"example.com/graph/internal/codec\"\n)\n")
	assert.Contains(t, face, "func Unmarshal(data []byte, v Value, opts ...Option) error {\n\treturn codec.Unmarshal(data, v, opts...)\n}\n")
	assert.Contains(t, face, "type OneOrMany[T any] = codec.OneOrMany[T]\n")
	assert.Contains(t, face, "func Clone[T Value](v T) T {\n\treturn codec.Clone(v)\n}\n")
	for _, name := range []string{"typeList", "TypeList", "Holds"} {
		assert.NotContains(t, face, name, "what is exported for the border only")
	}
	for _, f := range a.Files {
		assert.NotEqual(t, "bridge_models", f.Name, "what is for tests")
	}
}
