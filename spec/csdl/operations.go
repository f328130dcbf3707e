package csdl

import "github.com/callgen/callgen/spec/edm"

func (r *reader) operation(e *element, s *edm.Schema) *edm.Operation {
	o := &edm.Operation{Function: e.tag == "Function", Name: e.qualified(s), Pos: e.pos}
	o.Bound = e.flag("IsBound")
	o.EntitySetPath = e.path("EntitySetPath")
	if o.Function {
		o.Composable = e.flag("IsComposable")
	}
	e.annotated(&o.Annotations, func(c *element) bool {
		switch c.tag {
		case "Parameter":
			p := &edm.Parameter{Name: c.name(), Type: c.typeRef("Type"), Pos: c.pos}
			c.annotated(&p.Annotations, nil)
			o.Parameters = append(o.Parameters, p)
		case "ReturnType":
			if o.Return != nil {
				c.finding("second <ReturnType>: an operation has one")
			}
			o.Return = &edm.ReturnType{Type: c.typeRef("Type"), Pos: c.pos}
			c.annotated(&o.Return.Annotations, nil)
		default:
			return false
		}
		return true
	})
	return o
}

func (r *reader) container(e *element, s *edm.Schema) {
	c := &edm.EntityContainer{Name: e.qualified(s), Extends: e.path("Extends"), Pos: e.pos}
	if first := r.model.Container; first != nil {
		e.finding("second <EntityContainer>: a description has one, and %s is at %v", first.Name, first.Pos)
	} else {
		r.model.Container = c
	}
	e.annotated(&c.Annotations, func(child *element) bool {
		switch child.tag {
		case "EntitySet":
			c.EntitySets = append(c.EntitySets, r.entitySet(child))
		case "Singleton":
			c.Singletons = append(c.Singletons, r.singleton(child))
		case "ActionImport":
			c.ActionImports = append(c.ActionImports, r.operationImport(child, "Action"))
		case "FunctionImport":
			c.FunctionImports = append(c.FunctionImports, r.operationImport(child, "Function"))
		default:
			return false
		}
		return true
	})
}

func (r *reader) entitySet(e *element) *edm.EntitySet {
	s := &edm.EntitySet{Name: e.name(), TypeName: e.need("EntityType"), Pos: e.pos}
	s.IncludeInServiceDocument = e.boolean("IncludeInServiceDocument")
	s.Bindings = r.bindings(e, &s.Annotations)
	return s
}

func (r *reader) singleton(e *element) *edm.Singleton {
	s := &edm.Singleton{Name: e.name(), TypeName: e.need("Type"), Nullable: e.boolean("Nullable"), Pos: e.pos}
	s.Bindings = r.bindings(e, &s.Annotations)
	return s
}

// bindings reads what is in an entity set or singleton.
func (r *reader) bindings(e *element, list *edm.Annotations) (bindings []edm.Binding) {
	e.annotated(list, func(c *element) bool {
		if c.tag != "NavigationPropertyBinding" {
			return false
		}
		bindings = append(bindings, edm.Binding{Path: c.needPath("Path"), Target: c.needPath("Target"), Pos: c.pos})
		return true
	})
	return bindings
}

// operationImport reads an ActionImport or FunctionImport: kind is also the
// attribute that names the operation.
func (r *reader) operationImport(e *element, kind string) *edm.OperationImport {
	i := &edm.OperationImport{Name: e.name(), Function: kind == "Function", Written: e.need(kind), Pos: e.pos}
	i.EntitySet = e.path("EntitySet")
	if i.Function {
		i.IncludeInServiceDocument = e.boolean("IncludeInServiceDocument")
	}
	e.annotated(&i.Annotations, nil)
	return i
}
