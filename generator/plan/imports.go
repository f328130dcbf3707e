package plan

import (
	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/spec/edm"
)

// imports plans the methods of the client for imports of actions and functions, and the
// structs of their parameters.
func (r *requests) imports() ([]*goir.Method, []*goir.Parameters) {
	var methods []*goir.Method
	var structs []*goir.Parameters
	for _, i := range importsOf(r.in) {
		if r.in.Cut[i] || !r.paths.within("/"+i.Name) {
			continue
		}
		for _, o := range names.GroupOverloads(r.in.Model, names.Unbound(r.in.Model, i)) {
			of := func(named, op *edm.Operation) {
				if !r.in.Cut.Offers(op) {
					return
				}
				list, parameters := r.operation(op, r.importOffer(i, named, op))
				for _, m := range list {
					m.Receiver, m.Element, m.Pos = "c", "/"+i.Name, i.Pos
				}
				methods = append(methods, list...)
				if parameters != nil {
					structs = append(structs, parameters)
				}
			}
			if merged, ok := o.Merge(); ok {
				of(o.List[0], merged)
				continue
			}
			for _, op := range o.List {
				of(op, op)
			}
		}
	}
	return methods, structs
}

// importOffer is how an import offers an operation: by its own name, which has no namespace.
func (r *requests) importOffer(i *edm.OperationImport, named, op *edm.Operation) offer {
	name, _ := r.names.Import(i, named)
	o := offer{
		owner: "Client", name: name, segments: []goir.Segment{{Text: i.Name}}, path: "/" + i.Name,
		further:    func() string { return r.names.ImportResource(i, named) },
		parameters: func() string { return r.names.ImportParameters(i, named) },
	}
	if op.Function {
		call, shown := r.arguments(op)
		call.Name, call.Import = i.Name, true
		o.segments, o.path = []goir.Segment{{Call: call}}, o.path+shown
	}
	return o
}
