package generator_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const modulePath = "github.com/callgen/callgen"

// folders are what the module consists of, from the bottom: each may import what stands
// before it, and itself.
func folders() []string {
	return []string{"internal", "spec", "templates", "generator", "gentest", "cmd/gen", "generated", "callsim", "cmd/callsim"}
}

// place is where a package stands among the folders, or -1.
func place(name string) int {
	return slices.IndexFunc(folders(), func(folder string) bool { return within(name, folder) })
}

// line are the steps from a description to a package. None knows one that comes later.
func line() []string {
	return []string{
		"spec/edm", "spec/csdl", "spec/fold", "spec/overlay", "generator/choose", "generator/plan", "generator/emit", "generator/check", "generator",
	}
}

// strangers are packages, with those below them, that must not come to know others, not
// even by way of a third.
func strangers() map[string][]string {
	return map[string][]string{
		"spec":            {"generator", "templates"},
		"internal":        {"spec", "generator", "templates"},
		"templates":       {"spec", "generator", "internal"},
		"generator/emit":  {"generator/plan", "generator/choose", "generator/config", "generator/names", "spec/edm"},
		"generator/check": {"generator/plan", "generator/choose", "generator/config", "generator/emit", "spec/edm"},
		"generator/goir":  {"generator", "spec/edm"},
		"generator/plan":  {"generator/config", "generator/output", "templates"},
		"templates/runtime/codec": {
			"templates/runtime/client", "templates/runtime/inbound", "templates/runtime/callback", "templates/runtime/session",
			"templates/runtime/notification", "templates/runtime/keeper",
		},
		"templates/runtime/client":       {"templates/runtime/inbound", "templates/runtime/callback", "templates/runtime/session", "templates/runtime/notification", "templates/runtime/keeper"},
		"templates/runtime/redfish":      {"templates/runtime/inbound", "templates/runtime/callback", "templates/runtime/session", "templates/runtime/notification", "templates/runtime/keeper"},
		"templates/runtime/inbound":      {"templates/runtime/codec", "templates/runtime/client", "templates/runtime/callback"},
		"templates/runtime/callback":     {"templates/runtime/client", "templates/runtime/session", "templates/runtime/notification", "templates/runtime/keeper"},
		"templates/runtime/session":      {"templates/runtime/notification", "templates/runtime/keeper"},
		"templates/runtime/notification": {"templates/runtime/client", "templates/runtime/callback", "templates/runtime/session", "templates/runtime/keeper"},
	}
}

// known are the packages of the module that each of them imports, directly or not, without
// the path of the module.
func known(t *testing.T) map[string][]string {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Deps", "./...")
	cmd.Dir = ".."
	out, err := cmd.Output()
	require.NoError(t, err)
	all := make(map[string][]string)
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			ImportPath string
			Deps       []string
		}
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		var own []string
		for _, dep := range p.Deps {
			if name, ok := strings.CutPrefix(dep, modulePath+"/"); ok {
				own = append(own, name)
			}
		}
		all[strings.TrimPrefix(p.ImportPath, modulePath+"/")] = own
	}
	require.NotEmpty(t, all)
	return all
}

// within reports whether a package is a folder's, or one below it.
func within(name, folder string) bool { return name == folder || strings.HasPrefix(name, folder+"/") }

func TestImportsOfFolders(t *testing.T) {
	for name, deps := range known(t) {
		rank := place(name)
		if within(name, "examples") || !assert.GreaterOrEqual(t, rank, 0, "%s is in a folder without a place among the others", name) {
			continue
		}
		if name == "generator/feature/calling/companion" || name == "generator/simulate/typed" {
			continue // they are written against what is generated; the generator has them as text only
		}
		for _, dep := range deps {
			assert.LessOrEqual(t, place(dep), rank, "%s imports %s, which stands above it", name, dep)
		}
	}
}

func TestImportsAlongTheLine(t *testing.T) {
	all := known(t)
	for i, step := range line() {
		deps, ok := all[step]
		require.True(t, ok, "%s is a step of the line, and is not there", step)
		for _, later := range line()[i+1:] {
			assert.NotContains(t, deps, later, "%s knows a step that comes later", step)
		}
	}
}

func TestStrangers(t *testing.T) {
	all := known(t)
	for name, deps := range all {
		for folder, others := range strangers() {
			if !within(name, folder) {
				continue
			}
			for _, dep := range deps {
				stranger := slices.ContainsFunc(others, func(other string) bool { return within(dep, other) })
				assert.False(t, stranger && !within(dep, folder), "%s knows %s", name, dep)
			}
		}
	}
}

// TestOnlyTheLineKnowsItsSteps: what reads and compares does not build packages.
func TestOnlyTheLineKnowsItsSteps(t *testing.T) {
	for name, deps := range known(t) {
		if within(name, "generator/emit") || name == "generator/split" || name == "generator" || slices.Contains(deps, "generator") {
			continue
		}
		assert.NotContains(t, deps, "generator/emit", "%s", name)
		assert.NotContains(t, deps, "generator/check", "%s", name)
	}
}
