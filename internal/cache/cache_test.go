package cache_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/callgen/callgen/internal/cache"
)

// own makes a folder the user's cache.
func own(t *testing.T, dir string) {
	for _, name := range []string{"XDG_CACHE_HOME", "LocalAppData", "HOME"} { // Linux, Windows, macOS
		t.Setenv(name, dir)
	}
}

func TestPutAndGet(t *testing.T) {
	own(t, t.TempDir())
	_, ok := cache.Get("things", "a")
	assert.False(t, ok)
	cache.Put("things", "a", []byte("one"))
	cache.Put("things", "a", []byte("two"))
	cache.Put("others", "a", []byte("three"))
	data, ok := cache.Get("things", "a")
	assert.True(t, ok)
	assert.Equal(t, "two", string(data))
}

func TestNamesThatLeadElsewhere(t *testing.T) {
	dir := t.TempDir()
	own(t, filepath.Join(dir, "cache"))
	for _, name := range []string{"", "..", "../x", "/x", "a/b"} {
		cache.Put("things", name, []byte("x"))
		_, ok := cache.Get("things", name)
		assert.False(t, ok, name)
	}
	assert.NoFileExists(t, filepath.Join(dir, "cache", "callgen", "x"))
}

func TestWithoutACache(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	assert.NoError(t, os.WriteFile(file, nil, 0o644))
	for _, dir := range []string{"", file} {
		own(t, dir)
		cache.Put("things", "a", []byte("x"))
		_, ok := cache.Get("things", "a")
		assert.False(t, ok, dir)
	}
}
