package choose

import (
	"path"
	"strings"

	"github.com/callgen/callgen/spec/edm"
)

// types returns the types that a name, possibly with wildcards, matches, less those that
// are cut; or a description of the problem.
func (c *closure) types(pattern string, cut Cut) (found []edm.Type, problem string) {
	if !strings.Contains(pattern, ".") {
		return nil, "a root is a path such as /communications/calls or a qualified type name such as microsoft.graph.call"
	}
	if !strings.Contains(pattern, "*") {
		t := c.model.Type(edm.ParseQName(pattern))
		switch {
		case t == nil:
			return nil, "the description has no type of this name: remove it or correct it"
		case cut[t]:
			return nil, "it is excluded, too: remove one"
		}
		return []edm.Type{t}, ""
	}
	matched := false
	for _, schema := range c.model.Schemas {
		for _, t := range schema.Types {
			if !matches(dotted(pattern), dotted(t.TypeName().String())) {
				continue
			}
			matched = true
			if !cut[t] {
				found = append(found, t)
			}
		}
	}
	switch {
	case !matched:
		return nil, "the description has no type that matches: remove it or correct it"
	case len(found) == 0:
		return nil, "all types that match are excluded, too: remove it"
	}
	return found, ""
}

// dotted replaces the dots of a qualified name, so that * stops at them.
func dotted(name string) string { return strings.ReplaceAll(name, ".", "/") }

func matches(pattern, name string) bool {
	ok, err := path.Match(pattern, name)
	return ok && err == nil
}

// end is the end of a path.
type end struct {
	path    string
	element any                 // the entity set, singleton, navigation property, operation or, within a path, property
	to      *edm.StructuredType // nil for an operation

	collection bool // of to; only walks know
}

// ends returns the ends of the paths that match a path, possibly with wildcards, without
// what is cut; or a description of the problem.
func (c *closure) ends(pattern string, cut Cut) ([]end, string) {
	if !strings.Contains(pattern, "*") {
		e, problem := c.follow(pattern, cut)
		if problem == "" {
			return []end{e}, ""
		}
		return c.operations(pattern, cut, problem)
	}
	w := walk{model: c.model, steps: strings.Split(strings.Trim(pattern, "/"), "/"), cut: cut}
	w.all()
	if len(w.ends) > 0 {
		return w.ends, ""
	}
	if len(cut) > 0 {
		if _, problem := c.ends(pattern, nil); problem == "" {
			return nil, "all paths that match are excluded, too: remove it"
		}
	}
	return nil, "no path of the description matches: correct it; use * for keys as well"
}

// follow follows a path without wildcards.
func (c *closure) follow(written string, cut Cut) (end, string) {
	steps := strings.Split(strings.Trim(written, "/"), "/")
	at := end{path: written}
	for _, e := range containerElements(c.model) {
		if e.name == steps[0] {
			at.element, at.to = e.element, e.to
		}
	}
	if at.to == nil {
		return end{}, "the description has no entity set or singleton " + steps[0]
	}
	for i, step := range steps {
		if i > 0 && !strings.HasPrefix(step, "{") { // it is a key
			next, problem := at.behind(step)
			if problem != "" {
				return end{}, problem
			}
			at.element, at.to = next.element, next.to
		}
		switch {
		case cut[at.element]:
			return end{}, step + " is excluded, too: remove the root or the exclusion"
		case cut[at.to]:
			return end{}, at.to.Name.String() + ", which " + step + " leads to, is excluded: remove the root or the exclusion"
		}
	}
	if p, ok := at.element.(*edm.Property); ok {
		return end{}, p.Name + " is not a navigation property but a property of type " + at.to.Name.String() + ": name that type, or continue with a navigation property"
	}
	return at, ""
}

// behind returns the end one step further: a navigation property, or a property of a
// complex type, which may have navigation properties itself.
func (e end) behind(step string) (end, string) {
	if n := e.to.NavigationProperty(step); n != nil {
		if to, ok := n.Type.Type.(*edm.StructuredType); ok {
			return end{element: n, to: to}, ""
		}
		return end{}, step + " leads to no entity type"
	}
	if p := e.to.Property(step); p != nil {
		if to, ok := p.Type.Type.(*edm.StructuredType); ok && !p.Type.Collection {
			return end{element: p, to: to}, ""
		}
	}
	return end{}, e.to.Name.String() + " has no navigation property, action or function " + step
}

// containerElement is an entity set or a singleton.
type containerElement struct {
	name       string
	element    any
	to         *edm.StructuredType
	collection bool
}

func containerElements(m *edm.Model) []containerElement {
	if m.Container == nil {
		return nil
	}
	var list []containerElement
	for _, s := range m.Container.Singletons {
		list = append(list, containerElement{s.Name, s, s.Type, false})
	}
	for _, s := range m.Container.EntitySets {
		list = append(list, containerElement{s.Name, s, s.Type, true})
	}
	return list
}
