package shared_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/internal/shared"
)

// recorder is a test that says how it ended.
type recorder struct {
	testing.TB
	ended string
}

func (r *recorder) Helper() {}
func (r *recorder) Skipf(format string, args ...any) {
	r.ended = "skip: " + fmt.Sprintf(format, args...)
}
func (r *recorder) Fatalf(format string, args ...any) {
	r.ended = "fatal: " + fmt.Sprintf(format, args...)
}

func TestPath(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "project", "a", "b"), 0o755))
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "shared", "corpus"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "project", "go.mod"), nil, 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "shared", "corpus", "x.json"), nil, 0o644))
	t.Chdir(filepath.Join(dir, "project", "a", "b"))

	t.Setenv(shared.Variable, "")
	r := &recorder{TB: t}
	assert.Equal(t, filepath.Join("..", "..", "..", "shared", "corpus", "x.json"), shared.Path(r, "corpus", "x.json"))
	assert.Empty(t, r.ended)

	shared.Path(r, "corpus", "y.json")
	assert.Equal(t, "skip: needs ../shared: corpus/y.json is not there", r.ended)

	t.Setenv(shared.Variable, "required")
	shared.Path(r, "corpus", "y.json")
	assert.Contains(t, r.ended, "fatal: needs ../shared: corpus/y.json is unavailable: ")
}
