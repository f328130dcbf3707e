package scratch_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/bench/scratch"
)

func TestModule(t *testing.T) {
	m, err := scratch.New(t.TempDir(), "example")
	require.NoError(t, err)
	require.NoError(t, m.Write(filepath.Join("sub", "sub.go"), "package sub\n"))
	out, err := m.Go("list", "./...")
	require.NoError(t, err)
	assert.Equal(t, "example/sub", strings.TrimSpace(out))

	out, err = m.With("GOFLAGS=-tags=x").Go("env", "GOFLAGS")
	require.NoError(t, err)
	assert.Equal(t, "-tags=x", strings.TrimSpace(out))

	_, usage, err := m.Run("go", "vet", "./...")
	require.NoError(t, err)
	assert.Positive(t, usage.CPU)
	assert.Positive(t, usage.Wall)

	_, err = m.Go("list", "example/nothing")
	assert.ErrorContains(t, err, "nothing")
	_, err = os.Stat(filepath.Join(m.Dir, "go.mod"))
	assert.NoError(t, err)
}
