package listing

import (
	"slices"

	"github.com/callgen/callgen/generator/choose"
	"github.com/callgen/callgen/spec/edm"
)

// graph holds the references of a selection. Each type has two nodes: the type by itself,
// and the type with everything derived from it.
type graph struct {
	index  map[edm.Type]int // in the selection's types
	own    []Size
	roots  []string // in the order in which they were given
	starts map[string][]reference
	next   [][]reference // by node

	navigation []*edm.NavigationProperty // those that lead to selected types
}

// reference is an edge to a node. A reference from an operation goes away with any type of
// that operation.
type reference struct {
	to         int
	needs      []int // types
	navigation int   // the index of the navigation property that it is, plus one
}

// cut is what is left out of a graph.
type cut struct {
	roots      []string
	types      map[int]bool
	navigation map[int]bool // by index
}

// leaves reports whether a reference goes away.
func (c cut) leaves(r reference) bool {
	return c.types[r.to/2] || c.navigation[r.navigation-1] || slices.ContainsFunc(r.needs, func(i int) bool { return c.types[i] })
}

// alone and orDerived return the nodes of a type.
func alone(i int) int     { return 2 * i }
func orDerived(i int) int { return 2*i + 1 }

func newGraph(s *choose.Selection, lines map[string]int) *graph {
	g := &graph{index: make(map[edm.Type]int), starts: make(map[string][]reference), next: make([][]reference, 2*len(s.Types))}
	for i, t := range s.Types {
		g.index[t] = i
		g.own = append(g.own, Size{1, properties(s.Cut, t), lines[t.TypeName().String()]})
		g.next[orDerived(i)] = []reference{{to: alone(i)}}
	}
	needs := g.needs(s.Links)
	for _, l := range s.Links {
		to := reference{to: alone(g.index[l.To]), needs: needs[l.Operation], navigation: g.navigationOf(l)}
		if l.WithDerived {
			to.to = orDerived(g.index[l.To])
		}
		switch {
		case l.By == nil:
			if _, ok := g.starts[l.Name]; !ok {
				g.roots = append(g.roots, l.Name)
			}
			g.starts[l.Name] = append(g.starts[l.Name], to)
		case l.How == choose.Derived:
			from := orDerived(g.index[l.By])
			g.next[from] = append(g.next[from], to)
		default:
			from := alone(g.index[l.By])
			g.next[from] = append(g.next[from], to)
		}
	}
	return g
}

// needs returns the types that operations refer to.
func (g *graph) needs(links []choose.Link) map[*edm.Operation][]int {
	all := make(map[*edm.Operation][]int)
	for _, l := range links {
		if l.Operation != nil {
			all[l.Operation] = append(all[l.Operation], g.index[l.To])
		}
	}
	return all
}

// properties counts the properties that a type declares and its struct has.
func properties(cut choose.Cut, t edm.Type) int {
	s, ok := t.(*edm.StructuredType)
	if !ok {
		return 0
	}
	n := 0
	for _, p := range s.Properties {
		if cut.Keeps(p) {
			n++
		}
	}
	for _, p := range s.Navigation {
		if cut.Follows(p) {
			n++
		}
	}
	return n
}

// withDerived returns a type and the selected ones derived from it.
func (g *graph) withDerived(t edm.Type) map[int]bool {
	all := map[int]bool{g.index[t]: true}
	if s, ok := t.(*edm.StructuredType); ok {
		for _, d := range s.Descendants() {
			if i, ok := g.index[d]; ok {
				all[i] = true
			}
		}
	}
	return all
}

// navigationOf notes the navigation property that a link is, and returns its index plus one.
func (g *graph) navigationOf(l choose.Link) int {
	by, ok := l.By.(*edm.StructuredType)
	if !ok || l.How != choose.Navigation {
		return 0
	}
	g.navigation = append(g.navigation, by.NavigationProperty(l.Name))
	return len(g.navigation)
}

// size returns the size of the selection without what is cut.
func (g *graph) size(without cut) Size {
	var sum Size
	for i, has := range g.reached(without) {
		if own := g.own[i/2]; has && i == alone(i/2) {
			sum = Size{sum.Types + own.Types, sum.Properties + own.Properties, sum.Lines + own.Lines}
		}
	}
	return sum
}

// reached returns the nodes of the selection without what is cut.
func (g *graph) reached(without cut) []bool {
	seen := make([]bool, len(g.next))
	var queue []int
	visit := func(list []reference) {
		for _, r := range list {
			if !seen[r.to] && !without.leaves(r) {
				seen[r.to] = true
				queue = append(queue, r.to)
			}
		}
	}
	for _, root := range g.roots {
		if !slices.Contains(without.roots, root) {
			visit(g.starts[root])
		}
	}
	for len(queue) > 0 {
		n := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		visit(g.next[n])
	}
	return seen
}
