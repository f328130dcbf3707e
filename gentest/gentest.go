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
	diff, err := output.Diff(cfg.Out, result.Files)
	if err != nil {
		t.Fatalf("%s cannot be compared:\n%v", cfg.Out, err)
	}
	if diff != "" {
		t.Errorf("%s is out of date with %s: run gen --config %s\n%s", cfg.Out, file, file, diff)
	}
}
