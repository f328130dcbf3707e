package plan

import (
	"strings"

	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/spec/edm"
)

// operations plans the requests for the operations bound to a type, or to a collection of
// it.
func (r *requests) operations(decls *requestDecls, b *goir.Builder, t *edm.StructuredType, collection bool, path string) {
	for _, o := range names.GroupOverloads(r.in.boundTo(t, collection)) {
		if isDelta(o, t, collection) {
			add(b, r.delta(t, o, path))
			continue
		}
		if _, all := r.names.Operation(o.List[0]); all {
			if merged, ok := o.Merge(); ok {
				r.operation(decls, b, path, o.List[0], merged)
				continue
			}
		}
		for _, op := range o.List {
			r.operation(decls, b, path, op, op)
		}
	}
}

// isDelta reports whether an overloaded function returns the changes of a collection.
func isDelta(o names.Overloads, t *edm.StructuredType, collection bool) bool {
	op := o.List[0]
	return collection && op.Function && o.Name.Name == "delta" && len(op.Parameters) == 1 &&
		op.Return != nil && op.Return.Type.Collection && op.Return.Type.Type == edm.Type(t)
}

// delta plans the method that ranges over changes. Overloads that take a token are called
// through the links that the first one returns.
func (r *requests) delta(t *edm.StructuredType, o names.Overloads, path string) *goir.Method {
	op := o.List[0]
	item, list := r.entity(t)
	name, _ := r.names.Operation(op)
	m := request(goir.Delta, name, item)
	m.Operation, m.HTTP, m.List, m.Element, m.Pos = true, "GET", list, op.Element(), op.Pos
	m.Path = []goir.Segment{{Call: &goir.Function{Name: r.segment(op)}}}
	m.Doc = r.requestDoc(m.Name+" returns the changes in the collection, as an iteration over pages.", "GET", under(path, r.segment(op)+"()"), restriction{})
	m.Doc.Add(sentence(op.Annotations.Description()))
	addOperationTexts(&m.Doc, op)
	m.Doc.Deprecated = deprecation(op.Annotations)
	return m
}

// operation plans the request for an operation. named is the operation that the names are
// made for: the first of the overloads that share one request.
func (r *requests) operation(decls *requestDecls, b *goir.Builder, path string, named, op *edm.Operation) {
	name, _ := r.names.Operation(named)
	kind, item, list := r.returns(op)
	segment := r.segment(op)
	call, text := r.call(op, segment)
	var params []goir.Param
	var parameters *goir.Parameters
	if len(op.Parameters) > 1 {
		parameters = r.parameters(b, name, named, op)
		decls.parameters = append(decls.parameters, parameters)
		params = []goir.Param{{Name: "p", Type: goir.Type{Name: parameters.Name}}}
	}
	m := request(kind, name, item, params...)
	m.Operation, m.List, m.Element, m.Pos, m.Parameters, m.Path = true, list, op.Element(), op.Pos, parameters, call
	switch {
	case op.Function:
		m.HTTP = "GET"
	case parameters != nil:
		m.HTTP, m.Body = "POST", goir.Body{Param: "p", ByAddress: true}
	default:
		m.HTTP = "POST"
	}
	m.Doc = r.operationDoc(m, op, under(path, text))
	add(b, m)
	if to := r.paths.composed(op); to != nil && r.paths.types[to] != nil {
		further := r.navigate(r.names.Resource(named), r.leads(to, false), params...)
		further.Operation, further.Path, further.Element, further.Pos, further.Parameters = true, call, op.Element(), op.Pos, parameters
		further.Doc = goir.Doc{Code: under(path, text), Deprecated: m.Doc.Deprecated}
		further.Doc.Add(further.Name + " returns a builder for the entity that [" + b.Name + "." + m.Name + "] returns.")
		add(b, further)
	}
}

// call returns the path of an operation, and the text that shows it.
func (r *requests) call(op *edm.Operation, segment string) ([]goir.Segment, string) {
	if !op.Function {
		return []goir.Segment{{Text: segment}}, segment
	}
	call := &goir.Function{Name: segment}
	var shown []string
	for _, p := range op.Parameters[1:] {
		call.Values = append(call.Values, goir.Value{Name: p.Name, Param: "p", Field: r.names.Parameter(p)})
		shown = append(shown, p.Name+"={"+p.Name+"}")
	}
	return []goir.Segment{{Call: call}}, segment + "(" + strings.Join(shown, ",") + ")"
}

// segment returns the path segment that calls an operation. The namespace of the container
// is the service's default and is omitted.
func (r *requests) segment(op *edm.Operation) string {
	if c := r.in.Model.Container; c != nil && c.Name.Namespace == op.Name.Namespace {
		return op.Name.Name
	}
	return op.Name.String()
}

// returns plans the result of a request.
func (r *requests) returns(op *edm.Operation) (kind goir.Kind, item goir.Type, list string) {
	if op.Return == nil {
		return goir.Send, goir.Type{}, ""
	}
	ref := op.Return.Type
	structured, ok := ref.Type.(*edm.StructuredType)
	switch {
	case ok:
		kind = goir.Fetch
		if ref.Collection {
			kind = goir.FetchPage
		}
		item, list = r.entity(structured)
	case ref.Name == edm.QName{Namespace: "Edm", Name: "Stream"}:
		kind = goir.Open
	default:
		kind = goir.Scalar
		item, _ = r.goType(ref, false, false)
		item.Prefix = strings.TrimPrefix(item.Prefix, "*")
	}
	return kind, item, list
}

// parameters plans the struct of an operation's parameters.
func (r *requests) parameters(b *goir.Builder, method string, named, op *edm.Operation) *goir.Parameters {
	p := &goir.Parameters{Declared: goir.Declared{Name: r.names.ParametersStruct(named), Element: op.Element(), Type: b.Type, Pos: op.Pos}}
	p.Doc.Add(p.Name + " holds the parameters of [" + b.Name + "." + method + "].")
	for _, parameter := range op.Parameters[1:] {
		f := r.field(parameter.Annotations, parameter.Type, false)
		f.Name, f.JSON, f.Element = r.names.Parameter(parameter), parameter.Name, op.Element()+"/"+parameter.Name
		if !parameter.Type.IsNullable() && !parameter.Type.Collection && !isOptional(parameter) {
			f.Doc.Extend("Required.")
		}
		p.Fields = append(p.Fields, f)
	}
	return p
}

func isOptional(p *edm.Parameter) bool {
	return p.Annotations.Get("Org.OData.Core.V1.OptionalParameter") != nil
}
