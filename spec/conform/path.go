package conform

import (
	"net/url"
	"slices"
	"strings"

	"github.com/callgen/callgen/spec/edm"
)

// resolve follows a path from the container.
func resolve(m *edm.Model, path string) (*Target, error) {
	t := new(Target)
	before := ""
	for i, escaped := range strings.Split(strings.Trim(path, "/"), "/") {
		segment, err := url.PathUnescape(escaped)
		if err != nil {
			return nil, failure(NotFound, path+": "+err.Error())
		}
		ok := false
		if i == 0 {
			ok = t.begin(m, segment)
		} else {
			ok = t.Suffix == "" && t.step(m, segment, i)
		}
		if !ok {
			return nil, failure(NotFound, path+": the description has nothing at "+before+"/"+segment)
		}
		before = t.Template
	}
	return t, nil
}

// begin goes to an element of the container.
func (t *Target) begin(m *edm.Model, name string) bool {
	if m.Container == nil {
		return false
	}
	for _, s := range m.Container.EntitySets {
		if s.Name == name {
			t.Template = "/" + name
			t.Type, t.Collection = s.Type, true
			return true
		}
	}
	for _, s := range m.Container.Singletons {
		if s.Name == name {
			t.Template = "/" + name
			t.Type, t.singleton = s.Type, true
			return true
		}
	}
	return false
}

// step follows the segment with an index.
func (t *Target) step(m *edm.Model, segment string, index int) bool {
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
	case t.alternate(segment, index):
	default:
		return false
	}
	return true
}

// leadsOn reports whether a path can continue from a structural property.
func (t *Target) leadsOn() bool {
	_, structured := t.Property.Type.Type.(*edm.StructuredType)
	return structured && !t.Property.Type.Collection
}

func (t *Target) suffix(segment string) bool {
	known := segment == "$ref" || segment == "$count" && t.Collection || segment == "$value" && !t.Collection
	if known {
		t.Suffix = segment
	}
	return known
}

func (t *Target) cast(m *edm.Model, segment string) bool {
	to := m.Structured(segment)
	if to == nil || to != t.Type && !slices.Contains(t.Type.Descendants(), to) {
		return false
	}
	t.Type, t.Property = to, nil
	return true
}

// operation goes to a bound action or function. Like Graph, it accepts the name without its
// namespace, too.
func (t *Target) operation(m *edm.Model, segment string) bool {
	name, _, call := strings.Cut(segment, "(")
	t.overloads = nil
	for at := t.Type; at != nil; at = at.Base {
		for _, op := range m.BoundTo(at, t.Collection) {
			if (op.Name.Name == name || op.Name.String() == name) && (op.Function || !call) {
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
		t.Type, _ = result.Type.Type.(*edm.StructuredType)
		t.Collection = result.Type.Collection
	}
	return true
}

func (t *Target) navigation(name string) bool {
	n := t.Type.NavigationProperty(name)
	if n == nil {
		return false
	}
	to, ok := n.Type.Type.(*edm.StructuredType)
	t.Type, t.Collection, t.singleton, t.Property, t.Operation = to, n.Type.Collection, false, nil, nil
	return ok
}

func (t *Target) property(name string) bool {
	p := t.Type.Property(name)
	if p == nil {
		return false
	}
	t.Property, t.Operation = p, nil
	if s, ok := p.Type.Type.(*edm.StructuredType); ok {
		t.Type, t.Collection = s, false
	}
	return true
}
