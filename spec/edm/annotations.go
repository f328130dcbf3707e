package edm

import "strings"

const core = "Org.OData.Core.V1."

// Get returns the annotation with a term's qualified name and no qualifier, nil if
// there is none. The last one wins, so that what is added later replaces.
func (a Annotations) Get(term string) *Annotation {
	for i := len(a) - 1; i >= 0; i-- {
		if a[i].Term == term && a[i].Qualifier == "" {
			return a[i]
		}
	}
	return nil
}

func (a Annotations) text(term string) string {
	if found := a.Get(term); found != nil && found.Value != nil {
		return found.Value.Value
	}
	return ""
}

// Bool reports whether a term of type Core.Tag or Edm.Boolean applies: a tag that
// states no value is true.
func (a Annotations) Bool(term string) bool {
	found := a.Get(term)
	return found != nil && (found.Value == nil || found.Value.Value == "true")
}

// Description returns the text of Core.Description, "" if there is none.
func (a Annotations) Description() string { return a.text(core + "Description") }

// LongDescription returns the text of Core.LongDescription, "" if there is none.
func (a Annotations) LongDescription() string { return a.text(core + "LongDescription") }

// Revision is an entry of Core.Revisions.
type Revision struct {
	Kind        string // Added, Modified or Deprecated
	Version     string
	Description string
	Date        string
	RemovalDate string
}

// Revisions returns the entries of Core.Revisions.
func (a Annotations) Revisions() []Revision {
	found := a.Get(core + "Revisions")
	if found == nil || found.Value == nil {
		return nil
	}
	var list []Revision
	for _, item := range found.Value.Items {
		kind := item.Member("Kind")
		list = append(list, Revision{
			Kind: kind[strings.LastIndexByte(kind, '/')+1:], Version: item.Member("Version"),
			Description: item.Member("Description"), Date: item.Member("Date"), RemovalDate: item.Member("RemovalDate"),
		})
	}
	return list
}

// Member returns the text of a property of a Record, "" if it has none.
func (e *Expression) Member(name string) string {
	if v := e.Property(name); v != nil {
		return v.Value
	}
	return ""
}

// Property returns the value of a property of a Record, nil if it has none.
func (e *Expression) Property(name string) *Expression {
	for _, p := range e.Properties {
		if p.Property == name {
			return p.Value
		}
	}
	return nil
}

// eachAnnotations calls f for the annotations of every element of the model.
func (m *Model) eachAnnotations(f func(*Annotations)) {
	for _, r := range m.References {
		f(&r.Annotations)
	}
	for _, s := range m.Schemas {
		f(&s.Annotations)
		for _, t := range s.Types {
			eachOfType(t, f)
		}
		for _, t := range s.Terms {
			f(&t.Annotations)
		}
	}
	for o := range m.Operations() {
		f(&o.Annotations)
		for _, p := range o.Parameters {
			f(&p.Annotations)
		}
		if o.Return != nil {
			f(&o.Return.Annotations)
		}
	}
	if m.Container != nil {
		m.Container.eachAnnotations(f)
	}
}

func eachOfType(t Type, f func(*Annotations)) {
	switch t := t.(type) {
	case *StructuredType:
		f(&t.Annotations)
		for _, p := range t.Properties {
			f(&p.Annotations)
		}
		for _, n := range t.Navigation {
			f(&n.Annotations)
		}
	case *EnumType:
		f(&t.Annotations)
		for _, m := range t.Members {
			f(&m.Annotations)
		}
	case *TypeDefinition:
		f(&t.Annotations)
	}
}

func (c *EntityContainer) eachAnnotations(f func(*Annotations)) {
	f(&c.Annotations)
	for _, s := range c.EntitySets {
		f(&s.Annotations)
	}
	for _, s := range c.Singletons {
		f(&s.Annotations)
	}
	for _, list := range [][]*OperationImport{c.ActionImports, c.FunctionImports} {
		for _, i := range list {
			f(&i.Annotations)
		}
	}
}
