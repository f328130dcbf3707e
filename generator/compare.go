package generator

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/callgen/callgen/generator/changes"
	"github.com/callgen/callgen/generator/choose"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// Compare says what changes from one description to another, overlays applied, and
// what that does to the package that the configuration chooses of them. A root or an
// override may name what only one of the two has.
func Compare(cfg *config.Config, old, new *edm.Model) (*changes.Report, error) {
	was, is, err := sides(cfg, old, new)
	if err != nil {
		return nil, err
	}
	return changes.Compare(was, is), nil
}

// sides plans both packages.
func sides(cfg *config.Config, old, new *edm.Model) (was, is changes.Side, err error) {
	if err := rootsAnywhere(cfg, old, new); err != nil {
		return was, is, err
	}
	var found diag.List
	was, err = side(cfg, old, new)
	found.AddError(err)
	is, err = side(cfg, new, old)
	found.AddError(err)
	return was, is, found.Err()
}

// side plans the package of one of two models.
func side(cfg *config.Config, model, other *edm.Model) (changes.Side, error) {
	own := *cfg
	own.Package = cmp.Or(own.Package, "api")
	own.Overrides = maps.Clone(cfg.Overrides)
	maps.DeleteFunc(own.Overrides, func(element string, _ config.Override) bool {
		return !declares(model, element) && declares(other, element)
	})
	selection, err := selected(&own, model, other)
	if err != nil {
		return changes.Side{}, err
	}
	pkg, err := planned(&own, selection)
	if err != nil {
		return changes.Side{}, err
	}
	return changes.Side{Model: model, Has: selection.Has, Paths: selection.Paths, Plan: pkg}, nil
}

// selected selects what the configuration chooses, less what a model lacks and the other
// one has.
func selected(cfg *config.Config, model, other *edm.Model) (*choose.Selection, error) {
	if !cfg.All && len(cfg.Roots) > 0 {
		cfg.Roots = slices.DeleteFunc(slices.Clone(cfg.Roots), func(root string) bool { return !hasRoot(model, root) })
		if len(cfg.Roots) == 0 {
			return &choose.Selection{Model: model, Paths: []string{}}, nil // without roots everything would be selected
		}
	}
	cfg.Exclude = slices.DeleteFunc(slices.Clone(cfg.Exclude), func(pattern string) bool {
		return !excludes(model, pattern) && excludes(other, pattern)
	})
	cfg.Hierarchies = hierarchiesOf(cfg, model, other)
	return Select(cfg, model)
}

func hasRoot(model *edm.Model, root string) bool {
	_, err := choose.Select(model, choose.Wanted{Roots: []string{root}})
	return err == nil
}

// excludes reports whether a model has something that a pattern excludes.
func excludes(model *edm.Model, pattern string) bool {
	_, err := choose.Select(model, choose.Wanted{Exclude: []string{pattern}})
	return err == nil
}

// hierarchiesOf returns the hierarchies that are kept, without the types that only the
// other model has.
func hierarchiesOf(cfg *config.Config, model, other *edm.Model) map[string][]string {
	lacks := func(name string) bool { return model.Structured(name) == nil && other.Structured(name) != nil }
	all := make(map[string][]string)
	for base, kept := range cfg.Hierarchies {
		if !lacks(base) {
			all[base] = slices.DeleteFunc(slices.Clone(kept), lacks)
		}
	}
	return all
}

// rootsAnywhere reports the roots that neither model has.
func rootsAnywhere(cfg *config.Config, old, new *edm.Model) error {
	var missing []string
	for _, root := range cfg.Roots {
		if !cfg.All && !hasRoot(old, root) && !hasRoot(new, root) {
			missing = append(missing, root)
		}
	}
	if missing == nil {
		return nil
	}
	_, err := choose.Select(new, choose.Wanted{Roots: missing})
	return err
}

// declares reports whether a model has an element that an override can name.
func declares(model *edm.Model, element string) bool {
	owner, part, isPart := strings.Cut(element, "/")
	t := model.Type(edm.ParseQName(owner))
	if t == nil || !isPart {
		return t != nil
	}
	switch t := t.(type) {
	case *edm.EnumType:
		return slices.ContainsFunc(t.Members, func(m *edm.Member) bool { return m.Name == part })
	case *edm.StructuredType:
		return slices.ContainsFunc(t.Properties, func(p *edm.Property) bool { return p.Name == part }) ||
			slices.ContainsFunc(t.Navigation, func(n *edm.NavigationProperty) bool { return n.Name == part })
	}
	return false
}
