package plan

import (
	"maps"
	"slices"

	"github.com/callgen/callgen/spec/edm"
)

// This file decides by which aliases documents can name types: OData's JSON format lets the
// name in an @odata.type have the alias of a schema in the place of its namespace.

// aliasesOf returns the aliases of namespaces that have types, each followed by its namespace.
// Microsoft Graph uses none. The document that describes the service declares those that its
// payloads use; what only other documents declare, and differently, stands for nothing.
func (p *planner) aliasesOf() []string {
	if p.dialect.graph {
		return nil
	}
	main := p.mainFile()
	namespaces := p.declaredAliases(func(file string) bool { return file != main })
	maps.Copy(namespaces, p.declaredAliases(func(file string) bool { return file == main }))
	var list []string
	for _, alias := range slices.Sorted(maps.Keys(namespaces)) {
		if namespaces[alias] != "" {
			list = append(list, alias, namespaces[alias])
		}
	}
	return list
}

// declaredAliases returns namespaces by alias: those of schemas, and those that documents give
// to included schemas. An alias that two documents use differently stands for "".
func (p *planner) declaredAliases(of func(file string) bool) map[string]string {
	typed, declared := p.typedNamespaces(), make(map[string]string)
	declare := func(file, alias, namespace string) {
		_, isNamespace := typed[alias]
		if alias == "" || isNamespace || !typed[namespace] || !of(file) {
			return
		}
		if other, ok := declared[alias]; ok && other != namespace {
			namespace = ""
		}
		declared[alias] = namespace
	}
	for _, s := range p.in.Model.Schemas {
		declare(s.Pos.File, s.Alias, s.Namespace)
	}
	for _, r := range p.in.Model.References {
		for _, i := range r.Includes {
			declare(i.Pos.File, i.Alias, i.Namespace)
		}
	}
	return declared
}

// typedNamespaces returns the namespaces of the description, and whether they have types that
// are selected.
func (p *planner) typedNamespaces() map[string]bool {
	typed := make(map[string]bool)
	for _, s := range p.in.Model.Schemas {
		typed[s.Namespace] = typed[s.Namespace] || slices.ContainsFunc(s.Types, func(t edm.Type) bool { return p.in.Has(t) })
	}
	return typed
}

// mainFile returns the document that describes the service: that of its container, or the
// first one.
func (p *planner) mainFile() string {
	switch m := p.in.Model; {
	case m.Container != nil:
		return m.Container.Pos.File
	case len(m.Schemas) > 0:
		return m.Schemas[0].Pos.File
	}
	return ""
}
