// Package choose selects the part of a description to generate: the closure of the roots
// over everything that their values can hold, less the exclusions.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package choose

import (
	"cmp"
	"slices"
	"strings"

	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// Wanted says what to select.
type Wanted struct {
	Roots       []string            // paths and qualified type names, possibly with wildcards; empty for everything
	Exclude     []string            // like Roots: what is not followed
	Hierarchies map[string][]string // the derived types to keep, by base type

	// Position returns where an item of "roots", "exclude" or "hierarchies" is set, for
	// findings; it may be nil.
	Position func(key, item string) diag.Pos
}

// Selection is the selected part of a description.
type Selection struct {
	Model *edm.Model
	Types []edm.Type // structured and enum types, by namespace and name
	Paths []string   // paths of the wanted requests, without wildcards; nil for all
	// Operations are wanted by themselves: what they are bound to need not be selected.
	Operations map[*edm.Operation]bool
	Links      []Link // the references between selected types, and the roots
	Cut        Cut

	chosen map[edm.Type]Reason
}

// Has reports whether a type is selected.
func (s *Selection) Has(t edm.Type) bool {
	_, ok := s.chosen[t]
	return ok
}

// Why returns the reason why a type was selected: the first of the links to it.
func (s *Selection) Why(t edm.Type) (Reason, bool) {
	r, ok := s.chosen[t]
	return r, ok
}

// Chain returns the chain of reasons from a root to a type, starting with the root.
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

// Select returns the closure of the roots, which are paths ("/communications/calls"), paths of
// single operations ("/me/sendMail") and qualified type names ("microsoft.graph.call"). Without roots it selects everything in the
// model. It includes the base types of a type, the types of its properties, everything
// derived from a type that a property holds, and the parameters and results of the
// operations bound to it. Anything wanted that does not exist is a finding.
func Select(m *edm.Model, wanted Wanted) (*Selection, error) {
	c := closure{model: m, wanted: wanted, whole: make(map[edm.Type]bool)}
	c.sel = &Selection{Model: m, Operations: make(map[*edm.Operation]bool), Cut: make(Cut), chosen: make(map[edm.Type]Reason)}
	for _, pattern := range wanted.Exclude {
		c.exclude(pattern)
	}
	c.checkHierarchies()
	if len(wanted.Roots) == 0 {
		c.everything()
	} else {
		c.sel.Paths = []string{}
	}
	for _, root := range wanted.Roots {
		c.root(root)
	}
	c.run()
	for t := range c.sel.chosen {
		c.sel.Types = append(c.sel.Types, t)
		c.required(t)
	}
	if err := c.findings.Err(); err != nil {
		return nil, err
	}
	slices.SortFunc(c.sel.Types, byName)
	return c.sel, nil
}

// byName orders types as Graph's description does: alphabetically, ignoring letter case.
// The output must not depend on the order in which a description happens to declare its
// types.
func byName(a, b edm.Type) int {
	x, y := a.TypeName(), b.TypeName()
	return cmp.Or(cmp.Compare(x.Namespace, y.Namespace),
		cmp.Compare(strings.ToLower(x.Name), strings.ToLower(y.Name)), cmp.Compare(x.Name, y.Name))
}

// closure walks from the roots. It visits a type at most twice: as a base type, and as the
// type of a property, which includes its derived types.
type closure struct {
	model    *edm.Model
	wanted   Wanted
	sel      *Selection
	whole    map[edm.Type]bool // selected with everything derived from it
	queue    []edm.Type
	findings diag.List
}

func (c *closure) finding(key, item, format string, args ...any) {
	var pos diag.Pos
	if c.wanted.Position != nil {
		pos = c.wanted.Position(key, item)
	}
	c.findings.Add(pos, item, format, args...)
}

// everything selects all types that hierarchies keep, and what the container serves.
func (c *closure) everything() {
	for _, schema := range c.model.Schemas {
		for _, t := range schema.Types {
			if s, ok := t.(*edm.StructuredType); !ok || c.keeps(s) {
				c.choose(t, Reason{How: Root, Name: "all"})
			}
		}
	}
	for _, e := range containerElements(c.model) {
		if e.to != nil && !c.sel.Cut[e.element] {
			c.chooseWithDerived(e.to, Reason{How: Root, Name: "all"})
		}
	}
}

// root selects what a root stands for.
func (c *closure) root(root string) {
	reason := Reason{How: Root, Name: root}
	if !strings.HasPrefix(root, "/") {
		types, problem := c.types(root, c.sel.Cut)
		if problem != "" {
			c.finding("roots", root, "%s", problem)
		}
		for _, t := range types {
			c.chooseWithDerived(t, reason)
		}
		return
	}
	if i := c.imported(root); i != nil {
		c.importRoot(root, i)
		return
	}
	ends, problem := c.ends(root, c.sel.Cut)
	if problem != "" {
		c.finding("roots", root, "%s", problem)
	}
	for _, e := range ends {
		if op, ok := e.element.(*edm.Operation); ok {
			c.operationRoot(root, e.path, op)
			continue
		}
		c.sel.Paths = append(c.sel.Paths, e.path)
		c.chooseWithDerived(e.to, reason)
	}
}

// choose records and queues a type.
func (c *closure) choose(t edm.Type, why Reason) {
	c.add(t, Link{Reason: why, To: t})
}

func (c *closure) add(t edm.Type, link Link) {
	switch t.(type) {
	case *edm.StructuredType, *edm.EnumType:
	default:
		return
	}
	if c.sel.Cut[t] {
		return
	}
	c.sel.Links = append(c.sel.Links, link)
	if !c.sel.Has(t) {
		c.sel.chosen[t] = link.Reason
		c.queue = append(c.queue, t)
	}
}

// chooseWithDerived selects the type of a value and everything derived from it that
// hierarchies keep.
func (c *closure) chooseWithDerived(t edm.Type, why Reason) {
	c.add(t, Link{Reason: why, To: t, WithDerived: true})
	s, ok := t.(*edm.StructuredType)
	if !ok || c.whole[t] || c.sel.Cut[t] {
		return
	}
	c.whole[t] = true
	for _, d := range s.Derived {
		if c.keeps(d) {
			c.chooseWithDerived(d, Reason{By: t, How: Derived})
		}
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

// parts selects what a structured type refers to.
func (c *closure) parts(t *edm.StructuredType) {
	if t.Base != nil {
		c.choose(t.Base, Reason{By: t, How: Base})
	}
	for _, p := range t.Properties {
		c.chooseWithDerived(p.Type.Type, Reason{By: t, How: Property, Name: p.Name})
	}
	for _, n := range t.Navigation {
		if c.sel.Cut.Follows(n) {
			c.chooseWithDerived(n.Type.Type, Reason{By: t, How: Navigation, Name: n.Name})
		}
	}
	for _, collection := range []bool{false, true} {
		for _, op := range c.model.BoundTo(t, collection) {
			if c.sel.Cut.Offers(op) {
				c.operation(t, op)
			}
		}
	}
}

func (c *closure) operation(t *edm.StructuredType, op *edm.Operation) {
	for i, p := range op.Parameters {
		if i > 0 || !op.Bound {
			c.chooseWithDerived(p.Type.Type, Reason{By: t, How: Parameter, Name: op.Name.Name + "." + p.Name, Operation: op})
		}
	}
	if op.Return != nil {
		c.chooseWithDerived(op.Return.Type.Type, Reason{By: t, How: Result, Name: op.Name.Name, Operation: op})
	}
}
