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
)

// TestCorpusIsLossless generates the whole of Graph, decodes the JSON bodies of its
// documentation with it and encodes them again: every body whose type the description
// has comes out as it went in, numbers and strings as they were spelled.
func TestCorpusIsLossless(t *testing.T) {
	shared, err := filepath.Abs(filepath.Join("..", "..", "shared"))
	require.NoError(t, err)
	description := filepath.Join(shared, "metadata", "graph-v1.0.csdl.xml")
	corpus := filepath.Join(shared, "corpus", "docs-2021.jsonl")
	for _, file := range []string{description, corpus} {
		if _, err := os.Stat(file); os.IsNotExist(err) {
			t.Skipf("%s is not beside the project", filepath.Base(file))
		}
	}
	result, err := generator.Generate(&config.Config{Spec: description, All: true, Models: true, Package: "graph"})
	require.NoError(t, err)
	module := t.TempDir()
	_, err = output.Write(filepath.Join(module, "graph"), result.Files, output.Options{})
	require.NoError(t, err)
	program, err := os.ReadFile(filepath.Join("testdata", "corpus", "main.go.txt"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(module, "main.go"), program, 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(module, "go.mod"), []byte("module graph\n\ngo 1.26\n"), 0o644))

	for _, version := range []string{"v1.0", "beta"} {
		cmd := exec.Command("go", "run", "-trimpath", ".", corpus, version)
		cmd.Dir = module
		cmd.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=", "GOWORK=off")
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		require.NoError(t, err)
		var report struct {
			Bodies, Values, Typed, Additional, Nulls, Mismatched, NoType, Duplicates int
			Failures                                                                 []string
		}
		require.NoError(t, json.Unmarshal(out, &report))
		assert.Empty(t, report.Failures)
		assert.Positive(t, report.Bodies)
		t.Logf("%s: %d bodies, %d values, %d structs; members kept: %d additional, %d null, %d mismatched; %d bodies of no known type, %d values refused for duplicates",
			version, report.Bodies, report.Values, report.Typed, report.Additional, report.Nulls, report.Mismatched, report.NoType, report.Duplicates)
	}
}
