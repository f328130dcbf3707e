package calling

import (
	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/spec/edm"
	"github.com/dave/jennifer/jen"
)

// tracker holds the parts of CallTracker: the state of a call and its result.
type tracker struct {
	call   part     // id, state, result
	more   []string // fields with news beyond the state
	state  string
	result part
	ranks  [][]string
	failed string // constant of the state after which a call may be established again; "" if not selected
	final  string // constant of the final state
}

// stateRanks returns the states of a call in order. States in one rank follow each other in
// any order after the first one: a call is put on hold and taken back.
func stateRanks() [][]string {
	return [][]string{
		{"incoming"}, {"establishing"}, {"ringing"}, {"established", "hold", "transferring", "redirecting"},
		{"transferAccepted"}, {"terminating"}, {"terminated"},
	}
}

// tracker declares CallTracker if calls are selected.
func (p *planner) tracker() []*goir.Own {
	call, ok := p.part("call", "id", "state", "resultInfo")
	result, hasResult := p.part("resultInfo")
	states := p.Enum(namespace + "callState")
	if !ok || !hasResult || states == nil {
		return nil
	}
	t := &tracker{call: call, result: result, state: p.Names().Type(states)}
	for _, property := range []string{"toneInfo", "mediaState"} {
		if c, ok := p.part("call", property); ok {
			t.more = append(t.more, c.fields...)
		}
	}
	known := make(map[string]*edm.Member)
	for _, m := range states.Members {
		known[m.Name] = m
	}
	if known["terminated"] == nil {
		return nil
	}
	t.final = p.Names().Member(known["terminated"])
	if m := known["transferAccepted"]; m != nil {
		t.failed = p.Names().Member(m)
	}
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
	return []*goir.Own{t.typ(), t.constructor(), t.observe(), t.latest()}
}

// own starts a declaration.
func (t *tracker) own(name, kind, parent, typ, doc string, code func() []jen.Code) *goir.Own {
	d := &goir.Own{Declared: goir.Declared{Name: name, Element: t.call.element, Type: t.call.element, Doc: goir.Paragraph(doc)}, Code: code}
	d.API = symbol(name, kind, parent, typ, t.call.element, goir.Doc{})
	return d
}

func (t *tracker) typ() *goir.Own {
	d := t.own("CallTracker", "type", "", "struct",
		"CallTracker keeps the latest state of many calls, whose notifications arrive out of order and more than once. "+
			"A call never goes back to an earlier state, and an ended call stays ended. It is safe for concurrent use.",
		func() []jen.Code {
			return []jen.Code{jen.Type().Id("CallTracker").Struct(jen.Op("*").Id("trackerCore").Types(jen.Id(t.state), t.result.pointer()))}
		})
	d.Doc.Add("When a call is established again because a hold or a transfer has ended or failed, its notification cannot be told from " +
		"a repetition of an earlier one: Observe then returns [ArrivalAmbiguous] and changes nothing. Fetch the call and pass it to " +
		"Observe with a nil event. A restarted bot does the same with the calls that it has.")
	d.Doc.Add("Create one with [NewCallTracker].")
	return d
}

func (t *tracker) constructor() *goir.Own {
	return t.own("NewCallTracker", "function", "CallTracker", "func(int, time.Duration) *CallTracker",
		"NewCallTracker returns a tracker that keeps up to the given number of calls, each for the given time after its last "+
			"notification; 0 means 10,000 calls and 24 hours. It keeps fewer calls if they take more than 4 KiB on average. "+
			"A forgotten call counts as new.",
		func() []jen.Code {
			return []jen.Code{jen.Func().Id("NewCallTracker").Params(jen.Id("most").Int(), jen.Id("maxAge").Qual("time", "Duration")).Op("*").Id("CallTracker").Block(
				jen.Id("rules").Op(":=").Id("trackerRules").Types(jen.Id(t.state)).Values(t.rules()),
				jen.Return(jen.Op("&").Id("CallTracker").Values(jen.Id("newTrackerCore").Types(t.result.pointer()).Call(jen.Id("rules"), jen.Id("most"), jen.Id("maxAge")))),
			)}
		})
}

// rules returns the fields of trackerRules.
func (t *tracker) rules() jen.Dict {
	fields := jen.Dict{
		jen.Id("ranks"): t.rankList(),
		jen.Id("final"): jen.Index().Id(t.state).Values(jen.Id(t.final)),
	}
	if t.failed != "" {
		fields[jen.Id("tentative")] = jen.Index().Id(t.state).Values(jen.Id(t.failed))
	}
	return fields
}

// rankList returns the list of states in order.
func (t *tracker) rankList() *jen.Statement {
	lines := jen.Options{Open: "{", Close: "}", Separator: ",", Multi: true}
	return jen.Index().Index().Id(t.state).CustomFunc(lines, func(g *jen.Group) {
		for _, rank := range t.ranks {
			var states []jen.Code
			for _, constant := range rank {
				states = append(states, jen.Id(constant))
			}
			g.Values(states...)
		}
	})
}

func trackerReceiver() *jen.Statement { return jen.Id("t").Op("*").Id("CallTracker") }

func (t *tracker) observe() *goir.Own {
	id, state, result := t.call.fields[0], t.call.fields[1], t.call.fields[2]
	d := t.own("CallTracker.Observe", "method", "CallTracker", "func(*CallbackEvent, *"+t.call.name+") Arrival",
		"Observe records the state of a call in an event and classifies it: the state of the call has changed only if the result "+
			"is [ArrivalNew]. A deleted call has ended. Calls without an id, or with an id over 1 KiB, are not tracked.",
		func() []jen.Code {
			return []jen.Code{jen.Func().Params(trackerReceiver()).Id("Observe").Params(jen.Id("e").Op("*").Id("CallbackEvent"), jen.Id("call").Add(t.call.pointer())).Id("Arrival").Block(
				jen.If(jen.Id("call").Op("==").Nil()).Block(jen.Return(jen.Id("ArrivalUnknown"))),
				jen.Id("state").Op(":=").Id("call").Dot(state),
				jen.If(jen.Id("e").Dot("deleted").Call()).Block(jen.Id("state").Op("=").Id(t.final)),
				jen.List(jen.Id("result"), jen.Id("size")).Op(":=").Id("trackedDetails").Call(jen.Id("call").Dot(result)),
				jen.Return(jen.Id("t").Dot("observe").Call(jen.Id("observation").Types(jen.Id(t.state), t.result.pointer()).Values(t.observation(id)))),
			)}
		})
	d.Doc.Add("Pass a nil e for a call that was fetched: its state counts, unless a later one is known.")
	return d
}

// observation returns the fields of an observation.
func (t *tracker) observation(id string) jen.Dict {
	fields := jen.Dict{
		jen.Id("id"):      jen.Id("e").Dot("callID").Call(jen.Id("call").Dot(id)),
		jen.Id("state"):   jen.Id("state"),
		jen.Id("details"): jen.Id("result"),
		jen.Id("size"):    jen.Id("size"),
		jen.Id("fetched"): jen.Id("e").Op("==").Nil(),
	}
	var more *jen.Statement
	for _, field := range t.more {
		is := jen.Id("call").Dot(field).Op("!=").Nil()
		if more == nil {
			more = is
			continue
		}
		more = more.Op("||").Add(is)
	}
	if more != nil {
		fields[jen.Id("more")] = more
	}
	return fields
}

func (t *tracker) latest() *goir.Own {
	return t.own("CallTracker.State", "method", "CallTracker", "func(string) ("+t.state+", *"+t.result.name+", bool)",
		"State returns the latest state of the call with the given id, and the result that came with it, which says why a call "+
			"has ended. The result is nil if it was absent or over 16 KiB. State reports false if the call is not tracked.",
		func() []jen.Code {
			return []jen.Code{jen.Func().Params(trackerReceiver()).Id("State").Params(jen.Id("id").String()).
				Params(jen.Id("state").Id(t.state), jen.Id("result").Add(t.result.pointer()), jen.Id("ok").Bool()).
				Block(jen.Return(jen.Id("t").Dot("latest").Call(jen.Id("id"))))}
		})
}
