// Package preset holds configurations to begin with, for parts of services that many want: a
// file in the folder presets for each, and the overlays that they need.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package preset

import (
	"bytes"
	"embed"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/callgen/callgen/generator/choose"
	"github.com/callgen/callgen/spec"
	"github.com/callgen/callgen/spec/diag"
)

//go:embed presets
var files embed.FS

// Preset is a configuration to begin with.
type Preset struct {
	Name        string              `yaml:"-"`
	Short       string              `yaml:"short"`
	All         bool                `yaml:"all"`
	Versions    string              `yaml:"versions"`
	Roots       []string            `yaml:"roots"`
	Exclude     []string            `yaml:"exclude"`
	Hierarchies map[string][]string `yaml:"hierarchies"`
	Overlay     string              `yaml:"overlay"` // a file that Text returns; "" for none
	Hints       []Hint              `yaml:"hints"`
}

// Hint says what a selection lacks that has only a part of a preset.
type Hint struct {
	Path     string `yaml:"path"`     // the path of wanted requests; "" for any
	Selected string `yaml:"selected"` // a type that is selected
	Lacks    string `yaml:"lacks"`    // a property, or another selected type, that it is of little use without
	Text     string `yaml:"text"`
}

// All returns the presets, ordered by name.
func All() ([]*Preset, error) {
	entries, err := files.ReadDir("presets")
	if err != nil {
		return nil, err
	}
	var list []*Preset
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), ".yaml")
		if !ok {
			continue
		}
		p, err := read(name)
		if err != nil {
			return nil, fmt.Errorf("preset %s: %w", name, err)
		}
		list = append(list, p)
	}
	return list, nil
}

// Named returns a preset by its name.
func Named(name string) (*Preset, error) {
	all, err := All()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, p := range all {
		if p.Name == name {
			return p, nil
		}
		names = append(names, p.Name)
	}
	return nil, fmt.Errorf("there is no preset %q: there is %s", name, strings.Join(names, ", "))
}

func read(name string) (*Preset, error) {
	data, err := files.ReadFile(path.Join("presets", name+".yaml"))
	if err != nil {
		return nil, err
	}
	p := &Preset{Name: name}
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	return p, d.Decode(p)
}

// OverlayText returns the overlay of the preset, nil if it has none.
func (p *Preset) OverlayText() ([]byte, error) {
	switch p.Overlay {
	case "":
		return nil, nil
	case spec.OverlayFile:
		return spec.CommunicationsOverlay(), nil
	}
	return files.ReadFile(path.Join("presets", p.Overlay))
}

// HierarchyFlags returns the hierarchies as values of the flag --hierarchy.
func (p *Preset) HierarchyFlags() []string {
	var list []string
	for _, base := range slices.Sorted(maps.Keys(p.Hierarchies)) {
		list = append(list, base+"="+strings.Join(p.Hierarchies[base], ","))
	}
	return list
}

// Hints returns notes about what a selection lacks that has only a part of some preset. It returns nothing
// for what a preset itself selects: its documentation says what that lacks.
func Hints(s *choose.Selection, wanted choose.Wanted) []diag.Finding {
	all, err := All()
	if err != nil || slices.ContainsFunc(all, func(p *Preset) bool { return p.wants(wanted) }) {
		return nil // a test reads them
	}
	var notes []diag.Finding
	for _, p := range all {
		for _, h := range p.Hints {
			t := s.Model.Structured(h.Selected)
			if t != nil && s.Has(t) && leadsTo(s, h.Path) && lacks(s, h.Lacks) {
				notes = append(notes, diag.Finding{Pos: t.Pos, Element: h.Selected, Msg: h.Text})
			}
		}
	}
	return notes
}

// wants reports whether the preset wants the same, in any order. One with an overlay is of use with
// that only.
func (p *Preset) wants(w choose.Wanted) bool {
	return p.Overlay == "" && len(w.Roots) > 0 && sameItems(p.Roots, w.Roots) && sameItems(p.Exclude, w.Exclude) && maps.EqualFunc(p.Hierarchies, w.Hierarchies, sameItems)
}

func sameItems(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// leadsTo reports whether requests for a path are among what the roots want.
func leadsTo(s *choose.Selection, path string) bool {
	return path == "" || slices.ContainsFunc(s.Paths, func(root string) bool { return root == path || strings.HasPrefix(path, root+"/") })
}

// lacks reports whether a model lacks a property, such as microsoft.graph.call/state, or a selection
// lacks a type that its model has.
func lacks(s *choose.Selection, element string) bool {
	of, name, isProperty := strings.Cut(element, "/")
	t := s.Model.Structured(of)
	if !isProperty {
		return t != nil && !s.Has(t)
	}
	return t == nil || t.Property(name) == nil
}
