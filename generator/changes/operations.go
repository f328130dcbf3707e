package changes

import (
	"maps"
	"slices"
	"strings"

	"github.com/callgen/callgen/spec/edm"
)

// operations compares actions and functions. Overloads with the same name and binding count
// as one element.
func (f *facts) operations() {
	prev, next := f.operationsOf(f.prev), f.operationsOf(f.next)
	all := maps.Clone(prev)
	maps.Copy(all, next)
	for _, element := range keys(all) {
		was, is := prev[element], next[element]
		first := all[element][0]
		a := at{operationKind(first), element, first.Pos}
		switch {
		case len(was) == 0:
			f.note(a, Fact{What: factAdded, New: overloadList(is)})
		case len(is) == 0:
			f.note(a, Fact{What: factRemoved, Old: overloadList(was)})
		default:
			f.overloads(a, was, is)
		}
		for _, op := range slices.Concat(was, is) {
			f.lead(element, operationTypes(op)...)
		}
	}
}

// operationsOf returns the operations of a side whose binding type is in either package, or
// that are wanted by themselves, by their names in reports.
func (f *facts) operationsOf(s Side) map[string][]*edm.Operation {
	all := make(map[string][]*edm.Operation)
	for op := range s.Model.Operations() {
		b := op.Binding()
		if s.Cut.Offers(op) && (b == nil && s.Paths == nil || b != nil && (f.holds(b.Type.Name) || s.Operations[op])) {
			element := op.Element()
			all[element] = append(all[element], op)
		}
	}
	return all
}

// holds reports whether a type is in either package.
func (f *facts) holds(name edm.QName) bool {
	return f.prev.holds(f.prev.Model.Type(name)) || f.next.holds(f.next.Model.Type(name))
}

func operationKind(op *edm.Operation) string {
	if op.Function {
		return "function"
	}
	return "action"
}

// operationTypes returns the type references of an operation, except for its binding.
func operationTypes(op *edm.Operation) []edm.TypeRef {
	var list []edm.TypeRef
	for _, p := range parameters(op) {
		list = append(list, p.Type)
	}
	if op.Return != nil {
		list = append(list, op.Return.Type)
	}
	return list
}

// parameters returns the parameters of an operation without the binding parameter.
func parameters(op *edm.Operation) []*edm.Parameter {
	if op.Binding() != nil {
		return op.Parameters[1:]
	}
	return op.Parameters
}

// overloads compares overloads. Those with the same parameters are paired; so are the last
// two if only these are left.
func (f *facts) overloads(a at, prev, next []*edm.Operation) {
	var left []*edm.Operation
	for _, o := range prev {
		i := slices.IndexFunc(next, func(n *edm.Operation) bool { return n.Overload() == o.Overload() })
		if i < 0 {
			left = append(left, o)
			continue
		}
		f.operation(a, o, next[i])
		next = slices.Delete(slices.Clone(next), i, i+1)
	}
	if len(left) == 1 && len(next) == 1 {
		f.operation(a, left[0], next[0])
		return
	}
	for _, o := range left {
		f.note(a, Fact{What: "overload removed", Old: signature(o)})
	}
	for _, n := range next {
		f.note(a, Fact{What: "overload added", New: signature(n)})
	}
}

func (f *facts) operation(a at, prev, next *edm.Operation) {
	f.differs(a, "kind", operationKind(prev), operationKind(next))
	f.differs(a, "result", resultOf(prev), resultOf(next))
	f.differsBool(a, "composable", prev.Composable, next.Composable)
	f.annotations(a, prev.Annotations, next.Annotations)
	was, is := byName(parameters(prev)), byName(parameters(next))
	for _, name := range keys(was) {
		if is[name] == nil {
			f.note(at{"parameter", a.element + "/" + name, was[name].Pos}, Fact{What: factRemoved, Old: useOf(was[name].Type)})
		}
	}
	for _, name := range keys(is) {
		p, before := is[name], was[name]
		at := at{"parameter", a.element + "/" + name, p.Pos}
		if before == nil {
			f.note(at, Fact{What: factAdded, New: useOf(p.Type)})
			continue
		}
		f.typeRef(at, before.Type, p.Type)
		f.annotations(at, before.Annotations, p.Annotations)
	}
}

func byName(list []*edm.Parameter) map[string]*edm.Parameter {
	all := make(map[string]*edm.Parameter)
	for _, p := range list {
		all[p.Name] = p
	}
	return all
}

func resultOf(op *edm.Operation) string {
	if op.Return == nil {
		return ""
	}
	return useOf(op.Return.Type)
}

// signature returns an overload as shown in reports: (a: Edm.String) Edm.Int32.
func signature(op *edm.Operation) string {
	var list []string
	for _, p := range parameters(op) {
		list = append(list, p.Name+": "+p.Type.String())
	}
	return strings.TrimSpace("(" + strings.Join(list, ", ") + ") " + resultOf(op))
}

func overloadList(list []*edm.Operation) string {
	var all []string
	for _, op := range list {
		all = append(all, signature(op))
	}
	return strings.Join(all, "; ")
}
