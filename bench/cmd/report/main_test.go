package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTablesAreDrawnFromTheFigures: neither the tables of the README nor the plot were
// edited by hand, and none is older than the figures.
func TestTablesAreDrawnFromTheFigures(t *testing.T) {
	bench := filepath.Join("..", "..")
	committed, err := os.ReadFile(filepath.Join(bench, "README.md"))
	require.NoError(t, err)
	picture, err := os.ReadFile(filepath.Join(bench, "comparison.svg"))
	require.NoError(t, err)
	readme, plot := filepath.Join(t.TempDir(), "README.md"), filepath.Join(t.TempDir(), "comparison.svg")
	require.NoError(t, os.WriteFile(readme, committed, 0o666))

	require.NoError(t, draw(filepath.Join(bench, "results"), readme, plot))
	drawn, err := os.ReadFile(readme)
	require.NoError(t, err)
	assert.Equal(t, string(committed), string(drawn), "run: go run ./cmd/report")
	drawn, err = os.ReadFile(plot)
	require.NoError(t, err)
	assert.Equal(t, string(picture), string(drawn), "run: go run ./cmd/report")
}

// TestNoFigures: without figures the document stays as it is, and nothing is drawn.
func TestNoFigures(t *testing.T) {
	dir := t.TempDir()
	readme, plot := filepath.Join(dir, "README.md"), filepath.Join(dir, "comparison.svg")
	require.NoError(t, os.WriteFile(readme, []byte("# A\n"), 0o666))
	require.NoError(t, draw(dir, readme, plot))
	text, err := os.ReadFile(readme)
	require.NoError(t, err)
	assert.Equal(t, "# A\n", string(text))
	assert.NoFileExists(t, plot)
}
