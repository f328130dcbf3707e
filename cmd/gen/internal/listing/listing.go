// Package listing lists the contents of a selection: why each type is in it, and how much
// smaller it would be without it.
package listing

import (
	"cmp"
	"slices"

	"github.com/callgen/callgen/generator/choose"
	"github.com/callgen/callgen/spec/edm"
)

// Listing describes a selection.
type Listing struct {
	Roots []Root `json:"roots"`
	Types []Type `json:"types"` // the biggest cut first
	Total Size   `json:"total"`
	// Exclude holds what to exclude to save most.
	Exclude []Exclusion `json:"exclude"`
	// OtherLines counts the lines of the runtime and the client, which every selection has.
	OtherLines int `json:"otherLines"`
}

// Size is the size of some types.
type Size struct {
	Types      int `json:"types"`
	Properties int `json:"properties"`
	Lines      int `json:"lines"` // of Go
}

func (s Size) minus(t Size) Size {
	return Size{s.Types - t.Types, s.Properties - t.Properties, s.Lines - t.Lines}
}

// Root describes what a root brings in.
type Root struct {
	Root   string `json:"root"`
	Brings Size   `json:"brings"`
	Only   Size   `json:"only"` // what no other root brings in
}

// Type is a selected type.
type Type struct {
	Name       string `json:"name"`
	Kind       string `json:"kind"`
	Properties int    `json:"properties"`
	Lines      int    `json:"lines"`
	Derived    int    `json:"derived"` // number of selected types that derive from it
	// Only is what would go if the type and those derived from it were excluded, themselves
	// included.
	Only Size   `json:"only"`
	Why  []Step `json:"why"` // from a root to what refers to the type
}

// Step is a reference on the way from a root.
type Step struct {
	By   string `json:"by,omitempty"` // the referring type; "" for a root
	How  string `json:"how"`
	Name string `json:"name,omitempty"`
}

// Make lists a selection. lines counts the lines of Go for each type, others those of the
// rest of the package.
func Make(s *choose.Selection, lines map[string]int, others int) *Listing {
	g := newGraph(s, lines)
	total := g.size(cut{})
	l := &Listing{Total: total, OtherLines: others, Types: make([]Type, 0, len(s.Types))}
	for i, name := range g.roots {
		rest := slices.Delete(slices.Clone(g.roots), i, i+1)
		l.Roots = append(l.Roots, Root{name, g.size(cut{roots: rest}), total.minus(g.size(cut{roots: []string{name}}))})
	}
	for i, t := range s.Types {
		out := g.withDerived(t)
		own := g.own[i]
		l.Types = append(l.Types, Type{
			Name: t.TypeName().String(), Kind: kind(t), Properties: own.Properties, Lines: own.Lines,
			Derived: len(out) - 1, Only: total.minus(g.size(cut{types: out})), Why: why(s.Chain(t)),
		})
	}
	slices.SortStableFunc(l.Types, func(a, b Type) int {
		return cmp.Or(cmp.Compare(b.Only.Lines, a.Only.Lines), cmp.Compare(b.Only.Types, a.Only.Types))
	})
	l.Exclude = g.exclusions(s, total)
	return l
}

func kind(t edm.Type) string {
	if s, ok := t.(*edm.StructuredType); ok {
		return s.Kind.String()
	}
	return "enum type"
}

func why(chain []choose.Reason) []Step {
	var steps []Step
	for _, r := range chain {
		s := Step{How: r.How.String(), Name: r.Name}
		if r.By != nil {
			s.By = r.By.TypeName().String()
		}
		steps = append(steps, s)
	}
	return steps
}
