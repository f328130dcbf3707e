package plan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/spec/edm"
)

// overloads are the actions and functions of one name that are bound to one type:
// one action, or the overloads of a function.
type overloads struct {
	name edm.QName
	list []*edm.Operation
}

// operations plans the requests that operations bound to a type, or a collection of
// it, stand for.
func (r *requests) operations(list *Requests, b *Builder, t *edm.StructuredType, collection bool, path string) {
	for _, o := range r.overloads(t, collection) {
		if isDelta(o, t, collection) {
			b.Methods = append(b.Methods, r.delta(t, o, path))
			continue
		}
		if merged, ok := merge(o.list); ok {
			r.operation(list, b, t, path, merged, "")
			continue
		}
		for _, op := range o.list {
			r.operation(list, b, t, path, op, by(op))
		}
	}
}

func (r *requests) overloads(t *edm.StructuredType, collection bool) []overloads {
	var all []overloads
	for _, op := range r.in.boundTo(t, collection) {
		i := slices.IndexFunc(all, func(o overloads) bool { return o.name == op.Name })
		if i < 0 {
			i = len(all)
			all = append(all, overloads{name: op.Name})
		}
		all[i].list = append(all[i].list, op)
	}
	slices.SortFunc(all, func(a, b overloads) int {
		return cmp.Or(cmp.Compare(a.name.Name, b.name.Name), cmp.Compare(a.name.Namespace, b.name.Namespace))
	})
	for _, o := range all {
		slices.SortFunc(o.list, func(a, b *edm.Operation) int {
			return cmp.Or(cmp.Compare(len(a.Parameters), len(b.Parameters)), cmp.Compare(by(a), by(b)))
		})
	}
	return all
}

// isDelta reports whether an overloaded function gives the changes of a collection.
func isDelta(o overloads, t *edm.StructuredType, collection bool) bool {
	op := o.list[0]
	return collection && op.Function && o.name.Name == "delta" && len(op.Parameters) == 1 &&
		op.Return != nil && op.Return.Type.Collection && op.Return.Type.Type == edm.Type(t)
}

// delta plans the method that ranges over changes. Overloads that take a token are
// what the links of the first one call.
func (r *requests) delta(t *edm.StructuredType, o overloads, path string) *Method {
	op := o.list[0]
	m := &Method{Name: "Delta", Does: Delta, HTTP: "GET", Result: r.entity(t), Source: Source{op.Name.String(), op.Pos}}
	m.Path = []Segment{{Call: &Function{Name: r.segment(op)}}}
	m.Doc = r.requestDoc("Delta ranges over what has changed in the collection.", "GET", under(path, r.segment(op)+"()"), "")
	m.Doc.Deprecated = deprecation(op.Annotations)
	return m
}

// merge makes one operation of overloads whose results are the same and whose
// parameters of one name have the same type: its parameters are those of all of them,
// and which are set decides what is called.
func merge(list []*edm.Operation) (*edm.Operation, bool) {
	if len(list) == 1 {
		return list[0], true
	}
	merged := *list[0]
	merged.Parameters = slices.Clone(merged.Parameters)
	for _, op := range list[1:] {
		if !op.Function || !merged.Function || result(op) != result(&merged) {
			return nil, false
		}
		for _, p := range op.Parameters[1:] {
			i := slices.IndexFunc(merged.Parameters, func(q *edm.Parameter) bool { return q.Name == p.Name })
			switch {
			case i < 0:
				merged.Parameters = append(merged.Parameters, p)
			case merged.Parameters[i].Type.String() != p.Type.String():
				return nil, false
			}
		}
	}
	return &merged, true
}

func result(op *edm.Operation) string {
	if op.Return == nil {
		return ""
	}
	return op.Return.Type.String()
}

// by tells overloads apart that cannot be merged: by the names of their parameters.
func by(op *edm.Operation) string {
	var b strings.Builder
	for i, p := range op.Parameters[1:] {
		if i == 0 {
			b.WriteString("By")
		}
		b.WriteString(names.Pascal(p.Name))
	}
	return b.String()
}

// operation plans the request that an operation stands for.
func (r *requests) operation(list *Requests, b *Builder, t *edm.StructuredType, path string, op *edm.Operation, suffix string) {
	m := &Method{Name: r.operationName(t, op) + suffix, HTTP: "POST", Source: Source{op.Name.String(), op.Pos}}
	parameters := op.Parameters[1:]
	segment := r.segment(op)
	m.Path = []Segment{{Text: segment}}
	if len(parameters) > 0 {
		name := strings.TrimSuffix(b.Name, itemSuffix) + m.Name + parametersSuffix
		list.Parameters = append(list.Parameters, r.parameters(name, b, m, parameters, op))
		m.Args = []Arg{{Name: "p", Type: Type{Name: name}, Pointer: !op.Function}}
	}
	text := segment
	if op.Function {
		m.HTTP = "GET"
		call := &Function{Name: segment}
		var shown []string
		for _, p := range parameters {
			call.Values = append(call.Values, Value{Name: p.Name, Arg: "p", Field: names.Pascal(p.Name)})
			shown = append(shown, p.Name+"={"+p.Name+"}")
		}
		m.Path = []Segment{{Call: call}}
		text += "(" + strings.Join(shown, ",") + ")"
	} else if len(parameters) > 0 {
		m.Body = "p"
	}
	r.returns(m, op)
	m.Doc = r.operationDoc(m, op, under(path, text))
	b.Methods = append(b.Methods, m)
	if to := r.reach.composed(op); to != nil && r.reach.types[to] != nil {
		lead := &Method{Name: m.Name + "Resource", Does: Lead, Path: m.Path, Args: m.Args, Leads: r.leads(to, false), Source: m.Source}
		lead.Doc = Doc{Code: under(path, text), Deprecated: m.Doc.Deprecated}
		lead.Doc.add(lead.Name + " leads on from what [" + b.Name + "." + m.Name + "] returns.")
		b.Methods = append(b.Methods, lead)
	}
}

// segment is how an operation is called in a path. The namespace of the container is
// the default one of the service, and left out.
func (r *requests) segment(op *edm.Operation) string {
	if c := r.in.Model.Container; c != nil && c.Name.Namespace == op.Name.Namespace {
		return op.Name.Name
	}
	return op.Name.String()
}

// operationName is the method for an operation: set apart where a request or another
// part of the type has the name, and by its namespace if that is not the type's.
func (r *requests) operationName(t *edm.StructuredType, op *edm.Operation) string {
	name := names.Pascal(op.Name.Name)
	if op.Name.Namespace != t.Name.Namespace {
		name = names.DefaultType(op.Name)
	}
	if isRequestName(name) || r.partOf(t, name) {
		if op.Function {
			return name + "Function"
		}
		return name + "Action"
	}
	return name
}

// partOf reports whether a property that a builder of a type leads to has a Go name.
func (r *requests) partOf(t *edm.StructuredType, name string) bool {
	for ; t != nil; t = t.Base {
		for _, n := range t.Navigation {
			if navigationName(n.Name) == name {
				return true
			}
		}
		for _, p := range t.Properties {
			if (isStream(p) || r.reach.complexOf(p) != nil) && navigationName(p.Name) == name {
				return true
			}
		}
	}
	return false
}

// returns plans what a request returns.
func (r *requests) returns(m *Method, op *edm.Operation) {
	if op.Return == nil {
		m.Does = Send
		return
	}
	ref := op.Return.Type
	structured, ok := ref.Type.(*edm.StructuredType)
	switch {
	case ok:
		m.Does = Fetch
		if ref.Collection {
			m.Does = Page
		}
		m.Result = r.entity(structured)
	case ref.Name == edm.QName{Namespace: "Edm", Name: "Stream"}:
		m.Does = Open
	default:
		m.Does = Scalar
		m.Result.Type, _ = r.goType(ref, false, false)
		m.Result.Type.Prefix = strings.TrimPrefix(m.Result.Type.Prefix, "*")
	}
}

// parameters plans the struct of an operation's parameters.
func (r *requests) parameters(name string, b *Builder, m *Method, list []*edm.Parameter, op *edm.Operation) *Parameters {
	p := &Parameters{Name: name, Source: Source{op.Name.String(), op.Pos}}
	p.Doc.add(name + " are the parameters of [" + b.Name + "." + m.Name + "].")
	for _, parameter := range list {
		f := &Field{Name: names.Pascal(parameter.Name), JSON: parameter.Name, Doc: r.fieldDoc(parameter.Annotations, parameter.Type)}
		f.Type, f.Holds = r.goType(parameter.Type, false, false)
		if !parameter.Type.IsNullable() && !parameter.Type.Collection && !isOptional(parameter) {
			f.Doc.extend("Required.")
		}
		p.Fields = append(p.Fields, f)
	}
	return p
}

func isOptional(p *edm.Parameter) bool {
	return p.Annotations.Get("Org.OData.Core.V1.OptionalParameter") != nil
}

func (r *requests) operationDoc(m *Method, op *edm.Operation, path string) Doc {
	d := Doc{Code: m.HTTP + " " + path, Deprecated: deprecation(op.Annotations)}
	text := sentence(op.Annotations.Description())
	first, rest, _ := strings.Cut(text, " ")
	switch {
	case text == "":
		d.add(m.Name + " calls " + op.Name.String() + ".")
	case strings.HasSuffix(first, "s") && !strings.HasSuffix(first, "ss"):
		d.add(m.Name + " " + strings.ToLower(first) + " " + rest)
	default:
		d.add(about(m.Name, text))
	}
	d.add(sentence(op.Annotations.LongDescription()))
	if list := scopes(op.Annotations, "OperationRestrictions"); len(list) > 0 {
		d.add("Permissions: " + strings.Join(list, ", ") + ".")
	}
	return d
}
