package edm

import (
	"slices"

	"github.com/callgen/callgen/spec/diag"
)

// containers returns all entity containers that were read.
func (m *Model) containers() []*EntityContainer {
	if m.Container == nil {
		return m.More
	}
	return append([]*EntityContainer{m.Container}, m.More...)
}

// container resolves the names in the entity container.
func (l *linker) container() {
	l.oneContainer()
	c := l.m.Container
	l.m.contained, l.m.served = make(map[string]*Annotations), make(map[QName]bool)
	if c == nil {
		return
	}
	c.EntitySets = slices.DeleteFunc(c.EntitySets, func(s *EntitySet) bool {
		s.Type = l.entityType(s.typeName, s.TypeName, "entity set", place{s.Pos, c.Name, s.Name})
		return s.Type == nil
	})
	c.Singletons = slices.DeleteFunc(c.Singletons, func(s *Singleton) bool {
		s.Type = l.entityType(s.typeName, s.TypeName, "singleton", place{s.Pos, c.Name, s.Name})
		return s.Type == nil
	})
	c.ActionImports = slices.DeleteFunc(c.ActionImports, func(i *OperationImport) bool {
		return !l.imports(i, "action", place{i.Pos, c.Name, i.Name})
	})
	c.FunctionImports = slices.DeleteFunc(c.FunctionImports, func(i *OperationImport) bool {
		return !l.imports(i, "function", place{i.Pos, c.Name, i.Name})
	})
	l.containerNames(c)
	c.annotated(func(list *Annotations, at place) { l.m.contained[at.part] = list })
	l.m.served[c.Name] = true
	for _, name := range c.parts {
		l.m.served[name] = true
	}
}

// oneContainer merges all containers into one. Those that it extends are part of it in
// CSDL; a service has only one, so any others are added, too.
func (l *linker) oneContainer() {
	all := l.m.containers()
	byName := make(map[QName]*EntityContainer, len(all))
	for _, c := range all {
		byName[c.Name] = c
	}
	extended := make(map[*EntityContainer]bool)
	for _, c := range all {
		if c.extends.IsZero() || c.extends == c.Name {
			continue
		}
		if base := byName[c.extends]; base != nil {
			extended[base] = true
		} else if l.m.schemas[c.extends.Namespace] != nil && !slices.Contains(c.parts, c.extends) {
			l.undefined(c.extends, c.Extends, "entity container", passedOver, place{c.Pos, c.Name, ""})
			c.Extends, c.extends = "", QName{}
		}
	}
	main := slices.IndexFunc(all, func(c *EntityContainer) bool { return !c.Referenced && !extended[c] })
	if main < 0 {
		main = slices.IndexFunc(all, func(c *EntityContainer) bool { return !c.Referenced })
	}
	l.m.Container, l.m.More = nil, nil
	if main < 0 {
		return
	}
	c := all[main]
	l.m.Container = c
	added := map[*EntityContainer]bool{c: true}
	for base := byName[c.extends]; base != nil && !added[base]; base = byName[base.extends] {
		c.add(base)
		added[base] = true
	}
	for _, other := range all {
		if !added[other] && !other.Referenced {
			l.fault(place{other.Pos, other.Name, ""}, "a description has one, and "+c.Name.String()+" is at "+c.Pos.String(),
				"what it holds is read as part of "+c.Name.String(), "second <EntityContainer>")
			c.add(other)
		}
	}
}

// add merges another container into c. The names of c take precedence.
func (c *EntityContainer) add(other *EntityContainer) {
	has := make(map[string]bool)
	c.annotated(func(_ *Annotations, at place) { has[at.part] = true })
	for _, s := range other.EntitySets {
		if !has[s.Name] {
			c.EntitySets = append(c.EntitySets, s)
		}
	}
	for _, s := range other.Singletons {
		if !has[s.Name] {
			c.Singletons = append(c.Singletons, s)
		}
	}
	for _, i := range other.ActionImports {
		if !has[i.Name] {
			c.ActionImports = append(c.ActionImports, i)
		}
	}
	for _, i := range other.FunctionImports {
		if !has[i.Name] {
			c.FunctionImports = append(c.FunctionImports, i)
		}
	}
	c.Annotations = append(c.Annotations, other.Annotations...)
	c.parts = append(append(c.parts, other.Name), other.parts...)
}

// unserved says what happens to an unusable entity set or singleton.
const unserved = "it is left out, and no request leads to it"

func (l *linker) entityType(q QName, written, what string, at place) *StructuredType {
	if q.IsZero() {
		return nil // reported before
	}
	t := l.m.Type(q)
	if t == nil {
		l.undefined(q, written, "type", unserved, at)
		return nil
	}
	s, ok := t.(*StructuredType)
	if !ok || s.Kind != Entity {
		l.fault(at, "name one", unserved, "%s of %s, which is not an entity type", what, q)
		return nil
	}
	return s
}

// imports reports whether the operation named by an action or function import exists.
func (l *linker) imports(i *OperationImport, what string, at place) bool {
	if i.Operation == "" {
		return false // reported before
	}
	name := ParseQName(i.Operation)
	for _, o := range l.m.operations[name] {
		if o.Function == i.Function && !o.Bound {
			return true
		}
	}
	l.undefined(name, i.Written, "unbound "+what, noRequest, at)
	return false
}

// containerNames removes elements with the name of an earlier one.
func (l *linker) containerNames(c *EntityContainer) {
	names := make(declared)
	repeats := func(what, name string, pos diag.Pos) bool {
		first, ok := names.repeats(name, pos)
		if ok {
			l.fault(place{pos, c.Name, name}, "rename or remove one", firstHolds, "duplicate %s: the name is first declared at %v", what, first)
		}
		return ok
	}
	c.EntitySets = slices.DeleteFunc(c.EntitySets, func(s *EntitySet) bool { return repeats("entity set", s.Name, s.Pos) })
	c.Singletons = slices.DeleteFunc(c.Singletons, func(s *Singleton) bool { return repeats("singleton", s.Name, s.Pos) })
	c.ActionImports = slices.DeleteFunc(c.ActionImports, func(i *OperationImport) bool { return repeats("action import", i.Name, i.Pos) })
	c.FunctionImports = slices.DeleteFunc(c.FunctionImports, func(i *OperationImport) bool { return repeats("function import", i.Name, i.Pos) })
}
