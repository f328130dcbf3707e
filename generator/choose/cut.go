package choose

import (
	"strings"

	"github.com/callgen/callgen/spec/edm"
)

// Cut is the set of model elements left out of a description: types, navigation properties,
// operations, entity sets and singletons. The nil Cut leaves out nothing.
type Cut map[any]bool

// Keeps reports whether a property has a field in its struct.
func (c Cut) Keeps(p *edm.Property) bool { return !c[p.Type.Type] }

// Follows reports whether a navigation property is followed.
func (c Cut) Follows(n *edm.NavigationProperty) bool { return !c[n] && !c[n.Type.Type] }

// Offers reports whether an operation can be called, because it, its parameters and result are
// available.
func (c Cut) Offers(op *edm.Operation) bool {
	if c[op] {
		return false
	}
	for _, p := range op.Parameters {
		if c[p.Type.Type] {
			return false
		}
	}
	return op.Return == nil || !c[op.Return.Type.Type]
}

// exclude cuts what a pattern matches: types, or the navigation properties, operations, entity sets
// and singletons at the ends of paths. A pattern behind "!" takes back what earlier ones cut.
func (c *closure) exclude(item string) {
	pattern, kept := strings.CutPrefix(item, "!")
	set := func(element any) {
		if c.sel.Cut[element] = true; kept {
			delete(c.sel.Cut, element)
		}
	}
	if !strings.HasPrefix(pattern, "/") {
		types, problem := c.types(pattern, nil)
		if problem != "" {
			c.finding("exclude", item, "%s", problem)
		}
		for _, t := range types {
			set(t)
		}
		return
	}
	if i := c.imported(pattern); i != nil {
		set(i)
		return
	}
	ends, problem := c.ends(pattern, nil)
	if problem != "" {
		c.finding("exclude", item, "%s", problem)
	}
	for _, e := range ends {
		set(e.element)
	}
}

// required reports cuts that a selected type cannot do without.
func (c *closure) required(t edm.Type) {
	s, ok := t.(*edm.StructuredType)
	if !ok {
		return
	}
	if s.Base != nil && c.sel.Cut[s.Base] {
		c.findings.Add(s.Pos, s.Name.String(), "its base type %s is excluded: exclude this type, too, or keep that one", s.Base.Name)
	}
	for _, ref := range s.Key {
		if missing := c.sel.Cut.along(s, strings.Split(ref.Name, "/")); missing != "" {
			c.findings.Add(s.Pos, s.Name.String(), "its key %s needs %s, which is excluded: exclude this type, too, or keep it", ref.Name, missing)
		}
	}
}

// along follows a path of properties and names the part of it that is cut, or "".
func (c Cut) along(t *edm.StructuredType, steps []string) string {
	for _, step := range steps {
		var next edm.Type
		if p := t.Property(step); p != nil {
			next = p.Type.Type
		} else if n := t.NavigationProperty(step); n != nil {
			if c[n] {
				return "navigation property " + step
			}
			next = n.Type.Type
		}
		if c[next] {
			return next.TypeName().String()
		}
		s, ok := next.(*edm.StructuredType)
		if !ok {
			return ""
		}
		t = s
	}
	return ""
}

// keeps reports whether a type is selected along with its base type. The nearest base type
// with a list of types to keep decides.
func (c *closure) keeps(t *edm.StructuredType) bool {
	for b := t.Base; b != nil; b = b.Base {
		list, ok := c.wanted.Hierarchies[b.Name.String()]
		if !ok {
			continue
		}
		for _, name := range list {
			if kept := c.model.Structured(name); kept != nil && (derives(t, kept) || derives(kept, t)) {
				return true
			}
		}
		return false
	}
	return true
}

// derives reports whether t is base or derived from it.
func derives(t, base *edm.StructuredType) bool {
	for ; t != nil; t = t.Base {
		if t == base {
			return true
		}
	}
	return false
}

// checkHierarchies reports invalid hierarchies.
func (c *closure) checkHierarchies() {
	for name, list := range c.wanted.Hierarchies {
		base := c.model.Structured(name)
		if base == nil {
			c.finding("hierarchies", name, "the description has no entity or complex type of this name: remove the hierarchy or correct it")
			continue
		}
		if c.sel.Cut[base] {
			c.finding("hierarchies", name, "the type is excluded: remove the hierarchy or the exclusion")
		}
		for _, item := range list {
			kept := c.model.Structured(item)
			switch {
			case kept == nil || kept == base || !derives(kept, base):
				c.finding("hierarchies", name, "%s is not a type derived from it: remove it or correct it", edm.Shown(item))
			case c.sel.Cut[kept]:
				c.finding("hierarchies", name, "%s is both kept here and excluded: remove one", item)
			}
		}
	}
}
