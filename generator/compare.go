package generator

import (
	"cmp"
	"errors"
	"maps"
	"slices"

	"github.com/callgen/callgen/generator/changes"
	"github.com/callgen/callgen/generator/choose"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// Compare says what changes from one description to another, overlays applied, and
// what that does to the package that the configuration chooses of them. A root, an
// exclusion, a hierarchy or an override may name what only one of the two has.
func Compare(cfg *config.Config, prev, next *edm.Model) (*changes.Report, error) {
	var found diag.List
	was, err := side(cfg, prev, next)
	found.AddError(err)
	is, err := side(cfg, next, prev)
	found.AddError(err)
	if err := found.Err(); err != nil {
		return nil, err
	}
	return changes.Compare(was, is), nil
}

// side plans the package of one of two models.
func side(cfg *config.Config, model, other *edm.Model) (changes.Side, error) {
	own := *cfg
	own.Package = cmp.Or(own.Package, "api")
	own.Overrides = maps.Clone(cfg.Overrides)
	here, there := names.Known(model, overrides(cfg)), names.Known(other, overrides(cfg))
	maps.DeleteFunc(own.Overrides, func(element string, _ config.Override) bool {
		_, known := here[element]
		_, elsewhere := there[element]
		return !known && elsewhere
	})
	selection, err := selected(cfg, model, other)
	if err != nil {
		return changes.Side{}, err
	}
	pkg, err := planned(&own, selection)
	if err != nil {
		return changes.Side{}, err
	}
	return changes.Side{Model: model, Has: selection.Has, Cut: selection.Cut, Paths: selection.Paths, Plan: pkg}, nil
}

// selected selects what the configuration wants, less what only the other model has.
func selected(cfg *config.Config, model, other *edm.Model) (*choose.Selection, error) {
	wanted := choose.Wanted{Position: cfg.Position, Hierarchies: hierarchies(cfg, model, other)}
	for _, pattern := range cfg.Exclude {
		of := choose.Wanted{Exclude: []string{pattern}}
		if matches(model, pattern, of) || !matches(other, pattern, of) {
			wanted.Exclude = append(wanted.Exclude, pattern)
		}
	}
	if cfg.All || len(cfg.Roots) == 0 {
		return choose.Select(model, wanted)
	}
	for _, root := range cfg.Roots {
		of := choose.Wanted{Roots: []string{root}}
		if matches(model, root, of) || !matches(other, root, of) {
			wanted.Roots = append(wanted.Roots, root)
		}
	}
	if len(wanted.Roots) == 0 { // which would be everything
		return &choose.Selection{Model: model, Paths: []string{}}, nil
	}
	return choose.Select(model, wanted)
}

// matches reports whether a root or an exclusion stands for something.
func matches(model *edm.Model, pattern string, of choose.Wanted) bool {
	_, err := choose.Select(model, of)
	found, _ := errors.AsType[*diag.Error](err)
	return found == nil || !slices.ContainsFunc(found.Findings, func(f diag.Finding) bool { return f.Element == pattern })
}

// hierarchies returns the hierarchies to cut, less the types that only the other model has.
func hierarchies(cfg *config.Config, model, other *edm.Model) map[string][]string {
	missing := func(name string) bool { return model.Structured(name) == nil && other.Structured(name) != nil }
	all := make(map[string][]string)
	for base, kept := range cfg.Hierarchies {
		if !missing(base) {
			all[base] = slices.DeleteFunc(slices.Clone(kept), missing)
		}
	}
	return all
}
