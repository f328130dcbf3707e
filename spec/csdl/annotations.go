package csdl

import (
	"math"
	"strconv"
	"strings"

	"github.com/callgen/callgen/spec/edm"
)

// external reads an Annotations element.
func (r *reader) external(e *element) *edm.AnnotationTarget {
	t := &edm.AnnotationTarget{Target: e.need("Target", leftOut), Qualifier: e.qualifier(), Pos: e.pos}
	e.id = t.Target
	e.children(func(c *element) bool {
		if c.tag != "Annotation" {
			return false
		}
		a := r.annotation(c)
		a.External = true
		if t.Qualifier != "" {
			if a.Qualifier != "" {
				c.fault("remove one", "the one on <Annotations> is used", "Qualifier is stated here and on <Annotations>")
			}
			a.Qualifier = t.Qualifier
		}
		if a.Written != "" {
			t.Annotations = append(t.Annotations, a)
		}
		return true
	})
	return t
}

// annotation reads an Annotation. It returns nil if the annotation has no term and is left
// out.
func (r *reader) annotation(e *element) *edm.Annotation {
	a := &edm.Annotation{Written: e.need("Term", leftOut), Pos: e.pos}
	e.id = a.Written
	if a.Written != "" && !edm.IsNamespace(a.Written) {
		e.fault("use a namespace or alias, a dot and a name", leftOut, "Term %s is not a qualified name", edm.Quote(a.Written))
		a.Written = ""
	}
	a.Qualifier = e.qualifier()
	a.Value = r.value(e, &a.Annotations)
	return a
}

// value reads the expression of an Annotation or PropertyValue: as an attribute, as an
// element, or absent.
func (r *reader) value(e *element, list *edm.Annotations) *edm.Expression {
	items := r.operands(e, list)
	switch {
	case len(items) == 0:
		return nil
	case len(items) > 1:
		e.fault("it can have one", firstHolds, "<%s> has %d values", e.tag, len(items))
	}
	return items[0]
}

// operands reads the expressions in an element, starting with those given as attributes.
func (r *reader) operands(e *element, list *edm.Annotations) (items []*edm.Expression) {
	rest := e.attrs[:0]
	for _, a := range e.attrs {
		if !isText(a.Name.Local) {
			rest = append(rest, a)
			continue
		}
		item := &edm.Expression{Kind: a.Name.Local, Value: a.Value, Attribute: true, Pos: e.pos}
		e.checkConstant(item)
		items = append(items, item)
	}
	e.attrs = rest
	e.annotated(list, func(c *element) bool {
		item := r.expression(c)
		if item != nil {
			items = append(items, item)
		}
		return item != nil
	})
	return items
}

// isText reports whether an expression is a constant or a path, which can also be an
// attribute of the enclosing element.
func isText(kind string) bool {
	switch kind {
	case "Binary", "Bool", "Date", "DateTimeOffset", "Decimal", "Duration", "EnumMember", "Float", "Guid", "Int",
		"String", "TimeOfDay", "AnnotationPath", "AnyPropertyPath", "ModelElementPath", "NavigationPropertyPath",
		"PropertyPath", "Path", "LabeledElementReference", "UrlRef":
		return true
	}
	return false
}

// arity returns the number of operands that an operator takes.
func arity(kind string) (least, most int, ok bool) {
	switch kind {
	case "Null":
		return 0, 0, true
	case "Not", "Neg", "Cast", "IsOf", "LabeledElement", "UrlRef":
		return 1, 1, true
	case "And", "Or", "Eq", "Ne", "Gt", "Ge", "Lt", "Le", "Has", "In", "Add", "Sub", "Mul", "Div", "DivBy", "Mod":
		return 2, 2, true
	case "If":
		return 2, 3, true
	case "Apply", "Collection":
		return 0, math.MaxInt, true
	}
	return 0, 0, false
}

// expression reads an expression in element notation. It returns nil for any other element.
func (r *reader) expression(e *element) *edm.Expression {
	x := &edm.Expression{Kind: e.tag, Pos: e.pos}
	least, most, made := arity(e.tag)
	switch {
	case e.tag == "Record":
		r.record(e, x)
	case made:
		r.operator(e, x)
		if n := len(x.Items); n < least || n > most {
			e.fault("correct it", "it is read as it is", "<%s> takes %s operands, not %d", e.tag, amount(least, most), n)
		}
	case isText(e.tag):
		var text strings.Builder
		e.content(nil, &text)
		x.Value = text.String()
		e.checkConstant(x)
	default:
		return nil
	}
	return x
}

func amount(least, most int) string {
	if least == most {
		return strconv.Itoa(least)
	}
	return strconv.Itoa(least) + " to " + strconv.Itoa(most)
}

func (r *reader) record(e *element, x *edm.Expression) {
	x.Type = e.path("Type")
	e.annotated(&x.Annotations, func(c *element) bool {
		if c.tag != "PropertyValue" {
			return false
		}
		v := &edm.PropertyValue{Property: c.need("Property", leftOut), Pos: c.pos}
		c.id = v.Property
		v.Property = c.identifier("Property", v.Property, leftOut)
		v.Value = r.value(c, &v.Annotations)
		if v.Property != "" {
			x.Properties = append(x.Properties, v)
		}
		return true
	})
}

// operator reads an expression with operands.
func (r *reader) operator(e *element, x *edm.Expression) {
	switch e.tag {
	case "Apply":
		x.Name = e.needPath("Function")
	case "LabeledElement":
		x.Name = e.identifier("Name", e.need("Name", passedOver), passedOver)
	case "Cast", "IsOf":
		x.Type = e.need("Type", passedOver)
		x.Facets = new(edm.TypeRef)
		e.facets(x.Facets)
	}
	x.Items = r.operands(e, &x.Annotations)
}

// checkConstant trims and checks constants that are used in calculations. White space is
// significant only in a String.
func (e *element) checkConstant(x *edm.Expression) {
	if x.Kind != "String" && !x.Attribute {
		x.Value = strings.TrimSpace(x.Value)
	}
	switch x.Kind {
	case "Bool":
		if x.Value != "true" && x.Value != "false" {
			e.fault("a Boolean is true or false", "it is read as it is", "Bool is %s", edm.Quote(x.Value))
		}
	case "Int":
		if _, err := strconv.ParseInt(x.Value, 10, 64); err != nil {
			e.fault("an integer of at most 64 bits is needed", "it is read as it is", "Int is %s", edm.Quote(x.Value))
		}
	}
}
