package csdl

import "github.com/callgen/callgen/spec/edm"

func (r *reader) operation(n *node, s *edm.Schema, function bool) *edm.Operation {
	o := &edm.Operation{Function: function, Name: r.qualified(n, s), Pos: n.pos}
	element := o.Name.String()
	o.Bound = r.flag(n, element, "IsBound")
	o.EntitySetPath = n.str("EntitySetPath")
	if function {
		o.Composable = r.flag(n, element, "IsComposable")
	}
	r.done(n, element)
	for _, c := range n.children {
		switch {
		case c.name == "Parameter":
			p := &edm.Parameter{Name: r.identifier(c, element), Pos: c.pos}
			p.Type = r.typeRef(c, element+"/"+p.Name, "Type")
			p.Annotations = r.annotated(c, element+"/"+p.Name)
			o.Parameters = append(o.Parameters, p)
		case c.name == "ReturnType" && o.Return == nil:
			o.Return = &edm.ReturnType{Type: r.typeRef(c, element, "Type"), Pos: c.pos}
			o.Return.Annotations = r.annotated(c, element)
		case r.annotation(c, element, &o.Annotations):
		default:
			r.unknown(c, element)
		}
	}
	return o
}

func (r *reader) container(n *node, s *edm.Schema) *edm.EntityContainer {
	c := &edm.EntityContainer{Name: r.qualified(n, s), Extends: n.str("Extends"), Pos: n.pos}
	element := c.Name.String()
	r.done(n, element)
	for _, child := range n.children {
		switch {
		case child.name == "EntitySet":
			c.EntitySets = append(c.EntitySets, r.entitySet(child, element))
		case child.name == "Singleton":
			c.Singletons = append(c.Singletons, r.singleton(child, element))
		case child.name == "ActionImport":
			c.ActionImports = append(c.ActionImports, r.operationImport(child, element, "Action"))
		case child.name == "FunctionImport":
			c.FunctionImports = append(c.FunctionImports, r.operationImport(child, element, "Function"))
		case r.annotation(child, element, &c.Annotations):
		default:
			r.unknown(child, element)
		}
	}
	return c
}

func (r *reader) entitySet(n *node, container string) *edm.EntitySet {
	s := &edm.EntitySet{Name: r.identifier(n, container), Pos: n.pos}
	element := container + "/" + s.Name
	s.TypeName = r.need(n, element, "EntityType")
	s.IncludeInServiceDocument = r.boolean(n, element, "IncludeInServiceDocument")
	r.bound(n, element, &s.Bindings, &s.Annotations)
	return s
}

func (r *reader) singleton(n *node, container string) *edm.Singleton {
	s := &edm.Singleton{Name: r.identifier(n, container), Pos: n.pos}
	element := container + "/" + s.Name
	s.TypeName = r.need(n, element, "Type")
	s.Nullable = r.boolean(n, element, "Nullable")
	r.bound(n, element, &s.Bindings, &s.Annotations)
	return s
}

// bound reads the navigation property bindings and annotations of a set or singleton.
func (r *reader) bound(n *node, element string, bindings *[]edm.Binding, list *annotations) {
	r.done(n, element)
	for _, c := range n.children {
		switch {
		case c.name == "NavigationPropertyBinding":
			*bindings = append(*bindings, edm.Binding{
				Path: r.need(c, element, "Path"), Target: r.need(c, element, "Target"), Pos: c.pos,
			})
			r.done(c, element)
			r.childless(c, element)
		case r.annotation(c, element, list):
		default:
			r.unknown(c, element)
		}
	}
}

func (r *reader) operationImport(n *node, container, kind string) *edm.OperationImport {
	o := &edm.OperationImport{Name: r.identifier(n, container), Pos: n.pos}
	element := container + "/" + o.Name
	o.Operation = r.need(n, element, kind)
	o.EntitySet = n.str("EntitySet")
	o.IncludeInServiceDocument = r.boolean(n, element, "IncludeInServiceDocument")
	o.Annotations = r.annotated(n, element)
	return o
}
