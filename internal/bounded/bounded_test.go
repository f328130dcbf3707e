package bounded_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/internal/bounded"
)

// zeros never end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

func TestTooLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: it reads 256 MB")
	}
	_, err := bounded.ReadAll(zeros{})
	assert.ErrorIs(t, err, bounded.ErrTooLarge)

	name := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(name, []byte("text"), 0o644))
	data, err := bounded.ReadFile(name)
	require.NoError(t, err)
	assert.Equal(t, "text", string(data))
	require.NoError(t, os.Truncate(name, bounded.Max+1)) // no disk is used
	_, err = bounded.ReadFile(name)
	assert.ErrorIs(t, err, bounded.ErrTooLarge)
	_, err = bounded.ReadFile(name + "none")
	assert.ErrorIs(t, err, os.ErrNotExist)
}
