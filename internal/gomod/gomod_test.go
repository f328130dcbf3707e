package gomod_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/internal/gomod"
)

func TestImportPath(t *testing.T) {
	dir := t.TempDir()
	_, err := gomod.ImportPath(filepath.Join(dir, "graph"))
	assert.ErrorContains(t, err, "there is no go.mod above")
	assert.ErrorIs(t, err, gomod.ErrNone)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), []byte("// a comment\nmodule \"contoso.com/a\"\n"), 0o644))
	path, err := gomod.ImportPath(filepath.Join(dir, "internal", "graph"))
	require.NoError(t, err)
	assert.Equal(t, "contoso.com/a/internal/graph", path)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), []byte("go 1.26\n"), 0o644))
	_, err = gomod.ImportPath(dir)
	assert.ErrorContains(t, err, "names no module")
}
