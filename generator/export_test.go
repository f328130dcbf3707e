package generator

import (
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/spec/edm"
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
	files, err := Print(pkg)
	if err != nil {
		return nil, err
	}
	return &Result{Files: plain(files), Types: len(selection.Types), Notes: notes(pkg.Clashes)}, nil
}
