package edm

import "github.com/callgen/callgen/spec/diag"

// QualifyLeniently resolves the aliases in a model that is to be changed before it is
// linked: afterwards its references are qualified names, wherever they stand. It treats
// names that it cannot resolve as [Model.LinkLeniently] does, which does not repeat the
// notes.
func (m *Model) QualifyLeniently() (notes *diag.List) {
	l := &linker{m: m}
	l.scope = newScope(m, &l.faults)
	l.qualify()
	return &l.faults
}

// Rename replaces the names in all references of a qualified model to types, operations and
// containers, but not the names of these themselves. Terms keep their names.
func (m *Model) Rename(to func(QName) QName) {
	for t := range m.structured {
		if base := to(t.base); base != t.base {
			t.DeriveFrom(base)
		}
	}
	rename := func(ref *TypeRef) {
		if name := to(ref.Name); name != ref.Name {
			ref.Name = name
			ref.Text = ref.String()
		}
	}
	m.typeRefs(func(ref *TypeRef, _ place) { rename(ref) })
	for _, s := range m.Schemas {
		for _, t := range s.Terms {
			rename(&t.Type)
		}
		for _, a := range s.External {
			a.target.rename(to)
		}
	}
	for _, c := range m.containers() {
		c.rename(to)
	}
}

func (c *EntityContainer) rename(to func(QName) QName) {
	if base := to(c.extends); base != c.extends {
		c.extends, c.Extends = base, base.String()
	}
	for _, s := range c.EntitySets {
		s.typeName = to(s.typeName)
	}
	for _, s := range c.Singletons {
		s.typeName = to(s.typeName)
	}
	for _, list := range [][]*OperationImport{c.ActionImports, c.FunctionImports} {
		for _, i := range list {
			if i.Operation != "" {
				i.Operation = to(ParseQName(i.Operation)).String()
			}
		}
	}
}

func (t *target) rename(to func(QName) QName) {
	if t == nil {
		return
	}
	t.name = to(t.name)
	for i, text := range t.signature {
		ref := TypeRef{Text: text}
		ref.Name, ref.Collection = ParseQName(ref.named()), text != ref.named()
		ref.Name = to(ref.Name)
		t.signature[i] = ref.String()
	}
}

// BaseType returns the qualified name of the base type in a qualified model, zero if the
// type has none.
func (t *StructuredType) BaseType() QName { return t.base }

// DeriveFrom gives a type another base type in a model that is not linked yet; the zero name
// stands for none.
func (t *StructuredType) DeriveFrom(base QName) {
	t.BaseName, t.base, t.baseless = base.String(), base, false
}

// Extend makes a container part of another in a model that is not linked yet; the zero name
// stands for none.
func (c *EntityContainer) Extend(base QName) { c.Extends, c.extends = base.String(), base }

// ExtendedName returns the qualified name of the container that c extends, zero if it
// extends none.
func (c *EntityContainer) ExtendedName() QName { return c.extends }
