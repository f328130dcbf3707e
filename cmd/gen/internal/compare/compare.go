// Package compare reports what changes between two descriptions for the package that a
// configuration describes.
package compare

import (
	"cmp"
	"errors"
	"maps"
	"slices"

	"github.com/callgen/callgen/generator"
	"github.com/callgen/callgen/generator/changes"
	"github.com/callgen/callgen/generator/choose"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// Models reports what changes between two descriptions, overlays applied, and the effects
// on the package that the configuration selects. A root, an exclusion, a hierarchy or an
// override may name an element that only one of them has.
func Models(cfg *config.Config, before, after *edm.Model) (*changes.Report, error) {
	var found diag.List
	was, err := side(cfg, before, after)
	found.AddError(err)
	is, err := side(cfg, after, before)
	found.AddError(err)
	if err := found.Err(); err != nil {
		return nil, err
	}
	return changes.Compare(was, is), nil
}

// side plans the package of one of two models.
func side(cfg *config.Config, model, other *edm.Model) (changes.Side, error) {
	selection, err := selected(cfg.Choice, model, other)
	if err != nil {
		return changes.Side{}, err
	}
	own := cfg.Package
	own.Name = cmp.Or(own.Name, "api")
	own.Overrides = maps.Clone(own.Overrides)
	wanted := generator.Overrides(cfg.Package)
	here, there := names.Known(model, wanted), names.Known(other, wanted)
	maps.DeleteFunc(own.Overrides, func(element string, _ config.Override) bool {
		_, known := here[element]
		_, elsewhere := there[element]
		return !known && elsewhere
	})
	pkg, err := generator.Plan(own, cfg.Shown(), selection)
	if err != nil {
		return changes.Side{}, err
	}
	return changes.Side{Model: model, Has: selection.Has, Cut: selection.Cut, Paths: selection.Paths, Operations: selection.Operations, Plan: pkg}, nil
}

// selected selects what is wanted, less what only the other model has.
func selected(choice config.Choice, model, other *edm.Model) (*choose.Selection, error) {
	wanted := choose.Wanted{Position: choice.Position, Hierarchies: hierarchies(choice.Hierarchies, model, other)}
	for _, pattern := range choice.Exclude {
		of := choose.Wanted{Exclude: []string{pattern}}
		if matches(model, pattern, of) || !matches(other, pattern, of) {
			wanted.Exclude = append(wanted.Exclude, pattern)
		}
	}
	if choice.All || len(choice.Roots) == 0 {
		return choose.Select(model, wanted)
	}
	for _, root := range choice.Roots {
		of := choose.Wanted{Roots: []string{root}}
		if matches(model, root, of) || !matches(other, root, of) {
			wanted.Roots = append(wanted.Roots, root)
		}
	}
	if len(wanted.Roots) == 0 { // without roots everything would be selected
		return &choose.Selection{Model: model, Paths: []string{}}, nil
	}
	return choose.Select(model, wanted)
}

// matches reports whether a root or an exclusion matches anything.
func matches(model *edm.Model, pattern string, of choose.Wanted) bool {
	_, err := choose.Select(model, of)
	found, _ := errors.AsType[*diag.Error](err)
	return found == nil || !slices.ContainsFunc(found.Findings, func(f diag.Finding) bool { return f.Element == pattern })
}

// hierarchies returns the hierarchies to cut, less the types that only the other model has.
func hierarchies(wanted map[string][]string, model, other *edm.Model) map[string][]string {
	missing := func(name string) bool { return model.Structured(name) == nil && other.Structured(name) != nil }
	all := make(map[string][]string)
	for base, kept := range wanted {
		if !missing(base) {
			all[base] = slices.DeleteFunc(slices.Clone(kept), missing)
		}
	}
	return all
}
