package edm

import (
	"slices"
	"strings"
)

// noRequest says what happens to an operation that cannot be called.
const noRequest = "it is left out, and gets no request"

// operations removes operations that contradict themselves or each other, and indexes the
// others.
func (l *linker) operations() {
	m := l.m
	m.operations, m.bound = make(map[QName][]*Operation), make(map[binding][]*Operation)
	overloads, left := make(declared), make(map[*Operation]bool)
	for o := range m.Operations() {
		at := place{o.Pos, o.Name, ""}
		if !l.callable(o) {
			left[o] = true
			continue
		}
		if first, ok := overloads.repeats(o.Overload(), o.Pos); ok {
			l.fault(at, "remove one", firstHolds, "duplicate overload: it has the binding type and parameter names of the one at %v", first)
			left[o] = true
			continue
		}
		if len(m.operations[o.Name]) == maxOverloads {
			l.fault(at, "rename or remove some", noRequest, "more than %d overloads", maxOverloads)
			left[o] = true
			continue
		}
		m.operations[o.Name] = append(m.operations[o.Name], o)
		if p := o.Binding(); p != nil {
			key := binding{p.Type.Type, p.Type.Collection}
			m.bound[key] = append(m.bound[key], o)
		}
	}
	if len(left) == 0 {
		return
	}
	isLeft := func(o *Operation) bool { return left[o] }
	for _, s := range m.Schemas {
		s.Actions, s.Functions = slices.DeleteFunc(s.Actions, isLeft), slices.DeleteFunc(s.Functions, isLeft)
	}
}

// callable reports whether the call of an operation is well defined.
func (l *linker) callable(o *Operation) bool {
	at := place{o.Pos, o.Name, ""}
	if o.Bound && len(o.Parameters) == 0 {
		l.fault(at, "the first one is the binding parameter", noRequest, "bound, but without parameters")
		return false
	}
	if p := o.Binding(); p != nil && p.Type.Name.Name == "Untyped" && p.Type.Name.Namespace == "Edm" {
		if p.Type.named() != "Edm.Untyped" { // reported before: the type is undefined
			l.fault(at, "correct the type of the binding parameter", noRequest, "bound to %s, which is undefined", Quote(p.Type.Text))
			return false
		}
	}
	names := make(declared, len(o.Parameters))
	callable := true
	for _, p := range o.Parameters {
		if first, ok := names.repeats(p.Name, p.Pos); ok {
			l.fault(place{p.Pos, o.Name, p.Name}, "remove one", "the operation is left out, and gets no request", "duplicate parameter: first declared at %v", first)
			callable = false
		}
		callable = callable && p.Name != "" // reported before
	}
	return callable
}

// Overload returns what distinguishes an operation from all others: its kind and name, its
// binding, and the names of its other parameters, in any order.
func (o *Operation) Overload() string {
	kind, bound, parameters := "action ", "", o.Parameters
	if o.Function {
		kind = "function "
	}
	if p := o.Binding(); p != nil {
		bound, parameters = p.Type.String(), parameters[1:]
	}
	names := make([]string, len(parameters))
	for i, p := range parameters {
		names[i] = p.Name
	}
	slices.Sort(names)
	return kind + o.Name.String() + "(" + bound + ")" + strings.Join(names, ",")
}
