package overlay

import (
	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// container adds to the entity container of the description.
func (a *applier) container(c *edm.EntityContainer) {
	old := a.model.Container
	if old == nil || old.Name != c.Name {
		a.findings.Add(c.Pos, c.Name.String(), "the description has no entity container of this name: correct it")
		return
	}
	names := containerNames(old)
	reason := c.Annotations.Get(edm.TermReason)
	adds := func(name string, pos diag.Pos, own *edm.Annotations) bool {
		if names[name] {
			a.notNeeded(pos, c.Name.String()+"/"+name)
			return false
		}
		return a.reasoned(pos, c.Name.String()+"/"+name, own, reason)
	}
	for _, s := range c.EntitySets {
		if adds(s.Name, s.Pos, &s.Annotations) {
			old.EntitySets = append(old.EntitySets, s)
		}
	}
	for _, s := range c.Singletons {
		if adds(s.Name, s.Pos, &s.Annotations) {
			old.Singletons = append(old.Singletons, s)
		}
	}
	for _, i := range c.ActionImports {
		if adds(i.Name, i.Pos, &i.Annotations) {
			old.ActionImports = append(old.ActionImports, i)
		}
	}
	for _, i := range c.FunctionImports {
		if adds(i.Name, i.Pos, &i.Annotations) {
			old.FunctionImports = append(old.FunctionImports, i)
		}
	}
	a.inline(&old.Annotations, c.Annotations, c.Name.String())
}

func containerNames(c *edm.EntityContainer) map[string]bool {
	names := make(map[string]bool)
	for _, s := range c.EntitySets {
		names[s.Name] = true
	}
	for _, s := range c.Singletons {
		names[s.Name] = true
	}
	for _, i := range c.ActionImports {
		names[i.Name] = true
	}
	for _, i := range c.FunctionImports {
		names[i.Name] = true
	}
	return names
}
