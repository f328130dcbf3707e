package redfish

import (
	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/spec/edm"
	"github.com/dave/jennifer/jen"
)

// actions declares the methods for the actions that documents advertise, which are bound to the
// type of their property Actions. The structs of parameters that no request has go into a file.
func (p *planner) actions(file *goir.File) []*goir.Own {
	var list []*goir.Own
	for _, t := range p.Types() {
		s, ok := t.(*edm.StructuredType)
		if !ok || s.Kind != edm.Complex {
			continue
		}
		scope := p.scopeOf(s)
		for _, o := range p.BoundTo(s) {
			ops := o.List
			if merged, ok := o.Merge(); ok {
				ops = []*edm.Operation{merged}
			}
			for i, op := range ops {
				if op.Function {
					continue
				}
				wanted, _ := p.Names().Operation(o.List[i])
				name := scope.Take(op.Element(), wanted, wanted+"Action")
				parameters, planned, doc := p.Called(o.List[i], op, p.Names().Type(s), name)
				if parameters != nil && !planned {
					file.Decls = append(file.Decls, parameters)
				}
				list = append(list, p.action(s, op, name, parameters, doc))
			}
		}
	}
	return list
}

// action is
//
//	func (v *ComputerSystemActions) Reset(ctx context.Context, c *Client, p ComputerSystemResetParameters, opts ...RequestOption) (*ControllerAnswer, error) {
//		return callAction(ctx, c, v, "#ComputerSystem.Reset", &p, opts)
//	}
func (p *planner) action(t *edm.StructuredType, op *edm.Operation, name string, parameters *goir.Parameters, doc goir.Doc) *goir.Own {
	struc, advertised := p.Names().Type(t), "#"+op.Name.Namespace+"."+op.Name.Name
	typ, args, body := "func(context.Context, *Client", []jen.Code{context(), client()}, jen.Nil()
	if parameters != nil {
		typ += ", " + parameters.Name
		args, body = append(args, jen.Id("p").Id(parameters.Name)), jen.Op("&").Id("p")
	}
	d := own(struc, name, typ+", ...RequestOption) (*ControllerAnswer, error)", t, "")
	d.Doc, d.Element, d.Pos = doc, op.Element(), op.Pos
	d.Doc.Code = "POST to the target of " + advertised
	if op.Return != nil {
		if s, ok := op.Return.Type.Type.(*edm.StructuredType); ok && p.Has(s) {
			d.Doc.Add("The answer decodes into a [" + p.Names().Type(s) + "].")
		}
	}
	d.Doc.Add("It is an error if the document does not advertise the action, or not with these values: see [CallAction].")
	d.API[0].Doc, d.API[0].Element = d.Doc, d.Element
	d.Code = func() []jen.Code {
		return []jen.Code{jen.Func().Params(jen.Id("v").Op("*").Id(struc)).Id(name).Params(append(args, options())...).Params(jen.Op("*").Id("ControllerAnswer"), jen.Error()).Block(
			jen.Return(jen.Id("callAction").Call(jen.Id("ctx"), jen.Id("c"), jen.Id("v"), jen.Lit(advertised), body, jen.Id("opts"))))}
	}
	return d
}
