package generator

import (
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/listing"
)

// List tells what the configuration selects. The configuration need not name a package.
func List(cfg *config.Config, step func(name string)) (*listing.Listing, error) {
	step("reading")
	model, _, err := Read(cfg)
	if err != nil {
		return nil, err
	}
	step("selecting")
	selection, err := Select(cfg, model)
	if err != nil {
		return nil, err
	}
	step("counting lines")
	named := *cfg
	named.Package = "listed"
	lines, err := Measure(&named, selection)
	if err != nil {
		return nil, err
	}
	step("listing")
	return listing.Make(selection, lines.Of, lines.Others), nil
}
