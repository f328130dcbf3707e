package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/internal/released"
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
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"publish": publish},
		Condition: func(name string) (bool, error) {
			if name == "shared" {
				_, err := os.Stat(filepath.Join(root, "..", "shared", "metadata", "graph-v1.0.csdl.xml"))
				return err == nil || os.Getenv(shared.Variable) == "required", nil
			}
			if name == "release" {
				return os.Getenv("CALLGEN_RELEASE") != "", nil
			}
			return name == "root" && runtime.GOOS != "windows" && os.Getuid() == 0, nil
		},
	})
}

// publish makes a proxy in the file system with this module and what is downloaded already, and lets
// go download from there into a cache of the script's own.
func publish(ts *testscript.TestScript, _ bool, _ []string) {
	proxy := ts.MkAbs(".proxy")
	ts.Check(released.Publish(proxy, "github.com/callgen/callgen", ts.Getenv("ROOT")))
	known, err := exec.Command("go", "env", "GOMODCACHE").Output()
	ts.Check(err)
	downloaded := filepath.Join(strings.TrimSpace(string(known)), "cache", "download")
	ts.Setenv("GOPROXY", released.URL(proxy)+","+released.URL(downloaded)+",off")
	ts.Setenv("GOSUMDB", "off")
	ts.Setenv("GOMODCACHE", ts.MkAbs(".modules"))
	ts.Setenv("GOFLAGS", "-mod=mod -modcacherw -trimpath") // the build cache knows what it has elsewhere
}
