package calling

import (
	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/spec/edm"
	"github.com/dave/jennifer/jen"
)

// tracker is what CallTracker is made from: the state of a call and its result.
type tracker struct {
	call   part // id, state, result
	state  string
	result part
	ranks  [][]string
	final  string // the constant of the state that no other follows
}

// stateRanks are the states of a call in their order. Those that stand together follow
// each other in any order: a call is put on hold and taken back.
func stateRanks() [][]string {
	return [][]string{
		{"incoming"}, {"establishing"}, {"ringing"}, {"established", "hold", "transferring", "redirecting"},
		{"transferAccepted"}, {"terminating"}, {"terminated"},
	}
}

// rankFunction is the function that orders the states.
const rankFunction = "rankOfCallState"

// tracker declares CallTracker, if calls are selected.
func (p *planner) tracker() []*goir.Own {
	call, ok := p.part("call", "id", "state", "resultInfo")
	result, hasResult := p.part("resultInfo")
	states := p.Enum(namespace + "callState")
	if !ok || !hasResult || states == nil {
		return nil
	}
	t := &tracker{call: call, result: result, state: p.Names().Type(states)}
	known := make(map[string]*edm.Member)
	for _, m := range states.Members {
		known[m.Name] = m
	}
	if known["terminated"] == nil {
		return nil
	}
	t.final = p.Names().Member(known["terminated"])
	for _, rank := range stateRanks() {
		var constants []string
		for _, name := range rank {
			if m := known[name]; m != nil {
				constants = append(constants, p.Names().Member(m))
			}
		}
		if len(constants) > 0 {
			t.ranks = append(t.ranks, constants)
		}
	}
	return []*goir.Own{t.typ(), t.constructor(), t.rank(), t.observe(), t.latest()}
}

// own begins a declaration.
func (t *tracker) own(name, kind, parent, typ, doc string, code func() []jen.Code) *goir.Own {
	d := &goir.Own{Declared: goir.Declared{Name: name, Element: t.call.element, Type: t.call.element, Doc: goir.Paragraph(doc)}, Code: code}
	d.API = symbol(name, kind, parent, typ, t.call.element, goir.Doc{})
	return d
}

func (t *tracker) typ() *goir.Own {
	d := t.own("CallTracker", "type", "", "struct",
		"CallTracker keeps the latest state of each of many calls, whose notifications come out of order and more than once. "+
			"It never goes back to an earlier state, and a call that has ended stays so. It is safe for concurrent use.",
		func() []jen.Code {
			return []jen.Code{jen.Type().Id("CallTracker").Struct(jen.Op("*").Id("trackerCore").Types(jen.Id(t.state), t.result.pointer()))}
		})
	d.Doc.Add("Make one with [NewCallTracker].")
	return d
}

func (t *tracker) constructor() *goir.Own {
	return t.own("NewCallTracker", "function", "CallTracker", "func(int, time.Duration) *CallTracker",
		"NewCallTracker returns a tracker of the most calls given, each for the time given after it was last heard of; "+
			"0 stands for 10,000 calls and for 24 hours. What it has forgotten is new again.",
		func() []jen.Code {
			return []jen.Code{jen.Func().Id("NewCallTracker").Params(jen.Id("most").Int(), jen.Id("maxAge").Qual("time", "Duration")).Op("*").Id("CallTracker").Block(
				jen.Id("rules").Op(":=").Id("trackerRules").Types(jen.Id(t.state)).Values(jen.Dict{
					jen.Id("rank"):  jen.Id(rankFunction),
					jen.Id("final"): jen.Func().Params(jen.Id("s").Id(t.state)).Bool().Block(jen.Return(jen.Id("s").Op("==").Id(t.final))),
				}),
				jen.Return(jen.Op("&").Id("CallTracker").Values(jen.Id("newTrackerCore").Types(t.result.pointer()).Call(jen.Id("rules"), jen.Id("most"), jen.Id("maxAge")))),
			)}
		})
}

// rank declares the function that orders the states.
func (t *tracker) rank() *goir.Own {
	d := t.own(rankFunction, "", "", "", rankFunction+" orders the states of a call; those of one rank follow each other in any order.",
		func() []jen.Code {
			return []jen.Code{jen.Func().Id(rankFunction).Params(jen.Id("s").Id(t.state)).Int().Block(
				jen.Switch(jen.Id("s")).BlockFunc(func(g *jen.Group) {
					for i, rank := range t.ranks {
						var states []jen.Code
						for _, constant := range rank {
							states = append(states, jen.Id(constant))
						}
						g.Case(states...).Block(jen.Return(jen.Lit(i + 1)))
					}
				}),
				jen.Return(jen.Lit(0)),
			)}
		})
	d.API = nil
	return d
}

func trackerReceiver() *jen.Statement { return jen.Id("t").Op("*").Id("CallTracker") }

func (t *tracker) observe() *goir.Own {
	id, state, result := t.call.fields[0], t.call.fields[1], t.call.fields[2]
	return t.own("CallTracker.Observe", "method", "CallTracker", "func(*CallbackEvent, *"+t.call.name+") Arrival",
		"Observe notes what an event says of a call, and returns what that is by order: only at [ArrivalNew] has the "+
			"state of the call changed. A call that is deleted has ended.",
		func() []jen.Code {
			return []jen.Code{jen.Func().Params(trackerReceiver()).Id("Observe").Params(jen.Id("e").Op("*").Id("CallbackEvent"), jen.Id("call").Add(t.call.pointer())).Id("Arrival").Block(
				jen.If(jen.Id("call").Op("==").Nil()).Block(jen.Return(jen.Id("ArrivalUnknown"))),
				jen.Id("state").Op(":=").Id("call").Dot(state),
				jen.If(jen.Id("state").Op("==").Lit("").Op("&&").Id("e").Dot("deleted").Call()).Block(jen.Id("state").Op("=").Id(t.final)),
				jen.Return(jen.Id("t").Dot("observe").Call(
					jen.Id("e").Dot("callID").Call(jen.Id("call").Dot(id)), jen.Id("state"), jen.Id("Clone").Call(jen.Id("call").Dot(result)))),
			)}
		})
}

func (t *tracker) latest() *goir.Own {
	return t.own("CallTracker.State", "method", "CallTracker", "func(string) ("+t.state+", *"+t.result.name+", bool)",
		"State returns the latest state of the call with an id, and the result that came with it, which says why a call "+
			"has ended; it is nil if none came. State reports false if nothing is known of the call.",
		func() []jen.Code {
			return []jen.Code{jen.Func().Params(trackerReceiver()).Id("State").Params(jen.Id("id").String()).
				Params(jen.Id("state").Id(t.state), jen.Id("result").Add(t.result.pointer()), jen.Id("ok").Bool()).
				Block(jen.Return(jen.Id("t").Dot("latest").Call(jen.Id("id"))))}
		})
}
