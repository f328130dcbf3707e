package templates

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCodecApart(t *testing.T) {
	a, err := Codec("types", "example.com/graph/internal/codec", []string{"// Header."})
	require.NoError(t, err)
	println(string(a.Face.Data))
	assert.Equal(t, "TypeList", a.Names["typeList"])
}
