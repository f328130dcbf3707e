package generator_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/output"
	"github.com/callgen/callgen/internal/shared"
)

// TestCorpusIsLossless generates the whole of Graph, decodes the JSON bodies of its
// documentation with it and encodes them again: every body whose type the description
// has comes out as it went in, numbers and strings as they were spelled.
func TestCorpusIsLossless(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: it generates and builds all of Graph")
	}
	corpus, err := filepath.Abs(shared.Path(t, "corpus", "docs-2021.jsonl"))
	require.NoError(t, err)
	for _, c := range []struct {
		description string
		versions    []string // of the bodies
	}{
		{"graph-v1.0.csdl.xml", []string{"v1.0", "beta"}},
		{"graph-beta-sovereign.csdl.xml", []string{"beta"}},
	} {
		t.Run(c.description, func(t *testing.T) {
			program := corpusProgram(t, shared.Path(t, "metadata", c.description))
			for _, version := range c.versions {
				r := runCorpus(t, program, corpus, version)
				assert.Empty(t, r.Failures)
				assert.Positive(t, r.Bodies)
				t.Logf("%s: %d bodies, %d values, %d structs; members kept: %d additional, %d null, %d mismatched; %d bodies of no known type, %d values refused for duplicates",
					version, r.Bodies, r.Values, r.Typed, r.Additional, r.Nulls, r.Mismatched, r.NoType, r.Duplicates)
			}
		})
	}
}

// corpusProgram builds the program in testdata/corpus with the package of a description.
func corpusProgram(t *testing.T, description string) string {
	result, err := generator.Generate(&config.Config{
		Source:  config.Source{Spec: description},
		Choice:  config.Choice{All: true},
		Package: config.Package{Models: true, Name: "graph"},
	}, nil)
	require.NoError(t, err)
	module := t.TempDir()
	_, err = output.Write(filepath.Join(module, "graph"), result.Files, output.Options{})
	require.NoError(t, err)
	source, err := os.ReadFile(filepath.Join("testdata", "corpus", "main.go.txt"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(module, "main.go"), source, 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(module, "go.mod"), []byte("module graph\n\ngo 1.26\n"), 0o644))
	program := filepath.Join(module, "program.exe")
	cmd := exec.Command("go", "build", "-trimpath", "-o", program, ".")
	cmd.Dir = module
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	return program
}

// corpusReport is what the program prints.
type corpusReport struct {
	Bodies, Values, Typed, Additional, Nulls, Mismatched, NoType, Duplicates int
	Failures                                                                 []string
}

func runCorpus(t *testing.T, program, corpus, version string) (r corpusReport) {
	cmd := exec.Command(program, corpus, version)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(out, &r))
	return r
}
