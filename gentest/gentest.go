// Package gentest runs the check of gen as a Go test, for repositories that keep generated
// packages:
//
//	func TestGenerated(t *testing.T) { gentest.UpToDate(t, "gen.yaml") }
package gentest

import (
	"testing"

	"github.com/callgen/callgen/generator"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/output"
)

// UpToDate fails a test if the package that a configuration describes differs from what gen
// would write, and shows the differences. It writes nothing.
func UpToDate(t testing.TB, file string) {
	t.Helper()
	cfg, err := config.Load(file)
	if err != nil {
		t.Fatalf("%s cannot be used:\n%v", file, err)
	}
	result, err := generator.Generate(cfg, nil)
	if err != nil {
		t.Fatalf("%s: nothing can be generated:\n%v", file, err)
	}
	compare(t, file, cfg.Out, result.Files)
	for _, part := range result.Below {
		compare(t, file, cfg.BelowOut(part.Name), part.Files)
	}
	if result.Fields != nil {
		compare(t, file, cfg.FieldsOut(), result.Fields)
	}
	if cfg.Fake {
		compare(t, file, cfg.FakeOut(), result.Fake)
	}
}

func compare(t testing.TB, file, out string, files []output.File) {
	t.Helper()
	diff, err := output.Diff(out, files)
	if err != nil {
		t.Fatalf("%s cannot be compared:\n%v", out, err)
	}
	if diff != "" {
		t.Errorf("%s is out of date with %s: run gen --config %s\n%s", out, file, file, diff)
	}
}
