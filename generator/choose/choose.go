// Package choose selects the part of a description that is generated: the closure
// of the roots over everything that their values can hold.
package choose

import (
	"cmp"
	"slices"
	"strings"

	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// Selection is the part of a description that was chosen.
type Selection struct {
	Model *edm.Model
	Types []edm.Type // structured and enum types, by namespace and name

	chosen map[edm.Type]Reason
}

// Reason says why a type was chosen.
type Reason struct {
	By   edm.Type // what brought it; nil for a root
	What string   // how, such as "property state" or "root /communications/calls"
}

// Has reports whether a type was chosen.
func (s *Selection) Has(t edm.Type) bool {
	_, ok := s.chosen[t]
	return ok
}

// Why returns why a type was chosen.
func (s *Selection) Why(t edm.Type) (Reason, bool) {
	r, ok := s.chosen[t]
	return r, ok
}

// Select returns the closure of the roots, which are paths ("/communications/calls")
// and qualified type names ("microsoft.graph.call"); with no roots, everything in
// the model. It brings in the base types of a type, the types of its properties,
// everything derived from a type that a property holds, and the parameters and
// results of the operations bound to it. A root that names nothing is a finding.
func Select(m *edm.Model, roots []string) (*Selection, error) {
	c := closure{model: m, sel: &Selection{Model: m, chosen: make(map[edm.Type]Reason)}}
	var findings diag.List
	for _, root := range roots {
		c.root(root, &findings)
	}
	if len(roots) == 0 {
		c.everything()
	}
	c.run()
	if err := findings.Err(); err != nil {
		return nil, err
	}
	for t := range c.sel.chosen {
		c.sel.Types = append(c.sel.Types, t)
	}
	slices.SortFunc(c.sel.Types, byName)
	return c.sel, nil
}

// byName orders types as Graph's description does: alphabetically, in any letter
// case. What is generated does not depend on the order in which a description
// happens to declare its types.
func byName(a, b edm.Type) int {
	x, y := a.TypeName(), b.TypeName()
	return cmp.Or(cmp.Compare(x.Namespace, y.Namespace),
		cmp.Compare(strings.ToLower(x.Name), strings.ToLower(y.Name)), cmp.Compare(x.Name, y.Name))
}

// closure walks from the roots. Types are visited twice at most: as what a type is
// based on, and as what a property holds, which brings in its derived types.
type closure struct {
	model *edm.Model
	sel   *Selection
	held  map[edm.Type]bool
	queue []edm.Type
}

func (c *closure) everything() {
	for _, schema := range c.model.Schemas {
		for _, t := range schema.Types {
			c.choose(t, Reason{What: "all"})
		}
	}
}

func (c *closure) root(root string, findings *diag.List) {
	reason := Reason{What: "root " + root}
	if strings.HasPrefix(root, "/") {
		t, err := c.path(root)
		if err != "" {
			findings.Add(diag.Pos{}, root, "%s", err)
			return
		}
		c.hold(t, reason)
		return
	}
	dot := strings.LastIndexByte(root, '.')
	if dot < 0 {
		findings.Add(diag.Pos{}, root, "a root is a path such as /communications/calls or a qualified type name such as microsoft.graph.call")
		return
	}
	t := c.model.Type(edm.QName{Namespace: root[:dot], Name: root[dot+1:]})
	if t == nil {
		findings.Add(diag.Pos{}, root, "the description has no type of this name: remove the root or correct it")
		return
	}
	c.hold(t, reason)
}

// path resolves a root path to the type it leads to. The second result says what
// is wrong with the path, if anything is.
func (c *closure) path(path string) (edm.Type, string) {
	steps := strings.Split(strings.Trim(path, "/"), "/")
	t := c.containerElement(steps[0])
	if t == nil {
		return nil, "the description has no entity set or singleton " + steps[0]
	}
	for _, step := range steps[1:] {
		if strings.HasPrefix(step, "{") {
			continue // a key
		}
		next := navigate(t, step)
		if next == nil {
			return nil, t.Name.String() + " has no navigation property " + step
		}
		t = next
	}
	return t, ""
}

func (c *closure) containerElement(name string) *edm.StructuredType {
	if c.model.Container == nil {
		return nil
	}
	for _, s := range c.model.Container.Singletons {
		if s.Name == name {
			return s.Type
		}
	}
	for _, s := range c.model.Container.EntitySets {
		if s.Name == name {
			return s.Type
		}
	}
	return nil
}

func navigate(t *edm.StructuredType, name string) *edm.StructuredType {
	n := t.NavigationProperty(name)
	if n == nil {
		return nil
	}
	target, _ := n.Type.Type.(*edm.StructuredType)
	return target
}

// choose notes a type and queues it.
func (c *closure) choose(t edm.Type, why Reason) {
	switch t.(type) {
	case *edm.StructuredType, *edm.EnumType:
		if !c.sel.Has(t) {
			c.sel.chosen[t] = why
			c.queue = append(c.queue, t)
		}
	}
}

// hold chooses a type that a value can be of, and everything derived from it.
func (c *closure) hold(t edm.Type, why Reason) {
	c.choose(t, why)
	s, ok := t.(*edm.StructuredType)
	if !ok || c.held[t] {
		return
	}
	if c.held == nil {
		c.held = make(map[edm.Type]bool)
	}
	c.held[t] = true
	for _, d := range s.Derived {
		c.hold(d, Reason{By: t, What: "derived type"})
	}
}

func (c *closure) run() {
	for len(c.queue) > 0 {
		t := c.queue[0]
		c.queue = c.queue[1:]
		if s, ok := t.(*edm.StructuredType); ok {
			c.parts(s)
		}
	}
}

// parts chooses what a structured type refers to.
func (c *closure) parts(t *edm.StructuredType) {
	if t.Base != nil {
		c.choose(t.Base, Reason{By: t, What: "base type"})
	}
	for _, p := range t.Properties {
		c.hold(p.Type.Type, Reason{By: t, What: "property " + p.Name})
	}
	for _, n := range t.Navigation {
		c.hold(n.Type.Type, Reason{By: t, What: "navigation property " + n.Name})
	}
	for _, collection := range []bool{false, true} {
		for _, op := range c.model.BoundTo(t, collection) {
			c.operation(t, op)
		}
	}
}

func (c *closure) operation(t *edm.StructuredType, op *edm.Operation) {
	for i, p := range op.Parameters {
		if i > 0 || !op.Bound {
			c.hold(p.Type.Type, Reason{By: t, What: "parameter " + p.Name + " of " + op.Name.Name})
		}
	}
	if op.Return != nil {
		c.hold(op.Return.Type.Type, Reason{By: t, What: "result of " + op.Name.Name})
	}
}

// Chain returns the reasons that lead from a root to a type, the root first.
func (s *Selection) Chain(t edm.Type) []Reason {
	var chain []Reason
	for t != nil {
		r, ok := s.chosen[t]
		if !ok {
			break
		}
		chain = append(chain, r)
		t = r.By
	}
	slices.Reverse(chain)
	return chain
}
