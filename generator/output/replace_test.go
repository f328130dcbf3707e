package output

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Where folders cannot be exchanged, files are replaced one by one. A run that is
// killed in between is finished by the next, whatever that one writes.
func TestReplaceEachInterrupted(t *testing.T) {
	v1 := generated("a.gen.go", "package p // 1", "b.gen.go", "package p // 1", "old.gen.go", "package p")
	v2 := generated("a.gen.go", "package p // 2", "b.gen.go", "package p // 2", "new.gen.go", "package p")
	v3 := generated("a.gen.go", "package p // 3", "b.gen.go", "package p // 3")
	steps := len(v2) + 1 // and the orphan
	for done := range steps + 1 {
		for _, next := range [][]File{v1, v2, v3} {
			dir := folderIn(t)
			write(t, dir, v1)
			interrupt(t, dir, v2, done)
			write(t, dir, next)
			holds(t, dir, next)
		}
	}
}

// interrupt replaces files one by one and stops after some.
func interrupt(t *testing.T, dir string, files []File, after int) {
	t.Helper()
	f, err := locate(dir)
	require.NoError(t, err)
	c, err := f.compare(files, Options{})
	require.NoError(t, err)
	require.NoError(t, f.stage(f.staged(), c))
	if after < len(c.put)+len(c.remove) {
		c.put, c.remove = c.put[:min(after, len(c.put))], c.remove[:max(0, after-len(c.put))]
		require.NoError(t, os.Remove(f.staged()+"/"+ManifestName)) // the last step fails
		require.Error(t, f.replaceEach(f.staged(), c))
		return
	}
	require.NoError(t, f.replaceEach(f.staged(), c))
	assert.Empty(t, c.old.Writing)
}

func TestExchange(t *testing.T) {
	dir := folderIn(t)
	require.NoError(t, os.MkdirAll(dir+"/a", 0o755))
	require.NoError(t, os.MkdirAll(dir+"/b/in", 0o755))
	if err := exchange(dir+"/a", dir+"/b"); err != nil {
		t.Skip("this file system cannot exchange folders:", err)
	}
	assert.DirExists(t, dir+"/a/in")
	assert.NoDirExists(t, dir+"/b/in")
	assert.Error(t, exchange(dir+"/a", dir+"/none"))
}
