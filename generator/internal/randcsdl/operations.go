package randcsdl

import (
	"slices"
	"strings"
)

// operation is an unbound action or function, which the container may import.
type operation struct {
	named
	function bool
}

// operations declares actions and functions, bound and unbound.
func (g *maker) operations() {
	for range g.between(0, 5) {
		g.action(true)
	}
	for range g.between(0, 4) {
		g.function(true)
	}
	if g.chance(40) {
		g.action(false)
	}
	if g.chance(40) {
		g.function(false)
	}
}

// action declares an action: bound to up to three types, or unbound.
func (g *maker) action(bound bool) {
	first := g.declare("Action")
	g.fill(first.element, g.parameters(make(map[string]bool)), g.someReturn(30))
	if !bound {
		g.actions = append(g.actions, &operation{named: *first})
		return
	}
	first.element.set("IsBound", "true")
	bindings := []string{g.binding()}
	first.element.Children = slices.Insert(first.element.Children, 0, g.bindingParameter(first.element, bindings[0]))
	for range g.between(0, 2) {
		binding := g.binding()
		if slices.Contains(bindings, binding) {
			continue
		}
		bindings = append(bindings, binding)
		overload := first.of.element.child("Action", "Name", first.name, "IsBound", "true")
		g.fill(overload, g.parameters(make(map[string]bool)), g.someReturn(30))
		overload.Children = slices.Insert(overload.Children, 0, g.bindingParameter(overload, binding))
	}
}

// function declares the overloads of a function, which have the same result and differ in
// the names of their parameters.
func (g *maker) function(bound bool) {
	first := g.declare("Function")
	returns, binding, composable := g.someReturn(0), g.binding(), g.chance(25)
	pool := g.parameters(make(map[string]bool))
	seen := make(map[string]bool)
	element := first.element
	for i := range g.between(1, 3) {
		parameters := g.some(pool)
		id := names(parameters)
		if seen[id] {
			continue
		}
		seen[id] = true
		if i > 0 {
			element = first.of.element.child("Function", "Name", first.name)
		}
		g.fill(element, parameters, returns)
		if composable {
			element.set("IsComposable", "true")
		}
		if bound {
			element.set("IsBound", "true")
			element.Children = slices.Insert(element.Children, 0, g.bindingParameter(element, binding))
		}
	}
	if !bound {
		g.functions = append(g.functions, &operation{named: *first, function: true})
	}
}

// some returns some of a list of parameters.
func (g *maker) some(list []*Element) []*Element {
	var part []*Element
	for _, p := range list {
		if g.chance(60) {
			part = append(part, p.clone())
		}
	}
	return part
}

func names(parameters []*Element) string {
	var list []string
	for _, p := range parameters {
		list = append(list, p.Get("Name"))
	}
	slices.Sort(list)
	return strings.Join(list, ",")
}

// binding returns the type to bind an operation to. It uses no aliases, which would hide
// that two types are the same.
func (g *maker) binding() string {
	t := g.someStructured(g.chance(85))
	if t == nil {
		t = g.someStructured(true)
	}
	return g.collection(t.qualified())
}

// bindingParameter returns the first parameter of a bound operation, with a name unlike
// those of the others.
func (g *maker) bindingParameter(operation *Element, binding string) *Element {
	taken := make(map[string]bool)
	for _, p := range operation.tagged("Parameter") {
		taken[p.Get("Name")] = true
	}
	return elem("Parameter", "Name", g.names.name(taken), "Type", binding)
}

// fill adds parameters and the return type, if any, to an operation.
func (g *maker) fill(operation *Element, parameters []*Element, returns string) {
	operation.add(parameters...)
	if returns != "" {
		operation.child("ReturnType", "Type", returns)
	}
	g.describe(operation)
}

func (g *maker) parameters(taken map[string]bool) []*Element {
	var list []*Element
	for range g.between(0, 4) {
		p := elem("Parameter", "Name", g.names.name(taken), "Type", g.collection(g.parameterType()))
		if g.chance(30) {
			p.set("Nullable", "false")
		}
		g.describe(p)
		list = append(list, p)
	}
	return list
}

func (g *maker) parameterType() string {
	if g.chance(15) {
		return g.refer(&g.someStructured(true).named)
	}
	return g.valueType()
}

// someReturn returns the return type of an operation: none in the given percentage of
// cases.
func (g *maker) someReturn(nothing int) string {
	switch {
	case g.chance(nothing):
		return ""
	case g.chance(10):
		return "Edm.Stream"
	}
	return g.collection(g.parameterType())
}
