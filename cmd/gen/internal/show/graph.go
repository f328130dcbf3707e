package show

import "fmt"

// mostUses is the maximum number of properties that a drawing shows one by one.
const mostUses = 24

// graph is a view as nodes and edges, for the languages that draw them.
type graph struct {
	nodes  []*Node
	bases  [][2]int // a base type and a type derived from it
	owners []string // types whose properties hold the type, or a base of it
	uses   []edge
	left   int // number of properties that are not among the edges
}

// edge is a property: from an owner to a node.
type edge struct {
	owner, node int
	name        string
	many        bool
}

func (v *View) graph() *graph {
	g := new(graph)
	byName := make(map[string]int)
	var visit func(n *Node) int
	visit = func(n *Node) int {
		i := len(g.nodes)
		g.nodes = append(g.nodes, n)
		byName[n.Name] = i
		for _, d := range n.Derived {
			g.bases = append(g.bases, [2]int{i, visit(d)})
		}
		return i
	}
	visit(v.Top)
	owners := make(map[string]int)
	g.left = max(0, len(v.Uses)-mostUses)
	for _, u := range v.Uses[:len(v.Uses)-g.left] {
		if _, ok := owners[u.Owner]; !ok {
			owners[u.Owner] = len(g.owners)
			g.owners = append(g.owners, u.Owner)
		}
		g.uses = append(g.uses, edge{owners[u.Owner], byName[u.Of], u.Property, u.Collection})
	}
	return g
}

// restText says how many properties are not shown.
func (g *graph) restText() string { return fmt.Sprintf("and %d more", g.left) }
