package edm

import (
	"strings"

	"github.com/callgen/callgen/spec/diag"
)

// validate reports what resolves but contradicts itself.
func (l *linker) validate() {
	for t := range l.m.structuredTypes {
		l.members(t)
		l.keys(t)
	}
	for _, s := range l.m.Schemas {
		for _, t := range s.Types {
			if e, ok := t.(*EnumType); ok {
				l.enumMembers(e)
			}
		}
	}
	l.overloads()
	l.containerNames()
}

// members reports properties that a type or its bases declare twice.
func (l *linker) members(t *StructuredType) {
	seen := make(map[string]diag.Pos)
	for b := t.Base; b != nil; b = b.Base {
		for name, pos := range b.ownMembers {
			seen[name] = pos
		}
	}
	for name, pos := range t.ownMembers {
		first, ok := seen[name]
		if !ok {
			seen[name] = pos
			continue
		}
		l.findings.Add(pos, t.Name.String()+"/"+name, "the property is declared twice, first at %v", first)
	}
}

// ownMembers iterates over the properties that a type itself declares.
func (t *StructuredType) ownMembers(yield func(string, diag.Pos) bool) {
	for _, p := range t.Properties {
		if !yield(p.Name, p.Pos) {
			return
		}
	}
	for _, n := range t.Navigation {
		if !yield(n.Name, n.Pos) {
			return
		}
	}
}

func (l *linker) keys(t *StructuredType) {
	for _, k := range t.Key {
		if strings.ContainsRune(k.Name, '/') {
			continue // a path into a complex property
		}
		found := false
		for b := t; b != nil; b = b.Base {
			for _, p := range b.Properties {
				found = found || p.Name == k.Name
			}
		}
		if !found {
			l.findings.Add(k.Pos, t.Name.String(), "its key %s is not one of its properties", k.Name)
		}
	}
}

func (l *linker) enumMembers(t *EnumType) {
	seen := make(map[string]diag.Pos)
	for _, m := range t.Members {
		if first, ok := seen[m.Name]; ok {
			l.findings.Add(m.Pos, t.Name.String()+"/"+m.Name, "the member is declared twice, first at %v", first)
		}
		seen[m.Name] = m.Pos
	}
}

// overloads reports operations that cannot be told apart: actions with one binding
// type, functions with one binding type and one set of parameters.
func (l *linker) overloads() {
	seen := make(map[string]*Operation)
	for o := range l.m.Operations() {
		if o.Bound && len(o.Parameters) == 0 {
			l.findings.Add(o.Pos, o.Name.String(), "a bound operation needs a binding parameter, which comes first")
			continue
		}
		key := o.Name.String() + "(" + strings.Join(o.signature(), ",") + ")"
		if o.Function {
			for _, p := range o.Parameters {
				key += " " + p.Name
			}
		}
		if first, ok := seen[key]; ok {
			l.findings.Add(o.Pos, o.Name.String(), "the operation is declared twice for one binding type, first at %v", first.Pos)
		}
		seen[key] = o
	}
}

func (l *linker) containerNames() {
	c := l.m.Container
	if c == nil {
		return
	}
	seen := make(map[string]diag.Pos)
	check := func(name string, pos diag.Pos) {
		if first, ok := seen[name]; ok {
			l.findings.Add(pos, c.Name.String()+"/"+name, "the container declares the name twice, first at %v", first)
		}
		seen[name] = pos
	}
	for _, s := range c.EntitySets {
		check(s.Name, s.Pos)
	}
	for _, s := range c.Singletons {
		check(s.Name, s.Pos)
	}
	for _, i := range c.ActionImports {
		check(i.Name, i.Pos)
	}
	for _, i := range c.FunctionImports {
		check(i.Name, i.Pos)
	}
}
