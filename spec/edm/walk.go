package edm

// typeRefs calls visit for every type reference, except in terms, with its place.
func (m *Model) typeRefs(visit func(ref *TypeRef, at place)) {
	for _, s := range m.Schemas {
		for _, t := range s.Types {
			switch t := t.(type) {
			case *StructuredType:
				for _, p := range t.Properties {
					visit(&p.Type, place{p.Pos, t.Name, p.Name})
				}
				for _, n := range t.Navigation {
					visit(&n.Type, place{n.Pos, t.Name, n.Name})
				}
			case *TypeDefinition:
				visit(&t.Underlying, place{t.Pos, t.Name, ""})
			}
		}
	}
	for o := range m.Operations() {
		for _, p := range o.Parameters {
			visit(&p.Type, place{p.Pos, o.Name, p.Name})
		}
		if o.Return != nil {
			visit(&o.Return.Type, place{o.Return.Pos, o.Name, ""})
		}
	}
}

// annotated calls visit for the annotations of every element, except on annotations and
// expressions, with the name of the element in findings.
func (m *Model) annotated(visit func(list *Annotations, at place)) {
	for _, ref := range m.References {
		visit(&ref.Annotations, place{})
		for _, inc := range ref.Includes {
			visit(&inc.Annotations, place{})
		}
	}
	for _, s := range m.Schemas {
		visit(&s.Annotations, place{owner: QName{Name: s.Namespace}})
		for _, t := range s.Types {
			annotatedType(t, visit)
		}
		for _, t := range s.Terms {
			visit(&t.Annotations, place{owner: t.Name})
		}
	}
	for o := range m.Operations() {
		visit(&o.Annotations, place{owner: o.Name})
		for _, p := range o.Parameters {
			visit(&p.Annotations, place{owner: o.Name, part: p.Name})
		}
		if o.Return != nil {
			visit(&o.Return.Annotations, place{owner: o.Name})
		}
	}
	if m.Container != nil {
		m.Container.annotated(visit)
	}
}

func annotatedType(t Type, visit func(list *Annotations, at place)) {
	at := place{owner: t.TypeName()}
	switch t := t.(type) {
	case *StructuredType:
		visit(&t.Annotations, at)
		for _, p := range t.Properties {
			visit(&p.Annotations, place{owner: t.Name, part: p.Name})
		}
		for _, n := range t.Navigation {
			visit(&n.Annotations, place{owner: t.Name, part: n.Name})
			visit(&n.OnDeleteAnnotations, place{owner: t.Name, part: n.Name})
			for i := range n.Constraints {
				visit(&n.Constraints[i].Annotations, place{owner: t.Name, part: n.Name})
			}
		}
	case *EnumType:
		visit(&t.Annotations, at)
		for _, m := range t.Members {
			visit(&m.Annotations, place{owner: t.Name, part: m.Name})
		}
	case *TypeDefinition:
		visit(&t.Annotations, at)
	}
}

func (c *EntityContainer) annotated(visit func(list *Annotations, at place)) {
	visit(&c.Annotations, place{owner: c.Name})
	for _, s := range c.EntitySets {
		visit(&s.Annotations, place{owner: c.Name, part: s.Name})
	}
	for _, s := range c.Singletons {
		visit(&s.Annotations, place{owner: c.Name, part: s.Name})
	}
	for _, i := range c.ActionImports {
		visit(&i.Annotations, place{owner: c.Name, part: i.Name})
	}
	for _, i := range c.FunctionImports {
		visit(&i.Annotations, place{owner: c.Name, part: i.Name})
	}
}

// each calls visit for the annotations in a list and for the annotations on them, at any
// depth.
func (a Annotations) each(visit func(*Annotation)) {
	for _, annotation := range a {
		visit(annotation)
		annotation.Annotations.each(visit)
		annotation.Value.eachAnnotation(visit)
	}
}

func (e *Expression) eachAnnotation(visit func(*Annotation)) {
	if e == nil {
		return
	}
	e.Annotations.each(visit)
	for _, p := range e.Properties {
		p.Annotations.each(visit)
		p.Value.eachAnnotation(visit)
	}
	for _, item := range e.Items {
		item.eachAnnotation(visit)
	}
}
