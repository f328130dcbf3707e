package simulate_test

import (
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/output"
)

// spec is a description in this repository.
func spec(t *testing.T, name string) string {
	abs, err := filepath.Abs(filepath.Join("..", "..", "spec", name))
	require.NoError(t, err)
	return abs
}

// generated generates a package of some roots into a module of its own.
func generated(t *testing.T, lines string) (dir string, result *generator.Result, err error) {
	dir = t.TempDir()
	file := filepath.Join(dir, "gen.yaml")
	text := "spec: " + spec(t, "communications.csdl.xml") + "\noverlays:\n  - " + spec(t, "communications.overlay.xml") + "\nfake: true\nout: internal/graph\n" + lines
	require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module contoso.com/bot // ours\n\ngo 1.26\n"), 0o644))
	cfg, err := config.Load(file)
	require.NoError(t, err)
	result, err = generator.Generate(cfg, nil)
	if err != nil {
		return dir, nil, err
	}
	_, err = output.Write(cfg.Out, result.Files, output.Options{})
	require.NoError(t, err)
	for _, part := range result.Below {
		_, err = output.Write(cfg.BelowOut(part.Name), part.Files, output.Options{})
		require.NoError(t, err)
	}
	_, err = output.Write(cfg.FakeOut(), result.Fake, output.Options{})
	require.NoError(t, err)
	return dir, result, nil
}

const botTest = `package bot

import (
	"net/http"
	"testing"

	"contoso.com/bot/internal/graph"
	"contoso.com/bot/internal/graphtest"
)

func TestCall(t *testing.T) {
	s, err := graphtest.NewService(graphtest.InMemory())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	told := make(chan string, 100)
	s.Connect(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { told <- r.URL.Path }))
	made, err := s.Client().Communications().Calls().Create(t.Context(), &graph.Call{
		CallbackURI: new("https://bot.contoso.com/callback"), MediaConfig: &graph.ServiceHostedMediaConfig{},
		MeetingInfo: &graph.JoinMeetingIDMeetingInfo{JoinMeetingID: new("1")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if failed := s.Settle(); len(failed) > 0 {
		t.Fatal(failed)
	}
	call, ok := s.Call(made.ID)
	if !ok || call.State != graph.CallStateEstablished || len(told) < 4 {
		t.Fatal(call.State, len(told))
	}
	for _, p := range s.Problems() {
		t.Error(p.Err)
	}
}
`

// TestOfASlice generates some roots with their simulator, under another name and version, and
// tests a bot against it in a module that has nothing else.
func TestOfASlice(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: it builds a package downstream")
	}
	dir, result, err := generated(t, "api-version: v1.0\nroots:\n  - /communications/calls\n  - microsoft.graph.commsNotifications\n")
	require.NoError(t, err)
	var names []string
	for _, f := range result.Fake {
		names = append(names, f.Name)
		parsed, err := parser.ParseFile(token.NewFileSet(), f.Name, f.Data, parser.ImportsOnly)
		require.NoError(t, err)
		for _, spec := range parsed.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			require.NoError(t, err)
			assert.True(t, !strings.Contains(path, ".") || path == "contoso.com/bot/internal/graph", path)
		}
	}
	assert.Subset(t, names, []string{"service.gen.go", "service_calls.gen.go", "description.gen.go", "simulator_clock.gen.go"})
	passes(t, dir, botTest)
}

// TestOfASplitPackage is the same with the types in a package of their own.
func TestOfASplitPackage(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: it builds a package downstream")
	}
	dir, _, err := generated(t, "packages: split\napi-version: v1.0\nroots:\n  - /communications/calls\n  - microsoft.graph.commsNotifications\n")
	require.NoError(t, err)
	passes(t, dir, strings.NewReplacer("graph.", "types.", `bot/internal/graph"`, `bot/internal/graph/types"`).Replace(botTest))
}

// passes runs a test in a folder.
func passes(t *testing.T, dir, test string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "bot_test.go"), []byte(test), 0o644))
	cmd := exec.Command("go", "test", "-gcflags=-N -l", ".") // as fast as can be built
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=-mod=mod", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	assert.NoError(t, err, "%s", out)
}

func TestNothingToSimulate(t *testing.T) {
	for lines, want := range map[string]string{
		"roots: [microsoft.graph.identity]\nexclude: [microsoft.graph.call]\n": "there is no microsoft.graph.call among what is chosen",
		"all: true\nmodels: true\n": "a simulator needs requests: remove models",
	} {
		_, _, err := generated(t, lines)
		assert.ErrorContains(t, err, "gen.yaml:4:1: fake: "+want)
	}
}
