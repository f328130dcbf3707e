package compare

import (
	"slices"
	"strings"

	"github.com/callgen/callgen/spec/edm"
)

// declares reports whether a model has an element that an override can name.
func declares(model *edm.Model, element string) bool {
	owner, member, isMember := strings.Cut(element, "/")
	if c := model.Container; owner == "" || c != nil && owner == c.Name.String() {
		return c != nil && serves(c, member)
	}
	owner, _, _ = strings.Cut(owner, "(") // the parameters that tell an overload from others
	name := edm.ParseQName(owner)
	if t := model.Type(name); t != nil {
		return !isMember || hasMember(t, member)
	}
	return slices.ContainsFunc(model.Overloads(name), func(o *edm.Operation) bool {
		return !isMember || slices.ContainsFunc(o.Parameters, func(p *edm.Parameter) bool { return p.Name == member })
	})
}

// serves reports whether a container has something of a name.
func serves(c *edm.EntityContainer, name string) bool {
	isImport := func(i *edm.OperationImport) bool { return i.Name == name }
	return slices.ContainsFunc(c.EntitySets, func(s *edm.EntitySet) bool { return s.Name == name }) ||
		slices.ContainsFunc(c.Singletons, func(s *edm.Singleton) bool { return s.Name == name }) ||
		slices.ContainsFunc(c.ActionImports, isImport) || slices.ContainsFunc(c.FunctionImports, isImport)
}

func hasMember(t edm.Type, name string) bool {
	switch t := t.(type) {
	case *edm.EnumType:
		return slices.ContainsFunc(t.Members, func(m *edm.Member) bool { return m.Name == name })
	case *edm.StructuredType:
		return slices.ContainsFunc(t.Properties, func(p *edm.Property) bool { return p.Name == name }) ||
			slices.ContainsFunc(t.Navigation, func(n *edm.NavigationProperty) bool { return n.Name == name })
	}
	return false
}
