package choose

import (
	"slices"
	"strings"

	"github.com/callgen/callgen/spec/edm"
)

// splitCall divides a segment such as report(period={period}) into the name of the operation, with
// its namespace or without, and the names of the parameters, nil for a segment without any.
func splitCall(segment string) (name string, parameters []string) {
	name, list, _ := strings.Cut(strings.TrimSuffix(segment, ")"), "(")
	for p := range strings.SplitSeq(list, ",") {
		if parameter, _, ok := strings.Cut(p, "="); ok {
			parameters = append(parameters, strings.TrimSpace(parameter))
		}
	}
	return name, parameters
}

// boundTo returns the operations that a segment behind values of a type can call. A segment with
// parameters calls those overloads that have them.
func boundTo(m *edm.Model, t *edm.StructuredType, collection bool, segment string) []*edm.Operation {
	name, parameters := splitCall(segment)
	var found []*edm.Operation
	for ; t != nil; t = t.Base {
		for _, op := range m.BoundTo(t, collection) {
			if (op.Name.Name == name || op.Name.String() == name) && (parameters == nil || takes(op, parameters)) {
				found = append(found, op)
			}
		}
	}
	return found
}

// takes reports whether the parameters of an operation have given names.
func takes(op *edm.Operation, names []string) bool {
	all := op.CallParameters()
	return len(all) == len(names) && !slices.ContainsFunc(all, func(p *edm.Parameter) bool { return !slices.Contains(names, p.Name) })
}

// operations returns the ends of a path without wildcards that ends with an operation. Otherwise it
// returns the problem that it is given, unless it knows better.
func (c *closure) operations(path string, cut Cut, problem string) ([]end, string) {
	i := strings.LastIndex(path, "/")
	at, elsewhere := c.follow(path[:i], cut)
	if elsewhere != "" {
		return nil, problem
	}
	var ends []end
	before, step := path[strings.LastIndex(path[:i], "/")+1:i], path[i+1:]
	collection := at.isCollection(before)
	for _, op := range boundTo(c.model, at.to, collection, step) {
		ends = append(ends, called(path, op))
	}
	name, _ := splitCall(step)
	switch {
	case len(ends) > 0:
		return ends, ""
	case len(boundTo(c.model, at.to, collection, name)) > 0:
		return nil, name + " has other parameters: write " + path[:i+1] + name + " for the operation with any"
	case collection && len(boundTo(c.model, at.to, false, name)) > 0:
		return nil, name + " is called on one " + at.to.Name.String() + ": write " + path[:i] + "/{id}/" + step
	case strings.HasPrefix(before, "{") && len(boundTo(c.model, at.to, true, name)) > 0:
		return nil, name + " is called on a collection: write " + strings.TrimSuffix(path[:i], before) + step
	}
	return nil, problem
}

// called returns the end of the path of an operation.
func called(path string, op *edm.Operation) end {
	return end{path: path[:strings.LastIndex(path, "/")+1] + op.Name.Name, element: op}
}

// isCollection reports whether a path that ends with a step addresses a collection.
func (e end) isCollection(step string) bool {
	if strings.HasPrefix(step, "{") {
		return false
	}
	switch of := e.element.(type) {
	case *edm.EntitySet:
		return true
	case *edm.NavigationProperty:
		return of.Type.Collection
	}
	return false
}

// operationRoot chooses what an operation as a root needs: its parameters and its result, but not
// what it is bound to.
func (c *closure) operationRoot(root, path string, op *edm.Operation) {
	if !c.sel.Cut.Offers(op) {
		c.finding("roots", root, "the operation, or a type that it needs, is excluded, too: remove the root or the exclusion")
		return
	}
	if !slices.Contains(c.sel.Paths, path) {
		c.sel.Paths = append(c.sel.Paths, path)
	}
	c.sel.Operations[op] = true
	reason := Reason{How: Root, Name: root}
	for _, p := range op.CallParameters() {
		c.chooseWithDerived(p.Type.Type, reason)
	}
	if op.Return != nil {
		c.chooseWithDerived(op.Return.Type.Type, reason)
	}
}
