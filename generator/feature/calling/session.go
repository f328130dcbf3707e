package calling

import (
	"slices"

	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/spec/edm"
	"github.com/dave/jennifer/jen"
)

// sessionType is the type that has the actions of a call.
const sessionType = "CallSession"

// sessions plans what call sessions need of the description: the Go of what the runtime calls by
// the names of package model, and a method for each action on a call. It reports false if the
// selection lacks something, such as the parts of a roster, or has no requests for calls.
func (p *planner) sessions() (model map[string]string, methods *goir.File, ok bool) {
	call, operation := p.Structured(namespace+"call"), p.Structured(namespace+"commsOperation")
	state := p.Enum(namespace + "callState")
	result, hasResult := p.part("resultInfo")
	participant, hasParticipant := p.part("participant")
	if call == nil || operation == nil || state == nil || !hasResult || !hasParticipant || !p.HasRequests(call) ||
		p.tracker() == nil || p.roster() == nil {
		return nil, nil, false
	}
	tone := "string"
	if t := p.Enum(namespace + "tone"); t != nil {
		tone = p.Names().Type(t)
	}
	model = map[string]string{
		"Call": p.Names().Type(call), "CallState": p.Names().Type(state), "ResultInfo": result.name, "Participant": participant.name,
		"Operation": p.Value(operation).String(), "Tone": tone,
		"Roster": "Roster", "NewRoster": "NewRoster", "CallTracker": "CallTracker", "NewCallTracker": "NewCallTracker",
		"DecodeNotifications": "decodeNotifications", "UnmarshalAny": "UnmarshalAny",
	}
	methods = &goir.File{Name: "sessions"}
	for _, m := range p.actions(call, operation) {
		methods.Decls = append(methods.Decls, m)
	}
	return model, methods, true
}

// action is an action on a call, as a method of its session.
type action struct {
	name    string
	op      *edm.Operation
	struc   string              // of its parameters; "" without
	context string              // the field for its clientContext; "" without
	returns *edm.StructuredType // the operation that it begins; nil without
}

// actions declares the methods for the actions on a call. Keeping it alive is the session's own.
func (p *planner) actions(call, operation *edm.StructuredType) []*goir.Own {
	var list []*goir.Own
	scope := names.NewScope("the session", slices.Concat(p.Members(sessionType), p.Members("callFunctions"))...)
	for _, o := range p.BoundTo(call) {
		ops := o.List
		if merged, ok := o.Merge(); ok {
			ops = []*edm.Operation{merged}
		}
		for i, op := range ops {
			named := o.List[i]
			if op.Function || op.Name.Name == "keepAlive" {
				continue
			}
			name, _ := p.Names().Operation(named)
			a := action{name: scope.Take(op.Element(), name), op: op}
			if len(op.Parameters) > 1 {
				a.struc = p.Names().ParametersStruct(named)
			}
			for _, parameter := range op.Parameters[1:] {
				if parameter.Name == "clientContext" {
					a.context = p.Names().Parameter(parameter)
				}
			}
			if op.Return != nil {
				a.returns, _ = op.Return.Type.Type.(*edm.StructuredType)
				if a.returns == nil || op.Return.Type.Collection || !isOrDerives(a.returns, operation) {
					continue
				}
			}
			list = append(list, p.action(call, a, name))
		}
	}
	return list
}

// isOrDerives reports whether a type is another one or derives from it.
func isOrDerives(t, from *edm.StructuredType) bool {
	for ; t != nil; t = t.Base {
		if t == from {
			return true
		}
	}
	return false
}

// action is
//
//	func (s *CallSession) PlayPrompt(ctx context.Context, p CallPlayPromptParameters, opts ...RequestOption) (CallOperation[*PlayPromptOperation], error) {
//		return typedOperation[*PlayPromptOperation](s.begin(ctx, "playPrompt", "microsoft.graph.playPromptOperation", &p, &p.ClientContext, opts))
//	}
func (p *planner) action(call *edm.StructuredType, a action, request string) *goir.Own {
	doc := a.name + " makes the request of [" + p.Names().Builder(call, false) + "." + request + "] in the session, which saves its intent before"
	typ := "func(context.Context"
	if a.struc != "" {
		typ += ", " + a.struc
	}
	typ += ", ...RequestOption) "
	var value goir.Type
	if a.returns != nil {
		value = p.Value(a.returns)
		doc += ", and returns an operation that completes."
		typ += "(CallOperation[" + value.String() + "], error)"
	} else {
		doc += "."
		typ += "error"
	}
	of := a.op.Element()
	d := &goir.Own{Declared: goir.Declared{Name: a.name, Element: of, Type: call.Name.String(), Pos: a.op.Pos, Doc: goir.Paragraph(doc)}}
	d.API = symbol(sessionType+"."+a.name, "method", "", typ, of, d.Doc)
	d.Code = func() []jen.Code { return []jen.Code{a.code(value)} }
	return d
}

func (a action) code(value goir.Type) *jen.Statement {
	params := []jen.Code{jen.Id("ctx").Qual("context", "Context")}
	body, context := jen.Nil(), jen.Nil()
	if a.struc != "" {
		params = append(params, jen.Id("p").Id(a.struc))
		body = jen.Op("&").Id("p")
	}
	if a.context != "" {
		context = jen.Op("&").Id("p").Dot(a.context)
	}
	params = append(params, jen.Id("opts").Op("...").Id("RequestOption"))
	f := jen.Func().Params(jen.Id("s").Op("*").Id(sessionType)).Id(a.name).Params(params...)
	if a.returns == nil {
		return f.Error().Block(jen.Return(jen.Id("s").Dot("act").Call(jen.Id("ctx"), jen.Lit(a.op.Name.Name), body, jen.Id("opts"))))
	}
	typed := func() *jen.Statement { return jen.Op(value.Prefix).Id(value.Name) }
	return f.Params(jen.Id("CallOperation").Types(typed()), jen.Error()).Block(
		jen.Return(jen.Id("typedOperation").Types(typed()).Call(
			jen.Id("s").Dot("begin").Call(jen.Id("ctx"), jen.Lit(a.op.Name.Name), jen.Lit(a.returns.Name.String()), body, context, jen.Id("opts")))))
}
