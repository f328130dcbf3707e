package generator

import (
	"github.com/callgen/callgen/generator/check"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/output"
	"github.com/callgen/callgen/spec/edm"
	"go/token"
	"slices"
	"strings"
)

// Unchecked is [FromModel] without the type check at its end, of which the tests of random
// descriptions do most once for all. The first result has the runtime's files too.
func Unchecked(cfg *config.Config, model *edm.Model) (*Result, error) {
	selection, err := Select(cfg.Choice, model)
	if err != nil {
		return nil, err
	}
	pkg, err := Plan(cfg.Package, cfg.Spec, selection)
	if err != nil {
		return nil, err
	}
	files, err := Print(pkg, token.NewFileSet())
	if err != nil {
		return nil, err
	}
	return &Result{Files: plain(files), Types: len(selection.Types), Notes: notes(pkg.Clashes)}, nil
}

// Printed returns the files that are made from a description, without the runtime's,
// before they are checked.
func Printed(cfg *config.Config, model *edm.Model) ([]output.File, error) {
	result, err := Unchecked(cfg, model)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(result.Files, func(f output.File) bool { return strings.HasPrefix(f.Name, check.RuntimePrefix) }), nil
}
