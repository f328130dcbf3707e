package main

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/internal/shared"
)

// TestScripts runs what repositories downstream do, as their users type it.
func TestScripts(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: it builds and runs modules downstream")
	}
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOTOOLCHAIN"} {
				e.Setenv(name, os.Getenv(name))
			}
			e.Setenv("XDG_CACHE_HOME", filepath.Join(e.WorkDir, ".cache"))
			e.Setenv("ROOT", root)
			e.Setenv("SHARED", filepath.Join(root, "..", "shared"))
			e.Setenv("GOPROXY", "off") // all that is needed is there already
			e.Setenv("GOFLAGS", "-mod=mod")
			e.Setenv("GOWORK", "off")
			return nil
		},
		Condition: func(name string) (bool, error) {
			if name == "shared" {
				_, err := os.Stat(filepath.Join(root, "..", "shared", "metadata", "graph-v1.0.csdl.xml"))
				return err == nil || os.Getenv(shared.Variable) == "required", nil
			}
			return name == "root" && runtime.GOOS != "windows" && os.Getuid() == 0, nil
		},
	})
}
