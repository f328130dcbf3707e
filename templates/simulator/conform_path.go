package simulator

import (
	"net/url"
	"strings"
)

// resolve follows a path from the container.
func resolve(m *description, path string) (*target, error) {
	t := new(target)
	before := ""
	for i, escaped := range strings.Split(strings.Trim(path, "/"), "/") {
		segment, err := url.PathUnescape(escaped)
		if err != nil {
			return nil, failure(noSuchPath, path+": "+err.Error())
		}
		ok := false
		if i == 0 {
			ok = t.begin(m, segment)
		} else {
			ok = t.Suffix == "" && t.step(m, segment, i)
		}
		if !ok {
			return nil, failure(noSuchPath, path+": the description has nothing at "+before+"/"+segment)
		}
		before = t.Template
	}
	return t, nil
}

// begin goes to an element of the container.
func (t *target) begin(m *description, name string) bool {
	if of, ok := m.sets[name]; ok {
		t.Template, t.Type, t.Collection = "/"+name, of, true
		return true
	}
	if of, ok := m.singletons[name]; ok {
		t.Template, t.Type, t.singleton = "/"+name, of, true
		return true
	}
	return false
}

// step goes on by the segment with an index.
func (t *target) step(m *description, segment string, index int) bool {
	if t.Type == nil || t.Property != nil && !t.leadsOn() {
		return false
	}
	switch {
	case t.suffix(segment), t.cast(m, segment), t.operation(m, segment):
		t.Template += "/" + segment
	case t.Collection:
		t.Collection, t.singleton = false, false
		t.Keys = append(t.Keys, segment)
		t.Template += "/{id}"
	case t.navigation(segment), t.property(segment):
		t.Template += "/" + segment
	case t.byAlternate(segment, index):
	default:
		return false
	}
	return true
}

// leadsOn reports whether there is something behind a structural property.
func (t *target) leadsOn() bool {
	_, structured := t.Property.Type.Type.(*structuredType)
	return structured && !t.Property.Type.Collection
}

func (t *target) suffix(segment string) bool {
	known := segment == "$ref" || segment == "$count" && t.Collection || segment == "$value" && !t.Collection
	if known {
		t.Suffix = segment
	}
	return known
}

func (t *target) cast(m *description, segment string) bool {
	to := m.Structured(segment)
	if to == nil || !to.isDerivedFrom(t.Type) {
		return false
	}
	t.Type, t.Property = to, nil
	return true
}

// operation goes to a bound action or function, whose name Graph takes without its
// namespace, too.
func (t *target) operation(m *description, segment string) bool {
	name, _, call := strings.Cut(segment, "(")
	t.overloads = nil
	for at := t.Type; at != nil; at = at.Base {
		for _, op := range m.BoundTo(at, t.Collection) {
			if (op.short() == name || op.Name == name) && (op.Function || !call) {
				t.overloads = append(t.overloads, op)
			}
		}
	}
	if len(t.overloads) == 0 {
		return false
	}
	t.Operation = t.overloads[0]
	t.Type, t.Collection, t.Property = nil, false, nil
	if result := t.Operation.Return; result != nil {
		t.Type, _ = result.Type.(*structuredType)
		t.Collection = result.Collection
	}
	return true
}

func (t *target) navigation(name string) bool {
	n := t.Type.NavigationProperty(name)
	if n == nil {
		return false
	}
	to, ok := n.Type.Type.(*structuredType)
	t.Type, t.Collection, t.singleton, t.Property, t.Operation = to, n.Type.Collection, false, nil, nil
	return ok
}

func (t *target) property(name string) bool {
	p := t.Type.Property(name)
	if p == nil {
		return false
	}
	t.Property, t.Operation = p, nil
	if s, ok := p.Type.Type.(*structuredType); ok {
		t.Type, t.Collection = s, false
	}
	return true
}
