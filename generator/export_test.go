package generator

import (
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/emit"
	"github.com/callgen/callgen/generator/output"
	"github.com/callgen/callgen/spec/edm"
)

// Printed returns the files that are made from a description, without the runtime's,
// before they are checked.
func Printed(cfg *config.Config, model *edm.Model) ([]output.File, error) {
	selection, err := Select(cfg, model)
	if err != nil {
		return nil, err
	}
	pkg, err := planned(cfg, selection)
	if err != nil {
		return nil, err
	}
	return emit.Package(pkg)
}
