package csdl

import (
	"slices"

	"github.com/callgen/callgen/spec/edm"
)

func (r *reader) external(n *node) *edm.AnnotationTarget {
	t := &edm.AnnotationTarget{Target: r.need(n, "", "Target"), Qualifier: n.str("Qualifier"), Pos: n.pos}
	r.done(n, t.Target)
	for _, c := range n.children {
		if !r.annotation(c, t.Target, (*annotations)(&t.Annotations)) {
			r.unknown(c, t.Target)
		}
	}
	return t
}

// annotation reads n into the list if it is an Annotation, and reports whether it is.
func (r *reader) annotation(n *node, element string, list *annotations) bool {
	if n.name != "Annotation" {
		return false
	}
	a := &edm.Annotation{Term: r.need(n, element, "Term"), Qualifier: n.str("Qualifier"), Pos: n.pos}
	a.Value = r.value(n, element, &a.Annotations)
	*list = append(*list, a)
	return true
}

// constants are the kinds of expression that are a text: as an attribute of what
// they are the value of, or as an element of their own.
var constants = []string{
	"Binary", "Bool", "Date", "DateTimeOffset", "Decimal", "Duration", "EnumMember", "Float", "Guid", "Int",
	"String", "TimeOfDay", "AnyPropertyPath", "AnnotationPath", "ModelElementPath", "NavigationPropertyPath",
	"PropertyPath", "Path", "UrlRef", "LabeledElementReference",
}

// operators are the kinds of expression that are made of others.
var operators = []string{
	"Apply", "Collection", "And", "Or", "Not", "Eq", "Ne", "Gt", "Ge", "Lt", "Le", "Has", "In",
	"Add", "Sub", "Neg", "Mul", "Div", "DivBy", "Mod", "If", "Cast", "IsOf", "LabeledElement", "Null", "UrlRef",
}

// value reads the expression that an Annotation or PropertyValue has: one attribute
// or one child element, or none.
func (r *reader) value(n *node, element string, list *annotations) *edm.Expression {
	var found *edm.Expression
	set := func(e *edm.Expression) {
		if found != nil {
			r.findings.Add(e.Pos, element, "the %s has a second value", n.name)
		}
		found = e
	}
	for _, kind := range constants {
		if text, ok := n.take(kind); ok {
			set(&edm.Expression{Kind: kind, Value: text, Attribute: true, Pos: n.pos})
		}
	}
	r.done(n, element)
	for _, c := range n.children {
		if !r.annotation(c, element, list) {
			set(r.expression(c, element))
		}
	}
	return found
}

// expression reads an expression in element notation.
func (r *reader) expression(n *node, element string) *edm.Expression {
	e := &edm.Expression{Kind: n.name, Pos: n.pos}
	switch {
	case n.name == "Record":
		e.Type = n.str("Type")
		r.record(n, element, e)
		return e
	case slices.Contains(operators, n.name) && (n.name != "UrlRef" || len(n.children) > 0):
		r.operator(n, element, e)
	case slices.Contains(constants, n.name):
		e.Value = n.text
		e.Annotations = r.annotated(n, element)
	default:
		r.unknown(n, element)
	}
	return e
}

func (r *reader) record(n *node, element string, e *edm.Expression) {
	r.done(n, element)
	for _, c := range n.children {
		switch {
		case c.name == "PropertyValue":
			v := &edm.PropertyValue{Property: r.need(c, element, "Property"), Pos: c.pos}
			v.Value = r.value(c, element, &v.Annotations)
			e.Properties = append(e.Properties, v)
		case r.annotation(c, element, &e.Annotations):
		default:
			r.unknown(c, element)
		}
	}
}

// operator reads an expression whose operands are expressions. Operands may also
// stand as attributes of Cast, IsOf and LabeledElement.
func (r *reader) operator(n *node, element string, e *edm.Expression) {
	e.Type = n.str("Type")
	e.Name = n.str("Name") + n.str("Function")
	for _, facet := range []string{"MaxLength", "Precision", "Scale", "SRID", "Unicode"} {
		if text, ok := n.take(facet); ok {
			e.Facets = append(e.Facets, facet+"="+text)
		}
	}
	for _, kind := range constants {
		if text, ok := n.take(kind); ok {
			e.Items = append(e.Items, &edm.Expression{Kind: kind, Value: text, Attribute: true, Pos: n.pos})
		}
	}
	r.done(n, element)
	for _, c := range n.children {
		if !r.annotation(c, element, &e.Annotations) {
			e.Items = append(e.Items, r.expression(c, element))
		}
	}
}
