package check

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator/output"
)

// ownCache gives the test a cache of its own, but that of the go command, and returns it.
func ownCache(t *testing.T) string {
	out, err := exec.Command("go", "env", "GOCACHE").Output()
	require.NoError(t, err)
	t.Setenv("GOCACHE", strings.TrimSpace(string(out)))
	dir := t.TempDir()
	for _, name := range []string{"XDG_CACHE_HOME", "LocalAppData", "HOME"} { // Linux, Windows, macOS
		t.Setenv(name, dir)
	}
	return dir
}

// watched puts a go command in the path that writes down what it is asked for.
func watched(t *testing.T) (asked func() string) {
	if runtime.GOOS == "windows" {
		t.Skip("a script stands in for the go command")
	}
	real, err := exec.LookPath("go")
	require.NoError(t, err)
	dir := t.TempDir()
	log := filepath.Join(dir, "log")
	script := "#!/bin/sh\necho \"$1\" >>'" + log + "'\nexec '" + real + "' \"$@\"\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go"), []byte(script), 0o755))
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	return func() string {
		data, err := os.ReadFile(log)
		require.NoError(t, err)
		require.NoError(t, os.Remove(log))
		return string(data)
	}
}

func checkImport(path string) error {
	return Check([]output.File{file("a.gen.go", "package p\n\nimport \""+path+"\"\n\nvar _ = http.Get\n")}, "p", nil)
}

// The go command takes longer to find its export data than a small package takes to generate.
func TestExportDataIsLocatedOnce(t *testing.T) {
	ownCache(t)
	asked := watched(t)
	require.NoError(t, checkImport("net/http"))
	assert.Contains(t, asked(), "list")
	require.NoError(t, checkImport("net/http"))
	assert.NotContains(t, asked(), "list")
	assert.ErrorContains(t, checkImport("net/url"), "undefined: http")
	assert.Contains(t, asked(), "list", "other packages")
}

// The go command removes export data that was not used for days.
func TestExportDataThatIsGone(t *testing.T) {
	for name, text := range map[string]string{
		"gone":      `{"net/http": "/nowhere/http.a"}`,
		"not whole": `{}`,
		"no JSON":   `net/http`,
	} {
		t.Run(name, func(t *testing.T) {
			dir := ownCache(t)
			require.NoError(t, checkImport("net/http"))
			var entries []string
			require.NoError(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
				if err == nil && filepath.Base(filepath.Dir(path)) == remembered {
					entries = append(entries, path)
				}
				return err
			}))
			require.Len(t, entries, 1)
			require.NoError(t, os.WriteFile(entries[0], []byte(text), 0o644))
			assert.NoError(t, checkImport("net/http"))
		})
	}
}

func TestRefusedImportsAreNotKept(t *testing.T) {
	ownCache(t)
	for range 2 {
		assert.ErrorContains(t, checkImport("no/such"), `import "no/such"`)
	}
}
