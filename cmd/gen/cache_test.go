package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain makes gen a command of scripts, and keeps the tests out of the user's cache,
// but for that of the go command.
func TestMain(m *testing.M) {
	testscript.Main(inOwnCache{m}, map[string]func(){"gen": main})
}

type inOwnCache struct{ *testing.M }

func (m inOwnCache) Run() int {
	dir, err := os.MkdirTemp("", "gen-cache-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	out, err := exec.Command("go", "env", "GOCACHE", "GOMODCACHE").Output()
	if err != nil {
		panic(err)
	}
	settings := strings.Split(strings.TrimSpace(string(out)), "\n")
	os.Setenv("GOCACHE", settings[0])
	os.Setenv("GOMODCACHE", settings[1])
	for _, name := range []string{"XDG_CACHE_HOME", "LocalAppData", "HOME"} { // Linux, Windows, macOS
		os.Setenv(name, dir)
	}
	return m.M.Run()
}
