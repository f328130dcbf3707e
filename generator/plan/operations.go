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
	for _, o := range names.GroupOverloads(r.in.Model, r.in.boundTo(t, collection)) {
		for _, op := range o.List {
			r.offered[op] = true
		}
		if isDelta(o, t) {
			r.add(b, r.delta(t, o, path))
			continue
		}
		of := func(named, op *edm.Operation) {
			name, _ := r.names.Operation(named)
			segments, text := r.call(op)
			methods, parameters := r.operation(op, offer{
				owner: b.Name, ownerType: b.Type, name: name, segments: segments, path: under(path, text),
				further:    func() string { return r.names.Resource(named) },
				parameters: func() string { return r.names.ParametersStruct(named) },
			})
			if parameters != nil && !r.structs[parameters.Name] {
				r.structs[parameters.Name] = true
				decls.parameters = append(decls.parameters, parameters)
			}
			r.add(b, methods...)
		}
		if _, all := r.names.Operation(o.List[0]); all {
			if merged, ok := o.Merge(); ok {
				of(o.List[0], merged)
				continue
			}
		}
		for _, op := range o.List {
			of(op, op)
		}
	}
}

// singleOperations plans the operations of a type that is not selected, and of its base types,
// that are wanted by themselves.
func (r *requests) singleOperations(decls *requestDecls, b *goir.Builder, t *edm.StructuredType, collection bool, path string) {
	for ; t != nil && !r.in.Has(t); t = t.Base {
		r.operations(decls, b, t, collection, path)
	}
}

// isDelta reports whether an overloaded function returns the changes of a collection, or of what is
// below an entity of the same type: a folder of a drive.
func isDelta(o names.Overloads, t *edm.StructuredType) bool {
	op := o.List[0]
	return op.Function && o.Name.Name == "delta" && len(op.Parameters) == 1 &&
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
	where := "in the collection"
	if !op.Binding().Type.Collection {
		where = "below the entity"
	}
	m.Doc = r.requestDoc(m.Name+" returns the changes "+where+", as an iteration over pages.", "GET", under(path, r.shownOperation(op)+"()"), restriction{})
	m.Doc.Add(sentence(op.Annotations.Description()))
	addOperationTexts(&m.Doc, op)
	m.Doc.Deprecated = deprecation(op.Annotations)
	return m
}

// offer is where an operation is offered, and how: bound to what a builder is for, or by an
// import of the container.
type offer struct {
	owner, ownerType string        // the builder or client
	name             string        // of the method,
	further          func() string // the name of the one that goes on from the result,
	parameters       func() string // and of the struct of parameters
	segments         []goir.Segment
	path             string // as it is shown
}

// operation plans the requests that an operation stands for, and the struct of its parameters.
func (r *requests) operation(op *edm.Operation, o offer) ([]*goir.Method, *goir.Parameters) {
	kind, item, list := r.returns(op)
	var params []goir.Param
	var parameters *goir.Parameters
	if len(op.CallParameters()) > 0 {
		parameters = r.parameters(op, o)
		params = []goir.Param{{Name: "p", Type: goir.Type{Name: parameters.Name}}}
	}
	m := request(kind, o.name, item, params...)
	m.Operation, m.List, m.Element, m.Pos, m.Parameters, m.Path = true, list, op.Element(), op.Pos, parameters, o.segments
	switch {
	case op.Function:
		m.HTTP = "GET"
	case parameters != nil:
		m.HTTP, m.Body = "POST", goir.Body{Param: "p", ByAddress: true}
	default:
		m.HTTP = "POST"
	}
	m.Doc = r.operationDoc(m, op, r.shown(o.path))
	to := r.paths.composed(op)
	if to == nil || r.paths.types[to] == nil {
		return []*goir.Method{m}, parameters
	}
	collection := op.Return.Type.Collection
	further := r.navigate(o.further(), r.leads(to, collection), params...)
	further.Operation, further.Path, further.Element, further.Pos, further.Parameters = true, o.segments, op.Element(), op.Pos, parameters
	further.Doc = goir.Doc{Code: r.shown(o.path), Deprecated: m.Doc.Deprecated}
	what := "entity"
	if collection {
		what = "collection"
	} else if to.Kind == edm.Complex {
		what = "value"
	}
	further.Doc.Add(further.Name + " returns a builder for the " + what + " that [" + o.owner + "." + m.Name + "] returns.")
	return []*goir.Method{m, further}, parameters
}

// call returns the path of a bound operation, and how it is shown.
func (r *requests) call(op *edm.Operation) ([]goir.Segment, string) {
	if !op.Function {
		return []goir.Segment{{Op: r.segment(op)}}, r.shownOperation(op)
	}
	call, shown := r.arguments(op)
	call.Name = r.segment(op)
	return []goir.Segment{{Call: call}}, r.shownOperation(op) + shown
}

// arguments returns the call of a function but for its name, and how it is shown.
func (r *requests) arguments(op *edm.Operation) (*goir.Function, string) {
	call := new(goir.Function)
	var shown []string
	for _, p := range op.CallParameters() {
		call.Values = append(call.Values, goir.Value{Name: p.Name, Param: "p", Field: r.names.Parameter(p)})
		shown = append(shown, p.Name+"={"+p.Name+"}")
	}
	return call, "(" + strings.Join(shown, ",") + ")"
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
func (r *requests) parameters(op *edm.Operation, o offer) *goir.Parameters {
	p := &goir.Parameters{Declared: goir.Declared{Name: o.parameters(), Element: op.Element(), Type: o.ownerType, Pos: op.Pos}}
	p.Doc.Add(p.Name + " holds the parameters of [" + o.owner + "." + o.name + "].")
	for _, parameter := range op.CallParameters() {
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
