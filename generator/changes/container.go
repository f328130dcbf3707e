package changes

import (
	"maps"
	"slices"
	"strings"

	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// served is something in an entity container.
type served struct {
	kind        string
	typ         string // type, or operation of an import
	annotations edm.Annotations
	pos         diag.Pos
}

// container compares the entity containers.
func (f *facts) container() {
	prev, next := f.prev.served(), f.next.served()
	all := maps.Clone(prev)
	maps.Copy(all, next)
	for _, name := range keys(all) {
		was, is := prev[name], next[name]
		a := at{all[name].kind, "/" + name, all[name].pos}
		switch {
		case was == nil:
			f.note(a, Fact{What: factAdded, New: is.typ})
			f.lead(a.element, refTo(is))
		case is == nil:
			f.note(a, Fact{What: factRemoved, Old: was.typ})
			f.lead(a.element, refTo(was))
		default:
			f.differs(a, "kind", was.kind, is.kind)
			f.differs(a, "type", was.typ, is.typ)
			f.annotations(a, was.annotations, is.annotations)
			f.lead(a.element, refTo(was), refTo(is))
		}
	}
	if o, n := f.prev.Model.Container, f.next.Model.Container; o != nil && n != nil && o.Name != n.Name {
		f.note(at{"entity container", n.Name.String(), n.Pos}, Fact{"name", o.Name.String(), n.Name.String()})
	}
}

func refTo(s *served) edm.TypeRef { return edm.TypeRef{Name: edm.ParseQName(s.typ)} }

// served returns what the container of a side serves, restricted to the wanted requests.
func (s Side) served() map[string]*served {
	all := make(map[string]*served)
	c := s.Model.Container
	if c == nil {
		return all
	}
	for _, e := range c.EntitySets {
		if !s.Cut[e] && !s.Cut[e.Type] {
			all[e.Name] = &served{"entity set", nameOf(e.Type), e.Annotations, e.Pos}
		}
	}
	for _, e := range c.Singletons {
		if !s.Cut[e] && !s.Cut[e.Type] {
			all[e.Name] = &served{"singleton", nameOf(e.Type), e.Annotations, e.Pos}
		}
	}
	for _, i := range c.ActionImports {
		all[i.Name] = &served{"action import", i.Operation, i.Annotations, i.Pos}
	}
	for _, i := range c.FunctionImports {
		all[i.Name] = &served{"function import", i.Operation, i.Annotations, i.Pos}
	}
	maps.DeleteFunc(all, func(name string, _ *served) bool { return !s.leadsBy(name) })
	return all
}

// leadsBy reports whether a wanted path begins with a name.
func (s Side) leadsBy(name string) bool {
	return s.Paths == nil || slices.ContainsFunc(s.Paths, func(path string) bool {
		return strings.HasPrefix(path+"/", "/"+name+"/")
	})
}

func nameOf(t *edm.StructuredType) string {
	if t == nil {
		return ""
	}
	return t.Name.String()
}
