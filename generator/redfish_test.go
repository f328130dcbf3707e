package generator_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/callgen/callgen/generator"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/output"
	"github.com/callgen/callgen/generator/read"
	"github.com/callgen/callgen/internal/shared"
)

// redfish is the configuration for a folder of Redfish's descriptions.
func redfish(folder string) *config.Config {
	return &config.Config{
		Source:  config.Source{Spec: folder, Versions: config.Fold},
		Choice:  config.Choice{All: true},
		Package: config.Package{Models: true, Name: "redfish"},
	}
}

// builtWith builds the program in testdata/NAME with a package.
func builtWith(t *testing.T, name string, result *generator.Result) string {
	t.Helper()
	module := t.TempDir()
	_, err := output.Write(filepath.Join(module, name), result.Files, output.Options{})
	require.NoError(t, err)
	source, err := os.ReadFile(filepath.Join("testdata", name, "main.go.txt"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(module, "main.go"), source, 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(module, "go.mod"), []byte("module "+name+"\n\ngo 1.26\n"), 0o644))
	program := filepath.Join(module, "program.exe")
	cmd := exec.Command("go", "build", "-trimpath", "-gcflags=./...=-N -l", "-o", program, ".")
	cmd.Dir = module
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	return program
}

// TestRedfishIsFolded reads all of Redfish: a type for all of its versions.
func TestRedfishIsFolded(t *testing.T) {
	folder := shared.Path(t, "descriptions", "redfish")
	start := time.Now()
	model, notes, err := read.Model(redfish(folder).Source)
	require.NoError(t, err)
	t.Logf("read and folded in %v", time.Since(start).Round(time.Millisecond))
	types := 0
	versioned := regexp.MustCompile(`(^|\.)v\d+_\d+`)
	for _, s := range model.Schemas {
		types += len(s.Types)
		if len(s.Types) > 0 {
			assert.NotRegexp(t, versioned, s.Namespace)
		}
	}
	assert.LessOrEqual(t, types, 1600)
	for _, n := range notes {
		assert.NotContains(t, n.Msg, "values of the older form", "no property of Redfish has another type in another version")
	}
	chassis := model.Structured("Chassis.Chassis")
	require.NotNil(t, chassis)
	assert.Equal(t, "Resource.Resource", chassis.Base.Name.String())
	assert.Equal(t, "Chassis.Links", chassis.Property("Links").Type.Name.String())
	assert.NotNil(t, model.Structured("Chassis.Links").NavigationProperty("ManagersInChassis"), "of version 1.2.0")
}

// TestRedfishDocuments decodes documents of DMTF's mock-ups with a package of all of
// Redfish: each has its type, and comes back whole.
func TestRedfishDocuments(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: it generates and builds all of Redfish")
	}
	documents, err := filepath.Abs(shared.Path(t, "corpus", "redfish-mockups.jsonl"))
	require.NoError(t, err)
	start := time.Now()
	result, err := generator.Generate(redfish(shared.Path(t, "descriptions", "redfish")), nil)
	require.NoError(t, err)
	t.Logf("%d types generated in %v", result.Types, time.Since(start).Round(time.Millisecond))
	for _, f := range result.Files {
		assert.NotRegexp(t, `(?m)^type \w*V\d+_\d+`, string(f.Data), f.Name)
	}

	program := builtWith(t, "redfish", result)
	r := decodedBy(t, program, documents)
	assert.Empty(t, r.Failures)
	assert.Equal(t, 592, r.Documents+r.HeldBack)
	assert.Equal(t, r.Named-len(r.Undeclared), r.Typed, "all whose type the folder declares")
	assert.GreaterOrEqual(t, r.Typed*100, r.Named*98)
	t.Logf("%d documents, %d of no known type; %d of %d objects that name a type have it, the others name %v; members of the wrong kind: %v",
		r.Documents, r.HeldBack, r.Typed, r.Named, r.Undeclared, r.Mismatched)

	odd := decodedBy(t, program, oddDocuments(t))
	assert.Empty(t, odd.Failures)
	assert.GreaterOrEqual(t, odd.Documents, 30)
	assert.NotEmpty(t, odd.Mismatched)
}

// redfishReport is what the program prints.
type redfishReport struct {
	Documents, HeldBack, Named, Typed int
	Undeclared, Mismatched, Failures  []string
}

func decodedBy(t *testing.T, program, documents string) (r redfishReport) {
	t.Helper()
	cmd := exec.Command(program, documents)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(out, &r))
	return r
}

// oddDocuments writes the documents of examples/redfish/odd into a file, one a line.
func oddDocuments(t *testing.T) string {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join("..", "examples", "redfish", "odd", "testdata", "odd.txtar"))
	require.NoError(t, err)
	var lines bytes.Buffer
	for _, f := range archive.Files {
		if strings.HasSuffix(f.Name, ".json") {
			require.NoError(t, json.NewEncoder(&lines).Encode(map[string]any{"id": f.Name, "body": json.RawMessage(f.Data)}))
		}
	}
	file := filepath.Join(t.TempDir(), "odd.jsonl")
	require.NoError(t, os.WriteFile(file, lines.Bytes(), 0o644))
	return file
}
