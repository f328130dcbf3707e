package csdl

import "github.com/callgen/callgen/spec/edm"

func (r *reader) operation(e *element, s *edm.Schema) *edm.Operation {
	o := &edm.Operation{Function: e.tag == "Function", Name: e.qualified(s), Pos: e.pos}
	o.Bound = e.flag("IsBound")
	o.EntitySetPath = e.path("EntitySetPath")
	if o.Function {
		o.Composable = e.flag("IsComposable")
	}
	if result := e.text("ReturnType"); result != "" {
		e.fault("put a <ReturnType> into it", "it is read as a <ReturnType>", "attribute ReturnType of <%s>", e.tag)
		o.Return = &edm.ReturnType{Type: edm.TypeRef{Text: result}, Pos: e.pos}
	}
	e.annotated(&o.Annotations, func(c *element) bool {
		switch c.tag {
		case "Parameter":
			p := &edm.Parameter{Name: c.name(), Type: c.typeRef("Type"), Pos: c.pos}
			c.annotated(&p.Annotations, nil)
			o.Parameters = append(o.Parameters, p)
		case "ReturnType":
			result := &edm.ReturnType{Type: c.typeRef("Type"), Pos: c.pos}
			c.annotated(&result.Annotations, nil)
			if o.Return != nil {
				c.fault("an operation has one", firstHolds, "second <ReturnType>")
			} else {
				o.Return = result
			}
		default:
			return false
		}
		return true
	})
	return o
}

func (r *reader) container(e *element, s *edm.Schema) {
	c := &edm.EntityContainer{Name: edm.QName{Namespace: s.Namespace, Name: e.ofContainer()}, Extends: e.path("Extends"), Pos: e.pos}
	if r.model.Container == nil {
		r.model.Container = c
	} else {
		r.model.More = append(r.model.More, c)
	}
	e.annotated(&c.Annotations, func(child *element) bool {
		switch child.tag {
		case "EntitySet":
			if s := r.entitySet(child); s.Name != "" {
				c.EntitySets = append(c.EntitySets, s)
			}
		case "Singleton":
			if s := r.singleton(child); s.Name != "" {
				c.Singletons = append(c.Singletons, s)
			}
		case "ActionImport":
			if i := r.operationImport(child, "Action"); i.Name != "" {
				c.ActionImports = append(c.ActionImports, i)
			}
		case "FunctionImport":
			if i := r.operationImport(child, "Function"); i.Name != "" {
				c.FunctionImports = append(c.FunctionImports, i)
			}
		default:
			return false
		}
		return true
	})
}

// ofContainer returns the Name of a container, made up for want of one: no request has it.
func (e *element) ofContainer() string {
	const instead = "Container"
	done := "it is read as " + instead
	e.id = e.need("Name", done)
	if e.id == "" || e.identifier("Name", e.id, done) == "" {
		e.id = instead
	}
	return e.id
}

func (r *reader) entitySet(e *element) *edm.EntitySet {
	s := &edm.EntitySet{Name: e.name(), TypeName: e.need("EntityType", leftOut), Pos: e.pos}
	s.IncludeInServiceDocument = e.boolean("IncludeInServiceDocument")
	s.Bindings = r.bindings(e, &s.Annotations)
	return s
}

func (r *reader) singleton(e *element) *edm.Singleton {
	s := &edm.Singleton{Name: e.name(), TypeName: e.need("Type", leftOut), Nullable: e.boolean("Nullable"), Pos: e.pos}
	s.Bindings = r.bindings(e, &s.Annotations)
	return s
}

// bindings reads the content of an entity set or singleton.
func (r *reader) bindings(e *element, list *edm.Annotations) (bindings []edm.Binding) {
	e.annotated(list, func(c *element) bool {
		if c.tag != "NavigationPropertyBinding" {
			return false
		}
		if b := (edm.Binding{Path: c.needPath("Path"), Target: c.needPath("Target"), Pos: c.pos}); b.Path != "" && b.Target != "" {
			bindings = append(bindings, b)
		}
		return true
	})
	return bindings
}

// operationImport reads an ActionImport or FunctionImport. kind is also the attribute that
// names the operation.
func (r *reader) operationImport(e *element, kind string) *edm.OperationImport {
	i := &edm.OperationImport{Name: e.name(), Function: kind == "Function", Written: e.need(kind, leftOut), Pos: e.pos}
	i.EntitySet = e.path("EntitySet")
	if i.Function {
		i.IncludeInServiceDocument = e.boolean("IncludeInServiceDocument")
	}
	e.annotated(&i.Annotations, nil)
	return i
}
