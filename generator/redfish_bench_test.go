package generator_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/callgen/callgen/generator"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/internal/shared"
	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
	"github.com/callgen/callgen/spec/fold"
	"github.com/stretchr/testify/require"
)

// BenchmarkRedfishStages generates from the whole of Redfish, folded, and reports how long each
// stage takes, in milliseconds; folding is a part of reading.
func BenchmarkRedfishStages(b *testing.B) {
	folder, err := filepath.Abs(shared.Path(b, "descriptions", "redfish"))
	require.NoError(b, err)
	files, err := filepath.Glob(filepath.Join(folder, "*.xml"))
	require.NoError(b, err)
	var documents []csdl.Document
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(b, err)
		documents = append(documents, csdl.Document{Name: file, Data: data})
	}
	b.Chdir(b.TempDir())
	require.NoError(b, os.WriteFile("gen.yaml", []byte("spec: "+folder+"\nversions: fold\nall: true\npackage: redfish\nout: redfish\n"), 0o644))
	cfg, err := config.Load("gen.yaml")
	require.NoError(b, err)
	spent := make(map[string]time.Duration)
	for b.Loop() {
		_, _, err := csdl.ReadAll(documents, csdl.Options{Change: func(m *edm.Model) []diag.Finding {
			begun := time.Now()
			defer func() { spent["folding"] += time.Since(begun) }()
			return fold.Versions(m)
		}})
		require.NoError(b, err)
		stage, begun := "", time.Now()
		next := func(name string) {
			now := time.Now()
			if stage != "" {
				spent[stage] += now.Sub(begun)
			}
			stage, _, _ = strings.Cut(name, " ")
			begun = now
		}
		_, err = generator.Generate(cfg, next)
		require.NoError(b, err)
		next("")
	}
	for stage, d := range spent {
		b.ReportMetric(float64(d.Milliseconds())/float64(b.N), stage+"-ms/op")
	}
}
