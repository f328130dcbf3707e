package listing

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/callgen/callgen/generator/choose"
	"github.com/callgen/callgen/spec/edm"
)

// Exclusion is a proposal to exclude a type with those derived from it, or a navigation
// property.
type Exclusion struct {
	Items []string `json:"items"` // of exclude in gen.yaml: mostly one
	Saves Size     `json:"saves"` // after the proposals before it
}

// Limits on proposals.
const (
	mostExclusions = 8
	leastPercent   = 2  // of the lines of the selection that a proposal saves
	considered     = 60 // candidates that are looked at again after each proposal
)

// candidate is something that could be excluded.
type candidate struct {
	cut   cut
	items []string
	saves Size
}

// exclusions returns what to exclude, by greedy choice: the candidate that saves most, then
// the one that saves most of the rest, and so on.
func (g *graph) exclusions(s *choose.Selection, total Size) []Exclusion {
	list := g.candidates(s)
	so, left := cut{}, total
	all := []Exclusion{}
	for len(all) < mostExclusions {
		for i := range list {
			list[i].saves = left.minus(g.size(so.with(list[i].cut)))
		}
		slices.SortStableFunc(list, func(a, b candidate) int {
			return cmp.Or(cmp.Compare(b.saves.Lines, a.saves.Lines), cmp.Compare(len(a.cut.types), len(b.cut.types)))
		})
		list = list[:min(len(list), considered)]
		if len(list) == 0 || list[0].saves.Lines*100 < total.Lines*leastPercent || list[0].saves.Lines == 0 {
			break
		}
		best := list[0]
		list = list[1:]
		so, left = so.with(best.cut), left.minus(best.saves)
		all = append(all, Exclusion{best.items, best.saves})
	}
	return all
}

// with returns both cuts in one.
func (c cut) with(d cut) cut {
	both := cut{types: maps.Clone(c.types), navigation: maps.Clone(c.navigation)}
	if both.types == nil {
		both.types = make(map[int]bool)
	}
	if both.navigation == nil {
		both.navigation = make(map[int]bool)
	}
	maps.Copy(both.types, d.types)
	maps.Copy(both.navigation, d.navigation)
	return both
}

// candidates returns what can be excluded: the navigation properties that a path leads to, and
// types that are no roots and that nothing selected derives from for another reason. Of two
// that save the same, a navigation property comes first, which leaves out less.
func (g *graph) candidates(s *choose.Selection) []candidate {
	var list []candidate
	paths, crossed := s.NavigationPaths(), s.Crossed()
	for i, n := range g.navigation {
		if path, ok := paths[n]; ok {
			list = append(list, candidate{cut: cut{navigation: map[int]bool{i: true}}, items: []string{path}})
		}
	}
	wanted := make(map[int]bool)
	for _, starts := range g.starts {
		for _, r := range starts {
			wanted[r.to/2] = true
		}
	}
	for i, t := range s.Types {
		if crossed[t] {
			wanted[i] = true
		}
	}
	g.addKeyTypes(s, wanted)
	for _, t := range s.Types {
		out := g.withDerived(t)
		if !overlap(out, wanted) {
			list = append(list, candidate{cut: cut{types: out}, items: g.items(s, t, out)})
		}
	}
	return list
}

func overlap(a, b map[int]bool) bool {
	for i := range a {
		if b[i] {
			return true
		}
	}
	return false
}

// addKeyTypes adds the types that keys need: the types of these keys cannot do without them.
func (g *graph) addKeyTypes(s *choose.Selection, all map[int]bool) {
	for _, t := range s.Types {
		of, ok := t.(*edm.StructuredType)
		if !ok {
			continue
		}
		for _, ref := range of.Key {
			at := of
			for step := range strings.SplitSeq(ref.Name, "/") {
				p := at.Property(step)
				if p == nil {
					break
				}
				if i, ok := g.index[p.Type.Type]; ok {
					all[i] = true
				}
				if at, ok = p.Type.Type.(*edm.StructuredType); !ok {
					break
				}
			}
		}
	}
}

// items returns the items of exclude for a type with those derived from it: only those that
// something else refers to are named beside it.
func (g *graph) items(s *choose.Selection, t edm.Type, out map[int]bool) []string {
	items := []string{t.TypeName().String()}
	rest := g.reached(cut{types: map[int]bool{g.index[t]: true}})
	for i, d := range s.Types {
		if d != t && out[i] && rest[alone(i)] {
			items = append(items, d.TypeName().String())
		}
	}
	return items
}
